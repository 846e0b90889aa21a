"""One run's history, told in plain dated sentences."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from sim.results.results import ResultsError

STATE_NAMES = {
    "EST": "Estonia", "LVA": "Latvia", "LTU": "Lithuania", "MDA": "Moldova", "BLR": "Belarus",
    "UKR": "Ukraine", "GEO": "Georgia", "ARM": "Armenia", "AZE": "Azerbaijan", "KAZ": "Kazakhstan",
    "UZB": "Uzbekistan", "TKM": "Turkmenistan", "KGZ": "Kyrgyzstan", "TJK": "Tajikistan", "RUS": "Russia",
}  # fmt: skip

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

_ORGANISATIONS = {name: f"the {name}" for name in ("CIS", "CSTO", "EAEU", "EU", "West")} | {"NATO": "NATO"}


_TRIGGERS = {
    "election": "an election",
    "parliamentary election": "a parliamentary election",
    "shock": "a shock",
    "succession": "a succession",
    "outside campaign": "a campaign from outside",
}
"""Triggers that need an article."""


def story(events: pd.DataFrame, scenario: str, replicate: int) -> list[str]:
    """Tell one run.

    Parameters
    ----------
    events : DataFrame
        Rows of ``events.parquet``.
    scenario : str
    replicate : int

    Returns
    -------
    list of str
        A sentence an event, in order of time: the month, what happened, and why.

    Raises
    ------
    ResultsError
        If the run left no events.
    """
    rows = events[(events["scenario"] == scenario) & (events["replicate"] == replicate)]
    if rows.empty:
        raise ResultsError(f"no events of {scenario}, replicate {replicate}")
    return [sentence(row) for row in rows.to_dict("records")]


def sentence(event: dict[Any, Any]) -> str:
    """Tell one event.

    Parameters
    ----------
    event : dict
        With keys month, kind, actor, target, detail, value and why.
    """
    year, month = event["month"].split("-")
    what = _TEMPLATES[event["kind"]](_Told(event))
    why = f" ({event['why']})" if event["why"] else ""
    return f"{_MONTHS[int(month) - 1]} {year}. {what[:1].upper()}{what[1:]}{why}."


class _Told:
    """An event with its codes in words."""

    def __init__(self, event: dict[Any, Any]) -> None:
        self.actor = _name(event["actor"])
        self.target = _name(event["target"])
        self.detail = str(event["detail"]).replace("_", " ").replace("csto", "CSTO")
        self.value = float(event["value"])

    def detail_in(self, phrases: dict[str, str]) -> str:
        """Return the detail's phrase, or the detail itself where it has none."""
        return phrases.get(self.detail, self.detail)

    def share(self) -> str:
        """Return the value as a percentage, after a comma; nothing where there is none."""
        return "" if math.isnan(self.value) else f", {self.value:.0%} of citizens in open opposition"


def _name(code: str) -> str:
    if code in _ORGANISATIONS:
        return _ORGANISATIONS[code]
    parts = code.split("-")  # a pair of states, as ARM-AZE
    return " and ".join(map(STATE_NAMES.__getitem__, parts)) if STATE_NAMES.keys() >= set(parts) else code


def _challenge(told: _Told) -> str:
    triggers = [_TRIGGERS.get(trigger, trigger) for trigger in told.detail.split(" and ") if trigger]
    after = f" after {' and '.join(triggers)}" if triggers else ""
    return f"a mass challenge to the regime opens in {told.target}{after}{told.share()}"


def _challenge_ended(told: _Told) -> str:
    end = told.detail_in(
        {
            "fall": "ends with the fall of the regime",
            "repressed": "is repressed",
            "bought off": "is bought off",
            "conceded": "ends in concessions",
            "ebbed": "ebbs away",
        }
    )
    peak = "" if math.isnan(told.value) else f" after a peak of {told.value:.0%} of citizens"
    return f"the challenge in {told.target} {end}{peak}"


def _response(told: _Told) -> str:
    answer = told.detail_in(
        {
            "repress": "answers with repression",
            "buy off": "tries to buy its opponents off",
            "concede": "makes concessions",
            "call Moscow": "calls on Moscow",
            "hedge": "turns to other powers",
        }
    )
    return f"the regime of {told.actor} {answer}"


def _successor(told: _Told) -> str:
    leaning = told.detail_in(
        {"anti": "who turns from Moscow", "neutral": "who turns neither way", "pro": "who turns to Moscow"}
    )
    return f"a new leader takes over in {told.target}, {leaning}"


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
            "fraud": "an election is stolen",
        }
    )
    return f"in {told.target}, {result}"


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
    way = {"withdrawn": "leave", "placed": "enter"}.get(told.detail, f"({told.detail}) move in")
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


_TEMPLATES: dict[str, Callable[[_Told], str]] = {
    "challenge": _challenge,
    "challenge_ended": _challenge_ended,
    "response": _response,
    "defection": lambda told: f"the {told.actor} of {told.target} turn on the regime",
    "fall": lambda told: f"the incumbent of {told.target} falls to the {told.detail}",
    "succession": _succession,
    "successor": _successor,
    "election": _election,
    "request": lambda told: f"{told.actor} asks Moscow for help",
    "instrument": lambda told: f"Moscow acts in {told.target}: {told.detail}",
    "refusal": lambda told: f"Moscow leaves the call of {told.target} unanswered",
    "realignment": _realignment,
    "membership": _membership,
    "territory": _territory,
    "clash": lambda told: f"{told.actor} and {told.target} clash",
    "garrison": _garrison,
    "war": _war,
    "moscow_leader": lambda told: f"a new leader takes over in Moscow ({told.detail})",
    "purge": lambda told: f"the rescued regime of {told.target} purges its rivals",
    "timeline": lambda told: (
        f"as the scenario sets it: {told.detail}" + (f" ({told.target})" if told.target else "")
    ),
}
