"""Words of the model are explained under what is printed, where they occur and only there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.cli.tables import _GLOSSARY, glossary

PAGE = (Path(__file__).parent.parent / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
TERMS = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE)[1:]  # without the head


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lognormal(0.3, sigma 0.5)", "Words: lognormal(m, sigma s): a positive"),
        ("normal(0.3, sd 0.5)", "Words: normal(m, sd s): mean"),
        ("alignment 0.20, line 0.40", "Words: line: the alignment with Moscow that a regime seeks"),
        ("16% of citizens in open opposition", "so 10 % is .1 % of citizens there."),
    ],
)
def test_a_term_that_occurs_is_explained(text: str, told: str) -> None:
    assert told in glossary(text)


def test_nothing_is_said_of_what_does_not_occur() -> None:
    assert glossary("Moscow asks: online baseline, sparkling") == ""
    assert "normal(m, sd s)" not in glossary("lognormal(0.3, sigma 0.5)")


def test_parameters_and_stories_end_with_their_words() -> None:
    shown = CliRunner().invoke(main, ["show", "baseline"]).output
    assert "lognormal(m, sigma s)" in shown
    assert "spark: what an event adds" in shown
    assert "calibrated, set so that runs resemble the record" in " ".join(shown.split())
    small = ["--set", "citizens=60", "--set", "years=6"]
    story = CliRunner().invoke(main, ["show", "baseline", "--story", *small]).output
    assert story.rstrip().split("\n\n")[-1].startswith("Words: ")


def test_what_the_program_explains_stands_on_the_page_of_terms() -> None:
    words = [meaning.split(":")[0] for pattern, meaning in _GLOSSARY.items() if not pattern.endswith(r"\(")]
    assert not set(words) - set(TERMS)


def test_terms_are_listed_once_and_in_order() -> None:
    assert sorted(set(TERMS), key=str.casefold) == TERMS
    assert {
        "vacuum",
        "rung",
        "posterior",
        "coverage",
        "placebo",
        "effective size",
        "audit",
        "label",
        "resampled",
        "bits",
        "Brier score",
        "CRPS",
        "Wilson interval",
        "signpost",
        "stacking weight",
        "shuffled labels",
        "budget of Moscow",
    } <= set(TERMS)
