"""What Moscow weighs when it may help a challenged regime."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import BEYOND_COMPILED, KEPT, rule
from sim.model.moscow.worth import recognition, worth
from sim.model.regimes.week import backing, defection_log_odds, defection_risk, logistic
from sim.model.rows import Numbers, RowArray

if TYPE_CHECKING:
    from sim.model.moscow.instruments import Cost, Rescue
    from sim.model.regimes.challenge import OpenChallenge


class Danger(NamedTuple):
    """A challenge as Moscow sees it this week, before it helps.

    Parameters
    ----------
    log_odds : float
        That services turn in a week, before any help.
    risk : float
        That they turn within Moscow's horizon, 0-1, with the help at work.
    worth, recognition : float
        What keeping the regime is worth to Moscow, and standing by its last vote.
    """

    log_odds: float
    risk: float
    worth: float
    recognition: float


class Offer(NamedTuple):
    """One instrument for one challenge, weighed before its means are priced.

    Parameters
    ----------
    challenge : OpenChallenge
    instrument : Rescue
    cost : Cost
        Means it takes beyond what the challenge holds already.
    saved : float
        Risk of a fall that it is expected to take away.
    value : float
        Worth of the regime times that, and of recognising its vote.
    price : float
        Political price.
    weight_of_price : float
        Share of all prices that is not ignored.
    """

    challenge: OpenChallenge
    instrument: Rescue
    cost: Cost
    saved: float
    value: float
    price: float
    weight_of_price: float


# -- most offers cannot pay, whatever they save, and need not be weighed ------------------------------


@rule
def highest_net_value(
    keeping: float, risk: float, recognised: float, price: float, weight_of_price: float
) -> float:
    """Return what no offer's net value exceeds: all danger taken away, by means that cost nothing.

    Where a regime is a burden, what would add to its danger could be worth more.

    Parameters
    ----------
    keeping : float
        Worth of the regime.
    risk : float
        That services turn within Moscow's horizon, 0-1.
    recognised : float
        Worth of recognising its vote; 0 where an instrument does not.
    price, weight_of_price : float
        As of an `Offer`.
    """
    value = keeping * risk if keeping > 0 else -keeping
    return value + recognised - weight_of_price * price


@rule
def seen_risk(challenge: Numbers, regime: Numbers, rules: Numbers, cover: float, error: float) -> float:
    """Return the risk of a `Danger` to an observer who misjudges cohesion and loyalty by an error."""
    log_odds = defection_log_odds(
        rules.challenges, challenge.participation, regime.cohesion + error, regime.security_loyalty + error,
        regime.openness, regime.preparedness, regime.dependence,
    )  # fmt: skip
    held = challenge.answer_gain + backing(challenge.help_gain, cover, rules)
    risk: float = defection_risk(log_odds - held, rules.challenges.horizon_weeks)
    return risk


@numba.njit(cache=KEPT, nogil=True)
def may_pass(
    states: NDArray[np.int64],
    errors: NDArray[np.float64],
    challenges: RowArray,
    regimes: RowArray,
    rules: RowArray,
    covers: NDArray[np.float64],
    uniforms: NDArray[np.float64],
    prices: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Return which rungs of help the month's draw could let pass, shape (challenges, rungs).

    Each is more than the help at work. For a regime worth nothing there is only recognition.

    Parameters
    ----------
    states, errors : ndarray, shape (challenges,)
        Where one is open, and how Moscow misjudges cohesion and loyalty there.
    covers, uniforms : ndarray, shape (states,)
    prices : ndarray, shape (rungs, 3)
        Whether it recognises a vote, its price, and the weight of that.
    """
    passing = np.zeros((states.size, len(prices)), np.bool_)
    p = rules[0].moscow
    for place in range(states.size):
        state = states[place]
        challenge, regime = challenges[state], regimes[state]
        keeping = worth(p, regime.alignment, regime.strategic_value, regime.burden)
        months = min(regime.months_since_election, regime.months_since_parliament)
        valid = recognition(p, months, regime.unfair_votes, regime.alignment)
        if keeping <= 0 and valid == 0:
            continue
        risk = seen_risk(challenge, regime, rules[0], covers[state], errors[place])
        for rung in range(challenge.rung, len(prices)):  # counted from 0: those above the help at work
            recognises, price, weight = prices[rung]
            if keeping <= 0 and recognises == 0:
                continue
            net = highest_net_value(keeping, risk, recognises * valid, price, weight)
            passing[place, rung] = uniforms[state] < BEYOND_COMPILED * logistic(p.decisiveness * net)
    return passing
