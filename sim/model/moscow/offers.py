"""What Moscow weighs when it may help a challenged regime."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
