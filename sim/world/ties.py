"""A state between powers: alignment, dependence, reach of others, worth to Moscow."""

from __future__ import annotations

import math
from typing import Any

from sim.months import Month
from sim.series import Words
from sim.world.record import Snapshot, bounded, great_circle_km, log_ramp, ramp, root_sum_square
from sim.world.rulers import rents
from sim.world.state import STATES, Estimate

# -- alignment with Moscow: votes, treaties, bases and trade ---------------------------------------

TREATIES = {
    "CIS": 0.2,
    "CIS associate": 0.1,
    "CSTO": 0.4,
    "CSTO frozen": -0.35,
    "EAEU": 0.2,
    "Union State": 0.2,
    "GUAM": -0.25,
    "Eastern Partnership": -0.1,
    "EU association": -0.3,
    "EU candidate": -0.2,
    "EU": -0.6,
    "NATO": -0.6,
}
"""Weight of a membership for (+) or against (-) Moscow; a judgement. A frozen CSTO seat undoes most of it."""

_OUTSIDE_CIS = -0.3  # a successor state that never joined, left or did not ratify
_WEIGHTS = {"treaties": 0.35, "votes": 0.30, "bases": 0.20, "trade": 0.15}
_VOTES_SPAN = 0.6  # ideal points: about the range from the mean of the 14 to either end
_STRETCH = 1.15  # the mean of several components is closer to 0 than any of them


def alignment(snapshot: Snapshot, state: str) -> Estimate:
    """Alignment, -1 against Moscow to 1 with it: weighted mean of four components, each in [-1, 1].

    Treaties 0.35, UN votes 0.30, bases 0.20, trade 0.15: treaties are chosen, votes are cheap, bases are
    partly inherited, and trade is mostly geography, so they count in this order. A component that is missing
    gives its weight to the rest. The sd combines 0.10 (and 0.05 more for each one missing), the standard
    error of the components' mean, halved in variance because their weights are not chance, and the error of
    values carried from other years: about 0.11 to 0.25.
    """
    found = {
        "treaties": treaties(snapshot, state),
        "votes": votes(snapshot, state),
        "bases": bases(snapshot, state),
        "trade": trade(snapshot, state),
    }
    known = {name: value for name, value in found.items() if value is not None}
    weight = math.fsum(_WEIGHTS[name] for name in known)
    mean = math.fsum(_WEIGHTS[name] * value for name, value in known.items()) / weight
    variance = math.fsum(_WEIGHTS[name] * (value - mean) ** 2 for name, value in known.items()) / weight
    carried = snapshot.carried_error(
        state,
        {
            "un_ideal_point_west_of_russia": _WEIGHTS["votes"] / _VOTES_SPAN,
            "russia_trade_share": _WEIGHTS["trade"] / 20,
        },
    )
    sd = root_sum_square(
        (0.10 + 0.05 * (len(found) - len(known)), math.sqrt(variance / len(known) / 2), carried)
    )
    parts = ", ".join(f"{name} {value:+.2f}" for name, value in known.items())
    return bounded(_STRETCH * mean, sd, source=f"proxy: {parts}", low=-1.0)


_FIRST = Month.of(1992, 1)  # of the record
_PAST_MONTHS = 60


def past_alignment_change(snapshot: Snapshot, state: str) -> float:
    """Change of alignment over the five years before the start, or since the record begins if less."""
    since = snapshot.start + -min(_PAST_MONTHS, snapshot.start - _FIRST)
    before = alignment(Snapshot(snapshot.record, since), state)
    return alignment(snapshot, state).mean - before.mean


def treaties(snapshot: Snapshot, state: str) -> float:
    """Sum of `TREATIES`, and -0.3 outside the CIS, cut to [-1, 1]."""
    held = snapshot.memberships(state)
    outside = 0.0 if held & {"CIS", "CIS associate"} else _OUTSIDE_CIS
    return min(max(outside + math.fsum(TREATIES.get(name, 0.0) for name in held), -1.0), 1.0)


def votes(snapshot: Snapshot, state: str) -> float | None:
    """How much less Western than the mean of the 14 states votes in the UN General Assembly, -1 to 1.

    The distance is counted on the Western side of Russia only: a state less Western than Moscow is not
    against Moscow. Relative to the mean of the 14, because Russia's own votes move (a fall everywhere after
    2014). In the first years Russia voted with the West and the measure says little: all are near the mean.
    A distance of 0.6 (`_VOTES_SPAN`) from the mean gives the full score.
    """
    distances = {code: _west_of_russia(snapshot, code) for code in STATES}
    own = distances[state]
    if own is None:
        return None
    known = [value for value in distances.values() if value is not None]
    return min(max((math.fsum(known) / len(known) - own) / _VOTES_SPAN, -1.0), 1.0)


def bases(snapshot: Snapshot, state: str) -> float:
    """Russian troops by consent: 0.3 for facilities, 0.7 for units; without consent -0.8; none 0."""
    garrison = snapshot.spell("garrisons", state)
    if garrison is None:
        return 0.0
    if not garrison["consented"]:
        return -0.8
    return 0.7 if garrison["presence"] > 1 else 0.3


def trade(snapshot: Snapshot, state: str) -> float | None:
    """Russia's share in exports and imports: -1 at 0, 0 at 20 %, 1 at 45 %; None if too long ago."""
    reading = snapshot.reading("russia_trade_share", state)
    if reading is None:
        return None
    return ramp(reading.value, 20, 45) - ramp(reading.value, 20, 0)


def _west_of_russia(snapshot: Snapshot, state: str) -> float | None:
    reading = snapshot.reading("un_ideal_point_west_of_russia", state)
    return None if reading is None else max(reading.value, 0.0)


# -- dependence of a regime on Moscow: security, trade, wages earned in Russia ---------------------

_DEFAULT_TRADE_SHARE = 15.0  # % where the record is too far away in time; about the median of the record


def dependence(snapshot: Snapshot, state: str) -> Estimate:
    """Dependence on Moscow, 0-1.

    reach (0.20 alliance + 0.10 union + 0.05 customs + 0.15 garrison + 0.20 trade + 0.15 wages + 0.12 poverty)

    ``alliance`` is 1 in the CSTO, 0.25 while frozen; ``union`` the Union State; ``customs`` the customs union
    or EAEU; ``garrison`` 1 for consented units, 0.4 for facilities; ``trade`` rises with Russia's share from
    5 to 45 %; ``wages`` with remittances from 0 to 30 % of GDP; ``poverty`` as GDP a head falls from 20,000
    to 2,000 dollars. ``reach`` is 1 in the CSTO, 0.6 in the CIS alone, 0.3 for an associate and 0 outside:
    trade gives no hold over a regime that has left Moscow's clubs. Remittances are taken as coming from
    Russia, which holds for most of them in these clubs. sd 0.10; 0.03 outside.
    """
    held = snapshot.memberships(state)
    frozen = "CSTO frozen" in held
    reach = 1.0 if "CSTO" in held else 0.6 if "CIS" in held else 0.3 if "CIS associate" in held else 0.0
    if reach == 0:
        return bounded(0.0, 0.03, source="outside Moscow's clubs (memberships.csv)")
    alliance = 0.0 if "CSTO" not in held else 0.25 if frozen else 1.0
    mean = reach * (
        0.20 * alliance
        + 0.10 * ("Union State" in held)
        + 0.05 * ("EAEU" in held)
        + 0.15 * _garrison(snapshot, state)
        + 0.20 * ramp(trade_share(snapshot, state), 5, 45)
        + 0.15 * ramp(remittances(snapshot, state), 0, 30)
        + 0.12 * log_ramp(snapshot.value("gdp_per_head", state), 20_000, 2_000)
    )
    carried = snapshot.carried_error(state, {"russia_trade_share": 0.20 / 40, "remittances": 0.15 / 30})
    sd = root_sum_square((0.10, reach * carried))
    return bounded(mean, sd, source="proxy: alliance, garrison, trade, remittances, poverty")


def trade_share(snapshot: Snapshot, state: str) -> float:
    """Russia's share in trade, %; 15 where the record is silent."""
    reading = snapshot.reading("russia_trade_share", state)
    return _DEFAULT_TRADE_SHARE if reading is None else reading.value


def remittances(snapshot: Snapshot, state: str) -> float:
    """Remittances, % of GDP; 0 where no figure is within reach (TKM; the 1990s before reporting began)."""
    reading = snapshot.reading("remittances", state)
    return 0.0 if reading is None else reading.value


def _garrison(snapshot: Snapshot, state: str) -> float:
    garrison = snapshot.spell("garrisons", state)
    if garrison is None or not garrison["consented"]:
        return 0.0
    return 1.0 if garrison["presence"] > 1 else 0.4


# -- how far the West, China and Turkey reach into a state -----------------------------------------

BRUSSELS, BEIJING, ANKARA = (50.85, 4.35), (39.90, 116.40), (39.93, 32.86)


def place(snapshot: Snapshot, state: str) -> dict[str, Any]:
    """Return the row of ``states.csv``."""
    return next(row for row in snapshot.record.rows["states"] if row["state"] == state)


def capital(snapshot: Snapshot, state: str) -> tuple[float, float]:
    """Latitude and longitude of the capital, degrees."""
    row = place(snapshot, state)
    return float(row["latitude"]), float(row["longitude"])


def west_exposure(snapshot: Snapshot, state: str) -> Estimate:
    """Reach of the EU, NATO and the US.

    0.10 + 0.35 nearness to Brussels (5,000 to 1,500 km) + ties, at most 0.45: Eastern Partnership 0.10,
    EU association 0.15, candidate 0.10, EU 0.25, NATO 0.20 times the course toward it. sd 0.08.
    """
    held = snapshot.memberships(state)
    ties = (
        0.10 * ("Eastern Partnership" in held)
        + 0.15 * ("EU association" in held)
        + 0.10 * ("EU candidate" in held)
        + 0.25 * ("EU" in held)
        + 0.20 * nato_course(snapshot, state).mean
    )
    nearness = ramp(great_circle_km(capital(snapshot, state), BRUSSELS), 5000, 1500)
    mean = 0.10 + 0.35 * nearness + min(ties, 0.45)
    return bounded(mean, 0.08, source="proxy: distance to Brussels, memberships, course toward NATO")


def china_exposure(snapshot: Snapshot, state: str) -> Estimate:
    """Reach of China: trend (0.35 + 0.30 border + 0.30 nearness to Beijing, 6,500 to 3,000 km).

    ``trend`` rises from 0.05 in 1992 to 1 in 2024, in step with China's share of the world economy, which
    grew from about 2 to about 17 %. sd 0.08.
    """
    trend = 0.05 + 0.95 * ramp(snapshot.start.year + snapshot.start.month / 12, 1992, 2024)
    border = bool(place(snapshot, state)["border_china_km"])
    nearness = ramp(great_circle_km(capital(snapshot, state), BEIJING), 6500, 3000)
    mean = trend * (0.35 + 0.30 * border + 0.30 * nearness)
    return bounded(mean, 0.08, source="proxy: land border, distance to Beijing, China's growth")


def turkey_exposure(snapshot: Snapshot, state: str) -> Estimate:
    """Reach of Turkey: 0.05 + 0.35 Turkic + 0.15 Muslim majority + 0.25 nearness to Ankara + 0.10 border.

    Nearness falls from 1 at 800 km to 0 at 3,500 km; the border counts for a third where Turkey keeps it shut
    to the host's rival claims, which the record does not tell, so that it counts as open. sd 0.08.
    """
    row = place(snapshot, state)
    mean = (
        0.05
        + 0.35 * (row["language_branch"] == "Turkic")
        + 0.15 * str(row["majority_religion"]).endswith("Muslim")
        + 0.25 * ramp(great_circle_km(capital(snapshot, state), ANKARA), 3500, 800)
        + 0.10 * bool(row["border_turkey_km"])
    )
    return bounded(mean, 0.08, source="proxy: language, religion, distance to Ankara, border")


def nato_course(snapshot: Snapshot, state: str) -> Estimate:
    """Progress toward NATO, 0-1; 1 is a member, 0.5 the Bucharest pledge. sd 0.05 between 0 and 1."""
    spell = snapshot.spell("nato_path", state)
    course = float(spell["course"]) if spell else 0.0
    source: Words = f"nato_path.csv: {spell['note']}" if spell else "no step toward NATO in nato_path.csv"
    return bounded(course, 0.05 if 0 < course < 1 else 0.0, source=source)


# -- what a state is worth to Moscow, and what it costs to hold ------------------------------------

MOSCOW = (55.75, 37.62)


def strategic_value(snapshot: Snapshot, state: str) -> Estimate:
    """Worth to Moscow, 0-1.

    0.12 + 0.40 size + 0.20 border + 0.12 Russians + 0.15 bases + 0.15 nearness to Moscow + 0.06 rents

    ``size`` is the square root of population against 50 million; ``border`` the land border against 2,000 km;
    ``Russians`` their share against 30 %; ``bases`` Russian troops against 10,000; nearness 3,000 to 700 km.
    sd 0.10.
    """
    row = place(snapshot, state)
    reading = snapshot.reading("russian_share", state)
    russians = 0.0 if reading is None else reading.value
    garrison = snapshot.spell("garrisons", state)
    troops = float(garrison["thousand_troops"]) if garrison else 0.0
    mean = (
        0.12
        + 0.40 * min(math.sqrt(snapshot.value("population_million", state) / 50), 1.0)
        + 0.20 * ramp(float(row["border_russia_km"]), 0, 2000)
        + 0.12 * ramp(russians, 0, 30)
        + 0.15 * ramp(troops, 0, 10)
        + 0.15 * ramp(great_circle_km(capital(snapshot, state), MOSCOW), 3000, 700)
        + 0.06 * rents(snapshot, state).mean
    )
    return bounded(mean, 0.10, source="proxy: population, border, Russians, bases, distance, rents", low=0.05)


def burden(snapshot: Snapshot, state: str) -> Estimate:
    """Cost to Moscow of holding it: 0.12 + 0.35 poverty + 0.18 size + 0.15 distance. sd 0.10.

    ``poverty`` rises as GDP a head falls from 30,000 to 2,500 dollars; size as in `strategic_value`;
    distance to Moscow up to 3,000 km.
    """
    mean = (
        0.12
        + 0.35 * log_ramp(snapshot.value("gdp_per_head", state), 30_000, 2_500)
        + 0.18 * min(math.sqrt(snapshot.value("population_million", state) / 50), 1.0)
        + 0.15 * ramp(great_circle_km(capital(snapshot, state), MOSCOW), 0, 3000)
    )
    return bounded(mean, 0.10, source="proxy: poverty, population, distance")
