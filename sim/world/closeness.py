"""How closely each public watches the others."""

from __future__ import annotations

from sim.world.reach import capital
from sim.world.scales import great_circle_km, ramp
from sim.world.snapshot import Snapshot
from sim.world.state import STATES


def closeness(snapshot: Snapshot) -> tuple[tuple[float, ...], ...]:
    """Return closeness, shape (14, 14), 0-1, symmetric, 0 on the diagonal.

    0.35 land border + 0.20 same language branch + 0.15 same majority religion + 0.30 nearness of the
    capitals (4,000 to 200 km).
    """
    return tuple(tuple(_pair(snapshot, first, second) for second in STATES) for first in STATES)


def _pair(snapshot: Snapshot, first: str, second: str) -> float:
    if first == second:
        return 0.0
    places = {row["state"]: row for row in snapshot.record.rows["states"]}
    one, other = places[first], places[second]
    border: bool = any(
        {row["first"], row["second"]} == {first, second} for row in snapshot.record.rows["borders"]
    )
    language: bool = one["language_branch"] == other["language_branch"]
    religion: bool = one["majority_religion"] == other["majority_religion"]
    nearness = ramp(great_circle_km(capital(snapshot, first), capital(snapshot, second)), 4000, 200)
    return 0.35 * border + 0.20 * language + 0.15 * religion + 0.30 * nearness
