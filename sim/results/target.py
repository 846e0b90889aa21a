"""What precision is asked for: an outcome, and how wide its interval may be."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.outcomes import OUTCOMES
from sim.scenario.problems import nearest, printable

_FORM = "OUTCOME=WIDTH, such as street_falls=0.5"


@dataclass(frozen=True, slots=True)
class Target:
    """An interval of an outcome's mean, or of its paired difference, that is to be narrow.

    Parameters
    ----------
    outcome : str
        A name of `sim.outcomes.OUTCOMES`.
    width : float
        From the lower to the upper bound of the 95 % interval, in the outcome's unit; above 0.

    Raises
    ------
    ValueError
        If there is no such outcome, with the nearest name; or the width is not a number above 0.
    """

    outcome: str
    width: float

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            close = nearest(self.outcome, OUTCOMES)
            hint = f"did you mean {close}? " if close else ""
            raise ValueError(
                f"no outcome {printable(self.outcome)[:80]!r}; {hint}`sim list --outcomes` shows them all"
            )
        if not (math.isfinite(self.width) and self.width > 0):
            raise ValueError(f"the width of {self.outcome} must be a number above 0, not {self.width}")

    @classmethod
    def parse(cls, text: str) -> Target:
        """Return a target written as ``OUTCOME=WIDTH``.

        Raises
        ------
        ValueError
            If it is not, or names no outcome, or no width above 0.
        """
        outcome, equals, width = (part.strip() for part in text.partition("="))
        if not (outcome and equals and width):
            raise ValueError(f"{printable(text)[:80]!r} is not {_FORM}")
        try:
            number = float(width)
        except ValueError:
            raise ValueError(f"{printable(width)[:80]!r} is no number; give {_FORM}") from None
        return cls(outcome, number)
