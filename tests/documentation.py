"""Finds the commands and code blocks of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.remake.made import MARK

ROOT = Path(__file__).parent.parent
FOLLOWED = {"THESIS_FROM_ARTICLE.md": "tests/test_thesis_from_article.py"}
"""Pages whose blocks make sense one after the other alone, and the test that follows them."""

PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if page.name not in FOLLOWED),
]

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_OURS = ("sim ", "calibrate ", "python -m ")
_PLACEHOLDER = re.compile(r"\b(?!KGZ\b)[A-Z]+\b|\.\.\.")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, its language, its text."""

    page: str
    line: int
    language: str
    text: str

    @property
    def first(self) -> str:
        """Its first line."""
        return self.text.partition("\n")[0]

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(language: str) -> list[Block]:
    """Return every fenced block in a language, in the order of the pages."""
    return [block for page in PAGES for block in _blocks(page) if block.language == language]


def commands() -> list[str]:
    """Return every command in a block, once each."""
    return list(dict.fromkeys(line for block in blocks("bash") for line in _lines(block.text)))


def mentions() -> list[str]:
    """Return every command in running text, once each; without those that only sketch one (NAME, ...)."""
    codes = [
        code
        for page in PAGES
        for code in _INLINE.findall(_FENCED.sub("", _written(page)))
        if code.startswith(_OURS) and not _PLACEHOLDER.search(re.sub(r"D2|P3|K4", "", code))
    ]
    return [code for code in dict.fromkeys(codes) if code not in commands()]


def _written(page: Path) -> str:
    """Return a page's text, with lines left empty where the program made them."""
    return MARK.sub(lambda made: "\n" * made[0].count("\n"), page.read_text(encoding="utf-8"))


def _blocks(page: Path) -> Iterator[Block]:
    text = _written(page)
    for match in _FENCED.finditer(text):
        yield Block(str(page.relative_to(ROOT)), text[: match.start()].count("\n") + 1, match[1], match[2])


def _lines(text: str) -> Iterator[str]:
    for line in text.replace("\\\n", " ").splitlines():
        command = re.sub(r"\s+#.*$|^#.*$", "", line).strip()
        if command:
            yield command
