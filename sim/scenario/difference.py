"""What differs between two resolved scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sim.parameters

if TYPE_CHECKING:
    from sim.parameters.priors import Prior
    from sim.scenario.scenario import Scenario

_KEYS = ("title", "question", "asked_by", "start", "years", "mode", "citizens", "runs", "seed")


def difference(a: Scenario, b: Scenario) -> list[tuple[str, Any, Any]]:
    """Return what differs between two scenarios.

    A parameter that one of them does not set has the shared world's prior there. Tags and sources are not
    compared.

    Parameters
    ----------
    a, b : Scenario

    Returns
    -------
    list of (str, object, object)
        Path, value in ``a``, value in ``b``. Paths are keys of a scenario file (``years``), ``parameters.``
        or ``initial.`` and a dotted path (values are priors), or ``timeline.``, an event's name and its key.
        None stands for what a scenario lacks: an event, or a start state that differs from the record.
    """
    left, right = _flat(a), _flat(b)
    catalogue = sim.parameters.catalogue()
    rows: list[tuple[str, Any, Any]] = []
    for path in [*left, *(path for path in right if path not in left)]:
        section, _, name = path.partition(".")
        shared: Prior | None = catalogue[name].prior if section == "parameters" else None
        ours, theirs = left.get(path, shared), right.get(path, shared)
        if ours != theirs:
            rows.append((path, ours, theirs))
    return rows


def _flat(scenario: Scenario) -> dict[str, Any]:
    flat: dict[str, Any] = {"thesis": scenario.thesis.name if scenario.thesis else None}
    flat |= {
        "without": ", ".join(scenario.without) or None,
        "with": ", ".join(claim.id for claim in scenario.with_) or None,
    }
    flat |= {key: getattr(scenario, key) for key in _KEYS}
    flat |= {f"parameters.{path}": setting.prior for path, setting in sorted(scenario.parameters.items())}
    flat |= {f"initial.{path}": setting.prior for path, setting in sorted(scenario.initial.items())}
    for event in scenario.timeline:
        given = {key: value for key, value in event if key != "name" and value is not None}
        flat |= {f"timeline.{event.name}.{key}": value for key, value in given.items()}
    return flat
