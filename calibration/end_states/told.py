"""Histories told without labels, for readers who say in which class each ends.

A reader sees what happened, year by year, and no scenario, thesis, claim or end state. Moscow's influence,
the number that the rules rest on most, is left out as well: readers see which states stand with Moscow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.errors import ResultsError
from sim.explain import words
from sim.explain.one_run import OneRun, from_results
from sim.explain.sentences import narrated
from sim.measures.history import ALLIANCE, CLIENT_ALIGNMENT

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.model.trace import Event

_LEFT_OUT = "Baltic"  # region whose states Moscow has no hold on
_SUCCEEDED = ("fall", "election", "succession")
_SIDES = ("realignment", "membership")
_MOSCOW = ("war", "territory", "clash", "moscow_leader", "instrument", "garrison")
_ACTS = ("mediation",)  # other acts of Moscow show in what changes
_WHO = {"fall": "the successor", "election": "the winner", "succession": "the heir"}


def draw_runs(outcomes: pd.DataFrame, number: int, seed: int) -> pd.DataFrame:
    """Draw runs evenly over the scenarios, in a random order.

    Parameters
    ----------
    outcomes : DataFrame
        One row a run: scenario, replicate, end_state.
    number : int
        Of runs. Where it is no multiple of the number of scenarios, chance says which have one more.
    seed : int

    Returns
    -------
    DataFrame, shape (number, 4)
        history (1, 2, ...), scenario, replicate, end_state.

    Raises
    ------
    ResultsError
        If a scenario has too few runs.
    """
    generator = np.random.default_rng(seed)
    names = list(dict.fromkeys(outcomes["scenario"].astype(str)))
    wanted = dict.fromkeys(names, number // len(names))
    for place in generator.permutation(len(names))[: number % len(names)]:
        wanted[names[place]] += 1
    drawn = []
    for name, count in wanted.items():
        own = outcomes[outcomes["scenario"] == name]
        if len(own) < count:
            raise ResultsError(f"{name} has {len(own)} runs, and {count} are needed: make more with --runs")
        drawn.append(own.iloc[np.sort(generator.choice(len(own), count, replace=False))])
    table = pd.concat(drawn)[["scenario", "replicate", "end_state"]]
    table = table.iloc[generator.permutation(len(table))].reset_index(drop=True)
    table.insert(0, "history", np.arange(1, len(table) + 1))
    return table.astype({"scenario": str, "end_state": str})


def told_runs(results: Results, drawn: pd.DataFrame) -> Iterator[list[str]]:
    """Yield the lines of each drawn run, in order."""
    for row in drawn.to_dict("records"):
        yield told(from_results(results, str(row["scenario"]), int(row["replicate"])))


def told(run: OneRun) -> list[str]:
    """Tell a run: where states stand at the start and at the end, and one to four lines a year."""
    states = [code for code in run.states if run.start[code].record.region != _LEFT_OUT]
    months = len(run.series[states[0]])
    members = {code for code in states if ALLIANCE in run.start[code].record.memberships}
    lines = ["At the start:", *_sides(run, states, 0, members)]
    for first in range(0, months, 12):
        last = min(first + 12, months) - 1
        events = [event for event in run.events if first <= event.tick <= last]
        for event in events:
            if event.kind == "membership" and event.target == ALLIANCE:
                (members.add if event.detail == "joined" else members.discard)(event.actor)
        lines += list(_year(run, states, events, last))
    return [*lines, "At the end:", *_sides(run, states, months - 1, members)]


def _year(run: OneRun, states: Sequence[str], events: Sequence[Event], last: int) -> Iterator[str]:
    stand = {name: len(codes) for name, codes in _standing(run, states, last).items()}
    where = Counter(event.target for event in events if event.kind == "challenge" and event.target in states)
    calls, refused = ({_call(event) for event in events if event.kind == kind} for kind in _CALLS)
    summary = [
        f"{stand['with']} states with Moscow, {stand['between']} between, {stand['against']} against",
        f"mass challenges: {_times(where)}" if where else "no mass challenge",
    ]
    if calls:
        summary.append(f"calls for Moscow's help: {len(calls)}, unanswered {len(calls & refused)}")
    yield f"{run.month(last)[:4]}. {'; '.join(summary)}."
    for head, phrases in (
        ("Power", _power(events, states)),
        ("Sides", _plain(events, _SIDES, states)),
        ("Moscow", _plain(events, _MOSCOW, states)),
    ):
        if phrases:
            yield f"  {head}: {'; '.join(phrases)}."


_CALLS = ("request", "refusal")


def _call(event: Event) -> object:
    """Return which challenge a call, or the refusal of one, belongs to."""
    return event.facts.get("challenge")


def _power(events: Sequence[Event], states: Sequence[str]) -> list[str]:
    """Tell who lost power, and where the next one stands."""
    phrases = []
    for place, event in enumerate(events):
        if event.kind not in _SUCCEEDED or event.target not in states:
            continue
        if event.detail in ("held", "parliamentary", "lame duck"):
            continue
        later = (e for e in events[place:] if e.kind == "successor" and e.target == event.target)
        successor = next(later, None)
        stands = f" ({_WHO[event.kind]} {words.leaning(successor.detail)})" if successor else ""
        phrases.append(narrated(event) + stands)
    return phrases


def _plain(events: Iterable[Event], kinds: Sequence[str], states: Sequence[str]) -> list[str]:
    """Tell events of some kinds, each phrase once with how often it is true."""
    told_of = [event for event in events if event.kind in kinds and _matters(event, states)]
    return [
        phrase + (f" ({words.times(number)})" if number > 1 else "")
        for phrase, number in Counter(map(_phrase, told_of)).items()
    ]


def _matters(event: Event, states: Sequence[str]) -> bool:
    if event.kind == "instrument":
        return event.detail in _ACTS
    if event.kind == "garrison":
        return event.detail == "placed"
    if event.kind == "realignment":
        return event.target in states
    return event.kind != "membership" or event.actor in states


def _phrase(event: Event) -> str:
    if event.kind != "territory":
        return narrated(event)
    how = " in war" if event.facts["cause"] == "war" else ""
    return f"{narrated(event)}{how} (of {words.name(event.actor)})"


def _times(where: Counter[str]) -> str:
    return ", ".join(
        words.name(code) + (f" ({words.times(number)})" if number > 1 else "")
        for code, number in where.items()
    )


def _standing(run: OneRun, states: Sequence[str], tick: int) -> dict[str, list[str]]:
    """Return the states with Moscow, between, and against it, by alignment."""
    found: dict[str, list[str]] = {"with": [], "between": [], "against": []}
    for code in states:
        alignment = run.value(code, "alignment", tick)
        side = (
            "with"
            if alignment > CLIENT_ALIGNMENT
            else "against"
            if alignment < -CLIENT_ALIGNMENT
            else "between"
        )
        found[side].append(words.name(code))
    return found


def _sides(run: OneRun, states: Sequence[str], tick: int, members: Iterable[str]) -> Iterator[str]:
    names = {"with": "with Moscow", "between": "between", "against": "against Moscow"}
    for side, own in _standing(run, states, tick).items():
        yield f"  {names[side]}: {', '.join(own) or 'none'}"
    inside = ", ".join(words.name(code) for code in states if code in set(members))
    yield f"  in {words.name(ALLIANCE)}, Moscow's alliance: {inside or 'none'}"
