"""Names and ranges that scenario files may use and that no other module declares as data."""

from __future__ import annotations

import csv
import dataclasses
from importlib.resources import files

from sim.world.state import StateRecord

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


def _territories() -> tuple[str, ...]:
    table = files("sim.world") / "tables" / "territories.csv"
    with table.open("r", encoding="utf-8") as stream:  # csv, since pandas is slow to import
        return tuple(row["territory"] for row in csv.DictReader(stream))


TERRITORIES = _territories()
"""Territories of the record, de facto or prone to separatism."""
