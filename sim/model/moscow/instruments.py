"""Moscow's instruments for a regime in danger: one small class a rung of the ladder (claim M1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sim.model.regimes.regime import NEUTRAL_BAND
from sim.model.region.alliance import ALLIANCE
from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim.model.regimes.crisis import Crisis

DEEP_DEPENDENCE = 0.5  # from which services work together anyhow, as `instruments.security_gain` states


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act takes from Moscow's budgets.

    Parameters
    ----------
    troops : float
        Thousand.
    money : float
        Billion dollars.
    attention : float
        Crises' worth.
    months : int
        How long troops stay committed.
    """

    troops: float = 0.0
    money: float = 0.0
    attention: float = 0.0
    months: int = 0


class Instrument(Protocol):
    """One rung of help for a regime in danger."""

    name: str
    rung: int

    def cost(self, parameters: Parameters) -> Cost:
        """Return what it takes."""
        ...

    def gain(self, parameters: Parameters) -> float:
        """Return what it adds to the regime's survival, in log-odds."""
        ...

    def price(self, parameters: Parameters) -> float:
        """Return its political price, in units of value."""
        ...

    def possible(self, crisis: Crisis) -> bool:
        """Return whether it can be used in this crisis."""
        ...


class PoliticalSupport:
    """Recognition, statements, advisers: needs no request (Ukraine 2004, Belarus 2020)."""

    name = "political_support"
    rung = 1

    def cost(self, parameters: Parameters) -> Cost:
        """A little attention."""
        return Cost(attention=parameters.costs.support_attention)

    def gain(self, parameters: Parameters) -> float:
        """The least of all."""
        return parameters.instruments.support_gain

    def price(self, parameters: Parameters) -> float:
        """Return its political price, in units of value."""
        return parameters.instruments.support_price

    def possible(self, crisis: Crisis) -> bool:
        """Always."""
        del crisis
        return True


class Loan:
    """Money (Ukraine 2013, Belarus 2020: 1.5 billion dollars)."""

    name = "loan"
    rung = 2

    def cost(self, parameters: Parameters) -> Cost:
        """Money above all."""
        return Cost(money=parameters.instruments.loan_cost, attention=parameters.costs.loan_attention)

    def gain(self, parameters: Parameters) -> float:
        """More than words."""
        return parameters.instruments.loan_gain

    def price(self, parameters: Parameters) -> float:
        """Return its political price, in units of value."""
        return parameters.instruments.loan_price

    def possible(self, crisis: Crisis) -> bool:
        """On request, or offered to a friend (Ukraine 2013)."""
        return crisis.requested or crisis.regime.alignment > NEUTRAL_BAND


class SecurityHelp:
    """Police reserves, advisers, intelligence (Belarus 2020: a reserve stood ready)."""

    name = "security_help"
    rung = 3

    def cost(self, parameters: Parameters) -> Cost:
        """A few men, some attention."""
        costs = parameters.costs
        return Cost(
            costs.security_troops, costs.help_money, costs.security_attention, round(costs.help_troop_months)
        )

    def gain(self, parameters: Parameters) -> float:
        """It stiffens the services."""
        return parameters.instruments.security_gain

    def price(self, parameters: Parameters) -> float:
        """Return its political price, in units of value."""
        return parameters.instruments.security_price

    def possible(self, crisis: Crisis) -> bool:
        """On request, where services already work together: in the alliance, or in deep dependence."""
        regime = crisis.regime
        deep = regime.dependence > DEEP_DEPENDENCE
        return crisis.requested and (ALLIANCE in regime.memberships or deep)


class CSTODeployment:
    """Troops of the alliance (Kazakhstan 2022: some 2,500; claims M1, M7)."""

    name = "csto_deployment"
    rung = 4

    def cost(self, parameters: Parameters) -> Cost:
        """Troops and a crisis's worth of attention."""
        costs = parameters.costs
        return Cost(
            troops=parameters.instruments.deployment_troops,
            money=0.5 * costs.help_money,  # it is short
            attention=1.0,  # a crisis's worth: the unit
            months=round(costs.help_troop_months),
        )

    def gain(self, parameters: Parameters) -> float:
        """The most of all."""
        return parameters.instruments.deployment_gain

    def price(self, parameters: Parameters) -> float:
        """Return its political price, in units of value."""
        return parameters.instruments.deployment_price

    def possible(self, crisis: Crisis) -> bool:
        """On a member's request."""
        return crisis.requested and ALLIANCE in crisis.regime.memberships


RESCUE_LADDER: tuple[Instrument, ...] = (PoliticalSupport(), Loan(), SecurityHelp(), CSTODeployment())
