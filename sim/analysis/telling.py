"""How much single observables tell of a label, in bits, and what the best of them does by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.signpost_words import BEFORE, SIDE

Values = NDArray[np.float64]

_SHUFFLES = 200
_SEED = 20100101


def in_window(
    counts: pd.DataFrame,
    labels: NDArray[np.int64],
    names: Sequence[str],
    by: str,
    replicates: NDArray[np.int64],
    years: int,
) -> pd.DataFrame:
    """Return the signposts of one window, most telling first, with the columns that it alone decides.

    Parameters
    ----------
    counts : DataFrame
        As `Runs.counts` returns them.
    labels : ndarray of int, shape (runs,)
    names, by
        See `Runs.labels`.
    replicates : ndarray of int, shape (runs,)
        Of each run; those of one replicate follow one another.
    years : int
    """
    candidates = [(str(name), level) for name in counts for level in _thresholds(counts[name].to_numpy())]
    shares = [f"share: {name}" for name in names]
    columns = ["years", "observable", "threshold", "bits", "bits_a_year", "chance", "exceeds", *shares]
    if not candidates:
        return pd.DataFrame(columns=columns)
    seen = np.column_stack([counts[name].to_numpy() >= level for name, level in candidates]).astype(float)
    bits, by_label = information(labels, seen, len(names))
    shuffled = np.array(
        [information(each, seen, len(names))[0] for each in _shuffled(labels, by, replicates)]
    )
    table = pd.DataFrame(candidates, columns=["observable", "threshold"]).assign(
        years=years,
        bits=bits - shuffled.mean(axis=0),
        bits_a_year=(bits - shuffled.mean(axis=0)) / years,
        chance=float(np.quantile(shuffled.max(axis=1), 0.95)),
    )
    table["exceeds"] = bits > table["chance"]
    table[shares] = by_label.T
    twin = pd.DataFrame(seen.T).duplicated(keep="last").to_numpy()  # says of every run what a later one says
    table = table[~twin]
    table = table.sort_values("bits", ascending=False, kind="stable").drop_duplicates("observable")
    return table[columns].reset_index(drop=True)


def before_window(
    counts: pd.DataFrame, posts: pd.DataFrame, labels: NDArray[np.int64], names: Sequence[str]
) -> pd.DataFrame:
    """Return in what share of the runs of each label signposts have been so before their window.

    Parameters
    ----------
    counts : DataFrame
        As `Runs.counts` returns them, of the months before.
    posts : DataFrame
        With ``observable`` and ``threshold``; one row each of what is returned. Of events one counts, as that
        may be all that can happen; of governments on a side so many as the signpost has.
    labels : ndarray of int, shape (runs,)
    names : sequence of str
        Of labels.
    """
    so = np.zeros((len(labels), len(posts)))
    for place, (name, threshold) in enumerate(zip(posts["observable"], posts["threshold"], strict=True)):
        if name in counts:
            least = threshold if str(name).startswith(f"{SIDE}:") else 1
            so[:, place] = counts[name].to_numpy() >= least
    return pd.DataFrame(
        {f"{BEFORE}{name}": so[labels == place].mean(axis=0) for place, name in enumerate(names)},
        index=posts.index,
    )


def information(labels: NDArray[np.int64], seen: Values, number: int) -> tuple[Values, Values]:
    """Return the mutual information of a label with each of many yes-or-no observations.

    Parameters
    ----------
    labels : ndarray of int, shape (runs,)
    seen : ndarray, shape (runs, observations)
        0 or 1.
    number : int
        Of labels.

    Returns
    -------
    bits : ndarray, shape (observations,)
    shares : ndarray, shape (labels, observations)
        Of the runs of a label in which it is seen.
    """
    members = np.eye(number)[labels]
    total = members.sum(axis=0)[:, None]
    yes = members.T @ seen
    share = yes.sum(axis=0) / len(labels)
    shares = np.divide(yes, total, out=np.zeros(yes.shape), where=total > 0)  # a label may have no run here
    entropy = _entropy(share) - (total / len(labels) * _entropy(shares)).sum(axis=0)
    return np.maximum(entropy, 0.0), shares


def _entropy(share: Values) -> Values:
    """Return the entropy of yes and no, in bits."""
    found = np.zeros(share.shape)
    for part in (share, 1 - share):
        found -= part * np.log2(part, out=np.zeros(share.shape), where=part > 0)
    return found


def _thresholds(values: NDArray[np.int64]) -> list[int]:
    """Return numbers that some runs reach and others do not: at most five, over the distribution."""
    levels = np.unique(values)
    levels = levels[levels > values.min()]
    if len(levels) > 5:
        levels = np.unique(np.quantile(values[values > values.min()], [0, 0.25, 0.5, 0.75, 0.9]).astype(int))
    return [int(level) for level in levels if (values >= level).any() and (values < level).any()]


def _shuffled(labels: NDArray[np.int64], by: str, replicates: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return shuffled labels: of scenarios within each replicate; of end states, replicates whole.

    Where some runs were left out, replicates are of several sizes. Then scenarios are shuffled over all
    runs, which asks more of a signpost, and end states among replicates of one size.
    """
    rng = np.random.default_rng(_SEED)
    _, place, number = np.unique(replicates, return_inverse=True, return_counts=True)
    sizes = number[place]
    if by == "scenario":
        rows = labels.reshape(-1, sizes[0] if sizes.min() == sizes.max() > 1 else len(labels))
        return [rng.permuted(rows, axis=1).ravel() for _ in range(_SHUFFLES)]
    return [_whole(rng, labels, sizes) for _ in range(_SHUFFLES)]


def _whole(
    rng: np.random.Generator, labels: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return labels with the replicates of each size permuted whole."""
    found = labels.copy()
    for size in np.unique(sizes):
        mine = sizes == size
        found[mine] = rng.permutation(labels[mine].reshape(-1, size)).ravel()
    return found
