"""The map of the report: alignment by year, or its difference from the baseline, small states once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import bootstrap_means, visible
from sim.analysis.written import number, signed
from sim.figures import region_map
from sim.figures.geography import shapes
from sim.figures.rows import ALIGNMENT_BY_STATE
from sim.measures.window import WHOLE, Window
from sim.report.chart import Chart, Named, finished, months_of, with_data
from sim.report.map_view import NOTE, Shading, name_shapes, rounded, state_features, whole_map
from sim.scenario.states import STATE_NAMES
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.experiment.results import Results

_ALIGNMENT, _DIFFERENCE = "alignment", "difference from the baseline"


def by_year(results: Results, baselines: Mapping[str, str], window: Window = WHOLE) -> pd.DataFrame:
    """Return each state's alignment at the end of each year, and how it differs from the baseline's.

    Parameters
    ----------
    results : Results
    baselines : mapping of str to str
        The baseline of each scenario.
    window : Window
        Only years of these months; its last month counts as the end of a year.

    Returns
    -------
    DataFrame
        One row a scenario, state and year: mean ``alignment`` over runs, mean ``difference`` over pairs, and
        its 95 % bootstrap interval ``low``, ``high``; and whether it is ``visible``, and no 0.00: 1 or 0. A
        baseline's difference is 0.
    """
    columns = ["scenario", "replicate", "month", "state", "alignment"]
    months = [month for month in months_of(results) if window.holds(month)]
    shown = [month for month in months if month.endswith("-12") or month == months[-1]]
    filters = [("month", "in", shown), ("state", "!=", MOSCOW)]
    rows = results.read("trajectories", columns, filters, scenarios=list(baselines))
    rows = rows.astype({"scenario": str, "state": str}).assign(year=rows["month"].str[:4].astype(int))
    wide = rows.pivot(index=["scenario", "replicate"], columns=["state", "year"], values="alignment")
    parts = []
    for name, baseline in baselines.items():
        these = wide.loc[name]
        pairs = (these - wide.loc[baseline]).dropna(how="all")
        low, high = bootstrap_means(np.asarray(pairs, dtype=float))
        there = pairs.notna().sum()
        table = pd.DataFrame({
            "alignment": these.mean(), "difference": pairs.mean(), "low": low, "high": high,
            "visible": _starred(pairs.mean(), low, high, there, (pairs == 0).sum() / there),
        })  # fmt: skip
        parts.append(table.reset_index().assign(scenario=name))
    found: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return found[["scenario", "state", "year", "alignment", "difference", "low", "high", "visible"]]


def _starred(difference: Any, low: Any, high: Any, pairs: Any, tied: Any) -> Any:
    """Return 1 where a difference bears a star on the map, otherwise 0; one that shows as 0.00 bears none."""
    rows = pd.DataFrame({"low": low, "high": high, "pairs": pairs, "tied": tied}, index=difference.index)
    return (visible(rows) & (difference.abs().round(2) > 0)).astype(float)


def map_chart(results: Results, baselines: Mapping[str, str], window: Window = WHOLE) -> Chart:
    """Draw the map with a slider over years, a choice of scenarios, and differences.

    Parameters
    ----------
    results : Results
    baselines : mapping of str to str
        The baseline of each scenario, in their order.
    window : Window
        The months over which outcomes are measured: it ends where they do.
    """
    data = by_year(results, baselines, window)
    first, last = int(data["year"].min()), int(data["year"].max())
    far = region_map.end_of_scale(float(data["difference"].abs().max()))
    names = list(baselines)
    others = [name for name, baseline in baselines.items() if name != baseline]
    named = Named()
    name_shapes(named, _states(data))
    ends = data[data["year"] == last]
    until = "" if window.by is None or window.by.month == 12 else f", of {last} at the end of {window.by}"
    description = (
        f"Map of each state's alignment with Moscow, {first} to {last}; it starts at {last}. "
        + "; ".join(
            f"{name}, mean over states: {number(float(part['alignment'].mean()))}"
            for name, part in ends.groupby("scenario", sort=False)
        )
    )
    params = [
        *_controls(names, others, first, last),
        {"name": "map_first", "value": first},
        {"name": "map_far", "value": far},
    ]
    return Chart(
        "map", "Alignment with Moscow, state by state", description,
        with_data({**_drawn(), "params": params}, named, description),
        data, _table(ends, names, baselines),
        f"Mean over runs at the end of each year{until}. {NOTE}{ALIGNMENT_BY_STATE} Below: {last}.",
        controls=True,
    )  # fmt: skip


def _controls(names: Sequence[str], others: Sequence[str], first: int, last: int) -> list[dict[str, Any]]:
    """Return what a reader may choose.

    Parameters
    ----------
    names, others : sequence of str
        All scenarios, and those with a baseline.
    first, last : int
        Years.
    """
    shown = [_ALIGNMENT, *([_DIFFERENCE] if others else [])]
    return [
        {
            "name": "map_scenario",
            "bind": {"input": "select", "name": "Scenario: ", "options": list(names)},
            "value": (others or names)[0],
        },
        {
            "name": "map_show",
            "bind": {"input": "radio", "name": "Show: ", "options": shown},
            "value": _ALIGNMENT,
        },
        {
            "name": "map_year",
            "bind": {"input": "range", "max": last, "min": first, "name": "Year: ", "step": 1},
            "value": last,
        },
    ]


def prepare() -> None:
    """Make what all maps have in common, so that the first one does not wait for it."""
    _drawn()


@lru_cache(maxsize=1)  # it takes longer than all other charts
def _drawn() -> dict[str, Any]:
    """Return the map's specification without its data, and without what its expressions call by name."""
    return finished(whole_map(_shading()))


def _shading() -> Shading:
    """Return what the map's controls make of a feature."""
    place = "[map_scenario][map_year - map_first]"
    plain = f"map_show === '{_ALIGNMENT}'"
    held = {
        name: f"datum.properties.{name}{place}"
        for name in ("alignment", "difference", "low", "high", "visible")
    }
    return Shading(
        value=f"{plain} ? {held['alignment']} : {held['difference']}",
        star=f"!({plain}) && {held['visible']} ? '*' : ''",
        told=f"{plain} ? format({held['alignment']}, '+.2f') : format({held['difference']}, '+.2f')"
        f" + (isValid({held['low']}) ? ' [' + format({held['low']}, '+.2f') + ', ' + "
        f"format({held['high']}, '+.2f') + ']' : '')",
        plain=plain,
        far="map_far",
        legend="− against Moscow, or further from it; + with it, or closer to it",
    )


def _states(data: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the states as features, each with its values by scenario and year."""
    features = state_features()
    shown = ("alignment", "difference", "low", "high", "visible")
    properties = {feature["properties"]["code"]: feature["properties"] for feature in features}
    for own in properties.values():
        own.update({name: {} for name in shown})
    for (state, scenario), part in data.sort_values("year").groupby(["state", "scenario"], sort=False):
        for name in shown:
            properties[state][name][str(scenario)] = [rounded(value) for value in part[name].to_list()]
    return features


def _table(ends: pd.DataFrame, names: Sequence[str], baselines: Mapping[str, str]) -> pd.DataFrame:
    told = [
        number(row["alignment"])
        + ("" if baselines[row["scenario"]] == row["scenario"] else f" ({signed(row['difference'])})")
        for row in ends.to_dict("records")
    ]
    wide = ends.assign(told=told).pivot(index="state", columns="scenario", values="told")
    table = wide.reindex(index=list(shapes()["states"]), columns=list(names)).reset_index()
    return table.assign(state=table["state"].map(STATE_NAMES))
