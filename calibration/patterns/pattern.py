"""What a pattern is: a documented statistic of an observed history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calibration.history import ObservedHistory
from calibration.statistic import Statistic


@dataclass(frozen=True, slots=True)
class Pattern:
    """One statistic that the record and the model are compared on.

    Parameters
    ----------
    number : str
        Of the pattern in the model's design, with a letter where one is split.
    label : str
        Short, with its unit.
    compute : callable
        From the history of a window, and from nothing hidden; its documentation is the definition.
    caution : str
        What to bear in mind when reading it.
    """

    number: str
    label: str
    compute: Callable[[ObservedHistory], Statistic]
    caution: str = ""

    @property
    def name(self) -> str:
        """Name for columns and files."""
        return self.compute.__name__
