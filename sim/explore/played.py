"""One run told month by month: its map, its series, its events in sentences, and why regimes fell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sim.errors import RequestError
from sim.explain.one_run import check_state, run_replicate
from sim.explain.story import tell
from sim.explain.why import explain
from sim.explain.words import month_name
from sim.explore import shown
from sim.figures import style
from sim.figures.geography import shapes
from sim.measures.falls import falls_among
from sim.report.chart import Chart, Named, finished, with_data
from sim.report.map_view import NOTE, Shading, name_shapes, rounded, state_features, whole_map
from sim.report.pages import embedded
from sim.scenario.states import STATE_NAMES
from sim.scenario.vocabulary import MOSCOW
from sim.series import MOSCOW_SERIES, STATE_SERIES

if TYPE_CHECKING:
    from sim.explain.one_run import OneRun
    from sim.model.trace import Event
    from sim.scenario import Scenario

NOW = "month_now"
STATE = "state_now"
SHOW = "series_now"
"""Names in the charts: the month, from 0, and the state that are looked at; the series that is drawn."""

RISING = "▲"
"""Marks a state whose street is risen."""


@dataclass(frozen=True)
class Played:
    """One run that is played.

    Parameters
    ----------
    run : OneRun
    """

    run: OneRun

    @classmethod
    def make(cls, scenario: Scenario, replicate: int) -> Played:
        """Make one run; see `sim.explain.one_run.run_replicate`."""
        return cls(run_replicate(scenario, replicate))

    @cached_property
    def months(self) -> list[str]:
        """Its months, such as ``2010-01``."""
        return [self.run.month(tick) for tick in range(self.run.scenario.months)]

    @cached_property
    def ledger(self) -> list[list[str]]:
        """What happened in each month, in sentences without it."""
        by_month: list[list[Event]] = [[] for _ in self.months]
        for event in self.run.events:
            by_month[max(event.tick, 0)].append(event)
        return [
            [line.removeprefix(f"{month_name(month)}. ") for line in tell(self.run, events)]
            for month, events in zip(self.months, by_month, strict=True)
        ]

    def told(self) -> dict[str, Any]:
        """Return all that the page needs to play it.

        Returns
        -------
        dict
            ``title``; ``months``, in words; ``ledger``; ``states``, code, name and number of falls of each;
            ``state``, the one to begin with; ``html`` and ``charts``, as `sim.explore.shown.shown` returns.
        """
        run = self.run
        falls = [event.target for event in falls_among(run.events)]
        charts = [self._map(), self._series()]
        return {
            "title": f"{run.scenario.name}, run {run.replicate}",
            "months": [month_name(month) for month in self.months],
            "ledger": self.ledger,
            "states": [[code, STATE_NAMES[code], falls.count(code)] for code in run.states],
            "state": next(iter(falls), run.states[0]),
            "html": shown.charts(charts),
            "charts": [embedded(chart) for chart in charts],
        }

    def why(self, state: object, fall: object) -> dict[str, str]:
        """Return what happened in a state, and why its regime fell, or survived.

        Parameters
        ----------
        state : object
            A code.
        fall : object
            Which of its falls, from 1; the first without it.

        Returns
        -------
        dict
            ``state`` and ``html``.

        Raises
        ------
        ResultsError, RequestError
            If there is no such state or fall.
        """
        number = 1 if fall is None else fall
        if (
            not isinstance(state, str)
            or isinstance(number, bool)
            or not isinstance(number, int)
            or number < 1
        ):
            raise RequestError("choose a state, and which of its falls, from 1")
        code = check_state(self.run, state)
        explanation = explain(self.run, code, number)
        events = [event for event in self.run.events if code in (event.target, event.actor)]
        falls = [
            month_name(self.run.month(event.tick)) for event in falls_among(self.run.events, states=(code,))
        ]
        html = shown.why(explanation, tell(self.run, events), falls, number)
        return {"state": code, "html": html}

    # -- its charts --------------------------------------------------------------------------------

    def _map(self) -> Chart:
        data = self._rows(("alignment", "participation"))
        named, features = Named(), state_features()
        risen = self._risen()
        for feature in features:
            properties = feature["properties"]
            code = properties["code"]
            series = self.run.series[code]
            for name in ("alignment", "participation"):
                properties[name] = [rounded(value) for value in series[name]]
            properties["risen"] = risen[code]
        name_shapes(named, features)
        at = f"[{NOW}]"
        shading = Shading(
            value=f"datum.properties.alignment{at}",
            told=f"format(datum.properties.alignment{at}, '+.2f') + ', in opposition ' + "
            f"format(datum.properties.participation{at}, '.1%')",
            star=f"datum.properties.risen{at} ? ' {RISING}' : ''",
        )
        description = (
            f"Map of each state's alignment with Moscow in the month that is played; {RISING} marks a state "
            "whose street is risen. Choose a state below to read what happened there."
        )
        chart = whole_map(shading).add_params(alt.param(NOW, value=0))
        return Chart(
            "map", "Alignment with Moscow", description, with_data(finished(chart), named, description),
            data, self._ends("alignment"),
            f"{RISING}: the street is risen in this month. Click a state to read why. {NOTE}",
        )  # fmt: skip

    def _series(self) -> Chart:
        data = self._rows((*STATE_SERIES, *MOSCOW_SERIES))
        named = Named()
        labels = {**STATE_SERIES, **{key: f"Moscow: {told}" for key, told in MOSCOW_SERIES.items()}}
        chosen = alt.param(
            SHOW, value="participation",
            bind=alt.binding_select(options=list(labels), labels=list(labels.values()), name="Show: "),
        )  # fmt: skip
        base = (
            alt.Chart(named.rows("series", data))
            .transform_filter(f"isValid(datum[{SHOW}])")
            .transform_calculate(
                time="datetime(+slice(datum.month, 0, 4), +slice(datum.month, 5, 7) - 1)",
                value=f"datum[{SHOW}]",
                text=f"datum.name + ' ' + format(datum[{SHOW}], '.3~g')",
            )
        )
        mine = f"datum.state === {STATE} || datum.state === '{MOSCOW}'"
        time: Any = alt.X("time:T", title=None, axis=alt.Axis(format="%Y", tickCount=8))
        up: Any = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False))
        other = base.mark_line(strokeWidth=0.8, color="#b5b5b5").encode(x=time, y=up, detail="state:N")
        line = (
            base.transform_filter(mine)
            .mark_line(strokeWidth=2.2, color=_BLUE)
            .encode(x=time, y=up, detail="state:N")
        )
        at = base.transform_filter(mine).transform_filter(f"datum.tick === {NOW}")
        rule = at.mark_rule(color=style.INK, strokeDash=[4, 3]).encode(x=time)
        dot = at.mark_circle(size=60, color=_BLUE).encode(x=time, y=up)
        halo = at.mark_text(dy=-12, fontSize=13, stroke="white", strokeWidth=3).encode(
            x=time, y=up, text="text:N"
        )
        letters = at.mark_text(dy=-12, fontSize=13, color=style.INK).encode(x=time, y=up, text="text:N")
        chart = (
            alt.layer(other, line, rule, dot, halo, letters)
            .properties(width=760, height=200)
            .add_params(chosen, alt.param(NOW, value=0), alt.param(STATE, value=self.run.states[0]))
        )
        description = (
            "Lines over time: the state that is chosen in blue, the others grey. A dashed line at the month "
            "that is played."
        )
        return Chart(
            "series", "Over time", description, with_data(finished(chart), named, description),
            data, self._ends("participation"),
            "Blue: the state that is chosen; grey: the others. Below: participation at the ends of years.",
            controls=True,
        )  # fmt: skip

    def _rows(self, variables: tuple[str, ...]) -> pd.DataFrame:
        """Return some series, one row a state and month."""
        parts = []
        for code, series in self.run.series.items():
            there = [name for name in variables if name in series.columns]
            head = {"state": code, "name": STATE_NAMES.get(code, "Moscow"), "month": self.months}
            parts.append(series[there].astype(float).assign(**head, tick=range(len(self.months))))
        table = pd.concat(parts, ignore_index=True)
        return table[["state", "name", "month", "tick", *(name for name in variables if name in table)]]

    def _ends(self, variable: str) -> pd.DataFrame:
        """Return a series at the ends of years, as it is read beneath a chart."""
        last = [tick for tick, month in enumerate(self.months) if month.endswith("-12")]
        shown_ticks = [*last[:: max(1, len(last) // 5)], len(self.months) - 1]
        rows = {
            STATE_NAMES[code]: {
                self.months[tick]: f"{self.run.value(code, variable, tick):.2f}" for tick in shown_ticks
            }
            for code in shapes()["states"]
        }
        table = pd.DataFrame.from_dict(rows, orient="index")
        return table.rename_axis("state").reset_index()

    def _risen(self) -> Mapping[str, list[int]]:
        """Return, by state, for each month 1 where the street was risen in it, and 0 where not."""
        found = {code: [0] * len(self.months) for code in self.run.states}
        for rise in self.run.rises:
            last = rise.months[-1] if rise.ended is not None else len(self.months) - 1
            for tick in range(max(rise.months[0], 0), last + 1):
                found[rise.state][tick] = 1
        return found


_BLUE = "#0b4f8a"
