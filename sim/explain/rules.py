"""Which rule of the model moves each series and notes each kind of event, and where it is described."""

from __future__ import annotations

from dataclasses import dataclass

from sim.instruments import RESCUE_INSTRUMENTS
from sim.model.month import MONTH


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the model: a stage of the month (`sim.model.month.MONTH`), or a part of one.

    Parameters
    ----------
    stage : int
        Its place in the month, from 1.
    what : str
        In plain words.
    section : str
        Heading in docs/MODEL.md.
    """

    stage: int
    what: str
    section: str

    def __str__(self) -> str:
        return f"stage {self.stage} of the month, {self.what} (docs/MODEL.md, {self.section})"


_RULES = {
    stage.name: Rule(place, stage.what.split(":")[0], stage.section) for place, stage in enumerate(MONTH, 1)
}
_CHALLENGE = _RULES["challenges"]
_HELP = Rule(_CHALLENGE.stage, "Moscow weighs help for all challenges together", "Moscow")

SERIES_RULES: dict[str, Rule] = {series: _RULES[stage.name] for stage in MONTH for series in stage.moves}
"""The rule that moves each series in a month without events; several move most of them."""

EVENT_RULES: dict[str, Rule] = {kind: _RULES[stage.name] for stage in MONTH for kind in stage.notes}
"""The rule that notes each kind of event."""


def series_rule(series: str, *, challenged: bool) -> Rule:
    """Return the rule behind a difference in a series; an open challenge moves a regime's standing too."""
    rule = SERIES_RULES[series]
    return _CHALLENGE if challenged and rule == _RULES["regimes"] else rule


def rule_of(kind: str, actor: str = "", detail: str = "") -> Rule:
    """Return the rule behind an event; help in a challenge and an elite's own moves have theirs."""
    if kind == "refusal" or (kind == "instrument" and detail in RESCUE_INSTRUMENTS):
        return _HELP
    if kind == "defection" and actor == "elites":
        return _RULES["elites"]
    return EVENT_RULES[kind]
