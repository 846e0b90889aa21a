"""All open challenges, run week by week within a month."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.model.randomness import Process
from sim.model.regimes.challenge import OpenChallenge
from sim.model.regimes.regime import CLOSED, NEUTRAL_BAND
from sim.model.regimes.responses import RESPONSES, choose
from sim.model.regimes.succession import fall
from sim.model.regimes.week import WEEKS, go_on_where_safe
from sim.model.trace import Challenge

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.moscow.instruments import Rescue
    from sim.model.regimes.regime import Regime


# -- what publics and regimes learn from a fall elsewhere (Beissinger 2007) ------------------------

CLOSELY_GUARDED = 0.3  # openness below which regimes learn twice as fast, as `learning.preparedness` states


def learn_from_fall(space: PostSovietSpace, fallen: Regime) -> None:
    """Spread preparedness to regimes (claim G3), and fear to closed ones, which look to Moscow (claim G1)."""
    p = space.parameters.learning
    for watcher in space.regimes:
        if watcher is fallen:
            continue
        watcher.preparedness += p.preparedness * (2 if watcher.openness < CLOSELY_GUARDED else 1)
        if watcher.openness < CLOSED and watcher.alignment > -NEUTRAL_BAND:
            watcher.line += p.fear_alignment
        watcher.keep_in_range()


def learn_from_challenge(space: PostSovietSpace, challenged: Regime, *, succeeded: bool) -> None:
    """Let movements that watch learn from how a challenge ended: hope from a success, or the lack of it."""
    for movement in space.movements:
        if movement.regime is not challenged:
            movement.watch(space.closeness[movement.regime.index][challenged.index], succeeded=succeeded)


# -- all open challenges, run week by week within a month ------------------------------------------

QUIET_MONTHS = 6  # a state that was challenged this recently is not counted as challenged anew
ENDINGS = {"repress": "repressed", "buy off": "bought off", "concede": "conceded"}
FAILURES = ("repressed", "bought off", "ebbed")  # a concession is neither: it discourages nobody


class OpenChallenges:
    """The challenges of a run.

    Attributes
    ----------
    open : dict of int to OpenChallenge
        Those now open, by state.
    records : list of Challenge
        What is written down of each, in the order in which they opened.
    """

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self.open: dict[int, OpenChallenge] = {}
        self.week = 0  # of the month, 0 to 3
        self.failed: list[Regime] = []  # regimes that saw off a challenge this week
        self.fallen: list[Regime] = []  # regimes that a crowd brought down this week
        self.records: list[Challenge] = []
        self._ended: dict[int, int] = {}

    @property
    def in_order(self) -> list[OpenChallenge]:
        """The open challenges, in the order of states."""
        return list(self.open.values()) if len(self.open) < 2 else [self.open[i] for i in sorted(self.open)]

    def begin(self) -> None:
        """Open a challenge wherever this month's participation reaches the level that counts."""
        space = self.space
        participation = space.population.participation
        space.rows.regimes["peak_participation"] = participation
        level = space.parameters.challenges.challenge_level
        for i, share in enumerate(participation.tolist()):
            if share >= level and i not in self.open:
                self._open(space.regimes[i], share)

    def _open(self, regime: Regime, participation: float) -> None:
        """Open a challenge in a state where so many have come out."""
        space, i = self.space, regime.index
        trigger = space.focal_events.triggers[i] or "everyday grievance"
        fresh = space.tick - self._ended.get(i, -QUIET_MONTHS) >= QUIET_MONTHS
        record = self._record(regime, trigger, fresh=fresh)
        challenge = OpenChallenge(regime, space.movements[i], regime.spark, record, space.tick)
        challenge.see(participation)
        self.open[i] = challenge
        movement = challenge.movement
        space.ledger.note(
            "challenge" if fresh else "flare", "movement", regime.code, trigger, participation,
            challenge=record.number, legitimacy=regime.legitimacy,
            settled_legitimacy=regime.settled_legitimacy, performance=regime.performance,
            rent_support=regime.rent_support, spark=challenge.spark, efficacy=movement.efficacy,
            resources=movement.resources, outside_help=movement.outside_help,
            alignment=regime.alignment, worth=space.moscow.worth(regime),
        )  # fmt: skip

    def _record(self, regime: Regime, trigger: str, *, fresh: bool) -> Challenge:
        """Return the record of a challenge: a new one, or the last one's if it flares up again."""
        if fresh:
            self.space.movements[regime.index].rose()
            record = Challenge(len(self.records), regime.code, self.space.tick, trigger)
            self.records.append(record)
        else:
            record = next(record for record in reversed(self.records) if record.state == regime.code)
            record.flares.append(self.space.tick)
        return record

    def run_month(self) -> None:
        """Run every open challenge through the month's weeks, stage by stage (`WEEK`).

        A stage is taken in all states before the next is taken in any: nothing depends on the order of the
        states.
        """
        for self.week in range(WEEKS):
            if not self.open:
                return
            for stage in WEEK:
                stage(self)

    # -- the stages of a week ------------------------------------------------------------------------

    def take_to_the_street(self) -> None:
        """Run every cascade for one week; a challenge that has just begun has done so this month."""
        for challenge in self.in_order:
            if challenge.opened != self.space.tick or self.week > 0:
                challenge.take_to_the_street(self.space)

    def ebb(self) -> None:
        """End the challenges that too few still join."""
        level = self.space.parameters.challenges.ebb_level
        for challenge in self.in_order:
            if challenge.participation < level:
                how = ENDINGS.get(challenge.main_answer, "ebbed")
                self._end(challenge, how)
                if how in FAILURES:
                    self.failed.append(challenge.regime)

    def respond(self) -> None:
        """Let every challenged regime choose its answer for the week and carry it out."""
        challenged = self.in_order
        if challenged:
            choose(self.space, challenged)
        for challenge in challenged:
            self._carry_out(challenge)

    def ask_moscow(self) -> None:
        """Let Moscow weigh help for all challenges together."""
        self.space.moscow.answer(self.in_order, self.week)

    def decide(self) -> None:
        """Decide the week of all challenges at once: who turns, who falls, who goes on."""
        decided = [(challenge, challenge.contest(self.space)) for challenge in self._in_danger()]
        for challenge, outcome in decided:
            if outcome:
                self._fall(challenge, outcome)
            else:
                challenge.go_on(self.space)
        self.fallen += [challenge.regime for challenge, outcome in decided if outcome == "street"]

    def diffuse(self) -> None:
        """Let publics and regimes elsewhere learn how challenges ended (Beissinger 2007).

        Who fell this week has learnt from nobody else's fall.
        """
        if not self.failed and not self.fallen:
            return
        for regime in sorted(self.failed, key=lambda regime: regime.code):
            self.space.movements[regime.index].tire(won=False)
            learn_from_challenge(self.space, regime, succeeded=False)
        for regime in sorted(self.fallen, key=lambda regime: regime.code):
            self.space.movements[regime.index].tire(won=True)
            learn_from_fall(self.space, regime)
            learn_from_challenge(self.space, regime, succeeded=True)
        self.failed, self.fallen = [], []

    # -- what a stage does in one state --------------------------------------------------------------

    def _carry_out(self, challenge: OpenChallenge) -> None:
        """Let a regime carry out the answer that it has chosen."""
        space, answer = self.space, challenge.answer
        challenge.answers.append(answer)
        challenge.record.answers.append(answer)
        rents = challenge.regime.rents
        RESPONSES[challenge.response].carry_out(challenge, space)
        if self.week == 0 or challenge.weeks == 0:
            space.ledger.note(
                "response", challenge.regime.code, challenge.regime.code, answer,
                challenge.participation, challenge=challenge.record.number,
                loyalty=challenge.regime.security_loyalty, rents=rents,
                answer_gain=challenge.answer_gain,
            )  # fmt: skip

    def _in_danger(self) -> list[OpenChallenge]:
        """Let the challenges go on in which nothing can happen this week; return the others, in order."""
        if not self.open:
            return []
        space, numbers = self.space, self.space.numbers
        month = space.tick, len(space.regimes), WEEKS
        states = go_on_where_safe(
            np.array(sorted(self.open)), space.rows.challenges, space.rows.regimes, space.rows.movements,
            space.rules, space.alliance.covers, numbers.table(Process.DEFECTION, *month),
            numbers.table(Process.FALL, *month), numbers.table(Process.CLAN_CONTEST, *month), space.tick,
        )  # fmt: skip
        return [self.open[state] for state in states.tolist()]

    def _fall(self, challenge: OpenChallenge, outcome: str) -> None:
        """Bring down the regime that lost its week."""
        cause = (
            "rival clans"
            if outcome == "elite"
            else "services turned"
            if challenge.defected
            else "resignation"
        )
        self.space.moscow.learn(challenge, survived=False)
        fall(
            self.space, challenge.regime, led_by=outcome, within=challenge, cause=cause,
            chance=challenge.fall_chance, challenge=challenge.record.number,
            participation=challenge.participation, weeks=challenge.weeks + 1,
        )  # fmt: skip
        self._end(challenge, "fall")

    def settle(self, regime: Regime) -> None:
        """End a challenge whose target has gone by another way."""
        challenge = self.open.get(regime.index)
        if challenge is not None:
            self._close(challenge, "overtaken")

    def _end(self, challenge: OpenChallenge, how: str) -> None:
        if how != "fall":
            self.space.moscow.learn(challenge, survived=True)
            if (by := challenge.help) is not None and by.rung > 1:
                self._rescued(challenge, by)
        self._close(challenge, how)

    def _close(self, challenge: OpenChallenge, how: str) -> None:
        challenge.over = True
        space, regime, record = self.space, challenge.regime, challenge.record
        record.ends.append(space.tick)
        record.endings.append(how)
        weeks = challenge.weeks + (how == "fall")  # the week of a fall counts
        space.ledger.note(
            "challenge_ended", regime.code, regime.code, how, challenge.peak,
            challenge=record.number, weeks=weeks,
        )  # fmt: skip
        del self.open[regime.index]
        self._ended[regime.index] = space.tick

    def _rescued(self, challenge: OpenChallenge, by: Rescue) -> None:
        """A rescued regime purges its rivals and leans on its rescuer (claim M2)."""
        space, regime, p = self.space, challenge.regime, self.space.parameters.regimes
        rung = by.rung
        regime.cohesion += p.rescue_purge * rung
        regime.security_loyalty += p.rescue_purge * rung
        regime.line += p.rescue_alignment * rung
        regime.dual_power = 0
        regime.keep_in_range()
        space.ledger.note(
            "purge", regime.code, regime.code, by.name, regime.cohesion,
            challenge=challenge.record.number, loyalty=regime.security_loyalty, line=regime.line,
        )  # fmt: skip
        if by.collective:
            space.alliance.deployed()


WEEK: tuple[Callable[[OpenChallenges], None], ...] = (
    OpenChallenges.take_to_the_street,
    OpenChallenges.ebb,
    OpenChallenges.respond,
    OpenChallenges.ask_moscow,
    OpenChallenges.decide,
    OpenChallenges.diffuse,
)
"""The stages of a week with open challenges, in order."""
