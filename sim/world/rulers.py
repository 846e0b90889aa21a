"""Who rules a state and on what: institutions, leaders, consent, elites, the means of repression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from sim.months import Month
from sim.parameters.parameter import Tag
from sim.series import Words
from sim.world.record import Snapshot, bounded, log_ramp, ramp, root_sum_square
from sim.world.state import Estimate

# -- openness and corruption, as V-Dem measures them -----------------------------------------------

_CORRUPTION = (
    # column, error of using it for V-Dem's political corruption index
    ("political_corruption", 0.03),
    ("political_corruption_older", 0.04),
    ("public_corruption", 0.08),
)


def openness(snapshot: Snapshot, state: str) -> Estimate:
    """V-Dem electoral democracy index (polyarchy) of the last completed year; sd 0.03."""
    reading = snapshot.reading("polyarchy", state)
    if reading is None:
        raise LookupError(f"indicators.csv: no polyarchy for {state} near {snapshot.year}")
    sd = root_sum_square((0.03, reading.error))
    return bounded(reading.value, sd, source="indicators.csv polyarchy (V-Dem v15)", tag=Tag.CITED)


def corruption(snapshot: Snapshot, state: str) -> Estimate:
    """V-Dem political corruption; high is corrupt.

    The newest copy at hand leaves out EST, LVA, LTU and TKM, so the first of these that is nearest in time
    is used: the index in its newest copy, the same index in an older version (1995 to 2019), the index of
    public-sector corruption. The error is larger for each (0.03, 0.04, 0.08), and grows with years carried.
    """
    found = [
        (reading.carried, rank, reading, column, error)
        for rank, (column, error) in enumerate(_CORRUPTION)
        if (reading := snapshot.reading(column, state)) is not None
    ]
    if not found:
        raise LookupError(f"indicators.csv: no corruption for {state} near {snapshot.year}")
    _, _, reading, column, error = min(found, key=lambda item: item[:2])
    sd = root_sum_square((error, reading.error))
    return bounded(reading.value, sd, source=f"indicators.csv {column} (V-Dem)", tag=Tag.CITED)


# -- who rules, since when, and how rulers before went ---------------------------------------------

FORCED_EXITS = frozenset({"challenge", "challenge successor blocked", "armed overthrow", "palace coup"})
_SAME_REIGN_DAYS = 183  # a leader back within half a year, after a snap election, has not left


@dataclass(frozen=True, slots=True)
class Leader:
    """The effective leader on the first day of a month.

    Parameters
    ----------
    name : str
    age : float
        Years, taking a birthday in mid-year: off by up to half a year.
    tenure : int
        Months since taking office; an absence under half a year is not counted as leaving.
    """

    name: str
    age: float
    tenure: int


def leader(snapshot: Snapshot, state: str) -> Leader:
    """Return the effective leader of a state, or of Moscow (RUS)."""
    row = snapshot.spell("leaders", state)
    if row is None:
        raise LookupError(f"leaders.csv: nobody leads {state} on {snapshot.day}")
    since = str(row["start"])
    earlier = [
        r for r in snapshot.record.rows["leaders"] if r["state"] == state and r["leader"] == row["leader"]
    ]
    for spell in sorted(earlier, key=lambda r: str(r["start"]), reverse=True):
        if spell["end"] and spell["end"] < since and _days(spell["end"], since) <= _SAME_REIGN_DAYS:
            since = str(spell["start"])
    start = snapshot.start
    age = start.year + (start.month - 1) / 12 - (int(row["birth_year"]) + 0.5)
    return Leader(str(row["leader"]), age, max(0, start - Month.parse(since[:7])))


def forced_exits(snapshot: Snapshot, state: str, years: int) -> int:
    """Count leaders brought down by a street, a rebellion or a palace in the years before the start."""
    first = f"{snapshot.start.year - years:04d}{snapshot.day[4:]}"
    return len(
        [
            row
            for row in snapshot.record.rows["leaders"]
            if row["state"] == state
            and first <= row["end"] < snapshot.day
            and row["exit_mode"] in FORCED_EXITS
        ]
    )


def _days(early: str, late: str) -> int:
    return (date.fromisoformat(late) - date.fromisoformat(early)).days


# -- consent to the regime, unity of its elites, and the rents it can spend ------------------------

_CORRUPTION_COSTS = 0.20  # legitimacy from none to all: a judgement, as `legitimacy` says
USUAL_GROWTH = 2.5  # % a head and year, about the mean of the 14 states 1995-2023


def legitimacy(snapshot: Snapshot, state: str) -> Estimate:
    """Consent to the regime, a proxy: what it delivers, and whether it answers for it.

    0.50 - 0.20 (corruption - 0.5) + 0.010 growth + 0.10 (accountability - 0.5) + 0.03 ln(income / 10000)
    - 0.10 war - 0.10 hyperinflation

    ``growth`` is the mean of the last three completed years, % a head, cut to [-8, 8]; ``accountability``
    the mean of V-Dem's vertical and horizontal indices; ``income`` GDP a head at purchasing power; ``war``
    rises from 0 at 10 dead a million people in the last year to 1 at 1000; ``hyperinflation`` from 0 at
    50 % to 1 at 1000 %. Signs follow the literature on performance legitimacy; the sizes are judgements
    that spread the states over about 0.35 to 0.65. sd 0.08, since no survey measures this across regimes.
    """
    settled = (
        0.50
        + 0.010 * USUAL_GROWTH
        - _CORRUPTION_COSTS * (corruption(snapshot, state).mean - 0.5)
        + 0.10 * (accountability(snapshot, state) - 0.5)
        + 0.03 * math.log(snapshot.value("gdp_per_head", state) / 10_000)
    )
    mean = settled + passing_legitimacy(snapshot, state)
    carried = snapshot.carried_error(
        state,
        {"vertical_accountability": 0.05, "horizontal_accountability": 0.05, "gdp_per_head_growth": 0.01 / 3},
    )
    sd = root_sum_square((0.08, carried))
    source: Words = "proxy: corruption, growth, accountability, income, war, inflation (V-Dem, WDI, UCDP)"
    return bounded(mean, sd, source=source, low=0.05, high=0.95)


def passing_legitimacy(snapshot: Snapshot, state: str) -> float:
    """Part of legitimacy that passes with the conditions of the day: growth, war, hyperinflation.

    0.010 (growth - 2.5) - 0.10 war - 0.10 hyperinflation, each as in `legitimacy`; 2.5 % is usual growth.
    """
    growth = snapshot.recent("gdp_per_head_growth", state, 3)
    mean_growth = math.fsum(growth) / len(growth) if growth else 0.0
    return (
        0.010 * (min(max(mean_growth, -8.0), 8.0) - USUAL_GROWTH)
        - 0.10 * war(snapshot, state)
        - 0.10 * log_ramp(snapshot.value("inflation", state), 50, 1000)
    )


def cohesion(snapshot: Snapshot, state: str) -> Estimate:
    """Unity of the elites, a proxy: how settled the question of who rules is.

    0.38 + 0.18 (1 - c) tenure + 0.16 closed + 0.22 c + 0.10 rents - 0.08 exits - 0.10 new

    ``tenure`` saturates at ten years; ``closed`` rises as polyarchy falls from 0.35 to 0.10 and as opposition
    parties lose autonomy (mean of both); ``c``, consolidation, rises with horizontal accountability from 0.7
    to 0.95 and polyarchy from 0.55 to 0.80: where rules choose leaders, tenure does not matter; ``exits``
    counts forced exits in ten years, at most 2.5; ``new`` falls from 1 in 1992 to 0 in 1998. sd 0.08.
    Expectations of succession, which Hale (2015) puts first, enter the model by themselves and not here.
    """
    mean = (
        0.38
        + 0.16 * closedness(snapshot, state)
        + 0.22 * consolidation(snapshot, state)
        + 0.10 * rents(snapshot, state).mean
        + passing_cohesion(snapshot, state)
    )
    carried = snapshot.carried_error(
        state, {"party_autonomy": 0.08 / 3.5, "horizontal_accountability": 0.22 / 0.25}
    )
    sd = root_sum_square((0.08, min(carried, 0.08)))
    source: Words = "proxy: tenure, closedness, accountability, rents, forced exits, age of the state"
    return bounded(mean, sd, source=source, low=0.05, high=0.95)


def tenure_bond(snapshot: Snapshot, state: str) -> float:
    """Cohesion that ten years under one leader add where persons, not rules, settle who rules."""
    return 0.18 * (1 - consolidation(snapshot, state))


def passing_cohesion(snapshot: Snapshot, state: str) -> float:
    """Part of cohesion that comes and goes: tenure, past forced exits, a new state's first years.

    Each as in `cohesion`; the model lets it grow with tenure and fade with time since an exit.
    """
    return (
        tenure_bond(snapshot, state) * ramp(leader(snapshot, state).tenure, 0, 120)
        - 0.08 * min(forced_exits(snapshot, state, 10), 2.5)
        - 0.10 * ramp(snapshot.start.year + snapshot.start.month / 12, 1998, 1992)
    )


def rents(snapshot: Snapshot, state: str) -> Estimate:
    """Oil and gas that a regime can spend: production a head and production against the economy.

    Mean of 1 - exp(-t / 4), t in tonnes of oil equivalent a head, and 1 - exp(-v / 0.25), v in tonnes a
    thousand dollars of GDP at purchasing power. States that the source does not list produce close to none:
    0, sd 0.03. Others sd 0.08: prices and pipelines, which decide what a tonne is worth, are left out.
    """
    produced = [snapshot.reading(column, state) for column in ("oil_mtoe", "gas_mtoe")]
    tonnes = math.fsum(reading.value for reading in produced if reading is not None) * 1e6
    if tonnes == 0:
        return bounded(0.0, 0.03, source="not listed as a producer of oil or gas (Energy Institute)")
    people = snapshot.value("population_million", state) * 1e6
    economy = people * snapshot.value("gdp_per_head", state) / 1000
    mean = (2 - math.exp(-tonnes / people / 4) - math.exp(-tonnes / economy / 0.25)) / 2
    return bounded(mean, 0.08, source="indicators.csv oil_mtoe, gas_mtoe (Energy Institute), GDP (WDI)")


def unseen_corruption(snapshot: Snapshot, state: str) -> float:
    """Return the legitimacy that corruption costs by `legitimacy` although no civil society shows it.

    0.20 (corruption - 0.5)(1 - civil society).
    """
    hidden = 1 - civil_society(snapshot, state).mean
    return _CORRUPTION_COSTS * (corruption(snapshot, state).mean - 0.5) * hidden


def accountability(snapshot: Snapshot, state: str) -> float:
    """Mean of V-Dem's vertical and horizontal accountability, 0-1."""
    vertical = snapshot.value("vertical_accountability", state)
    return (vertical + snapshot.value("horizontal_accountability", state)) / 2


def consolidation(snapshot: Snapshot, state: str) -> float:
    """How far rules, not persons, settle who rules, 0-1."""
    rules = ramp(snapshot.value("horizontal_accountability", state), 0.70, 0.95)
    return rules * ramp(openness(snapshot, state).mean, 0.55, 0.80)


def closedness(snapshot: Snapshot, state: str) -> float:
    """How far a regime leaves no room for opposition, 0-1: low polyarchy, parties without autonomy."""
    parties = ramp(snapshot.value("party_autonomy", state), 1.0, -2.5)
    return (ramp(openness(snapshot, state).mean, 0.35, 0.10) + parties) / 2


def war(snapshot: Snapshot, state: str) -> float:
    """Weight of organised violence on the territory in the last completed year, 0-1."""
    dead = snapshot.value("conflict_deaths", state) / snapshot.value("population_million", state)
    return log_ramp(dead, 10, 1000) if dead > 0 else 0.0


# -- the means of repression: how much, how loyal, how well prepared -------------------------------


def repression(snapshot: Snapshot, state: str) -> float:
    """How repressive the state is, 0-1.

    0.6 of V-Dem civil-society repression (from 2.9, none, to -2.2), 0.2 of Fariss's latent protection of
    physical integrity (from 3.0 to -1.5), 0.2 of the autonomy opposition parties lack (from 2.7 to -3.1).
    The ends are those of the record from 1991 on, Russia left out.
    """
    society = ramp(snapshot.value("civil_society_freedom", state), 2.9, -2.2)
    bodies = ramp(snapshot.value("physical_integrity", state), 3.0, -1.5)
    parties = ramp(snapshot.value("party_autonomy", state), 2.7, -3.1)
    return 0.6 * society + 0.2 * bodies + 0.2 * parties


def _carried_repression(snapshot: Snapshot, state: str) -> float:
    """Return the error that carrying its parts adds to `repression`."""
    weights = {
        "civil_society_freedom": 0.6 / 5.1,
        "physical_integrity": 0.2 / 4.5,
        "party_autonomy": 0.2 / 5.8,
    }
    return snapshot.carried_error(state, weights)


def density(snapshot: Snapshot, state: str) -> Estimate:
    """Repressive capacity against the street, about 0.025 to 0.11: will times means.

    0.025 + 0.10 repression² (0.5 + 0.5 means), means rising with GDP a head from 2,500 to 20,000 dollars.
    Squared, because a small force can police a free country but not silence a closed one. The scale is that
    of the model's rule of deterrence and has no unit in the record. sd 20 %, more where data are carried.
    """
    will = repression(snapshot, state)
    means = log_ramp(snapshot.value("gdp_per_head", state), 2500, 20_000)
    mean = 0.025 + 0.10 * will**2 * (0.5 + 0.5 * means)
    carried = _carried_repression(snapshot, state)
    sd = root_sum_square((0.2 * mean, 0.2 * will * carried))
    source: Words = "proxy: V-Dem repression and party autonomy, Fariss protection, GDP a head"
    return bounded(mean, sd, source=source, low=0.005, high=0.15)


def loyalty(cohesion: Estimate, dependence: Estimate) -> Estimate:
    """Loyalty of the security services: 0.4 + 0.4 cohesion + 0.1 dependence, the model's own resting point.

    sd 0.08. Officers follow elites who look united, and a patron's guarantee adds to it.
    """
    mean = 0.4 + 0.4 * cohesion.mean + 0.1 * dependence.mean
    return bounded(mean, 0.08, source="proxy: elite cohesion and dependence on Moscow")


def preparedness(snapshot: Snapshot, state: str) -> Estimate:
    """Measures against a challenge: 0.10 + 0.12 repression + 0.18 closed learned.

    ``learned`` rises from 0 at the start of 2004 to 1 at the end of 2006: closed regimes studied the colour
    revolutions of 2003 to 2005 (Beissinger 2007). sd 0.08.
    """
    learned = ramp(snapshot.start.year + snapshot.start.month / 12, 2004, 2007)
    mean = 0.10 + 0.12 * repression(snapshot, state) + 0.18 * closedness(snapshot, state) * learned
    return bounded(mean, 0.08, source="proxy: repression, closedness, years since the colour revolutions")


def severity_of_repression(snapshot: Snapshot, state: str) -> Estimate:
    """How harshly the state represses, as `repression`, with the error of carrying its parts; sd 0.05."""
    carried = _carried_repression(snapshot, state)
    source: Words = "indicators.csv civil_society_freedom, physical_integrity, party_autonomy (V-Dem, Fariss)"
    return bounded(repression(snapshot, state), root_sum_square((0.05, carried)), source=source)


# -- what challenges can build on: civil society, stolen votes, a tradition of protest ---------------

FADES = 0.85  # of a past challenge, what is left after a year: a judgement, as `learning.tradition_fades`
INDEPENDENCE = Month.of(1991, 1)  # the record of challenges begins
SLEPT_OFF = 0.92  # of people's rest from one, what is left after a month: as `learning.exhaustion_fades`


def civil_society(snapshot: Snapshot, state: str) -> Estimate:
    """V-Dem core civil society index of the last completed year; sd 0.04."""
    reading = snapshot.reading("core_civil_society", state)
    if reading is None:
        raise LookupError(f"indicators.csv: no core_civil_society for {state} near {snapshot.year}")
    sd = root_sum_square((0.04, reading.error))
    return bounded(reading.value, sd, source="indicators.csv core_civil_society (V-Dem)", tag=Tag.CITED)


def unfair_votes(snapshot: Snapshot, state: str) -> Estimate:
    """How unfair national votes are, 0-1: V-Dem's rating from 1, fair, to -1, unfair.

    sd 0.15: the rating's own error of about 0.3, and what carrying adds.
    """
    reading = snapshot.reading("election_fairness", state)
    if reading is None:
        raise LookupError(f"indicators.csv: no election_fairness for {state} near {snapshot.year}")
    sd = root_sum_square((0.15, reading.error / 2))
    return bounded(ramp(reading.value, 1.0, -1.0), sd, source="indicators.csv election_fairness (V-Dem)")


def past_challenges(snapshot: Snapshot, state: str) -> float:
    """Count the challenges on record that were over at the start; 0.85 of each is left after a year."""
    return math.fsum(FADES ** (months / 12) for months in _months_since_challenges(snapshot, state))


def recent_challenges(snapshot: Snapshot, state: str) -> float:
    """Count the same as far as people still rest from them; 0.92 of each is left after a month."""
    return math.fsum(SLEPT_OFF**months for months in _months_since_challenges(snapshot, state))


def months_quiet(snapshot: Snapshot, state: str) -> int:
    """Return the months since the last challenge on record was over, or since the record begins."""
    return min([*_months_since_challenges(snapshot, state), snapshot.start - INDEPENDENCE])


def _months_since_challenges(snapshot: Snapshot, state: str) -> list[int]:
    """Return the months since the end of every challenge on record that was over at the start."""
    return [
        snapshot.start - Month.parse(row["end"])
        for row in snapshot.record.rows["challenges"]
        if row["state"] == state and row["end"] and row["end"] < str(snapshot.start)
    ]


def challenge_open(snapshot: Snapshot, state: str) -> bool:
    """Whether a challenge on record began before the start month and ended in it or later."""
    now = str(snapshot.start)
    return any(
        row["state"] == state and row["start"] < now and (not row["end"] or row["end"] >= now)
        for row in snapshot.record.rows["challenges"]
    )
