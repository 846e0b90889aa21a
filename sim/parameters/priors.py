"""What is not known exactly: one small class a distribution, drawn by quantile.

Drawing by quantile lets two theses share their random numbers: the same replicate takes the same quantile of
each thesis's prior, so that a difference between them is the thesis and not the draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, median, quantiles
from typing import Annotated

from annotated_types import Gt

from sim.series import Words

_TAIL = 1e-12  # quantiles are kept off 0 and 1, where unbounded priors are infinite


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number taken as known.

    Parameters
    ----------
    value : float
    """

    value: float

    def draw(self, quantile: float, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the value whatever the quantile."""
        del quantile, low, high
        return self.value

    @property
    def centre(self) -> float:
        """The value."""
        return self.value

    def __str__(self) -> str:
        return f"{self.value:g}"


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value between two bounds equally likely.

    Parameters
    ----------
    low, high : float
        Bounds, ``low < high``.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"`low` must be below `high`, not {self.low:g} and {self.high:g}")

    def draw(self, quantile: float, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the value at a quantile in [0, 1], cut to [low, high]."""
        bottom, top = max(low, self.low), min(high, self.high)
        return bottom + quantile * (top - bottom)

    @property
    def centre(self) -> float:
        """Midpoint."""
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        return f"uniform({self.low:g}, {self.high:g})"


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution, truncated to the range of what it describes.

    Parameters
    ----------
    mean : float
    sd : float
        Standard deviation before truncation, positive.
    """

    mean: float
    sd: Annotated[float, Gt(0)]

    def __post_init__(self) -> None:
        if not self.sd > 0:
            raise ValueError(f"normal needs sd > 0, not {self.sd:g}")

    def draw(self, quantile: float, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the value at a quantile in [0, 1] of the part inside [low, high]."""
        return _truncated(self.mean, self.sd, quantile, low, high)

    @property
    def centre(self) -> float:
        """Mean before truncation."""
        return self.mean

    def __str__(self) -> str:
        return f"normal({self.mean:g}, sd {self.sd:g})"


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A positive quantity known up to a factor.

    Parameters
    ----------
    median : float
        Positive.
    sigma : float
        Standard deviation of the logarithm, positive: 0.25 is "within a quarter or so".
    """

    median: Annotated[float, Gt(0)]
    sigma: Annotated[float, Gt(0)]

    def __post_init__(self) -> None:
        if not (self.median > 0 and self.sigma > 0):
            raise ValueError(f"lognormal needs median and sigma > 0, not {self.median:g} and {self.sigma:g}")

    def draw(self, quantile: float, low: float = 0.0, high: float = math.inf) -> float:
        """Return the value at a quantile in [0, 1] of the part inside [low, high]."""
        bottom = math.log(low) if low > 0 else -math.inf
        top = math.log(high) if math.isfinite(high) else math.inf
        return math.exp(_truncated(math.log(self.median), self.sigma, quantile, bottom, top))

    @property
    def centre(self) -> float:
        """Median."""
        return self.median

    def __str__(self) -> str:
        return f"lognormal({self.median:g}, sigma {self.sigma:g})"


@dataclass(frozen=True, slots=True)
class Sample:
    """Equally likely values, as of a posterior; the samples of one posterior are drawn together.

    Parameters
    ----------
    of : str
        Name of the joint sample. Parameters with the same name share their quantile, and so their row.
    values : tuple of float
        One a row.
    """

    of: str
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a sample needs at least one value")

    def draw(self, quantile: float, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the value of the row at a quantile in [0, 1], cut to [low, high]."""
        row = min(int(quantile * len(self.values)), len(self.values) - 1)
        return min(max(self.values[row], low), high)

    @property
    def centre(self) -> float:
        """Median."""
        return median(self.values)

    def __str__(self) -> str:
        return f"{self.of}: {self.centre:.3g} ({min(self.values):.3g} to {max(self.values):.3g})"


Prior = Fixed | Uniform | Normal | LogNormal | Sample

KINDS: dict[str, type[Uniform | Normal | LogNormal | Sample]] = {
    "uniform": Uniform,
    "normal": Normal,
    "lognormal": LogNormal,
    "sample": Sample,
}
"""Distributions by the name that files give them; a plain number is a `Fixed`."""


def prior_text(prior: Prior) -> str:
    """Return what a parameter is drawn from; a joint sample by its median and 90 % interval.

    >>> prior_text(Sample("mine", tuple(range(101))))
    '50 (90 %: 5 to 95)'
    """
    if not isinstance(prior, Sample) or len(prior.values) == 1:
        return str(prior)
    twentieths = quantiles(prior.values, n=20, method="inclusive")
    return f"{prior.centre:.3g} (90 %: {twentieths[0]:.3g} to {twentieths[-1]:.3g})"


def joint_text(prior: Sample, number: int) -> Words:
    """Return what ``number`` parameters of one joint sample have in common."""
    together: Words = f"{number} parameters drawn together" if number > 1 else "1 parameter drawn"
    return f"{together} from {len(prior.values)} rows, with median and 90 % interval"


def _truncated(mean: float, sd: float, quantile: float, low: float, high: float) -> float:
    dist, bottom, top = _part(mean, sd, low, high)
    share = _held(bottom + quantile * (top - bottom), _TAIL, 1 - _TAIL)
    return _held(dist.inv_cdf(share), low, high)


def _held(value: float, low: float, high: float) -> float:
    return low if value < low else high if value > high else value


@lru_cache(maxsize=4096)  # every run of an ensemble draws from the same
def _part(mean: float, sd: float, low: float, high: float) -> tuple[NormalDist, float, float]:
    """Return a normal distribution, and its cumulated shares at two bounds."""
    dist = NormalDist(mean, sd)
    bottom = dist.cdf(low) if math.isfinite(low) else 0.0
    return dist, bottom, dist.cdf(high) if math.isfinite(high) else 1.0
