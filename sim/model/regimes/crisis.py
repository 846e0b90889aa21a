"""A challenge to a regime, week by week: the street, the services, the fall."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.model.randomness import Process

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.moscow.instruments import Rescue
    from sim.model.regimes.movement import Movement
    from sim.model.regimes.regime import Regime

WEEKS = 4  # a month has four weeks; the twelve missing days of a quarter are nobody's

# Where the rates of `crises` are stated: reference levels, not sizes
REFERENCE_TURNOUT = 0.30
MIDDLING_COHESION = 0.5
MIDDLING_LOYALTY = 0.6


@dataclass(slots=True)
class Crisis:
    """An open challenge in one state.

    Parameters
    ----------
    regime : Regime
    movement : Movement
    spark : float
        What drives it beyond everyday grievance, in units of legitimacy; fades.
    trigger : str
        What set it off.
    opened : int
        Tick.
    """

    regime: Regime
    movement: Movement
    spark: float
    trigger: str
    opened: int
    participation: float = 0.0
    peak: float = 0.0
    weeks: int = 0
    answer: str = ""  # the regime's response this week
    answer_gain: float = 0.0  # what it adds to survival, log-odds
    answers: list[str] = field(default_factory=list)  # one a week
    requested: bool = False
    answered: bool = False
    defected: bool = False
    over: bool = False
    help: Rescue | None = None  # Moscow's strongest help now at work
    help_gain: float = 0.0
    help_ends: int = 0  # tick
    help_received: float = 0.0  # rungs of help over the whole crisis
    used: list[Rescue] = field(default_factory=list)

    @property
    def main_answer(self) -> str:
        """The response used in most weeks, the earliest of equals; empty if there was none."""
        return max(self.answers, key=self.answers.count, default="")

    def take_to_the_street(self, space: PostSovietSpace) -> None:
        """Run the cascade for one week to its fixed point."""
        regime, people, p = self.regime, space.population, space.parameters
        repressing = self.answer == "repress"
        force = regime.force * (1 + (p.regimes.repression_force if repressing else 0.0))
        left = max(regime.legitimacy - self.spark - self.movement.efficacy, 0.0)
        participation = people.protest(
            regime.index, p.citizens, left, regime.grievance_salience, regime.perceived_alignment,
            regime.deterrence, force,
        )  # fmt: skip
        self.see(participation)
        if repressing and participation > 0:
            risk = 1 - math.exp(-p.citizens.arrest_constant * force / participation)
            people.arrest(
                space.luck.key(Process.ARREST), regime.index, space.tick * WEEKS + self.weeks % WEEKS,
                p.citizens.arrest_rate * risk, round(p.citizens.jail_months),
            )  # fmt: skip

    def see(self, participation: float) -> None:
        """Take note of this week's participation."""
        self.participation = participation
        self.peak = max(self.peak, participation)
        self.regime.peak_participation = max(self.regime.peak_participation, participation)

    def defection_log_odds(self, space: PostSovietSpace, error: float = 0.0) -> float:
        """Return the log-odds that services turn this week, before any answer (claims G3, G4, G7).

        Parameters
        ----------
        error : float
            Added to cohesion and loyalty: how an outsider misjudges them.
        """
        p, regime = space.parameters.crises, self.regime
        prevention = regime.preparedness * (p.own_prevention + p.joint_prevention * regime.dependence)
        return (
            p.defection_base
            + p.defection_by_turnout * (self.participation - REFERENCE_TURNOUT)
            - p.defection_by_cohesion * (regime.cohesion + error - MIDDLING_COHESION)
            - p.defection_by_loyalty * (regime.security_loyalty + error - MIDDLING_LOYALTY)
            - p.defection_by_openness * regime.openness**2
            - prevention
        )

    def backing(self, space: PostSovietSpace, help_gain: float | None = None) -> float:
        """Return what Moscow's backing adds to survival: the help at work, or what is expected if more.

        Parameters
        ----------
        help_gain : float, optional
            Help to reckon with in place of that at work, log-odds.
        """
        p = space.parameters
        expected = p.alliance.precedent_resolve * space.alliance.cover(self.regime)
        return max(
            self.help_gain if help_gain is None else help_gain, expected * p.instruments.deployment_gain
        )

    def contest(self, space: PostSovietSpace) -> str:
        """Decide the week: return ``street``, ``elite`` or nothing, and note any defection.

        Services turn first in nearly every fall (claim G4); where clans rule, rivals may use the
        discontent to settle accounts (claim M6).
        """
        p, regime = space.parameters.crises, self.regime
        if not self.defected and self.draw(space, Process.DEFECTION) < logistic(
            self.defection_log_odds(space) - self.answer_gain - self.backing(space)
        ):
            self.defected = True
            space.ledger.note(
                "defection", "security services", regime.code, "", self.participation,
                f"{self.participation:.0%} in open opposition, elite cohesion {regime.cohesion:.2f}, "
                f"loyalty {regime.security_loyalty:.2f}",
            )  # fmt: skip
            regime.security_loyalty *= 1 - p.defection_loss
        chance = p.fall_without_defection * self.participation / REFERENCE_TURNOUT
        if self.defected:
            chance = p.fall_after_defection
        if self.draw(space, Process.FALL) < chance:
            return "street"
        split = (1 - regime.cohesion) ** 2
        rivals = p.clan_contest * regime.clan_politics * split * self.participation / REFERENCE_TURNOUT
        if self.draw(space, Process.CLAN_CONTEST) < rivals:
            return "elite"
        return ""

    def draw(self, space: PostSovietSpace, process: Process) -> float:
        """Return this week's uniform in a process."""
        month = space.luck.draws(process, space.tick, len(space.regimes), WEEKS)
        return month[self.regime.index][self.weeks % WEEKS]

    def fade(self, space: PostSovietSpace) -> None:
        """Let the spark fade for one week, unless a movement keeps it alive, and Moscow's help run out."""
        if self.help is not None and space.tick >= self.help_ends:
            self.help, self.help_gain = None, 0.0
        p = space.parameters.crises
        fatigue = p.fatigue * (1 - p.endurance * self.movement.resources)
        self.spark *= 1 - fatigue
        self.weeks += 1


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    if x < -700:
        return 0.0
    return 1.0 / (1.0 + math.exp(-x))
