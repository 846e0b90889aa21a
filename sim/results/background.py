"""What a challenge or fall came upon: the regime's stocks, what had happened, and the crowd."""

from __future__ import annotations

from dataclasses import dataclass

from sim.results.challenges import Challenge, EventRow
from sim.results.one_run import OneRun
from sim.results.story import tell
from sim.results.words import capital, counted, listed, month_name, name, percent

_STOCKS = {
    "legitimacy": "legitimacy",
    "cohesion": "elite cohesion",
    "security_loyalty": "the loyalty of the services",
    "dependence": "dependence on Moscow",
}
_CLOSE = 0.021  # a difference of up to two hundredths is not worth a word
_LOOK_BACK = 24  # months in which what happened may still matter
_EXAMPLE = 12  # months in which a fall elsewhere may still encourage
_MOST = 6  # sentences about what had happened
_MOVEMENTS = ("challenge", "flare", "response", "request", "refusal", "instrument", "defection")


@dataclass(frozen=True, slots=True)
class Section:
    """A step in the chain of causes: a heading and its sentences."""

    heading: str
    sentences: tuple[str, ...]


def stocks(run: OneRun, state: str, tick: int) -> list[str]:
    """Tell a regime's stocks at the end of a month, against their start and the median run of that year."""
    month = run.month(tick)
    year = int(month[:4])
    medians = run.medians(state, year, _STOCKS)
    said = []
    for variable, label in _STOCKS.items():
        value = run.value(state, variable, tick)
        against = [_against(value, run.value(state, variable, 0), "at the start")]
        if variable in medians:
            against.append(_against(value, medians[variable], f"in the median run in {year}"))
        said.append(f"{label} {value:.2f}, {listed(against)}")
    return [f"At the end of {month_name(month)}: {said[0]}.", *(f"{capital(text)}." for text in said[1:])]


def _against(value: float, other: float, where: str) -> str:
    gap = round(value, 2) - round(other, 2)  # as the reader sees them
    if abs(gap) <= _CLOSE:
        return f"about as {where} ({other:.2f})"
    return f"{abs(gap):.2f} {'above' if gap > 0 else 'below'} that {where} ({other:.2f})"


def earlier(run: OneRun, state: str, tick: int, leave_out: Challenge | None) -> list[str]:
    """Tell what had happened in a state in the two years before a month, and falls elsewhere in one."""
    skipped = {id(event) for event in leave_out.events} if leave_out else set()
    recent = [
        event
        for event in run.events
        if tick - _LOOK_BACK <= event["tick"] <= tick and id(event) not in skipped
    ]
    own = [
        event
        for event in recent
        if _concerns(event, state) and (event["tick"] < tick or event["kind"] in ("succession", "timeline"))
    ]
    lines = tell([e for e in own if e["kind"] not in _MOVEMENTS and e["detail"] != "fall"])
    left_out = len(lines) - _MOST
    shown = lines[-_MOST:]
    if left_out > 0:
        shown = [f"({counted(left_out, 'earlier event')} of these two years left out.)", *shown]
    falls = [
        f"{name(event['target'])} ({month_name(event['month'])})"
        for event in recent
        if event["kind"] == "fall"
        and event["detail"] == "street"
        and event["target"] != state
        and tick - _EXAMPLE <= event["tick"] < tick
    ]
    if falls:
        shown.append(
            f"Its opposition, and the regime, could learn from falls to the street in {listed(falls)}."
        )
    return shown


def _concerns(event: EventRow, state: str) -> bool:
    if event["kind"] == "timeline":
        return event["target"] in ("", state)
    return state in (event["actor"], *str(event["target"]).split("-"))


def crowd(run: OneRun, state: str, first: int, last: int) -> str:
    """Tell how open opposition moved between two months, with the private opposition before it."""
    start = max(first - 2, 0)
    path = [
        f"{percent(run.value(state, 'participation', tick))} in {month_name(run.month(tick))}"
        for tick in range(start, last + 1)
    ]
    if len(path) > 6:
        path = [*path[:3], "...", *path[-3:]]
    silent = run.value(state, "falsification", first - 1)
    before = f" Before, {percent(silent)} opposed it in private and kept silent." if first > 0 else ""
    return f"Open opposition at its monthly peak: {', '.join(path)}.{before}"


def opening(challenge: Challenge) -> str:
    """Tell how a challenge began."""
    return tell([challenge.opened])[0]
