"""What brings people out: elections, successions, shocks, outside campaigns, the example of others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT, rule
from sim.model.events import AND
from sim.model.randomness import Process, normal
from sim.model.regimes.calendar import EXECUTIVE, PARLIAMENT
from sim.model.regimes.movement import encouragement
from sim.model.regimes.succession import hold_election
from sim.model.rows import Numbers, RowArray

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

NOTABLE = 0.05  # rise of expected success from which an event is told as the example of others


class FocalEvents:
    """The focal events of a month, and the sparks they give.

    Attributes
    ----------
    triggers : list of str
        What it was.
    called : list of bool
        Where outside organisers call people out this month.
    voted : list of str
        Which election became a focal point this month; empty where none did.
    """

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self.triggers = [""] * len(space.regimes)
        self.called = [False] * len(space.regimes)
        self.voted = [""] * len(space.regimes)
        self._forced: dict[int, tuple[float, str]] = {}
        self._successions: set[int] = set()
        self._votes: set[int] = set()

    def succession(self, regime: Regime) -> None:
        """A succession in sight or done is a focal event."""
        self._successions.add(regime.index)

    def vote(self, regime: Regime) -> None:
        """An election held by a scenario is a focal event like any other."""
        self._votes.add(regime.index)

    def force(self, regime: Regime, spark: float, trigger: str = "set by the scenario") -> None:
        """Let there be a focal event of a given spark this month: a scenario's, or one on record."""
        if spark >= self._forced.get(regime.index, (0.0, ""))[0]:
            self._forced[regime.index] = spark, trigger

    def campaign(self) -> None:
        """Let outside organisers help movements; where they choose the moment, they call people out.

        A campaign builds a movement; the spark is the vote that follows (claim G2; Bunce and Wolchik 2011).
        Where organisers act in several states at once, they share one draw and choose the moment, with no
        need of a vote (claim V1).
        """
        space = self.space
        states = len(space.regimes)
        self.called = [False] * states
        asked = space.numbers.below(Process.CAMPAIGN, space.tick, states + 1, space.west.most_campaigns / 12)
        if not asked:
            return
        draws = space.numbers.draws(Process.CAMPAIGN, space.tick, states + 1)
        together = space.parameters.rivals.campaign_simultaneity
        help_each = space.parameters.rivals.campaign_help
        for regime in space.regimes if states in asked else [space.regimes[i] for i in asked]:
            rate = space.west.campaign_rate(regime) / 12
            alone = draws[regime.index][0] < rate * (1 - together)
            joint = draws[states][0] < rate * together
            self.called[regime.index] = joint
            if alone or joint:
                movement = space.movements[regime.index]
                movement.outside_help = min(movement.outside_help + help_each, 1.0)
                space.ledger.note(
                    "campaign", space.west.name, regime.code, "joint" if joint else "alone",
                    movement.outside_help, campaign_rate=12 * rate,
                )  # fmt: skip

    def vote_where_due(self) -> None:
        """Hold the elections that fall due; one that changes nothing is a focal point."""
        calendar = self.space.calendar
        calendar.call_early()
        self.voted = ["election" if i in self._votes else "" for i in range(len(self.voted))]
        for regime in calendar.terms_over():
            if regime.index not in self._votes:
                self.voted[regime.index] = self._vote(regime)
        self._votes.clear()

    def gather(self) -> None:
        """Collect every state's spark."""
        space = self.space
        states = len(space.regimes)
        space.rows.regimes["spark"] = 0.0
        self.triggers = [""] * states
        shocks = self._shocks_felt()
        stirred = self._successions.union(self._forced, shocks)
        if any(self.called) or any(self.voted):
            stirred.update(i for i in range(states) if self.called[i] or self.voted[i])
        for i in sorted(stirred):
            regime, voted, called = space.regimes[i], self.voted[i], self.called[i]
            succession = "succession" if i in self._successions else ""
            outside = "outside campaign" if called else ""
            reasons = list(filter(None, (voted, succession, outside, shocks.get(i, ""))))
            if reasons:
                size = self._size(space.numbers.draw(Process.SPARK, space.tick, i, states))
                regime.spark = self._spark(regime, size, voted=voted, called=called)
                self.triggers[i] = AND.join(reasons)
            if i in self._forced:
                spark, trigger = self._forced[i]
                regime.spark = max(regime.spark, spark)
                self.triggers[i] = self.triggers[i] or trigger
        self._successions.clear()
        self._forced.clear()

    def _shocks_felt(self) -> dict[int, str]:
        """Return what is told of the shocks that citizens come to know of this month, by state."""
        space, rows = self.space, self.space.rows
        uniforms = space.numbers.month(Process.FOCAL_EVENT, space.tick, len(space.regimes))
        felt = shocked(rows.regimes, rows.movements, space.rules, uniforms).tolist()
        hopes = [space.movements[i].encouragement for i in felt]
        return {
            i: "shock" if hope < NOTABLE else "the example of others"
            for i, hope in zip(felt, hopes, strict=True)
        }

    def largest_spark(self, regime: Regime, months: float) -> float:
        """Return the median of the largest spark that shocks give in some months; 0 if none is likelier.

        With n of them expected, none is larger than s with chance exp(-n (1 - F(s))).

        Parameters
        ----------
        months : float
        """
        expected = shocks(regime, 0.0, self.space.parameters) * months / 12
        if expected <= math.log(2):
            return 0.0
        within = 1 - math.log(2) / expected
        return self._spark(regime, self._size((1 + within) / 2), voted="")

    def _vote(self, regime: Regime) -> str:
        """Hold what elections fall due; return what kind became a focal point, or nothing."""
        space = self.space
        if space.calendar.is_due(regime, EXECUTIVE):
            draws = space.numbers.draws(Process.ELECTION, space.tick, len(space.regimes), 2)[regime.index]
            if hold_election(space, regime, draws, line=None, turnover=None):
                return ""
            return "election"
        if space.calendar.is_due(regime, PARLIAMENT):
            space.calendar.held(regime, PARLIAMENT)
            space.ledger.note("election", regime.code, regime.code, "parliamentary", cause="calendar")
            return "parliamentary election"
        return ""

    def _size(self, uniform: float) -> float:
        """Return the size of a focal event, in units of its scale: half-normal to exponential."""
        tail = self.space.parameters.challenges.spark_tail
        size = abs(normal(uniform))
        if tail:
            size += tail * (-math.log(2 * min(uniform, 1 - uniform)) - size)  # at the same quantile
        return size

    def _spark(self, regime: Regime, size: float, *, voted: str, called: bool = False) -> float:
        """Return the spark of a focal event in a state.

        Parameters
        ----------
        size : float
            Of the event, in units of `spark_scale`.
        voted : str
            Which vote was held, if any: monitors and a parallel count make a theft known to all (Tucker
            2007), as far as there is a civil society to send and believe them.
        called : bool
            Whether outside organisers called people out.
        """
        p = self.space.parameters.challenges
        movement = self.space.movements[regime.index]
        spark = p.spark_scale * size + movement.spark
        if voted or called:
            spark += self.space.parameters.rivals.campaign_spark * movement.outside_help
        if voted:
            spark *= min(regime.openness / p.contestable_openness, 1.0) ** 2
            spark += p.election_spark * 4 * regime.openness * (1 - regime.openness)
            weight = 1.0 if voted == "election" else p.parliament_weight
            spark += size * p.theft_spark * weight * regime.unfair_votes * regime.civil_society
        spark *= 1 - p.electoral_outlet * regime.openness
        if regime.dual_power:
            spark *= 1 - self.space.parameters.regimes.dual_power_diffusion
        return spark


# -- the rule that runs for every state every month ------------------------------------------------


@rule
def shocks(regime: Numbers, encouragement: float, rules: Numbers) -> float:
    """Return the focal events a year that citizens come to know of, most in open states.

    Parameters
    ----------
    regime : RegimeRow
    encouragement : float
        How much better than usual citizens think of their chances, -1 to 1.
    rules : Parameters
    """
    rate = rules.challenges.focal_rate + rules.learning.emulation_rate * encouragement
    known = rules.challenges.publicity_when_closed
    events: float = (rate if rate > 0.0 else 0.0) * (known + (1 - known) * regime.openness)
    return events


@numba.njit(cache=KEPT, nogil=True)
def shocked(
    regimes: RowArray, movements: RowArray, rules: RowArray, uniforms: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the states where citizens come to know of a shock this month; draws of shape (states,)."""
    found, count = np.empty(regimes.size, np.int64), 0
    for i in range(regimes.size):
        hope = encouragement(movements[i], rules[0].learning)
        if uniforms[i] < shocks(regimes[i], hope, rules[0]) / 12:
            found[count] = i
            count += 1
    return found[:count]
