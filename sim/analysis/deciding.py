"""Which share decides a label of the audit, and whether the runs leave the label open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.audit import ASSUMED, CARRIES, NO_EFFECT, TOGETHER, of_effects

NEAR = "near the line"
"""What is said beside a label where the interval of the share that decides it holds the threshold."""

NUMBERS = ("direct_share", "direct_low", "direct_high")
_KEYS = ["thesis", "outcome"]


def deciding(cells: pd.DataFrame, drops: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of an audit with the share that decides the label of each.

    An effect is assumed where one parameter that sets the outcome directly carries it, or all that do so
    together. So the largest of these shares decides; of several that would do, one that settles the label.
    The labels themselves are left as they are.

    Parameters
    ----------
    cells : DataFrame
        As `sim.analysis.audit.audit_cells` returns it.
    drops : DataFrame
        As `sim.analysis.audit.audit_drops` returns it, or what is stored of it. Shares whose interval holds 0
        carry nothing by the rule, and are not stored.

    Returns
    -------
    DataFrame
        The cells, in their order, with these columns behind:

        ``direct``
            The parameter, or all of them joined by `` + ``; empty where none that sets the outcome directly
            has a share above 0.
        ``direct_share``, ``direct_low``, ``direct_high``
            Part of the effect that is lost without it, with its 95 % interval.
        ``near``
            Whether that interval leaves open if it is `sim.analysis.audit.CARRIES` or more.
    """
    kept = of_effects(drops, cells)
    kept = kept[kept["parameterises"] & (kept["low"] > 0)]
    by_cell = dict(iter(kept.groupby(_KEYS, sort=False)))
    found = [
        _decides(str(label), by_cell.get((thesis, outcome)))
        for thesis, outcome, label in cells[[*_KEYS, "label"]].itertuples(index=False)
    ]
    return cells.assign(**{name: [row[name] for row in found] for name in ("direct", *NUMBERS, "near")})


def _decides(label: str, direct: pd.DataFrame | None) -> dict[str, Any]:
    if label == NO_EFFECT or direct is None:
        return {"direct": "", **dict.fromkeys(NUMBERS, np.nan), "near": False}
    if label == ASSUMED:
        settled = direct[direct["low"] >= CARRIES]
        pool, near = (settled, False) if len(settled) else (direct, True)
    else:
        unsettled = direct[direct["high"] >= CARRIES]
        pool, near = (unsettled, True) if len(unsettled) else (direct, False)
    row = pool.sort_values("share", ascending=False, kind="stable").iloc[0]
    numbers = (float(row[key]) for key in ("share", "low", "high"))
    return {"direct": str(row["less"]), **dict(zip(NUMBERS, numbers, strict=True)), "near": near}


def shown_apart(cell: Mapping[str, Any]) -> bool:
    """Whether what decides is told beside what carries most: where it is another, and may be needed.

    That is so of every emergent effect, whose label says that this share falls short; and of an assumed one
    near the line.
    """
    shown = cell["carrier"] or cell["most"]
    return bool(cell["direct"]) and cell["direct"] != shown and (cell["near"] or cell["label"] != ASSUMED)


def paths(joined: str) -> list[str]:
    """Return parameters that are joined, as the columns ``carrier`` and ``direct`` have them."""
    return [path for path in joined.split(TOGETHER) if path]
