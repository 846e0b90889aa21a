"""A thesis: claims about the region, each with the parameters it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sim.measures.definitions import OUTCOMES
from sim.scenario.problems import nearest
from sim.scenario.setting import Setting


@dataclass(frozen=True, slots=True)
class Effect:
    """What must be seen on an outcome if a claim does what it says.

    Parameters
    ----------
    outcome : str
        A name of `sim.measures.definitions.OUTCOMES`.
    sign : str
        ``up`` or ``down``.
    scenario : str or None
        Shipped scenario in which it can be seen; that of the thesis without it.
    versus : str or None
        What the outcome is held against: the same scenario without the claim if not given, else another
        shipped scenario with the claim, or ``zero``.

    Raises
    ------
    ValueError
        If no outcome has that name.
    """

    outcome: str
    sign: str
    scenario: str | None = None
    versus: str | None = None

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            close = nearest(self.outcome, tuple(OUTCOMES))
            hint = f"; did you mean {close}?" if close else ""
            raise ValueError(f"{self.outcome[:80]!r} is no outcome{hint}")


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
    effect : Effect or None
        What its ``sign`` means in numbers; None where no comparison of runs can show it.
    finding : str
        Where the model does not show the effect: why not. Empty where it does.
    parameters : dict of str to Setting
        By dotted path.
    """

    id: str
    claim: str
    sign: str = ""
    source: str = ""
    note: str = ""
    effect: Effect | None = None
    finding: str = ""
    parameters: dict[str, Setting] = field(default_factory=dict)

    def from_thesis(self, thesis: Thesis) -> Claim:
        """Return the claim as it is told outside its thesis: with a source of its own."""
        return replace(self, source=self.source or thesis.source)


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


def active_claims(thesis: Thesis | None, without: Iterable[str], added: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims that are on, those added last; where two move one parameter, the later wins."""
    off = set(without)
    return (*(claim for claim in (thesis.claims if thesis else ()) if claim.id not in off), *added)
