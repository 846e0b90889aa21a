"""The fixed vector of summary statistics, computed by one function from the record and from runs."""

from calibration.statistics.summary import NAMES, summarise

__all__ = ["NAMES", "summarise"]
