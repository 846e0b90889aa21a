"""How far runs may go: bounds on bursts, endless challenges, falls and challenges in one state, and wars.

`calibration.skill.tempo.BOUNDS` says where the middle of runs must lie; these say what hardly any run may do.
Each is set by the record and a reason, not by what runs do: where runs miss one, the bound stays as it is
and says so.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scipy.stats import binom

from calibration.record.challenges import CROWDS_UNTIL, SHARE, challenges, population, spells
from calibration.record.load import load_tables
from calibration.skill.evaluate import ORIGINS
from calibration.skill.panel import LAST
from calibration.skill.wars import ON_MEMBERS, WARS, rates, war_bounds, wars_of_runs
from sim.measures.history import RunHistory
from sim.months import Month

FIRST_YEAR = "first year over later ones"
LONGEST = "months of a challenge"
FLARES = "flare-ups of a challenge"
FALLS = "street falls in one state"
CHALLENGES = "challenges in one state"

RARELY = 0.01
"""Part of the challenges, or of the runs, that may lie beyond a bound on single ones."""

START, YEARS = Month.of(2000, 1), 25
"""What runs are held to these bounds: as long as the record from 2000 on, the better part of it."""

MOST_MONTHS = 18
"""One more than the longest on record: Armenia 2003-2004 lasted 17 months, the next one nine."""

MOST_FLARES = 4
"""One more than the most on record: in two spells large crowds came back three times after a month's rest."""

MOST_FALLS = 7
"""Upper end of the exact 90 % interval after three in 25 years, the most that a state (Kyrgyzstan) has."""

MOST_CHALLENGES = 19
"""The same after twelve in 25 years, the most that a state (Georgia) has."""

BURST = (0.5, 1.5)
"""A run begins in a January like any other, so its first year has as many challenges as later ones but for
chance, which moves the ratio of some dozens of runs by about a tenth; half as many again would come of how it
begins."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What runs are held to.

    Parameters
    ----------
    what : str
        In words, with the unit.
    low, high : float
        Both allowed.
    of : str
        ``all runs together``, or what is counted: at most `RARELY` of the ``challenges`` or ``runs`` may lie
        beyond.
    constant : str
        Where it stands in the code.
    reason : str
    missed : tuple of float, optional
        Where runs miss it: between which parts of them lie beyond. It is a miss that is known; a test fails
        when runs become better or worse.
    """

    what: str
    low: float
    high: float
    of: str
    constant: str
    reason: str
    missed: tuple[float, float] | None = None


def bounds() -> dict[str, Bound]:
    """Return every bound by name."""
    of_wars = war_bounds(LAST)
    ends = {
        name: (float(of_wars.loc[name, "from"]), float(of_wars.loc[name, "to"])) for name in of_wars.index
    }
    together = "all runs together"
    return {
        FIRST_YEAR: Bound(
            "challenges that begin in the first year of a run, over those of a mean later year", *BURST,
            together, "BURST", "a run begins like any other year, so the ratio is one but for chance",
        ),
        LONGEST: Bound(
            "months from the opening of a challenge to its end, flare-ups included", 0, MOST_MONTHS,
            "challenges", "MOST_MONTHS", "one more than the longest on record",
        ),
        FLARES: Bound(
            "times that a challenge which went home flares up again in under six months", 0, MOST_FLARES,
            "challenges", "MOST_FLARES", "one more than the most on record, by months with a large crowd",
        ),
        FALLS: Bound(
            f"street falls in the state with most, {YEARS} years", 0, MOST_FALLS,
            "runs", "MOST_FALLS", "upper end of the exact 90 % interval after the record's number",
        ),
        CHALLENGES: Bound(
            f"challenges in the state with most, {YEARS} years", 0, MOST_CHALLENGES,
            "runs", "MOST_CHALLENGES", "upper end of the exact 90 % interval after the record's number",
            missed=(0.03, 0.25),
        ),
        WARS: Bound(
            "wars that Moscow starts, in 20 years", *ends[WARS],
            together, "war_bounds", "exact 90 % interval of the record's rate since 1992",
        ),
        ON_MEMBERS: Bound(
            "wars that it starts on members of NATO, in 1,000 years of a member", *ends[ON_MEMBERS],
            together, "war_bounds", "exact 90 % interval after none since 1949",
        ),
    }  # fmt: skip


def of_record() -> dict[str, float]:
    """Return the record's number beside each bound; where there is a most, it is that."""
    sheet = challenges("episodes")
    years = sheet["start"].dt.year
    since = sheet[years.between(START.year, LAST)]
    lasted = 12 * (sheet["end"].dt.year - years) + sheet["end"].dt.month - sheet["start"].dt.month + 1
    first = sum(int((years == origin).sum()) for origin in ORIGINS)
    later = sum(float(years.between(origin + 1, LAST).sum()) / (LAST - origin) for origin in ORIGINS)
    of_wars = war_bounds(LAST)["rate"].astype(float)
    return {
        FIRST_YEAR: first / later,
        LONGEST: float(lasted.max()),
        FLARES: float(max(flares_on_record())),
        FALLS: float(since.loc[since["street"].astype(bool), "state"].value_counts().max()),
        CHALLENGES: float(since["state"].value_counts().max()),
        WARS: of_wars[WARS],
        ON_MEMBERS: of_wars[ON_MEMBERS],
    }


def flares_on_record() -> list[int]:
    """Return how often large crowds came back within each spell of them, after a month without one."""
    table = load_tables()["political_crowds"]
    table = table[table["month"] <= CROWDS_UNTIL]
    large: dict[str, list[int]] = {}
    for row in table.to_dict("records"):
        month = Month.parse(row["month"])
        if float(row["largest"] or 0) >= SHARE * population(row["state"], month.year):
            large.setdefault(row["state"], []).append(month.ordinal)
    found = []
    for spell in spells(SHARE).to_dict("records"):
        own = sorted({month for month in large[spell["state"]] if spell["first"] <= month <= spell["last"]})
        found.append(sum(after - before > 1 for before, after in pairwise(own)))
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """What runs do beside a bound.

    Parameters
    ----------
    value : float
        Of all runs together, or the part of the challenges or runs that lies beyond.
    cases : int
        Challenges or runs; 1 for a number of all together.
    """

    value: float
    cases: int


def of_runs(histories: Sequence[RunHistory], left_out: Collection[str] = ()) -> dict[str, Found]:
    """Return what runs do beside each bound.

    Parameters
    ----------
    histories : sequence of RunHistory
        Of at least two years each.
    left_out : collection of str
        States whose wars do not count.
    """
    told = [challenge for history in histories for challenge in history.challenges]
    first = sum(challenge.start < 12 for challenge in told)
    years = sum(history.months / 12 - 1 for history in histories)
    burst = first / len(histories) / ((len(told) - first) / years) if len(told) > first else math.inf
    months = [
        (history.months - 1 if challenge.is_open else challenge.end) - challenge.start + 1
        for history in histories
        for challenge in history.challenges
    ]
    falls = [
        _most(challenge.state for challenge in history.challenges for by in challenge.falls if by == "street")
        for history in histories
    ]
    most = [_most(challenge.state for challenge in history.challenges) for history in histories]
    of_wars = rates(wars_of_runs(histories, left_out))
    return {
        FIRST_YEAR: Found(burst, 1),
        LONGEST: _beyond(months, MOST_MONTHS),
        FLARES: _beyond([len(challenge.flares) for challenge in told], MOST_FLARES),
        FALLS: _beyond(falls, MOST_FALLS),
        CHALLENGES: _beyond(most, MOST_CHALLENGES),
        WARS: Found(float(of_wars[WARS]), 1),
        ON_MEMBERS: Found(float(of_wars[ON_MEMBERS]), 1),
    }


def held(bound: Bound, found: Found) -> bool:
    """Return whether runs hold a bound.

    Of single challenges or runs as many may lie beyond as would in 99 of 100 samples of this size if `RARELY`
    of all did.
    """
    if bound.of == "all runs together":
        return bound.low <= found.value <= bound.high
    return bool(round(found.value * found.cases) <= binom.ppf(0.99, found.cases, RARELY))


def _most(states: Iterable[str]) -> int:
    return max(Counter(states).values(), default=0)


def _beyond(numbers: Sequence[float], high: float) -> Found:
    return Found(sum(number > high for number in numbers) / max(len(numbers), 1), len(numbers))
