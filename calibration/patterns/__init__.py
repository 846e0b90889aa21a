"""The record's patterns, one function each; ``python -m calibration.patterns`` compares."""

from calibration.patterns.catalogue import PATTERNS
from calibration.patterns.pattern import Pattern

__all__ = ["PATTERNS", "Pattern"]
