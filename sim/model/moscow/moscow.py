"""Moscow: its leader, its means, what it believes, and how it weighs one act against another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.moscow.belief import Belief
from sim.model.moscow.budget import Budget
from sim.model.moscow.instruments import RESCUE_LADDER, Cost, Rescue
from sim.model.moscow.offers import Danger, Offer, may_pass
from sim.model.moscow.worth import recognition, worth
from sim.model.randomness import Process, normal
from sim.model.regimes.regime import aged, clamp
from sim.model.regimes.week import WEEKS, defection_risk, logistic
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.challenge import OpenChallenge
    from sim.model.regimes.regime import Regime
    from sim.parameters import Parameters

NEW_LEADER = 55.0  # years of age: so the whole horizon that `moscow` states lies before him
SETTLING_IN = 12  # months in which a new leader is busy at home
LEAST_CAPACITY = 0.05  # a state at war still acts, and shares of a budget stay defined
BACKLASH_UNIT = 0.03  # attitude lost per rung of help at `citizens.help_backlash` 1: its unit


class Moscow(mesa.Agent):
    """Moscow as one actor with limited means.

    Parameters
    ----------
    model : PostSovietSpace
    budget : Budget
    leader_age : float
        Years.
    leader_tenure : int
        Months.
    """

    def __init__(self, model: PostSovietSpace, budget: Budget, leader_age: float, leader_tenure: int) -> None:
        super().__init__(model)
        self.space = model
        self.budget = budget
        self.leader_age = leader_age
        self.leader_tenure = leader_tenure
        self.standing = 1.0  # reputation for getting its way (claim K8)
        self.free_capacity = 1.0
        self.settling_in = 0  # months in which a new leader is busy at home
        self.abstains: dict[tuple[str, str], int] = {}  # (instrument, state) to months left
        weight, doubt = model.parameters.moscow.learning_weight, model.parameters.moscow.starting_doubt
        start = 1 - doubt
        self._ladder_of: tuple[Parameters | None, list[float], int] = (None, [], 0)
        self.beliefs = {i.name: Belief(start * weight, doubt * weight, start) for i in RESCUE_LADDER}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {MOSCOW} {self.space.month}>"

    # -- the month ---------------------------------------------------------------------------------

    def begin_month(self, war_load: float) -> None:
        """Take stock: capacity after war, standing, budgets, the leader's age."""
        p = self.space.parameters
        self.free_capacity = max(1 - p.war.capacity_drain * min(war_load, 1.0), LEAST_CAPACITY)
        self.budget.capacity = self.free_capacity * (
            p.moscow.settling_capacity if self.settling_in > 0 else 1.0
        )
        self.budget.troops_at_war = min(
            war_load * p.instruments.war_troops, self.budget.troops * self.budget.capacity
        )
        self.budget.money_at_war = war_load * p.instruments.war_money * p.instruments.war_money_share
        self.budget.new_month(self.space.month.month)
        self._keep_attending()
        self.standing += p.war.standing_return * (1 - self.standing)
        self.abstains = {key: left - 1 for key, left in self.abstains.items() if left > 1}
        self.settling_in = max(self.settling_in - 1, 0)
        self.leader_age += 1 / 12
        self.leader_tenure += 1
        hazard = p.moscow.leader_exit_hazard * aged(self.leader_age)
        if self.space.numbers.draw(Process.MOSCOW_LEADER, self.space.tick, 0, 1) < hazard:
            self.change_leader("death", "drawn", chance=hazard)

    def change_leader(self, detail: str, cause: str, **facts: float) -> None:
        """Bring a new leader to power, who has a long horizon and is busy at home for a year.

        Parameters
        ----------
        detail, cause : str
            Of the event ``moscow_leader``.
        **facts
            Other facts of the event.
        """
        self.space.ledger.note("moscow_leader", MOSCOW, MOSCOW, detail, self.leader_age, cause=cause, **facts)
        self.leader_age, self.leader_tenure, self.settling_in = NEW_LEADER, 0, SETTLING_IN

    @property
    def absence(self) -> float:
        """How far Moscow is not there to arbitrate, guard or compete: capacity and standing lost, 0-1."""
        return 1 - self.free_capacity * self.standing

    @property
    def restoration(self) -> float:
        """Weight on taking back what was lost in 1991; grows as the leader's horizon shortens (claim D3)."""
        return self.space.parameters.moscow.restoration_weight * self.urgency

    @property
    def urgency(self) -> float:
        """Growth of the aim to restore as the leader's horizon shortens: 1 and more (claim D3)."""
        p = self.space.parameters.moscow
        horizon = clamp((p.leader_horizon_age - self.leader_age) / p.long_horizon, 0.0, 1.0)
        return 1 + p.legacy_urgency * (1 - horizon)

    # -- weighing ----------------------------------------------------------------------------------

    def worth(self, regime: Regime) -> float:
        """Return what keeping a regime is worth to Moscow: `worth`."""
        p = self.space.parameters.moscow
        return worth(p, regime.alignment, regime.strategic_value, regime.burden)

    def recognition(self, regime: Regime) -> float:
        """Return what it is worth to Moscow to stand by the last vote of a regime: `recognition`."""
        months = min(regime.months_since_election, regime.months_since_parliament)
        return recognition(self.space.parameters.moscow, months, regime.unfair_votes, regime.alignment)

    def accepts(self, net: float, uniform: float) -> bool:
        """Decide on an act with a net value: quantal response against doing nothing."""
        return uniform < logistic(self.space.parameters.moscow.decisiveness * net)

    def may_use(self, instrument: str, target: str) -> bool:
        """Return whether a scenario lets Moscow use an instrument there."""
        return (instrument, target) not in self.abstains

    # -- challenges --------------------------------------------------------------------------------

    def answer(self, challenges: list[OpenChallenge], week: int) -> None:
        """Allocate help across all open challenges at once, best net value first, within the budgets.

        Each challenge gets at most one new step of the ladder a week, above the help at work. What one takes
        raises the price of attention for all that come after it. Every request that nothing answers is a
        refusal.
        """
        offers = self._offers(challenges, week) if challenges else []
        served = self._serve(offers) if offers else set()
        for challenge in challenges:
            if challenge.requested and not challenge.answered:
                challenge.answered = True
                if challenge.regime.index not in served:
                    self._refuse(challenge)

    def _offers(self, challenges: list[OpenChallenge], week: int) -> list[Offer]:
        """Weigh for each challenge what can be done and the month's draw could let pass."""
        space, offers = self.space, []
        month, error = (space.tick, len(space.regimes)), space.parameters.moscow.observation_error
        sights = space.numbers.table(Process.MOSCOW_SIGHT, *month, WEEKS)
        errors = [error * normal(sights.item(challenge.index, week)) for challenge in challenges]
        passing = may_pass(
            np.array([challenge.index for challenge in challenges]), np.array(errors), space.rows.challenges,
            space.rows.regimes, space.rules, space.alliance.covers,
            space.numbers.month(Process.MOSCOW_CHOICE, *month), self._ladder(), self.standing,
        )  # fmt: skip
        for challenge, seen, steps in zip(challenges, errors, passing.tolist(), strict=True):
            if possible := self._possible(challenge, steps):
                danger = self._danger(challenge, seen)
                offers += [self._offer(instrument, challenge, danger) for instrument in possible]
        return offers

    def _possible(self, challenge: OpenChallenge, steps: list[bool]) -> list[Rescue]:
        """Return what can be done in a challenge, of some steps of the ladder."""
        return [
            instrument
            for instrument, passes in zip(RESCUE_LADDER, steps, strict=True)
            if passes
            and instrument.possible(challenge)
            and self.may_use(instrument.name, challenge.regime.code)
        ]

    def _ladder(self) -> NDArray[np.float64]:
        """Return what `may_pass` has to know of each step of the ladder, shape (steps, 4)."""
        p, precedents = self.space.parameters, self.space.alliance.precedents
        trusts = [belief.trust for belief in self.beliefs.values()]
        if (trusts, precedents) != self._ladder_of[1:] or p is not self._ladder_of[0]:
            self._ladder_of = p, trusts, precedents
            self._of_ladder = np.array(
                [
                    (each.gain(p) * trust, each.recognises, *self._price(each))
                    for each, trust in zip(RESCUE_LADDER, trusts, strict=True)
                ]
            )
        return self._of_ladder

    def _serve(self, offers: list[Offer]) -> set[int]:
        """Help where it pays, best first, within the budgets; return the states that were helped."""
        space = self.space
        states = len(space.regimes)
        served: set[int] = set()
        ranked = self._ranked(offers)
        while ranked:
            net, best = ranked.pop(0)
            index = best.challenge.regime.index
            uniform = space.numbers.draw(Process.MOSCOW_CHOICE, space.tick, index, states)
            if index in served or not self.budget.affords(best.cost) or not self.accepts(net, uniform):
                continue
            served.add(index)
            means = self._means(best)  # before they are spent
            self.budget.spend(best.cost)
            self.budget.hold(index, best.cost.attention)
            self._help(best, net, means)
            ranked = self._ranked([offer for _, offer in ranked])  # what is left has become dearer
        return served

    def _ranked(self, offers: list[Offer]) -> list[tuple[float, Offer]]:
        """Return offers with their net values, the best first; equals stay in the order of states."""
        weighed = [(self._net_value(offer), offer) for offer in offers]
        weighed.sort(key=lambda pair: pair[0], reverse=True)
        return weighed

    def attention_for(self, instrument: Rescue, challenge: OpenChallenge) -> float:
        """Return the attention that help takes in each month of a challenge: the more, the larger it is.

        No single challenge takes all: a power that could handle none of the largest would be no power.
        """
        return self._attention(instrument.cost(self.space.parameters), challenge)

    def _attention(self, cost: Cost, challenge: OpenChallenge) -> float:
        p = self.space.parameters
        beyond = max(challenge.participation / p.challenges.challenge_level - 1, 0.0)
        by_size = cost.attention * (1 + p.moscow.attention_by_size * beyond)
        return min(by_size, p.moscow.most_attention * self.budget.attention * self.budget.capacity)

    def _keep_attending(self) -> None:
        """Keep up the help under way while attention lasts; let go of what matters least if it does not."""
        under_way = self.space.challenges.open
        handled = [
            (challenge, challenge.help) for challenge in under_way.values() if challenge.help is not None
        ]
        handled.sort(key=lambda pair: (-self.worth(pair[0].regime), pair[0].regime.index))
        demands = [(challenge.regime.index, self.attention_for(by, challenge)) for challenge, by in handled]
        for index in self.budget.attend(demands):
            under_way[index].help, under_way[index].help_gain = None, 0.0

    def _danger(self, challenge: OpenChallenge, error: float) -> Danger:
        """See the danger of a challenge as it stands, whatever help is weighed."""
        space, regime = self.space, challenge.regime
        log_odds = challenge.defection_log_odds(space, error) - challenge.answer_gain
        weeks = space.parameters.challenges.horizon_weeks
        risk = defection_risk(log_odds - challenge.backing(space), weeks)
        return Danger(log_odds, risk, self.worth(regime), self.recognition(regime))

    def _offer(self, instrument: Rescue, challenge: OpenChallenge, danger: Danger) -> Offer:
        """Weigh what does not depend on what else Moscow does this week."""
        p = self.space.parameters
        believed = instrument.gain(p) * self.beliefs[instrument.name].trust * self.standing
        # Where services already reckon with the alliance's troops, little help adds little (claim M7)
        then = challenge.backing(self.space, believed)
        saved = danger.risk - defection_risk(danger.log_odds - then, p.challenges.horizon_weeks)
        whole = instrument.cost(p)
        more = self._attention(whole, challenge) - self.budget.held(challenge.regime.index)
        cost = Cost(whole.troops, whole.money, max(more, 0.0), whole.months)
        value = danger.worth * saved
        if instrument.recognises:
            value += danger.recognition
        return Offer(challenge, instrument, cost, saved, value, *self._price(instrument))

    def _price(self, instrument: Rescue) -> tuple[float, float]:
        """Return the political price of help, and the share of all its prices that is not ignored."""
        p = self.space.parameters
        price = instrument.price(p)
        if instrument.collective:
            spared = (1 - p.alliance.precedent_relief) ** self.space.alliance.precedents
            price += p.moscow.first_deployment_price * spared
        # Support that ignores the case ignores its price too, but troops are never sent lightly
        ignored = 0.0 if instrument.collective else p.moscow.unconditional_support
        return price, 1 - ignored

    def _net_value(self, offer: Offer) -> float:
        """Return an offer's expected value less its price, with means priced by what is left of them."""
        return offer.value - offer.weight_of_price * (offer.price + self._means(offer))

    def _means(self, offer: Offer) -> float:
        """Return the price of an offer's means, the dearer the less is left of them."""
        return self.space.parameters.moscow.price_of_resources * self.budget.share(offer.cost)

    def _help(self, offer: Offer, net: float, means: float) -> None:
        challenge, instrument = offer.challenge, offer.instrument
        space, regime, p = self.space, challenge.regime, self.space.parameters
        challenge.help = instrument
        challenge.help_gain = instrument.gain(p) * self.standing
        challenge.help_ends = space.tick + round(p.instruments.help_months)
        challenge.help_received += instrument.rung
        challenge.used.append(instrument)
        challenge.record.help.append(instrument.name)
        challenge.record.help_ticks.append(space.tick)
        regime.dependence = min(regime.dependence + p.regimes.rescue_dependence * instrument.rung, 1.0)
        regime.expects_help += p.regimes.help_lesson * (1 - regime.expects_help)
        backlash = -BACKLASH_UNIT * p.citizens.help_backlash * instrument.rung
        space.population.shift(regime.index, p.citizens, backlash)
        space.ledger.note(
            "instrument", MOSCOW, regime.code, instrument.name, net, challenge=challenge.record.number,
            worth=self.worth(regime), saved=offer.saved, price=offer.price, means=means,
            help_gain=challenge.help_gain, participation=challenge.participation,
        )  # fmt: skip

    def _refuse(self, challenge: OpenChallenge) -> None:
        regime = challenge.regime
        regime.expects_help *= 1 - self.space.parameters.regimes.refusal_lesson
        self.space.alliance.refused(regime)
        challenge.record.refusals.append(self.space.tick)
        self.space.ledger.note(
            "refusal", MOSCOW, regime.code, "", self.worth(regime), challenge=challenge.record.number,
            attention_left=self.budget.attention_left, money_left=self.budget.money_left,
            troops_free=self.budget.troops_free,
        )  # fmt: skip

    def learn(self, challenge: OpenChallenge, *, survived: bool) -> None:
        """Update the belief in every instrument used in a challenge that is over."""
        for instrument in challenge.used:
            self.beliefs[instrument.name].update(survived=survived)
