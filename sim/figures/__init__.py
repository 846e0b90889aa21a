"""Figures fit for a paper, one a file of ``gallery``; matplotlib is loaded when the first is drawn.

>>> from sim import figures
>>> figures.draw_all(results, "figures")  # doctest: +SKIP
>>> figure = figures.plot_outcome(results.outcomes, "street_falls")  # doctest: +SKIP
>>> figures.save(figure, "street_falls.pdf")  # doctest: +SKIP

Every function takes tables and returns a `matplotlib.figure.Figure` outside matplotlib's global state.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.figures.draw import draw_all, draw_groups
    from sim.figures.gallery.alignment import alignment_fans
    from sim.figures.gallery.alignment_map import alignment_map
    from sim.figures.gallery.audit import audit_map
    from sim.figures.gallery.claims import claim_effects
    from sim.figures.gallery.differences import outcome_differences
    from sim.figures.gallery.differences_map import differences_map
    from sim.figures.gallery.end_states import end_states
    from sim.figures.gallery.fall_probability import fall_heat_map
    from sim.figures.gallery.influence import influence_fans
    from sim.figures.gallery.instruments import instrument_uses
    from sim.figures.gallery.levels import level_differences, plot_levels
    from sim.figures.gallery.outcomes import outcome_distributions, plot_outcome
    from sim.figures.gallery.parameter_effect import plot_parameter_effect
    from sim.figures.gallery.reliability import reliability_curve
    from sim.figures.gallery.signposts import what_to_watch
    from sim.figures.gallery.state import state_paths
    from sim.figures.gallery.sweep_curves import sweep_curves
    from sim.figures.gallery.sweep_map import sweep_map
    from sim.figures.gallery.tornado import tornado
    from sim.figures.gallery.variance import variance_intervals
    from sim.figures.registry import figure, names
    from sim.figures.saving import save, save_all
    from sim.figures.source import Source, source_of

__all__ = [
    "Source",
    "alignment_fans",
    "alignment_map",
    "audit_map",
    "claim_effects",
    "differences_map",
    "draw_all",
    "draw_groups",
    "end_states",
    "fall_heat_map",
    "figure",
    "influence_fans",
    "instrument_uses",
    "level_differences",
    "names",
    "outcome_differences",
    "outcome_distributions",
    "plot_levels",
    "plot_outcome",
    "plot_parameter_effect",
    "reliability_curve",
    "save",
    "save_all",
    "source_of",
    "state_paths",
    "sweep_curves",
    "sweep_map",
    "tornado",
    "variance_intervals",
    "what_to_watch",
]

_HOMES = {
    "Source": "source",
    "alignment_fans": "gallery.alignment",
    "alignment_map": "gallery.alignment_map",
    "audit_map": "gallery.audit",
    "claim_effects": "gallery.claims",
    "differences_map": "gallery.differences_map",
    "draw_all": "draw",
    "draw_groups": "draw",
    "end_states": "gallery.end_states",
    "fall_heat_map": "gallery.fall_probability",
    "figure": "registry",
    "influence_fans": "gallery.influence",
    "instrument_uses": "gallery.instruments",
    "level_differences": "gallery.levels",
    "names": "registry",
    "outcome_differences": "gallery.differences",
    "outcome_distributions": "gallery.outcomes",
    "plot_levels": "gallery.levels",
    "plot_outcome": "gallery.outcomes",
    "plot_parameter_effect": "gallery.parameter_effect",
    "reliability_curve": "gallery.reliability",
    "save": "saving",
    "save_all": "saving",
    "source_of": "source",
    "state_paths": "gallery.state",
    "sweep_curves": "gallery.sweep_curves",
    "sweep_map": "gallery.sweep_map",
    "tornado": "gallery.tornado",
    "variance_intervals": "gallery.variance",
    "what_to_watch": "gallery.signposts",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
