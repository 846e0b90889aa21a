"""From simulated runs to observed histories: what an observer would have written down of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.history import CROWD, Challenge, Observation, ObservedHistory, Window
from sim.instruments import BY_NAME
from sim.months import Month
from sim.world.record import load_record

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.model.trace import Challenge as SimulatedChallenge
    from sim.model.trace import Event, History

ALLIANCE = "CSTO"
ON_THE_STREET = 0.01
"""Share of those in open opposition who are on the street at one time (docs/MODEL.md, street scale)."""

_OUTCOMES = {"fall": "fell", "conceded": "concession", "bought off": "concession"}
"""Outcomes of `calibration.history.Challenge` by how it ended; all others have been survived."""

_PLACES = {"street": "street", "elite": "elite", "heir": "succession", "election": "vote"}
"""How the place of a new leader fell free, by the cause of the event ``successor``."""


def observed_runs(results: Results, scenario: str) -> dict[int, ObservedHistory]:
    """Return what an observer would have written down of each run of a scenario.

    Parameters
    ----------
    results : Results
    scenario : str

    Returns
    -------
    dict of int to ObservedHistory
        By replicate; without alignment and crowds.
    """
    from sim.experiment.columns import challenges_of, events_of  # noqa: PLC0415  it loads pyarrow

    only = [("scenario", "==", scenario)]
    moscow = results.read(
        "trajectories", ["replicate", "month", "csto_members"], [*only, ("state", "==", "RUS")]
    )
    events: dict[int, list[Event]] = defaultdict(list)
    table = results.table("events", filters=only)
    for replicate, event in zip(table["replicate"].to_pylist(), events_of(table), strict=True):
        events[replicate].append(event)
    challenges: dict[int, list[SimulatedChallenge]] = defaultdict(list)
    table = results.table("challenges", filters=only)
    for replicate, challenge in zip(table["replicate"].to_pylist(), challenges_of(table), strict=True):
        challenges[replicate].append(challenge)
    return {
        replicate: observed_run(
            events[replicate],
            challenges[replicate],
            [Month.parse(str(month)) for month in own["month"]],
            own["csto_members"],
        )
        for replicate, own in ((int(str(number)), part) for number, part in moscow.groupby("replicate"))
    }


def observe(history: History) -> ObservedHistory:
    """Return what an observer would have written down of a run that is in memory.

    Parameters
    ----------
    history : History

    Raises
    ------
    ValueError
        If the run covers no full calendar year.
    """
    length = len(next(iter(history.moscow.values())))
    months = [history.start + tick for tick in range(length)]
    alignment: dict[tuple[str, int], float] = {}
    crowds: dict[tuple[str, int], float] = {}
    crowded: dict[tuple[str, int], int] = {}
    for place, state in enumerate(history.states):
        for tick, month in enumerate(months):
            if month.month == 12:
                alignment[state, month.year] = float(history.series["alignment"][tick, place])
                year = history.series["participation"][max(tick - 11, 0) : tick + 1, place]
                heads = ON_THE_STREET * _surges(year) * _population(state, month.year)
                crowds[state, month.year] = float(heads.max())
                crowded[state, month.year] = int((heads >= CROWD).sum())
    return observed_run(
        history.events,
        history.challenges,
        months,
        history.moscow["csto_members"],
        alignment=alignment,
        crowds=crowds,
        crowded_months=crowded,
    )


def observed_run(
    events: Sequence[Event],
    challenges: Sequence[SimulatedChallenge],
    months: Sequence[Month],
    members: Iterable[float],
    **yearly: Any,
) -> ObservedHistory:
    """Return what an observer would have written down of one run, in full calendar years.

    Parameters
    ----------
    events : sequence of Event
        In order of time.
    challenges : sequence of sim.model.trace.Challenge
        In the order in which they opened.
    months : sequence of Month
        Every month of the run.
    members : iterable of float
        Members of the alliance, Russia included, at the end of each.
    **yearly
        Fields of `ObservedHistory` by state and year.

    Raises
    ------
    ValueError
        If the run covers no full calendar year.
    """
    ends = {month.year: int(count) for month, count in zip(months, members, strict=True) if month.month == 12}
    found: dict[str, list[Observation]] = defaultdict(list)
    for event in events:
        for name, subject, detail in _noted(event):
            found[name].append(Observation(months[event.tick], subject, detail))
    noted: dict[str, Any] = {name: tuple(observations) for name, observations in found.items()}
    history = ObservedHistory(
        window=Window(months[0].year, months[-1].year),
        challenges=tuple(_seen(challenge, months[challenge.start]) for challenge in challenges),
        members=ends,
        **noted,
        **yearly,
    )
    return history.within(_full_years(months))


def _seen(challenge: SimulatedChallenge, month: Month) -> Challenge:
    """Return a challenge as it is written down: until it first ends, without what flares up later."""
    again = challenge.flares[0] if challenge.flares else None
    helped = [
        BY_NAME[name]
        for name, tick in zip(challenge.help, challenge.help_ticks, strict=True)
        if again is None or tick < again
    ]
    support = "none"
    if helped:
        support = "means" if any(instrument.rung > 1 for instrument in helped) else "words"
    ending = challenge.endings[0] if challenge.endings else ""
    return Challenge(month, challenge.state, _OUTCOMES.get(ending, "survived"), support)


def _noted(event: Event) -> list[tuple[str, str, str]]:
    """Return the fields of `ObservedHistory` in which an event is noted, with subject and detail of each."""
    target, detail, noted = event.target, event.detail, []
    match event.kind:
        case "fall" | "territory":
            noted = [("falls" if event.kind == "fall" else "territories", target, detail)]
        case "successor":
            cause = str(event.facts["cause"])
            noted = [("leaders", target, _PLACES[cause])]
            noted += [("successors", target, detail)] if cause == "street" else []
        case "election" | "succession":
            noted = [("votes", target, event.kind)]
        case "war" if detail == "started":
            noted = [("wars", target, "")]
        case "instrument":
            # between two states, it is noted for both
            places = (_hosts()[target],) if target in _hosts() else target.split("-")
            noted = [("interventions", place, BY_NAME[detail].kind) for place in places]
            noted += [("deployments", target, "")] if detail == "csto_deployment" else []
        case "refusal":
            noted = [("refusals", target, "")]
        case "membership" if target == ALLIANCE:
            noted = [("memberships", event.actor, detail)]
        case "clash":
            noted = [("clashes", "-".join(sorted((event.actor, target))), "")]
    return noted


def _surges(participation: np.ndarray) -> np.ndarray:
    """Return how far each month's peak of open opposition stands above the usual level of the year.

    The usual level is the steady opposition of parties, petitions and pickets, which no list of protests
    counts; its measure is the year's median month.
    """
    surges: np.ndarray = np.maximum(participation - np.median(participation), 0.0)
    return surges


@cache
def _population(state: str, year: int) -> float:
    """Return persons in the record's last year up to this one; forecasts go on with the last."""
    known = load_record().series["population_million", state]
    return 1e6 * known[min(max(year, min(known)), max(known))]


@cache
def _hosts() -> dict[str, str]:
    return {str(row["territory"]): str(row["host"]) for row in load_record().rows["territories"]}


def _full_years(months: Sequence[Month]) -> Window:
    first, last = months[0], months[-1]
    window = Window(first.year + (first.month > 1), last.year - (last.month < 12))
    if window.years < 1:
        raise ValueError(f"a run from {first} to {last} covers no full calendar year")
    return window
