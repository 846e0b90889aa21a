"""What outcomes, states and instruments are called on an axis."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from sim.analysis.design import allowed_ranges
from sim.figures.style import plain
from sim.measures import OUTCOMES
from sim.measures.registry import OWN_THEME
from sim.scenario.states import STATE_NAMES as CODE_NAMES
from sim.world.state import STATES

STATE_NAMES = {code: CODE_NAMES[code] for code in STATES}
"""The states by code, in the order of every figure."""


def defined(outcomes: Sequence[str]) -> str:
    """Return where outcomes are defined: the end of the note of a figure that shows them."""
    own = [name for name in outcomes if name in OUTCOMES and OUTCOMES[name].own]
    parts = [f"{outcome_label(name)}: {OUTCOMES[name].definition or 'not defined'}." for name in own]
    if set(outcomes) - set(own):
        parts.append("Each outcome is defined by sim list --outcomes.")
    return "".join(f" {part}" for part in parts)


def outcome_label(column: str) -> str:
    """Return what to call an outcome: its published label, or else its column's name as words."""
    return sentence_case(OUTCOMES[column].label) if column in OUTCOMES else words(column)


def outcome_axis(column: str) -> str:
    """Return an axis label: the outcome with its unit."""
    if column not in OUTCOMES:
        return words(column)
    unit = OUTCOMES[column].unit
    return outcome_label(column) + (f" ({unit})" if unit else "")


def parameter_axis(path: str, width: int) -> str:
    """Return an axis label: what a parameter or a quantity of the start is, with its unit and its path."""
    allowed = allowed_ranges().get(path)
    if allowed is None:
        return plain(path)
    meaning = textwrap.wrap(sentence_case(allowed.meaning), width, max_lines=2, placeholder=" …")
    unit = f"{allowed.unit}; " if allowed.unit else ""
    return "\n".join(map(plain, [*meaning, f"({unit}{path})"]))


_THEMES = {
    "challenges": "Challenges and what follows",
    "moscow": "Moscow's reach",
    OWN_THEME: "Own outcomes",
}


def theme_title(theme: str) -> str:
    """Return what the outcomes of a theme have in common."""
    return _THEMES.get(theme, words(theme))


def words(name: str) -> str:
    """Return a column's or instrument's name as words: ``csto_deployment`` is "CSTO deployment"."""
    return sentence_case(" ".join("CSTO" if part.lower() == "csto" else part for part in name.split("_")))


def sentence_case(text: str) -> str:
    """Return text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
