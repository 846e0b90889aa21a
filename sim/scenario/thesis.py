"""A thesis: claims about the region, each with the parameters it moves."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.scenario.setting import Setting


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a thesis.

    Parameters
    ----------
    id : str
        Such as P1.
    claim : str
        The claim, paraphrased.
    sign : str
        What must happen to which outcome when the claim is switched on.
    source : str
        Where it is made, if not in the thesis's source.
    note : str
        Mechanism of the shared world that expresses it, where it moves no parameter.
    parameters : dict of str to Setting
        By dotted path.
    """

    id: str
    claim: str
    sign: str = ""
    source: str = ""
    note: str = ""
    parameters: dict[str, Setting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thesis:
    """A thesis about how Moscow's region works.

    Parameters
    ----------
    name, title, author, source : str
    claims : tuple of Claim
        No two move the same parameter.
    """

    name: str
    title: str
    author: str = ""
    source: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def parameters(self) -> dict[str, Setting]:
        """What the claims set, by dotted path."""
        return {path: setting for claim in self.claims for path, setting in claim.parameters.items()}
