"""Which runs show what the claims of theses do: each thesis in full, and without each of its claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.results.thesis_scenario import thesis_scenario
from sim.scenario import ScenarioError
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.scenario import Claim, Scenario, Thesis

ZERO = "zero"
"""``versus`` of an effect that is held against nothing rather than against other runs."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One claim, and the runs that show its effect.

    Parameters
    ----------
    thesis : Thesis
    claim : Claim
    seen_in : str
        Scenario with the claim; empty if the claim states no effect.
    against : str
        Scenario that it is held against; empty if that is zero.
    """

    thesis: Thesis
    claim: Claim
    seen_in: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, each scenario once, and what is to be read from it."""

    scenarios: tuple[Scenario, ...]
    contrasts: tuple[Contrast, ...]


def plan_claims(theses: Sequence[Thesis], *, runs: int, seed: int, settings: Iterable[str] = ()) -> Plan:
    """Plan the runs for every claim of some theses.

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
        If an effect names no scenario, or the theses make no claim.
    """
    common = [*settings, f"runs={runs}", f"seed={seed}"]
    scenarios: dict[str, Scenario] = {}
    contrasts: list[Contrast] = []

    def planned(thesis: Thesis, place: str | None, without: str = "") -> str:
        """Return the name of a thesis in a scenario, one claim perhaps off, and plan its runs."""
        inside = f"-in-{place}" if place not in (None, thesis.name) else ""
        name = f"{thesis.name}{inside}{f'-without-{without}' if without else ''}"
        if name not in scenarios:
            scenario = thesis_scenario(thesis, name, common, place=place)
            scenarios[name] = scenario.without_claims(without) if without else scenario
        return name

    for thesis in theses:
        for claim in thesis.claims:
            effect = claim.effect
            if effect is None:
                contrasts.append(Contrast(thesis, claim))
                continue
            seen_in = planned(thesis, effect.scenario)
            if effect.versus is None:
                against = planned(thesis, effect.scenario, claim.id)
            else:
                against = "" if effect.versus == ZERO else planned(thesis, effect.versus)
            contrasts.append(Contrast(thesis, claim, seen_in, against))
    if not contrasts:
        raise ScenarioError([Problem(", ".join(thesis.name for thesis in theses), "makes no claim")])
    return Plan(tuple(scenarios.values()), tuple(contrasts))
