"""All that the golden histories know of the model: which runs there are, and what a run's numbers are.

Nothing else in this folder imports `sim`, so this is the one place to mend when the model's modules move.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.measures import measure
from sim.measures.history import RunHistory
from sim.model.citizens.neighbourhood import Neighbourhood
from sim.model.randomness import Process, RandomNumbers, ResampledNumbers
from sim.model.simulate import simulate
from sim.model.trace import EVENT_KINDS
from sim.world import build_world

from .parts import Part, part

ROOT = Path(__file__).parent.parent.parent
REPLICATES = 2
CITIZENS = 200  # a history's rules are the same as with many, and a run takes a tenth of a second

KINDS = frozenset(EVENT_KINDS)
"""Every kind of event the model can emit."""


def _files() -> dict[str, Path]:
    shipped, made = ROOT / "scenarios", Path(__file__).parent / "made"
    folders = {"": shipped, "what-if/": shipped / "what-if", "made/": made}
    return {
        f"{prefix}{file.stem}": file
        for prefix, folder in folders.items()
        for file in sorted(folder.glob("*.yaml"))
    }


def golden(name: str) -> dict[str, Part]:
    """Run one golden case and return its parts by name."""
    return CASES[name]()


def golden_without_numba() -> None:
    """Run every compiled function in short runs, for those who measure lines with numba switched off."""
    storm = sim.load(_files()["made/storm"]).replace(citizens=50, years=1)
    simulate(storm, 0)
    _plane(periods=5)


def _scenario(path: Path) -> dict[str, Part]:
    scenario = sim.load(path).replace(citizens=CITIZENS)
    return _parts(scenario, [simulate(scenario, replicate) for replicate in range(REPLICATES)])


def _redrawn() -> dict[str, Part]:
    """Run the baseline with what happens, and half of its parameters, drawn from another seed."""
    scenario = sim.load(ROOT / "scenarios" / "baseline.yaml").replace(citizens=CITIZENS, years=5)
    numbers = ResampledNumbers(
        scenario.seed, 0, scenario.months, other_seed=7, events=True,
        resamples=lambda process, name: process is Process.PARAMETERS and len(name) % 2 == 0,
    )  # fmt: skip
    return _parts(scenario, [simulate(scenario, 0, numbers=numbers)])


def _plane(periods: int = 60) -> dict[str, Part]:
    """Run citizens and officers on a plane, the limiting case that no scenario runs."""
    found = {}
    for name, whole in (("whole", True), ("ratio", False)):
        plane = Neighbourhood(
            RandomNumbers(3, 0, periods), side=20, citizens=280, officers=12, sight=4, threshold=0.1,
            conformity=0.0,
            deterrence=1.0, arrest_constant=2.3, longest_sentence=15, whole_officers=whole,
        )  # fmt: skip
        acting, jailed = [], []
        for _ in range(periods):
            acting.append(float(plane.step(0.7)))
            jailed.append(float((plane.jail > 0).sum()))
        found[f"plane/{name}"] = part(_texts(acting + jailed), [np.mean(acting), np.mean(jailed)])
    return found


CASES: dict[str, Callable[[], dict[str, Part]]] = {
    **{name: lambda path=path: _scenario(path) for name, path in _files().items()},
    "made/redrawn": _redrawn,
    "made/plane": _plane,
}
"""Every golden case by name; each runs its histories and returns their parts."""


def _parts(scenario: Any, runs: list[Any]) -> dict[str, Part]:
    """Return hashes and summaries of the numbers of some runs of a scenario.

    Sentences are left out: they may change while the history stays the same.
    """
    histories = [run.history for run in runs]
    world = build_world(scenario.start)
    return {
        "states": part([",".join(history.states) for history in histories], [len(histories[0].states)]),
        **_draws([run.draws for run in runs]),
        **_series("series", [history.series for history in histories]),
        **_series("series", [history.moscow for history in histories]),
        "territories": _territories([history.territories for history in histories]),
        **_events([history.events for history in histories]),
        **_outcomes([measure(RunHistory(history, world)) for history in histories]),
    }


def _texts(values: Iterable[float]) -> Iterator[str]:
    return (float(value).hex() for value in values)


def _draws(runs: list[dict[str, float]]) -> dict[str, Part]:
    sections = sorted({path.split(".")[0] for path in runs[0]})
    found = {}
    for section in sections:
        drawn = [(path, run[path]) for run in runs for path in sorted(run) if path.split(".")[0] == section]
        values = [float(value) for _, value in drawn]
        found[f"draws/{section}"] = part([f"{path}={float(v).hex()}" for path, v in drawn], [np.mean(values)])
    return found


def _series(group: str, runs: list[dict[str, Any]]) -> dict[str, Part]:
    found = {}
    for name in runs[0]:
        arrays = [np.ascontiguousarray(run[name], dtype="<f4") for run in runs]
        ends = [float(array[-1].mean(dtype=float)) for array in arrays]
        mean = np.mean([array.mean(dtype=float) for array in arrays])
        found[f"{group}/{name}"] = part(
            [a for array in arrays for a in (str(array.shape), array)], [mean, *ends]
        )
    return found


def _territories(runs: list[dict[str, Any]]) -> Part:
    arrays = [(name, np.ascontiguousarray(run[name], dtype="<i1")) for run in runs for name in sorted(run)]
    statuses = np.concatenate([array for _, array in arrays])
    return part([item for pair in arrays for item in pair], np.bincount(statuses, minlength=4).tolist())


def _events(runs: list[list[Any]]) -> dict[str, Part]:
    """Return parts of each kind of event, of the order of all, and of the codes that go with them."""
    found = {}
    events = [(replicate, event) for replicate, run in enumerate(runs) for event in run]
    for kind in sorted({event.kind for _, event in events}):
        of_kind = [(replicate, event) for replicate, event in events if event.kind == kind]
        lines = [
            f"{replicate}|{event.tick}|{event.actor}|{event.target}|{float(event.value).hex()}"
            for replicate, event in of_kind
        ]
        values = [event.value for _, event in of_kind if not math.isnan(event.value)]
        found[f"events/{kind}"] = part(lines, [len(lines), math.fsum(values)])
    found["order"] = part([f"{replicate}|{event.kind}" for replicate, event in events], [len(events)])
    codes = [getattr(event, "detail", "") for _, event in events]
    found["codes"] = part(codes, [len(set(codes))])
    return found


def _outcomes(runs: list[dict[str, float]]) -> dict[str, Part]:
    return {
        f"outcomes/{name}": part(_texts(run[name] for run in runs), [run[name] for run in runs])
        for name in runs[0]
    }
