"""Conditions on outcomes, as a user writes them: ``street_falls >= 3 and end_state == vacuum``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import RequestError
from sim.measures.end_state import END_STATES
from sim.measures.registry import find_outcome
from sim.naming import nearest, printable

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
    ">": operator.gt, "<": operator.lt, "=": operator.eq,
}  # fmt: skip
_TERM = re.compile(r"\s*(\w+)\s*(>=|<=|==|!=|>|<|=)\s*(.+?)\s*")
_FORM = "OUTCOME >= NUMBER (or <=, <, >, ==, !=), end_state == NAME, or several of them with `and` between"


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison.

    Parameters
    ----------
    outcome : str
        An outcome, or ``end_state``.
    sign : str
    value : float or str
    """

    outcome: str
    sign: str
    value: float | str

    def holds(self, outcomes: pd.DataFrame) -> NDArray[np.bool_]:
        """Return in which runs it holds; where the outcome is undefined it does not."""
        column = outcomes[self.outcome]
        return np.asarray(OPERATORS[self.sign](column, self.value) & column.notna(), bool)

    def __str__(self) -> str:
        value = self.value if isinstance(self.value, str) else f"{self.value:g}"
        return f"{self.outcome} {self.sign} {value}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What runs are told apart by; it holds where every term does."""

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read a condition.

        Raises
        ------
        RequestError
            If it is not understood, or there is no such end state.
        OutcomeError
            If there is no such outcome, with the nearest.
        """
        return cls(tuple(_term(part) for part in re.split(r"\s+and\s+|\s*&+\s*", str(text).strip())))

    def holds(self, outcomes: pd.DataFrame) -> NDArray[np.bool_]:
        """Return in which runs it holds.

        Parameters
        ----------
        outcomes : DataFrame
            One row a run, as `sim.experiment.results.Results.outcomes`.
        """
        held = np.ones(len(outcomes), bool)
        for term in self.terms:
            held &= term.holds(outcomes)
        return held

    def __str__(self) -> str:
        return " and ".join(map(str, self.terms))


def _term(text: str) -> Term:
    found = _TERM.fullmatch(text)
    if found is None:
        raise RequestError(f"the condition {printable(text)[:80]!r} is not understood: give {_FORM}")
    name, sign, value = found.groups()
    value = value.strip("'\"")
    if name == "end_state":
        if sign not in ("==", "=", "!="):
            raise RequestError("an end state is compared with == or !=")
        if value not in END_STATES:
            close = nearest(value, END_STATES)
            hint = f"did you mean {close}? " if close else ""
            raise RequestError(
                f"no end state {printable(value)[:80]!r}; {hint}there are: {', '.join(END_STATES)}"
            )
        return Term(name, sign, value)
    try:
        number = float(value)
    except ValueError:
        raise RequestError(f"{printable(text)[:80]!r} compares with no number: give {_FORM}") from None
    return Term(find_outcome(name).name, sign, number)
