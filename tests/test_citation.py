"""The BibTeX entry that readers copy says what CITATION.cff says."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def test_the_entry_in_bibtex_is_that_of_the_citation_file() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "explanation" / "misuse.md").read_text(encoding="utf-8")
    (entry,) = re.findall(r"```bibtex\n(.*?)```", page, re.DOTALL)
    found = dict(re.findall(r"^  (\w+) += \{+(.*?)\}+,?$", entry, re.MULTILINE))
    assert {key: found[key] for key in ("author", "title", "version", "year")} == {
        "author": " and ".join(author["name"] for author in cited["authors"]),
        "title": cited["title"],
        "version": cited["version"],
        "year": str(cited["date-released"].year),
    }
    assert "://" not in entry
