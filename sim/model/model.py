"""The model: the post-Soviet space month by month. The month's schedule is `sim.model.month.MONTH`.

Mesa gives the model, its step and its agents; `agents_by_type` finds them. The month itself goes over plain
lists, or in compiled loops over the arrays of which agents are views (`sim.model.rows`). Agent sets and the
data collector would make a run slower (``python -m benchmarks --only mesa``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.errors import RequestError
from sim.model.citizens.population import Population
from sim.model.collector import uncollected
from sim.model.draw import StartingState, draw_estimate, draw_parameters, draw_start, draw_states
from sim.model.month import MONTH, Stage
from sim.model.moscow.budget import Budget
from sim.model.moscow.moscow import Moscow
from sim.model.moscow.wars import Wars
from sim.model.onsets import Onsets
from sim.model.randomness import RandomNumbers
from sim.model.recorder import Recorder
from sim.model.regimes.beginning import agree_with_record
from sim.model.regimes.calendar import Calendar
from sim.model.regimes.challenge import ChallengeRow
from sim.model.regimes.challenges import OpenChallenges
from sim.model.regimes.focal_events import FocalEvents
from sim.model.regimes.movement import Movement, MovementRow
from sim.model.regimes.regime import Regime, RegimeRow
from sim.model.region.alliance import Alliance
from sim.model.region.clashes import Dyad, Mediate
from sim.model.region.powers import ExternalPower, West
from sim.model.region.territory import Territory
from sim.model.rows import RowArray, rows_for, rules_of
from sim.model.timeline import Timeline
from sim.model.trace import History, Ledger
from sim.parameters import Prior, catalogue
from sim.scenario.vocabulary import MOSCOW
from sim.world.state import MEANS, World

if TYPE_CHECKING:
    from sim.scenario.starts import Onset
    from sim.scenario.timeline import AnyEvent


class Rows(NamedTuple):
    """The numbers of agents, of which they are views (`sim.model.rows`).

    Parameters
    ----------
    regimes, movements, challenges : ndarray, shape (states,)
        Of the fields of `RegimeRow`, `MovementRow` and `ChallengeRow`.
    """

    regimes: RowArray
    movements: RowArray
    challenges: RowArray


class PostSovietSpace(mesa.Model):
    """Moscow, the regimes around it and their citizens.

    Parameters
    ----------
    world : World
        The record at the start month.
    seed : int
        Of the ensemble, 0 to 2**63 - 1.
    replicate : int
        Which draw of parameters and random numbers.
    months : int
        Length of the run.
    citizens : int
        Per state.
    priors : mapping of str to Prior
        Parameters that a thesis or scenario sets, by dotted path.
    onsets : sequence of Onset
        Claims that begin to hold later; where two move one parameter, the last that holds counts.
    initial : mapping of str to Prior
        Initial state that a scenario sets, by ``STATE.quantity``, or ``RUS.`` and one of Moscow's means.
    timeline : tuple of TimelineEntry
        What a scenario lets happen.
    historical : bool
        Elections, the war in Ukraine and the states' fundamentals as recorded.
    numbers : RandomNumbers, optional
        In place of that of ``seed`` and ``replicate``.
    drawn_by : RandomNumbers, optional
        That of parameters, if not the same.
    schedule : tuple of Stage
        The month, stage by stage.

    Attributes
    ----------
    regimes : list of Regime
    movements : list of Movement
        Of the same order.
    rows : Rows
        Their numbers as arrays.
    moscow : Moscow
    powers : list of ExternalPower
        The West, China, Turkey.
    territories : list of Territory
    tick : int
        Months since the start.
    values : dict of str to float
        Every parameter as drawn, by dotted path: what holds at the start, and by
        `sim.model.trace.later_name` what claims put in its place later.
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
        onsets: Sequence[Onset] = (),
        initial: Mapping[str, Prior] | None = None,
        timeline: tuple[AnyEvent, ...] = (),
        historical: bool = False,
        numbers: RandomNumbers | None = None,
        drawn_by: RandomNumbers | None = None,
        schedule: tuple[Stage, ...] = MONTH,
    ) -> None:
        super().__init__(rng=seed)  # random numbers are our own; mesa wants a seed all the same
        self.world = world
        self.historical = historical
        self.schedule = schedule
        self.months = months
        self.tick = 0
        self.month = world.start
        self.numbers = numbers or RandomNumbers(seed, replicate, months)
        self.parameters, self.values = draw_parameters(drawn_by or self.numbers, priors or {})
        self.onsets: Onsets = Onsets(self, drawn_by or self.numbers, onsets)
        self.values |= self.onsets.draws
        self._rules, self._rules_of = rules_of(self.parameters), self.parameters
        self.starts = starts = draw_states(self.numbers, world, initial or {})
        self.closeness = world.closeness
        self.ledger = Ledger()
        self.rows = Rows(*(rows_for(each, len(starts)) for each in (RegimeRow, MovementRow, ChallengeRow)))
        self.regimes = [Regime(self, index, start) for index, start in enumerate(starts)]
        self._by_code = {regime.code: regime for regime in self.regimes}
        self.movements = [Movement(self, regime) for regime in self.regimes]
        self.west = West(self, "West", [start["west_exposure"] for start in starts])
        self.powers: list[ExternalPower] = [
            self.west,
            ExternalPower(self, "China", [start["china_exposure"] for start in starts]),
            ExternalPower(self, "Turkey", [start["turkey_exposure"] for start in starts]),
        ]
        self._pulls_of: list[list[float]] = []
        drawn = {
            name: draw_start(self.numbers, f"{MOSCOW}.{name}", getattr(world.moscow, name), initial or {})
            for name in MEANS
        }
        self.starting_budget = drawn
        budget = Budget(drawn["troops"], drawn["money"], drawn["attention"])
        self.moscow: Moscow = Moscow(self, budget, world.moscow.leader_age, world.moscow.leader_tenure)
        self.territories = [
            Territory(
                self, record, self.regime(record.host),
                draw_estimate(self.numbers, f"territory.{record.name}", record.proneness),
            )
            for record in world.territories
        ]  # fmt: skip
        by_name = {territory.name: territory for territory in self.territories}
        self.dyads = [
            Dyad(
                self.regime(record.first), self.regime(record.second),
                draw_estimate(self.numbers, f"dyad.{record.first}-{record.second}", record.hazard),
                by_name.get(record.territory),
            )
            for record in world.dyads
        ]  # fmt: skip
        for dyad, quiet in zip(self.dyads, world.dyads, strict=True):
            dyad.arm(self.parameters.clashes, quiet.months_since_clash)
        self.territory_names = tuple(by_name)
        self.dyad_names = tuple(dyad.name for dyad in self.dyads)
        self.alliance: Alliance = Alliance(self)
        self.wars: Wars = Wars(self, recorded=historical)
        self.calendar: Calendar = Calendar(self)
        self.challenges: OpenChallenges = OpenChallenges(self)
        self.focal_events: FocalEvents = FocalEvents(self)
        self.population: Population = self._settle(starts, citizens)
        if drawn["war_load"] > 0:
            self.wars.under_way(self.regime(world.war_state), drawn["war_load"])
        self.recorder: Recorder = Recorder(self)
        self.timeline: Timeline = Timeline(self, timeline)
        self.mediations: list[Mediate] = []
        self.jolts = np.zeros(len(self.regimes))
        agree_with_record(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.month}, {self.tick} of {self.months} months lived>"

    # -- one month ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Live one month: every stage of the schedule, in order.

        Raises
        ------
        RequestError
            If no month is left.
        """
        if self.tick >= self.months:
            raise RequestError(f"all {self.months} months have been lived")
        self.ledger.tick = self.tick
        for stage in self.schedule:
            stage.run(self)
        self.tick += 1
        self.month = self.month + 1
        self.running = self.tick < self.months

    def run(self) -> History:
        """Live every month that is left and return what happened."""
        with uncollected():
            while self.tick < self.months:
                self.step()
        return self.recorder.history()

    def change(self, values: Mapping[str, float]) -> None:
        """Change parameters from this month on.

        Nobody's view, standing or belief jumps. What is measured as a distance from where it started, or from
        what is usual, is measured from today's on: the pull of an attitude's home, by the gap between cohorts
        who replace each other from now on, and a movement's encouragement.

        Parameters
        ----------
        values : mapping of str to float
            By dotted path.

        Raises
        ------
        RequestError
            If there is no such parameter.
        ValueError
            If a value is outside its parameter's range.
        """
        for path in values:
            if path not in catalogue():
                raise RequestError(f"unknown parameter {path!r}: sim.catalogue() has them all")
        before, self.parameters = self.parameters, self.parameters.replace(dict(values))
        if self.parameters.citizens.cohort_gap != before.citizens.cohort_gap:
            for regime, young in zip(self.regimes, self.population.young_share.tolist(), strict=True):
                regime.home_attitude -= before.citizens.cohort_gap * (young - regime.home_young_share)
                regime.home_young_share = young
        if change := self.parameters.learning.usual_success - before.learning.usual_success:
            for movement in self.movements:
                movement.expected_success += change

    # -- what the parts ask of the whole --------------------------------------------------------------

    def regime(self, code: str) -> Regime:
        """Return a state's regime by its code.

        Raises
        ------
        RequestError
            If there is no such state.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise RequestError(f"there is no state {code!r}; codes are {', '.join(self._by_code)}") from None

    @property
    def rules(self) -> RowArray:
        """The parameters that hold, as compiled loops read them, shape (1,)."""
        if self._rules_of is not self.parameters:
            self._rules, self._rules_of = rules_of(self.parameters), self.parameters
        return self._rules

    @property
    def pulls(self) -> NDArray[np.float64]:
        """How strongly every power draws each state, shape (powers, states); to be read, not changed."""
        pulls = [power.pulls for power in self.powers]
        if pulls != self._pulls_of:
            self._pulls_of = [list(of) for of in pulls]
            self._pulls = np.array(pulls)
        return self._pulls

    def crowd_attitude(self, state: int) -> float:
        """Return the mean attitude to Moscow of those who act in a state."""
        return self.population.crowd_attitude(state)

    def shock_attitude(self, regime: Regime, change: float) -> None:
        """Move all attitudes in a state with the next month's news."""
        self.jolts[regime.index] += change

    def _settle(self, starts: list[StartingState], citizens: int) -> Population:
        p = self.parameters.citizens
        population = Population(
            self.numbers, citizens,
            [start["titular_attitude"] for start in starts], [start["russian_share"] for start in starts],
            [start["young_share"] for start in starts], p.russian_attitude, p.attitude_spread, p.cohort_gap,
        )  # fmt: skip
        for regime in self.regimes:
            regime.attitude = regime.starting_attitude = float(population.mean_attitude[regime.index])
            regime.home_attitude = regime.attitude
            regime.home_young_share = float(population.young_share[regime.index])
            regime.polarisation = population.polarisation[regime.index]
        return population
