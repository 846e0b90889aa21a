"""What a scenario's author lets happen: applies the events of a timeline to the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sim.model.moscow.wars import Ruling
from sim.model.randomness import Process
from sim.model.regimes.regime import DECLARED_COURSE
from sim.model.regimes.succession import hand_over, hold_election
from sim.scenario.vocabulary import MOSCOW
from sim.series import DE_FACTO, INTEGRATED, STATE_SERIES

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.months import Month
    from sim.scenario import timeline as kinds
    from sim.scenario.entry import Condition


class Timeline:
    """The events still to come.

    Parameters
    ----------
    space : PostSovietSpace
    entries : sequence of TimelineEntry
        In the order of the scenario.
    """

    def __init__(self, space: PostSovietSpace, entries: tuple[kinds.AnyEvent, ...]) -> None:
        self.space = space
        self.waiting = list(entries)

    def apply(self) -> None:
        """Carry out the events whose month has come or whose condition holds."""
        due = [entry for entry in self.waiting if self._due(entry)]
        self.waiting = [entry for entry in self.waiting if entry not in due]
        for entry in due:
            self.space.ledger.note(
                "timeline", "scenario", getattr(entry, "state", ""), entry.name, entry=entry.event
            )
            _APPLY[entry.event](self.space, entry)

    def _due(self, entry: kinds.AnyEvent) -> bool:
        if entry.at is not None:
            return entry.at == self.space.month
        condition = entry.when
        if condition is None:
            return False
        return holds(condition, read(self.space, condition.variable, condition.state), self.space.month)


def holds(condition: Condition, value: float, month: Month) -> bool:
    """Return whether a condition holds for its variable's value in a month."""
    first, last = condition.from_, condition.until
    if (first is not None and month < first) or (last is not None and month > last):
        return False
    if condition.above is not None:
        return value > condition.above
    return condition.below is not None and value < condition.below


def read(space: PostSovietSpace, variable: str, state: str | None) -> float:
    """Return the latest value of a series, of a state or of Moscow."""
    if variable in STATE_SERIES and state is not None:
        return space.recorder.state_value(variable, space.regime(state).index)
    return space.recorder.moscow_value(variable)


def _challenge(space: PostSovietSpace, entry: kinds.Challenge) -> None:
    for code in entry.states:
        space.focal_events.force(space.regime(code), entry.spark)


def _election(space: PostSovietSpace, entry: kinds.Election) -> None:
    regime = space.regime(entry.state)
    draws = space.numbers.draws(Process.ELECTION, space.tick, len(space.regimes), 2)[regime.index]
    if not hold_election(space, regime, draws, line=entry.alignment, turnover=entry.turnover):
        space.focal_events.vote(regime)


def _leader_exit(space: PostSovietSpace, entry: kinds.LeaderExit) -> None:
    if entry.state == MOSCOW:
        space.moscow.change_leader("managed", "scenario")
        return
    regime = space.regime(entry.state)
    uniform = space.numbers.draws(Process.LEADER_EXIT, space.tick, len(space.regimes), 2)[regime.index][1]
    hand_over(space, regime, uniform, died=True, cause="scenario", line=entry.alignment)


def _ukraine_war(space: PostSovietSpace, entry: kinds.UkraineWar) -> None:
    space.wars.wage(space.regime(space.world.war_state), entry.load)


def _peace(space: PostSovietSpace, entry: kinds.Peace) -> None:
    for code in entry.states:
        space.wars.rule(space.regime(code), Ruling(peace=True, until=entry.until))


def _war_goes_on(space: PostSovietSpace, entry: kinds.WarGoesOn) -> None:
    for code in entry.states:
        space.wars.rule(space.regime(code), Ruling(peace=False, until=entry.until))


def _set(space: PostSovietSpace, entry: kinds.SetParameter) -> None:
    space.onsets.overrule({entry.parameter: entry.value})


def _means(space: PostSovietSpace, entry: kinds.Means) -> None:
    for name, times in entry.given.items():
        space.moscow.budget.resize(name, times)


def _withdraw_garrisons(space: PostSovietSpace, entry: kinds.WithdrawGarrisons) -> None:
    for code in entry.states:
        regime = space.regime(code)
        regime.garrison *= 1 - entry.share
        space.ledger.note("garrison", MOSCOW, code, "withdrawn", regime.garrison, cause="scenario")


def _nato_path(space: PostSovietSpace, entry: kinds.NatoPath) -> None:
    regime = space.regime(entry.state)
    regime.nato_course, regime.heads_for_nato = entry.course, entry.course >= DECLARED_COURSE


def _abstain(space: PostSovietSpace, entry: kinds.Abstain) -> None:
    for code in entry.states:
        for instrument in entry.instruments:
            space.moscow.abstains[instrument, code] = entry.months + 1


def _shock(space: PostSovietSpace, entry: kinds.Shock) -> None:
    for code in entry.states:
        regime = space.regime(code)
        if entry.variable == "attitude":
            space.shock_attitude(regime, entry.change)
        else:
            setattr(regime, entry.variable, getattr(regime, entry.variable) + entry.change)
            regime.keep_in_range()


def _engage(space: PostSovietSpace, entry: kinds.Engage) -> None:
    power = next(power for power in space.powers if power.name == entry.power)
    power.engage(entry.engagement, None if entry.states is None else map(space.regime, entry.states))


def _territory(space: PostSovietSpace, entry: kinds.TerritoryStatus) -> None:
    territory = next(t for t in space.territories if t.name == entry.territory)
    if entry.status == territory.status:
        return
    arrivals = {DE_FACTO: "arose", INTEGRATED: "integrated"}
    detail = "lost" if entry.status < territory.status else arrivals.get(entry.status, "upgraded")
    territory.change(entry.status, detail, "scenario")


def _join(space: PostSovietSpace, entry: kinds.Join) -> None:
    space.alliance.join(space.regime(entry.state), entry.organisation, "scenario")


def _leave(space: PostSovietSpace, entry: kinds.Leave) -> None:
    space.alliance.leave(space.regime(entry.state), entry.organisation, "scenario")


_APPLY: dict[str, Callable[[PostSovietSpace, Any], None]] = {
    "challenge": _challenge,
    "election": _election,
    "leader_exit": _leader_exit,
    "ukraine_war": _ukraine_war,
    "peace": _peace,
    "war_goes_on": _war_goes_on,
    "set": _set,
    "means": _means,
    "withdraw_garrisons": _withdraw_garrisons,
    "nato_path": _nato_path,
    "abstain": _abstain,
    "shock": _shock,
    "engage": _engage,
    "territory": _territory,
    "join": _join,
    "leave": _leave,
}
"""By the name of the event in a scenario file."""
