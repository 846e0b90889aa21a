"""The scenario in which a thesis is seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.scenario import SHARED_WORLD, load, names

if TYPE_CHECKING:
    from sim.scenario import Scenario, Thesis


def thesis_scenario(
    thesis: Thesis, name: str, settings: Iterable[str] = (), *, place: str | None = None
) -> Scenario:
    """Return a scenario with a thesis in it.

    Parameters
    ----------
    thesis : Thesis
    name : str
        Of the scenario returned.
    settings : iterable of str
        Changes to it, as ``path=value``.
    place : str, optional
        The scenario without the thesis. If not given, the shipped one that bears the thesis's name, or else
        the shared world.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or a change is wrong.
    """
    own = thesis.name if thesis.name in names() else SHARED_WORLD
    return load(place or own, settings).replace(name=name, thesis=thesis)
