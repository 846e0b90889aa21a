"""The step that asks what tells the theses apart, and where in the parameters end states come about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

import sim
from docs.remake.sizes import Size
from docs.remake.steps import Collected, Part, Place, Step
from sim import figures
from sim.analysis.discover import discover
from sim.analysis.odds import ERROR
from sim.analysis.reliability import check_odds
from sim.analysis.signposts import YEARS, signposts
from sim.errors import ResultsError
from sim.figures.gallery.reliability import reliability_curve
from sim.measures.end_state import DISINTEGRATION, SPACE_2, VACUUM
from sim.scenario import SHARED_WORLD, load, names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiment.results import Results

_SEVEN, _SIGNPOSTS = "seven", "signposts"
_LOOKED_FOR = {DISINTEGRATION: "piontkovsky", VACUUM: "kuzio", SPACE_2: "dubnov"}
"""End states, and the thesis under which each came about most often when this was chosen."""

_SHOWN = 40  # signposts of a window that are kept


@cache
def _parts(size: Size) -> list[Part]:
    shipped = [name for name in names() if "/" not in name]
    settings = (*size.settings, f"runs={size.questions}")
    words = ("sim", "compare", *shipped, "--runs", str(size.questions), "--no-figures")
    words += tuple(word for setting in size.settings for word in ("--set", setting))
    runs = tuple(load(name, settings) for name in shipped)
    windows = [word for years in YEARS for word in ("--years", str(years))]
    return [
        Part(_SEVEN, words, scenarios=runs, goes_on=True),
        Part(_SIGNPOSTS, ("sim", "signposts", "{seven}", *windows)),
        *(Part(_place(*each), _search(*each)) for each in _searches()),
    ]


def _searches() -> list[tuple[str, str]]:
    """Return what is looked for where: under a thesis, in the shared world, and once in all runs."""
    own = [pair for state, thesis in _LOOKED_FOR.items() for pair in ((state, thesis), (state, SHARED_WORLD))]
    return [*own, (DISINTEGRATION, "")]


def _search(state: str, scenario: str) -> tuple[str, ...]:
    where = ("--scenarios", scenario) if scenario else ()
    return ("sim", "discover", "{seven}", "--when", f"end_state == {state}", *where)


def _place(state: str, scenario: str) -> str:
    return f"{state}-{scenario or 'all'}".replace(" ", "-").replace(".", "-")  # it names files


def _collect(place: Place, folders: Mapping[str, Path]) -> Collected:
    results = sim.open_results(folders[_SEVEN])
    posts = _read(folders[_SIGNPOSTS] / "signposts.csv")
    telling = posts[posts["exceeds"] == "True"]
    regions = {
        kind: pd.concat([
            _read(folders[_place(*each)] / f"{kind}.csv").assign(end_state=each[0], scenario=each[1] or "all")
            for each in _searches()
        ])
        for kind in ("box", "scores", "verdict")
    }  # fmt: skip
    counts = posts.groupby(["from", "years"], sort=False, as_index=False).agg(
        observables=("observable", "size"), chance=("chance", "first")
    )
    number = telling.groupby("years").size()
    counts["telling"] = [int(number.get(years, 0)) for years in counts["years"]]
    checked, drawn = _checked(results)
    first = load(results.scenarios[0], place.size.settings)
    about = {
        "runs": place.size.questions, "seed": results.about["seed"], "start": str(first.start),
        "years": first.years,
    }  # fmt: skip
    tables = {"signposts": telling.groupby("years").head(_SHOWN), "windows": counts, **regions, **checked}
    return Collected(tables, about, drawn)


def _checked(results: Results) -> tuple[dict[str, pd.DataFrame], dict[str, Figure]]:
    """Check odds as they are given, and without allowance for an error; the small size has too few runs."""
    curves, windows = [pd.DataFrame(columns=["years"])], [pd.DataFrame(columns=["years"])]
    drawn: dict[str, Figure] = {}
    for error in (ERROR, 0.0):
        with suppress(ResultsError):
            found = check_odds(results, years=YEARS, error=error)
            curves.append(found.table.assign(allowed=error))
            windows.append(found.windows.assign(allowed=error))
            source = figures.source_of(results.outcomes, results.about)
            drawn.setdefault("reliability", reliability_curve(found.table, source))
    return {"reliability": _joined(curves), "checked": _joined(windows)}, drawn


def _joined(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one under the other; the first, which is empty, where there is no other."""
    return pd.concat(tables[1:]) if len(tables) > 1 else tables[0]


def _read(file: Path) -> pd.DataFrame:
    """Return a table as it stands, all of it as text."""
    return pd.read_csv(file, keep_default_na=False, dtype=str)


STEPS: Sequence[Step] = (
    Step(
        "questions",
        _parts,
        _collect,
        ("sim.measures", signposts, check_odds, discover, reliability_curve),
        minutes=3,
    ),
)
