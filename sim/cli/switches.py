"""``--without P3`` and ``--with K4``: a scenario with some claims switched off and on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.scenario import Scenario


def load_pair(
    first: str, second: str | None, switches: Switches, settings: Sequence[str] = ()
) -> tuple[Scenario, Scenario]:
    """Return two scenarios, claims switched in the second, which is the first again if it is not given.

    Raises
    ------
    click.UsageError
        If nothing tells the two apart.
    ScenarioError
        If one cannot be used.
    """
    from sim.scenario import load  # noqa: PLC0415 - help stays fast

    if second is None and not switches:
        raise click.UsageError("give a second SCENARIO, or claims to switch with --without and --with")
    return load(first, settings), switches.apply(load(second or first, settings))


@dataclass(frozen=True, slots=True)
class Switches:
    """Claims that the user switches off and on, by id."""

    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.off or self.on)

    def apply(self, scenario: Scenario) -> Scenario:
        """Return a scenario with the claims switched, and named so.

        Raises
        ------
        ScenarioError
            If a claim to be switched off is not in the scenario, or one to be switched on is in no thesis.
        """
        if not self:
            return scenario
        words = [*(f"without-{claim}" for claim in self.off), *(f"with-{claim}" for claim in self.on)]
        changed = scenario.with_claims(*self.on) if self.on else scenario
        changed = changed.without_claims(*self.off) if self.off else changed
        return changed.replace(name="-".join([scenario.name, *words])[:120])

    def apply_to_all(self, scenarios: Sequence[Scenario]) -> list[Scenario]:
        """Switch the claims in several scenarios; one is switched off wherever it is on.

        Raises
        ------
        ScenarioError
            If a claim to be switched off is on in none of them.
        """
        on = [{*self.on, *(claim.id for claim in scenario.claims)} for scenario in scenarios]
        nowhere = [claim for claim in self.off if not any(claim in ids for ids in on)]
        return [
            Switches(tuple(claim for claim in self.off if claim in ids or claim in nowhere), self.on).apply(
                scenario
            )
            for scenario, ids in zip(scenarios, on, strict=True)
        ]

    def beside(self, scenarios: Sequence[Scenario], baseline: str | None) -> list[Scenario]:
        """Switch the claims in every scenario but the baseline; one alone is held against itself.

        Parameters
        ----------
        scenarios : sequence of Scenario
            At least one.
        baseline : str or None
            Name; ``baseline`` if it is there, or else the first without it.

        Raises
        ------
        ScenarioError
            As for `apply_to_all`.
        """
        if not self:
            return list(scenarios)
        from sim.analysis.compare import chosen_baseline  # noqa: PLC0415 - help stays fast

        names = [scenario.name for scenario in scenarios]
        wanted = chosen_baseline(names, baseline)
        first = names.index(wanted) if wanted in names else 0
        others = [scenario for place, scenario in enumerate(scenarios) if place != first]
        changed = self.apply_to_all(others or [scenarios[first]])
        return [*changed[:first], scenarios[first], *changed[first:]]
