"""What Moscow may do outside a challenge: one small class an act, each with its means, worth and price."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sim.instruments import ACTS
from sim.model.moscow.instruments import Cost
from sim.model.region.realignment import invited, nearness_to_nato, turned_by_coercion
from sim.model.region.territory import Territory
from sim.parameters.costs import CostParameters
from sim.scenario.vocabulary import MOSCOW
from sim.series import DE_FACTO, INTEGRATED, LATENT, PROTECTED

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime


# -- what acts outside a challenge take of Moscow's means ------------------------------------------


def means_for(act: str, costs: CostParameters, troops: float = 0.0) -> Cost:
    """Return the means that an act takes.

    Parameters
    ----------
    act : str
        A name in `sim.instruments.ACTS`; the load of a war comes on top.
    costs : CostParameters
    troops : float
        That it takes, thousand.
    """
    means = ACTS[act]
    months = round(costs.mission_months * means.away)
    return Cost(troops, costs.acts_money * means.money, costs.acts_attention * means.attention, months)


# -- what Moscow may do outside a challenge: one small class an act, each with its worth and its price ---

CLOSE_FRIEND = 0.5  # alignment from which a host puts up with passports and economic ties: a judgement


class Act(Protocol):
    """Something Moscow may do this month."""

    instrument: str
    cost: Cost
    uniform: float

    @property
    def target(self) -> str:
        """Who or what it is done to."""
        ...

    @property
    def states(self) -> tuple[str, ...]:
        """Codes of the states concerned."""
        ...

    def still_possible(self) -> bool:
        """Return whether nothing done earlier this month has overtaken it."""
        ...

    def net_value(self, space: PostSovietSpace) -> float:
        """Return its worth to Moscow less its price."""
        ...

    def carry_out(self, space: PostSovietSpace, net: float) -> None:
        """Do it."""
        ...


def price_after_claim(space: PostSovietSpace, price: float) -> float:
    """Return what is left of a price for an actor who pursues restoration whatever it costs (claim K6)."""
    return price * (1 - space.parameters.moscow.sunk_claim)


def western_answer(space: PostSovietSpace, instrument: str, regime: Regime) -> float:
    """Return the price that the West puts on an act against a state wholly tied to it (claim D4)."""
    p = space.parameters.moscow
    share = {
        "passports": p.western_share_quiet,
        "economic_integration": p.western_share_quiet,
        "separatism": p.western_share_separatism,
        "annexation": 1.0,  # the unit: full sanctions
        "war": p.western_share_war,
    }[instrument]
    return space.west.answer(regime) * share


def friendly_loss(space: PostSovietSpace, host: Regime) -> float:
    """Return what Moscow loses when a friendly host is alienated by a step against its territory."""
    p = space.parameters
    kept = p.moscow.keep_weight * host.strategic_value * max(host.alignment, 0.0)
    return kept * p.territories.friend_lost * p.territories.host_alienation


@dataclass(slots=True)
class TerritorialStep:
    """One step of a territory toward Moscow (claims D2, D5, D6, D8).

    Separatism where a region is prone to it; passports and peacekeepers; economic integration; and last
    recognition or annexation.
    """

    territory: Territory
    uniform: float
    cost: Cost
    instrument: str
    status: int

    @classmethod
    def next_for(cls, space: PostSovietSpace, territory: Territory, uniform: float) -> TerritorialStep | None:
        """Return the next step for a territory, or nothing if it is integrated or out of reach."""
        costs, troops = space.parameters.costs, space.parameters.instruments.peacekeeper_troops
        status = territory.status
        if status == LATENT:
            return cls(territory, uniform, means_for("separatism", costs, troops), "separatism", status)
        if status == DE_FACTO:
            return cls(territory, uniform, means_for("passports", costs, troops), "passports", status)
        if status == PROTECTED and not territory.economic_ties:
            return cls(territory, uniform, means_for("economic ties", costs), "economic_integration", status)
        if status == PROTECTED:
            return cls(territory, uniform, means_for("annexation", costs, troops), "annexation", status)
        return None

    @property
    def target(self) -> str:
        """The territory's name."""
        return self.territory.name

    @property
    def states(self) -> tuple[str, ...]:
        """The host's code."""
        return (self.territory.host.code,)

    def still_possible(self) -> bool:
        """Each step starts from the status it was weighed at."""
        return self.territory.status == self.status

    def net_value(self, space: PostSovietSpace) -> float:
        """Worth: restoration, by how prone the territory is; price: the step, the West, a friend lost."""
        p, territory = space.parameters, self.territory
        anyhow = p.territories.prize_unprone
        prize = space.moscow.restoration * p.territories.prize * (anyhow + (1 - anyhow) * territory.proneness)
        prize *= territory.stake
        if territory.kept_by_another:
            prize *= p.territories.other_patron
        anyway = p.moscow.western_answer_unexposed
        exposure = anyway + (1 - anyway) * space.west.exposure[territory.host.index]
        west = western_answer(space, self.instrument, territory.host) * exposure
        price = p.territories.step_price + west
        lost = friendly_loss(space, territory.host)
        if "NATO" in territory.host.memberships:
            lost += p.moscow.article_five
        return prize - price_after_claim(space, price) - lost

    def carry_out(self, space: PostSovietSpace, net: float) -> None:
        """Take the step; the host is alienated, its public too."""
        territory, host = self.territory, self.territory.host
        if self.instrument == "economic_integration":
            territory.economic_ties = True
        else:
            status = {"separatism": DE_FACTO, "passports": PROTECTED, "annexation": INTEGRATED}[
                self.instrument
            ]
            detail = {"separatism": "arose", "passports": "upgraded", "annexation": "integrated"}[
                self.instrument
            ]
            territory.look_to_moscow()
            territory.change(
                status,
                detail,
                "step",
                restoration=space.moscow.restoration,
                alignment=host.alignment,
                net=net,
            )
            space.shock_attitude(host, -space.parameters.territories.host_backlash)
        if host.alignment < CLOSE_FRIEND or self.instrument in ("separatism", "annexation"):
            turned_by_coercion(space, host, space.parameters.territories.host_alienation)


@dataclass(slots=True)
class IntegrateState:
    """Bring a whole friendly state into Moscow's economic union (claims D2, D7)."""

    regime: Regime
    uniform: float
    cost: Cost = field(init=False)
    instrument: str = "economic_integration"

    def __post_init__(self) -> None:
        self.cost = means_for("integration", self.regime.space.parameters.costs)

    @property
    def target(self) -> str:
        """The state's code."""
        return self.regime.code

    @property
    def states(self) -> tuple[str, ...]:
        """The state's code."""
        return (self.regime.code,)

    def still_possible(self) -> bool:
        """A state joins once."""
        return "EAEU" not in self.regime.memberships

    def net_value(self, space: PostSovietSpace) -> float:
        """Worth: restoration by value and trust in its leader; price: the burden, the West."""
        p, regime = space.parameters, self.regime
        trusted = max(regime.line - p.territories.integration_trust, 0.0)
        weight = p.territories.integration_weight
        worth = space.moscow.restoration * regime.strategic_value * trusted * weight
        price = (
            p.moscow.burden_aversion * regime.burden * weight
            + western_answer(space, self.instrument, regime) * space.west.exposure[regime.index]
        )
        return worth - price_after_claim(space, price)

    def carry_out(self, space: PostSovietSpace, net: float) -> None:
        """The state joins; dependence and line follow."""
        del net
        space.alliance.join(self.regime, "EAEU", "integration", line=self.regime.line)
        bond = space.parameters.territories.integration_bond
        self.regime.dependence = min(self.regime.dependence + bond, 1.0)
        self.regime.line += bond
        self.regime.keep_in_range()


@dataclass(slots=True)
class StartWar:
    """War on a state that heads for NATO (claims M3, M4), limited at first, full if a limited one fails.

    NATO's guarantee deters in full at its door, and in part on the way there (Huth 1988; Leeds 2003).
    """

    regime: Regime
    uniform: float
    cost: Cost
    full: bool
    instrument: str = "war"

    @property
    def target(self) -> str:
        """The state's code."""
        return self.regime.code

    @property
    def states(self) -> tuple[str, ...]:
        """The state's code."""
        return (self.regime.code,)

    def still_possible(self) -> bool:
        """Nothing else starts a war."""
        return True

    def net_value(self, space: PostSovietSpace) -> float:
        """Worth: NATO kept out, what was lost taken back; price: the war, the West."""
        p, regime = space.parameters, self.regime
        worth = regime.strategic_value * (
            p.moscow.nato_weight * regime.nato_course
            + p.war.restoration_share * space.moscow.restoration * max(-regime.alignment, 0.0)
        )
        west = western_answer(space, self.instrument, regime) * space.west.exposure[regime.index]
        price = (p.war.price + west) * (1.0 if self.full else p.war.limited_price)
        if "NATO" in regime.memberships or invited(space, regime):
            return worth * space.moscow.standing - price - p.moscow.article_five
        in_sight = p.war.guarantee_in_sight * nearness_to_nato(space, regime) * space.west.pull(regime)
        price = price_after_claim(space, price) + p.moscow.article_five * in_sight
        return worth * space.moscow.standing - price

    def carry_out(self, space: PostSovietSpace, net: float) -> None:
        """War starts."""
        course = self.regime.nato_course
        space.wars.start(self.regime, full=self.full, cause="decision", nato_course=course, net=net)


def consider(space: PostSovietSpace, acts: list[Act]) -> None:
    """Weigh this month's possible acts together; carry out those that pay, best first, within the budgets."""
    weighed = [(act.net_value(space), -order, act) for order, act in enumerate(acts)]
    weighed.sort(key=lambda item: item[:2], reverse=True)
    moscow = space.moscow
    for value, _, act in weighed:
        barred = any(not moscow.may_use(act.instrument, state) for state in act.states)
        if barred or not act.still_possible() or not moscow.budget.affords(act.cost):
            continue
        means = space.parameters.moscow.price_of_resources * moscow.budget.share(act.cost)
        net = value - means
        if moscow.accepts(net, act.uniform):
            moscow.budget.spend(act.cost)
            space.ledger.note(
                "instrument", MOSCOW, act.target, act.instrument, net, means=means,
                restoration=moscow.restoration, free_capacity=moscow.free_capacity,
            )  # fmt: skip
            act.carry_out(space, net)
