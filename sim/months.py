"""Calendar months as integers: the model's own clock, one tick a month."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PATTERN = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month.

    Parameters
    ----------
    ordinal : int
        Months since January of year 0, so that differences are ticks.
    """

    ordinal: int

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        """Return the month for a year and a month number (1-12).

        Raises
        ------
        ValueError
            If ``month`` is outside 1-12.
        """
        if not 1 <= month <= 12:
            raise ValueError(f"month must be 1 to 12, not {month}")
        return cls(year * 12 + month - 1)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``YYYY-MM``.

        Raises
        ------
        ValueError
            If ``text`` is not of that form or names no real month.
        """
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a month: write YYYY-MM, for example 2010-01")
        return cls.of(int(match[1]), int(match[2]))

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.ordinal // 12

    @property
    def month(self) -> int:
        """Month of the year, 1-12."""
        return self.ordinal % 12 + 1

    def __add__(self, months: int) -> Month:
        return Month(self.ordinal + months)

    def __sub__(self, other: Month) -> int:
        return self.ordinal - other.ordinal

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
