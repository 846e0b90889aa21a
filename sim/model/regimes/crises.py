"""All open challenges, run week by week within a month."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.model.randomness import Process
from sim.model.regimes.crisis import WEEKS, Crisis, logistic
from sim.model.regimes.regime import CLOSED, NEUTRAL_BAND
from sim.model.regimes.responses import choose
from sim.model.regimes.succession import fall
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


class Crises:
    """The challenges of a run.

    Attributes
    ----------
    open : dict of int to Crisis
        Those now open, by state.
    records : list of Challenge
        What is written down of each, in the order in which they opened.
    """

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self.open: dict[int, Crisis] = {}
        self.week = 0  # of the month, 0 to 3
        self.failed: list[Regime] = []  # regimes that saw off a challenge this week
        self.fallen: list[Regime] = []  # regimes that a crowd brought down this week
        self.records: list[Challenge] = []
        self._ended: dict[int, int] = {}

    @property
    def in_order(self) -> list[Crisis]:
        """The open challenges, in the order of states."""
        return [self.open[i] for i in sorted(self.open)]

    def danger(self, crisis: Crisis) -> float:
        """Return how near services are to turning, 0-1, as the regime itself sees it."""
        weeks = self.space.parameters.crises.horizon_weeks
        return min(weeks * logistic(crisis.defection_log_odds(self.space)), 1.0)

    def begin(self) -> None:
        """Open a challenge wherever this month's participation reaches the level that counts."""
        space = self.space
        level = space.parameters.crises.challenge_level
        for regime, participation in zip(space.regimes, space.population.participation.tolist(), strict=True):
            i = regime.index
            regime.peak_participation = participation
            if i in self.open or participation < level:
                continue
            trigger = space.focal_events.triggers[i] or "everyday grievance"
            fresh = space.tick - self._ended.get(i, -QUIET_MONTHS) >= QUIET_MONTHS
            record = self._record(regime, trigger, fresh=fresh)
            crisis = Crisis(regime, space.movements[i], space.focal_events.sparks[i], record, space.tick)
            crisis.see(participation)
            self.open[i] = crisis
            movement = crisis.movement
            space.ledger.note(
                "challenge" if fresh else "flare", "movement", regime.code, trigger, participation,
                challenge=record.number, legitimacy=regime.legitimacy,
                settled_legitimacy=regime.settled_legitimacy, performance=regime.performance,
                rent_support=regime.rent_support, spark=crisis.spark, efficacy=movement.efficacy,
                resources=movement.resources, outside_help=movement.outside_help,
                alignment=regime.alignment, worth=space.moscow.worth(regime),
            )  # fmt: skip

    def _record(self, regime: Regime, trigger: str, *, fresh: bool) -> Challenge:
        """Return the record of a challenge: a new one, or the last one's if it flares up again."""
        if fresh:
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
        for crisis in self.in_order:
            if crisis.opened != self.space.tick or self.week > 0:
                crisis.take_to_the_street(self.space)

    def ebb(self) -> None:
        """End the challenges that too few still join."""
        for crisis in self.in_order:
            if crisis.participation < self.space.parameters.crises.ebb_level:
                how = ENDINGS.get(crisis.main_answer, "ebbed")
                self._end(crisis, how)
                if how in FAILURES:
                    self.failed.append(crisis.regime)

    def respond(self) -> None:
        """Let every challenged regime choose its answer for the week."""
        for crisis in self.in_order:
            self._respond(crisis, self.week)

    def ask_moscow(self) -> None:
        """Let Moscow weigh help for all challenges together."""
        self.space.moscow.answer(self.in_order, self.week)

    def decide(self) -> None:
        """Decide the week of all challenges at once: who turns, who falls, who goes on."""
        decided = [(crisis, crisis.contest(self.space)) for crisis in self.in_order]
        for crisis, outcome in decided:
            if outcome:
                self._fall(crisis, outcome)
            else:
                self._go_on(crisis)
        self.fallen += [crisis.regime for crisis, outcome in decided if outcome == "street"]

    def diffuse(self) -> None:
        """Let publics and regimes elsewhere learn how challenges ended (Beissinger 2007).

        Who fell this week has learnt from nobody else's fall.
        """
        for regime in sorted(self.failed, key=lambda regime: regime.code):
            learn_from_challenge(self.space, regime, succeeded=False)
        for regime in sorted(self.fallen, key=lambda regime: regime.code):
            learn_from_fall(self.space, regime)
            learn_from_challenge(self.space, regime, succeeded=True)
        self.failed, self.fallen = [], []

    # -- what a stage does in one state --------------------------------------------------------------

    def _respond(self, crisis: Crisis, week: int) -> None:
        """Let a regime choose its answer for the week and carry it out."""
        space = self.space
        uniform = crisis.draw(space, Process.RESPONSE)
        response = choose(crisis, space, uniform)
        crisis.answer = response.name
        crisis.answers.append(response.name)
        crisis.record.answers.append(response.name)
        crisis.answer_gain = max(response.gain(crisis, space), 0.0) if response.name != "call Moscow" else 0.0
        rents = crisis.regime.rents
        response.carry_out(crisis, space)
        if week == 0 or crisis.weeks == 0:
            space.ledger.note(
                "response", crisis.regime.code, crisis.regime.code, response.name, crisis.participation,
                challenge=crisis.record.number, loyalty=crisis.regime.security_loyalty, rents=rents,
                answer_gain=crisis.answer_gain,
            )  # fmt: skip

    def _fall(self, crisis: Crisis, outcome: str) -> None:
        """Bring down the regime that lost its week."""
        cause = (
            "rival clans" if outcome == "elite" else "services turned" if crisis.defected else "resignation"
        )
        self.space.moscow.learn(crisis, survived=False)
        fall(
            self.space, crisis.regime, led_by=outcome, crisis=crisis, cause=cause, chance=crisis.fall_chance,
            challenge=crisis.record.number, participation=crisis.participation, weeks=crisis.weeks + 1,
        )  # fmt: skip
        self._end(crisis, "fall")

    def _go_on(self, crisis: Crisis) -> None:
        """Let turnout speak in a week that the regime survived."""
        space, regime, people = self.space, crisis.regime, self.space.parameters.citizens
        surprise = max(crisis.participation - regime.expected_turnout, 0.0)
        regime.legitimacy -= people.turnout_learning * surprise / WEEKS  # Lohmann 1994
        regime.expected_turnout += people.turnout_expectation * (
            crisis.participation - regime.expected_turnout
        )
        regime.cohesion -= space.parameters.crises.weekly_strain
        regime.keep_in_range()
        crisis.fade(space)

    def settle(self, regime: Regime) -> None:
        """End a challenge whose target has gone by another way."""
        crisis = self.open.get(regime.index)
        if crisis is not None:
            self._close(crisis, "overtaken")

    def _end(self, crisis: Crisis, how: str) -> None:
        if how != "fall":
            self.space.moscow.learn(crisis, survived=True)
            if crisis.help is not None and crisis.help.rung > 1:
                self._rescued(crisis, crisis.help)
        self._close(crisis, how)

    def _close(self, crisis: Crisis, how: str) -> None:
        crisis.over = True
        space, regime, record = self.space, crisis.regime, crisis.record
        record.ends.append(space.tick)
        record.endings.append(how)
        weeks = crisis.weeks + (how == "fall")  # the week of a fall counts
        space.ledger.note(
            "challenge_ended", regime.code, regime.code, how, crisis.peak,
            challenge=record.number, weeks=weeks,
        )  # fmt: skip
        del self.open[regime.index]
        self._ended[regime.index] = space.tick

    def _rescued(self, crisis: Crisis, by: Rescue) -> None:
        """A rescued regime purges its rivals and leans on its rescuer (claim M2)."""
        space, regime, p = self.space, crisis.regime, self.space.parameters.regimes
        rung = by.rung
        regime.cohesion += p.rescue_purge * rung
        regime.security_loyalty += p.rescue_purge * rung
        regime.line += p.rescue_alignment * rung
        regime.dual_power = 0
        regime.keep_in_range()
        space.ledger.note(
            "purge", regime.code, regime.code, by.name, regime.cohesion,
            challenge=crisis.record.number, loyalty=regime.security_loyalty, line=regime.line,
        )  # fmt: skip
        if by.collective:
            space.alliance.deployed()


WEEK: tuple[Callable[[Crises], None], ...] = (
    Crises.take_to_the_street,
    Crises.ebb,
    Crises.respond,
    Crises.ask_moscow,
    Crises.decide,
    Crises.diffuse,
)
"""The stages of a week with open challenges, in order."""
