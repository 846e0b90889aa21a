"""What holds a whole scenario together: the window of the run, and parameters that events set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sim.months import Month
from sim.scenario.chain import Layer
from sim.scenario.document import Document, Location
from sim.scenario.models import EARLIEST, LATEST
from sim.scenario.problems import Problem, ScenarioError, nearest
from sim.scenario.settings import parameter_ranges, read_prior
from sim.scenario.timeline import AnyEvent, SetParameter

Placed = tuple[AnyEvent, Document, Location]
"""A timeline entry, with where it was read."""


def check_whole(
    values: Mapping[str, Any], owners: Mapping[str, Layer], timeline: list[Placed], main: Document
) -> None:
    """Check what depends on several keys, perhaps of several files.

    Parameters
    ----------
    values : mapping
        ``start``, ``years`` and ``mode``, merged.
    owners : mapping of str to Layer
        By key, the layer that gave it last.
    timeline : list of Placed
    main : Document
        The scenario's own file.

    Raises
    ------
    ScenarioError
        At the key that should change.
    """
    start: Month = values["start"]
    last = start + (values["years"] * 12 - 1)

    def at(key: str) -> Document:
        return owners[key].document if key in owners else main

    if not EARLIEST <= start <= LATEST:
        message = f"{start} is out of range"
        raise ScenarioError([at("start").problem(("start",), message, allowed=f"{EARLIEST} to {LATEST}")])
    if values["mode"] == "historical" and last > LATEST:
        message = f"a historical run from {start} over {values['years']} years ends after the record"
        raise ScenarioError([at("mode").problem(("mode",), message, allowed=f"an end by {LATEST}")])
    problems: list[Problem] = []
    for entry, document, location in timeline:
        for key, month in _months(entry):
            if not start <= month <= last:
                message = f"{month} is outside the run"
                place = (*location, *key)
                problems.append(document.problem(place, message, allowed=f"{start} to {last}"))
        if isinstance(entry, SetParameter):
            problems += _parameter_problems(entry, document, location)
    if problems:
        raise ScenarioError(problems)


def _months(entry: AnyEvent) -> Iterator[tuple[Location, Month]]:
    if entry.at is not None:
        yield ("at",), entry.at
    if entry.when is not None and entry.when.from_ is not None:
        yield ("when", "from"), entry.when.from_
    if entry.when is not None and entry.when.until is not None:
        yield ("when", "until"), entry.when.until


def _parameter_problems(entry: SetParameter, document: Document, location: Location) -> Iterable[Problem]:
    ranges = parameter_ranges()
    if entry.parameter not in ranges:
        close = nearest(entry.parameter, ranges)
        yield document.problem((*location, "parameter"), "unknown parameter", nearest=close)
        return
    try:
        read_prior(entry.value, ranges[entry.parameter], document, (*location, "value"))
    except ScenarioError as error:
        yield from error.problems
