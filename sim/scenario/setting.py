"""One number of a resolved scenario, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag
from sim.parameters.priors import Prior


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
    """

    prior: Prior
    tag: Tag
    source: str
    claim: str | None = None
