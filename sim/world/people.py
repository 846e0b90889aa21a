"""The citizens of a state: who they are, how they see Moscow, how closely they watch one another."""

from __future__ import annotations

import math
from itertools import pairwise

from sim.months import Month
from sim.parameters.parameter import Tag
from sim.series import Words
from sim.world.moscow import war_load
from sim.world.record import Snapshot, bounded, great_circle_km, ramp
from sim.world.state import STATES, Estimate
from sim.world.ties import capital, place, remittances, treaties

# -- who lives in a state: ethnic Russians, and adults who never were Soviet adults ----------------

_COHORT_COMES_OF_AGE = 1991.0  # those born in January 1976 turn 15


def russian_share(snapshot: Snapshot, state: str) -> Estimate:
    """Ethnic Russians in the population, from census figures printed in the CIA World Factbook.

    sd 0.002 + 0.10 share, and 0.03 share more for each year carried beyond the last edition that prints it:
    a census stands for a decade, and Russians left most states faster than others.
    """
    reading = snapshot.reading("russian_share", state)
    if reading is None:
        return bounded(0.02, 0.02, source="not printed in the CIA World Factbook: taken as small")
    share = reading.value / 100
    sd = 0.002 + share * (0.10 + 0.03 * reading.carried)
    return bounded(share, sd, source="indicators.csv russian_share (CIA World Factbook)", tag=Tag.CITED)


def young_share(snapshot: Snapshot, state: str) -> tuple[Estimate, float]:
    """Adults (15 and over) born in 1976 or later, and the yearly growth of their share.

    From age groups of World Population Prospects 2019 at five-year steps, linear in between; 0 at January
    1991. The error, 0.01, stands for migration since that edition and for cutting five-year groups.

    Returns
    -------
    Estimate, float
        Share of adults, 0-1; its growth, share a year.
    """
    rows = [row for row in snapshot.record.rows["young_adults"] if row["state"] == state]
    points = [(_COHORT_COMES_OF_AGE, 0.0), *((row["year"] + 0.5, float(row["young_share"])) for row in rows)]
    now = snapshot.start.year + (snapshot.start.month - 1) / 12
    for (early, low), (late, high) in pairwise(points):
        if early <= now <= late:
            slope = (high - low) / (late - early)
            share = low + slope * (now - early)
            sd = min(0.01, share / 4) if share > 0 else 0.0
            return bounded(share, sd, source="young_adults.csv (UN WPP 2019)", tag=Tag.CITED), slope
    raise LookupError(f"young_adults.csv: no share for {state} at {snapshot.start}")


# -- how those who are not ethnic Russians see Moscow ----------------------------------------------

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
    source: Words = "proxy: treaties, language, religion, remittances, annexation, wars with Russia"
    return bounded(mean, 0.20, source=source, low=-1.0)


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


# -- how closely each public watches the others ----------------------------------------------------


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
