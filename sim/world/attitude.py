"""How those who are not ethnic Russians see Moscow."""

from __future__ import annotations

import math

from sim.months import Month
from sim.world.alignment import treaties
from sim.world.dependence import remittances
from sim.world.moscow import war_load
from sim.world.reach import place
from sim.world.scales import bounded, ramp
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

_FORGETTING_YEARS = 15.0
_OCCUPIED = 0.35  # what an occupation does at once, before yearly figures of its dead are out


def titular_attitude(snapshot: Snapshot, state: str) -> Estimate:
    """Mean attitude to Moscow of the non-Russian population, -1 to 1, a proxy with a wide error (sd 0.20).

    0.15 + 0.30 treaties + 0.15 East Slavic + 0.05 other Orthodox + 0.30 wages - 0.30 annexed - wounds
    - 0.15 war in Ukraine

    ``treaties`` is the component of alignment: publics and their states' courses went together, with Gallup's
    approval of Russia's leadership about 45 to 55 % in the clubs before 2022; ``wages`` rises with
    remittances from 0 to 30 % of GDP, inside the CIS; ``annexed`` marks independent states annexed in 1940;
    ``wounds`` is the memory of an occupation (0.35) or, if more, of deaths in a state while Russian troops
    stood there against its will (0.22 log10(1 + deaths)), fading over 15 years; the last term is the load of
    the war in Ukraine, after Gallup's fall of 13 to 26 points in ARM and KAZ between 2021 and 2022.
    """
    row = place(snapshot, state)
    slavic = row["language_branch"] == "East Slavic"
    orthodox = row["majority_religion"] == "Orthodox" and not slavic
    migrants = ramp(remittances(snapshot, state), 0, 30) if "CIS" in snapshot.memberships(state) else 0.0
    mean = (
        0.15
        + 0.30 * treaties(snapshot, state)
        + 0.15 * slavic
        + 0.05 * orthodox
        + 0.30 * migrants
        - 0.30 * row["annexed_1940"]
        - wounds(snapshot, state)
        - 0.15 * war_load(snapshot)
    )
    source = "proxy: treaties, language, religion, remittances, annexation, wars with Russia"
    return bounded(mean, 0.20, source, low=-1.0)


def wounds(snapshot: Snapshot, state: str) -> float:
    """Memory of violence while Russian troops stood in the state at war or in occupation (presence 3)."""
    occupied = [
        row for row in snapshot.record.rows["garrisons"] if row["state"] == state and row["presence"] == 3
    ]
    begun = [Month.parse(row["start"][:7]) for row in occupied if row["start"] <= snapshot.day]
    deaths, memory = 0.0, 0.0
    if begun:
        memory = _OCCUPIED * math.exp(-(snapshot.start - min(begun)) / 12 / _FORGETTING_YEARS)
    for year, dead in sorted(snapshot.record.series["conflict_deaths", state].items()):
        if year > snapshot.year or not any(_overlaps(row, year) for row in occupied):
            continue
        deaths += dead
        faded = math.exp(-(snapshot.year - year) / _FORGETTING_YEARS)
        if dead >= 25:
            memory = max(memory, 0.22 * math.log10(1 + deaths) * faded)
    return memory


def _overlaps(spell: dict[str, str], year: int) -> bool:
    return spell["start"] <= f"{year}-12-31" and (not spell["end"] or spell["end"] >= f"{year}-01-01")
