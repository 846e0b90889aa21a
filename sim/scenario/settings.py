"""Numbers that a scenario or claim sets, each checked against the range of what it sets."""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, get_type_hints

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    create_model,
)
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticKnownError

from sim.naming import decimal_comma, nearest
from sim.parameters.parameter import Tag
from sim.parameters.priors import KINDS, Fixed, LogNormal, Normal, Prior, Sample, Uniform
from sim.renamed import current_path
from sim.scenario.checking import UnfitError, fit, misfits_of, refused
from sim.scenario.fields import AS_TUPLE, STRICT, Name, OneOf, Strict
from sim.scenario.problems import MOST_TOLD, Location, Misfit, shown
from sim.scenario.ranges import Range, initial_ranges, parameter_ranges
from sim.scenario.starts import Start
from sim.scenario.states import code_named, nearest_code
from sim.scenario.vocabulary import MOSCOW, QUANTITIES


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter or an initial quantity that a thesis or scenario sets.

    Parameters
    ----------
    prior : Prior
        What each replicate draws from; `Fixed` for a plain number.
    tag : Tag
        How much it should be believed; ``user`` where the scenario or command line sets it.
    source : str
        Where the number comes from.
    claim : str or None
        Identifier of the thesis's claim that sets it; None where the scenario does.
    start : Start or None
        When that claim begins to hold, where that is after the start of the run.
    before : Setting or None
        What holds until then; None for the shared world's prior.
    """

    prior: Prior
    tag: Tag
    source: str
    claim: str | None = None
    start: Start | None = None
    before: Setting | None = None

    @property
    def at_the_start(self) -> Setting | None:
        """What holds when the run begins; None for the shared world's prior."""
        return self if self.start is None else self.before.at_the_start if self.before else None

    def over(self, shared: Setting) -> Setting:
        """Return it with another setting in the place of the shared world's prior."""
        if self.start is None:
            return self
        return dataclasses.replace(self, before=self.before.over(shared) if self.before else shared)

    @property
    def later(self) -> tuple[Setting, ...]:
        """What a later start puts in its place; where two hold, the last of them counts."""
        earlier = self.before.later if self.before else ()
        return () if self.start is None else (*earlier, self)


class ClaimSetting(Strict):
    """What a claim says of one parameter: a prior, how much it should be believed, and why."""

    prior: Any
    """A number or a distribution."""
    tag: Annotated[str, OneOf(tuple(tag.value for tag in Tag if tag is not Tag.USER))]
    """`cited` from a source, `calibrated` to the record, or `assumed`."""
    source: Annotated[str, Field(min_length=1, max_length=5_000)]
    """Where the number comes from."""


class FullSetting(Strict):
    """A scenario's own number together with its tag and source."""

    prior: Any
    """A number or a distribution."""
    tag: Annotated[str, OneOf(tuple(tag.value for tag in Tag))] = Tag.USER.value
    """`user` if not given."""
    source: Annotated[str, Field(max_length=5_000)] = ""
    """Where the number comes from; the scenario if not given."""


def in_order(prior: Prior) -> Prior:
    """Return a prior whose quantiles are those of its values: a joint sample's rows are in no order."""
    return Sample(prior.of, tuple(sorted(prior.values))) if isinstance(prior, Sample) else prior


def setting_data(setting: Setting) -> dict[str, Any]:
    """Return a setting as it is written in a file; the claim that it belongs to stands elsewhere there."""
    return {"prior": prior_data(setting.prior), "tag": setting.tag.value, "source": setting.source}


def prior_data(prior: Prior) -> Any:
    """Return a prior as it is written in a file."""
    if isinstance(prior, Fixed):
        return prior.value
    numbers_ = dataclasses.asdict(prior)
    (kind,) = (name for name, each in KINDS.items() if isinstance(prior, each))
    return {kind: {name: list(item) if isinstance(item, tuple) else item for name, item in numbers_.items()}}


def number_text(value: float) -> str:
    """Return a number without a needless ``.0``."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


def read_prior(value: Any, allowed: Range, location: Location = ()) -> Prior:
    """Return a number or a distribution, if it lies in a range.

    Parameters
    ----------
    value : Any
        A number, a prior, or a mapping as it stands in a file.
    allowed : Range
    location : Location
        Where it stands, from the value that is validated.

    Raises
    ------
    UnfitError
        If it is neither, or outside the range.
    """
    if isinstance(value, Mapping):
        value = _distribution(value, location)
    elif not isinstance(value, Prior):
        number = _number(value)
        if number is None:
            comma = decimal_comma(value) if isinstance(value, str) else ""
            message = f"{shown(value)} is not a number or a prior{comma and f': {comma}'}"
            raise UnfitError(Misfit(location, message, f"{_FORMS_TOLD}; {allowed}"))
        value = Fixed(number)
    low, high = _reach(value)
    if not (allowed.low <= low and high <= allowed.high):
        what = f"{number_text(value.centre)} is" if low == high else f"{value} reaches"
        message = f"{what} out of range" if low == high else f"{what} out of its range"
        raise UnfitError(Misfit(location, message, str(allowed)))
    prior: Prior = value
    return prior


def _reach(prior: Prior) -> tuple[float, float]:
    """Return what must lie in the range: the bounds of what has some, else the centre."""
    match prior:
        case Uniform(low, high):
            return low, high
        case Sample(_, values):
            return min(values), max(values)
        case Fixed() | Normal() | LogNormal():
            return prior.centre, prior.centre


_FORMS_TOLD = (
    "a number, {uniform: {low, high}}, {normal: {mean, sd}}, {lognormal: {median, sigma}} "
    "or {sample: {of, values}}"
)
_SAMPLE: dict[str, Any] = {
    "of": Name,
    "values": Annotated[tuple[float, ...], Field(min_length=1), AS_TUPLE],
}


# A form has no source of its own: Pydantic would look for one through every module that is loaded
_FORM = ConfigDict(**{**STRICT, "use_attribute_docstrings": False})


def _form(name: str, kind: type[Prior]) -> type[BaseModel]:
    """Return how a distribution is written in a file, ``{name: {its numbers}}``, from its class."""
    told = (kind.__doc__ or "").partition("\n")[0]
    hints = {**get_type_hints(kind, include_extras=True)}
    keys: dict[str, Any] = {key: (_SAMPLE.get(key, hint), ...) for key, hint in hints.items()}
    inner = create_model(f"{kind.__name__}Numbers", __config__=_FORM, __doc__=told, **keys)
    outer: dict[str, Any] = {name: (inner, ...)}
    return create_model(f"{kind.__name__}Prior", __config__=_FORM, __doc__=told, **outer)


FORMS: dict[str, type[BaseModel]] = {name: _form(name, kind) for name, kind in KINDS.items()}
"""Distributions as files hold them, by the one key of their mapping."""


def _distribution(value: Mapping[str, Any], location: Location) -> Prior:
    if len(value) != 1:
        raise UnfitError(Misfit(location, "a prior is a mapping with one key", _FORMS_TOLD))
    (kind,) = value
    if kind not in FORMS:
        close = partial(nearest, str(kind), KINDS)
        raise UnfitError(Misfit((*location, kind), "unknown prior", ", ".join(KINDS), close, at_key=True))
    numbers_ = fit(FORMS[kind], dict(value), location).model_dump()[kind]
    try:
        return KINDS[kind](**numbers_)
    except ValueError as error:
        raise UnfitError(Misfit((*location, kind), str(error))) from None


def _number(value: Any) -> float | None:
    """Return a number as a float; None if it is none, or is not finite."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _own(value: Any, allowed: Range, location: Location) -> Setting:
    """Return a scenario's own number; the source of one that names none is left empty."""
    if isinstance(value, Mapping) and "prior" in value:
        return _full(FullSetting, value, allowed, location)
    return Setting(read_prior(value, allowed, location), Tag.USER, "")


def _full(kind: type[ClaimSetting | FullSetting], value: Any, allowed: Range, location: Location) -> Setting:
    try:
        full = fit(kind, value, location)
    except UnfitError as error:
        if isinstance(value, Mapping) and "prior" in value:  # what is wrong with it is told at once
            error.misfits += misfits_of(read_prior, value["prior"], allowed, (*location, "prior"))
        raise
    return Setting(read_prior(full.prior, allowed, (*location, "prior")), Tag(full.tag), full.source)


def _settings(
    ranges: Callable[[], Mapping[str, Range]], read: Callable[[Any, Range, Location], Setting]
) -> Callable[[Any, ValidationInfo], dict[str, Setting]]:
    """Return a validator of dotted paths, or nested mappings, to what each of them is set to.

    Parameters
    ----------
    ranges : callable
        Returns the range of every valid path.
    read : callable
        Reads what stands at a path. A `Setting` is not read but only held against its range.
    """

    def validate(data: Any, info: ValidationInfo) -> dict[str, Setting]:
        if data is None:  # a key with nothing after it
            return {}
        if not isinstance(data, Mapping):
            raise PydanticKnownError("dict_type")
        known = ranges()
        claim = info.data.get("id")  # of the claim that the settings belong to, if there is one
        result: dict[str, Setting] = {}
        found: list[Misfit] = []
        for path, location, value in _entries(data, known, found):
            if len(found) > MOST_TOLD:
                break
            try:
                if isinstance(value, Setting):
                    read_prior(value.prior, known[path], location)
                    result[path] = value
                else:
                    result[path] = dataclasses.replace(read(value, known[path], location), claim=claim)
            except UnfitError as error:
                found += error.misfits
        if found:
            raise refused(found)
        return result

    return validate


def _written(settings: Mapping[str, Setting]) -> dict[str, Any]:
    return {path: setting_data(setting) for path, setting in sorted(settings.items())}


_MAPPING = (PlainSerializer(_written), WithJsonSchema({"type": "object"}))

ClaimParameters = Annotated[
    dict[str, Setting], PlainValidator(_settings(parameter_ranges, partial(_full, ClaimSetting))), *_MAPPING
]
"""The parameters that a claim moves, each with prior, tag and source."""

OwnParameters = Annotated[dict[str, Setting], PlainValidator(_settings(parameter_ranges, _own)), *_MAPPING]
"""The parameters that a scenario sets."""

OwnInitial = Annotated[dict[str, Setting], PlainValidator(_settings(initial_ranges, _own)), *_MAPPING]
"""The quantities of the start that a scenario sets."""


def _entries(
    data: Mapping[str, Any], ranges: Mapping[str, Range], found: list[Misfit]
) -> Iterator[tuple[str, Location, Any]]:
    """Yield path, location and value of every entry, dotted or nested; add to ``found`` what is wrong."""
    seen: set[str] = set()
    for path, location, value in _leaves(data, ranges, found):
        if path in seen:
            found.append(Misfit(location, f"{path} is set twice", at_key=True))
        seen.add(path)
        yield path, location, value


def _leaves(
    data: Mapping[str, Any],
    ranges: Mapping[str, Range],
    found: list[Misfit],
    location: Location = (),
    prefix: str = "",
) -> Iterator[tuple[str, Location, Any]]:
    for key, value in data.items():
        if len(found) > MOST_TOLD:
            return
        path, inner = f"{prefix}{key}", (*location, str(key))
        path = path if prefix or path in ranges else current_path(path)
        if path in ranges:
            yield path, inner, value
            continue
        names = [name for name in ranges if name.startswith(f"{path}.")]
        if not names:
            close = partial(_nearest_path, path, ranges)
            found.append(Misfit(inner, "unknown path", _allowed(path, ranges), close, at_key=True))
        elif isinstance(value, Mapping):
            yield from _leaves(value, ranges, found, inner, f"{path}.")
        else:
            message = f"{shown(value)} is not a mapping; {path} is a section"
            found.append(Misfit(inner, message, ", ".join(names)))


def _nearest_path(path: str, ranges: Mapping[str, Range]) -> str | None:
    section, dot, rest = path.partition(".")
    path = f"{code_named(section) or section}{dot}{rest}"
    return nearest(path, ranges) or nearest_code(path, map(_section, ranges))


def _allowed(path: str, ranges: Mapping[str, Range]) -> str:
    """Return the valid paths of a wrong one's section; where that is wrong too, what paths are made of."""
    sections: dict[str, list[str]] = {}
    for name in ranges:
        section, _, last = name.partition(".")
        sections.setdefault(section, []).append(last)
    if (section := _section(path)) in sections:
        return ", ".join(f"{section}.{last}" for last in sections[section])
    if MOSCOW in sections:  # every state has the same variables
        means = sections.pop(MOSCOW)
        of_states = f"STATE.VARIABLE, where STATE is {_or(sections)}, and VARIABLE is {_or(QUANTITIES)}"
        return f"{of_states}; or {_or(f'{MOSCOW}.{name}' for name in means)}"
    return f"SECTION.PARAMETER, where SECTION is {_or(sections)}"


def _or(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}"


def _section(path: str) -> str:
    return path.partition(".")[0]
