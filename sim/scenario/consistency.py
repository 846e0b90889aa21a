"""What holds a whole scenario together: the window of the run, and parameters that events set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sim.months import Month
from sim.scenario.chain import Layer
from sim.scenario.document import Document, Location
from sim.scenario.faults import Faults
from sim.scenario.models import EARLIEST, LATEST
from sim.scenario.problems import nearest
from sim.scenario.settings import parameter_ranges, read_prior
from sim.scenario.timeline import AnyEvent, SetParameter

Placed = tuple[AnyEvent, Document, Location]
"""A timeline entry, with where it was read."""


def check_whole(
    values: Mapping[str, Any],
    owners: Mapping[str, Layer],
    timeline: list[Placed],
    main: Document,
    faults: Faults,
    *,
    span_known: bool,
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
    faults : Faults
        What is wrong is added here, at the key that should change.
    span_known : bool
        False where another fault hides when the run starts and ends.
    """
    in_range = span_known and _check_span(values, owners, main, faults)
    for entry, document, location in timeline:
        if in_range:
            _check_months(entry, document, location, values, faults)
        if isinstance(entry, SetParameter):
            _check_parameter(entry, document, location, faults)


def _check_span(
    values: Mapping[str, Any], owners: Mapping[str, Layer], main: Document, faults: Faults
) -> bool:
    """Check start and end; False where it makes no sense to hold events against them."""
    start: Month = values["start"]
    last = _last(values)

    def at(key: str) -> Document:
        return owners[key].document if key in owners else main

    if not EARLIEST <= start <= LATEST:
        message = f"{start} is out of range"
        faults.add(at("start").problem(("start",), message, allowed=f"{EARLIEST} to {LATEST}"))
        return False
    if values["mode"] == "historical" and last > LATEST:
        message = f"a historical run from {start} over {values['years']} years ends after the record"
        faults.add(at("mode").problem(("mode",), message, allowed=f"an end by {LATEST}"))
    return True


def _last(values: Mapping[str, Any]) -> Month:
    last: Month = values["start"] + (values["years"] * 12 - 1)
    return last


def _check_months(
    entry: AnyEvent, document: Document, location: Location, values: Mapping[str, Any], faults: Faults
) -> None:
    start, last = values["start"], _last(values)
    for key, month in _months(entry):
        if not start <= month <= last:
            message = f"{month} is outside the run"
            faults.add(document.problem((*location, *key), message, allowed=f"{start} to {last}"))


def _months(entry: AnyEvent) -> Iterator[tuple[Location, Month]]:
    if entry.at is not None:
        yield ("at",), entry.at
    if entry.when is not None and entry.when.from_ is not None:
        yield ("when", "from"), entry.when.from_
    if entry.when is not None and entry.when.until is not None:
        yield ("when", "until"), entry.when.until


def _check_parameter(entry: SetParameter, document: Document, location: Location, faults: Faults) -> None:
    ranges = parameter_ranges()
    if entry.parameter not in ranges:
        close = nearest(entry.parameter, ranges)
        faults.add(document.problem((*location, "parameter"), "unknown parameter", nearest=close))
        return
    with faults.gathered():
        read_prior(entry.value, ranges[entry.parameter], document, (*location, "value"))
