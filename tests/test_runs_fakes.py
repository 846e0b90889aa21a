"""A small world, scenario and model with which the runs and results are tested; no test of its own."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.experiment.chunk import Recipe
from sim.experiment.experiment import Experiment
from sim.experiment.results import Results
from sim.instruments import RESCUE_INSTRUMENTS
from sim.model.trace import Challenge, Event, History
from sim.months import Month
from sim.series import MOSCOW_SERIES, STATE_SERIES

STATES = ("EST", "GEO", "KGZ")
WORLD = SimpleNamespace(
    war_state="UKR",
    territories=(),
    states=[
        SimpleNamespace(code=code, region=region, clan_politics=clans, memberships=frozenset(clubs))
        for code, region, clans, clubs in (
            ("EST", "Baltic", 0.0, {"EU"}),
            ("GEO", "Caucasus", 0.3, set()),
            ("KGZ", "Central Asia", 0.8, {"CSTO"}),
        )
    ],
)
START = Month.of(2010, 1)


@dataclass(frozen=True)
class FakeScenario:
    name: str = "baseline"
    runs: int = 7
    seed: int = 1
    thesis: Any = None
    title: str = "A fake"
    question: str = ""
    asked_by: str = ""
    start: Month = START
    years: int = 2
    parameters: tuple[tuple[str, float], ...] = ()
    onsets: tuple[Any, ...] = ()
    timeline: tuple[Any, ...] = ()
    kills: int = -1  # replicate that kills its process
    raises: int = -1  # replicate that raises
    interrupts: int = -1  # replicate during which the user presses Ctrl-C
    counter: str = ""  # file to which each run adds a byte
    seconds: float = 0.0  # that a run takes
    hungry: int = -1  # replicate that asks for more memory than its process may have

    @property
    def months(self) -> int:
        return self.years * 12

    @property
    def citizens(self) -> int:
        return 10

    def inputs(self) -> dict[str, Any]:
        return {"seed": self.seed, "years": self.years}

    def to_yaml(self) -> str:
        return f"name: {self.name}\nseed: {self.seed}\n"


def history(months: int = 24, events: list[Event] | None = None) -> History:
    """Return a history in which nothing changes but what `events` says."""
    return History(
        start=START,
        states=STATES,
        series={name: np.zeros((months, len(STATES)), np.float32) for name in STATE_SERIES},
        moscow={name: np.zeros(months, np.float32) for name in MOSCOW_SERIES},
        territories={"Abkhazia": np.full(months, 3, np.int8), "Karabakh": np.ones(months, np.int8)},
        events=events or [],
        challenges=recorded(events or []),
    )


def recorded(events: list[Event]) -> list[Challenge]:
    """Return the challenges that events tell of: openings, ends and flares, Moscow's help, and falls."""
    latest: dict[str, Challenge] = {}
    found: list[Challenge] = []
    for item in events:
        if item.kind == "challenge":
            latest[item.target] = Challenge(len(found), item.target, item.tick, item.detail, item.value)
            found.append(latest[item.target])
        elif challenge := latest.get(item.target):
            if item.kind == "flare":
                challenge.flares.append(item.tick)
            elif item.kind == "challenge_ended":
                challenge.ends.append(item.tick)
                challenge.endings.append(item.detail)
            elif item.kind == "instrument" and item.detail in RESCUE_INSTRUMENTS:
                challenge.help.append(item.detail)
                challenge.help_ticks.append(item.tick)
            elif item.kind == "fall":
                challenge.falls.append(item.detail)
                challenge.fall_ticks.append(item.tick)
    return found


def event(
    tick: int, kind: str, target: str = "KGZ", detail: str = "", actor: str = "RUS", **rest: Any
) -> Event:
    return Event(tick, kind, actor, target, detail, rest.get("value", float("nan")), rest.get("facts", {}))


def build_world(start: Month) -> Any:
    del start
    return WORLD


def simulate(scenario: FakeScenario, replicate: int, world: Any) -> Any:
    """Draw every number from the scenario's seed and the replicate."""
    del world
    if scenario.counter:
        with Path(scenario.counter).open("ab") as file:
            file.write(b".")
    if replicate == scenario.kills:
        os.kill(os.getpid(), signal.SIGKILL)
    if replicate == scenario.raises:
        raise ValueError("legitimacy is not a number")
    if replicate == scenario.interrupts:
        signal.raise_signal(signal.SIGINT)
    if replicate == scenario.hungry:
        import resource  # noqa: PLC0415 - not on Windows

        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        before = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (in_use + (256 << 20), before[1]))
        try:
            bytearray(1 << 30)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)
    if scenario.seconds:  # no sleep at all, or another process gets the core
        time.sleep(scenario.seconds)
    rng = np.random.default_rng([scenario.seed, replicate])
    months = scenario.years * 12
    result = history(months)
    for series in (result.series, result.moscow):
        for name in series:
            series[name] = rng.random(series[name].shape, np.float32)
    for tick in sorted(rng.integers(0, months, rng.integers(0, 6)).tolist()):
        code = STATES[int(rng.integers(3))]
        result.events.append(
            event(tick, "challenge", code, "election", "", value=0.3, facts={"spark": rng.random()})
        )
        if rng.random() < 0.5:
            result.events.append(
                event(tick, "fall", code, "street", "", value=0.1, facts={"cause": "chance"})
            )
    result.challenges = recorded(result.events)
    return SimpleNamespace(history=result, draws={"moscow.keep_weight": float(rng.random())})


RECIPE = Recipe(simulate, build_world)


def run_to_folder(scenarios: Any, folder: Path, recipe: Recipe = RECIPE, **options: Any) -> Results:
    """Run an experiment into a folder."""
    progress = options.pop("progress", False)
    options.setdefault("workers", 1)
    return Experiment(scenarios, out=folder, recipe=recipe, **options).run(progress=progress)


def run_outcomes(scenarios: Any, folder: Path, recipe: Recipe = RECIPE, **options: Any) -> Any:
    """Run an experiment of which the outcomes alone are kept; return these, and the runs that failed."""
    needed = options.pop("outcomes", None)
    options.setdefault("workers", 1)
    experiment = Experiment(scenarios, out=folder, recipe=recipe, whole=False, **options)
    return experiment.outcomes(needed), experiment.failures
