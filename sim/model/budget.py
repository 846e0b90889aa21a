"""Moscow's means: troops, money and attention, never overspent."""

from __future__ import annotations

from sim.model.instruments import Cost


class Budget:
    """What Moscow can still commit this month.

    Parameters
    ----------
    troops : float
        Deployable abroad, thousand.
    money : float
        Billion dollars a year.
    attention : float
        Crises that can be handled at once.

    Attributes
    ----------
    troops_committed, money_left, attention_left : float
    """

    def __init__(self, troops: float, money: float, attention: float) -> None:
        self.troops = troops
        self.money = money
        self.attention = attention
        self.capacity = 1.0
        self.troops_at_war = 0.0
        self.money_at_war = 0.0  # a year
        self.outside_support = 1.0  # share of money that partners and markets still allow (claim K9)
        self.money_left = money
        self.attention_left = attention
        self._deployed: list[tuple[float, int]] = []  # thousand, months left

    @property
    def troops_committed(self) -> float:
        """Troops away on missions, thousand."""
        return sum(troops for troops, _ in self._deployed)

    @property
    def troops_free(self) -> float:
        """Troops that can still be sent, thousand."""
        return max(self.troops * self.capacity - self.troops_at_war - self.troops_committed, 0.0)

    @property
    def money_a_year(self) -> float:
        """Money for influence abroad after war, billion dollars."""
        return max(self.money * self.capacity * self.outside_support - self.money_at_war, 0.05 * self.money)

    def new_month(self, month: int) -> None:
        """Bring missions home when due, refill attention, and open a new year's money in January."""
        self._deployed = [(troops, left - 1) for troops, left in self._deployed if left > 1]
        self.attention_left = self.attention * self.capacity
        if month == 1:
            self.money_left = self.money_a_year
        self.money_left = min(self.money_left, self.money_a_year)

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
        """Return what an act takes as a share of the whole, summed over the three means."""
        return (
            cost.troops / self.troops
            + cost.money / self.money_a_year
            + cost.attention / max(self.attention * self.capacity, 0.1)
        )
