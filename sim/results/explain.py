"""Why a regime fell, or survived: the chain of causes in one run, from its own ledger and series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.results import explain_fall, explain_survival
from sim.results.background import Section
from sim.results.challenges import Challenge, EventRow, challenges
from sim.results.one_run import OneRun, check_state
from sim.results.pressure import gravest
from sim.results.results import ResultsError
from sim.results.words import STATE_NAMES, capital, listed, month_name, times


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a regime fell, or survived.

    Parameters
    ----------
    title : str
    sections : tuple of Section
        From the months before to the successor, or to what saved the regime.
    """

    title: str
    sections: tuple[Section, ...]


def explain(run: OneRun, state: str | None = None, fall: int = 1) -> Explanation:
    """Explain why a regime fell, or survived.

    Parameters
    ----------
    run : OneRun
    state : str, optional
        A code or a name; without it the state that fell first, or that came nearest.
    fall : int
        Which of the state's falls, from 1.

    Returns
    -------
    Explanation

    Raises
    ------
    ResultsError
        If there is no such state, or it fell fewer times.
    """
    code = check_state(run, state) if state is not None else _most_telling(run)
    name, which = STATE_NAMES[code], f"{run.scenario.name}, replicate {run.replicate}"
    falls = [event for event in run.events if event["kind"] == "fall" and event["target"] == code]
    mine = [challenge for challenge in challenges(run.events) if challenge.state == code]
    if fall > max(len(falls), 1):
        fell = f"fell {times(len(falls))}" if falls else "did not fall"
        raise ResultsError(f"{name} {fell} in {which}: there is no fall {fall}")
    if not falls:
        span = f"from {month_name(run.month(0))} to {month_name(str(run.scenario.last))}"
        title = f"The regime of {name} did not fall {span} ({which})"
        return Explanation(title, explain_survival.sections(run, code, mine))
    event = falls[fall - 1]
    by = "the street" if event["detail"] == "street" else "its elite"
    title = f"The incumbent of {name} fell to {by} in {month_name(event['month'])} ({which})"
    sections = explain_fall.sections(run, code, event, _challenge_of(mine, event))
    return Explanation(title, (*sections, *_others(falls, fall)))


def _most_telling(run: OneRun) -> str:
    """Return the state that fell first; where none fell, the one nearest to it."""
    first = next((event for event in run.events if event["kind"] == "fall"), None)
    if first is not None:
        return str(first["target"])
    found = challenges(run.events)
    if found:
        return gravest(run, found).state
    return max(run.states, key=lambda code: float(run.series[code]["participation"].max()))


def _challenge_of(mine: Sequence[Challenge], event: EventRow) -> Challenge | None:
    return next((challenge for challenge in mine if any(e is event for e in challenge.events)), None)


def _others(falls: Sequence[EventRow], told: int) -> tuple[Section, ...]:
    others = [
        f"{month_name(event['month'])} (to the {event['detail']}; --fall {number})"
        for number, event in enumerate(falls, 1)
        if number != told
    ]
    return (Section("Other falls", (capital(f"it also fell in {listed(others)}."),)),) if others else ()
