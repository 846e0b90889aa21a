"""Moscow's means: troops, money and attention, never overspent."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sim.model.moscow.instruments import Cost

_LEAST_MONEY = 0.05  # share of all money that no war takes; keeps shares of it defined
_NEXT_TO_NOTHING = 1e-9  # attention; keeps the price finite where nothing would be left


class Budget:
    """What Moscow can still commit this month.

    Parameters
    ----------
    troops : float
        Deployable abroad, thousand.
    money : float
        Billion dollars a year.
    attention : float
        OpenChallenges that can be handled at once.

    Attributes
    ----------
    troops_committed, money_left, attention_left : float
    times : dict of str to float
        What a scenario makes of ``troops``, ``money`` and ``attention``: times what they would be.
    """

    def __init__(self, troops: float, money: float, attention: float) -> None:
        self.troops = troops
        self.money = money
        self.attention = attention
        self.times = {"troops": 1.0, "money": 1.0, "attention": 1.0}
        self.capacity = 1.0
        self.troops_at_war = 0.0
        self.money_at_war = 0.0  # a year
        self.outside_support = 1.0  # share of money that partners and markets still allow (claim K9)
        self.money_left = money
        self.attention_left = attention
        self._deployed: list[tuple[float, int]] = []  # thousand, months left
        self._held: dict[int, float] = {}  # attention held by challenges under way, by state

    @property
    def troops_committed(self) -> float:
        """Troops away on missions, thousand."""
        return math.fsum(troops for troops, _ in self._deployed)

    @property
    def troops_free(self) -> float:
        """Troops that can still be sent, thousand."""
        return max(self.troops * self.capacity - self.troops_at_war - self.troops_committed, 0.0)

    @property
    def money_a_year(self) -> float:
        """Money for influence abroad after war, billion dollars."""
        return max(
            self.money * self.capacity * self.outside_support - self.money_at_war, _LEAST_MONEY * self.money
        )

    def resize(self, name: str, times: float) -> None:
        """Make troops, money or attention a number of times what they would be."""
        setattr(self, name, getattr(self, name) / self.times[name] * times)
        self.times[name] = times

    def new_month(self, month: int) -> None:
        """Bring missions home when due, refill attention, and open a new year's money in January."""
        self._deployed = [(troops, left - 1) for troops, left in self._deployed if left > 1]
        self.attention_left = self.attention * self.capacity
        if month == 1:
            self.money_left = self.money_a_year
        self.money_left = min(self.money_left, self.money_a_year)

    def attend(self, demands: Iterable[tuple[int, float]]) -> list[int]:
        """Give this month's attention to the challenges that Moscow already handles.

        Parameters
        ----------
        demands : iterable of (int, float)
            State and attention that its challenge takes, the most important first.

        Returns
        -------
        list of int
            States whose challenge no longer fits: it has to be let go.
        """
        self._held.clear()
        dropped: list[int] = []
        for state, attention in demands:
            if attention <= self.attention_left:
                self._held[state] = attention
                self.attention_left -= attention
            else:
                dropped.append(state)
        return dropped

    def held(self, state: int) -> float:
        """Return the attention that a state's challenge holds this month."""
        return self._held.get(state, 0.0)

    def hold(self, state: int, attention: float) -> None:
        """Note that attention just spent on a state's challenge is held by it."""
        self._held[state] = self.held(state) + attention

    def affords(self, cost: Cost) -> bool:
        """Return whether an act fits in what is left."""
        return (
            cost.troops <= self.troops_free
            and cost.money <= self.money_left
            and cost.attention <= self.attention_left
        )

    def spend(self, cost: Cost) -> None:
        """Commit an act's means.

        Raises
        ------
        ValueError
            If it is not affordable.
        """
        if not self.affords(cost):
            raise ValueError(f"{cost} does not fit in the budget")
        self.money_left -= cost.money
        self.attention_left -= cost.attention
        if cost.troops > 0 and cost.months > 0:
            self._deployed.append((cost.troops, cost.months))

    def share(self, cost: Cost) -> float:
        """Return what an act takes as a share of the whole, summed over the three means.

        Attention counts by its scarcity: unlike money and troops it can be neither saved nor borrowed.
        """
        return cost.troops / self.troops + cost.money / self.money_a_year + self.scarcity(cost.attention)

    def scarcity(self, attention: float) -> float:
        """Return the shadow price of attention, in units of the whole budget of it.

        A further bit costs 1 / (share still free), so that it is dear for whoever has little left. Summed
        over an act that is ``-log(1 - attention / attention_left)``: near the plain share for a small act
        while all is free, and beyond all bounds as the act takes all that is left.
        """
        left = max(self.attention_left - attention, _NEXT_TO_NOTHING)
        return math.log(max(self.attention_left, left) / left)
