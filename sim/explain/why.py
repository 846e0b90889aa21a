"""Why a regime fell, or survived: the chain of causes in one run, from its own ledger and series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiment.results import ResultsError
from sim.explain import fall as explain_fall
from sim.explain.challenge import (
    Section,
    answer,
    crowd,
    earlier,
    ending,
    moscow,
    opening,
    rescue,
    services,
    stocks,
    weeks,
)
from sim.explain.one_run import OneRun, check_state
from sim.explain.pressure import chance, gravest, risk, worst_month
from sim.explain.story import tell
from sim.explain.words import STATE_NAMES, capital, listed, month_name, percent, times
from sim.measures.challenges import Challenge, EventRow, challenges

# -- why a regime survived: the challenge that came nearest, and what saved it ---------------------


def _survival(run: OneRun, state: str, mine: Sequence[Challenge]) -> tuple[Section, ...]:
    """Tell a survival.

    Parameters
    ----------
    run : OneRun
    state : str
    mine : sequence of Challenge
        The state's challenges, in order.
    """
    changes = Section("Changes of power", tuple(_changes(run, state)))
    shown = (changes,) if changes.sentences else ()
    if not mine:
        return (*_never_challenged(run, state), *shown)
    nearest = gravest(run, mine)
    tick = worst_month(run, nearest)
    first = int(nearest.opened["tick"])
    last = int(nearest.events[-1]["tick"])
    return (
        Section("The challenges", (_count(mine, nearest),)),
        Section(
            "The months before",
            (*stocks(run, state, max(first - 1, 0)), *earlier(run, state, first, nearest)),
        ),
        Section("The trigger", (opening(nearest), crowd(run, state, first, last))),
        Section("The regime's answer", tuple(answer(run, nearest))),
        Section("Moscow", tuple(moscow(run, nearest))),
        Section("What saved it", (*services(run, nearest, tick), *_saved(run, nearest, tick))),
        *shown,
    )


def _count(mine: Sequence[Challenge], nearest: Challenge) -> str:
    flares = sum(challenge.renewed for challenge in mine)
    again = f", and the street came back soon after {times(flares)}" if flares else ""
    return (
        f"It was challenged {times(len(mine) - flares)}{again}; the one that began in "
        f"{month_name(nearest.opened['month'])} came nearest to turning the services."
    )


def _saved(run: OneRun, challenge: Challenge, tick: int) -> list[str]:
    """Tell what decided: help, services that held, or luck; and how the challenge ended."""
    lines = []
    helped = rescue(run, challenge)
    if helped:
        lines.append(f"{helped}.")
    if challenge.first("defection") is not None:
        weekly = run.parameters.crises.fall_after_defection
        lines.append(
            f"The services did turn, after which a regime falls with a chance of {weekly:.0%} a week; that "
            "the street went home first was luck."
        )
    else:
        turned = chance(risk(run, challenge.state, tick), weeks(challenge))
        how = "as good as certain" if turned < 0.05 else "likely" if turned < 0.5 else "good luck"
        lines.append(f"That the services held was {how}.")
    return [*lines, ending(challenge)]


def _never_challenged(run: OneRun, state: str) -> tuple[Section, ...]:
    series = run.series[state]
    tick = int(series["participation"].to_numpy().argmax())
    level = run.parameters.crises.challenge_level
    month = month_name(run.month(tick))
    open_share, silent = (run.value(state, name, tick) for name in ("participation", "falsification"))
    return (
        Section(
            "The challenges",
            (
                f"There was none: open opposition never reached the {level:.0%} that make a challenge. It "
                f"came nearest in {month}, with {percent(open_share)}, while {percent(silent)} opposed the "
                "regime in private and kept silent.",
            ),
        ),
        Section("What kept people at home", tuple(stocks(run, state, tick))),
    )


def _changes(run: OneRun, state: str) -> list[str]:
    """Tell how power changed hands without a fall."""
    kinds = ("election", "succession", "successor")
    return tell([e for e in run.events if e["kind"] in kinds and e["target"] == state])


# -- why a regime fell, or survived: the chain of causes in one run, from its own ledger and series ---


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
        return Explanation(title, _survival(run, code, mine))
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
