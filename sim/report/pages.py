"""What a report and the page of `sim explore` have in common: templates, styles, scripts, charts as data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import jinja2
import vl_convert

from sim.report.chart import Chart, compact

_HOME = "sim.report"


def templates(*packages: str) -> jinja2.Environment:
    """Return the templates in the folders ``page`` of some packages and of the report's; they escape texts.

    Parameters
    ----------
    *packages : str
    """
    loaders = [jinja2.PackageLoader(package, "page") for package in (*packages, _HOME)]
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def asset(name: str, package: str = _HOME) -> str:
    """Return the text of a style or script in the folder ``page`` of a package."""
    return files(package).joinpath("page", name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def libraries() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script."""
    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script.replace("</script", "<\\/script")


def embedded(chart: Chart) -> dict[str, Any]:
    """Return what the script needs of a chart: to draw it, and to save its data."""
    held: Mapping[str, Any] = chart.spec["datasets"]
    return {
        "key": chart.key,
        "spec": {key: item for key, item in chart.spec.items() if key != "datasets"},
        "datasets": {name: compact(rows) for name, rows in held.items()},
        "csv": chart.data.to_csv(index=False, float_format="%.6g", lineterminator="\n"),
    }
