"""What held the security services in a month of a run, by the model's rules on what the run wrote down."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sim.model.moscow.instruments import RESCUE_LADDER
from sim.model.moscow.moscow import Moscow
from sim.model.regimes.crisis import MIDDLING_COHESION, MIDDLING_LOYALTY, Crisis, logistic
from sim.model.regimes.responses import RESPONSES

if TYPE_CHECKING:
    from sim.explain.one_run import OneRun
    from sim.measures.challenges import Challenge
    from sim.parameters import Parameters

_NEUTRAL = {
    "cohesion": MIDDLING_COHESION, "security_loyalty": MIDDLING_LOYALTY, "openness": 0.0, "preparedness": 0.0,
}  # fmt: skip
"""Levels at which each adds nothing to the log-odds of a defection (docs/MODEL.md, Regimes)."""

_ANSWERS = ("repress", "buy off", "concede")
"""Responses whose gain follows from what a run writes down."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the services see in a month of a challenge; each 0-1."""

    participation: float
    cohesion: float
    security_loyalty: float
    openness: float
    preparedness: float
    dependence: float


def standing(run: OneRun, state: str, tick: int) -> Standing:
    """Return a month's crowd, with the stocks at the end of the month before.

    The month's own end would show a successor's stocks where the regime fell.
    """
    stocks = {
        name: run.value(state, name, tick - 1)
        for name in ("cohesion", "security_loyalty", "preparedness", "dependence")
    }
    return Standing(
        participation=run.value(state, "participation", tick), openness=run.openness(state, tick), **stocks
    )


def defection_log_odds(parameters: Parameters, seen: Standing) -> float:
    """Return the log-odds that services turn in a week, before any answer, by the model's own rule."""
    view: Any = SimpleNamespace(parameters=parameters, regime=seen, participation=seen.participation)
    return Crisis.defection_log_odds(view, view)


def risk(run: OneRun, state: str, tick: int) -> float:
    """Return the log-odds that a state's services turn in a week of a month, before any answer."""
    return defection_log_odds(run.parameters, standing(run, state, tick))


def worst_month(run: OneRun, challenge: Challenge) -> int:
    """Return the month of a challenge in which the services were likeliest to turn, by its number from 0."""
    months = range(int(challenge.opened["tick"]), int(challenge.events[-1]["tick"]) + 1)
    return max(months, key=lambda tick: risk(run, challenge.state, tick))


def gravest(run: OneRun, found: Sequence[Challenge]) -> Challenge:
    """Return the challenge that came nearest to turning the services; there is at least one."""
    return max(found, key=lambda challenge: risk(run, challenge.state, worst_month(run, challenge)))


def chance(log_odds: float, weeks: int = 1) -> float:
    """Return the chance that services turn within some weeks of equal log-odds."""
    return 1 - (1 - logistic(log_odds)) ** weeks


def protections(parameters: Parameters, seen: Standing) -> dict[str, float]:
    """Return what each stock takes off the log-odds of a defection, against a neutral level.

    Returns
    -------
    dict of str to float
        By stock; negative where it helps the services to turn.
    """
    odds = defection_log_odds(parameters, seen)
    return {
        name: defection_log_odds(parameters, dataclasses.replace(seen, **{name: level})) - odds
        for name, level in _NEUTRAL.items()
    }


def answer_gain(parameters: Parameters, response: str, seen: Standing, rents: float) -> float | None:
    """Return what a response takes off the log-odds; None where the run does not tell.

    Parameters
    ----------
    response : str
    seen : Standing
    rents : float
        The regime's, 0-1.
    """
    if response not in _ANSWERS:
        return None
    regime = SimpleNamespace(**dataclasses.asdict(seen), rents=rents)
    view: Any = SimpleNamespace(parameters=parameters, regime=regime, participation=seen.participation)
    rule = next(rule for rule in RESPONSES if rule.name == response)
    return max(rule.gain(view, view), 0.0)


def help_gain(parameters: Parameters, instrument: str) -> float:
    """Return what an instrument of Moscow takes off the log-odds, at full standing; 0 for no instrument."""
    return max((rung.gain(parameters) for rung in RESCUE_LADDER if rung.name == instrument), default=0.0)


def worth(run: OneRun, state: str, tick: int) -> float:
    """Return what keeping a regime was worth to Moscow at the end of a month, by the model's own rule."""
    start = run.start[state]
    view: Any = SimpleNamespace(space=SimpleNamespace(parameters=run.parameters))
    regime: Any = SimpleNamespace(
        alignment=run.value(state, "alignment", tick),
        strategic_value=start["strategic_value"],
        burden=start["burden"],
    )
    return Moscow.worth(view, regime)
