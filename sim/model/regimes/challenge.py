"""A challenge to a regime, week by week: the street, the services, the fall."""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Self

from sim.model.moscow.instruments import NO_HELP, RESCUE_LADDER
from sim.model.randomness import Process
from sim.model.regimes.week import (
    WEEKS,
    backing,
    clan_chance,
    fade,
    go_on,
    log_odds_of,
    logistic,
    street_chance,
)
from sim.model.rows import RowView, numbers

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.moscow.instruments import Rescue
    from sim.model.regimes.movement import Movement
    from sim.model.regimes.regime import Regime
    from sim.model.trace import Challenge

ANSWERS = ("repress", "buy off", "concede", "call Moscow", "hedge")
REPRESS, BUY_OFF, CONCEDE, CALL_MOSCOW, HEDGE = range(len(ANSWERS))
NO_ANSWER = -1


@numbers
class ChallengeRow(ctypes.Structure):
    """The numbers of the challenge that is open in a state, or was there last."""

    __slots__ = ()

    opened: int  # tick
    spark: float  # what drives it beyond everyday grievance, in units of legitimacy; fades
    participation: float  # share of citizens in open opposition, 0-1
    peak: float  # largest participation so far
    weeks: int  # that the regime has survived
    response: int  # the regime's answer this week: a place in ANSWERS, or NO_ANSWER
    answer_gain: float  # what it adds to survival, log-odds
    fall_chance: float  # chance of the fall that this week brought, if it did
    requested: bool  # whether the regime has called Moscow
    answered: bool  # whether Moscow has weighed its call
    defected: bool  # whether the services have turned
    over: bool  # whether it has ended
    help_place: int  # in RESCUE_LADDER from 1, of Moscow's strongest help now at work; or NO_HELP
    help_gain: float  # what that help adds to survival, log-odds
    help_ends: int  # tick
    help_received: float  # rungs of help over the whole challenge


class OpenChallenge(RowView, ChallengeRow):
    """An open challenge in one state. It takes over the row of the last one there.

    Parameters
    ----------
    regime : Regime
    movement : Movement
    spark : float
        What drives it beyond everyday grievance, in units of legitimacy.
    record : Challenge
        What is written down of it; shared by all flare-ups of one challenge.
    opened : int
        Tick.

    Attributes
    ----------
    answers : list of str
        The regime's, one a week.
    used : list of Rescue
        What Moscow has helped with.
    """

    __slots__ = ("answers", "index", "movement", "record", "regime", "rows", "used")

    def __new__(
        cls, regime: Regime, movement: Movement, spark: float, record: Challenge, opened: int
    ) -> Self:
        """Take up the state's row."""
        del movement, spark, record, opened
        rows = regime.space.rows.challenges
        rows[regime.index] = 0
        return cls.at(rows, regime.index)

    def __init__(
        self, regime: Regime, movement: Movement, spark: float, record: Challenge, opened: int
    ) -> None:
        super().__init__()
        self.rows, self.index = regime.space.rows.challenges, regime.index
        self.regime, self.movement, self.record = regime, movement, record
        self.spark, self.opened = spark, opened
        self.response = NO_ANSWER
        self.answers: list[str] = []
        self.used: list[Rescue] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.regime.code} {self.regime.space.month}>"

    @property
    def answer(self) -> str:
        """The regime's response this week; empty before its first."""
        return "" if self.response == NO_ANSWER else ANSWERS[self.response]

    @answer.setter
    def answer(self, name: str) -> None:
        self.response = ANSWERS.index(name) if name else NO_ANSWER

    @property
    def help(self) -> Rescue | None:
        """Moscow's strongest help now at work."""
        return RESCUE_LADDER[self.help_place - 1] if self.help_place != NO_HELP else None

    @help.setter  # noqa: A003 - the property above is meant
    def help(self, instrument: Rescue | None) -> None:
        self.help_place = NO_HELP if instrument is None else RESCUE_LADDER.index(instrument) + 1

    @property
    def main_answer(self) -> str:
        """The response used in most weeks, the earliest of equals; empty if there was none."""
        return max(self.answers, key=self.answers.count, default="")

    def take_to_the_street(self, space: PostSovietSpace) -> None:
        """Run the cascade for one week to its fixed point."""
        regime, people, p = self.regime, space.population, space.parameters
        repressing = self.response == REPRESS
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
        """Return the log-odds that services turn this week, before any answer: `log_odds_of`."""
        return log_odds_of(self, self.regime, space.parameters.challenges, error)

    def backing(self, space: PostSovietSpace, help_gain: float | None = None) -> float:
        """Return what Moscow's backing adds to survival: `backing`.

        Parameters
        ----------
        help_gain : float, optional
            Help to reckon with in place of that at work, log-odds.
        """
        gain = self.help_gain if help_gain is None else help_gain
        return backing(gain, space.alliance.cover(self.regime), space.parameters)

    def contest(self, space: PostSovietSpace) -> str:
        """Decide the week: return ``street``, ``elite`` or nothing, and note any defection.

        Services turn first in nearly every fall (claim G4); where clans rule, rivals may use the
        discontent to settle accounts (claim M6).
        """
        p, regime, participation = space.parameters.challenges, self.regime, self.participation
        if not self.defected:
            log_odds, backed = self.defection_log_odds(space), self.backing(space)
            chance = logistic(log_odds - self.answer_gain - backed)
            if self.draw(space, Process.DEFECTION) < chance:
                self._defect(space, log_odds, backed, chance)
        self.fall_chance = street_chance(p, participation, self.defected)
        if self.draw(space, Process.FALL) < self.fall_chance:
            return "street"
        self.fall_chance = clan_chance(p, participation, regime.cohesion, regime.clan_politics)
        if self.draw(space, Process.CLAN_CONTEST) < self.fall_chance:
            return "elite"
        return ""

    def _defect(self, space: PostSovietSpace, log_odds: float, backed: float, chance: float) -> None:
        """Let services turn, and part of their loyalty be lost for good."""
        regime = self.regime
        self.defected = True
        self.record.defections.append(space.tick)
        space.ledger.note(
            "defection", "security services", regime.code, "", self.participation,
            challenge=self.record.number, cohesion=regime.cohesion, loyalty=regime.security_loyalty,
            openness=regime.openness, preparedness=regime.preparedness, dependence=regime.dependence,
            log_odds=log_odds, answer_gain=self.answer_gain, backing=backed, chance=chance,
        )  # fmt: skip
        regime.security_loyalty *= 1 - space.parameters.challenges.defection_loss

    def draw(self, space: PostSovietSpace, process: Process) -> float:
        """Return this week's uniform in a process."""
        return space.numbers.draw(
            process, space.tick, self.regime.index, len(space.regimes), WEEKS, self.weeks % WEEKS
        )

    def go_on(self, space: PostSovietSpace) -> None:
        """Live through a week that the regime survived: `go_on`."""
        go_on(self, self.regime, self.movement, space.parameters, space.tick)

    def fade(self, space: PostSovietSpace) -> None:
        """Let the spark fade for one week, and Moscow's help run out: `fade`."""
        fade(self, self.movement, space.parameters.challenges, space.tick)
