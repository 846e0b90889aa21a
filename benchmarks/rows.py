"""The table: one row a measurement, written as Markdown and CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

COLUMNS = ["part", "what", "size", "subject", "value", "unit", "ratio", "target", "note"]


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Parameters
    ----------
    part : str
        ``stage``, ``run``, ``ensemble``, ``growth``, ``memory``, ``mesa``, ``answer``, ``command``,
        ``scale``, ``startup`` or ``against``.
    what, size, subject : str
        What was measured, at what size, of whom.
    value : float
    unit : str
    ratio : float
        Against the shipped model (or what `note` says); NaN if there is none.
    target, note : str
    """

    part: str
    what: str
    size: str
    subject: str
    value: float
    unit: str
    ratio: float = float("nan")
    target: str = ""
    note: str = ""


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """Return the rows as a data frame."""
    return pd.DataFrame([asdict(row) for row in rows], columns=COLUMNS)


def to_markdown(rows: Sequence[Row]) -> str:
    """Return the table as Markdown, numbers to three figures."""
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows:
        cells = [_cell(getattr(row, name)) for name in COLUMNS]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def write(rows: Sequence[Row], folder: Path) -> None:
    """Write ``benchmarks.md`` and ``benchmarks.csv``."""
    (folder / "benchmarks.md").write_text(to_markdown(rows), encoding="utf-8")
    table(rows).to_csv(folder / "benchmarks.csv", index=False)


def earlier(folder: Path) -> list[Row]:
    """Return the rows that ``benchmarks.csv`` already has; none if there is no such file."""
    path = folder / "benchmarks.csv"
    if not path.exists():
        return []
    text = {name: str for name in COLUMNS if name not in {"value", "ratio"}}
    frame = pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"value": "", "ratio": ""})
    return [Row(**{str(name): value for name, value in row.items()}) for row in frame.to_dict("records")]


def _cell(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
