"""One event of the ledger as one plain dated sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sim.explain import words


def sentence(event: dict[Any, Any]) -> str:
    """Tell one event: the month, what happened, and why.

    Parameters
    ----------
    event : dict
        With keys month, kind, actor, target, detail, value and why, as a row of ``events.parquet``.
    """
    why = words.reason(event["kind"], event["detail"], event["why"])
    return dated(event["month"], told(event) + (f" ({why})" if why else ""))


def dated(month: str, what: str) -> str:
    """Return a sentence that begins with its month: ``January 2010. ...``."""
    return f"{words.month_name(month)}. {words.capital(what)}."


def told(event: dict[Any, Any]) -> str:
    """Tell one event without its month and reason, as part of a sentence."""
    return _TEMPLATES[event["kind"]](_Told(event))


class _Told:
    """An event with its codes in words."""

    def __init__(self, event: dict[Any, Any]) -> None:
        self.actor = words.name(event["actor"])
        self.target = words.name(event["target"])
        self.detail = str(event["detail"])
        self.value = float(event["value"])
        self.is_state = event["target"] in words.STATE_NAMES

    def detail_in(self, phrases: dict[str, str]) -> str:
        """Return the detail's phrase, or the detail itself where it has none."""
        return phrases.get(self.detail, self.detail)

    def share(self, phrase: str) -> str:
        """Return a phrase with the value as a percentage; nothing where there is no value."""
        return "" if math.isnan(self.value) else phrase.format(words.percent(self.value))


def _challenge(told: _Told) -> str:
    trigger = words.triggers(told.detail)
    after = f" after {trigger}" if trigger else ""
    crowd = told.share(", {} of citizens in open opposition")
    return f"a mass challenge to the regime opens in {told.target}{after}{crowd}"


def _flare(told: _Told) -> str:
    trigger = words.triggers(told.detail)
    after = f" after {trigger}" if trigger else ""
    crowd = told.share(", {} of citizens in open opposition")
    return f"the challenge in {told.target} flares up again{after}{crowd}"


def _challenge_ended(told: _Told) -> str:
    end = told.detail_in(
        {
            "fall": "ends with the fall of the regime",
            "repressed": "is repressed",
            "bought off": "is bought off",
            "conceded": "ends in concessions",
            "ebbed": "ebbs away",
            "overtaken": "is overtaken by a change of power",
        }
    )
    return f"the challenge in {told.target} {end}" + told.share(" after a peak of {} of citizens")


def _successor(told: _Told) -> str:
    return f"a new leader takes over in {told.target}, who {words.leaning(told.detail, told.value)}"


def _succession(told: _Told) -> str:
    how = told.detail_in(
        {
            "managed": "power is handed over in {}",
            "death": "the leader of {} dies in office",
            "lame duck": "the succession opens in {}, and the leader becomes a lame duck",
        }
    )
    return how.format(told.target) if "{}" in how else f"succession in {told.target}: {how}"


def _election(told: _Told) -> str:
    result = told.detail_in(
        {
            "held": "the incumbent side keeps power in an election",
            "parliamentary": "a parliamentary election is held",
            "turnover": "the incumbent side loses an election",
        }
    )
    return f"in {told.target}, {result}"


def _instrument(told: _Told) -> str:
    on_territory = {
        "separatism": "Moscow backs separatists in {}",
        "passports": "Moscow gives out passports and posts peacekeepers in {}",
        "economic_integration": "Moscow opens the economy of {} to its own",
        "annexation": "Moscow recognises or annexes {}",
        "mediation": "Moscow steps in between {}",
        "war": "Moscow decides on war in {}",
    }
    on_state = {
        "political_support": "Moscow gives the regime of {} political support",
        "loan": "Moscow lends money to the regime of {}",
        "security_help": "Moscow helps the security services of {}",
        "csto_deployment": "Moscow sends troops of the CSTO to {}",
        "economic_integration": "Moscow draws {} into its economic union",
    }
    phrase = told.detail_in(on_territory | on_state if told.is_state else on_state | on_territory)
    if "{}" not in phrase:
        return f"Moscow acts in {told.target}: {words.instrument(told.detail)}"
    return phrase.format(told.target)


def _realignment(told: _Told) -> str:
    way = told.detail_in({"away": "away from Moscow", "toward": "toward Moscow"})
    gains = told.detail == "away" and told.actor not in ("", told.target, "nobody")
    return f"{told.target} realigns {way}" + (f", to the gain of {told.actor}" if gains else "")


def _membership(told: _Told) -> str:
    return f"{told.actor} {told.detail_in({'joined': 'joins', 'left': 'leaves'})} {told.target}"


def _territory(told: _Told) -> str:
    change = told.detail_in(
        {
            "arose": "becomes a de facto state",
            "upgraded": "is tied closer to Moscow",
            "integrated": "is integrated by Moscow",
            "lost": "is taken back by its host",
        }
    )
    return f"{told.target} {change}"


def _garrison(told: _Told) -> str:
    number = "" if math.isnan(told.value) else f"{abs(told.value):.1f} thousand "
    if told.detail == "withdrawn":  # the ledger holds what is left
        left = f", {number.strip()} are left" if number else ""
        return f"Russian troops leave {told.target}{left}"
    way = {"placed": "enter"}.get(told.detail, f"({told.detail}) move in")
    return f"{number}Russian troops {way} {told.target}"


def _war(told: _Told) -> str:
    what = told.detail_in(
        {
            "started": "goes to war in",
            "ended": "ends its war in",
            "setback": "suffers a setback in its war in",
        }
    )
    return f"Moscow {what} {told.target}"


def _moscow_leader(told: _Told) -> str:
    how = told.detail_in(
        {"death": "the old one dies", "palace coup": "by a palace coup", "managed": "by a managed succession"}
    )
    return f"a new leader takes over in Moscow, {how}"


_TEMPLATES: dict[str, Callable[[_Told], str]] = {
    "challenge": _challenge,
    "flare": _flare,
    "challenge_ended": _challenge_ended,
    "response": lambda told: f"the regime of {told.actor} {told.detail_in(words.RESPONSES)}",
    "defection": lambda told: f"the {told.actor} of {told.target} turn on the regime",
    "fall": lambda told: f"the incumbent of {told.target} falls to the {told.detail}",
    "succession": _succession,
    "successor": _successor,
    "election": _election,
    "request": lambda told: f"{told.actor} asks Moscow for help",
    "instrument": _instrument,
    "refusal": lambda told: f"Moscow leaves the call of {told.target} unanswered",
    "realignment": _realignment,
    "membership": _membership,
    "territory": _territory,
    "clash": lambda told: f"{told.actor} and {told.target} clash",
    "garrison": _garrison,
    "war": _war,
    "moscow_leader": _moscow_leader,
    "campaign": lambda told: f"outside organisers help the movement of {told.target}",
    "purge": lambda told: f"the rescued regime of {told.target} purges its rivals",
    "timeline": lambda told: (
        f"as the scenario sets it: {told.detail}" + (f" ({told.target})" if told.target else "")
    ),
}
