"""How a regime answers a challenge: one small class a response, with the rules of what it is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT, rule
from sim.model.moscow.instruments import NO_HELP
from sim.model.moscow.worth import worth
from sim.model.randomness import Process
from sim.model.regimes.challenge import (
    BUY_OFF,
    CALL_MOSCOW,
    CONCEDE,
    HEDGE,
    NO_ANSWER,
    REPRESS,
    OpenChallenge,
)
from sim.model.regimes.week import WEEKS, log_odds_of, logistic
from sim.model.region.alliance import ALLIANCE
from sim.model.region.powers import strongest
from sim.model.rows import Numbers, RowArray
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace

HOPELESS = 0.05  # chance of an answer below which no regime asks: a refusal in public would be all it got


class Around(NamedTuple):
    """What a challenged regime reckons with besides its own standing.

    Parameters
    ----------
    cover : float
        Chance of troops, 0-1 (`Alliance.cover`).
    allied : bool
        Whether it is in the alliance.
    reach : float
        How strongly another power draws it, 0 or more.
    standing : float
        Moscow's, 0-1.
    """

    cover: float
    allied: bool
    reach: float
    standing: float


class Response:
    """One way to answer a challenge.

    Attributes
    ----------
    number : int
        Its place in `ANSWERS`.
    gain : callable
        ``gain(challenge, regime, around, rules)``, of rows or agents: what it adds to survival, in log-odds;
        minus infinity where it cannot be done.
    cost : callable
        ``cost(regime, rules.regimes)``: what it costs the regime, in the same unit.
    """

    number: ClassVar[int]
    gain: ClassVar[staticmethod[[Numbers, Numbers, Around, Numbers], float]]
    cost: ClassVar[staticmethod[[Numbers, Numbers], float]]

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """Do it for one week."""
        raise NotImplementedError


# -- repress -------------------------------------------------------------------------------------------


@rule
def repression_gain(challenge: Numbers, regime: Numbers, around: Around, rules: Numbers) -> float:
    """More with loyal services, less against a large crowd."""
    p = rules.regimes
    beyond = challenge.participation - p.overwhelmed_from
    overwhelmed = beyond if beyond > 0.0 else 0.0
    gain: float = p.repression_gain * (regime.security_loyalty - overwhelmed)
    return gain


@rule
def repression_cost(regime: Numbers, p: Numbers) -> float:
    """Open regimes pay more."""
    cost: float = p.repression_price + p.repression_price_open * regime.openness
    return cost


class Repress(Response):
    """Use the security services: effective while they are loyal, paid for in legitimacy (Davenport 2007)."""

    number = REPRESS
    gain, cost = staticmethod(repression_gain), staticmethod(repression_cost)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """Legitimacy falls; the movement loses resources, and a crowd that has not formed its spark."""
        p = space.parameters.regimes
        challenge.regime.legitimacy -= p.repression_cost
        if challenge.weeks == 0:
            challenge.spark *= 1 - p.early_repression
        challenge.movement.repressed()


# -- buy off -------------------------------------------------------------------------------------------


@rule
def buy_off_gain(challenge: Numbers, regime: Numbers, around: Around, rules: Numbers) -> float:
    """As much as there is to spend."""
    gain: float = rules.regimes.buy_off_gain * regime.rents
    return gain


@rule
def buy_off_cost(regime: Numbers, p: Numbers) -> float:
    """Money that is gone."""
    cost: float = p.buy_off_price
    return cost


class BuyOff(Response):
    """Spend rents on the discontented (Ross 2001)."""

    number = BUY_OFF
    gain, cost = staticmethod(buy_off_gain), staticmethod(buy_off_cost)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """Rents fall, the spark fades."""
        p = space.parameters.regimes
        challenge.spark *= 1 - 0.5 * p.concession_relief * challenge.regime.rents  # half, as that states
        challenge.regime.rents *= 1 - p.buy_off_cost


# -- concede -------------------------------------------------------------------------------------------


@rule
def concession_gain(challenge: Numbers, regime: Numbers, around: Around, rules: Numbers) -> float:
    """More where institutions make promises credible."""
    gain: float = rules.regimes.concession_gain + regime.openness
    return gain


@rule
def concession_cost(regime: Numbers, p: Numbers) -> float:
    """Elites of closed regimes see weakness."""
    cost: float = p.concession_price + p.concession_price_closed * (1 - regime.openness)
    return cost


class Concede(Response):
    """Give way: credible from open regimes, a sign of weakness to elites (Acemoglu and Robinson 2001)."""

    number = CONCEDE
    gain, cost = staticmethod(concession_gain), staticmethod(concession_cost)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """The spark fades and legitimacy recovers; cohesion suffers."""
        p = space.parameters.regimes
        challenge.spark *= 1 - p.concession_relief
        challenge.regime.legitimacy += p.concession_legitimacy
        challenge.regime.cohesion -= p.concession_strain


# -- call Moscow ---------------------------------------------------------------------------------------


@rule
def help_expected(regime: Numbers, cover: float, rules: Numbers) -> float:
    """Return the chance of an answer as the regime sees it: past answers, Moscow's evident interest.

    Past answers are its own, or the alliance's record if that promises more (claim M7).
    """
    hope = max(regime.expects_help, cover)
    kept = worth(rules.moscow, regime.alignment, regime.strategic_value, regime.burden)
    expected: float = hope * min(max(kept, 0.0) / rules.regimes.evident_interest, 1.0)
    return expected


@rule
def call_gain(challenge: Numbers, regime: Numbers, around: Around, rules: Numbers) -> float:
    """Expected help, by belief from past answers; only a regime on Moscow's side asks."""
    waits = challenge.requested and not challenge.answered
    if challenge.help_place != NO_HELP or regime.alignment <= 0 or waits:
        return -math.inf
    expected = help_expected(regime, around.cover, rules)
    if expected < HOPELESS:
        return -math.inf
    ladder = rules.instruments
    hoped = ladder.deployment_gain if around.allied else ladder.security_gain
    gain: float = expected * hoped * danger(challenge, regime, rules.challenges) * around.standing
    return gain


@rule
def danger(challenge: Numbers, regime: Numbers, p: Numbers) -> float:
    """Return how near services are to turning, 0-1, as the regime itself sees it."""
    near: float = min(p.horizon_weeks * logistic(log_odds_of(challenge, regime, p)), 1.0)
    return near


@rule
def call_cost(regime: Numbers, p: Numbers) -> float:
    """Autonomy, the dearer the less aligned the regime and the less it depends on Moscow already."""
    closeness = 0.5 * (regime.alignment + regime.dependence)  # the mean of both
    cost: float = p.call_price + p.autonomy_cost * (1 - closeness)
    return cost


class CallMoscow(Response):
    """Ask Moscow for help: worth what the regime expects of it (claims M1, G7)."""

    number = CALL_MOSCOW
    gain, cost = staticmethod(call_gain), staticmethod(call_cost)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """The request goes to Moscow, which weighs it against all others."""
        challenge.requested, challenge.answered = True, False
        challenge.record.requests.append(space.tick)
        regime = challenge.regime
        space.ledger.note(
            "request", regime.code, MOSCOW, "", challenge.participation, challenge=challenge.record.number,
            expected=help_expected(regime, space.alliance.cover(regime), space.parameters),
        )  # fmt: skip


# -- hedge ---------------------------------------------------------------------------------------------


@rule
def hedge_gain(challenge: Numbers, regime: Numbers, around: Around, rules: Numbers) -> float:
    """As far as another power reaches and the crowd is at odds with the alignment."""
    p = rules.regimes
    resented = max(-regime.attitude, 0.0) * max(regime.alignment, 0.0)
    gain: float = p.hedge_gain * (around.reach + p.hedge_resentment * resented)
    return gain


@rule
def hedge_cost(regime: Numbers, p: Numbers) -> float:
    """A regime that depends on Moscow risks its sponsor."""
    cost: float = p.hedge_price + p.hedge_price_dependent * regime.dependence
    return cost


class Hedge(Response):
    """Turn to another power: takes the sting from a crowd that resents Moscow (claim K5; Hale 2015)."""

    number = HEDGE
    gain, cost = staticmethod(hedge_gain), staticmethod(hedge_cost)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """The line moves away from Moscow, a month's worth in four weeks."""
        p = space.parameters.regimes
        challenge.regime.line -= p.hedge_shift / WEEKS
        challenge.regime.dependence *= 1 - p.hedge_dependence


RESPONSES: tuple[Response, ...] = (Repress(), BuyOff(), Concede(), CallMoscow(), Hedge())
"""In the order of `ANSWERS`."""


# -- the choice ----------------------------------------------------------------------------------------


def choose(
    space: PostSovietSpace, challenges: Sequence[OpenChallenge], uniforms: NDArray[np.float64] | None = None
) -> None:
    """Let challenged regimes choose their responses for the week.

    Parameters
    ----------
    uniforms : ndarray, shape (states, weeks), optional
        In place of the month's draws.
    """
    if uniforms is None:
        uniforms = space.numbers.table(Process.RESPONSE, space.tick, len(space.regimes), WEEKS)
    rows = space.rows
    _choose(
        np.array([challenge.index for challenge in challenges]),
        np.array([ALLIANCE in challenge.regime.memberships for challenge in challenges]),
        rows.challenges, rows.regimes, space.rules, space.alliance.covers, space.pulls,
        space.moscow.standing, uniforms,
    )  # fmt: skip


@numba.njit(cache=KEPT, nogil=True)
def _choose(
    states: NDArray[np.int64],
    allied: NDArray[np.bool_],
    challenges: RowArray,
    regimes: RowArray,
    rules: RowArray,
    covers: NDArray[np.float64],
    pulls: NDArray[np.float64],
    standing: float,
    uniforms: NDArray[np.float64],
) -> None:
    """Choose by quantal response in every challenged state (McKelvey and Palfrey 1995).

    Parameters
    ----------
    states, allied : ndarray, shape (challenges,)
        Where one is open, and whether the regime is in the alliance.
    covers : ndarray, shape (states,)
    pulls : ndarray, shape (powers, states)
    standing : float
    uniforms : ndarray, shape (states, weeks)
    """
    for place in range(states.size):
        state = states[place]
        challenge, regime = challenges[state], regimes[state]
        around = Around(covers[state], allied[place], strongest(pulls, state)[1], standing)
        chosen, gain = _response(
            challenge, regime, around, rules[0], uniforms[state, challenge.weeks % WEEKS]
        )
        challenge.response = chosen
        # of a call, only what Moscow sends helps
        challenge.answer_gain = 0.0 if chosen == CALL_MOSCOW or gain < 0.0 else gain


@rule
def _response(
    challenge: Numbers, regime: Numbers, around: Around, rules: Numbers, uniform: float
) -> tuple[int, float]:
    """Return the number of the response that a draw in (0, 1) chooses, and what it adds to survival."""
    p = rules.regimes
    gains = (
        repression_gain(challenge, regime, around, rules),
        buy_off_gain(challenge, regime, around, rules),
        concession_gain(challenge, regime, around, rules),
        call_gain(challenge, regime, around, rules),
        hedge_gain(challenge, regime, around, rules),
    )
    costs = (
        repression_cost(regime, p), buy_off_cost(regime, p), concession_cost(regime, p),
        call_cost(regime, p), hedge_cost(regime, p),
    )  # fmt: skip
    best = -math.inf
    for number in range(len(gains)):
        if gains[number] > -math.inf:
            best = max(best, p.rationality * (gains[number] - costs[number]))
    total = 0.0
    for number in range(len(gains)):
        if gains[number] > -math.inf:
            total += math.exp(p.rationality * (gains[number] - costs[number]) - best)
    left, chosen = uniform * total, NO_ANSWER
    for number in range(len(gains)):
        if gains[number] > -math.inf and (left > 0 or chosen == NO_ANSWER):
            chosen = number
            left -= math.exp(p.rationality * (gains[number] - costs[number]) - best)
    return chosen, gains[chosen]
