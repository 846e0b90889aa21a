"""The initial state as a table, for `sim show`."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

from sim.world.state import Estimate, MoscowRecord, StateRecord, World


def describe(world: World) -> pd.DataFrame:
    """Return one row a state (or Moscow, RUS) and estimated quantity.

    Returns
    -------
    DataFrame
        Columns state, quantity, mean, sd, low, high, tag, source.
    """
    import pandas as pd  # noqa: PLC0415 - importing the package stays fast

    owners: list[tuple[str, StateRecord | MoscowRecord]] = [
        *((state.code, state) for state in world.states),
        ("RUS", world.moscow),
    ]
    rows = []
    for code, owner in owners:
        for item in fields(owner):
            value = getattr(owner, item.name)
            if isinstance(value, Estimate):
                rows.append(
                    (
                        code,
                        item.name,
                        value.mean,
                        value.sd,
                        value.low,
                        value.high,
                        str(value.tag),
                        value.source,
                    )
                )
    return pd.DataFrame(rows, columns=["state", "quantity", "mean", "sd", "low", "high", "tag", "source"])
