"""Scenarios laid over several theses: under each, the same question against a baseline of its own."""
# ruff: noqa: PLC0415 - help stays fast

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RequestError
from sim.experiment.prepare import FRAME, Changes, Source, sources_of
from sim.naming import several
from sim.renamed import among

if TYPE_CHECKING:
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Group:
    """Scenarios that are compared with one baseline.

    Parameters
    ----------
    baseline : str
    scenarios : tuple of str
        The baseline among them.
    under : str
        The thesis that they have in common; empty where they need not have one.
    """

    baseline: str
    scenarios: tuple[str, ...]
    under: str = ""

    def plain(self, name: str) -> str:
        """Return what one of the scenarios is called where it is not laid over the thesis."""
        return name.removesuffix(f"-under-{self.under}") if self.under else name


def lay_under(
    sources: Source | Sequence[Source],
    theses: Sequence[str],
    *,
    changes: Changes | None = None,
    baseline: Source | None = None,
    baseline_too: bool = False,
) -> tuple[list[Scenario], list[Group]]:
    """Give scenarios one thesis after another.

    Parameters
    ----------
    sources : sequence of Scenario, str or Path
    theses : sequence of str
        Names of shipped theses, or files.
    changes : Changes, optional
        Made under each thesis, in all but the baseline.
    baseline : Scenario, str or Path, optional
        What the others are held against, under each thesis: one of the sources, or another scenario. Without
        it the shared world, in the frame of the first source if it is not among them.
    baseline_too : bool
        Make the changes in the baseline as well.

    Returns
    -------
    scenarios : list of Scenario
        Thesis by thesis, named so.
    groups : list of Group
        One a thesis.

    Raises
    ------
    RequestError
        If there is no scenario or no thesis, or one is given twice.
    ScenarioError
        If a source, a thesis or a change is wrong.
    """
    sources, theses = sources_of(sources), several(theses, "theses", "names or files", (str, Path))
    if not sources or not theses:
        raise RequestError("give at least one scenario, and at least one thesis to lay it over")
    plain, against = _with_baseline([_loaded(item) for item in sources], baseline)
    scenarios: list[Scenario] = []
    groups: list[Group] = []
    for thesis in theses:
        laid = [Changes((f"thesis={thesis}",)).apply(item) for item in plain]
        under = laid[0].thesis.name if laid[0].thesis else thesis
        if any(group.under == under for group in groups):  # in whatever spelling
            raise RequestError(f"thesis {under} is given twice")
        named = [
            dataclasses.replace(
                item, name=before.name, title=before.title and f"{before.title}, under {under}"
            )
            for item, before in zip(laid, plain, strict=True)
        ]
        changed, chosen = (changes or Changes()).made_in(named, True, against, baseline_too)
        group = [dataclasses.replace(item, name=f"{item.name}-under-{under}") for item in changed]
        scenarios += group
        names = tuple(item.name for item in group)
        groups.append(Group(f"{chosen}-under-{under}", names, under))
    return scenarios, groups


def _with_baseline(plain: list[Scenario], baseline: Source | None) -> tuple[list[Scenario], str]:
    """Return scenarios with a baseline among them, and its name."""
    from sim.scenario import SHARED_WORLD, load
    from sim.scenario.library import is_shared_world

    names = _names(plain)
    if baseline is None:
        if there := next((name for name in names if is_shared_world(name)), None):
            return plain, there
        frame = {key: getattr(plain[0], key) for key in FRAME}
        return [load(SHARED_WORLD).replace(**frame), *plain], SHARED_WORLD
    if isinstance(baseline, str) and (wanted := among("scenario", baseline, names)) in names:
        return plain, wanted
    other = _loaded(baseline)
    return (plain, other.name) if other.name in names else ([other, *plain], other.name)


def _loaded(source: Source) -> Scenario:
    return Changes().apply(source)


def _names(scenarios: Sequence[Scenario]) -> list[str]:
    return [scenario.name for scenario in scenarios]
