"""Figures fit for a paper, one a file; matplotlib is loaded when the first is drawn.

>>> from sim import figures
>>> figures.draw_all(results, "figures")  # doctest: +SKIP
>>> figure = figures.plot_outcome(results.outcomes, "street_falls")  # doctest: +SKIP
>>> figures.save(figure, Path("street_falls.pdf"))  # doctest: +SKIP

Every function takes tables and returns a `matplotlib.figure.Figure` outside matplotlib's global state.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.figures.audit import audit_map
    from sim.figures.differences import outcome_differences
    from sim.figures.distributions import outcome_distributions, plot_outcome
    from sim.figures.draw import draw_all
    from sim.figures.endings import end_states
    from sim.figures.falls import fall_heat_map
    from sim.figures.fans import alignment_fans, influence_fans
    from sim.figures.forest import claim_effects
    from sim.figures.instruments import instrument_uses
    from sim.figures.levels import level_differences, plot_levels
    from sim.figures.maps import alignment_map
    from sim.figures.parameter_effect import plot_parameter_effect
    from sim.figures.saving import save, save_all
    from sim.figures.source import Source, source_of
    from sim.figures.variance import variance_intervals

__all__ = [
    "Source",
    "alignment_fans",
    "alignment_map",
    "audit_map",
    "claim_effects",
    "draw_all",
    "end_states",
    "fall_heat_map",
    "influence_fans",
    "instrument_uses",
    "level_differences",
    "outcome_differences",
    "outcome_distributions",
    "plot_levels",
    "plot_outcome",
    "plot_parameter_effect",
    "save",
    "save_all",
    "source_of",
    "variance_intervals",
]

_HOMES = {
    "Source": "source",
    "alignment_fans": "fans",
    "alignment_map": "maps",
    "audit_map": "audit",
    "claim_effects": "forest",
    "draw_all": "draw",
    "end_states": "endings",
    "fall_heat_map": "falls",
    "influence_fans": "fans",
    "instrument_uses": "instruments",
    "level_differences": "levels",
    "outcome_differences": "differences",
    "outcome_distributions": "distributions",
    "plot_levels": "levels",
    "plot_outcome": "distributions",
    "plot_parameter_effect": "parameter_effect",
    "save": "saving",
    "save_all": "saving",
    "source_of": "source",
    "variance_intervals": "variance",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
