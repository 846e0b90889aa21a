"""Every shared parameter, with its number, range, unit, meaning and source.

>>> from sim.parameters import Parameters, catalogue
>>> catalogue()["citizens.conformity"].default
0.2
>>> Parameters().replace({"citizens.conformity": 0.3}).citizens.conformity
0.3
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sim.parameters.challenges import ChallengeParameters, SuccessionParameters
from sim.parameters.citizens import CitizenParameters
from sim.parameters.costs import CostParameters
from sim.parameters.moscow import InstrumentParameters, MoscowParameters, WarParameters
from sim.parameters.parameter import ParameterSpec, Tag
from sim.parameters.priors import Fixed, LogNormal, Normal, Prior, Sample, Uniform, joint_text, prior_text
from sim.parameters.regimes import RegimeParameters
from sim.parameters.region import AllianceParameters, LearningParameters, RivalParameters
from sim.parameters.territories import ClashParameters, TerritoryParameters

__all__ = [
    "Fixed",
    "LogNormal",
    "Normal",
    "ParameterSpec",
    "Parameters",
    "Prior",
    "Sample",
    "Tag",
    "Uniform",
    "catalogue",
    "joint_text",
    "keyed_path",
    "prior_text",
]


KEYED_AS = {"challenges": "crises"}
"""Sections whose random numbers keep the key of an old name, so that a new word changes no number."""


@cache
def keyed_path(path: str) -> str:
    """Return the dotted path by which the random numbers of a parameter are keyed.

    Examples
    --------
    >>> keyed_path("challenges.focal_rate"), keyed_path("war.window")
    ('crises.focal_rate', 'war.window')
    """
    section, dot, name = path.partition(".")
    return KEYED_AS.get(section, section) + dot + name


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of one run, by section."""

    citizens: CitizenParameters = field(default_factory=CitizenParameters)
    regimes: RegimeParameters = field(default_factory=RegimeParameters)
    challenges: ChallengeParameters = field(default_factory=ChallengeParameters)
    succession: SuccessionParameters = field(default_factory=SuccessionParameters)
    moscow: MoscowParameters = field(default_factory=MoscowParameters)
    instruments: InstrumentParameters = field(default_factory=InstrumentParameters)
    costs: CostParameters = field(default_factory=CostParameters)
    war: WarParameters = field(default_factory=WarParameters)
    rivals: RivalParameters = field(default_factory=RivalParameters)
    alliance: AllianceParameters = field(default_factory=AllianceParameters)
    territories: TerritoryParameters = field(default_factory=TerritoryParameters)
    clashes: ClashParameters = field(default_factory=ClashParameters)
    learning: LearningParameters = field(default_factory=LearningParameters)

    def replace(self, values: dict[str, float]) -> Parameters:
        """Return a copy with some values changed.

        Parameters
        ----------
        values : dict of str to float
            By dotted path.

        Raises
        ------
        KeyError
            If a path names no parameter.
        ValueError
            If a value is outside its parameter's range.
        """
        by_section: dict[str, dict[str, float]] = {}
        specs = catalogue()
        for path, value in values.items():
            spec = specs[path]
            if not spec.low <= value <= spec.high:
                raise ValueError(f"{path} = {value:g} is outside {spec.low:g} to {spec.high:g}")
            section, name = path.split(".")
            by_section.setdefault(section, {})[name] = float(value)
        sections: dict[str, Any] = {
            section: dataclasses.replace(getattr(self, section), **changes)
            for section, changes in by_section.items()
        }
        return dataclasses.replace(self, **sections)


@cache
def catalogue() -> dict[str, ParameterSpec]:
    """Return every parameter's public description by dotted path, in the order of declaration."""
    default = Parameters()
    return {
        f"{section.name}.{item.name}": ParameterSpec(
            path=f"{section.name}.{item.name}",
            default=float(getattr(getattr(default, section.name), item.name)),
            **item.metadata,
        )
        for section in dataclasses.fields(Parameters)
        for item in dataclasses.fields(getattr(default, section.name))
    }
