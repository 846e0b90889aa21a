"""The course of one rise of the street: what it came upon, what the regime, Moscow and the services did."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.explain.sentences import dated
from sim.explain.story import tell
from sim.explain.words import (
    RESPONSES,
    capital,
    counted,
    instrument,
    listed,
    month_name,
    name,
    percent,
)
from sim.instruments import INSTRUMENTS
from sim.measures.falls import falls_among
from sim.model.regimes.week import (
    MIDDLING_COHESION,
    MIDDLING_LOYALTY,
    REFERENCE_TURNOUT,
    defection_log_odds,
    defection_risk,
)
from sim.scenario.timeline import Abstain

if TYPE_CHECKING:
    from sim.explain.one_run import OneRun, Rise
    from sim.model.trace import Event
    from sim.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Section:
    """A step in the chain of causes: a heading and its sentences."""

    heading: str
    sentences: tuple[str, ...]


# -- what it came upon: the regime's stocks, what had happened, and the crowd -----------------------

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


def earlier(run: OneRun, state: str, tick: int) -> list[str]:
    """Tell what had happened in a state in the two years before a month, and falls elsewhere in one."""
    recent = [event for event in run.events if tick - _LOOK_BACK <= event.tick <= tick]
    own = [
        event
        for event in recent
        if _concerns(event, state)
        and (event.tick < tick or event.kind in ("succession", "timeline"))
        and event.kind not in _MOVEMENTS
        and event.detail != "fall"
    ]
    lines = tell(run, own)
    left_out = len(lines) - _MOST
    shown = lines[-_MOST:]
    if left_out > 0:
        shown = [f"({counted(left_out, 'earlier event')} of these two years left out.)", *shown]
    falls = [
        f"{name(event.target)} ({month_name(run.month(event.tick))})"
        for event in falls_among(recent, "street")
        if event.target != state and tick - _EXAMPLE <= event.tick < tick
    ]
    if falls:
        shown.append(
            f"Its opposition, and the regime, could learn from falls to the street in {listed(falls)}."
        )
    return shown


def _concerns(event: Event, state: str) -> bool:
    if event.kind == "timeline":
        return event.target in ("", state)
    return state in (event.actor, *event.target.split("-"))


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


# -- what the regime answered, and what Moscow did and why ------------------------------------------

_SMALL = 0.05  # log-odds not worth a word


def answer(run: OneRun, rise: Rise) -> list[str]:
    """Tell the regime's answers, a sentence a month, with what each was worth to it."""
    lines = []
    for event in rise.of_kind("response"):
        gain = float(event.facts["answer_gain"])
        worth_it = f", which takes {gain:.1f} off the log-odds of a defection"
        if event.detail == "call Moscow":
            worth_it = ""  # it is worth what Moscow makes of it
        elif gain < _SMALL:
            worth_it = ", which does nothing to hold the services"
        crowded = (
            f"{percent(event.value)} in open opposition in the month's first week, loyalty "
            f"{event.facts['loyalty']:.2f}"
        )
        what = f"the regime {RESPONSES[event.detail][0]}{worth_it} ({crowded})"
        lines.append(dated(run.month(event.tick), what))
    last = month_name(run.month(rise.months[-1]))
    return lines[:4] + ([f"(And so on to {last}.)"] if lines[4:] else [])


def moscow(run: OneRun, rise: Rise) -> list[str]:
    """Tell what Moscow gave or refused, and why; where it did nothing, why not."""
    acts = [event for event in rise.events if event.kind in ("instrument", "refusal", "request")]
    valued, alignment = float(rise.opened.facts["worth"]), float(rise.opened.facts["alignment"])
    value = f"Keeping the regime was worth {valued:.2f} to Moscow (alignment {alignment:.2f})"
    if acts:
        lines = list(dict.fromkeys(tell(run, acts)))
        return [f"{value}.", *_barred(run, rise), *lines]
    if valued <= 0:
        return [f"{value}: nothing to defend, so it weighed no help."]
    if alignment <= 0:
        return [f"{value}. Only a regime on its side asks for help, and unasked it gave none."]
    return [f"{value}. The regime did not ask, and unasked Moscow gave none.", *_barred(run, rise)]


def _barred(run: OneRun, rise: Rise) -> list[str]:
    """Tell which instruments the scenario took from Moscow there and then."""
    entries = {entry.name: entry for entry in run.scenario.timeline}
    barred: set[str] = set()
    for event in run.events:
        entry = entries.get(event.detail) if event.kind == "timeline" else None
        if not isinstance(entry, Abstain) or rise.state not in entry.states:
            continue
        if event.tick <= rise.months[-1] and rise.months[0] <= event.tick + entry.months:
            barred |= set(entry.instruments)
    ladder = [instrument(code) for code in INSTRUMENTS if code in barred]
    return [f"The scenario barred Moscow from using {listed(ladder)} there."] if ladder else []


def rescue(rise: Rise) -> str:
    """Tell what Moscow's strongest help was worth; nothing where it gave none."""
    given = rise.of_kind("instrument")
    if not given:
        return ""
    best = max(given, key=_help_gain)
    return f"{capital(instrument(best.detail))} took up to {_help_gain(best):.1f} off the log-odds"


def _help_gain(event: Event) -> float:
    return float(event.facts["help_gain"])


def ending(run: OneRun, rise: Rise) -> str:
    """Tell how it ended."""
    if rise.ended is None:
        return f"The challenge in {name(rise.state)} was still open when the run ended."
    return run.sentence(rise.ended)


# -- what held the security services, by the model's own rule ----------------------------------------

_LABELS = {
    "participation": ("a smaller crowd of {}", "a crowd of {}", "a larger crowd of {}"),
    "cohesion": ("low elite cohesion of {}", "elite cohesion of {}", "high elite cohesion of {}"),
    "loyalty": tuple(f"{how}loyalty of {{}} in the services" for how in ("low ", "", "high ")),
    "openness": ("openness of {}",) * 3,
    "preparedness": ("preparedness of {}",) * 3,
}
"""What each is called below, at and above its neutral level, with a place for its own."""

_NEUTRAL = {
    "participation": REFERENCE_TURNOUT, "cohesion": MIDDLING_COHESION, "loyalty": MIDDLING_LOYALTY,
    "openness": 0.0, "preparedness": 0.0,
}  # fmt: skip
"""Levels at which each adds nothing to the log-odds of a defection (docs/MODEL.md, Regimes)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the services see in a week or month of a challenge; each 0-1."""

    participation: float
    cohesion: float
    loyalty: float
    openness: float
    preparedness: float
    dependence: float

    def log_odds(self, parameters: Parameters) -> float:
        """Return the log-odds that services turn in a week, before any answer."""
        return defection_log_odds(parameters.challenges, **dataclasses.asdict(self))


def standing(run: OneRun, state: str, tick: int) -> Standing:
    """Return a month's crowd, with the stocks at the end of the month before.

    The month's own end would show a successor's stocks where the regime fell.
    """
    return Standing(
        participation=run.value(state, "participation", tick),
        cohesion=run.value(state, "cohesion", tick - 1),
        loyalty=run.value(state, "security_loyalty", tick - 1),
        openness=run.openness(state, tick),
        preparedness=run.value(state, "preparedness", tick - 1),
        dependence=run.value(state, "dependence", tick - 1),
    )


def at_defection(rise: Rise) -> Standing | None:
    """Return what the services saw when they turned; None if they did not."""
    event = rise.first("defection")
    if event is None:
        return None
    stocks_seen = ("cohesion", "loyalty", "openness", "preparedness", "dependence")
    return Standing(event.value, *(float(event.facts[stock]) for stock in stocks_seen))


def risk(run: OneRun, state: str, tick: int) -> float:
    """Return the log-odds that a state's services turn in a week of a month, before any answer."""
    return standing(run, state, tick).log_odds(run.parameters_in(tick))


def worst_month(run: OneRun, rise: Rise) -> int:
    """Return the month in which the services were likeliest to turn, by its number from 0."""
    return max(rise.months, key=lambda tick: risk(run, rise.state, tick))


def gravest(run: OneRun, found: Sequence[Rise]) -> Rise:
    """Return the rise of the street that came nearest to turning the services; there is at least one."""
    return max(found, key=lambda rise: risk(run, rise.state, worst_month(run, rise)))


def weeks(rise: Rise) -> int:
    """Return how many weeks it lasted, at least one."""
    return max(len(rise.answers), 1)


def protections(parameters: Parameters, seen: Standing) -> dict[str, float]:
    """Return what the crowd and each stock take off the log-odds of a defection, against a neutral level.

    Returns
    -------
    dict of str to float
        By stock; negative where it helps the services to turn. With `challenges.defection_base` they make
        up the log-odds.
    """
    odds = seen.log_odds(parameters)
    return {
        stock: dataclasses.replace(seen, **{stock: level}).log_odds(parameters) - odds
        for stock, level in _NEUTRAL.items()
    }


def terms(parameters: Parameters, seen: Standing) -> tuple[float, dict[str, float]]:
    """Return the start of the log-odds of a defection and what each stock adds, as they are told.

    They are rounded to tenths so that they add up to the rounded log-odds: what is over goes to the terms
    that are cut most.
    """
    exact = {"": parameters.challenges.defection_base}
    exact |= {stock: -size for stock, size in protections(parameters, seen).items()}
    tenths = {stock: math.floor(10 * size) for stock, size in exact.items()}
    over = round(10 * round(seen.log_odds(parameters), 1)) - sum(tenths.values())
    for stock in sorted(exact, key=lambda stock: tenths[stock] - 10 * exact[stock])[:over]:
        tenths[stock] += 1
    start = tenths.pop("") / 10
    return start, {stock: tenth / 10 for stock, tenth in tenths.items()}


def services(run: OneRun, rise: Rise, tick: int) -> list[str]:
    """Tell the chance that the services turn in a month, and what held them."""
    seen = at_defection(rise) or standing(run, rise.state, tick)
    parameters = run.parameters_in(tick)
    odds = seen.log_odds(parameters)
    start, parts = terms(parameters, seen)
    told = sorted(parts.items(), key=lambda item: -abs(item[1]))
    held = [f"{_valued(stock, seen)} ({size:+.1f})" for stock, size in told if size < 0]
    drove = [f"{_valued(stock, seen)} ({size:+.1f})" for stock, size in told if size > 0]
    turned = rise.first("defection")
    when = (
        f"At the peak of {month_name(run.month(tick))}"
        if turned is None
        else f"In the week of {month_name(run.month(turned.tick))} in which they turned"
    )
    over = f"{percent(defection_risk(odds, weeks(rise)))} over {counted(weeks(rise), 'week')} like that"
    lines = [
        f"{when}, with {percent(seen.participation)} in open opposition and before any answer, the chance "
        f"that the services turned was {percent(defection_risk(odds, 1))} a week (log-odds {odds:.1f})"
        + (f": {over}." if turned is None else "."),
        f"These log-odds start from {start:.1f}, for {percent(REFERENCE_TURNOUT)} in open opposition, "
        f"middling cohesion ({MIDDLING_COHESION:.2f}) and loyalty ({MIDDLING_LOYALTY:.2f}), and a closed "
        "regime that was not prepared.",
    ]
    if held:
        lines.append(f"Lowered by {listed(held)}.")
    if drove:
        lines.append(f"Raised by {listed(drove)}.")
    if turned is not None:
        answered, backed, chance = (
            float(turned.facts[name]) for name in ("answer_gain", "backing", "chance")
        )
        return [
            *lines,
            f"The regime's answer took off {answered:.1f} and Moscow's backing {backed:.1f}, which left "
            f"{percent(chance)} that week.",
        ]
    eased = _relief(rise)
    also = " and Moscow's help" if rise.of_kind("instrument") else ""
    if eased > _SMALL:
        lines.append(
            f"The regime's answer{also} took off up to {eased:.1f} more, which leaves "
            f"{percent(defection_risk(odds - eased, 1))} a week."
        )
    return lines


def _valued(stock: str, seen: Standing) -> str:
    """Tell a stock with its level, and on which side of the neutral one it lies."""
    level, neutral = float(getattr(seen, stock)), _NEUTRAL[stock]
    shown = percent(level) if stock == "participation" else f"{level:.2f}"
    return _LABELS[stock][1 + (level > neutral) - (level < neutral)].format(shown)


def _relief(rise: Rise) -> float:
    """Return what a month's answer and the strongest help took off the log-odds, at most."""
    answered = max((float(e.facts["answer_gain"]) for e in rise.of_kind("response")), default=0.0)
    return answered + max(map(_help_gain, rise.of_kind("instrument")), default=0.0)
