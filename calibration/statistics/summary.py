"""Which numbers sum up a history, and the function that computes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from calibration.history import ObservedHistory, Window
from calibration.patterns import alliance, challenges, moscow
from calibration.statistic import Statistic
from calibration.statistics import occurrences, paths
from calibration.statistics.measurement import Measurement

_SEED = 20_130_101  # of the measurement errors


@dataclass(frozen=True, slots=True)
class Summary:
    """One statistic.

    Parameters
    ----------
    label : str
        What it is, in a few words.
    compute : callable
        From a history to the number and its interval.
    """

    label: str
    compute: Callable[[ObservedHistory], Statistic]

    @property
    def name(self) -> str:
        """Name of the column."""
        return str(getattr(self.compute, "__name__"))  # noqa: B009 - a plain function always has one


SUMMARIES: tuple[Summary, ...] = (
    Summary("challenges", occurrences.challenges),
    Summary("challenges that succeed, share", challenges.success_share),
    Summary("challenges with concessions, share", challenges.concession_share),
    Summary("challenges near a vote, share", occurrences.challenges_near_vote),
    Summary("challenges in the top state, share", challenges.top_state_challenge_share),
    Summary("challenges in the 4 most closed states, share", challenges.closed_challenge_share),
    Summary("openness of challenged states", occurrences.openness_of_challenged),
    Summary("challenges a year, variance/mean", challenges.challenge_dispersion),
    Summary("Baltic challenges", occurrences.baltic_challenges),
    Summary("months with large crowds", occurrences.crowded_months),
    Summary("street falls", occurrences.street_falls),
    Summary("openness where the street wins, less where it does not", occurrences.openness_gap_of_falls),
    Summary("falls to elites", occurrences.elite_falls),
    Summary("leaders changed by a vote", occurrences.leaders_by_vote),
    Summary("successions", occurrences.successions),
    Summary("successors anti-Moscow, share", moscow.anti_successors),
    Summary("successors pro-Moscow, share", moscow.pro_successors),
    Summary("challenges where Moscow backs the regime, share", moscow.challenges_with_support),
    Summary("challenges where it gives means, share", moscow.challenges_with_means),
    Summary("CSTO deployments", moscow.deployments),
    Summary("requests unmet", moscow.refusals),
    Summary("wars but in Ukraine", moscow.wars),
    Summary("territories integrated", moscow.territories_integrated),
    Summary("territories lost", moscow.territories_lost),
    Summary("territories arisen", moscow.territories_arisen),
    Summary("CSTO members, mean of years", alliance.members_in_mean),
    Summary("entries into the CSTO", alliance.entries),
    Summary("exits from the CSTO", alliance.exits),
    Summary("years with Karabakh clashes", alliance.karabakh_clash_years),
    Summary("years with other clashes", alliance.other_clash_years),
    Summary("alignment: change over five years", paths.five_year_change),
    Summary("alignment: spread of states at the end", paths.spread_at_end),
    Summary("alignment: likeness of end and beginning", paths.persistence),
)
"""All statistics, in the order of the vector. Observables only."""

NAMES = tuple(summary.name for summary in SUMMARIES)
"""Names of the statistics."""


def summarise(history: ObservedHistory, window: Window) -> dict[str, float]:
    """Return every statistic of a history in a window, NaN where one is undefined.

    The record and runs go through this one function; a run has been through `Measurement.apply` before.
    """
    part = history.within(window)
    return {summary.name: summary.compute(part).value for summary in SUMMARIES}


def summarise_run(
    history: ObservedHistory, window: Window, measurement: Measurement, draw: int, repeat: int
) -> dict[str, float]:
    """Return every statistic of a run as the record would have it.

    Parameters
    ----------
    history : ObservedHistory
    window : Window
    measurement : Measurement
    draw, repeat : int
        Number of the run, for the random numbers of its errors.
    """
    generator = np.random.default_rng((_SEED, draw, repeat))
    return summarise(measurement.apply(history, generator), window)


def describe(history: ObservedHistory, window: Window) -> pd.DataFrame:
    """Return the statistics of a history with their 90 % intervals.

    Returns
    -------
    DataFrame
        By name: label, value, low, high, based_on. Exact intervals for counts, rates and shares; bootstrap
        over years for variance/mean; none for numbers that were counted whole.
    """
    part = history.within(window)
    rows = {}
    for summary in SUMMARIES:
        found = summary.compute(part)
        low, high = found.interval()
        rows[summary.name] = {
            "label": summary.label,
            "value": found.value,
            "low": low,
            "high": high,
            "based_on": found.based_on,
        }
    return pd.DataFrame.from_dict(rows, orient="index")
