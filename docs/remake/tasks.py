"""The pipeline: steps, pages and, in full, their way into the repository, as tasks of doit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doit.cmd_base import ModuleTaskLoader
from doit.doit_cmd import DoitMain

from docs.remake import pages
from docs.remake.running import STEPS, is_current, run_step, seconds_of, why_not_current
from docs.remake.steps import Place
from docs.remake.stored import ROOT, Tree, copy

SHIPPED = ("docs/numbers", "docs/forecasts", "scenarios/audit", "scenarios/posterior")
"""Folders that a remake begins with: stored numbers, and what is published."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a step stands.

    Parameters
    ----------
    name : str
    why_not : str
        What has changed since its numbers were made; empty if they are those that it would make.
    seconds : float
        What it would take, at most, on the workers given.
    """

    name: str
    why_not: str
    seconds: float

    @property
    def current(self) -> bool:
        """Its numbers are those that it would make."""
        return not self.why_not


def begin(place: Place) -> None:
    """Put into the remake's folder what is stored in the repository and not made there yet.

    What an earlier remake has left there, and the repository has made anew since, does not come back.
    """
    abouts = [place.tree.about(step.name) for step in STEPS.values() if is_current(step, place)]
    files, figures = (
        {str(name) for about in abouts for name in about.get(kind, ())} for kind in ("files", "figures")
    )
    for figure in place.tree.figures.glob("*.png"):
        if figure.stem not in figures:
            figure.unlink()
    folders = [Tree(ROOT).folder(step.name) for step in STEPS.values()]
    for folder in SHIPPED:
        for file in sorted((ROOT / folder).rglob("*")):
            name = file.relative_to(ROOT)
            left = name.as_posix() not in files and file.parent not in folders
            if file.is_file() and (left or not (place.out / name).exists()):
                copy(file, place.out / name)
    for step in STEPS.values():
        shipped, made = Tree(ROOT).about(step.name), place.tree.about(step.name)
        if shipped and shipped != made and not is_current(step, place):
            shutil.rmtree(place.tree.folder(step.name), ignore_errors=True)
            shutil.copytree(Tree(ROOT).folder(step.name), place.tree.folder(step.name))


def wanted(only: Sequence[str]) -> list[str]:
    """Return some steps with those that they need, all of them if none is named, in the order of running."""
    asked = set(only or STEPS)
    for name in reversed(STEPS):
        if name in asked:
            asked |= set(STEPS[name].needs)
    return [name for name in STEPS if name in asked]


def status(place: Place, names: Sequence[str]) -> list[Status]:
    """Return how some steps stand."""
    steps = [STEPS[name] for name in names]
    return [Status(step.name, why_not_current(step, place), seconds_of(step, place)) for step in steps]


def remake(place: Place, names: Sequence[str], *, install: bool) -> int:
    """Run what is not current of some steps, write the pages, and perhaps put all into the repository.

    Parameters
    ----------
    place : Place
    names : sequence of str
        Steps.
    install : bool
        Whether pages, numbers and figures go into the repository, once all of them are made.

    Returns
    -------
    int
        doit's exit code: 0 if all went well.
    """
    loader = ModuleTaskLoader(_namespace(place, names, install))
    code: int = DoitMain(loader).run(["run"])
    return code


def _namespace(place: Place, names: Sequence[str], install: bool) -> Mapping[str, Any]:
    def task_step() -> Iterator[dict[str, Any]]:
        for name in names:
            step = STEPS[name]
            yield {
                "name": name,
                "actions": [(run_step, [step, place])],
                "task_dep": [f"step:{need}" for need in step.needs],
                "uptodate": [(is_current, [step, place])],
                "verbosity": 2,
            }

    def task_pages() -> dict[str, Any]:
        return {
            "actions": [(_write_pages, [place.tree])],
            "task_dep": [f"step:{name}" for name in names],
            "uptodate": [False],  # to know which are takes as long as to write them
            "verbosity": 2,
        }

    def task_install() -> dict[str, Any]:
        return {
            "actions": [(_install, [place])],
            "task_dep": ["pages"],
            "uptodate": [lambda: not list(_different(place))],
            "verbosity": 2,
        }

    found: dict[str, Any] = {
        "DOIT_CONFIG": {"dep_file": str(place.out / ".doit.json"), "backend": "json", "verbosity": 2},
        "task_step": task_step,
        "task_pages": task_pages,
    }
    return found | ({"task_install": task_install} if install else {})


def _write_pages(tree: Tree) -> None:
    for page in pages.write(tree):
        print(f"   written: {page}")  # noqa: T201 - doit shows it


def _different(place: Place) -> Iterator[Path]:
    """Yield what the remake has and the repository has not, or has otherwise; published forecasts aside."""
    for part in ("docs", "scenarios", "README.md"):
        root = place.out / part
        for file in sorted(root.rglob("*")) if root.is_dir() else [root]:
            name = file.relative_to(place.out)
            old = ROOT / name
            if not file.is_file() or name.parts[:2] == ("docs", "forecasts") or file.name.startswith("."):
                continue
            if not old.is_file() or old.read_bytes() != file.read_bytes():
                yield name


def _install(place: Place) -> None:
    for name in _different(place):
        copy(place.out / name, ROOT / name)
        print(f"   installed: {name}")  # noqa: T201 - doit shows it
