"""The reason behind an event, in words, from its facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiment.columns import events_of
from sim.explain.words import counted, name
from sim.model.trace import Event

if TYPE_CHECKING:
    from sim.scenario.timeline import AnyEvent

SCENARIO = "set by the scenario"
_Facts = Mapping[str, float | str]


def reason(event: Event, entries: Mapping[str, str] | None = None) -> str:
    """Return why an event happened; empty where nothing is known.

    Parameters
    ----------
    event : Event
    entries : mapping of str to str, optional
        What the scenario's own events are, in words, by name.
    """
    if event.kind == "timeline":
        return f"{SCENARIO}: {entries[event.detail]}" if entries and event.detail in entries else ""
    if not event.facts:
        return ""
    if event.facts.get("cause") == "scenario" and event.kind not in ("war", "election", "succession"):
        return SCENARIO
    return _REASONS[event.kind](event, event.facts)


def with_reasons(events: pd.DataFrame, timeline: Iterable[AnyEvent] = ()) -> list[dict[Any, Any]]:
    """Return rows of ``events.parquet`` with the reason of each under ``why``.

    Parameters
    ----------
    events : DataFrame
    timeline : iterable of AnyEvent
        Of the scenario.
    """
    entries = {entry.name: entry.told() for entry in timeline}
    rows: list[dict[Any, Any]] = events.to_dict("records")
    for row, event in zip(rows, events_of(rows), strict=True):
        row.setdefault("why", reason(event, entries))
    return rows


def _opening(event: Event, facts: _Facts) -> str:
    return (
        f"{event.detail}; legitimacy {facts['legitimacy']:.2f}, spark {facts['spark']:.2f}, "
        f"movement's resources {facts['resources']:.2f}"
    )


def _challenge_ended(event: Event, facts: _Facts) -> str:
    return f"after {facts['weeks']} weeks, peak {event.value:.0%} in open opposition"


def _response(event: Event, facts: _Facts) -> str:
    return f"{event.value:.0%} in open opposition, loyalty {facts['loyalty']:.2f}, rents {facts['rents']:.2f}"


def _coup(facts: _Facts) -> str:
    return f"elite cohesion {facts['cohesion']:.2f}" + (
        ", two centres of power" if facts["dual_power"] else ""
    )


def _defection(event: Event, facts: _Facts) -> str:
    if "loyalty" not in facts:
        return _coup(facts)
    return (
        f"{event.value:.0%} in open opposition, elite cohesion {facts['cohesion']:.2f}, "
        f"loyalty {facts['loyalty']:.2f}"
    )


def _fall(event: Event, facts: _Facts) -> str:
    del event
    if facts["cause"] == "palace coup":
        return _coup(facts)
    how = {
        "services turned": "security services had turned",
        "rival clans": "rival clans moved",
        "resignation": "the leader resigned",
    }[str(facts["cause"])]
    return f"{facts['participation']:.0%} in open opposition after {facts['weeks']} weeks; {how}"


def _leader(facts: _Facts, before: str = "after ") -> str:
    return f"{before}{facts['tenure']:.0f} years in office, age {facts['age']:.0f}"


def _succession(event: Event, facts: _Facts) -> str:
    return _leader(facts, "" if event.detail == "lame duck" else "after ")


def _successor(event: Event, facts: _Facts) -> str:
    del event
    if facts["cause"] == "heir":
        return _leader(facts)
    if facts["cause"] == "election":
        return f"public attitude {facts['attitude']:.2f}"
    if facts["cause"] == "elite":
        return f"elites kept the old line of {facts['old_line']:.2f}"
    return (
        f"the crowd's attitude to Moscow {facts['attitude']:.2f}, its programme {facts['programme']:.2f} "
        f"with weight {facts['weight']:.2f}, the old line {facts['old_line']:.2f}, "
        f"dependence {facts['dependence']:.2f}"
    )


def _election(event: Event, facts: _Facts) -> str:
    return "due" if event.detail == "parliamentary" else f"chance of losing {facts['chance']:.0%}"


def _request(event: Event, facts: _Facts) -> str:
    return f"{event.value:.0%} in open opposition; expects an answer with probability {facts['expected']:.2f}"


def _instrument(event: Event, facts: _Facts) -> str:
    if "worth" in facts:
        return (
            f"worth {facts['worth']:.2f}, expected to lower the risk of a fall by {facts['saved']:.0%}; "
            f"{facts['participation']:.0%} in open opposition"
        )
    return (
        f"net value {event.value:.2f}, weight on restoration {facts['restoration']:.2f}, "
        f"free capacity {facts['free_capacity']:.2f}"
    )


def _refusal(event: Event, facts: _Facts) -> str:
    return (
        f"worth {event.value:.2f}; attention left {facts['attention_left']:.1f}, "
        f"money left {facts['money_left']:.1f}, troops free {facts['troops_free']:.0f}"
    )


def _realignment(event: Event, facts: _Facts) -> str:
    return (
        f"alignment {event.value:.2f}, line {facts['line']:.2f}, public attitude {facts['attitude']:.2f}, "
        f"Moscow's free capacity {facts['free_capacity']:.2f}"
    )


def _membership(event: Event, facts: _Facts) -> str:
    alignment = f"alignment {event.value:.2f}"
    if facts["cause"] == "integration":
        return f"{alignment}, line {facts['line']:.2f}"
    if facts["cause"] == "accession":
        return f"course {facts['nato_course']:.2f}, nothing in dispute"
    if facts["cause"] == "wary":
        return f"trust {facts['trust']:.2f}, {alignment}"
    return f"lapsed at {alignment}" if facts["cause"] == "lapsed" else alignment


def _territory(event: Event, facts: _Facts) -> str:
    if facts["cause"] == "step":
        return (
            f"weight on restoration {facts['restoration']:.2f}, host's alignment {facts['alignment']:.2f}, "
            f"net value {facts['net']:.2f}"
        )
    if facts["cause"] == "war":
        return "taken in war" if event.detail == "integrated" else "broke away in war"
    if facts["cause"] == "uncovered":
        return f"Moscow's capacity and standing short by {facts['absence']:.0%}"
    if facts["cause"] == "clash":
        return f"retaken by {name(event.actor)} in a clash"
    return {
        "mediation": "peacekeepers after mediation",
        "no patron": "settles for autonomy: it has no patron",
    }[str(facts["cause"])]


def _clash(event: Event, facts: _Facts) -> str:
    return (
        f"hazard {event.value:.4f} a month; free capacity {facts['free_capacity']:.2f}, garrisons "
        f"{facts['first_garrison']:.1f} and {facts['second_garrison']:.1f} thousand"
    )


def _war(event: Event, facts: _Facts) -> str:
    if event.detail == "setback":
        return f"standing {facts['standing']:.2f}"
    given = {"record": "as recorded", "scenario": SCENARIO}.get(str(facts["cause"]), "")
    if event.detail == "ended":
        return given or f"after {counted(int(facts['months']), 'month')}"
    why = given or f"course toward NATO {facts['nato_course']:.2f}, net value {facts['net']:.2f}"
    return f"{facts['scale']}: {why}"


def _purge(event: Event, facts: _Facts) -> str:
    del facts
    return f"rescued by {event.detail.replace('_', ' ')}; elite cohesion now {event.value:.2f}"


_REASONS: dict[str, Callable[[Event, _Facts], str]] = {
    "challenge": _opening,
    "flare": _opening,
    "challenge_ended": _challenge_ended,
    "response": _response,
    "defection": _defection,
    "fall": _fall,
    "succession": _succession,
    "successor": _successor,
    "election": _election,
    "request": _request,
    "instrument": _instrument,
    "refusal": _refusal,
    "realignment": _realignment,
    "membership": _membership,
    "territory": _territory,
    "clash": _clash,
    "war": _war,
    "purge": _purge,
    "campaign": lambda _, facts: f"{facts['campaign_rate']:.2f} a year at its preparedness and opposition",
    "garrison": lambda _, facts: "peacekeepers" if facts["cause"] == "mediation" else "recalled to the front",
    "moscow_leader": lambda event, facts: f"hazard {facts['chance']:.4f} a month at age {event.value:.0f}",
}
