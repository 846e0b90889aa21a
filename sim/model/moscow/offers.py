"""What Moscow weighs when it may help a challenged regime."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import BEYOND_COMPILED, KEPT
from sim.model.moscow.worth import recognition, worth
from sim.model.regimes.week import backing, defection_risk, log_odds_of, logistic
from sim.model.rows import RowArray

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


# -- most offers would be refused, and need not be weighed --------------------------------------------


@numba.njit(cache=KEPT, nogil=True)
def may_pass(
    states: NDArray[np.int64],
    errors: NDArray[np.float64],
    challenges: RowArray,
    regimes: RowArray,
    rules: RowArray,
    covers: NDArray[np.float64],
    uniforms: NDArray[np.float64],
    ladder: NDArray[np.float64],
    standing: float,
) -> NDArray[np.bool_]:
    """Return which steps of help the month's draw could let pass, were means free: shape (challenges, steps).

    Each is more than the help at work, by its place on the ladder and not by its rung, which several may
    share. For a regime worth nothing there is only recognition.

    Parameters
    ----------
    states, errors : ndarray, shape (challenges,)
        Where one is open, and how Moscow misjudges cohesion and loyalty there.
    covers, uniforms : ndarray, shape (states,)
    ladder : ndarray, shape (steps, 4)
        What each step is believed to add to survival at full standing, whether it recognises a vote, its
        price, and the weight of that.
    standing : float
        Moscow's, 0-1.
    """
    passing = np.zeros((states.size, len(ladder)), np.bool_)
    p, weeks = rules[0].moscow, rules[0].challenges.horizon_weeks
    for place in range(states.size):
        state = states[place]
        challenge, regime, cover = challenges[state], regimes[state], covers[state]
        keeping = worth(p, regime.alignment, regime.strategic_value, regime.burden)
        months = min(regime.months_since_election, regime.months_since_parliament)
        valid = recognition(p, months, regime.unfair_votes, regime.alignment)
        log_odds = log_odds_of(challenge, regime, rules[0].challenges, errors[place]) - challenge.answer_gain
        risk = defection_risk(log_odds - backing(challenge.help_gain, cover, rules[0]), weeks)
        for step in range(challenge.help_place, len(ladder)):  # counted from 0: those above the help at work
            believed, recognises, price, weight = ladder[step]
            recognised = recognises * valid
            if keeping <= 0 and recognised == 0:
                continue
            then = defection_risk(log_odds - backing(believed * standing, cover, rules[0]), weeks)
            net = keeping * (risk - then) + recognised - weight * price
            passing[place, step] = uniforms[state] < BEYOND_COMPILED * logistic(p.decisiveness * net)
    return passing
