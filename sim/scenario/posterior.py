"""A posterior from a file: a joint sample of parameters that stands in for their shared priors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sim.naming import nearest
from sim.parameters.parameter import Tag
from sim.parameters.priors import Sample
from sim.renamed import current_path
from sim.scenario import library
from sim.scenario.checking import check
from sim.scenario.fields import Name, Strict, Text
from sim.scenario.layers import POSTERIOR, Layer
from sim.scenario.problems import Document, Location, Problem, ScenarioError, shown
from sim.scenario.ranges import parameter_ranges
from sim.scenario.reader import MOST_VALUES, read_content, read_file, read_text
from sim.scenario.settings import Setting

_SHIPPED = "posterior/shared.yaml"
_WHERE: Location = ("parameters", POSTERIOR)
_NUMBER = r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]\d+)?"
_ROWS = re.compile(rf"^rows:\n((?:  - \[{_NUMBER}(?:, {_NUMBER})*\]\n)+)\Z", re.MULTILINE)
"""Rows at the end of a file, as `calibrate fit` writes them: JSON as well."""


class PosteriorFile(Strict):
    """A joint sample of some parameters, as `calibrate fit` writes it."""

    posterior: Name
    """Its name."""
    source: Annotated[Text, Field(min_length=1)]
    """How and from what it was made, shown as the source of its numbers."""
    provenance: dict[str, Any] = Field(default_factory=dict)
    """Sizes, versions and the model's fingerprint; not read."""
    parameters: Annotated[list[Annotated[str, AfterValidator(current_path)]], Field(min_length=1)]
    """Paths, one a column."""
    rows: Annotated[list[list[float]], Field(min_length=2)]
    """The draws; a replicate takes one row by its random numbers."""


def posterior_settings(reference: Any, layer: Layer) -> dict[str, Setting]:
    """Return the settings of a posterior that a scenario names.

    Parameters
    ----------
    reference : Any
        What stands at ``parameters: posterior``: a path of a .yaml file.
    layer : Layer
        The scenario.

    Raises
    ------
    ScenarioError
        If it names no file, or the file is wrong.
    """
    return _settings_of(_locate(reference, layer))


@cache
def fitted_settings() -> Mapping[str, Setting]:
    """Return the shipped posterior: the shared world's parameters as the record speaks for them."""
    return _settings_of(library.shipped_folder() / _SHIPPED)


def _settings_of(path: Path) -> dict[str, Setting]:
    try:
        file = _checked(_without_places(path))
    except ScenarioError:
        file = _checked(read_file(path))  # says where the fault is
    return {
        path: Setting(Sample(file.posterior, values), Tag.CALIBRATED, file.source)
        for path, values in zip(file.parameters, zip(*file.rows, strict=True), strict=True)
    }


def _checked(document: Document) -> PosteriorFile:
    file = check(PosteriorFile, document.data, document)
    _check_rows(file, document)
    return file


def _without_places(path: Path) -> Document:
    """Read a file without noting where each number stands, which takes most of a second."""
    text, file, path = read_content(path)
    found = _ROWS.search(text)
    if found is None:
        return read_text(text, file, path=path)
    head = read_text(text[: found.start()], file, path=path)
    try:
        rows = [json.loads(line.removeprefix("  - ")) for line in found[1].splitlines()]
    except ValueError:  # a number of thousands of digits: the reader says where
        return read_text(text, file, path=path)
    values = len(head.values) + 1 + sum(1 + len(row) for row in rows)
    if "rows" in head.data or values > MOST_VALUES:  # given twice, or too many: the reader says so
        return read_text(text, file, path=path)
    return replace(head, data={**head.data, "rows": rows})


def _locate(reference: Any, layer: Layer) -> Path:
    """Return the file: beside the scenario, or else of the shipped collection."""
    if not isinstance(reference, str) or not library.is_path(reference):
        message = f"{shown(reference)} names no posterior"
        raise ScenarioError([_problem(layer, message, "the path of a .yaml file that `calibrate fit` wrote")])
    if layer.collection is None:
        places = [Path(reference)]
    else:
        folder = layer.document.path.parent if layer.document.path else layer.collection
        places = [place for place in [library.within(layer.collection, folder, reference)] if place]
    shipped = library.within(library.shipped_folder(), library.shipped_folder(), reference)
    for place in (*places, *([shipped] if shipped else [])):
        if place.is_file():
            return place
    if places:
        raise ScenarioError([_problem(layer, f"{reference[:80]!r}: no such file", "")])
    message = f"{reference[:80]!r} lies outside the folder that a scenario file may read from"
    raise ScenarioError([_problem(layer, message, f"a path inside {layer.collection}")])


def _problem(layer: Layer, message: str, allowed: str) -> Problem:
    whole = isinstance(layer.document.data.get("parameters"), str)
    return layer.document.problem(_WHERE[:1] if whole else _WHERE, message, allowed=allowed)


def _check_rows(file: PosteriorFile, document: Document) -> None:
    """Refuse unknown or doubled paths, rows of another length, and numbers out of range.

    Raises
    ------
    ScenarioError
        With every fault of the columns, or the first hundred of the rows.
    """
    ranges = parameter_ranges()
    problems = []
    for column, path in enumerate(file.parameters):
        where: Location = ("parameters", column)
        if path not in ranges:
            problems.append(
                document.problem(where, f"unknown parameter {path!r}", nearest=nearest(path, ranges))
            )
        elif path in file.parameters[:column]:
            problems.append(document.problem(where, f"{path} is a column twice"))
    if problems:
        raise ScenarioError(problems)
    for number, row in enumerate(file.rows):
        if len(row) != len(file.parameters):
            message = f"a row of {len(row)} numbers for {len(file.parameters)} parameters"
            problems.append(document.problem(("rows", number), message))
            continue
        for column, (path, value) in enumerate(zip(file.parameters, row, strict=True)):
            allowed = ranges[path]
            if not allowed.low <= value <= allowed.high:
                message = f"{value:g} is out of the range of {path}"
                problems.append(document.problem(("rows", number, column), message, allowed=str(allowed)))
    if problems:
        raise ScenarioError(problems[:100])
