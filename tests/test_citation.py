"""The citation file says what is so of this version, and the BibTeX entry that readers copy says the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from sim.scenario import load_thesis, thesis_names

ROOT = Path(__file__).parents[1]
CITED = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_entry_in_bibtex_is_that_of_the_citation_file() -> None:
    page = (ROOT / "docs" / "explanation" / "misuse.md").read_text(encoding="utf-8")
    (entry,) = re.findall(r"```bibtex\n(.*?)```", page, re.DOTALL)
    found = dict(re.findall(r"^  (\w+) += \{+(.*?)\}+,?$", entry, re.MULTILINE))
    released = CITED.get("date-released")
    wanted = {
        "author": " and ".join(author["name"] for author in CITED["authors"]),
        "title": CITED["title"],
        "version": CITED["version"],
    } | ({"year": str(released.year)} if released else {})
    assert {key: value for key, value in found.items() if key != "note"} == wanted
    assert ("Not released" in found["note"]) == (not released)
    assert "://" not in entry


def test_the_article_of_each_thesis_has_a_line_to_cite_it_by() -> None:
    page = (ROOT / "docs" / "explanation" / "misuse.md").read_text(encoding="utf-8")
    for name in thesis_names():
        if (thesis := load_thesis(name)).claims:
            assert f"<{thesis.source.split()[-1]}>" in page, name


def test_version_and_licence_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (CITED["version"], CITED["license"]) == (project["version"], project["license"])


def test_a_version_has_a_date_once_it_is_released() -> None:
    released = "dev" not in CITED["version"]
    assert ("date-released" in CITED) is released
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (head,) = re.findall(rf"^## {re.escape(CITED['version'])} \((.*)\)$", changes, re.MULTILINE)
    assert head == (str(CITED["date-released"]) if released else "unreleased")
