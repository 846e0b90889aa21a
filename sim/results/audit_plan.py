"""Which runs show what carries a thesis's effects: the thesis in full, and with parameters taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.parameters import catalogue
from sim.results.stated import STATED_BY
from sim.results.thesis_scenario import thesis_scenario
from sim.scenario import SHARED_WORLD, ScenarioError, load
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.scenario import Scenario, Thesis


@dataclass(frozen=True, slots=True)
class Audited:
    """One thesis, and the runs in which parameters of it are back at the shared world's priors.

    Parameters
    ----------
    thesis : Thesis
    scenario : Scenario
        The thesis in full.
    less : dict of frozenset of str to str
        Name of the scenario without some of its parameters, by their paths. Without all of them it is the
        shared world.
    """

    thesis: Thesis
    scenario: Scenario
    less: dict[frozenset[str], str]

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the thesis sets, by dotted path."""
        return thesis_parameters(self.scenario)

    def stating(self, outcome: str) -> tuple[str, ...]:
        """Return the thesis's parameters that state an outcome."""
        return tuple(path for path in self.parameters if path in STATED_BY[outcome])


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What is to be run, each scenario once, and for which theses."""

    scenarios: tuple[Scenario, ...]
    audited: tuple[Audited, ...]


def thesis_parameters(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters that a scenario's claims set and it does not set itself."""
    return tuple(path for path, setting in scenario.parameters.items() if setting.claim is not None)


def plan_audit(theses: Sequence[Thesis], *, runs: int, seed: int, settings: Iterable[str] = ()) -> AuditPlan:
    """Plan the runs that audit some theses.

    Each parameter is taken back alone; so are, for each outcome, all parameters together that state it.

    Parameters
    ----------
    theses : sequence of Thesis
    runs : int
        Replicates of each scenario.
    seed : int
        The same for all, so that replicates pair up.
    settings : iterable of str
        Changes to every scenario, as ``path=value``.

    Raises
    ------
    ScenarioError
        If none of the theses moves a parameter.
    """
    common = [*settings, f"runs={runs}", f"seed={seed}"]
    shared = load(SHARED_WORLD, common)
    scenarios = [shared]
    audited = []
    for thesis in theses:
        full = thesis_scenario(thesis, thesis.name, common)
        paths = thesis_parameters(full)
        if not paths:
            continue
        less: dict[frozenset[str], str] = {frozenset(paths): shared.name}
        scenarios.append(full)
        for words, group in _groups(paths):
            if group and group not in less:
                less[group] = f"{full.name} less {words}"
                scenarios.append(_without(full, group, less[group]))
        audited.append(Audited(thesis, full, less))
    if not audited:
        raise ScenarioError([Problem(", ".join(thesis.name for thesis in theses), "moves no parameter")])
    return AuditPlan(tuple(scenarios), tuple(audited))


def _groups(paths: tuple[str, ...]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each parameter alone, then those that together state an outcome, with words for them."""
    for path in paths:
        yield path, frozenset({path})
    for outcome, stating in STATED_BY.items():
        yield f"what states {outcome}", frozenset(paths) & frozenset(stating)


def _without(scenario: Scenario, group: frozenset[str], name: str) -> Scenario:
    """Return a scenario with some parameters back at the shared world's priors."""
    known = catalogue()
    return scenario.with_parameters({path: known[path].prior for path in sorted(group)}, name=name)
