"""Rules that other libraries find in runs, as boxes: PRIM of EMA Workbench, trees of scikit-learn."""

from __future__ import annotations

import inspect
import logging
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_LEAST_SHARE = 0.05  # of the runs that a box holds
_DEPTH = 3  # of a tree: limits of a leaf


@dataclass(frozen=True, slots=True)
class Box:
    """A region of the parameters.

    Parameters
    ----------
    limits : dict of str to (float, float)
        Lowest and highest value by path, both inside; infinite where a side is open.
    """

    limits: dict[str, tuple[float, float]]

    def contains(self, x: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which rows lie in it."""
        inside = np.ones(len(x), bool)
        for path, (low, high) in self.limits.items():
            values = x[path].to_numpy(float)
            inside &= (values >= low) & (values <= high)
        return inside


Finder = Callable[[pd.DataFrame, NDArray[np.bool_]], Iterator[Box]]
"""Yields boxes in which a condition may hold more often, given parameters by run and where it holds."""


def prim_boxes(x: pd.DataFrame, y: NDArray[np.bool_]) -> Iterator[Box]:
    """Yield the boxes of PRIM's peeling, from large to small.

    References
    ----------
    Friedman and Fisher (1999), Statistics and Computing 9, 123-143.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of packages that it would like to have
        from ema_workbench.analysis.prim import Prim  # noqa: PLC0415 - takes ten seconds to load

        # Version 2, which Python 3.11 gets, asks for a least density; version 3 has none
        asked = {"threshold": 0.0} if "threshold" in inspect.signature(Prim).parameters else {}
        level = logging.getLogger("EMA").level
        logging.getLogger("EMA").setLevel(logging.ERROR)
        try:
            found = Prim(
                x.reset_index(drop=True), y.astype(int), peel_alpha=0.05, mass_min=_LEAST_SHARE, **asked
            ).find_box()
        finally:
            logging.getLogger("EMA").setLevel(level)
    whole = {str(path): (float(x[path].min()), float(x[path].max())) for path in x}
    for limits in found.box_lims if found is not None else ():
        yield Box(
            {
                path: opened
                for path, (low, high) in whole.items()
                if (opened := _opened(float(limits[path].iloc[0]), float(limits[path].iloc[1]), low, high))
            }
        )


def tree_boxes(x: pd.DataFrame, y: NDArray[np.bool_]) -> Iterator[Box]:
    """Yield the leaves of a small classification tree.

    References
    ----------
    Breiman, Friedman, Olshen and Stone (1984), Classification and regression trees.
    """
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - an extra

    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=_LEAST_SHARE, random_state=0)
    grown = tree.fit(x.to_numpy(float), y).tree_
    names = [str(path) for path in x]

    def leaves(node: int, limits: dict[str, tuple[float, float]]) -> Iterator[Box]:
        left, right = int(grown.children_left[node]), int(grown.children_right[node])
        if left == right:
            yield Box(limits)
            return
        path, cut = names[grown.feature[node]], float(grown.threshold[node])
        low, high = limits.get(path, (-math.inf, math.inf))
        yield from leaves(left, {**limits, path: (low, min(high, cut))})
        yield from leaves(right, {**limits, path: (max(low, math.nextafter(cut, math.inf)), high)})

    yield from leaves(0, {})


FINDERS: dict[str, Finder] = {"prim": prim_boxes, "tree": tree_boxes}
"""By the name of the method."""


def _opened(low: float, high: float, least: float, most: float) -> tuple[float, float] | None:
    """Return limits, a side open where it leaves out no run; None if both do."""
    bottom = low if low > least else -math.inf
    top = high if high < most else math.inf
    return None if math.isinf(bottom) and math.isinf(top) else (bottom, top)
