"""Files that are written whole or not at all, and what made a results folder."""

from __future__ import annotations

import hashlib
import os
import platform
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.renamed import RenamedWarning, current_column

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.scenario import Scenario


# -- files that are written whole or not at all, and what tells one that was changed since ---------

_PARTIAL = ".part"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary name to write to; it becomes ``path`` when the block ends well.

    A process that is killed, or a machine that stops, leaves the old file or the new one, never part of one.

    Parameters
    ----------
    path : Path
        Its folder exists.

    Yields
    ------
    Path
        In the same folder; removed if the block raises.

    Raises
    ------
    OSError
        If it cannot be written, as on a full disk; ``path`` is then as it was.
    """
    partial = partial_name(path)
    try:
        yield partial
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        _keep_name(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def partial_name(path: Path, number: int | None = None) -> Path:
    """Return a temporary name beside a file; with a number, of a part of it. See `remove_partial_files`."""
    part = "" if number is None else f"-{number}"
    return path.with_name(f".{path.name}{part}{_PARTIAL}")


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raises what `replacing` raises."""
    with replacing(path) as partial:
        partial.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write a text file, in UTF-8, whole or not at all; raises what `replacing` raises."""
    write_bytes(path, text.encode("utf-8"))


def write_csv(path: Path, table: pd.DataFrame, *, index: bool = False) -> None:
    """Write a table, numbers to six figures, whole or not at all; raises what `replacing` raises."""
    with replacing(path) as partial:
        table.to_csv(partial, index=index, float_format="%.6g", lineterminator="\n")


def read_named(
    path: Path, columns: Sequence[str] | None = None, filters: Sequence[tuple[str, str, Any]] | None = None
) -> pa.Table:
    """Read a table, its columns under the names of today, whatever version wrote it.

    Parameters
    ----------
    path : Path
        Of a Parquet file.
    columns : sequence of str, optional
        All without it.
    filters : sequence of (column, operator, value), optional
        As in `pyarrow.parquet.read_table`.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - only what reads tables needs it

    written = names_of(path)

    def there(name: str) -> str:
        return written.get(today(name, path.stem), name)

    chosen = None if columns is None else [there(name) for name in columns]
    where = filters and [(there(name), sign, value) for name, sign, value in filters]
    return named_today(pq.read_table(path, columns=chosen, filters=where), path.stem)


def named_today(rows: pa.Table, table: str) -> pa.Table:
    """Return rows of a table with the column names of today, whatever version wrote them."""
    if _all_current(tuple(rows.column_names), table):
        return rows
    return rows.rename_columns([current_column(name, table) for name in rows.column_names])


@lru_cache(maxsize=100)
def _all_current(names: tuple[str, ...], table: str) -> bool:
    """Return whether columns are called so today: every run of an ensemble has the same."""
    return all(today(name, table) == name for name in names)


def names_of(path: Path) -> dict[str, str]:
    """Return a table's columns: their names of today, and those under which they are written."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only what reads tables needs it

    return {today(name, path.stem): name for name in pq.read_schema(path).names}


def today(name: str, table: str) -> str:
    """Return what a column is called today, without a note; see `sim.renamed.current_column`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RenamedWarning)
        return current_column(name, table)


def remove_partial_files(folder: Path) -> None:
    """Remove what killed processes left under temporary names; no other process may be writing there."""
    for partial in folder.rglob(f".*{_PARTIAL}"):
        partial.unlink(missing_ok=True)


def checksum(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_name(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# -- what made a results folder: versions, seed, command and times ---------------------------------

PACKAGE = "post-soviet-scenarios"

ABOUT = "about.json"
"""File that tells how results were made. Where it is missing they were not finished."""

CODE = "code.json"
"""File of a run store that tells which code made its runs."""

_PACKAGES = (PACKAGE, "mesa", "numpy", "numba", "pandas", "pyarrow")


def version_of(about: Mapping[str, Any]) -> str:
    """Return the version of this package that ``about.json`` names; empty if it names none."""
    versions = about.get("versions", {})
    made = str(versions.get(PACKAGE, "")) if isinstance(versions, Mapping) else ""
    return made if made[:1].isdigit() else ""


def describe_run(
    scenarios: Sequence[Scenario],
    *,
    command: str,
    workers: int,
    started: datetime,
    seconds: float,
    finished_runs: int,
    failed_runs: int,
    interrupted: bool,
) -> dict[str, Any]:
    """Return the contents of ``about.json``.

    Parameters
    ----------
    scenarios : sequence of Scenario
    command : str
        The command line, or the library's call.
    workers : int
    started : datetime
        With a time zone.
    seconds : float
        From start to end, by a clock that nobody sets.
    finished_runs, failed_runs : int
        Finished includes failed.
    interrupted : bool
        Whether Ctrl-C cut the ensemble short.
    """
    first = next(iter(scenarios), None)
    return {
        "command": command,
        "seed": first.seed if first else None,
        "runs_a_scenario": first.runs if first else 0,
        "scenarios": [
            {
                "name": item.name,
                "title": item.title,
                "start": str(item.start),
                "years": item.years,
                "citizens": item.citizens,
            }
            for item in scenarios
        ],
        "runs_finished": finished_runs,
        "runs_failed": failed_runs,
        "interrupted": interrupted,
        "workers": workers,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "versions": {name: installed_version(name) for name in _PACKAGES},
    }


def installed_version(package: str = PACKAGE) -> str:
    """Return a package's version, this one's without a name."""
    try:
        return version(package)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "not installed"
