"""What publics and regimes learn from a fall elsewhere (Beissinger 2007)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.regime import CLOSED

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regime import Regime

CLOSELY_GUARDED = 0.3  # openness below which regimes learn twice as fast (Beissinger 2007: elite learning)


def learn_from_fall(space: PostSovietSpace, fallen: Regime) -> None:
    """Spread encouragement to movements, preparedness to regimes, and fear to closed ones.

    Oppositions that watch closely are encouraged (claim G6); regimes prepare (claim G3); closed regimes
    look to Moscow for cover (claim G1).
    """
    p = space.parameters.learning
    for watcher in space.regimes:
        if watcher is fallen:
            continue
        closeness = space.closeness[watcher.index][fallen.index]
        watcher.emulation += p.emulation * closeness
        watcher.preparedness += p.preparedness * (2 if watcher.openness < CLOSELY_GUARDED else 1)
        if watcher.openness < CLOSED and watcher.alignment > -0.25:
            watcher.line += p.fear_alignment
        watcher.keep_in_range()
