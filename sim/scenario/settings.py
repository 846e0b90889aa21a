"""Numbers that a scenario or claim sets, each checked against the range of what it sets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

import sim.parameters
from sim.parameters.parameter import Tag
from sim.parameters.priors import Fixed, Prior, Sample, Uniform
from sim.scenario.checking import check
from sim.scenario.document import Document, Location
from sim.scenario.faults import Faults
from sim.scenario.fields import Strict, one_of
from sim.scenario.priors import PRIORS
from sim.scenario.problems import ScenarioError, nearest, shown
from sim.scenario.setting import Setting
from sim.scenario.vocabulary import QUANTITIES
from sim.world.state import STATES

_FORMS = (
    "a number, {uniform: {low, high}}, {normal: {mean, sd}}, {lognormal: {median, sigma}} "
    "or {sample: {of, values}}"
)
_claim_tag = one_of(tuple(tag.value for tag in Tag if tag is not Tag.USER))
_any_tag = one_of(tuple(tag.value for tag in Tag))


class ClaimSetting(Strict):
    """What a claim says of one parameter: a prior, how much it should be believed, and why."""

    prior: Any
    """A number or a distribution."""
    tag: Annotated[str, _claim_tag[0], _claim_tag[1]]
    """`cited` from a source, `calibrated` to the record, or `assumed`."""
    source: Annotated[str, Field(min_length=1, max_length=5_000)]
    """Where the number comes from."""


class FullSetting(Strict):
    """A scenario's own number together with its tag and source."""

    prior: Any
    """A number or a distribution."""
    tag: Annotated[str, _any_tag[0], _any_tag[1]] = Tag.USER.value
    """`user` if not given."""
    source: Annotated[str, Field(max_length=5_000)] = ""
    """Where the number comes from; the scenario if not given."""


@dataclass(frozen=True, slots=True)
class Range:
    """Lowest and highest value that something may take, and what it is."""

    low: float
    high: float
    meaning: str = ""

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


def parameter_ranges() -> dict[str, Range]:
    """Return the range of every parameter by dotted path."""
    return {
        path: Range(spec.low, spec.high, f"{spec.meaning} ({spec.unit})")
        for path, spec in sim.parameters.catalogue().items()
    }


def initial_ranges() -> dict[str, Range]:
    """Return the range of every quantity of every state at the start by dotted path."""
    return {
        f"{state}.{quantity}": Range(low, high, f"{quantity.replace('_', ' ')} of {state} at the start")
        for state in STATES
        for quantity, (low, high) in QUANTITIES.items()
    }


def claim_settings(
    data: Mapping[str, Any], document: Document, location: Location, claim: str
) -> dict[str, Setting]:
    """Read the parameters of a claim.

    Raises
    ------
    ScenarioError
        With the faults found.
    """
    ranges = parameter_ranges()
    result: dict[str, Setting] = {}
    faults = Faults()
    for path, inner, value in _entries(data, ranges, document, location, faults):
        with faults.gathered():
            full = check(ClaimSetting, value, document, inner)
            prior = read_prior(full.prior, ranges[path], document, (*inner, "prior"))
            result[path] = Setting(prior, Tag(full.tag), full.source, claim)
    faults.tell()
    return result


def own_settings(
    data: Mapping[str, Any], ranges: Mapping[str, Range], document: Document, location: Location, source: str
) -> dict[str, Setting]:
    """Read the ``parameters`` or ``initial`` of a scenario.

    Parameters
    ----------
    data : mapping
        Dotted paths or nested mappings to numbers, priors, or `FullSetting` mappings.
    ranges : mapping of str to Range
        By every valid path.
    document, location
        Where ``data`` is.
    source : str
        Source of a number that names none.

    Raises
    ------
    ScenarioError
        With the faults found.
    """
    result: dict[str, Setting] = {}
    faults = Faults()
    for path, inner, value in _entries(data, ranges, document, location, faults):
        with faults.gathered():
            if isinstance(value, Mapping) and "prior" in value:
                full = check(FullSetting, value, document, inner)
                prior = read_prior(full.prior, ranges[path], document, (*inner, "prior"))
                result[path] = Setting(prior, Tag(full.tag), full.source or source)
            else:
                result[path] = Setting(read_prior(value, ranges[path], document, inner), Tag.USER, source)
    faults.tell()
    return result


def read_prior(value: Any, allowed: Range, document: Document, location: Location) -> Prior:
    """Return a number or a distribution, if it lies in a range.

    Raises
    ------
    ScenarioError
        If it is neither, or outside the range.
    """
    if isinstance(value, Mapping):
        prior = _distribution(value, document, location)
        if isinstance(prior, Uniform):
            low, high = prior.low, prior.high
        elif isinstance(prior, Sample):
            low, high = min(prior.values), max(prior.values)
        else:
            low = high = prior.centre
    else:
        number = _number(value)
        if number is None:
            message = f"{shown(value)} is not a number or a prior"
            raise ScenarioError([document.problem(location, message, allowed=f"{_FORMS}; {allowed}")])
        prior, low, high = Fixed(number), number, number
    if not (allowed.low <= low and high <= allowed.high):
        what = f"{number_text(prior.centre)} is" if low == high else f"{prior} reaches"
        message = f"{what} out of range" if low == high else f"{what} out of its range"
        raise ScenarioError([document.problem(location, message, allowed=str(allowed))])
    return prior


def number_text(value: float) -> str:
    """Return a number without a needless ``.0``."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


def _distribution(value: Mapping[str, Any], document: Document, location: Location) -> Prior:
    if len(value) != 1:
        message = "a prior is a mapping with one key"
        raise ScenarioError([document.problem(location, message, allowed=_FORMS)])
    (kind,) = value
    if kind not in PRIORS:
        close = nearest(kind, PRIORS)
        problem = document.problem(
            (*location, kind), "unknown prior", at_key=True, allowed=", ".join(PRIORS), nearest=close
        )
        raise ScenarioError([problem])
    return check(PRIORS[kind], value, document, location).prior()


def _number(value: Any) -> float | None:
    """Return a number as a float; None if it is none, or is not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _entries(
    data: Mapping[str, Any],
    ranges: Mapping[str, Range],
    document: Document,
    location: Location,
    faults: Faults,
) -> Iterator[tuple[str, Location, Any]]:
    """Yield path, location and value of every entry, dotted or nested; add to ``faults`` what is wrong."""
    seen: set[str] = set()
    for path, inner, value in _leaves(data, ranges, document, location, faults):
        if path in seen:
            faults.add(document.problem(inner, f"{path} is set twice", at_key=True))
        seen.add(path)
        yield path, inner, value


def _leaves(
    data: Mapping[str, Any],
    ranges: Mapping[str, Range],
    document: Document,
    location: Location,
    faults: Faults,
    *,
    prefix: str = "",
) -> Iterator[tuple[str, Location, Any]]:
    for key, value in data.items():
        path, inner = f"{prefix}{key}", (*location, key)
        if path in ranges:
            yield path, inner, value
            continue
        names = [name for name in ranges if name.startswith(f"{path}.")]
        if not names:
            close = nearest(path, ranges) or nearest(path, map(_section, ranges))
            faults.add(
                document.problem(
                    inner, "unknown path", at_key=True, allowed=_allowed(path, ranges), nearest=close
                )
            )
        elif isinstance(value, Mapping):
            yield from _leaves(value, ranges, document, inner, faults, prefix=f"{path}.")
        else:
            message = f"{shown(value)} is not a mapping; {path} is a section"
            faults.add(document.problem(inner, message, allowed=", ".join(names)))


def _allowed(path: str, ranges: Mapping[str, Range]) -> str:
    """Return the valid paths of a wrong one's section; where that is wrong too, what paths are made of."""
    sections: dict[str, list[str]] = {}
    for name in ranges:
        section, _, last = name.partition(".")
        sections.setdefault(section, []).append(last)
    if (section := _section(path)) in sections:
        return ", ".join(f"{section}.{last}" for last in sections[section])
    first, *others = sections.values()
    if all(names == first for names in others):  # every state has the same variables
        return f"STATE.VARIABLE, where STATE is {_or(sections)}, and VARIABLE is {_or(first)}"
    return f"SECTION.PARAMETER, where SECTION is {_or(sections)}"


def _or(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}"


def _section(path: str) -> str:
    return path.partition(".")[0]
