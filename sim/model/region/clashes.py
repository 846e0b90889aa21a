"""Clashes between states, and whether Moscow steps in (claims K3, D1, D9)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.moscow.acts import means_for
from sim.model.moscow.instruments import Cost
from sim.model.randomness import BEYOND_ROUNDING, Process
from sim.model.region.alliance import ALLIANCE
from sim.model.region.territory import Territory
from sim.scenario.vocabulary import MOSCOW
from sim.series import DE_FACTO, LATENT, PROTECTED
from sim.world.places import CLASH_MONTHS

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime
    from sim.parameters.territories import ClashParameters

NEUTRAL_STAKE = 0.5  # in two states that do not lean on Moscow, as `clashes.mediation_value` states
DESPITE_PEACEKEEPERS = 2  # as `clashes.conquest` states
USUALLY_UNDEFENDED = 0.5  # at which presence leaves the record's rate as it is: a reference level
USUAL_BUILD_UP = 0.5  # at which the build-up of arms does, as `clashes.build_up_effect` states


@dataclass(slots=True)
class Dyad:
    """Two states with a contested border or territory.

    Parameters
    ----------
    hazard : float
        Clashes a month while Moscow arbitrates fully.
    territory : Territory or None
        What they dispute.
    build_up : float
        Arms built up against each other since they last fought, 0-1.
    quiet_until : int
        Tick before which fighting counts as part of the last clash.
    pending : Mediate or None
        What Moscow may do about the last clash, once its delay is over.
    due : int
        Tick at which it may.
    """

    first: Regime
    second: Regime
    hazard: float
    territory: Territory | None
    build_up: float = 0.0
    quiet_until: int = 0
    pending: Mediate | None = None
    due: int = 0

    @property
    def name(self) -> str:
        """Both codes."""
        return f"{self.first.code}-{self.second.code}"

    @property
    def states(self) -> tuple[Regime, Regime]:
        """Both regimes."""
        return self.first, self.second

    def arm(self, p: ClashParameters, months: int = 1) -> None:
        """Build up arms for some months: faster where one side's rents exceed the other's (Werner 1999)."""
        advantage = abs(self.first.rents - self.second.rents)
        pace = min(p.build_up * (1 + p.build_up_by_rents * advantage), 1.0)
        self.build_up = 1 - (1 - self.build_up) * (1 - pace) ** months


@dataclass(slots=True)
class Mediate:
    """Step in late between two states, and stay as a peacekeeper (claim D1)."""

    dyad: Dyad
    uniform: float
    cost: Cost
    decisive: bool
    instrument: str = "mediation"
    done: bool = False

    @property
    def target(self) -> str:
        """Both states."""
        return self.dyad.name

    @property
    def states(self) -> tuple[str, ...]:
        """Both states."""
        return self.dyad.first.code, self.dyad.second.code

    def still_possible(self) -> bool:
        """Fighting can be stopped whatever else happens this month."""
        return True

    def net_value(self, space: PostSovietSpace) -> float:
        """Worth: both states' value, most where they lean on Moscow."""
        worth = space.parameters.clashes.mediation_value * math.fsum(
            regime.strategic_value * (NEUTRAL_STAKE + max(regime.alignment, 0.0))
            for regime in self.dyad.states
        )
        return worth * space.moscow.standing - space.parameters.clashes.mediation_price

    def carry_out(self, space: PostSovietSpace, net: float) -> None:
        """Both lines move toward Moscow, peacekeepers take up the territory, blame is partly taken back."""
        del net
        self.done = True
        p = space.parameters
        for regime in self.dyad.states:
            regime.line += p.clashes.mediation_gain
            regime.trust += p.clashes.mediation_trust
            returned = p.clashes.blame_returned * regime.blame
            regime.blame -= returned
            space.shock_attitude(regime, returned)
            regime.keep_in_range()
        territory = self.dyad.territory
        if self.decisive and territory is not None and territory.status == DE_FACTO:
            territory.change(PROTECTED, "upgraded", "mediation")
            host = territory.host
            host.garrison += p.instruments.peacekeeper_troops
            space.ledger.note(
                "garrison", MOSCOW, host.code, "placed", p.instruments.peacekeeper_troops, cause="mediation"
            )


def clash_hazard(space: PostSovietSpace, dyad: Dyad) -> float:
    """Return this month's hazard: it grows where Moscow is gone, and with the arms that are built up."""
    p = space.parameters.clashes
    absence = space.moscow.absence
    undefended = (dyad.first.unguarded + dyad.second.unguarded) / 2
    grown = math.exp(
        p.arbiter_effect * absence
        + p.presence_effect * (undefended - USUALLY_UNDEFENDED)
        + p.build_up_effect * (dyad.build_up - USUAL_BUILD_UP)
    )
    held = dyad.territory is not None and dyad.territory.status == PROTECTED
    protected = 1 - p.peacekeeper_effect if held else 1.0
    return dyad.hazard * grown * protected


def highest_clash_hazard(space: PostSovietSpace) -> float:
    """Return what no dyad's `clash_hazard` exceeds: both sides without a garrison and fully armed."""
    p = space.parameters.clashes
    undefended, build_up = 1 - USUALLY_UNDEFENDED, 1 - USUAL_BUILD_UP
    absence = p.arbiter_effect * space.moscow.absence
    grown = math.exp(absence + p.presence_effect * undefended + p.build_up_effect * build_up)
    return BEYOND_ROUNDING * max((dyad.hazard for dyad in space.dyads), default=0.0) * grown


def clashes(space: PostSovietSpace) -> None:
    """Draw this month's clashes; have the mediations ready that are due, some months after theirs began."""
    for dyad in space.dyads:
        dyad.arm(space.parameters.clashes)
    highest = highest_clash_hazard(space)
    if space.numbers.lowest_named(Process.CLASH, space.tick, space.dyad_names, 1) < highest:
        _clash(space, highest)
    space.mediations = [act for dyad in space.dyads if (act := _due(space, dyad)) is not None]


def _clash(space: PostSovietSpace, highest: float) -> None:
    """Let those clash whose draw says so; no hazard exceeds the highest."""
    names = space.dyad_names
    draws = space.numbers.named_draws(Process.CLASH, space.tick, names, 1)
    troops = space.parameters.instruments.peacekeeper_troops
    for place, (dyad, (uniform,)) in enumerate(zip(space.dyads, draws, strict=True)):
        if uniform >= highest or space.tick < dyad.quiet_until:
            continue
        hazard = clash_hazard(space, dyad)
        if uniform >= hazard:
            continue
        dyad.quiet_until = space.tick + CLASH_MONTHS
        space.ledger.note(
            "clash", dyad.first.code, dyad.second.code, dyad.territory.name if dyad.territory else "border",
            hazard, free_capacity=space.moscow.free_capacity, first_garrison=dyad.first.garrison,
            second_garrison=dyad.second.garrison, build_up=dyad.build_up,
        )  # fmt: skip
        dyad.build_up *= 1 - space.parameters.clashes.build_up_released
        conquest = space.numbers.named_draws(Process.CONQUEST, space.tick, names, 1)[place][0]
        choice = space.numbers.named_draws(Process.MEDIATION, space.tick, names, 1)[place][0]
        decisive = _decisive(space, dyad, conquest)
        cost = means_for("mediation", space.parameters.costs, troops if decisive else 0.0)
        dyad.pending = Mediate(dyad, choice, cost, decisive)
        dyad.due = space.tick + round(space.parameters.clashes.mediation_delay)
        for regime in dyad.states:
            _blame(space, regime)


def _due(space: PostSovietSpace, dyad: Dyad) -> Mediate | None:
    """Hand over the mediation of a dyad's last clash in the month that its delay ends."""
    if dyad.pending is None or space.tick < dyad.due:
        return None
    act, dyad.pending = dyad.pending, None
    return act


def _blame(space: PostSovietSpace, regime: Regime) -> None:
    """Let an ally's public blame Moscow for not being there, on top of what is still held against it."""
    if ALLIANCE not in regime.memberships:
        return
    laid = min(space.parameters.citizens.abandonment_blame, 1 - regime.blame)
    regime.blame += laid
    space.shock_attitude(regime, -laid)


def _decisive(space: PostSovietSpace, dyad: Dyad, uniform: float) -> bool:
    """Return whether the host is about to retake the territory: only Moscow's stepping in can stop it."""
    territory = dyad.territory
    if territory is None or not territory.retakable:
        return False
    chance = space.parameters.clashes.conquest
    if territory.status == PROTECTED:
        chance *= DESPITE_PEACEKEEPERS * space.moscow.absence
    return uniform < chance


def left_alone(space: PostSovietSpace) -> None:
    """Let territories be retaken and allies' regimes turn away where Moscow did not step in (claim K4)."""
    for act in space.mediations:
        if act.done:
            continue
        territory = act.dyad.territory
        if act.decisive and territory is not None and territory.retakable:
            territory.change(LATENT, "lost", "clash")
        for regime in act.dyad.states:
            if ALLIANCE in regime.memberships:
                space.alliance.left_alone(regime)
                regime.line -= space.parameters.clashes.ally_alienation
                regime.keep_in_range()
