"""The stored numbers: what each step of the pipeline found, and from what.

``docs/numbers/STEP/`` holds the tables of a step as csv, and ``about.json``: the commands, the identity of
all that the numbers depend on, how many runs, and the values that are no table. ``about.json`` is removed
before the tables are replaced and written last, so tables without it are not trusted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.files import write_bytes, write_text

ROOT = Path(__file__).parent.parent.parent
"""The repository."""

ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder laid out as the repository is.

    Parameters
    ----------
    root : Path
        The repository itself, or the folder of a remake.
    """

    root: Path

    def folder(self, step: str) -> Path:
        """Return where a step's numbers are; the audit's are shipped with the scenarios."""
        if step == "audit":
            return self.root / "scenarios" / "audit"
        return self.root / "docs" / "numbers" / step

    @property
    def figures(self) -> Path:
        """Folder of the figures."""
        return self.root / "docs" / "figures"

    @property
    def forecasts(self) -> Path:
        """Folder of the published forecasts."""
        return self.root / "docs" / "forecasts"

    def about(self, step: str) -> dict[str, Any]:
        """Return what a step's numbers were made from, and its values; empty if it has none yet."""
        path = self.folder(step) / ABOUT
        if not path.is_file():
            return {}
        return dict(json.loads(path.read_text(encoding="utf-8")))

    def table(self, step: str, name: str) -> pd.DataFrame:
        """Return a table of a step. Texts are texts (``null`` is a name); an empty number is NaN.

        Raises
        ------
        FileNotFoundError
            If the step has not been made.
        """
        path = self.folder(step) / f"{name}.csv"
        return _parsed(path.read_bytes()).copy()

    def keep(self, step: str, tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> None:
        """Replace the numbers of a step.

        Parameters
        ----------
        step : str
        tables : mapping of str to DataFrame
            By the file's name without its suffix. Numbers are written to six figures.
        about : mapping
            For ``about.json``.
        """
        folder = self.folder(step)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ABOUT).unlink(missing_ok=True)
        for name, table in tables.items():
            text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
            write_text(folder / f"{name}.csv", text)
        write_text(folder / ABOUT, json.dumps(dict(about), indent=2) + "\n")


def by(table: pd.DataFrame, *keys: str) -> dict[Any, dict[str, Any]]:
    """Return a table's rows by the value of a column, or by the values of several."""
    rows = [{str(column): value for column, value in row.items()} for row in table.to_dict("records")]
    return {row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys): row for row in rows}


def copy(source: Path, target: Path) -> None:
    """Copy a file whole or not at all; its folder is made if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(target, source.read_bytes())


@lru_cache(maxsize=256)
def _parsed(content: bytes) -> pd.DataFrame:
    """Return a table of a file's content: pages read most tables several times."""
    table = pd.read_csv(BytesIO(content), keep_default_na=False, dtype=str)
    for column in table.columns:
        if set(table[column]) <= {"True", "False"}:
            table[column] = table[column] == "True"
            continue
        numbers = pd.to_numeric(table[column].replace("", "nan"), errors="coerce")
        if not numbers[(table[column] != "") & (table[column] != "nan")].isna().any():
            table[column] = numbers
    return table
