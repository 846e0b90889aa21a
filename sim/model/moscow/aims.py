"""Moscow's standing aims: which acts become possible this month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.moscow.acts import Act, IntegrateState, StartWar, TerritorialStep, means_for
from sim.model.moscow.instruments import Cost
from sim.model.randomness import BEYOND_ROUNDING, Process
from sim.model.region.territory import Territory
from sim.series import DE_FACTO, LATENT

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

INTEGRATION_FROM = 0.4  # alignment, as `territories.integration_window` states


def possible_acts(space: PostSovietSpace) -> list[Act]:
    """Return the acts for which a window opens this month (Kingdon 1984: windows of opportunity)."""
    return [*_territorial(space), *_integrations(space), *_wars(space)]


def window_chance(space: PostSovietSpace, territory: Territory) -> float:
    """Return the chance that a window for a territory's next step opens this month."""
    p = space.parameters.territories
    rate = p.unrest_window * territory.proneness if territory.status == LATENT else p.window
    return rate * territory.opportunity * territory.stake * space.moscow.urgency


def highest_window_chance(space: PostSovietSpace) -> float:
    """Return what no territory's `window_chance` exceeds: a weak and hostile host at war, all ties built."""
    p = space.parameters.territories
    opportunity, stake = 1 + 4 * p.opportunity, 1 + p.ties_stake
    return BEYOND_ROUNDING * max(p.unrest_window, p.window) * opportunity * stake * space.moscow.urgency


def _territorial(space: PostSovietSpace) -> list[Act]:
    names, highest = space.territory_names, highest_window_chance(space)
    if space.numbers.lowest_named(Process.TERRITORY, space.tick, names, 2) >= highest:
        return []
    draws = space.numbers.named_draws(Process.TERRITORY, space.tick, names, 2)
    acts: list[Act] = []
    for territory, (window, choice) in zip(space.territories, draws, strict=True):
        if window < highest and window < window_chance(space, territory):
            step = TerritorialStep.next_for(space, territory, choice)
            if step is not None:
                acts.append(step)
    return acts


def _integrations(space: PostSovietSpace) -> list[Act]:
    states, rate = len(space.regimes), space.parameters.territories.integration_window
    if space.numbers.lowest(Process.INTEGRATION, space.tick, states, 2) >= rate:
        return []
    draws = space.numbers.draws(Process.INTEGRATION, space.tick, states, 2)
    return [
        IntegrateState(regime, draws[regime.index][1])
        for regime in space.regimes
        if regime.alignment > INTEGRATION_FROM
        and not regime.memberships & {"EAEU", "EU"}
        and draws[regime.index][0] < rate
    ]


def war_chance(space: PostSovietSpace, regime: Regime) -> float:
    """Return the chance that a window opens this month for war on a state beyond the red line."""
    p = space.parameters.war
    nearness = (regime.nato_course - p.red_line) / (1 - p.red_line)
    chance = p.window * nearness * (p.widening if regime.code in space.wars.active else 1.0)
    return chance * (1 - p.guarantee) if "NATO" in regime.memberships else chance


def highest_war_chance(space: PostSovietSpace) -> float:
    """Return what no state's `war_chance` exceeds: at NATO's door, with a limited war to be widened."""
    p = space.parameters.war
    return p.window * max(p.widening, 1.0)


def _wars(space: PostSovietSpace) -> list[Act]:
    p, states, highest = space.parameters, len(space.regimes), highest_war_chance(space)
    acts: list[Act] = []
    for i in space.numbers.below(Process.WAR, space.tick, states, highest, 3, 0):
        regime = space.regimes[i]
        if regime.nato_course <= p.war.red_line:
            continue
        window, choice = (space.numbers.draw(Process.WAR, space.tick, i, states, 3, k) for k in (0, 1))
        at_war = space.wars.active.get(regime.code)
        if (at_war and at_war.full) or space.wars.given(regime) or space.wars.at_peace(regime):
            continue
        if window < war_chance(space, regime):
            full = at_war is not None
            load = 1.0 if full else p.war.limited_load
            besides = means_for("war", p.costs).attention
            acts.append(StartWar(regime, choice, Cost(attention=min(1.0, besides + load)), full))
    return acts


def returns(space: PostSovietSpace) -> None:
    """Let hosts retake territories that Moscow no longer covers, and settle with those that have no patron.

    De facto states last where an outside patron keeps them; those without one end in a settlement with
    their host, as Gagauzia and Adjara did (Kolsto 2006; Florea 2017).
    """
    p, numbers, names = space.parameters.territories, space.numbers, space.territory_names
    missing = space.moscow.absence
    loss = p.loss_hazard * missing * max(p.loss_other_patron, 1.0)
    lowest = [numbers.lowest_named(Process.LOSS, space.tick, names, 2, index) for index in (0, 1)]
    if lowest[0] >= loss and lowest[1] >= p.autonomy_hazard:
        return
    draws = numbers.named_draws(Process.LOSS, space.tick, names, 2)
    for territory, (uniform, settled) in zip(space.territories, draws, strict=True):
        if not territory.retakable:
            continue
        uncovered = p.loss_other_patron if territory.kept_by_another else 1.0
        if uniform < p.loss_hazard * missing * uncovered:
            territory.change(LATENT, "lost", "uncovered", absence=missing)
        elif territory.status == DE_FACTO and not territory.patron and settled < p.autonomy_hazard:
            territory.change(LATENT, "lost", "no patron")
