"""The record's patterns, one function each; ``python -m calibration.patterns`` compares."""

from calibration.patterns.catalogue import PATTERNS, Pattern

__all__ = ["PATTERNS", "Pattern"]
