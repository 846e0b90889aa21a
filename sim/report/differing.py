"""What differs between a scenario and its baseline, with where each number comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.explain.words import listed
from sim.parameters import Prior, catalogue, prior_text
from sim.scenario import difference

if TYPE_CHECKING:
    from sim.scenario import Scenario

_TOLD = ("title", "question", "asked_by", "runs", "seed", "thesis")
"""Keys that are told elsewhere, or do not set the scenarios apart."""


@dataclass(frozen=True, slots=True)
class Differing:
    """One key in which a scenario differs from its baseline.

    Parameters
    ----------
    path : str
    meaning : str
        Of a parameter; else empty.
    here, there : str
        Its value in the scenario and in the baseline.
    claim : str
        Which claim sets it, and what that claims; empty where none does.
    tag, source : str
        How much the number should be believed, and where it comes from; empty for other keys.
    """

    path: str
    meaning: str
    here: str
    there: str
    claim: str = ""
    tag: str = ""
    source: str = ""

    @property
    def number(self) -> str:
        """Path of the number that it is, as ``--set`` takes it; empty where it is none, but an event, say."""
        section, _, rest = self.path.partition(".")
        paths = {"parameters": rest, "initial": self.path, "later": rest.partition(".")[2]}
        return paths.get(section, "")


def differing(scenario: Scenario, baseline: Scenario) -> list[Differing]:
    """Return every key in which a scenario differs from its baseline.

    Parameters
    ----------
    scenario, baseline : Scenario
    """
    claims = {claim.id: claim.claim for claim in scenario.claims}
    return [
        _row(path, here, there, scenario, claims)
        for path, there, here in difference(baseline, scenario)
        if path not in _TOLD
    ]


def how_many(rows: Sequence[Differing], baseline: str) -> str:
    """Return how many numbers differ from a baseline, and of how much else the rows are."""
    numbers = sum(bool(row.number) for row in rows)
    others = len(rows) - numbers
    counts = [f"{numbers} number{'s' * (numbers != 1)}"] if numbers or not others else []
    counts += [f"{others} {'other ' * bool(numbers)}key{'s' * (others != 1)}"] if others else []
    verb = "differs" if numbers + others == 1 else "differ"
    return f"{listed(counts)} {verb} from {baseline}"


def _row(path: str, here: Any, there: Any, scenario: Scenario, claims: Mapping[str, str]) -> Differing:
    section, _, name = path.partition(".")
    settings = {"parameters": scenario.parameters, "initial": scenario.initial}.get(section, {})
    meaning = catalogue()[name].meaning if section == "parameters" else ""
    setting = settings.get(name)
    if setting is None:
        return Differing(path, meaning, _text(here), _text(there))
    claim = setting.claim or ""
    said = f"{claim}: {claims[claim]}" if claim in claims else claim
    return Differing(path, meaning, _text(here), _text(there), said, str(setting.tag.value), setting.source)


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return prior_text(value) if isinstance(value, Prior) else str(value)
