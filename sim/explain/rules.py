"""Which rule of the model moves each series and notes each kind of event, and where it is described."""

from __future__ import annotations

from dataclasses import dataclass

from sim.instruments import RESCUE_INSTRUMENTS


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the model.

    Parameters
    ----------
    stage : int
        Of the month's schedule (docs/MODEL.md, The month).
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


_TIMELINE = Rule(1, "the scenario's own events", "The month")
_WARS = Rule(2, "wars drain Moscow and send garrisons home", "Moscow")
_MEANS = Rule(3, "Moscow takes stock of its means", "Moscow")
_ATTITUDES = Rule(4, "citizens' attitudes and cohorts move", "Citizens")
_DRIFT = Rule(5, "the regime's standing drifts", "Regimes")
_ELITES = Rule(6, "elites remove leaders or hand over", "Regimes")
_FOCAL = Rule(7, "elections and other focal events give sparks", "Regimes")
_CASCADE = Rule(8, "citizens decide whether to oppose in public", "Citizens")
_CHALLENGE = Rule(9, "open challenges run week by week", "Regimes")
_HELP = Rule(9, "Moscow weighs help for all challenges together", "Moscow")
_CLASHES = Rule(10, "states clash where nobody arbitrates", "The rest")
_ACTS = Rule(11, "Moscow weighs its other acts", "Moscow")
_SPENDING = Rule(11, "what Moscow gives and does draws on its means", "Moscow")
_ALIGNMENT = Rule(13, "alignment moves toward the regime's line", "The rest")
_CLUBS = Rule(14, "states join and leave organisations", "The rest")

SERIES_RULES: dict[str, Rule] = {
    "war_load": _WARS,
    "free_capacity": _WARS,
    "garrison": _WARS,
    "attitude": _ATTITUDES,
    "young_share": _ATTITUDES,
    "legitimacy": _DRIFT,
    "cohesion": _DRIFT,
    "security_loyalty": _DRIFT,
    "preparedness": _DRIFT,
    "dependence": _DRIFT,
    "falsification": _CASCADE,
    "participation": _CASCADE,
    "troops_free": _SPENDING,
    "standing": _MEANS,
    "money_free": _SPENDING,
    "alignment": _ALIGNMENT,
    "influence": _ALIGNMENT,
    "csto_members": _CLUBS,
    "csto_trust": _CLUBS,
}
"""The rule that moves each series in a month without events; several move most of them."""

EVENT_RULES: dict[str, Rule] = {
    "timeline": _TIMELINE,
    "war": _WARS,
    "garrison": _WARS,
    "moscow_leader": _MEANS,
    "succession": _ELITES,
    "election": _FOCAL,
    "campaign": _FOCAL,
    "challenge": _CASCADE,
    "flare": _CASCADE,
    "challenge_ended": _CHALLENGE,
    "response": _CHALLENGE,
    "request": _CHALLENGE,
    "refusal": _HELP,
    "defection": _CHALLENGE,
    "fall": _CHALLENGE,
    "successor": _CHALLENGE,
    "purge": _CHALLENGE,
    "clash": _CLASHES,
    "instrument": _ACTS,
    "territory": _ACTS,
    "realignment": _ALIGNMENT,
    "membership": _CLUBS,
}
"""The rule that notes each kind of event."""


def series_rule(series: str, *, challenged: bool) -> Rule:
    """Return the rule behind a difference in a series; an open challenge moves a regime's standing too."""
    rule = SERIES_RULES[series]
    return _CHALLENGE if challenged and rule == _DRIFT else rule


def rule_of(kind: str, actor: str = "", detail: str = "") -> Rule:
    """Return the rule behind an event; help in a challenge and an elite's own moves have theirs."""
    if kind == "instrument" and detail in RESCUE_INSTRUMENTS:
        return _HELP
    if kind == "defection" and actor == "elites":
        return _ELITES
    return EVENT_RULES[kind]
