"""How chief executives came to their place, from the list of leaders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from calibration.history import Observation
from sim.months import Month
from sim.world.record import load_record

EXITS = {
    "challenge": "street",
    "armed overthrow": "street",
    "palace coup": "elite",
    "lost election": "vote",
    "term end": "vote",
    "regular": "vote",
    "managed succession": "succession",
    "natural death": "succession",
}
"""What the exits of the list count as; any other is the ordinary business of parliaments and caretakers."""


def leader_changes() -> Iterator[Observation]:
    """Yield every new leader; detail ``street``, ``elite``, ``vote``, ``succession`` or ``other``."""
    terms: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in load_record().rows["leaders"]:
        terms[str(row["state"])].append(row)
    for state, rows in terms.items():
        ordered = sorted(rows, key=lambda row: str(row["start"]))
        for before, after in pairwise(ordered):
            how = EXITS.get(str(before["exit_mode"]), "other")
            yield Observation(Month.parse(str(after["start"])[:7]), state, how)
