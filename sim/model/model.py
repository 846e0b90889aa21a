"""The model: the post-Soviet space month by month. The month's schedule is `PostSovietSpace.step`."""

from __future__ import annotations

from collections.abc import Mapping

import mesa
import numpy as np

from sim.model.citizens.population import Population
from sim.model.draw import StartingState, draw_estimate, draw_parameters, draw_states
from sim.model.moscow import acts, aims
from sim.model.moscow.budget import Budget
from sim.model.moscow.moscow import Moscow
from sim.model.moscow.wars import Wars
from sim.model.randomness import Luck, Process, normal
from sim.model.record_followed import follow_record
from sim.model.recorder import Recorder
from sim.model.regimes import succession
from sim.model.regimes.crises import Crises
from sim.model.regimes.focal_events import FocalEvents
from sim.model.regimes.movement import Movement
from sim.model.regimes.regime import Regime
from sim.model.region import clashes
from sim.model.region.alliance import Alliance
from sim.model.region.clashes import Dyad
from sim.model.region.powers import ExternalPower, West
from sim.model.region.realignment import realign
from sim.model.region.territory import Territory
from sim.model.timeline import Timeline
from sim.model.trace import History, Ledger
from sim.parameters import Prior
from sim.scenario.timeline import AnyEvent
from sim.scenario.vocabulary import MOSCOW
from sim.world.state import World

LAST_OLD = 0.02  # share of the old below which they are replaced no faster: keeps the rate finite


class PostSovietSpace(mesa.Model):
    """Moscow, the regimes around it and their citizens.

    Parameters
    ----------
    world : World
        The record at the start month.
    seed : int
        Of the ensemble, 0 to 2**63 - 1.
    replicate : int
        Which draw of parameters and luck.
    months : int
        Length of the run.
    citizens : int
        Per state.
    priors : mapping of str to Prior
        Parameters that a thesis or scenario sets, by dotted path.
    initial : mapping of str to Prior
        Initial state that a scenario sets, by ``STATE.quantity``.
    timeline : tuple of TimelineEntry
        What a scenario lets happen.
    historical : bool
        Elections, the war in Ukraine and the states' fundamentals as recorded.
    luck : Luck, optional
        In place of that of ``seed`` and ``replicate``.

    Attributes
    ----------
    regimes : list of Regime
    movements : list of Movement
        Of the same order.
    moscow : Moscow
    powers : list of ExternalPower
        The West, China, Turkey.
    territories : list of Territory
    tick : int
        Months since the start.
    values : dict of str to float
        Every parameter as drawn, by dotted path.
    """

    def __init__(
        self,
        world: World,
        *,
        seed: int,
        replicate: int,
        months: int,
        citizens: int,
        priors: Mapping[str, Prior] | None = None,
        initial: Mapping[str, Prior] | None = None,
        timeline: tuple[AnyEvent, ...] = (),
        historical: bool = False,
        luck: Luck | None = None,
    ) -> None:
        super().__init__(rng=seed)  # our luck is our own; mesa wants a seed all the same
        self.world = world
        self.historical = historical
        self.months = months
        self.tick = 0
        self.month = world.start
        self.luck = luck or Luck(seed, replicate, months)
        self.parameters, self.values = draw_parameters(self.luck, priors or {})
        self.starts = starts = draw_states(self.luck, world, initial or {})
        self.closeness = world.closeness
        self.ledger = Ledger()
        self.regimes = [Regime(self, index, start) for index, start in enumerate(starts)]
        self._by_code = {regime.code: regime for regime in self.regimes}
        self.movements = [Movement(self, regime) for regime in self.regimes]
        self.west = West(self, "West", [start["west_exposure"] for start in starts])
        self.powers: list[ExternalPower] = [
            self.west,
            ExternalPower(self, "China", [start["china_exposure"] for start in starts]),
            ExternalPower(self, "Turkey", [start["turkey_exposure"] for start in starts]),
        ]
        drawn = {
            name: draw_estimate(self.luck, f"{MOSCOW}.{name}", getattr(world.moscow, name))
            for name in ("troops", "money", "attention", "war_load")
        }
        self.starting_budget = drawn
        budget = Budget(drawn["troops"], drawn["money"], drawn["attention"])
        self.moscow = Moscow(self, budget, world.moscow.leader_age, world.moscow.leader_tenure)
        self.territories = [
            Territory(
                self, record, self.regime(record.host),
                draw_estimate(self.luck, f"territory.{record.name}", record.proneness),
            )
            for record in world.territories
        ]  # fmt: skip
        by_name = {territory.name: territory for territory in self.territories}
        self.dyads = [
            Dyad(
                self.regime(record.first), self.regime(record.second),
                draw_estimate(self.luck, f"dyad.{record.first}-{record.second}", record.hazard),
                by_name.get(record.territory),
            )
            for record in world.dyads
        ]  # fmt: skip
        self.territory_names = tuple(by_name)
        self.dyad_names = tuple(dyad.name for dyad in self.dyads)
        self.alliance = Alliance(self)
        self.wars = Wars(self, recorded=historical)
        self.crises = Crises(self)
        self.focal_events = FocalEvents(self)
        self.population = self._settle(starts, citizens)
        if drawn["war_load"] > 0:
            self.wars.under_way(self.regime(world.war_state), drawn["war_load"])
        self.recorder = Recorder(self)
        self.timeline = Timeline(self, timeline)
        self._jolts = np.zeros(len(self.regimes))

    # -- one month ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Live one month: the whole schedule, in order."""
        self.ledger.tick = self.tick
        if self.historical and self.month.month == 1 and self.tick > 0:
            follow_record(self)
        self.timeline.apply()
        self.wars.run_month()
        self.moscow.begin_month(self.wars.load)
        self._citizens_live()
        self._regimes_drift()
        succession.elite_politics(self)
        self.focal_events.gather()
        self._citizens_watch()
        self.crises.begin()
        self.crises.run_month()
        mediations = clashes.clashes(self)
        acts.consider(self, [*aims.possible_acts(self), *mediations])
        clashes.left_alone(self, mediations)
        aims.returns(self)
        realign(self)
        self.alliance.review_membership()
        self.recorder.record()
        self.tick += 1
        self.month = self.month + 1

    def run(self) -> History:
        """Live every month that is left and return what happened."""
        while self.tick < self.months:
            self.step()
        return self.recorder.history()

    # -- parts of the month ------------------------------------------------------------------------

    def _citizens_live(self) -> None:
        """Cohorts replace each other, attitudes to Moscow drift (docs/MODEL.md; claims P1, P3)."""
        p, people = self.parameters.citizens, self.population
        # in full where a regime that depends wholly on Moscow has a legitimacy of one half
        most_blame, most_revulsion = p.sponsorship_blame * 2, p.war_revulsion * self.wars.load
        drift, back, replacement = [], [], []
        young_shares = people.young_share.tolist()
        for regime, record, young in zip(self.regimes, self.world.states, young_shares, strict=True):
            blame = most_blame * regime.dependence * (1 - regime.legitimacy)
            revulsion = most_revulsion * (1 - p.clan_indifference * regime.clan_politics)
            drift.append(-blame - revulsion)
            home = regime.starting_attitude - p.cohort_gap * (young - regime.starting_young_share)
            back.append(p.attitude_return * (home - regime.attitude))
            growth = record.young_share_growth / 12
            replacement.append(growth / max(1 - young, LAST_OLD))
        people.live(p, drift, np.array(back) + self._jolts, replacement)
        self._jolts[:] = 0.0
        for regime, attitude in zip(self.regimes, people.mean_attitude.tolist(), strict=True):
            regime.attitude = attitude

    def _regimes_drift(self) -> None:
        shocks = self.luck.draws(Process.PERFORMANCE, self.tick, len(self.regimes))
        for regime, (uniform,) in zip(self.regimes, shocks, strict=True):
            regime.drift(normal(uniform))
        for movement in self.movements:
            movement.organise()
        for territory in self.territories:
            territory.depend()

    def _citizens_watch(self) -> None:
        """Run every state's cascade for the month (M1, M2) and let turnout speak (Lohmann 1994)."""
        p, people = self.parameters.citizens, self.population
        sparks = self.focal_events.sparks
        people.watch(
            p,
            [
                max(movement.regime.legitimacy - spark - movement.efficacy, 0.0)
                for movement, spark in zip(self.movements, sparks, strict=True)
            ],
            [r.grievance_salience for r in self.regimes],
            [r.perceived_alignment for r in self.regimes],
            [r.deterrence for r in self.regimes],
            [r.force for r in self.regimes],
        )
        for regime, turnout in zip(self.regimes, people.participation.tolist(), strict=True):
            if regime.index not in self.crises.open:
                regime.expected_turnout += p.turnout_expectation * (turnout - regime.expected_turnout)

    # -- what the parts ask of the whole --------------------------------------------------------------

    def regime(self, code: str) -> Regime:
        """Return a state's regime by its code."""
        return self._by_code[code]

    def crowd_attitude(self, state: int) -> float:
        """Return the mean attitude to Moscow of those who act in a state."""
        return self.population.crowd_attitude(state)

    def shock_attitude(self, regime: Regime, change: float) -> None:
        """Move all attitudes in a state with the next month's news."""
        self._jolts[regime.index] += change

    def executive_election_due(self, regime: Regime) -> bool:
        """Return whether the chief executive is up for election this month."""
        if self.historical:
            return self.month in self.world.elections.get(regime.code, ())
        return regime.months_since_election >= regime.election_term

    def legislative_election_due(self, regime: Regime) -> bool:
        """Return whether a parliament that does not choose the executive is elected this month.

        As recorded in historical runs; at the executive's mid-term in free ones.
        """
        if self.historical:
            return self.month in self.world.parliamentary_elections.get(regime.code, ())
        return regime.months_since_election == regime.election_term // 2

    def months_to_vote(self, regime: Regime) -> int:
        """Return the months until the next national vote that all can foresee, of either kind, 0 or more.

        By the recorded calendar in historical runs; the run's length and more where none is on it.
        """
        if self.historical:
            calendars = (self.world.elections, self.world.parliamentary_elections)
            ahead = [vote - self.month for calendar in calendars for vote in calendar.get(regime.code, ())]
            return min((months for months in ahead if months >= 0), default=self.months + 1)
        since, term = regime.months_since_election, regime.election_term
        mid_term = term // 2
        return mid_term - since if since <= mid_term else max(term - since, 0)

    def _settle(self, starts: list[StartingState], citizens: int) -> Population:
        p = self.parameters.citizens
        population = Population(
            self.luck, citizens,
            [start["titular_attitude"] for start in starts], [start["russian_share"] for start in starts],
            [start["young_share"] for start in starts], p.russian_attitude, p.attitude_spread, p.cohort_gap,
        )  # fmt: skip
        for regime in self.regimes:
            regime.attitude = regime.starting_attitude = float(population.mean_attitude[regime.index])
            regime.starting_young_share = float(population.young_share[regime.index])
            regime.polarisation = population.polarisation[regime.index]
        return population
