"""The numbers in which a scenario differs from its baseline, each with its range, unit and source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.analysis.design import allowed_ranges
from sim.explain.words import in_words
from sim.parameters import Prior, catalogue, prior_text
from sim.report.differing import differing
from sim.scenario.describe import when
from sim.scenario.settings import in_order
from sim.scenario.states import STATE_NAMES
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.report.differing import Differing
    from sim.scenario import Scenario
    from sim.scenario.ranges import Range

TAILS = (0.05, 0.95)
"""Quantiles of a prior between which its slider moves."""

_STEPS = 100  # of a slider, about


@dataclass(frozen=True, slots=True)
class Number:
    """One number that can be moved.

    Parameters
    ----------
    path : str
        As ``sim compare --set`` takes it.
    meaning, unit : str
    prior, there : str
        What it is drawn from in the scenario, and in the baseline.
    tag, source : str
        How much it should be believed, and where it comes from.
    low, high, step : float
        Of the slider: from the 5 % to the 95 % quantile, over both priors, outwards to a round number.
    centre : float
        Of the scenario's prior.
    allowed : tuple of float
        The whole range that may be set.
    """

    path: str
    meaning: str
    unit: str
    prior: str
    there: str
    tag: str
    source: str
    low: float
    high: float
    step: float
    centre: float
    allowed: tuple[float, float]


def numbers(scenario: Scenario, baseline: Scenario) -> dict[str, list[Number]]:
    """Return the numbers in which a scenario differs from its baseline, by the claim that sets them.

    Parameters
    ----------
    scenario, baseline : Scenario
    """
    found: dict[str, list[Number]] = {}
    for row in differing(scenario, baseline):
        if row.number:
            found.setdefault(row.claim, []).append(_number(row.number, row, scenario, baseline))
    order = [f"{claim.id}: {claim.claim}" for claim in scenario.claims]
    named = sorted(found, key=lambda claim: order.index(claim) if claim in order else len(order))
    return {claim or "Set by the scenario itself": found[claim] for claim in named}


def otherwise(scenario: Scenario, baseline: Scenario) -> list[str]:
    """Return in what else a scenario differs from its baseline: its span, and its own events, in words.

    Parameters
    ----------
    scenario, baseline : Scenario
    """
    spans = [
        f"{key} {getattr(scenario, key)}, {baseline.name} {getattr(baseline, key)}"
        for key in ("start", "years", "mode", "citizens")
        if getattr(scenario, key) != getattr(baseline, key)
    ]
    events = [
        f"{when(event)}: {event.in_words(in_words)}"
        for event in scenario.timeline
        if event not in baseline.timeline
    ]
    return [*spans, *events]


def _number(path: str, row: Differing, scenario: Scenario, baseline: Scenario) -> Number:
    allowed = allowed_ranges()[path]
    ours, theirs = (_prior(path, each) for each in (scenario, baseline))
    ends = [
        in_order(prior).draw(tail, allowed.low, allowed.high)
        for prior in (ours, theirs)
        if prior is not None
        for tail in TAILS
    ]
    centre = ours.centre if ours is not None else ends[0]
    low, high, step = rounded_outwards(min(ends), max(ends), allowed.low, allowed.high)
    spec = catalogue().get(path)
    return Number(
        path=path,
        meaning=spec.meaning if spec else _start(path, allowed),
        unit=allowed.unit,
        prior=prior_text(ours) if ours is not None else "as the record has it",
        there=prior_text(theirs) if theirs is not None else "as the record has it",
        tag=row.tag,
        source=row.source,
        low=low,
        high=high,
        step=step,
        centre=min(max(centre, low), high),
        allowed=(allowed.low, allowed.high),
    )


def _prior(path: str, scenario: Scenario) -> Prior | None:
    """Return what a number is drawn from; None where it is a state's of the record."""
    settings = scenario.initial if path.startswith("initial.") else scenario.parameters
    setting = settings.get(path.removeprefix("initial."))
    if setting is not None:
        return setting.prior
    return scenario.shared(path).prior if path in catalogue() else None


def _start(path: str, allowed: Range) -> str:
    _, state, quantity = path.split(".", 2)
    if state == MOSCOW:
        return allowed.meaning
    return f"{quantity.replace('_', ' ')} of {STATE_NAMES.get(state, state)} at the start"


def rounded_outwards(low: float, high: float, least: float, most: float) -> tuple[float, float, float]:
    """Return the ends of a slider and its step: a round number, of which the ends are multiples.

    Parameters
    ----------
    low, high : float
        Where it should at least reach.
    least, most : float
        Where it may at most reach.

    Examples
    --------
    >>> rounded_outwards(0.123, 0.871, 0.0, 1.0)
    (0.12, 0.88, 0.005)
    """
    if low == high:  # a fixed number that nothing else is held against: half of it to either side
        low, high = low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2
    low, high = max(low, least), min(high, most)
    ideal = (high - low) / _STEPS
    unit = 10.0 ** math.floor(math.log10(ideal))
    step = max(size * unit for size in (1, 2, 5) if size * unit <= ideal * (1 + 1e-9))
    places = max(0, -math.floor(math.log10(step)))
    ends = (math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step)
    bottom, top = (round(end, places) for end in ends)
    return max(bottom, least), min(top, most), round(step, places)
