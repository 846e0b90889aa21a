"""The course of one challenge: what it came upon, what the regime and Moscow did, what the services saw."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from sim.explain.one_run import OneRun
from sim.explain.pressure import (
    Standing,
    answer_gain,
    chance,
    defection_log_odds,
    help_gain,
    protections,
    standing,
    worth,
)
from sim.explain.sentences import dated, sentence
from sim.explain.story import tell
from sim.explain.words import (
    INSTRUMENTS,
    RESPONSES,
    capital,
    counted,
    instrument,
    listed,
    month_name,
    name,
    number,
    percent,
)
from sim.measures.challenges import Challenge, EventRow
from sim.scenario.timeline import Abstain

# -- what a challenge or fall came upon: the regime's stocks, what had happened, and the crowd -----

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


# -- the course of one challenge: what the regime answered, what Moscow did and why, what the services saw ---

LABELS = {
    "cohesion": "elite cohesion",
    "security_loyalty": "the services' loyalty",
    "openness": "openness",
    "preparedness": "preparedness",
}
_SMALL = 0.05  # log-odds not worth a word


def answer(run: OneRun, challenge: Challenge) -> list[str]:
    """Tell the regime's answers, a sentence a month, with what each was worth to it."""
    lines = []
    for event in challenge.of_kind("response"):
        seen = standing(run, challenge.state, int(event["tick"]))
        seen = dataclasses.replace(seen, participation=float(event["value"]))
        gain = _gain(run, event, seen)
        worth_it = "" if gain is None else f", which takes {gain:.1f} off the log-odds of a defection"
        if gain is not None and gain < _SMALL:
            worth_it = ", which does nothing to hold the services"
        facts = f"{percent(event['value'])} in open opposition, loyalty {number(event['why'], 'loyalty'):.2f}"
        phrase = RESPONSES.get(event["detail"], event["detail"])
        lines.append(dated(event["month"], f"the regime {phrase}{worth_it} ({facts})"))
    return lines[:4] + ([f"(And so on to {month_name(challenge.events[-1]['month'])}.)"] if lines[4:] else [])


def _gain(run: OneRun, event: EventRow, seen: Standing) -> float | None:
    """Return what a response takes off the log-odds of a defection; None where the run does not tell."""
    rents = number(event["why"], "rents")
    return None if math.isnan(rents) else answer_gain(run.parameters, event["detail"], seen, rents)


def moscow(run: OneRun, challenge: Challenge) -> list[str]:
    """Tell what Moscow gave or refused, and why; where it did nothing, why not."""
    state, tick = challenge.state, int(challenge.opened["tick"])
    acts = [event for event in challenge.events if event["kind"] in ("instrument", "refusal", "request")]
    valued = worth(run, state, tick - 1)
    alignment = run.value(state, "alignment", tick - 1)
    value = f"Keeping the regime was worth {valued:.2f} to Moscow (alignment {alignment:.2f})"
    if acts:
        lines = list(dict.fromkeys(tell(acts)))
        return [f"{value}.", *_barred(run, challenge), *lines]
    if valued <= 0:
        return [f"{value}: nothing to defend, so it weighed no help."]
    if alignment <= 0:
        return [f"{value}. Only a regime on its side asks for help, and unasked it gave none."]
    return [f"{value}. The regime did not ask, and unasked Moscow gave none.", *_barred(run, challenge)]


def _barred(run: OneRun, challenge: Challenge) -> list[str]:
    """Tell which instruments the scenario took from Moscow there and then."""
    first, last = int(challenge.opened["tick"]), int(challenge.events[-1]["tick"])
    entries = {entry.name: entry for entry in run.scenario.timeline}
    barred: set[str] = set()
    for event in run.events:
        entry = entries.get(event["detail"]) if event["kind"] == "timeline" else None
        if not isinstance(entry, Abstain) or challenge.state not in entry.states:
            continue
        if event["tick"] <= last and first <= event["tick"] + entry.months:
            barred |= set(entry.instruments)
    ladder = [instrument(name) for name in INSTRUMENTS if name in barred]
    return [f"The scenario barred Moscow from using {listed(ladder)} there."] if ladder else []


def weeks(challenge: Challenge) -> int:
    """Return how many weeks a challenge lasted, by the ledger's own count where it has one."""
    last = challenge.first("fall") or challenge.ended
    why = last["why"] if last else ""
    counted_weeks = number(why, "after")
    return max(int(counted_weeks), 1) if not math.isnan(counted_weeks) else 4 * challenge.months


def services(run: OneRun, challenge: Challenge, tick: int) -> list[str]:
    """Tell the chance that the services turn in a month, and what held them."""
    seen = at_defection(run, challenge) or standing(run, challenge.state, tick)
    odds = defection_log_odds(run.parameters, seen)
    parts = sorted(protections(run.parameters, seen).items(), key=lambda item: -abs(item[1]))
    held = [f"{LABELS[key]} ({size:.1f})" for key, size in parts if size > _SMALL]
    drove = [f"{LABELS[key]} ({-size:.1f})" for key, size in parts if size < -_SMALL]
    lines = [
        f"With {percent(seen.participation)} in open opposition, and before any answer, the chance that the "
        f"services turned was {percent(chance(odds))} a week (log-odds {odds:.1f}): "
        f"{percent(chance(odds, weeks(challenge)))} over {counted(weeks(challenge), 'week')} like that."
    ]
    if held:
        lines.append(f"Held by, in log-odds: {listed(held)}.")
    if drove:
        lines.append(f"Loosened by, in log-odds: {listed(drove)}.")
    eased = relief(run, challenge, seen)
    also = " and Moscow's help" if challenge.of_kind("instrument") else ""
    if eased > _SMALL:
        lines.append(
            f"The regime's answer{also} took off up to {eased:.1f} more, which leaves "
            f"{percent(chance(odds - eased))} a week."
        )
    return lines


def at_defection(run: OneRun, challenge: Challenge) -> Standing | None:
    """Return what the services saw when they turned, as the ledger has it; None if they did not."""
    event = challenge.first("defection")
    if event is None:
        return None
    seen = standing(run, challenge.state, int(event["tick"]))
    exact = {
        "participation": float(event["value"]),
        "cohesion": number(event["why"], "elite cohesion"),
        "security_loyalty": number(event["why"], "loyalty"),
    }
    return dataclasses.replace(seen, **{key: x for key, x in exact.items() if not math.isnan(x)})


def relief(run: OneRun, challenge: Challenge, seen: Standing) -> float:
    """Return what the month's answer and the strongest help took off the log-odds, at most."""
    gains = [0.0]
    for event in challenge.of_kind("response"):
        gains.append(_gain(run, event, seen) or 0.0)
    best_help = max(
        (help_gain(run.parameters, i["detail"]) for i in challenge.of_kind("instrument")), default=0.0
    )
    return max(gains) + best_help


def strongest_help(run: OneRun, challenge: Challenge) -> EventRow | None:
    """Return Moscow's strongest help in a challenge, if any."""
    given = challenge.of_kind("instrument")
    return max(given, key=lambda event: help_gain(run.parameters, event["detail"]), default=None)


def rescue(run: OneRun, challenge: Challenge) -> str:
    """Tell what Moscow's strongest help was worth; nothing where it gave none."""
    event = strongest_help(run, challenge)
    if event is None:
        return ""
    gain = help_gain(run.parameters, event["detail"])
    return f"{capital(instrument(event['detail']))} took up to {gain:.1f} off the log-odds"


def ending(challenge: Challenge) -> str:
    """Tell how a challenge ended."""
    if challenge.ended is None:
        return f"The challenge in {name(challenge.state)} was still open when the run ended."
    return sentence(challenge.ended)
