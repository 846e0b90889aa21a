"""How priors are written in files, and back."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from sim.parameters.priors import Fixed, LogNormal, Normal, Prior, Sample, Uniform
from sim.scenario.fields import Name, Strict

Positive = Annotated[float, Field(gt=0)]


class UniformNumbers(Strict):
    """Bounds of a uniform prior."""

    low: float
    high: float

    @model_validator(mode="after")
    def _check(self) -> UniformNumbers:
        if not self.low < self.high:
            raise PydanticCustomError("rule", "`low` must be below `high`")
        return self


class NormalNumbers(Strict):
    """Mean and standard deviation of a normal prior."""

    mean: float
    sd: Positive


class LogNormalNumbers(Strict):
    """Median of a lognormal prior, and standard deviation of the logarithm."""

    median: Positive
    sigma: Positive


class UniformPrior(Strict):
    """Every value between two bounds equally likely."""

    uniform: UniformNumbers

    def prior(self) -> Prior:
        """Return the distribution."""
        return Uniform(self.uniform.low, self.uniform.high)


class NormalPrior(Strict):
    """A normal distribution, truncated to the parameter's range."""

    normal: NormalNumbers

    def prior(self) -> Prior:
        """Return the distribution."""
        return Normal(self.normal.mean, self.normal.sd)


class LogNormalPrior(Strict):
    """A positive number known up to a factor, truncated to the parameter's range."""

    lognormal: LogNormalNumbers

    def prior(self) -> Prior:
        """Return the distribution."""
        return LogNormal(self.lognormal.median, self.lognormal.sigma)


class SampleNumbers(Strict):
    """Equally likely values, drawn together with those of the same name."""

    of: Name
    values: Annotated[list[float], Field(min_length=1)]


class SamplePrior(Strict):
    """One parameter's column of a joint sample, such as a posterior."""

    sample: SampleNumbers

    def prior(self) -> Prior:
        """Return the distribution."""
        return Sample(self.sample.of, tuple(self.sample.values))


PRIORS: dict[str, type[UniformPrior | NormalPrior | LogNormalPrior | SamplePrior]] = {
    "uniform": UniformPrior,
    "normal": NormalPrior,
    "lognormal": LogNormalPrior,
    "sample": SamplePrior,
}
"""Priors by the one key of their mapping."""


def as_data(prior: Prior) -> Any:
    """Return a prior as it is written in a file."""
    match prior:
        case Fixed(value):
            return value
        case Uniform(low, high):
            return {"uniform": {"low": low, "high": high}}
        case Normal(mean, sd):
            return {"normal": {"mean": mean, "sd": sd}}
        case LogNormal(median, sigma):
            return {"lognormal": {"median": median, "sigma": sigma}}
        case Sample(of, values):
            return {"sample": {"of": of, "values": list(values)}}
