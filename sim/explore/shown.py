"""What the page shows of results: the report's own words, tables and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sim.analysis.asked import Asked
from sim.analysis.audit import shared_world_of
from sim.explore.numbers import numbers, otherwise
from sim.report.pages import embedded, templates
from sim.report.report import Report

if TYPE_CHECKING:
    import jinja2

    from sim.experiment.results import Results
    from sim.explain.why import Explanation
    from sim.explore.offered import Offered
    from sim.report.chart import Chart
    from sim.scenario import Scenario


@lru_cache(maxsize=1)
def _templates() -> jinja2.Environment:
    return templates("sim.explore")


def page(offered: Offered, name: str = "explore") -> str:
    """Return a page as it opens.

    Parameters
    ----------
    offered : Offered
    name : str
        ``explore``, which compares, or ``play``, which plays one run.
    """
    return _templates().get_template(f"{name}.html.j2").render(offered=offered)


def sliders(scenarios: Mapping[str, Scenario], baseline: Scenario) -> str:
    """Return the sliders of the scenarios that are chosen, those that change no number last.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        By key.
    baseline : Scenario
        What they are compared with. Its own numbers are those in which it differs from the shared world, so
        that it can be moved too, and compared with itself as it was.
    """
    held = {
        key: shared_world_of(scenario) if scenario.name == baseline.name else baseline
        for key, scenario in scenarios.items()
    }
    found = {key: numbers(scenario, held[key]) for key, scenario in scenarios.items()}
    others = {key: otherwise(scenario, held[key]) for key, scenario in scenarios.items()}
    ordered = dict(sorted(found.items(), key=lambda item: not item[1]))
    template = _templates().get_template("sliders.html.j2")
    return template.render(found=ordered, others=others, scenarios=scenarios, held=held)


def charts(drawn: Sequence[Chart]) -> str:
    """Return the places of charts, each with its note and the data beneath it."""
    return _templates().get_template("charts.html.j2").render(charts=drawn)


def why(explanation: Explanation, sentences: Sequence[str], falls: Sequence[str], number: int) -> str:
    """Return what happened in a state, and why its regime fell, or survived.

    Parameters
    ----------
    explanation : Explanation
    sentences : sequence of str
        All that happened there.
    falls : sequence of str
        Months of its falls.
    number : int
        Which of them is explained, from 1.
    """
    template = _templates().get_template("why.html.j2")
    return template.render(explanation=explanation, sentences=sentences, falls=falls, number=number)


def shown(results: Results, title: str) -> dict[str, Any]:
    """Return what is shown of results.

    Parameters
    ----------
    results : Results
    title : str
        How far they have come.

    Returns
    -------
    dict
        ``html``; ``charts``, as `sim.report.pages.embedded` returns them.
    """
    report = Report(results, Asked.read(results))
    found = report.charts
    html = _templates().get_template("shown.html.j2").render(report=report, charts=found, title=title)
    return {"html": html, "charts": [embedded(chart) for chart in found]}
