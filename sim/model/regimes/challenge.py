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
    from sim.model.trace import Challenge
    from sim.parameters.challenges import ChallengeParameters

WEEKS = 4  # a month has four weeks; the twelve missing days of a quarter are nobody's

# Where the rates of `challenges` are stated: reference levels, not sizes
REFERENCE_TURNOUT = 0.30
MIDDLING_COHESION = 0.5
MIDDLING_LOYALTY = 0.6


@dataclass(slots=True)
class OpenChallenge:
    """An open challenge in one state.

    Parameters
    ----------
    regime : Regime
    movement : Movement
    spark : float
        What drives it beyond everyday grievance, in units of legitimacy; fades.
    record : Challenge
        What is written down of it; shared by all flare-ups of one challenge.
    opened : int
        Tick.
    """

    regime: Regime
    movement: Movement
    spark: float
    record: Challenge
    opened: int
    participation: float = 0.0
    peak: float = 0.0
    weeks: int = 0
    answer: str = ""  # the regime's response this week
    answer_gain: float = 0.0  # what it adds to survival, log-odds
    fall_chance: float = 0.0  # chance of the fall that this week brought, if it did
    answers: list[str] = field(default_factory=list)  # one a week
    requested: bool = False
    answered: bool = False
    defected: bool = False
    over: bool = False
    help: Rescue | None = None  # Moscow's strongest help now at work
    help_gain: float = 0.0
    help_ends: int = 0  # tick
    help_received: float = 0.0  # rungs of help over the whole challenge
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
        left = regime.legitimacy - self.spark - self.movement.efficacy
        participation = people.protest(
            regime.index, p.citizens, left if left > 0.0 else 0.0, regime.grievance_salience,
            regime.perceived_alignment, regime.deterrence, force,
        )  # fmt: skip
        self.see(participation)
        if repressing and participation > 0:
            risk = 1 - math.exp(-p.citizens.arrest_constant * force / participation)
            people.arrest(
                space.numbers.key(Process.ARREST), regime.index, space.tick * WEEKS + self.weeks % WEEKS,
                p.citizens.arrest_rate * risk, round(p.citizens.jail_months),
            )  # fmt: skip

    def see(self, participation: float) -> None:
        """Take note of this week's participation."""
        regime = self.regime
        self.participation = participation
        self.peak = max(self.peak, participation)
        regime.peak_participation = max(regime.peak_participation, participation)
        self.record.see(participation, regime.space.tick)

    def defection_log_odds(self, space: PostSovietSpace, error: float = 0.0) -> float:
        """Return the log-odds that services turn this week, before any answer: `defection_log_odds`.

        Parameters
        ----------
        error : float
            Added to cohesion and loyalty: how an outsider misjudges them.
        """
        regime = self.regime
        return defection_log_odds(
            space.parameters.challenges, self.participation, regime.cohesion + error,
            regime.security_loyalty + error, regime.openness, regime.preparedness, regime.dependence,
        )  # fmt: skip

    def backing(self, space: PostSovietSpace, help_gain: float | None = None) -> float:
        """Return what Moscow's backing adds to survival: the help at work, or what is expected if more.

        Parameters
        ----------
        help_gain : float, optional
            Help to reckon with in place of that at work, log-odds.
        """
        gain = self.help_gain if help_gain is None else help_gain
        if not space.alliance.precedents:  # as `Alliance.cover`: nobody expects troops that have never come
            return gain if gain > 0.0 else 0.0
        p = space.parameters
        expected = p.alliance.precedent_resolve * space.alliance.cover(self.regime)
        return max(gain, expected * p.instruments.deployment_gain)

    def contest(self, space: PostSovietSpace) -> str:
        """Decide the week: return ``street``, ``elite`` or nothing, and note any defection.

        Services turn first in nearly every fall (claim G4); where clans rule, rivals may use the
        discontent to settle accounts (claim M6).
        """
        p, regime, participation = space.parameters.challenges, self.regime, self.participation
        if not self.defected:
            log_odds, backing = self.defection_log_odds(space), self.backing(space)
            chance = logistic(log_odds - self.answer_gain - backing)
            if self.draw(space, Process.DEFECTION) < chance:
                self._defect(space, log_odds, backing, chance)
        self.fall_chance = street_chance(p, participation, defected=self.defected)
        if self.draw(space, Process.FALL) < self.fall_chance:
            return "street"
        self.fall_chance = clan_chance(p, participation, regime.cohesion, regime.clan_politics)
        if self.draw(space, Process.CLAN_CONTEST) < self.fall_chance:
            return "elite"
        return ""

    def _defect(self, space: PostSovietSpace, log_odds: float, backing: float, chance: float) -> None:
        """Let services turn, and part of their loyalty be lost for good."""
        regime = self.regime
        self.defected = True
        self.record.defections.append(space.tick)
        space.ledger.note(
            "defection", "security services", regime.code, "", self.participation,
            challenge=self.record.number, cohesion=regime.cohesion, loyalty=regime.security_loyalty,
            openness=regime.openness, preparedness=regime.preparedness, dependence=regime.dependence,
            log_odds=log_odds, answer_gain=self.answer_gain, backing=backing, chance=chance,
        )  # fmt: skip
        regime.security_loyalty *= 1 - space.parameters.challenges.defection_loss

    def draw(self, space: PostSovietSpace, process: Process) -> float:
        """Return this week's uniform in a process."""
        return space.numbers.draw(
            process, space.tick, self.regime.index, len(space.regimes), WEEKS, self.weeks % WEEKS
        )

    def fade(self, space: PostSovietSpace) -> None:
        """Let the spark fade for one week, unless a movement keeps it alive, and Moscow's help run out."""
        if self.help is not None and space.tick >= self.help_ends:
            self.help, self.help_gain = None, 0.0
        p = space.parameters.challenges
        fatigue = p.fatigue * (1 - p.endurance * self.movement.resources)
        self.spark *= 1 - fatigue
        self.weeks += 1


# -- the rules, of parameters and plain numbers: the model's own, and those that explanations call ----


def defection_log_odds(
    p: ChallengeParameters,
    participation: float,
    cohesion: float,
    loyalty: float,
    openness: float,
    preparedness: float,
    dependence: float,
) -> float:
    """Return the log-odds that services turn in a week, before any answer or help (claims G3, G4, G7).

    Parameters
    ----------
    p : ChallengeParameters
    participation : float
        Share of citizens in open opposition, 0-1.
    cohesion, loyalty, openness, preparedness, dependence : float
        Of the regime, 0-1 but for an outsider's error.
    """
    prevention = preparedness * (p.own_prevention + p.joint_prevention * dependence)
    return (
        p.defection_base
        + p.defection_by_turnout * (participation - REFERENCE_TURNOUT)
        - p.defection_by_cohesion * (cohesion - MIDDLING_COHESION)
        - p.defection_by_loyalty * (loyalty - MIDDLING_LOYALTY)
        - p.defection_by_openness * openness**2
        - prevention
    )


def defection_risk(log_odds: float, weeks: float) -> float:
    """Return the risk that services turn within some weeks of the same log-odds."""
    return 1.0 - math.pow(1.0 - logistic(log_odds), weeks)


def street_chance(p: ChallengeParameters, participation: float, *, defected: bool) -> float:
    """Return the chance of a week that the regime falls to the street."""
    if defected:
        return p.fall_after_defection
    return p.fall_without_defection * participation / REFERENCE_TURNOUT


def clan_chance(p: ChallengeParameters, participation: float, cohesion: float, clan_politics: float) -> float:
    """Return the chance of a week that rival clans use the discontent to bring the incumbent down."""
    split = (1 - cohesion) ** 2
    return p.clan_contest * clan_politics * split * participation / REFERENCE_TURNOUT


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    if x < -700:
        return 0.0
    return 1.0 / (1.0 + math.exp(-x))
