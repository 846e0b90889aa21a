"""Run a step: its commands in this process, then what the documents keep of them."""

from __future__ import annotations

import contextlib
import importlib
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from calibration.ensemble.plan import Plan
from docs.remake import identity
from docs.remake.calibration_steps import STEPS as CALIBRATION_STEPS
from docs.remake.placebo_steps import STEPS as PLACEBO_STEPS
from docs.remake.question_steps import STEPS as QUESTION_STEPS
from docs.remake.sides_steps import SIDES
from docs.remake.sim_steps import STEPS as SIM_STEPS
from docs.remake.sizes import Size
from docs.remake.steps import Part, Place, Step
from docs.remake.stored import copy
from docs.remake.what_if_steps import STEPS as WHAT_IF_STEPS
from sim.experiment.files import PACKAGE, installed_version, write_text
from sim.experiment.limits import cost_of, estimate
from sim.figures.saving import save

STEPS: dict[str, Step] = {
    step.name: step
    for step in (*SIM_STEPS, *WHAT_IF_STEPS, *QUESTION_STEPS, *CALIBRATION_STEPS, SIDES, *PLACEBO_STEPS)
}
"""Every step by name, those that others need before them."""

_CITIZENS = Plan(1).citizens
_COMMANDS = {
    "sim": ("sim.cli.main", "main"),
    "calibrate": ("calibration.cli.main", "main"),
    "patterns": ("calibration.patterns.__main__", "patterns"),
}
_RUN_NOTHING = {("calibrate", "skill"), ("sim", "signposts"), ("sim", "discover")}
"""Commands that read stored runs, and so take no workers."""

_INTERRUPTED = 130
_SECONDS = "seconds.txt"


class StepError(Exception):
    """A command of a step ended badly."""


# -- what the numbers of a step depend on ----------------------------------------------------------


def identity_of(step: Step, place: Place) -> str:
    """Return the key of all that the numbers of a step depend on."""
    return identity.key_of([*_inputs(step, place), identity.of_module(step.collect.__module__)])


def _inputs(step: Step, place: Place) -> list[object]:
    """Return all that what the parts of a step write depends on."""
    return [
        [part.words for part in step.parts(place.size)],
        _runs(step.parts, place.size),
        identity.of_ensemble() if step.ensemble else "",
        identity.of_code(step.code),
        [identity_of(STEPS[name], place) for name in step.needs],
    ]


@cache
def _runs(parts: Callable[[Size], Sequence[Part]], size: Size) -> dict[str, str]:
    """Return the key of the runs of `sim` that each part needs, by its name."""
    return {part.name: identity.of_runs(part.scenarios) for part in parts(size) if part.scenarios}


def depends_of(step: Step, place: Place) -> dict[str, Any]:
    """Return what a step's identity covers in parts, to say later which of them has changed."""
    own = step.collect.__module__
    scenarios = {
        part.name: [identity.scenario_key(scenario) for scenario in part.scenarios]
        for part in step.parts(place.size)
    }
    makes_runs = step.ensemble or any(scenarios.values())
    return {
        "code": identity.code_by_group(step.code, runs=makes_runs) | {own: identity.of_module(own)},
        "commands": identity.key_of([part.words for part in step.parts(place.size)]),
        "scenarios": identity.key_of(scenarios),
        "ensemble": identity.of_ensemble() if step.ensemble else "",
        "before": {name: identity_of(STEPS[name], place) for name in step.needs},
    }


def is_current(step: Step, place: Place) -> bool:
    """Whether the numbers of a step that are there are those that it would make."""
    return bool(place.tree.about(step.name).get("identity") == identity_of(step, place))


def why_not_current(step: Step, place: Place) -> str:
    """Return what has changed since a step's numbers were made, in a few words; empty if they are current."""
    if is_current(step, place):
        return ""
    about = place.tree.about(step.name)
    if not about:
        return "not made yet"
    changed = identity.what_changed(about["depends"], depends_of(step, place)) if "depends" in about else []
    return f"changed: {', '.join(changed) or 'unknown'}"


def seconds_of(step: Step, place: Place) -> float:
    """Estimate what a step takes, by the rates of `sim.experiment.limits`; stored runs are not taken off."""
    size = place.size
    cost = estimate([scenario for part in step.parts(size) for scenario in part.scenarios]).seconds
    for years, runs in (step.runs(size) if step.runs else {}).items():
        cost += cost_of(runs, 12 * years, _CITIZENS).seconds
    analysis = 60 * step.minutes if size.name == "full" else 2 * len(step.parts(size))
    return cost / place.workers + analysis


# -- running ---------------------------------------------------------------------------------------


def run_step(step: Step, place: Place) -> None:
    """Make the numbers, figures and files of a step.

    Raises
    ------
    StepError
        If a command fails.
    KeyboardInterrupt
        After Ctrl-C; what commands have kept is gone on with the next time.
    """
    parts = step.parts(place.size)
    folders = {part.name: _folder(part, step, place) for part in parts}
    spent = place.work(step.name) / _SECONDS
    for part in parts:
        with _timed(part.name, spent):
            _run_part(part, step, folders, place)
    found = step.collect(place, folders)
    for name, drawn in found.figures.items():
        target = place.tree.figures / f"{name}.png"
        if isinstance(drawn, Path):
            copy(drawn, target)
        else:
            partial = save(drawn, target.with_name(f".{target.name}"))
            partial.replace(target)
    for name, file in found.files.items():
        copy(file, place.out / name)
    made = f"version {installed_version(PACKAGE)}" + (
        "" if place.size.name == "full" else f", in the {place.size.name} size that tries the pipeline"
    )
    about = {
        "made": f"made with {made}",
        "identity": identity_of(step, place),
        "depends": depends_of(step, place),
        "commands": [shlex.join(map(_shown, part.words)) for part in parts if part.function is None],
        **found.about,
        "figures": sorted(found.figures),
        "files": sorted(found.files),
        "seconds": _spent(spent),
    }
    place.tree.keep(step.name, found.tables, about)
    _remove_others(place.work(step.name), folders.values())
    spent.unlink(missing_ok=True)


def _folder(part: Part, step: Step, place: Place) -> Path:
    """Return a part's folder: by the identity of its runs, so that no others are met there."""
    runs = _runs(step.parts, place.size).get(part.name) or identity.of_ensemble()
    return place.work(step.name) / f"{part.name}-{runs}-{place.size.name}"


def _run_part(part: Part, step: Step, folders: Mapping[str, Path], place: Place) -> None:
    """Run a part, unless it goes on by itself or what it has written is what it would write."""
    folder = folders[part.name]
    done, key = folder.with_suffix(".done"), identity.key_of(_inputs(step, place))
    begun = folder.with_suffix(".begun")
    if part.same_inputs and not (begun.is_file() and begun.read_text(encoding="utf-8") == key):
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        write_text(begun, key)
    if not part.goes_on:
        if folder.is_dir() and done.is_file() and done.read_text(encoding="utf-8") == key:
            return
        done.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if part.function is not None:
        part.function(place, folder)
    else:
        _call(_completed(part, folders, place), folder.with_suffix(".txt"))
    write_text(done, key)


def _completed(part: Part, folders: Mapping[str, Path], place: Place) -> list[str]:
    """Return a part's command with its folders and workers."""
    places = {name: str(folder) for name, folder in folders.items()} | _places(place)
    words = [word.format(**places) for word in part.words]
    if words[:2] != ["calibrate", "ensemble"]:
        words += ["--out", str(folders[part.name])]
    if tuple(words[:2]) not in _RUN_NOTHING:
        words += ["--workers", str(place.workers)]
        words += [] if words[0] == "patterns" else ["--yes"]
    return words


def _places(place: Place) -> dict[str, str]:
    found = {name: str(place.ensemble(name)) for name in ("record", "later", "foresight")}
    return {**found, "backtest": str(place.tree.folder("backtest")), "looks": str(place.work("looks.csv"))}


def _shown(word: str) -> str:
    """Return a word of a command as a reader would type it."""
    return word.replace("{", "results/").replace("}", "")


def _call(words: Sequence[str], printed: Path) -> None:
    """Give a command in this process; what it prints goes to a file, its progress to the terminal."""
    command = _command(words[0])
    before = sys.argv
    sys.argv = list(words)  # commands write down how they were called
    try:
        with printed.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
            code = command.main(list(words[1:]), prog_name=words[0], standalone_mode=False)
    except click.ClickException as error:
        raise StepError(f"{shlex.join(words)}: {error.format_message()}") from None
    finally:
        sys.argv = before
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    if code:
        raise StepError(f"{shlex.join(words)}: ended with exit code {code}; its output is in {printed}")


def _command(name: str) -> click.Command:
    """Return a command; they are slow to import."""
    module, command = _COMMANDS[name]
    found: click.Command = getattr(importlib.import_module(module), command)
    return found


# -- time, over several sittings -------------------------------------------------------------------


@contextlib.contextmanager
def _timed(name: str, file: Path) -> Iterator[None]:
    """Add what the block takes to a file, however it ends."""
    started = time.monotonic()
    try:
        yield
    finally:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as lines:
            lines.write(f"{name} {time.monotonic() - started:.1f}\n")


def _spent(file: Path) -> dict[str, float]:
    """Return what each part of a step took, in all sittings."""
    spent: dict[str, float] = {}
    if not file.is_file():
        return spent
    for line in file.read_text(encoding="utf-8").splitlines():
        name, seconds = line.split()
        spent[name] = round(spent.get(name, 0.0) + float(seconds), 1)
    return spent


def _remove_others(folder: Path, kept: Iterable[Path]) -> None:
    """Remove what earlier models, or sizes, have left of a step."""
    names = {path.name for path in kept}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)
