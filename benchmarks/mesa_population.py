"""The shipped model's population as plain Mesa agents: the same citizens, rule and random numbers."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import ArrayLike

from benchmarks.citizens.objects import CitizenRule, Place, State
from sim.model.citizens.population import Population
from sim.model.randomness import extend, to_uniform
from sim.parameters.citizens import CitizenParameters

TRAITS = ("hardship", "risk_aversion", "attitude", "succession", "jail")


class Citizen(CitizenRule, mesa.Agent):
    """One citizen of one state."""

    def __init__(self, model: mesa.Model, number: int, place: Place, values: dict[str, Any]) -> None:
        super().__init__(model)
        self.number, self.place, self.motive, self.act = number, place, 0.0, False
        self.__dict__.update(values)

    def age(self, gap: float) -> None:
        """Cohort, attitude to Moscow, jail."""
        state = self.place.state
        view = self.attitude
        if self.succession < state.young:
            if self.succession >= state.young_before:
                view -= gap
            view += state.youth
        else:
            view += state.elder
        self.attitude = min(max(view, -1.0), 1.0)
        if self.jail:
            self.jail -= 1

    def resent(self, relief: float) -> None:
        """Weigh what is resented now."""
        state = self.place.state
        at_odds = state.weight * self.attitude
        self.motive = self.hardship * state.deprivation + (at_odds if at_odds > 0 else at_odds * relief)
        self.act = False

    def risk_arrest(self, by_week: Any, probability: float, months: int) -> None:
        """Go to jail with a probability."""
        if self.act and to_uniform(np.uint64(extend(by_week, self.number))) < probability:
            self.jail = months

    def turn(self, change: float, response: float) -> None:
        """Change the view of Moscow; the young by the change times `response`."""
        young = self.succession < self.place.state.young
        self.attitude = min(max(self.attitude + change * (response if young else 2 - response), -1.0), 1.0)


class MesaPopulation:
    """Stands in the place of `Population`, with an agent a citizen.

    Parameters
    ----------
    drawn : Population
        Whose citizens to hold.
    """

    def __init__(self, drawn: Population) -> None:
        self.citizens, self.localities = drawn.citizens, drawn.localities
        self.mean_attitude, self.young_share = drawn.mean_attitude, drawn.young_share
        self.participation, self.falsification = drawn.participation, drawn.falsification
        self.model = mesa.Model(rng=1)
        self.states = [State(young=float(share)) for share in drawn.replaced]
        self.people: list[AgentSet] = []
        for index, state in enumerate(self.states):
            own = drawn.of(index)
            columns = {name: getattr(drawn, name)[own].tolist() for name in TRAITS}
            state.places = [Place(state) for _ in range(self.localities)]
            agents = []
            edges = [place * self.citizens // self.localities for place in range(1, self.localities + 1)]
            home = 0
            for i in range(self.citizens):
                while i >= edges[home]:
                    home += 1
                state.places[home].size += 1
                values = {name: column[i] for name, column in columns.items()}
                agents.append(Citizen(self.model, i, state.places[home], values))
            self.people.append(AgentSet(agents, random=self.model.random))

    def live(
        self, rule: CitizenParameters, drift: ArrayLike, jolt: ArrayLike, replacement: ArrayLike
    ) -> None:
        """As `Population.live`."""
        news = zip(np.asarray(drift), np.asarray(jolt), np.asarray(replacement), strict=True)
        for i, (drifts, jolts, chance) in enumerate(news):
            state, people = self.states[i], self.people[i]
            state.young_before = state.young
            state.young += float(chance) * (1 - state.young)
            response = rule.youth_response
            state.youth, state.elder = (
                float(response * drifts + jolts),
                float((2 - response) * drifts + jolts),
            )
            people.do("age", rule.cohort_gap)
            self.mean_attitude[i] = people.agg("attitude", sum) / self.citizens
            young = sum(1 for each in people.get("succession") if each < state.young)
            self.young_share[i] = young / self.citizens

    def watch(
        self,
        rule: CitizenParameters,
        legitimacy: ArrayLike,
        salience: ArrayLike,
        alignment: ArrayLike,
        deterrence: ArrayLike,
        force: ArrayLike,
    ) -> None:
        """As `Population.watch`."""
        news = zip(*map(np.asarray, (legitimacy, salience, alignment, deterrence, force)), strict=True)
        for i, month in enumerate(news):
            self.participation[i] = self.protest(i, rule, *(float(value) for value in month))
            silent = sum(
                1
                for motive, act in self.people[i].get(["motive", "act"])
                if motive > rule.threshold and not act
            )
            self.falsification[i] = silent / self.citizens

    def protest(
        self,
        state: int,
        rule: CitizenParameters,
        legitimacy: float,
        salience: float,
        alignment: float,
        deterrence: float,
        force: float,
    ) -> float:
        """As `Population.protest`."""
        here, people = self.states[state], self.people[state]
        here.deprivation, here.weight = 1 - legitimacy, -salience * alignment
        people.do("resent", rule.congruence_relief)
        for place in here.places:
            place.acting = 0
        total, before = 0, -1
        while total != before:
            before = total
            for place in here.places:
                seen = rule.national_exposure * total / self.citizens
                seen += (1 - rule.national_exposure) * place.acting / place.size
                risk = 1 - math.exp(-rule.arrest_constant * force / max(seen, 1 / self.citizens))
                place.bar, place.fear = rule.threshold - rule.conformity * seen, deterrence * risk
            people.do("decide")
            total = sum(place.acting for place in here.places)
        return total / self.citizens

    def arrest(self, key: np.uint64, state: int, week: int, probability: float, months: int) -> None:
        """As `Population.arrest`."""
        by_week = np.uint64(extend(np.uint64(extend(key, state)), week))
        self.people[state].do("risk_arrest", by_week, probability, months)

    def shift(self, state: int, rule: CitizenParameters, change: float) -> None:
        """As `Population.shift`."""
        self.people[state].do("turn", change, rule.youth_response)

    def crowd_attitude(self, state: int) -> float:
        """As `Population.crowd_attitude`."""
        crowd = self.people[state].select(lambda citizen: citizen.act)
        everyone = crowd if len(crowd) else self.people[state]
        return float(everyone.agg("attitude", partial(sum, start=0.0)) / len(everyone))
