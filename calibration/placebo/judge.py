"""Theses and placebos held against the shared world alone, all in the same way.

Each is judged in a comparison of its own, by the classifier of the odds: a verdict between seven theses would
hang on how many placebos were added. Its own held-out histories say how often it is found where it is true,
those of the shared world how often it is found where it is not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from calibration.ensemble.origins import Origin
from calibration.ensemble.store import EnsembleStore
from calibration.history import Window
from calibration.odds.evidence import FEWEST, Array, Evidence, OddsError
from calibration.odds.held_out import HeldOut, hold_out
from calibration.odds.posterior import RULED_OUT, odds
from calibration.statistic import binomial_interval
from calibration.statistics import NAMES
from calibration.statistics.measurement import Measurement
from calibration.statistics.summary import summarise_run
from sim.scenario import SHARED_WORLD

Rows = Mapping[tuple[int, int], Sequence[float]]
"""Statistics of runs by draw and repeat."""

EVEN = 0.5
SURE = RULED_OUT / (1 + RULED_OUT)
"""Probability of one of two from which the other is ruled out."""

THESIS, PLACEBO = "thesis", "placebo"


@dataclass(frozen=True, slots=True)
class Arm:
    """What is held against the shared world.

    Parameters
    ----------
    name : str
    kind : str
        `THESIS` or `PLACEBO`.
    like : str
        The thesis that a placebo is made from; a thesis's own name.
    rows : mapping
        Its runs.
    """

    name: str
    kind: str
    like: str
    rows: Rows


def read_rows(
    store: EnsembleStore, thesis: str, origin: Origin, window: Window, measurement: Measurement, draws: int
) -> Rows:
    """Return the statistics of the first draws of a thesis, with the errors of the record put on them.

    Raises
    ------
    EnsembleError
        If there is no run.
    """
    rows = {}
    for draw, repeat, history in store.histories(thesis, origin):
        if draw >= draws:
            break
        found = summarise_run(history, window, measurement, draw, repeat)
        rows[draw, repeat] = list(found.values())
    return rows


def evidence_of(world: Rows, arm: Arm) -> Evidence:
    """Return the runs of the shared world and of an arm that have the same draws.

    Raises
    ------
    OddsError
        If there are too few of them.
    """
    common = sorted(set(world) & set(arm.rows))
    if len({draw for draw, _ in common}) < FEWEST:
        raise OddsError(
            f"{arm.name}: {len(common)} runs that finished here and in the shared world; at least {FEWEST} "
            "draws are needed: make more (--draws)"
        )
    return Evidence(
        (SHARED_WORLD, arm.name),
        np.repeat([0, 1], len(common)),
        np.tile([draw for draw, _ in common], 2),
        np.array([rows[key] for rows in (world, arm.rows) for key in common], dtype=float),
        NAMES,
    )


def reachable(world: Rows, arms: Sequence[Arm], history: Array) -> NDArray[np.bool_]:
    """Return which statistics of the record some run reaches, of whatever arm: all are judged by the same."""
    rows = [*world.values(), *(row for arm in arms for row in arm.rows.values())]
    everything = np.array(rows, dtype=float)
    zeros = np.zeros(len(rows), dtype=np.intp)
    return Evidence((SHARED_WORLD,), zeros, zeros, everything, NAMES).reachable(history)


def judge(
    world: Rows,
    arms: Sequence[Arm],
    history: Array,
    *,
    repeats: int = 20,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Hold each arm against the shared world.

    Parameters
    ----------
    world : mapping
        Runs of the shared world.
    arms : sequence of Arm
    history : ndarray, shape (statistics,)
        The record's.
    repeats : int
        Classifiers trained on resampled draws, for the band.
    seed : int
        Of folds and resampling.
    progress : callable, optional
        Called with the number of arms done.

    Returns
    -------
    DataFrame
        By arm: ``probability`` given the record from even odds, its band ``low`` to ``high`` (5-95 % of
        repeats); whether it is ``above_even``, ``preferred`` (the whole band is, and histories tell the two
        apart at all), whether it ``rules_out_world`` and whether it is ``ruled_out``; ``of_truth``, the mean
        probability that its own unseen histories give it; ``found`` and ``found_surely``, the shares of them
        that give it more than even odds and 20 to 1; ``false`` and ``falsely_sure``, the same shares of the
        shared world's; with exact 90 % intervals ``_low``, ``_high``.

    Raises
    ------
    OddsError
        If an arm has too few runs, or the record lies outside all of them.
    """
    used = reachable(world, arms, history)
    if not used.any():
        raise OddsError("no statistic of the record lies within the runs' range: nothing to judge by")
    rows = []
    for done, arm in enumerate(arms, 1):
        evidence = evidence_of(world, arm).seen_through(used)
        held = hold_out(evidence, seed)
        found = odds(evidence, held, history[used], repeats=repeats, seed=seed)
        low, high = float(found.low[1]), float(found.high[1])
        told_apart, left = found.informative, found.in_play
        rows.append(
            {
                "name": arm.name, "kind": arm.kind, "like": arm.like, "histories": len(evidence) // 2,
                "probability": float(found.probabilities[1]), "low": low, "high": high,
                "told_apart": told_apart,
                "above_even": bool(found.probabilities[1] > EVEN),
                "preferred": told_apart and low > EVEN,
                "rules_out_world": SHARED_WORLD not in left,
                "ruled_out": arm.name not in left,
                **_power(held),
            }
        )  # fmt: skip
        if progress is not None:
            progress(done)
    return pd.DataFrame(rows)


def _power(held: HeldOut) -> dict[str, float]:
    """Return how often unseen histories of either are taken for the arm."""
    given, own = held.probabilities[:, 1], held.labels == 1
    found: dict[str, float] = {"of_truth": float(given[own].mean())}
    for name, of, least in (
        ("found", own, EVEN),
        ("found_surely", own, SURE),
        ("false", ~own, EVEN),
        ("falsely_sure", ~own, SURE),
    ):
        hits, number = int((given[of] > least).sum()), int(of.sum())
        found |= {name: hits / number}
        found |= dict(zip((f"{name}_low", f"{name}_high"), binomial_interval(hits, number), strict=True))
    return found


QUESTIONS = {
    "above_even": "has more than even odds against the shared world",
    "preferred": "has them in 95 % of retrained classifiers, and can be told apart from it",
    "rules_out_world": "rules the shared world out",
    "ruled_out": "is ruled out by it",
}
"""What a thesis can win or lose, by column of `judge`."""


def shares(judged: pd.DataFrame, questions: Mapping[str, str] = QUESTIONS) -> pd.DataFrame:
    """Return how many theses and placebos win each verdict, with exact 90 % intervals.

    Parameters
    ----------
    judged : DataFrame
        With ``kind``, and a column of yes or no for each verdict.
    questions : mapping
        By verdict, what it says.

    Returns
    -------
    DataFrame
        By ``verdict`` and ``kind``: ``number`` of ``total``, ``share``, ``low``, ``high``.
    """
    return pd.DataFrame(
        [
            {"verdict": verdict, "kind": kind, **share(rows[verdict].tolist())}
            for verdict in questions
            for kind, rows in judged.groupby("kind", sort=False)
        ]
    )


def beaten(judged: pd.DataFrame, column: str = "probability", *, low_is_good: bool = False) -> pd.DataFrame:
    """Return how many placebos are better than each thesis, with exact 90 % intervals.

    Parameters
    ----------
    judged : DataFrame
    column : str
        What is compared.
    low_is_good : bool
        Whether less of it is better.

    Returns
    -------
    DataFrame
        By ``thesis``: its value in the column, ``number`` of ``total`` placebos better than it, ``share``,
        ``low``, ``high``, and ``by_best``: the chance that the best of as many placebos as there are theses
        is better (NaN if there are fewer placebos). It is the one to look at for the best thesis, which was
        chosen for being the best.
    """
    kinds = {kind: judged[judged["kind"] == kind] for kind in (THESIS, PLACEBO)}
    by_lot, theses = kinds[PLACEBO][column].to_numpy(), kinds[THESIS]
    rows = []
    for row in theses.to_dict("records"):
        better = (by_lot < row[column] if low_is_good else by_lot > row[column]).tolist()
        rows.append(
            {
                "thesis": row["name"], column: row[column], **share(better),
                "by_best": _by_best(sum(better), len(better), len(theses)),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _by_best(above: int, total: int, chosen: int) -> float:
    """Return the chance that some of so many, chosen without replacement, are among those above."""
    if chosen > total:
        return math.nan
    return 1 - math.comb(total - above, chosen) / math.comb(total, chosen)


def share(hits: Sequence[bool]) -> dict[str, float]:
    """Return how many there are, of how many, and their share with its exact 90 % interval."""
    number, total = sum(hits), len(hits)
    low, high = binomial_interval(number, total) if total else (math.nan, math.nan)
    part = number / total if total else math.nan
    return {"number": number, "total": total, "share": part, "low": low, "high": high}
