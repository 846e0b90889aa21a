"""The register of looks: every scoring on years that were meant to stay unseen, numbered.

Who tries many things on the same years finds one that fits. The register cannot prevent that; it says how
often it was tried. The commands write it themselves.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd

from calibration.record.load import RecordError

COLUMNS = {
    "number": "of the look, from 1",
    "date": "day, or the month where only that is known",
    "version": "commit of the project, with + where files had changed; blank: not known",
    "what": "what was scored",
    "looks": "how many specifications were looked at under this number",
    "years": "which years were scored",
    "scores": "the scores that were seen, in short",
    "digest": "hash of the forecasts and of what they were held against; blank for looks entered by hand",
}
"""Columns of the register."""

NAME = "looks.csv"


@dataclass(frozen=True, slots=True)
class Look:
    """An entry.

    Parameters
    ----------
    number : int
    new : bool
        Whether it was entered now; the same forecasts on the same outcomes are no new look.
    path : Path
        Of the register.
    """

    number: int
    new: bool
    path: Path


def register() -> Path:
    """Return the register of this checkout, or one in the current folder where there is none."""
    shipped = Path(str(files("calibration.record") / NAME))
    in_checkout = (shipped.parents[2] / "pyproject.toml").exists()
    return shipped if in_checkout else Path(NAME)


def read_looks(path: Path | None = None) -> pd.DataFrame:
    """Return the register.

    Parameters
    ----------
    path : Path, optional
        That of the package where not given.

    Raises
    ------
    RecordError
        If the file has other columns, or numbers that do not follow each other.
    """
    file = Path(str(files("calibration.record") / NAME)) if path is None else path
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    if list(table.columns) != list(COLUMNS):
        raise RecordError(f"{file}: not a register of looks: its columns must be {', '.join(COLUMNS)}")
    if table["number"].tolist() != [str(number) for number in range(1, len(table) + 1)]:
        raise RecordError(f"{file}: the numbers of looks must run from 1 without a gap")
    return table


def enter(path: Path, *, what: str, looks: int, years: str, scores: str, digest: str) -> Look:
    """Enter a look, unless the same one is there.

    Parameters
    ----------
    path : Path
        Register; begun if it is not there.
    what, years, scores, digest : str
        As in `COLUMNS`.
    looks : int
        How many specifications were scored.

    Raises
    ------
    RecordError
        If the file is no register.
    OSError
        If it cannot be written.
    """
    if not path.exists():
        path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    known = read_looks(path)
    same = known[known["digest"] == digest]
    if len(same):
        return Look(int(same["number"].iloc[0]), False, path)
    number = len(known) + 1
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    row = [str(number), today, _version(), what, str(looks), years, scores, digest]
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerow(row)
    return Look(number, True, path)


def digest_of(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return a hash of tables, the same on every machine that makes the same numbers to six digits."""
    found = hashlib.sha256()
    for name in sorted(tables):
        found.update(name.encode() + b"\0")
        text = tables[name].to_csv(index=False, float_format="%.6f", lineterminator="\n")
        found.update(text.encode())
    return found.hexdigest()[:16]


def _version() -> str:
    """Return the commit of the checkout that this package stands in, or nothing."""
    folder = Path(__file__).parent
    try:
        commit = _git(folder, "rev-parse", "--short=10", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return ""
    others = [line for line in changed.splitlines() if not line.endswith(NAME)]
    return commit + ("+" if others else "")


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True, timeout=20
    ).stdout.strip()
