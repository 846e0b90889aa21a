"""Moscow's wars: their start, widening, setbacks and end, and what they drain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.randomness import Process
from sim.model.region.realignment import turned_by_coercion
from sim.scenario.vocabulary import MOSCOW
from sim.series import DE_FACTO, INTEGRATED, LATENT

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime
    from sim.months import Month

FULL_FROM = 0.5  # load from which a war that is given is a full one: a definition
IN_THE_TARGET = 10  # times the backlash across the region, as `war.coercion_backlash` states
BREAKING_AWAY = 2  # times as likely as being taken, as `war.seizure_full` states
LEAST_STANDING = 0.2  # a great power is never without any
LEAST_SUPPORT, SUPPORT_RETURN = 0.3, 0.01  # as `war.partner_unease` states
REMNANT = 0.2  # thousand troops that stay: a garrison below it is none to recall


@dataclass(slots=True)
class War:
    """A war under way.

    Parameters
    ----------
    full : bool
    load : float
        Draw on Moscow, 1 for a full war on a state of full strategic value.
    months : int
        So far.
    """

    full: bool
    load: float
    months: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a scenario's author lays down on war in a state.

    Parameters
    ----------
    peace : bool
        Whether there is peace; otherwise a war there has no drawn end.
    until : Month or None
        Last month in which that holds; None for good.
    """

    peace: bool
    until: Month | None

    def holds(self, month: Month) -> bool:
        """Return whether it holds in a month."""
        return self.until is None or month <= self.until


class Wars:
    """Wars by state.

    Parameters
    ----------
    space : PostSovietSpace
    recorded : bool
        Whether the load of the war in Ukraine follows the record (historical runs).
    """

    def __init__(self, space: PostSovietSpace, *, recorded: bool) -> None:
        self.space = space
        self.recorded = recorded
        self.active: dict[str, War] = {}
        self._rulings: dict[str, Ruling] = {}

    @property
    def load(self) -> float:
        """Total draw on Moscow, 0-1."""
        return min(math.fsum([war.load for war in self.active.values()]), 1.0) if self.active else 0.0

    @property
    def load_in_ukraine(self) -> float:
        """Draw of the war that the record follows, 0-1; 0 without it."""
        war = self.active.get(self.space.world.war_state)
        return min(war.load, 1.0) if war is not None else 0.0

    @property
    def load_elsewhere(self) -> float:
        """Draw of all other wars, 0-1."""
        if not self.active:
            return 0.0
        followed = self.space.world.war_state
        loads = [war.load for state, war in self.active.items() if state != followed]
        return min(math.fsum(loads), 1.0) if loads else 0.0

    def given(self, regime: Regime) -> bool:
        """Return whether this state's war is given by the record and not for the model to start."""
        return self.recorded and regime.code == self.space.world.war_state

    def rule(self, regime: Regime, ruling: Ruling) -> None:
        """Lay down peace in a state, which ends a war there, or that a war goes on; the last ruling holds."""
        self._rulings[regime.code] = ruling
        if ruling.peace and regime.code in self.active:
            self._end(regime, "scenario")

    def at_peace(self, regime: Regime) -> bool:
        """Return whether a scenario's author has laid down peace here, so that no war can start."""
        ruling = self._rulings.get(regime.code)
        return ruling is not None and ruling.peace and ruling.holds(self.space.month)

    def goes_on(self, regime: Regime) -> bool:
        """Return whether a war here has no drawn end: the record or a scenario's author gives its course."""
        ruling = self._rulings.get(regime.code)
        kept = ruling is not None and not ruling.peace and ruling.holds(self.space.month)
        return kept or self.given(regime)

    def wage(self, regime: Regime, load: float) -> None:
        """Set a war's load as a scenario's author says, which breaks an earlier peace; 0 ends it."""
        if load > 0 and self.at_peace(regime):
            del self._rulings[regime.code]
        self.set_load(regime, load, "scenario")

    def set_load(self, regime: Regime, load: float, cause: str) -> None:
        """Set a war's load from the record or a scenario, as `cause` says; 0 ends it."""
        war = self.active.get(regime.code)
        if load <= 0:
            if war is not None:
                self._end(regime, cause)
            return
        full = load >= FULL_FROM
        if war is None or (full and not war.full):
            self.start(regime, full=full, cause=cause)
        self.active[regime.code].load = load

    def under_way(self, regime: Regime, load: float) -> None:
        """Take over a war that is already going on at the start."""
        self.active[regime.code] = War(full=load >= FULL_FROM, load=load)

    def start(self, regime: Regime, *, full: bool, cause: str, **facts: float) -> None:
        """Start or widen a war: attitudes fall across the region, the target turns away (claim P7).

        Parameters
        ----------
        full : bool
        cause : str
            A cause of the event ``war``.
        **facts
            Other facts of the event.
        """
        space, p = self.space, self.space.parameters.war
        load = regime.strategic_value * (1.0 if full else p.limited_load)
        self.active[regime.code] = War(full, load)
        space.ledger.note(
            "war", MOSCOW, regime.code, "started", load, cause=cause, scale="full" if full else "limited",
            **facts,
        )  # fmt: skip
        for other in space.regimes:
            space.shock_attitude(other, -p.coercion_backlash * (IN_THE_TARGET if other is regime else 1))
        turned_by_coercion(space, regime, p.alienation_full if full else p.alienation_limited)
        regime.nato_course = min(regime.nato_course, p.course_left)
        regime.legitimacy += p.rally
        regime.keep_in_range()
        self._seize(regime, full=full)

    def _seize(self, regime: Regime, *, full: bool) -> None:
        """Territories of the target may be taken in the first weeks."""
        space = self.space
        draws = space.numbers.named_draws(Process.TERRITORY_CHOICE, space.tick, space.territory_names, 1)
        for territory, (uniform,) in zip(space.territories, draws, strict=True):
            if territory.host is not regime or territory.status == INTEGRATED:
                continue
            reach = territory.proneness * (space.parameters.war.seizure_full if full else 1.0)
            if uniform < reach:
                territory.change(INTEGRATED, "integrated", "war")
            elif uniform < BREAKING_AWAY * reach and territory.status == LATENT:
                territory.look_to_moscow()
                territory.change(DE_FACTO, "arose", "war")

    def run_month(self) -> None:
        """Follow the record, or let wars go on: setbacks, unease of partners, recall of garrisons, end."""
        space, p = self.space, self.space.parameters.war
        self._follow_record()
        states, fighting_fully = len(space.regimes), False
        for regime in space.regimes if self.active else ():
            war = self.active.get(regime.code)
            if war is None:
                continue
            war.months += 1
            if war.full:
                fighting_fully = True
                if space.numbers.draw(Process.SETBACK, space.tick, regime.index, states) < p.setback:
                    space.moscow.standing = max(space.moscow.standing - p.setback_standing, LEAST_STANDING)
                    space.ledger.note(
                        "war", MOSCOW, regime.code, "setback", war.load, cause="drawn",
                        standing=space.moscow.standing,
                    )  # fmt: skip
            ends = space.numbers.draw(Process.WAR, space.tick, regime.index, states, 3, 2)
            hazard = p.full_end if war.full else p.limited_end
            if not self.goes_on(regime) and war.months > 1 and ends < hazard:
                self._end(regime, "drawn")
        budget = space.moscow.budget
        if fighting_fully:
            budget.outside_support = max(budget.outside_support - p.partner_unease, LEAST_SUPPORT)
            self._recall_garrisons(p.garrison_recall)
        else:
            budget.outside_support = min(budget.outside_support + SUPPORT_RETURN, 1.0)

    def _follow_record(self) -> None:
        if not self.recorded:
            return
        space = self.space
        regime = space.regime(space.world.war_state)
        for month, load in space.world.war_history:
            if month == space.month and not self.at_peace(regime):
                self.set_load(regime, load, "record")

    def _recall_garrisons(self, share: float) -> None:
        """Troops leave their garrisons for the front (claim K2)."""
        for regime in self.space.regimes:
            if regime.garrison > REMNANT and regime.code not in self.active:
                before = regime.garrison
                regime.garrison *= 1 - share
                if before >= 1 > regime.garrison:
                    self.space.ledger.note(
                        "garrison", MOSCOW, regime.code, "withdrawn", regime.garrison, cause="front"
                    )

    def _end(self, regime: Regime, cause: str) -> None:
        war = self.active.pop(regime.code)
        self.space.ledger.note("war", MOSCOW, regime.code, "ended", war.load, cause=cause, months=war.months)
