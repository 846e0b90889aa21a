"""Placebo theses: as many claims as a real one, with its starts and sizes, on parameters drawn by lot.

A verdict says little if a thesis that nobody holds would win it as often. A placebo speaks for nobody: it is
a shipped thesis whose claims move other parameters of the shared world, as far as the real ones do, up or
down by a coin. It is data like any thesis, can be written to a file and run as a scenario.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median

import numpy as np
import pandas as pd

from calibration.ensemble.origins import THESES, Origin
from calibration.ensemble.priors import widened
from calibration.ensemble.scenarios import scenario_of
from sim.errors import SimError
from sim.experiment.identity import key_of
from sim.parameters import Fixed, LogNormal, Normal, ParameterSpec, Prior, Tag, catalogue
from sim.scenario import SHARED_WORLD, Claim, Scenario, Setting, Thesis, load_thesis
from sim.scenario.checking import fit
from sim.scenario.describe import plain
from sim.scenario.starts import ONLY_AT_THE_START

_BELOW, _ABOVE = NormalDist().cdf(-1), NormalDist().cdf(1)
_SOURCE = "drawn by lot"
_KEY = 6  # characters of it in a name


class PlaceboError(SimError, ValueError):
    """No placebo can be made of a thesis."""


@dataclass(frozen=True, slots=True)
class Size:
    """How far a claim moves a parameter, without saying which parameter or which way.

    Parameters
    ----------
    moved : float
        Distance of the medians, in standard deviations of the shared prior; not negative.
    width : float
        Standard deviation of the claim's prior, in those of the shared one; 0 for a plain number.
    unit : float
        That standard deviation, of the logarithm; infinite where the shared prior is no lognormal.
    """

    moved: float
    width: float
    unit: float


@dataclass(frozen=True, slots=True)
class Placebo:
    """A placebo thesis.

    Parameters
    ----------
    thesis : Thesis
        Its name ends in a key of its content, so that runs of two placebos are never taken for one.
    like : str
        The thesis that it has number, starts and sizes of claims from.
    """

    thesis: Thesis
    like: str

    @property
    def name(self) -> str:
        """Name in tables and in the store."""
        return self.thesis.name


def draw_placebos(number: int, seed: int, like: Sequence[str] = ()) -> list[Placebo]:
    """Return placebos of theses in turn; the first are the same whatever their number.

    Parameters
    ----------
    number : int
    seed : int
    like : sequence of str
        Shipped theses; those of the ensemble but the shared world if not given.
    """
    names = list(like) or [thesis for thesis in THESES if thesis != SHARED_WORLD]
    return [
        placebo_of(load_thesis(names[place % len(names)]), place + 1, np.random.default_rng((seed, place)))
        for place in range(number)
    ]


def placebo_of(thesis: Thesis, number: int, generator: np.random.Generator) -> Placebo:
    """Return a placebo of a thesis.

    Each parameter of each claim gives way to one that is drawn, without replacement, from the uncertain
    parameters that the thesis does not move and that can move later than a run's start. It is moved by as
    many standard deviations of its own shared prior, up or down by a coin. A sign that would leave the
    parameter's range is turned; where both would, another parameter is drawn. Claims that move nothing are
    left out.

    Parameters
    ----------
    thesis : Thesis
    number : int
        In the name.
    generator : Generator

    Raises
    ------
    PlaceboError
        If the sizes of the claims cannot be told, or do not fit any parameter that is left.
    """
    specs = catalogue()
    sizes = _sizes(thesis)
    free = [
        spec
        for path, spec in specs.items()
        if not isinstance(spec.prior, Fixed)
        and path not in thesis.parameters
        and path not in ONLY_AT_THE_START
    ]
    waiting = [free[place] for place in generator.permutation(len(free))]
    claims = []
    for claim in thesis.claims:
        parameters = {}
        for path in claim.parameters:
            spec, prior = _next(waiting, sizes[path], generator, thesis)
            parameters[spec.path] = Setting(prior, Tag.ASSUMED, _SOURCE, claim.id)
        if parameters:
            words = f"Placebo of {claim.id}: says nothing"
            start = {"from": claim.from_, "when": claim.when}
            claims.append(fit(Claim, {"id": claim.id, "claim": words, **start, "parameters": parameters}))
    whole = {"from": thesis.from_, "when": thesis.when, "claims": tuple(claims)}
    name = f"placebo-{number}-{thesis.name}-{key_of(plain(whole))[:_KEY]}"
    title = f"A placebo of {thesis.name}"
    return Placebo(fit(Thesis, {"thesis": name, "title": title, "source": _SOURCE, **whole}), thesis.name)


def scenario_of_placebo(placebo: Placebo, origin: Origin, citizens: int) -> Scenario:
    """Return the scenario of a placebo, as `scenario_of` makes that of a shipped thesis."""
    world = scenario_of(SHARED_WORLD, origin, citizens)
    scenario = Scenario.build(
        f"{placebo.name}-{origin.key}", thesis=placebo.thesis, start=origin.month, years=origin.years,
        mode=origin.mode, citizens=citizens, timeline=world.timeline,
    )  # fmt: skip
    return widened(scenario)


def table_of(placebos: Sequence[Placebo]) -> pd.DataFrame:
    """Return what placebos move: one row a parameter, with its shared median and the placebo's."""
    specs = catalogue()
    return pd.DataFrame(
        [
            {
                "placebo": placebo.name, "like": placebo.like, "claim": claim.id,
                "start": str(placebo.thesis.start_of(claim) or "always"), "parameter": path,
                "shared": specs[path].prior.centre, "median": setting.prior.centre,
                "prior": str(setting.prior),
            }
            for placebo in placebos
            for claim in placebo.thesis.claims
            for path, setting in claim.parameters.items()
        ],
        columns=["placebo", "like", "claim", "start", "parameter", "shared", "median", "prior"],
    )  # fmt: skip


# -- sizes -----------------------------------------------------------------------------------------


def _sizes(thesis: Thesis) -> dict[str, Size]:
    """Return the size of every move; where a prior has no unit to tell it in, the thesis's median size."""
    found = {path: size_of(catalogue()[path], setting.prior) for path, setting in thesis.parameters.items()}
    told = [size for size in found.values() if size is not None]
    if found and not told:
        raise PlaceboError(f"{thesis.name}: no claim moves a parameter whose shared prior has a width")
    return {path: _median(told) if size is None else size for path, size in found.items()}


def _median(sizes: Sequence[Size]) -> Size:
    return Size(*(median(getattr(size, name) for size in sizes) for name in ("moved", "width", "unit")))


def size_of(spec: ParameterSpec, prior: Prior) -> Size | None:
    """Return how far a claim's prior is from the shared one; None where that cannot be told in its units.

    Parameters
    ----------
    spec : ParameterSpec
    prior : Prior
        The claim's.
    """
    low, middle, high = (prior.draw(quantile, spec.low, spec.high) for quantile in (_BELOW, 0.5, _ABOVE))
    match spec.prior:
        case LogNormal(centre, sigma) if low > 0:
            moved = abs(math.log(middle / centre)) / sigma
            return Size(moved, math.log(high / low) / 2 / sigma, sigma)
        case Normal(mean, sd):
            return Size(abs(middle - mean) / sd, (high - low) / 2 / sd, math.inf)
    return None


def moved(spec: ParameterSpec, size: Size, sign: int) -> Prior | None:
    """Return a parameter's shared prior moved by a size; None where that leaves its range.

    One whose prior is wider than that of the claim's own parameter is moved by no larger a factor:
    otherwise a placebo would claim what is a hundredfold.

    Parameters
    ----------
    spec : ParameterSpec
    size : Size
    sign : int
        1 or -1.
    """
    prior: Prior
    match spec.prior:
        case LogNormal(centre, sigma):
            unit = min(sigma, size.unit)
            middle, width = centre * math.exp(sign * size.moved * unit), size.width * unit
            prior = LogNormal(middle, width) if width > 0 else Fixed(middle)
        case Normal(mean, sd):
            middle, width = mean + sign * size.moved * sd, size.width * sd
            prior = Normal(middle, width) if width > 0 else Fixed(middle)
        case _:
            return None
    return prior if spec.low <= middle <= spec.high else None


def _next(
    waiting: list[ParameterSpec], size: Size, generator: np.random.Generator, thesis: Thesis
) -> tuple[ParameterSpec, Prior]:
    """Take the first parameter that can be moved by a size, and move it."""
    sign = 1 if generator.random() < 0.5 else -1
    for spec in waiting:
        prior = moved(spec, size, sign) or moved(spec, size, -sign)
        if prior is not None:
            waiting.remove(spec)
            return spec, prior
    raise PlaceboError(f"{thesis.name}: no parameter is left that can be moved so far")
