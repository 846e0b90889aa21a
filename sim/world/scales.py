"""How measures of different units are brought to one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.parameters.parameter import Tag
from sim.world.state import Estimate


def ramp(value: float, low: float, high: float) -> float:
    """Rise linearly from 0 at ``low`` to 1 at ``high``, flat outside; ``low`` may be the larger."""
    return min(max((value - low) / (high - low), 0.0), 1.0)


def log_ramp(value: float, low: float, high: float) -> float:
    """As `ramp`, in the logarithm of positive numbers."""
    return ramp(math.log(max(value, 1e-12)), math.log(low), math.log(high))


def root_sum_square(errors: Sequence[float]) -> float:
    """Combine independent standard deviations."""
    return math.sqrt(math.fsum(error * error for error in errors))


def great_circle_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the distance between two points given as (latitude, longitude) in degrees (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(lat), math.radians(lon)) for lat, lon in (first, second))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def bounded(
    mean: float, sd: float, source: str, *, low: float = 0.0, high: float = 1.0, tag: Tag = Tag.ASSUMED
) -> Estimate:
    """Return an estimate whose mean is cut to its range."""
    return Estimate(min(max(mean, low), high), sd, low, high, tag, source)
