"""The page on the theses: who says what, from when it holds, and what is left out; from the files alone."""

from __future__ import annotations

import re
from typing import Any

from docs.remake.words import markdown
from sim.scenario import Claim, Thesis, load_thesis, thesis_names
from sim.scenario.describe import saying


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
    told = f"`{effect.outcome}` {effect.sign}" if effect is not None else "not compared"
    if effect is not None and effect.scenario:
        told += f", in {effect.scenario}"
    return "; ".join(filter(None, (told, claim.note, f"finding: {claim.finding}" if claim.finding else "")))


def _left_out(thesis: Thesis) -> str:
    if not thesis.left_out:
        return ""
    rows = [(each.claim, saying(each), each.why) for each in thesis.left_out]
    return markdown(("what the article says", "who says it", "why no claim expresses it"), rows)
