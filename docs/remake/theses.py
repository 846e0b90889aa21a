"""The page on the theses: who says what, from when it holds, and what is left out; from the files alone."""

from __future__ import annotations

import re
from statistics import median
from typing import Any

from docs.remake.words import markdown, percent, whose
from sim.measures import OUTCOMES
from sim.months import Month
from sim.scenario import Claim, Thesis, load_thesis, thesis_names
from sim.scenario.describe import saying
from sim.scenario.starts import Start


def who_says_what() -> list[dict[str, Any]]:
    """Return each thesis that makes a claim, with its tables."""
    known = [thesis for thesis in map(load_thesis, thesis_names()) if thesis.claims]
    return [
        {
            "name": thesis.name,
            "title": thesis.title,
            "source": _linked(thesis.source),
            "claims": _claims(thesis),
            "left_out": _left_out(thesis),
        }
        for thesis in known
    ]


def spoken_of(first: Month, last: Month) -> dict[str, list[float]]:
    """Return for how many years of a window each claim that moves a number holds, by thesis.

    Runs of the record start claims by the calendar, so this is what part of them can tell a thesis from the
    shared world.

    Parameters
    ----------
    first, last : Month
        Both counted.
    """
    found: dict[str, list[float]] = {}
    for thesis in map(load_thesis, thesis_names()):
        moving = [claim for claim in thesis.claims if claim.parameters]
        if moving:
            starts = [(thesis.start_of(claim) or Start(first)).month for claim in moving]
            found[thesis.name] = [
                0.0 if start is None else max(last + 1 - max(start, first), 0) / 12 for start in starts
            ]
    return found


def spoken(years: str) -> str:
    """Return the table of how long each thesis speaks in a window, told as ``1992-2024``."""
    first, last = (int(year) for year in years.split("-"))
    whole = last + 1 - first
    rows = [
        (whose(thesis), str(len(held)), f"{min(held):.1f}", f"{median(held):.1f}", f"{max(held):.1f}",
         f"{percent(sum(held) / len(held) / whole)} %")
        for thesis, held in spoken_of(Month.of(first, 1), Month.of(last, 12)).items()
    ]  # fmt: skip
    head = (
        "thesis",
        "claims that move a number",
        "years: least",
        "median claim",
        "most",
        "of all years, mean",
    )
    return markdown(head, rows)


def _linked(source: str) -> str:
    """Return a reference with its address as a link."""
    return re.sub(r"https?://\S+", r"<\g<0>>", source)


def _claims(thesis: Thesis) -> str:
    rows = [
        (
            claim.id,
            claim.claim,
            saying(claim) or "not noted",
            str(thesis.start_of(claim) or "always"),
            _seen(claim),
        )
        for claim in thesis.claims
    ]
    return markdown(("", "claim", "who says it", "holds", "how it is seen"), rows)


def _seen(claim: Claim) -> str:
    """Say on which outcome a claim is judged, and what is known of that."""
    effect = claim.effect
    told = f"{OUTCOMES[effect.outcome].label}: {effect.sign}" if effect is not None else "not compared"
    if effect is not None and effect.scenario:
        told += f", in {effect.scenario}"
    return "; ".join(filter(None, (told, claim.note, f"finding: {claim.finding}" if claim.finding else "")))


def _left_out(thesis: Thesis) -> str:
    if not thesis.left_out:
        return ""
    rows = [(each.claim, saying(each), each.why) for each in thesis.left_out]
    return markdown(("what the article says", "who says it", "why no claim expresses it"), rows)
