"""File formats of figures; apart from what draws them, so that the command line offers them without it."""

from __future__ import annotations

FORMATS = ("png", "pdf", "svg")
"""Formats that are written without a date, and so the same bytes each time."""
