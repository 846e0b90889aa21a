"""The page of a report: what is told in it, and how it is written to one file."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import vl_convert

from sim.analysis.asked import Asked
from sim.analysis.effects_in_words import HOW_READ, TITLE, effect_table
from sim.analysis.export import state_table
from sim.analysis.frames import framed
from sim.analysis.in_words import laid_over
from sim.analysis.marked import HOW_MARKED
from sim.analysis.states_in_words import state_lines
from sim.analysis.stored_signposts import cautions_of, how_to_store, stored_signposts, windows_of
from sim.analysis.written import (
    ASSUMED_END_STATE_MEANS,
    ASSUMED_MEANS,
    DAGGER,
    FEW_RUNS,
    NOTHING_DIFFERS,
    OF_WHAT_IS_SO,
    SIGNPOST_ASSUMED,
    UNAUDITED_STATES,
)
from sim.experiment.commands import commands_of
from sim.experiment.files import PACKAGE, write_text
from sim.experiment.place import path_given
from sim.explain.words import listed, state_title
from sim.measures import STATE_OUTCOMES
from sim.measures.end_state import rules_in_words
from sim.report.charts import difference_chart, end_state_chart, fan_chart
from sim.report.differing import Differing, differing, how_many
from sim.report.limits import limits
from sim.report.map import map_chart
from sim.report.pages import asset, embedded, libraries, templates
from sim.report.told import ToldRun, told_runs
from sim.scenario import load
from sim.scenario.library import is_shared_world

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Comparison
    from sim.analysis.effects import Effects
    from sim.experiment.results import Results
    from sim.report.chart import Chart
    from sim.scenario import Scenario

FILE = "report.html"
"""Name of the report in a results folder."""

_IN_DEVELOPMENT = re.compile(r"\.dev|\+")  # a version that nobody has published
_NAMES = re.compile(r"\b(?:gradient_|clip)\d+\b")  # of parts of a picture that others refer to


@dataclass(frozen=True)
class Report:
    """What a report tells of a results folder.

    Parameters
    ----------
    results : Results
    asked : Asked
        What is compared with what, over which months.
    title, question : str
        At its head; the scenarios' own without them.
    """

    results: Results
    asked: Asked
    title: str = ""
    question: str = ""

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Each group of scenarios with its baseline."""
        return self.asked.compare(self.results)

    @cached_property
    def baselines(self) -> dict[str, str]:
        """The baseline of each scenario, in their order."""
        return {name: item.baseline for item in self.comparisons for name in item.ordered}

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios as they were run, by name."""
        folder = self.results.path / "scenarios"
        return {name: load(folder / f"{name}.yaml") for name in self.baselines}

    @property
    def heading(self) -> str:
        """The title that was given, or what the scenarios are called."""
        if self.title:
            return self.title
        others = [name for name, baseline in self.baselines.items() if name != baseline]
        names = others or list(self.baselines)
        if len(names) == 1:
            return self.scenarios[names[0]].title or names[0]
        theses = [group.under for group in self.asked.groups if group.under]
        if not theses:
            return f"{len(self.baselines)} scenarios compared"
        groups = self.asked.groups
        first = groups[0]
        plain = {group.plain(name) for group in groups for name in group.scenarios if name in others}
        title = self.scenarios[names[0]].title.partition(f", under {first.under}")[0]
        what = f"{len(plain)} scenarios" if len(plain) > 1 else title or first.plain(names[0])
        return f"{what}, under {'each of ' * (len(theses) > 1)}{listed(theses)}"

    @property
    def laid_over(self) -> str:
        """What is laid over which theses; empty where nothing is."""
        return laid_over(self.asked.groups)

    def question_of(self, name: str) -> str:
        """Return the question of a scenario; of the shared world under a thesis that of the thesis alone."""
        scenario = self.scenarios[name]
        thesis = scenario.thesis
        for group in self.asked.groups:
            is_shared = name == group.baseline and is_shared_world(group.plain(name))
            if group.under and is_shared and thesis and thesis.claims:
                return f"What follows from the thesis alone ({thesis.title or group.under})?"
        return scenario.question or "No question is written in its file."

    def held_against(self, name: str) -> str:
        """Return which scenarios are held against one, in a sentence; empty if none are."""
        group = next((group for group in self.asked.groups if group.baseline == name), None)
        if group is None or len(group.scenarios) == 1:
            return ""
        return f"The others{f' under {group.under}' * bool(group.under)} are compared with it."

    @property
    def words(self) -> list[str]:
        """The answer in words, then what it is for the states that are asked about."""
        return [line for item in self.comparisons for line in (*item.in_words(), *state_lines(item))]

    @property
    def cautions(self) -> list[str]:
        """What makes these very results weaker than they look."""
        runs = int(min(item.values["runs"].max() for item in self.comparisons))
        many = "is 1 run" if runs == 1 else f"are {runs} runs"
        few = f"There {many} per scenario: intervals are too narrow for so few." if runs < FEW_RUNS else ""
        failed = len(self.results.failures)
        left_out = "run failed, and is" if failed == 1 else "runs failed, and are"
        lost = f"{failed} {left_out} left out." if failed else ""
        spans = [f"{item.caution.capitalize()}." for item in self.comparisons if item.caution]
        unaudited = [item.unaudited() for item in self.comparisons]
        window = self.asked.window
        over = (
            f"Outcomes are measured {window}, and classes of end state by the same rules over these months; "
            "paths are of whole runs."
            if window
            else ""
        )
        frames = map(framed, self.comparisons)
        return list(dict.fromkeys(filter(None, [*frames, few, lost, over, *spans, *unaudited])))

    @property
    def charts(self) -> list[Chart]:
        """The charts, in the order of the page."""
        found = [
            end_state_chart(self.comparisons),
            map_chart(self.results, self.baselines, self.asked.window),
            fan_chart(self.results, self.baselines),
            difference_chart(self.comparisons),
        ]
        return [chart for chart in found if chart is not None]

    @property
    def of_states(self) -> dict[str, list[list[list[str]]]]:
        """What happens to each single state that is asked about, by its title: a table a comparison."""
        return {
            state_title(state): [_lines(state_table(item, state)) for item in self.comparisons]
            for state in self.asked.states
        }

    @cached_property
    def effects(self) -> Effects | None:
        """By how much effects differ between theses, where scenarios were laid over several."""
        return self.asked.effects_if_any(self.comparisons)

    @property
    def effect_tables(self) -> dict[str, list[list[str]]]:
        """These differences of the region, then of each state asked about, by what each table is called."""
        if self.effects is None:
            return {}
        tables = [effect_table(self.effects, part) for part in self.effects.parts]
        return {
            f"{TITLE}: {str(table.index.name).replace('outcome', 'the region')}": _rows(table)
            for table in tables
            if not table.empty
        }

    @property
    def told(self) -> dict[str, list[ToldRun]]:
        """Three runs of each scenario, told."""
        return {name: told_runs(item, name) for item in self.comparisons for name in item.ordered}

    @property
    def told_of(self) -> str:
        """Of which states and months the told runs are told; empty where of all."""
        where = f"in {listed([state_title(state) for state in self.asked.states])}" * bool(self.asked.states)
        return " ".join(filter(None, (where, str(self.asked.window) if self.asked.window else "")))

    @property
    def differing(self) -> dict[str, list[Differing]]:
        """What each scenario sets otherwise than its baseline."""
        return {
            name: differing(self.scenarios[name], self.scenarios[baseline])
            for name, baseline in self.baselines.items()
            if name != baseline
        }

    @property
    def marks(self) -> list[str]:
        """What the dagger means, where it is used."""
        return [
            f"{DAGGER} {meaning}"
            for meaning, used in (
                (ASSUMED_MEANS, any(item.assumed for item in self.comparisons)),
                (
                    f"At an end state: {ASSUMED_END_STATE_MEANS}",
                    any(item.assumed_end_states for item in self.comparisons),
                ),
            )
            if used
        ]

    @property
    def installing(self) -> list[str]:
        """What installs the version that made these results, in its source: no package index has any."""
        version = str(self.results.about["versions"].get(PACKAGE, ""))
        if _IN_DEVELOPMENT.search(version):
            return [
                f"# {PACKAGE} {version} is a version in development.",
                "# In a copy of its source, where pyproject.toml names this version:",
                "pip install .",
            ]
        return [f"# In a checkout of version {version} of {PACKAGE}:", "pip install ."]

    @cached_property
    def commands(self) -> list[str]:
        """The commands that made these results, in their order."""
        return commands_of(self.results.path, self.results.about)

    def render(self) -> str:
        """Return the page.

        Returns
        -------
        str
            HTML that needs nothing else. Names and texts from files are escaped.
        """
        charts = self.charts
        template = templates().get_template("page.html.j2")
        stored = stored_signposts(self.results)
        return template.render(
            how_many=how_many,
            report=self,
            charts=charts,
            drawn={chart.key: _picture(chart) for chart in charts},
            data={"charts": [embedded(chart) for chart in charts]},
            about=self.results.about,
            limits=limits(),
            of_states=self.of_states,
            states_heading=f"What happens to {listed([state_title(code) for code in self.asked.states])}",
            of_what_is_so=OF_WHAT_IS_SO,
            unaudited_states=UNAUDITED_STATES,
            how_marked=HOW_MARKED,
            how_effects_are_read=HOW_READ,
            nothing_differs=NOTHING_DIFFERS,
            several=len(self.scenarios) > 1,
            signposts=[] if stored is None else list(windows_of(stored, self.asked.states)),
            signpost_cautions=[] if stored is None else cautions_of(stored, self.results),
            how_to_store=how_to_store(self.results),
            signpost_assumed=SIGNPOST_ASSUMED,
            state_outcomes=STATE_OUTCOMES,
            end_states=rules_in_words(),
            style=asset("page.css"),
            script="\n".join(map(asset, ("charts.js", "page.js"))),
            libraries=libraries(),
        )


def write_report(
    results: Results,
    path: str | Path | None = None,
    asked: Asked | None = None,
    *,
    title: str = "",
    question: str = "",
) -> Path:
    """Write a report on a results folder.

    Parameters
    ----------
    results : Results
    path : str or Path, optional
        Of the file; ``report.html`` in the folder without it.
    asked : Asked, optional
        What is compared with what; as when the results were made without it.
    title, question : str
        At its head; the scenarios' own without them.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    ResultsError
        If the folder lacks what is told.
    RequestError
        If the runs do not reach over the months that are asked for.
    """
    report = Report(results, asked or Asked.read(results), title, question)
    target = results.path / FILE if path is None else path_given(path, "file for the report")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_text(target, report.render())
    return target


def _lines(table: pd.DataFrame) -> list[list[str]]:
    """Return a table of texts as a line of headings and a line a row."""
    headings = [
        f"{name}: {what}" for name, what in zip(*map(table.columns.get_level_values, (0, 1)), strict=True)
    ]
    return _rows(table.set_axis(headings, axis=1))


def _rows(table: pd.DataFrame) -> list[list[str]]:
    """Return the same of a table with one line of headings."""
    cells = zip(table.index, table.to_numpy(), strict=True)
    rows = [[str(label), *map(str, row)] for label, row in cells]
    return [["outcome", *map(str, table.columns)], *rows]


def _picture(chart: Chart) -> str:
    """Return a chart as SVG, which stands in the page until scripts run, or where none may."""
    svg: str = vl_convert.vegalite_to_svg(json.dumps(chart.spec, allow_nan=False))
    # Names within a picture are counted on from one to the next, so they would differ from call to call.
    names = {found: f"{chart.key}-{place}" for place, found in enumerate(dict.fromkeys(_NAMES.findall(svg)))}
    svg = _NAMES.sub(lambda found: names[found[0]], svg)
    # A picture that is replaced once it can be pointed at; its text is the page's own font.
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(chart.description)}" ', 1)
