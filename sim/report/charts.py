"""The charts of outcomes: how runs end, paths over time, and differences from the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from sim.analysis.audit import ASSUMED, EMERGENT
from sim.analysis.ends import difference_parts
from sim.analysis.export import difference_cell, end_state_notes, end_state_table
from sim.analysis.in_words import ends, standardised
from sim.analysis.intervals import visible
from sim.analysis.marked import HOW_MARKED
from sim.analysis.shipped_audit import NOT_AUDITED, NOT_SEEN
from sim.analysis.written import DAGGER, number, share_text, whole_percent
from sim.figures import style
from sim.figures.gallery.end_states import COLOURS
from sim.figures.paths import LEVELS
from sim.measures import OUTCOMES
from sim.measures.end_state import END_STATES
from sim.report.chart import Chart, Named, finished, months_of, with_data
from sim.scenario.states import STATE_NAMES
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.experiment.results import Results

_OF_ENDS = ("share", "low", "high", "difference", "difference_low", "difference_high")
_KEPT = 16  # specifications of a kind of chart

INFLUENCE = "Moscow's influence"
_QUANTILES = [f"q{100 * level:02.0f}" for level in LEVELS]


def end_state_chart(comparisons: Sequence[Comparison]) -> Chart:
    """Draw the shares of the classes of end state, a bar a scenario."""
    rows: list[dict[str, Any]] = [
        {
            "scenario": name,
            "end state": state,
            "order": END_STATES.index(state),
            **{key: value for key, value in item.end_state(name, state).items() if key in _OF_ENDS},
            "assumed": DAGGER if (name, state) in item.assumed_end_states else "",
            "less": _less(item, name, state),
        }
        for item in comparisons
        for name in item.ordered
        for state in END_STATES
    ]
    data, named = pd.DataFrame(rows), Named()
    order = list(dict.fromkeys(data["scenario"]))
    told = [_share(row) for row in rows]
    written = [
        f"{whole_percent(row['share'])}{row['assumed']}" if row["share"] >= 0.08 else "" for row in rows
    ]
    named.rows("end-states", data.assign(told=told, written=written))  # rounded as in text and tables
    description = "Stacked bars: the share of runs that end in each class, a bar a scenario. " + "; ".join(
        f"{name}: {ends(item, name)}" for item in comparisons for name in item.ordered
    )
    table = pd.concat([end_state_table(item) for item in comparisons]).reset_index()
    notes = dict.fromkeys(note for item in comparisons for note in end_state_notes(item))
    return Chart(
        "end-states", "How runs end", description,
        with_data(_end_states(tuple(order)), named, description), data.drop(columns="order"), table,
        f"Share of runs in each class, by rules on outcomes. In the data of this chart: {' '.join(notes)}",
    )  # fmt: skip


@lru_cache(maxsize=_KEPT)
def _end_states(order: tuple[str, ...]) -> dict[str, Any]:
    """Return the specification of the bars of some scenarios, in their order."""
    listed = list(order)
    base = alt.Chart(alt.NamedData(name="end-states"))
    across: Any = alt.X(
        "share:Q", stack="normalize", title="share of runs, %", axis=alt.Axis(labelExpr="100 * datum.value")
    )
    up = alt.Y(
        "scenario:N", sort=listed, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False)
    )
    told = [
        "scenario:N", "end state:N", alt.Tooltip("told:N", title="share of runs (95 %)"),
        alt.Tooltip("less:N", title="less the baseline, points (95 %)"),
    ]  # fmt: skip
    bars = base.mark_bar(stroke="white").encode(
        x=across,
        y=up,
        order="order:Q",
        color=alt.Color(
            "end state:N",
            scale=alt.Scale(domain=list(END_STATES), range=list(COLOURS[: len(END_STATES)])),
            legend=alt.Legend(orient="top", title=None),
        ),
        tooltip=told,
    )
    letters = base.mark_text(color=style.INK, fontSize=12).encode(
        x=alt.X("share:Q", stack="normalize", bandPosition=0.5),
        y=up,
        order="order:Q",
        text="written:N",
        tooltip=told,
    )
    return finished((bars + letters).properties(width=700, height=alt.Step(34)))


def _less(comparison: Comparison, name: str, state: str) -> str:
    """Return what a share's difference from the baseline is; of the baseline a dash."""
    if name == comparison.baseline:
        return number(np.nan)
    return " ".join(filter(None, difference_parts(comparison, name, state)))


def _share(row: Mapping[str, Any]) -> str:
    return f"{share_text(row['share'], row['low'], row['high'])} {row['assumed']}".strip()


# -- paths over time -------------------------------------------------------------------------------


def fan_chart(results: Results, baselines: Mapping[str, str]) -> Chart:
    """Draw Moscow's influence, or a state's alignment, over time: a fan a scenario.

    Parameters
    ----------
    results : Results
    baselines : mapping of str to str
        The baseline of each scenario that is shown, in their order.
    """
    data = fans(results, list(baselines))
    data = data.merge(_medians(data, baselines), on=["scenario", "series", "month"], how="left")
    named, order = Named(), list(baselines)
    series = list(dict.fromkeys(data["series"]))
    named.rows("fans", data)
    ends = data[data["series"] == INFLUENCE].groupby("scenario", sort=False).last()
    description = (
        f"Fans over time, one a scenario: median, 50 % and 90 % of runs. {INFLUENCE} at the end, median: "
        + "; ".join(f"{name} {number(float(str(ends.loc[name, _QUANTILES[2]])))}" for name in order)
    )
    return Chart(
        "fans", "Over time", description,
        with_data(_fans(tuple(order), tuple(series)), named, description), data, _told_fans(data, order),
        "Line: median over runs; bands: 50 % and 90 % of runs; dashed: median of the baseline. Influence: "
        "mean alignment of the states (−1 against Moscow, 1 with it), weighted by strategic value, plus a "
        "little for each territory integrated. Below: influence, in a few years; the download has every "
        "state.",
        controls=True,
    )  # fmt: skip


@lru_cache(maxsize=_KEPT)
def _fans(order: tuple[str, ...], series: tuple[str, ...]) -> dict[str, Any]:
    """Return the specification of the fans of some scenarios, and of what a reader may choose to see."""
    listed = list(order)
    bind = alt.binding_select(options=list(series), name="Show: ")
    chosen = alt.param("fan_series", value=INFLUENCE, bind=bind)
    colours = style.scenario_colours(order)
    colour: Any = alt.Color(
        "scenario:N",
        legend=None,
        scale=alt.Scale(domain=listed, range=[colours[name] for name in order]),
    )
    time: Any = alt.X("time:T", title=None, axis=alt.Axis(format="%Y", tickCount=4))
    low, lower, middle, upper, high = _QUANTILES
    base = (
        alt.Chart(alt.NamedData(name="fans"))
        .transform_filter("datum.series === fan_series")
        .transform_calculate(time="datetime(+slice(datum.month, 0, 4), +slice(datum.month, 5, 7) - 1)")
    )
    bands = [
        base.mark_area(opacity=opacity).encode(
            x=time,
            y=alt.Y(f"{first}:Q", title=None, scale=alt.Scale(zero=False)),
            y2=f"{last}:Q",
            color=colour,
        )
        for first, last, opacity in ((low, high, 0.2), (lower, upper, 0.35))
    ]
    line = base.mark_line(strokeWidth=2).encode(x=time, y=f"{middle}:Q", color=colour)
    reference = base.mark_line(strokeDash=[5, 3], strokeWidth=1.2, color=style.INK).encode(
        x=time, y="baseline:Q"
    )
    told = [
        alt.Tooltip(f"{name}:Q", title=what, format="+.2f")
        for name, what in (
            (high, "95 % of runs below"), (middle, "median"), (low, "5 % of runs below"),
            ("baseline", "median of the baseline"),
        )
    ]  # fmt: skip
    points = base.mark_circle(size=120, opacity=0).encode(
        x=time, y=f"{middle}:Q", tooltip=["scenario:N", "series:N", "month:N", *told]
    )
    columns = min(3, len(order))
    drawn = alt.layer(*bands, reference, line, points).properties(
        width=(840 - 60 * columns) // columns, height=150
    )
    chart = drawn.facet(
        facet=alt.Facet("scenario:N", sort=listed, title=None, header=alt.Header(labelAnchor="start")),
        columns=columns,
    ).add_params(chosen)
    return finished(chart)


def fans(results: Results, scenarios: Sequence[str]) -> pd.DataFrame:
    """Return quantiles over runs, twice a year.

    Parameters
    ----------
    results : Results
    scenarios : sequence of str

    Returns
    -------
    DataFrame
        One row a scenario, series (`INFLUENCE`, or a state's name for its alignment) and month: a column for
        each of `sim.figures.paths.LEVELS`.
    """
    rows = half_years(results, scenarios)
    moscow = rows["state"] == MOSCOW
    rows["series"] = rows["state"].map(STATE_NAMES).where(~moscow, INFLUENCE)
    rows["value"] = rows["alignment"].where(~moscow, rows["influence"])
    grouped = rows.dropna(subset=["value"]).groupby(["scenario", "series", "month"], sort=False)["value"]
    table = grouped.quantile(np.array(LEVELS)).unstack()
    table.columns = pd.Index(_QUANTILES)
    order = [INFLUENCE, *sorted(set(table.index.get_level_values("series")) - {INFLUENCE})]
    return table.reindex(order, level="series").reset_index()


def half_years(results: Results, scenarios: Sequence[str]) -> pd.DataFrame:
    """Return alignment and influence in each run, at the first month and the ends of half-years."""
    columns = ["scenario", "replicate", "month", "state", "alignment", "influence"]
    months = months_of(results)
    shown = [month for month in months if month.endswith(("-06", "-12")) or month == months[0]]
    rows = results.read("trajectories", columns, [("month", "in", shown)], scenarios=list(scenarios))
    return rows.astype({"scenario": str, "state": str})


def _medians(data: pd.DataFrame, baselines: Mapping[str, str]) -> pd.DataFrame:
    """Return the median of each scenario's baseline, which a baseline itself does not show."""
    middle = data[["scenario", "series", "month", _QUANTILES[2]]]
    parts = [
        middle[middle["scenario"] == baseline].assign(scenario=name)
        for name, baseline in baselines.items()
        if name != baseline
    ]
    return pd.concat([*parts, middle.iloc[:0]]).rename(columns={_QUANTILES[2]: "baseline"})


def _told_fans(data: pd.DataFrame, order: Sequence[str]) -> pd.DataFrame:
    rows = data[data["series"] == INFLUENCE]
    months = sorted(set(rows["month"]))
    ends = [month for month in months if month.endswith("-12")]
    shown = ends[:: min(5, max(1, len(ends) // 4))][-5:] if ends else months[-1:]
    low, _, middle, _, high = _QUANTILES
    told = [
        f"{number(row[middle])} ({number(row[low])} to {number(row[high])})"
        for row in rows[_QUANTILES].to_dict("records")
    ]
    wide = rows.assign(told=told).pivot(index="scenario", columns="month", values="told")
    return wide.reindex(index=list(order), columns=sorted({*shown, months[-1]})).reset_index()


# -- differences from the baseline -----------------------------------------------------------------


def difference_chart(comparisons: Sequence[Comparison]) -> Chart | None:
    """Draw every difference from the baseline over its standard deviation; None where there is none."""
    rows = [
        _difference(item, name, outcome, float(sizes[outcome]))
        for item in comparisons
        for name in item.ordered[1:]
        for sizes in [standardised(item, name)]
        for outcome in item.shown
    ]
    if not rows:
        return None
    data, named = pd.DataFrame(rows), Named()
    order, labels = (list(dict.fromkeys(data[key])) for key in ("scenario", "outcome"))
    colours = style.scenario_colours([name for item in comparisons for name in item.ordered])
    spec = _differences(tuple(order), tuple(labels), tuple(colours[name] for name in order))
    named.rows("differences", data)
    sure = data[data["visible"]]
    description = (
        "Differences of each outcome from the baseline, a panel a scenario, with 95 % intervals. "
        + "; ".join(
            f"{name}: {len(kinds)} of {len(labels)} are visible{_audited(kinds)}"
            for name in order
            for kinds in [list(sure.loc[sure["scenario"] == name, "kind"])]
        )
    )
    table = data.pivot(index="outcome", columns="scenario", values="told").loc[labels, order].reset_index()
    return Chart(
        "differences", "Differences from the baseline", description, with_data(spec, named, description),
        data.drop(columns=["size low", "size high", "mark", "told", "visible"]), table,
        f"Pair by pair with common random numbers. Filled: emergent; hollow with {DAGGER}: assumed; "
        f"hollow without: {NOT_SEEN}, or {NOT_AUDITED}. In standard deviations over runs, so that outcomes "
        "of different units stand side by side; below, and when pointed at, in their own units. "
        f"{HOW_MARKED}",
    )  # fmt: skip


def _audited(kinds: Sequence[str]) -> str:
    """Return how many differences are assumed and how many not audited, of what the audit says of each."""
    unknown = kinds.count(NOT_AUDITED)
    if unknown == len(kinds):
        return f", {NOT_AUDITED}" if kinds else ""
    told = f", {kinds.count(ASSUMED)} of them {ASSUMED}"
    return f"{told}, {unknown} {NOT_AUDITED}" if unknown else told


@lru_cache(maxsize=_KEPT)
def _differences(order: tuple[str, ...], labels: tuple[str, ...], colours: tuple[str, ...]) -> dict[str, Any]:
    """Return the specification of the differences of some scenarios in some outcomes."""
    listed = list(order)
    base = alt.Chart(alt.NamedData(name="differences"))
    up = alt.Y("outcome:N", sort=list(labels), title=None, axis=alt.Axis(labelLimit=260, grid=True))
    colour: Any = alt.Color("scenario:N", legend=None, scale=alt.Scale(domain=listed, range=list(colours)))
    told = ["scenario:N", "outcome:N", alt.Tooltip("told:N", title="difference [95 %]"), "kind:N"]
    title = "standard deviations"
    zero = base.mark_rule(color="#8a8a8a").encode(x=alt.datum(0))
    lines = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("size low:Q", title=title), x2="size high:Q", y=up, color=colour, tooltip=told
    )
    points = base.mark_point(size=60, strokeWidth=2).encode(
        x="size:Q", y=up, color=colour, tooltip=told,
        fill=alt.condition(f"datum.kind === '{EMERGENT}'", colour, alt.value("white")),
    )  # fmt: skip
    marks = (
        base.transform_filter("datum.mark")
        .mark_text(align="left", dx=7, dy=-6, fontSize=13)
        .encode(x="size:Q", y=up, text="mark:N")
    )
    columns = min(3, len(order))
    drawn = alt.layer(zero, lines, points, marks).properties(
        width=(900 - 190) // columns if columns > 1 else 560, height=alt.Step(19)
    )
    chart = drawn.facet(
        facet=alt.Facet("scenario:N", sort=listed, title=None, header=alt.Header(labelAnchor="start")),
        columns=columns,
    )
    return finished(chart)


def _difference(comparison: Comparison, name: str, outcome: str, size: float) -> dict[str, Any]:
    row = comparison.outcome(name, outcome)
    scale = size / row["difference"] if row["difference"] and np.isfinite(size) else np.nan
    assumed = (name, outcome) in comparison.assumed
    unit = OUTCOMES[outcome].unit
    return {
        "scenario": name,
        "outcome": OUTCOMES[outcome].label,
        "unit": unit,
        "difference": row["difference"],
        "low": row["low"],
        "high": row["high"],
        "size": size if np.isfinite(size) else np.nan,
        "size low": row["low"] * scale,
        "size high": row["high"] * scale,
        "kind": comparison.audit.said(name, outcome),
        "mark": DAGGER if assumed else "",
        "visible": bool(visible(row)),
        "told": difference_cell(row, comparison.pairs(name), assumed=assumed),
    }
