"""A prior in a few words; a joint sample by its median and 90 % interval, not by its extremes."""

from __future__ import annotations

from statistics import quantiles

from sim.parameters.priors import Prior, Sample


def prior_text(prior: Prior) -> str:
    """Return what a parameter is drawn from.

    >>> prior_text(Sample("mine", tuple(range(101))))
    '50 (90 %: 5 to 95)'
    """
    if not isinstance(prior, Sample) or len(prior.values) == 1:
        return str(prior)
    twentieths = quantiles(prior.values, n=20, method="inclusive")
    return f"{prior.centre:.3g} (90 %: {twentieths[0]:.3g} to {twentieths[-1]:.3g})"


def joint_text(prior: Sample, number: int) -> str:
    """Return what ``number`` parameters of one joint sample have in common."""
    together = f"{number} parameters drawn together" if number > 1 else "1 parameter drawn"
    return f"{together} from {len(prior.values)} rows, with median and 90 % interval"
