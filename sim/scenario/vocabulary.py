"""Names and ranges that scenario files may use and that no other module declares as data."""

from __future__ import annotations

import csv
import dataclasses
from importlib.resources import files

from sim.world.state import STATES, StateRecord

MOSCOW = "RUS"
"""Code of Moscow, where an event may befall it, and of its rows in results."""

ORGANISATIONS = ("CIS", "CSTO", "EAEU")
"""Organisations that a state may join or leave by a timeline event."""

POWERS = ("West", "China", "Turkey")
"""Powers outside the region."""

SHOCK_VARIABLES = ("legitimacy", "cohesion", "security_loyalty", "rents", "attitude", "preparedness")
"""Variables of a state that a `shock` may move."""

_SIGNED = ("alignment", "titular_attitude")
_HIGHEST = {"security_density": 0.2}

QUANTITIES: dict[str, tuple[float, float]] = {
    item.name: (-1.0 if item.name in _SIGNED else 0.0, _HIGHEST.get(item.name, 1.0))
    for item in dataclasses.fields(StateRecord)
    if item.type == "Estimate"
}
"""Quantities of a state at the start that a scenario may set, with their lowest and highest value."""


def _column(table: str, *columns: str) -> tuple[str, ...]:
    """Return the different values of a column of the record, or of several, joined by hyphens."""
    path = files("sim.world") / "tables" / f"{table}.csv"
    with path.open("r", encoding="utf-8") as stream:  # csv, since pandas is slow to import
        return tuple(dict.fromkeys("-".join(row[name] for name in columns) for row in csv.DictReader(stream)))


TERRITORIES = _column("territories", "territory")
"""Territories of the record, de facto or prone to separatism."""

HOST_OF = dict(pair.rsplit("-", 1) for pair in _column("territories", "territory", "host"))
"""The state to which each territory belongs by law."""

REGIONS = _column("states", "region")
"""Regions of the record."""

_PLACED = _column("states", "region", "state")

STATES_OF = {region: tuple(code for code in STATES if f"{region}-{code}" in _PLACED) for region in REGIONS}
"""The states of each region, in the order of all."""

PAIRS = _column("dyads", "first", "second")
"""Pairs of states that may clash."""

ACTORS = (
    *STATES, MOSCOW, "Moscow", *POWERS, "nobody", "movement", "street", "elite", "elites",
    "security services", "scenario", "thesis",
)  # fmt: skip
"""Who may act in an event."""

TARGETS = (*STATES, MOSCOW, *TERRITORIES, *PAIRS, *ORGANISATIONS, "NATO")
"""Whom or what an event may befall."""
