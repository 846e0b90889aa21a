"""Which theses are run, and where their runs start."""

from __future__ import annotations

from dataclasses import dataclass

from sim.months import Month

THESES = ("baseline", "piontkovsky", "gorevoy", "dubnov", "kuzio", "kaznacheyev", "milosevic")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where runs start.

    Parameters
    ----------
    start : str
        Month, YYYY-MM.
    years : int
        Length of the runs.
    mode : str
        ``historical``: elections, the war in Ukraine and each January's fundamentals as recorded, so that
        a run is held against the record; ``free``: nothing later than the start is known, as in a forecast.
    """

    start: str
    years: int
    mode: str

    @property
    def month(self) -> Month:
        """First month of the runs."""
        return Month.parse(self.start)

    @property
    def key(self) -> str:
        """Name in the store, such as ``1992-01-historical``."""
        return f"{self.start}-{self.mode}"


RECORD_PERIOD = Origin("1992-01", 33, "historical")
"""The years on record; what parameters and theses are fitted to."""

ROLLING = tuple(Origin(f"{year}-01", 2025 - year, "free") for year in (2000, 2005, 2010, 2014, 2018))
"""Starts from the record, to the end of 2024, without later knowledge; for back-tests."""

FORECAST = Origin("2024-12", 11, "free")
"""For forecasts of 2025-01 to 2034-12."""
