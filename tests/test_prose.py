"""The words of the documents: spelt right, none that was retired, and a warning where sentences are long."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
SPELT = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs",
    "sim",
    "calibration",
    "examples",
    "scenarios",
    "benchmarks",
)
"""Where spelling is checked; tests misspell on purpose."""

RETIRED = {
    r"\buprisings?\b": "challenge",
    r"\bluck\b": "random numbers; of two scenarios, common random numbers",
    r"`null`|\bthe null (scenario|thesis|world)\b": "baseline; the shared world",
    r"\bcrises\.": "challenges.",
    r"--lucks\b": "--repeats",
}
"""Words that earlier versions used, as patterns, and what is said now."""

ALLOWED = {
    "docs/guides/moving-to-0.2.md": RETIRED,  # which says what is called how now
    "docs/reference/scenario-files.md": {"`null`"},  # an old name that is still read
    "docs/RECORD.md": {"uprising"},  # what sources call those in Abkhazia, which are no challenges here
    "docs/SKILL.md": {"uprisings"},  # what a paper scored
}
"""Where a retired word is meant."""

LONG = 25  # words


def retired(text: str) -> Iterator[tuple[str, str]]:
    """Yield each retired word of a text, with what is said now."""
    for pattern, now in RETIRED.items():
        for match in re.finditer(pattern, text):
            yield match[0], now


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a page's running text: no code, tables or headings."""
    prose = re.sub(r"^(```|:::).*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"^( {4}|\||#|!\[).*$", "", prose, flags=re.MULTILINE)
    for paragraph in re.split(r"\n\s*\n|^\s*(?:[-*>]|\d+\.) ", prose, flags=re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraph.split()))
        yield from (part for part in re.split(r"(?<=[.?!:;]) ", plain) if part)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_retired_word_is_used(page: Path) -> None:
    allowed = ALLOWED.get(str(page.relative_to(ROOT)), ())
    if allowed is RETIRED:
        return
    found = [(word, now) for word, now in retired(page.read_text(encoding="utf-8")) if word not in allowed]
    assert not found, found


def test_what_is_allowed_is_there() -> None:
    for page, words in ALLOWED.items():
        text = (ROOT / page).read_text(encoding="utf-8")
        assert any(word in text or re.search(word, text) for word in words), page


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("an uprising", "challenge"),
        ("by luck alone", "random"),
        ("`null` runs", "baseline"),
        ("crises.x", "challenges."),
    ],
)
def test_a_retired_word_is_noticed(text: str, now: str) -> None:
    assert [told for _, told in retired(text) if now in told]
    assert not list(retired("a challenge, plucked; nullify; crises in 2022"))


def test_words_are_spelt_right(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    codespell = pytest.importorskip("codespell_lib")
    monkeypatch.chdir(ROOT)  # where its settings are, in pyproject.toml
    wrong = codespell.main(*SPELT)
    assert wrong == 0, capsys.readouterr().out


def test_a_misspelt_word_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codespell = pytest.importorskip("codespell_lib")
    monkeypatch.chdir(ROOT)
    (tmp_path / "page.md").write_text("The theses of the vacum.\n", encoding="utf-8")
    assert codespell.main(str(tmp_path / "page.md")) != 0


def test_long_sentences_are_told() -> None:
    """A warning only: some rules need their length."""
    long = [
        (len(sentence.split()), str(page.relative_to(ROOT)), sentence)
        for page in PAGES
        for sentence in sentences(page.read_text(encoding="utf-8"))
        if len(sentence.split()) > LONG
    ]
    if long:
        words, page, sentence = max(long)
        warnings.warn(
            f"{len(long)} sentences of over {LONG} words; in {page} {words}: {sentence[:80]} ...",
            stacklevel=1,
        )
    assert [
        len(part.split()) for part in sentences("# A b\n\nOne two. Three:\n- four five\n\n| six |\n")
    ] == [2, 1, 2]
