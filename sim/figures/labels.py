"""What outcomes, states and instruments are called on an axis."""

from __future__ import annotations

from sim.explain.words import STATE_NAMES as CODE_NAMES
from sim.measures.definitions import OUTCOMES
from sim.world.state import STATES

STATE_NAMES = {code: CODE_NAMES[code] for code in STATES}
"""The 14 states by code, in the order of every figure."""

DEFINED = " Each outcome is defined by sim list --outcomes."
"""Ends the note of a figure of outcomes."""


def outcome_label(column: str) -> str:
    """Return what to call an outcome: its published label, or else its column's name as words."""
    return sentence_case(OUTCOMES[column].label) if column in OUTCOMES else words(column)


def outcome_axis(column: str) -> str:
    """Return an axis label: the outcome with its unit."""
    if column not in OUTCOMES:
        return words(column)
    return f"{outcome_label(column)} ({OUTCOMES[column].unit})"


def words(name: str) -> str:
    """Return a column's or instrument's name as words: ``csto_deployment`` is "CSTO deployment"."""
    return sentence_case(" ".join("CSTO" if part.lower() == "csto" else part for part in name.split("_")))


def sentence_case(text: str) -> str:
    """Return text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
