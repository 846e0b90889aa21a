"""The ensemble on disk: one folder a chunk of draws, written whole or not at all.

``plan.json``; then ``thesis=NAME/origin=START-MODE/draws=FIRST-LAST/`` with ``runs.parquet`` (one row a run,
failed ones with their error), ``draws.parquet`` (every parameter), ``facts.parquet`` and ``years.parquet``
(`calibration.ensemble.tables`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.ensemble.origins import Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.tables import facts_table, history_of, years_table
from calibration.history import ObservedHistory, Window
from sim.errors import SimError
from sim.experiment.files import write_text
from sim.renamed import current_column

CHUNK = 50
"""Draws a folder."""

_KEY = ("thesis", "origin", "draw", "repeat")
_OLD_KEY = {"luck": "repeat"}  # of ensembles of earlier versions
_PLAN = "plan.json"


class EnsembleError(SimError, ValueError):
    """An ensemble is missing, or is not the one that is needed."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run as it is stored; ``history`` is None where it failed.

    Parameters
    ----------
    draw, repeat : int
    history : ObservedHistory or None
    draws : mapping of str to float
        Its parameters; empty where it failed.
    error : str
    """

    draw: int
    repeat: int
    history: ObservedHistory | None
    draws: Mapping[str, float]
    error: str = ""


@dataclass(frozen=True, slots=True)
class EnsembleStore:
    """An ensemble's folder.

    Parameters
    ----------
    folder : Path
    """

    folder: Path

    def plan(self) -> Plan:
        """Return what the ensemble consists of.

        Raises
        ------
        EnsembleError
            If there is no ensemble in the folder.
        """
        try:
            return Plan.from_json((self.folder / _PLAN).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise EnsembleError(f"{self.folder}: no ensemble here; `calibrate ensemble` makes one") from None
        except ValueError as error:
            raise EnsembleError(f"{self.folder / _PLAN}: {error}") from None

    def open(self, plan: Plan) -> None:
        """Make the folder ready for a plan; runs of an earlier, compatible one are kept.

        Raises
        ------
        EnsembleError
            If the folder holds something else, or runs of another model, seed or size of population.
        """
        if (self.folder / _PLAN).exists():
            earlier = self.plan()
            if not plan.same_runs(earlier):
                raise EnsembleError(
                    f"{self.folder} holds runs of another model, seed, number of citizens or runs a draw: "
                    "choose another folder, or add --fresh to replace them"
                )
            plan = plan.joined(earlier)
        elif self.folder.exists() and any(self.folder.iterdir()):
            raise EnsembleError(f"{self.folder} is not empty and holds no ensemble: choose another folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keep(plan)

    def keep(self, plan: Plan) -> None:
        """Write down what the ensemble consists of."""
        write_text(self.folder / _PLAN, plan.to_json())

    def remove(self) -> None:
        """Remove the ensemble, and nothing else in the folder.

        Raises
        ------
        EnsembleError
            If the folder holds no ensemble.
        """
        self.plan()
        for part in self.folder.glob("thesis=*"):
            shutil.rmtree(part)
        (self.folder / _PLAN).unlink()

    def chunk(self, thesis: str, origin: Origin, draws: range) -> Path:
        """Return the folder of some draws."""
        name = f"draws={draws.start:06d}-{draws.stop - 1:06d}"
        return self.folder / f"thesis={thesis.replace('/', '-')}" / f"origin={origin.key}" / name

    def draws_stored(self, thesis: str, origin: Origin) -> set[int]:
        """Return the draws that are stored; of every `CHUNK`, always the first ones."""
        spans = [_span_of(path) for path in self._chunks(thesis, origin)]
        return {draw for first, last in spans for draw in range(int(first), int(last) + 1)}

    def write(self, thesis: str, origin: Origin, draws: range, runs: Sequence[StoredRun]) -> None:
        """Write a chunk under a temporary name, bring it to the disk, then give it its own."""
        final = self.chunk(thesis, origin, draws)
        partial = final.with_name(f".{final.name}")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for name, table in _tables(thesis, origin, runs).items():
            with (partial / f"{name}.parquet").open("wb") as file:
                table.to_parquet(file, index=False, compression="zstd")
                file.flush()
                os.fsync(file.fileno())
        partial.replace(final)

    def read(self, table: str, thesis: str | None = None, origin: Origin | None = None) -> pd.DataFrame:
        """Return one table: ``runs``, ``draws``, ``facts`` or ``years``.

        Parameters
        ----------
        table : str
        thesis : str, optional
        origin : Origin, optional
            All of them where not given.

        Raises
        ------
        EnsembleError
            If no run is stored.
        """
        found = [_read(path / f"{table}.parquet") for path in self._chunks(thesis, origin)]
        if not found:
            wanted = " ".join(part for part in (thesis, origin.key if origin else None) if part)
            raise EnsembleError(f"{self.folder}: no runs {wanted}".rstrip())
        return pd.concat(found, ignore_index=True)

    def histories(self, thesis: str, origin: Origin) -> Iterator[tuple[int, int, ObservedHistory]]:
        """Yield draw, repeat and history of every finished run, chunk by chunk.

        Raises
        ------
        EnsembleError
            If no run is stored.
        """
        chunks = self._chunks(thesis, origin)
        if not chunks:
            raise EnsembleError(f"{self.folder}: no runs {thesis} {origin.key}")
        for path in chunks:
            tables = {name: _read(path / f"{name}.parquet") for name in ("runs", "facts", "years")}
            facts, years = (
                dict(list(tables[name].groupby(["draw", "repeat"]))) for name in ("facts", "years")
            )
            done = tables["runs"][tables["runs"]["error"] == ""]
            for draw, repeat, first, last in zip(
                *(done[name].tolist() for name in ("draw", "repeat", "first_year", "last_year")), strict=True
            ):
                empty = tables["facts"].iloc[:0]
                yield (
                    draw,
                    repeat,
                    history_of(Window(first, last), facts.get((draw, repeat), empty), years[draw, repeat]),
                )

    def finished(self) -> Iterator[tuple[str, Origin, int, int]]:
        """Yield thesis, origin, draw and repeat of every run that did not fail."""
        plan = self.plan()
        for origin in plan.origins:
            for thesis in plan.theses:
                for path in self._chunks(thesis, origin):
                    runs = _read(path / "runs.parquet")
                    for draw, repeat in runs.loc[runs["error"] == "", ["draw", "repeat"]].to_numpy().tolist():
                        yield thesis, origin, draw, repeat

    def differs(self, thesis: str, origin: Origin, run: StoredRun) -> str:
        """Return the first table in which a run made again is not what is stored; empty if there is none."""
        (path,) = (
            path
            for path in self._chunks(thesis, origin)
            if run.draw in range(*(int(part) + end for end, part in enumerate(_span_of(path))))
        )
        for name, table in _tables(thesis, origin, [run]).items():
            stored = _read(path / f"{name}.parquet")
            stored = stored[(stored["draw"] == run.draw) & (stored["repeat"] == run.repeat)]
            written = BytesIO()
            table.to_parquet(written, index=False)  # for the types that tables are read with
            columns = [column for column in stored if column in table or stored[column].notna().any()]
            if not stored[columns].reset_index(drop=True).equals(pd.read_parquet(written)):
                return name
        return ""

    def _chunks(self, thesis: str | None, origin: Origin | None) -> list[Path]:
        theses = f"thesis={thesis.replace('/', '-')}" if thesis else "thesis=*"
        return sorted(self.folder.glob(f"{theses}/origin={origin.key if origin else '*'}/draws=*"))


def _tables(thesis: str, origin: Origin, runs: Sequence[StoredRun]) -> dict[str, pd.DataFrame]:
    histories = [(_key(thesis, origin, run), run.history) for run in runs if run.history is not None]
    return {
        "runs": pd.DataFrame(
            [{**_key(thesis, origin, run), "error": run.error, **_span(run)} for run in runs]
        ),
        "draws": pd.DataFrame([{**_key(thesis, origin, run), **run.draws} for run in runs if run.draws]),
        "facts": facts_table(histories),
        "years": years_table(histories),
    }


def _read(path: Path) -> pd.DataFrame:
    """Read a table, its key and parameters under the names of today."""
    return pd.read_parquet(path).rename(columns=_OLD_KEY).rename(columns=current_column)


def _span_of(chunk: Path) -> list[str]:
    """Return the first and the last draw in a chunk's folder."""
    return chunk.name.removeprefix("draws=").split("-")


def _key(thesis: str, origin: Origin, run: StoredRun) -> dict[str, Any]:
    return dict(zip(_KEY, (thesis, origin.key, run.draw, run.repeat), strict=True))


def _span(run: StoredRun) -> dict[str, int]:
    window = run.history.window if run.history is not None else Window(0, 0)
    return {"first_year": window.first, "last_year": window.last}
