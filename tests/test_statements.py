"""What the documents say in prose of what carries an effect is held against the audit that is shipped."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest

from sim.analysis.audit import ASSUMED, NO_EFFECT, WIDEST
from sim.analysis.shipped_audit import audit_folder, shipped_cells
from sim.measures import OUTCOMES
from sim.scenario import load_thesis, thesis_names
from tests.documentation import PAGES, ROOT

_GENERATED = re.compile(r"<!-- generated.*?<!-- end -->", re.DOTALL)
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_CARRIES = re.compile(
    r"\b(carr(y|ies|ied)|hangs? (on|by)|depends? on one|is assumed|rests? on|repeats?|owes?|due to|because of"
    r"|are lost (when|without))\b"
)
_THESES = re.compile(rf"\b({'|'.join(name.capitalize() for name in thesis_names())})\b")


def drops(thesis: str, outcome: str) -> pd.DataFrame:
    """Return the shares of an effect that are lost without some of its parameters."""
    table = pd.read_csv(audit_folder() / "drops.csv")
    return table[(table["thesis"] == thesis) & (table["outcome"] == outcome)]


def cells(thesis: str) -> pd.DataFrame:
    found = shipped_cells()
    return found[(found["thesis"] == thesis) & (found["label"] != NO_EFFECT)].set_index("outcome")


def dubnov_gains_territories_by_what_it_says_of_them() -> None:
    cell = cells("dubnov").loc["integrated"]
    assert cell["label"] == ASSUMED
    assert cell["difference"] > 0
    lost = drops("dubnov", "integrated")
    together = lost[lost["parameters"] > 1]
    assert set(together["less"]) == {cell["carrier"]}
    assert together["parameterises"].all()
    assert together["share"].min() > 2 / 3
    alone = lost[lost["parameters"] == 1]
    assert alone["share"].max() < 2 / 3  # none carries it by itself


def one_parameter_carries_some_of_gorevoys_effects() -> None:
    effects, campaign = cells("gorevoy"), "rivals.western_campaign"
    lost = pd.concat(drops("gorevoy", outcome) for outcome in effects.index).set_index("outcome")
    lost = lost[(lost["less"] == campaign) & (lost["share"] >= 2 / 3) & (lost["low"] > 0)]
    told = lost.index[(lost["high"] - lost["low"] <= WIDEST) | (lost["low"] >= 2 / 3)]
    direct = [name for name in told if campaign in OUTCOMES[name].parameterised_by]
    page = " ".join((ROOT / "docs" / "FINDINGS.md").read_text(encoding="utf-8").split())
    said = (
        rf"Of Gorevoy's {len(effects)} effects over all outcomes, {len(told)} depend on one parameter, .*?"
        rf" sets {len(direct)} of these {len(told)} outcomes directly\."
    )
    assert re.search(said, page)
    assert f"{len(lost) - len(told)} more of Gorevoy's effects may depend on that parameter." in page
    assert len(told) < len(effects)  # so that nobody says that it carries them all


CHECKED = {
    "- **Assumed or emergent?** Dubnov's gain in territories is assumed.": (
        dubnov_gains_territories_by_what_it_says_of_them
    ),
    "Of Gorevoy's N effects over all outcomes, N depend on one parameter, how hard the West campaigns:": (
        one_parameter_carries_some_of_gorevoys_effects
    ),
}
"""Sentences that say what carries an effect of a thesis, and what holds them against the tables.

N stands for a number that the template takes from the tables."""


def sentences() -> Iterator[tuple[str, str]]:
    """Yield every sentence of the documents, by page, but for generated tables and blocks of code."""
    for page in PAGES:
        text = _FENCED.sub("", _GENERATED.sub("", page.read_text(encoding="utf-8")))
        for paragraph in re.split(r"\n\s*\n|\n(?=[-|#*])", text):
            for sentence in re.split(r"(?<=[.!?:])\s+", " ".join(paragraph.split())):
                yield page.name, sentence


def test_every_sentence_on_what_carries_an_effect_is_checked():
    found = [
        (page, text)
        for page, text in sentences()
        if _CARRIES.search(text) and (_THESES.search(text) or "stated by" in text)
    ]
    assert {re.sub(r"\d+", "N", text) for _, text in found} == set(CHECKED)


@pytest.mark.parametrize("check", CHECKED.values(), ids=lambda check: check.__name__)
def test_what_is_said_is_so(check):
    check()


def test_a_parameter_named_as_a_carrier_is_one_of_the_thesis():
    for name in thesis_names():
        known = {path for claim in load_thesis(name).claims for path in claim.parameters}
        for carrier in cells(name)["carrier"] if known else ():
            assert set(filter(None, carrier.split(" + "))) <= known, name
