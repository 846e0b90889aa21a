"""How often Moscow starts a war, and on whom: the bounds that the record sets, and the same of runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

import pandas as pd

from calibration.skill.counts import rare_events
from calibration.skill.panel import FIRST
from calibration.statistic import poisson_interval
from sim.measures.history import RunHistory

MEMBERS = (
    (1949, 12), (1952, 14), (1955, 15), (1982, 16), (1999, 19), (2004, 26), (2009, 28), (2017, 29),
    (2020, 30), (2023, 31), (2024, 32),
)  # fmt: skip
"""Members of NATO from a year on (NATO, member countries by year of accession); Moscow warred on none."""

WARS, ON_MEMBERS = "wars in 20 years", "wars in 1,000 years of a member of NATO"


def rate_interval(count: int, exposure: float) -> tuple[float, float]:
    """Return the exact 90 % interval of a Poisson rate (Garwood 1936).

    Parameters
    ----------
    count : int
    exposure : float
        In the unit by which the rate is stated, such as years.
    """
    low, high = poisson_interval(count)
    return low / exposure, high / exposure


def member_years(last: int) -> int:
    """Return the years of membership in NATO of all members together, from 1949 to a year, both counted."""
    spans = [*((year, members) for year, members in MEMBERS if year <= last), (last + 1, 0)]
    return sum((then - year) * members for (year, members), (then, _) in pairwise(spans))


def war_bounds(last: int, left_out: Collection[str] = ()) -> pd.DataFrame:
    """Return the bounds that the record sets to the wars of runs.

    Parameters
    ----------
    last : int
        Last year of the record that counts.
    left_out : collection of str
        States whose wars do not count, as that in Ukraine where it is given.

    Returns
    -------
    DataFrame
        Indexed by `WARS` and `ON_MEMBERS`: recorded (count), exposure (in the unit of the rate), rate, and
        its 90 % interval, from and to.
    """
    events = rare_events()
    own = events[(events["outcome"] == "wars") & (events["year"] <= last) & ~events["state"].isin(left_out)]
    known = {WARS: (len(own), (last + 1 - FIRST) / 20), ON_MEMBERS: (0, member_years(last) / 1000)}
    rows = {
        name: (count, exposure, count / exposure, *rate_interval(count, exposure))
        for name, (count, exposure) in known.items()
    }
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["recorded", "exposure", "rate", "from", "to"]
    )


def wars_of_runs(histories: Iterable[RunHistory], left_out: Collection[str] = ()) -> pd.DataFrame:
    """Return the wars that Moscow decided on in each run.

    Parameters
    ----------
    histories : iterable of RunHistory
    left_out : collection of str
        States whose wars do not count.

    Returns
    -------
    DataFrame
        One row a run: wars, on_members (counts; a limited war that widens is two), years, member_years.
    """
    return pd.DataFrame([_of_run(history, left_out) for history in histories])


def _of_run(history: RunHistory, left_out: Collection[str]) -> dict[str, float]:
    joined = {state.code: 0 for state in history.world.states if "NATO" in state.memberships}
    joined |= {e.actor: e.tick for e in history.of("membership", "joined", targets=("NATO",))}
    decided = [e for e in history.of("war", "started") if e.facts["cause"] == "decision"]
    decided = [event for event in decided if event.target not in left_out]
    return {
        "wars": len(decided),
        "on_members": sum(event.tick > joined.get(event.target, history.months) for event in decided),
        "years": history.months / 12,
        "member_years": sum(history.months - tick for tick in joined.values()) / 12,
    }


def rates(runs: pd.DataFrame) -> pd.Series:
    """Return the rates of `war_bounds` in all runs together.

    Parameters
    ----------
    runs : DataFrame
        From `wars_of_runs`.
    """
    return pd.Series(
        {
            WARS: 20 * runs["wars"].sum() / runs["years"].sum(),
            ON_MEMBERS: 1000 * runs["on_members"].sum() / max(runs["member_years"].sum(), 1.0),
        }
    )
