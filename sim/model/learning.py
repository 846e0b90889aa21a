"""What publics and regimes learn from a fall elsewhere (Beissinger 2007)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.regime import CLOSED, NEUTRAL_BAND

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regime import Regime

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
