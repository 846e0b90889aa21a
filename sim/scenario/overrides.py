"""``--set path=value``: one change to a scenario from the command line."""

from __future__ import annotations

from typing import Any

from sim.scenario.chain import Layer
from sim.scenario.checking import check
from sim.scenario.document import Document
from sim.scenario.models import ScenarioFile
from sim.scenario.problems import Problem, ScenarioError, nearest
from sim.scenario.reader import read_value
from sim.scenario.settings import parameter_ranges

OPTION = "--set"

_SETTABLE = tuple(
    field.alias or key
    for key, field in ScenarioFile.model_fields.items()
    if key not in ("extends", "parameters", "initial")
)
_FORM = "path=value, such as moscow.keep_weight=1.2, initial.KGZ.alignment=0.5 or runs=50"


def override_layer(text: str) -> Layer:
    """Return a ``path=value`` text as a scenario layer.

    Parameters
    ----------
    text : str
        The path is that of a parameter, with or without ``parameters.``, or ``initial.`` and a quantity of a
        state, or a key of a scenario file. The value is YAML: a number, a text, or a mapping such as
        ``{normal: {mean: 1, sd: 2}}``.

    Raises
    ------
    ScenarioError
        If the path or the value is wrong; its file is ``--set``.
    """
    path, equals, value_text = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise ScenarioError([Problem(OPTION, f"{text[:80]!r} has no path and value", allowed=_FORM)])
    try:
        value = read_value(value_text, OPTION)
    except ScenarioError as error:
        raise ScenarioError([Problem(OPTION, error.message, path=path[:80], allowed=_FORM)]) from None
    document = Document(OPTION, _as_scenario(path, value))
    return Layer(document, check(ScenarioFile, document.data, document), OPTION, None)


def _as_scenario(path: str, value: Any) -> dict[str, Any]:
    head, dot, rest = path.partition(".")
    if head in ("parameters", "initial") and dot:
        return {head: {rest: value}}
    if path in _SETTABLE:
        return {path: value}
    ranges = parameter_ranges()
    if path in ranges:
        return {"parameters": {path: value}}
    choices = (*_SETTABLE, *ranges)
    raise ScenarioError(
        [Problem(OPTION, "unknown path", path=path[:80], allowed=_FORM, nearest=nearest(path, choices))]
    )
