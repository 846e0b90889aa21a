"""From priors to one replicate's numbers, each at a quantile of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from sim.model.randomness import Process, RandomNumbers
from sim.parameters import Parameters, Prior, Sample, catalogue, keyed_path
from sim.world.state import Estimate, StateRecord, World

_AS_DECLARED = Parameters()


def draw_parameters(
    numbers: RandomNumbers, priors: Mapping[str, Prior]
) -> tuple[Parameters, dict[str, float]]:
    """Draw every shared parameter.

    Parameters
    ----------
    numbers : RandomNumbers
    priors : mapping of str to Prior
        Priors that a thesis or scenario puts in place of the shared ones, by dotted path.

    Returns
    -------
    parameters : Parameters
    values : dict of str to float
        The same by dotted path.
    """
    specs = catalogue()
    drawn_from = {path: priors.get(path, spec.prior) for path, spec in specs.items()}
    names = tuple(quantile_name(path, prior) for path, prior in drawn_from.items())
    quantiles = numbers.quantiles(Process.PARAMETERS, names)
    values = {
        path: prior.draw(quantile, specs[path].low, specs[path].high)
        for (path, prior), quantile in zip(drawn_from.items(), quantiles, strict=True)
    }
    return _AS_DECLARED.replace(values), values


def draw_prior(numbers: RandomNumbers, path: str, prior: Prior) -> float:
    """Draw one parameter from a prior, at the parameter's own quantile whatever the prior."""
    spec = catalogue()[path]
    return prior.draw(numbers.quantile(Process.PARAMETERS, quantile_name(path, prior)), spec.low, spec.high)


def quantile_name(path: str, prior: Prior) -> str:
    """Return the name of a parameter's quantile: its own, or that of the row which a joint sample shares."""
    return f"sample {prior.of}" if isinstance(prior, Sample) else keyed_path(path)


@dataclass(frozen=True, slots=True)
class StartingState:
    """One state's drawn numbers at the start: every `Estimate` of its record, by name."""

    record: StateRecord
    values: Mapping[str, float]

    def __getitem__(self, quantity: str) -> float:
        return self.values[quantity]


def draw_states(numbers: RandomNumbers, world: World, initial: Mapping[str, Prior]) -> list[StartingState]:
    """Draw the initial state of every state; `initial` overrides estimates by ``STATE.quantity``."""
    return [_draw_state(numbers, record, initial) for record in world.states]


def _draw_state(numbers: RandomNumbers, record: StateRecord, initial: Mapping[str, Prior]) -> StartingState:
    known = estimates(record)
    names = tuple(f"{record.code}.{name}" for name, _ in known)
    quantiles = numbers.quantiles(Process.INITIAL_STATE, names)
    values = {
        name: _draw(quantile, estimate, initial.get(full_name))
        for (name, estimate), full_name, quantile in zip(known, names, quantiles, strict=True)
    }
    return StartingState(record, values)


_ESTIMATES = tuple(item.name for item in dataclasses.fields(StateRecord) if item.type == Estimate.__name__)


def estimates(record: StateRecord) -> list[tuple[str, Estimate]]:
    """Return every estimate of a state's record with its name."""
    return [(name, getattr(record, name)) for name in _ESTIMATES]


def draw_estimate(numbers: RandomNumbers, name: str, estimate: Estimate) -> float:
    """Draw one estimate of the world by its full name."""
    return estimate.draw(numbers.quantile(Process.INITIAL_STATE, name))


def _draw(quantile: float, estimate: Estimate, prior: Prior | None) -> float:
    return estimate.draw(quantile) if prior is None else prior.draw(quantile, estimate.low, estimate.high)


def draw_start(numbers: RandomNumbers, name: str, estimate: Estimate, initial: Mapping[str, Prior]) -> float:
    """Draw one quantity of the start by its full name: from what `initial` sets, else from the record's."""
    return _draw(numbers.quantile(Process.INITIAL_STATE, name), estimate, initial.get(name))
