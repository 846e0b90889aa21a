"""Designs: which values of which parameters are run together.

>>> factors = [Factor.parse("moscow.keep_weight=0.5,1,2"), Factor.parse("citizens.conformity=0.1:0.3")]
>>> Design.grid(factors, levels=3).size
9
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import RequestError
from sim.naming import decimal_comma, nearest, printable, set_path, several
from sim.parameters import Fixed, Uniform, catalogue
from sim.scenario import SHARED_WORLD, load
from sim.scenario.ranges import Range, initial_ranges, parameter_ranges
from sim.scenario.settings import in_order

if TYPE_CHECKING:
    from sim.scenario import Scenario

INITIAL = "initial."
"""What the path of a quantity of a state at the start begins with."""

METHODS = ("grid", "latin", "sobol")
"""Kinds of design: every combination of levels, a Latin hypercube, or Sobol' points."""

LEVELS = 5
"""Levels of a range in a grid, if not said otherwise."""

POINTS = 64
"""Points of a Latin hypercube or of Sobol', if not said otherwise."""

_FORM = "give PATH=VALUE,VALUE..., PATH=LOW:HIGH, or PATH alone for its 5 % to 95 % prior range"
_MOST = 5_000  # points of a design
_TAILS = (0.05, 0.95)  # of a prior: the range of a parameter that is given by its path alone
_SEED = 20100101  # of designs that are drawn; the seed of the runs is another matter

Varied: TypeAlias = "Sequence[str] | Mapping[str, Sequence[float] | Uniform | None]"
"""What is varied: texts as `Factor.parse` reads them, or values, a range or None (its prior's) by path."""


def allowed_ranges() -> dict[str, Range]:
    """Return the allowed range of all that can be varied, by path."""
    initial = {f"{INITIAL}{path}": allowed for path, allowed in initial_ranges().items()}
    return {**parameter_ranges(), **initial}


def prior_range(path: str) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of a parameter's shared prior.

    Raises
    ------
    RequestError
        If it has none: it is fixed, or no parameter.
    """
    spec = catalogue().get(path)
    prior = _shared_world().shared(path).prior if spec else None
    if spec is None or prior is None or isinstance(prior, Fixed):
        why = "is a quantity of the start" if spec is None else "is fixed in the shared world"
        raise RequestError(f"{path} {why}, so say what it takes: {path}=VALUE,VALUE... or {path}=LOW:HIGH")
    low, high = (in_order(prior).draw(tail, spec.low, spec.high) for tail in _TAILS)
    return low, high


@cache  # asked for the range of every parameter in turn
def _shared_world() -> Scenario:
    return load(SHARED_WORLD)


@dataclass(frozen=True, slots=True)
class Factor:
    """A parameter that is varied, or a quantity of a state at the start, over some values or over a range.

    Parameters
    ----------
    path : str
        Dotted path, such as ``moscow.keep_weight`` or ``initial.KGZ.alignment``.
    values : tuple of float
        What it takes; empty where it takes a range.
    low, high : float
        Range; lowest and highest value where there are values.

    Raises
    ------
    RequestError
        If there is no such path, or a value is outside its allowed range.
    """

    path: str
    values: tuple[float, ...] = ()
    low: float = np.nan
    high: float = np.nan

    def __post_init__(self) -> None:
        ranges = allowed_ranges()
        if self.path not in ranges:
            close = nearest(self.path, ranges)
            hint = f"did you mean {close}? " if close else ""
            raise RequestError(
                f"no path {printable(self.path)[:80]!r}; {hint}`sim show baseline` names every parameter, "
                "and initial.STATE.QUANTITY is a quantity of the start (`sim show baseline --initial`)"
            )
        if self.values:
            object.__setattr__(self, "low", min(self.values))
            object.__setattr__(self, "high", max(self.values))
            if len(set(self.values)) < len(self.values):
                raise RequestError(f"{self.path} is given a value twice")
        elif not self.low < self.high:
            raise RequestError(f"{self.path}: the range {self.low:g}:{self.high:g} is empty; give LOW:HIGH")
        allowed = ranges[self.path]
        for value in (self.low, self.high):
            if not allowed.low <= value <= allowed.high:
                raise RequestError(f"{self.path} = {value:g} is out of range (allowed: {allowed})")

    @classmethod
    def parse(cls, text: str) -> Factor:
        """Read ``PATH=1,2,3``, ``PATH=LOW:HIGH``, or ``PATH`` alone: the 5 % to 95 % range of its prior.

        Raises
        ------
        RequestError
            If the text is none of them, or as for the class.
        """
        path, given = set_path(text), text.partition("=")[2].strip()
        if "=" not in text:
            return cls.of(path, None)
        parts = given.split(":") if ":" in given else given.split(",")
        try:
            numbers = [float(part) for part in parts]
        except ValueError:
            told = decimal_comma(given)
            raise RequestError(f"{printable(text)[:80]!r} is not understood: {told or _FORM}") from None
        if not np.isfinite(numbers).all() or (":" in given and len(numbers) != 2):
            raise RequestError(f"{printable(text)[:80]!r} is not understood: {_FORM}")
        return cls(path, low=numbers[0], high=numbers[1]) if ":" in given else cls(path, tuple(numbers))

    @classmethod
    def of(cls, path: str, given: Sequence[float] | Uniform | None) -> Factor:
        """Return a factor as Python code gives it: values, a range, or None for that of the prior.

        Raises
        ------
        RequestError
            If there are no numbers, or as for the class.
        """
        path = set_path(path)
        if given is None and path in allowed_ranges():
            low, high = prior_range(path)
            return cls(path, low=low, high=high)
        if given is None or isinstance(given, Uniform):
            return cls(path, low=given.low if given else 0, high=given.high if given else 1)
        try:
            values = tuple(float(value) for value in given)
        except (TypeError, ValueError):
            raise RequestError(f"{path} takes a list of numbers, a Uniform or None, not {given!r}") from None
        if not values or not np.isfinite(values).all():
            raise RequestError(f"{path} takes at least one value, and finite ones")
        return cls(path, values)

    def levels(self, number: int) -> tuple[float, ...]:
        """Return its values, or so many evenly spaced ones from low to high."""
        return self.values or tuple(np.linspace(self.low, self.high, number).tolist())

    def at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values at some shares, in [0, 1), of the range or of the list of values."""
        if self.values:
            return np.take(np.array(self.values), (shares * len(self.values)).astype(int))
        return np.asarray(self.low + shares * (self.high - self.low), float)


def factors_of(varied: Varied) -> list[Factor]:
    """Return what is varied as factors.

    Raises
    ------
    RequestError
        If nothing is varied, or one path twice; or as for `Factor`.
    """
    if isinstance(varied, Mapping):
        factors = [Factor.of(path, given) for path, given in varied.items()]
    else:
        factors = [Factor.parse(text) for text in several(varied, "what is varied", "paths, or PATH=VALUES")]
    paths = [factor.path for factor in factors]
    if not paths:
        raise RequestError(f"say what is varied: {_FORM}")
    for path in paths:
        if paths.count(path) > 1:
            raise RequestError(f"{path} is varied twice: give it one list or range")
    return factors


@dataclass(frozen=True, slots=True)
class Design:
    """Points at which scenarios are run.

    Parameters
    ----------
    method : str
        One of `METHODS`, or ``table`` where the points were given.
    points : DataFrame
        One row a point; a column a path. The index counts from 0.
    """

    method: str
    points: pd.DataFrame

    @classmethod
    def of(cls, given: Varied | pd.DataFrame, method: str = "grid", number: int | None = None) -> Design:
        """Return the design of what Python code gives: see `table` of a table, otherwise `make`."""
        return cls.table(given) if isinstance(given, pd.DataFrame) else cls.make(given, method, number)

    @classmethod
    def make(cls, varied: Varied, method: str = "grid", number: int | None = None) -> Design:
        """Return a design by its method.

        Parameters
        ----------
        varied : sequence of str, or mapping
            As `factors_of` takes it.
        method : str
            One of `METHODS`.
        number : int, optional
            Levels of each range in a grid, otherwise points.

        Raises
        ------
        RequestError
            If there is no such method or the number does not suit it; or as for `factors_of`.
        """
        factors = factors_of(varied)
        if method not in METHODS:
            raise RequestError(f"no design {printable(method)[:80]!r}: use {', '.join(METHODS)}")
        if number is not None and number < 2:
            raise RequestError(f"a design takes 2 points or more, not {number}")
        if method == "grid":
            return cls.grid(factors, number or LEVELS)
        return cls.drawn(factors, method, number or POINTS)

    @classmethod
    def grid(cls, factors: Sequence[Factor], levels: int = LEVELS) -> Design:
        """Return every combination of the factors' levels, the last factor's fastest."""
        each = [factor.levels(levels) for factor in factors]
        _check_size(math.prod(map(len, each)), " in the grid: give fewer levels, or another method")
        mesh = np.meshgrid(*each, indexing="ij")
        return cls._named("grid", factors, [axis.ravel() for axis in mesh])

    @classmethod
    def drawn(cls, factors: Sequence[Factor], method: str, points: int) -> Design:
        """Return a Latin hypercube or Sobol' points, always the same for the same factors.

        Raises
        ------
        RequestError
            If a number of Sobol' points is no power of two, without which they lose their balance.
        """
        from scipy.stats import qmc  # noqa: PLC0415 - slow to load

        if method == "sobol" and points & (points - 1):
            below = 1 << (points.bit_length() - 1)
            raise RequestError(f"Sobol' points come in powers of two: {below} or {2 * below}, not {points}")
        _check_size(points)
        kind = qmc.Sobol if method == "sobol" else qmc.LatinHypercube
        shares = kind(len(factors), rng=_SEED).random(points)
        return cls._named(
            method, factors, [item.at(column) for item, column in zip(factors, shares.T, strict=True)]
        )

    @classmethod
    def table(cls, points: pd.DataFrame) -> Design:
        """Return the points of a table, such as another library draws: a column a path, a row a point.

        Raises
        ------
        RequestError
            If there are none; if one is no finite number; or as for `Factor`.
        """
        if not len(points.columns) or not len(points):
            raise RequestError("the table of points is empty: give a column a path, and a row a point")
        _check_size(len(points))
        factors = [Factor.of(str(path), sorted(set(points[path]))) for path in points]
        return cls._named("table", factors, [points[path].to_numpy(float) for path in points])

    @classmethod
    def _named(cls, method: str, factors: Sequence[Factor], columns: Sequence[Any]) -> Design:
        rounded = {item.path: _rounded(column) for item, column in zip(factors, columns, strict=True)}
        return cls(method, pd.DataFrame(rounded))

    @property
    def paths(self) -> tuple[str, ...]:
        """What is varied."""
        return tuple(map(str, self.points.columns))

    @property
    def size(self) -> int:
        """Number of points."""
        return len(self.points)

    def settings(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield each point's number and its values by path."""
        rows: Iterable[dict[Any, Any]] = self.points.to_dict("records")
        for point, row in enumerate(rows):
            yield point, {str(path): float(value) for path, value in row.items()}


def _check_size(points: int, where: str = "") -> None:
    if points > _MOST:
        raise RequestError(f"{points:,} points{where}; {_MOST:,} are the most")


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers to six figures: what names and tables show is then what was run."""
    return np.array([float(f"{value:.6g}") for value in values])
