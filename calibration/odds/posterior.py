"""The odds of the theses given one history, how sure they are, and what may be said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestRegressor

from calibration.odds.classifier import tempered, train
from calibration.odds.evidence import Array, Evidence
from calibration.odds.held_out import HeldOut

LEVEL = 0.90
RULED_OUT = 20.0
"""Odds against a thesis from which it is ruled out (Kass and Raftery 1995: strong)."""


@dataclass(frozen=True, slots=True)
class Odds:
    """Probabilities of the theses given one history, from equal ones before it.

    Parameters
    ----------
    theses : tuple of str
    probabilities : ndarray, shape (theses,)
    repeats : ndarray, shape (repeats, theses)
        The same from classifiers trained on resampled ensembles: what the ensemble's size leaves open.
    informative : bool
        Whether held-out histories give their true thesis more than an equal share, beyond chance.
    local_error : float
        Chance that the most probable thesis is the wrong one, near this history.
    """

    theses: tuple[str, ...]
    probabilities: Array
    repeats: Array
    informative: bool
    local_error: float

    @property
    def low(self) -> Array:
        """Lower bounds, shape (theses,)."""
        return np.minimum(self._bound((1 - LEVEL) / 2), self.probabilities)

    @property
    def high(self) -> Array:
        """Upper bounds, shape (theses,)."""
        return np.maximum(self._bound((1 + LEVEL) / 2), self.probabilities)

    @property
    def in_play(self) -> tuple[str, ...]:
        """Theses that are not ruled out, the most probable first.

        One is ruled out if at most one in twenty repeats sees it within a factor of `RULED_OUT` of the most
        probable, and if the classifier is known to tell anything at all.
        """
        best = int(self.probabilities.argmax())
        near = (self.repeats * RULED_OUT >= self.repeats[:, [best]]).mean(axis=0)
        order = np.argsort(-self.probabilities)
        return tuple(
            self.theses[place]
            for place in order
            if place == best
            or not self.informative
            or near[place] > 0.05
            or self.probabilities[place] * RULED_OUT >= self.probabilities[best]
        )

    @property
    def verdict(self) -> str:
        """What may be said, in one sentence."""
        if not self.informative:
            return "The theses cannot be separated: histories of this length do not tell them apart."
        left = self.in_play
        out = [thesis for thesis in self.theses if thesis not in left]
        against = f" Ruled out (odds of {RULED_OUT:g} to 1 or more): {', '.join(out)}." if out else ""
        if len(left) == 1:
            return f"The record speaks for {left[0]}.{against}"
        return f"These cannot be separated: {', '.join(left)}.{against}"

    def table(self) -> pd.DataFrame:
        """Return one row a thesis: probability with its bounds, log odds against an equal share, in play."""
        equal = 1 / len(self.theses)
        return pd.DataFrame(
            {
                "thesis": self.theses,
                "prior": equal,
                "probability": self.probabilities,
                "low": self.low,
                "high": self.high,
                "log_ratio_to_prior": np.log(self.probabilities / equal),
                "in_play": [thesis in self.in_play for thesis in self.theses],
            }
        )

    def _bound(self, level: float) -> Array:
        bound: Array = np.quantile(self.repeats, level, axis=0)
        return bound


def odds(
    evidence: Evidence,
    held: HeldOut,
    history: Array,
    *,
    repeats: int = 20,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Odds:
    """Return the odds of the theses given a history.

    Parameters
    ----------
    evidence, held, repeats, seed, progress
        As for `odds_of_each`.
    history : ndarray, shape (statistics,)
    """
    return odds_of_each(evidence, held, history[None, :], repeats=repeats, seed=seed, progress=progress)[0]


def odds_of_each(
    evidence: Evidence,
    held: HeldOut,
    histories: Array,
    *,
    repeats: int = 20,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> list[Odds]:
    """Return the odds of the theses given each of some histories, all judged by the same classifiers.

    Parameters
    ----------
    evidence : Evidence
    held : HeldOut
        The same runs, judged unseen; its temperature calibrates.
    histories : ndarray, shape (histories, statistics)
    repeats : int
        Classifiers trained on ensembles resampled by draw.
    seed : int
    progress : callable, optional
        Called with the number of classifiers trained.
    """
    best = tempered(train(evidence, seed).log_probabilities(histories), held.temperature)
    known, places = np.unique(evidence.draws, return_inverse=True)
    members = [np.flatnonzero(places == place) for place in range(len(known))]
    found = []
    for repeat in range(repeats):
        generator = np.random.default_rng((seed, repeat))
        rows = np.concatenate([members[place] for place in generator.integers(len(known), size=len(known))])
        again = train(evidence.take(rows), seed + 1 + repeat)
        found.append(tempered(again.log_probabilities(histories), held.temperature))
        if progress is not None:
            progress(repeat + 1)
    _, low, _ = held.mean_of_truth(seed)
    repeated = np.array(found).reshape(-1, *best.shape)
    errors = _local_errors(evidence, held, histories, seed)
    return [
        Odds(evidence.theses, best[place], repeated[:, place], low > 1 / len(evidence.theses), float(error))
        for place, error in enumerate(errors)
    ]


def _local_errors(evidence: Evidence, held: HeldOut, rows: Array, seed: int) -> Array:
    """Regress errors of held-out choices on the statistics: the second forest of Pudlo et al. (2016)."""
    wrong = (held.chosen != held.labels).astype(float)
    middle = np.nan_to_num(
        np.nanmedian(np.where(np.isnan(evidence.statistics), np.nan, evidence.statistics), axis=0)
    )
    forest = RandomForestRegressor(200, min_samples_leaf=5, random_state=seed)
    forest.fit(np.where(np.isnan(evidence.statistics), middle, evidence.statistics), wrong)
    errors: Array = forest.predict(np.where(np.isnan(rows), middle, rows))
    return errors
