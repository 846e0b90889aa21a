"""Outcomes of stored runs, kept by run and definition: only what is missing is computed, from the histories.

Workers compute the package's outcomes while they have a run at hand, and label each with the key of its
definition. What is defined otherwise since, or by a user, is computed here from the stored history, and kept
in the results folder's ``kept/``: a file a scenario, of one version of the code, whose columns bear the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import ResultsError
from sim.experiment import columns
from sim.experiment.files import replacing
from sim.experiment.histories import Histories
from sim.measures import Outcome, OutcomeError
from sim.measures.definition import definition_keys
from sim.measures.end_state import end_state
from sim.measures.history import RunHistory
from sim.months import Month

if TYPE_CHECKING:
    from sim.experiment.record import RunRecord
    from sim.experiment.store import StoredRun
    from sim.world.state import World

FOLDER = "kept"

_CODE, _DEFINITION = b"code", b"definition"


# -- what was computed after the runs were made ----------------------------------------------------


class Kept:
    """Outcomes of one scenario's runs that were computed after the runs were made.

    Parameters
    ----------
    path : Path
        Of the file; it need not be there.
    code : str
        Key of the code that made the runs. A file of other code's runs does not count.
    """

    def __init__(self, path: Path, code: str) -> None:
        self.path = path
        self.code = code
        self._columns: dict[str, tuple[str, dict[int, float]]] = {}
        self._changed = False
        with suppress(OSError, pa.ArrowInvalid):  # none yet, or damaged: it is made again
            self._read(pq.read_table(path))

    def get(self, name: str, key: str, replicate: int) -> float | None:
        """Return an outcome of a run by its definition's key; None if it is not there."""
        kept, values = self._columns.get(name, ("", {}))
        return values.get(replicate) if key and kept == key else None

    def add(self, name: str, key: str, replicate: int, value: float) -> None:
        """Take up an outcome of a run; values of an earlier definition go."""
        if not key:
            return
        if self._columns.get(name, ("",))[0] != key:
            self._columns[name] = (key, {})
        self._columns[name][1][replicate] = value
        self._changed = True

    def save(self) -> None:
        """Write what is new, whole or not at all; where that cannot be written it is computed again."""
        if not self._changed:
            return
        replicates = sorted({replicate for _, values in self._columns.values() for replicate in values})
        fields = [pa.field("replicate", pa.int32())]
        arrays = [pa.array(replicates, pa.int32())]
        for name, (key, values) in self._columns.items():
            fields.append(pa.field(name, pa.float64(), metadata={_DEFINITION: key.encode()}))
            arrays.append(pa.array([values.get(replicate) for replicate in replicates], pa.float64()))
        table = pa.table(arrays, schema=pa.schema(fields, metadata={_CODE: self.code.encode()}))
        with suppress(OSError):  # a folder that may only be read
            self.path.parent.mkdir(exist_ok=True)
            with replacing(self.path) as partial:
                pq.write_table(table, partial, compression="zstd")
        self._changed = False

    def _read(self, table: pa.Table) -> None:
        if (table.schema.metadata or {}).get(_CODE, b"").decode() != self.code:
            return
        replicates = table["replicate"].to_pylist()
        for field in table.schema:
            key = (field.metadata or {}).get(_DEFINITION, b"").decode()
            if key:
                values = zip(replicates, table[field.name].to_pylist(), strict=True)
                self._columns[field.name] = (key, {run: value for run, value in values if value is not None})


def kept_file(folder: Path, shelf: str) -> Path:
    """Return the file of a results folder that keeps the outcomes of a shelf of the store."""
    return folder / FOLDER / f"{shelf}.parquet"


# -- the outcomes of runs, each from where it is -----------------------------------------------------


class Measured:
    """Outcomes of one scenario's runs: as labelled by the worker, as kept since, or computed now.

    Parameters
    ----------
    outcomes : mapping of str to Outcome
        Those that are asked for, by name.
    kept : Kept
    where : str
        The scenario, for messages.
    """

    def __init__(self, outcomes: Mapping[str, Outcome], kept: Kept, where: str) -> None:
        self.outcomes = outcomes
        self.keys = definition_keys(outcomes)
        self.kept = kept
        self.where = where

    def known(
        self, replicate: int, labelled: Mapping[str, tuple[str, float]] | None = None
    ) -> dict[str, float | None]:
        """Return the outcomes of a run by name, None where one is to be computed.

        Parameters
        ----------
        replicate : int
        labelled : mapping of str to (key, value), optional
            What the worker computed.
        """
        found: dict[str, float | None] = {}
        for name, key in self.keys.items():
            label, value = (labelled or {}).get(name, ("", None))
            found[name] = value if key and label == key else self.kept.get(name, key, replicate)
        return found

    def complete(
        self, replicate: int, known: Mapping[str, float | None], history: RunHistory
    ) -> dict[str, float]:
        """Return the outcomes of a run, what is not known computed and kept.

        Raises
        ------
        OutcomeError
            If the function of a user's outcome fails.
        """
        row: dict[str, float] = {}
        for name, value in known.items():
            row[name] = self._compute(name, replicate, history) if value is None else value
        return row

    def _compute(self, name: str, replicate: int, history: RunHistory) -> float:
        try:
            value = self.outcomes[name].value(history)
        except OutcomeError as error:
            raise OutcomeError(f"{error} (in {self.where}, replicate {replicate})") from error
        self.kept.add(name, self.keys[name], replicate, value)
        return value


def outcomes_of_runs(
    runs: Sequence[StoredRun], measured: Measured, build_world: Callable[[], World]
) -> list[dict[str, float]]:
    """Return the outcomes of stored runs, each by name.

    Parameters
    ----------
    runs : sequence of StoredRun
        With their tables.
    measured : Measured
    build_world : callable
        Returns the record at their start; called only if something is to be computed.
    """
    rows = []
    for run in runs:
        known = measured.known(run.replicate, run.outcomes)
        if None in known.values():
            past = RunHistory(columns.history(run.tables), build_world(), run.draws)
            known = {**measured.complete(run.replicate, known, past)}
        rows.append({name: value for name, value in known.items() if value is not None})
    return rows


def outcomes_table(runs: Sequence[RunRecord | StoredRun], values: Sequence[Mapping[str, float]]) -> pa.Table:
    """Return one row a run: scenario, replicate, thesis, its outcomes, the end state and the reason for it.

    Parameters
    ----------
    runs : sequence of RunRecord or StoredRun
    values : sequence of mapping of str to float
        The outcomes of each, of the same names.
    """
    columns: dict[str, pa.Array] = {
        "scenario": pa.array([run.scenario for run in runs], pa.string()),
        "replicate": pa.array([run.replicate for run in runs], pa.int32()),
        "thesis": pa.array([run.thesis for run in runs], pa.string()),
    }
    if runs:
        columns |= {name: pa.array([row[name] for row in values], pa.float64()) for name in values[0]}
        ends = [end_state(row) for row in values]
        columns["end_state"] = pa.array([end.name for end in ends], pa.string())
        columns["end_state_reason"] = pa.array([end.reason for end in ends], pa.string())
    return pa.table(columns)


def renewed(
    folder: Path,
    table: pa.Table,
    about: Mapping[str, Any],
    outcomes: Mapping[str, Outcome],
    build_world: Callable[[Month], World] | None = None,
) -> pa.Table:
    """Return the outcomes of a results folder's runs as they are defined now.

    Parameters
    ----------
    folder : Path
    table : pyarrow.Table
        Its ``outcomes.parquet``.
    about : mapping
        Its ``about.json``.
    outcomes : mapping of str to Outcome
        Those that are asked for, a user's among them.
    build_world : callable, optional
        Returns the record at a month, if not that of `sim.world`.

    Returns
    -------
    pyarrow.Table
        The same table if nothing in it is missing or defined otherwise.

    Raises
    ------
    ResultsError
        If the folder holds too little to compute an outcome.
    OutcomeError
        If the function of a user's outcome fails.
    """
    definitions, keys = about.get("definitions"), definition_keys(outcomes)
    asked = {
        name: entry
        for name, entry in outcomes.items()
        if name not in table.column_names or (definitions and definitions.get(name) != keys[name])
    }
    if not asked or not table.num_rows:
        return table
    shelves = {name: f"{name.replace('/', '-')}-{key}" for name, key, _ in about["stored"]["runs"]}
    try:
        histories = Histories(folder, about, build_world)
    except ResultsError as error:
        raise ResultsError(f"{', '.join(asked)} cannot be computed: {error}") from None
    values: dict[tuple[str, int], dict[str, float]] = {}
    runs = pd.DataFrame(table.select(["scenario", "replicate"]).to_pydict())
    for scenario, replicates in runs.groupby("scenario", sort=False)["replicate"]:
        name = str(scenario)
        kept = Kept(kept_file(folder, shelves[name]), about["stored"]["code"])
        values |= _values(name, replicates.tolist(), Measured(asked, kept, name), histories)
    rows = [values[scenario, replicate] for scenario, replicate in runs.itertuples(index=False)]
    return _with_columns(table, {name: [row[name] for row in rows] for name in asked}, list(outcomes))


def _values(
    scenario: str, replicates: Sequence[int], measured: Measured, histories: Histories
) -> dict[tuple[str, int], dict[str, float]]:
    known = {replicate: measured.known(replicate) for replicate in replicates}
    lacking = [replicate for replicate, found in known.items() if None in found.values()]
    for replicate, past in histories.read(scenario, lacking):
        known[replicate] = {**measured.complete(replicate, known[replicate], past)}
    measured.kept.save()
    return {
        (scenario, replicate): {name: value for name, value in found.items() if value is not None}
        for replicate, found in known.items()
    }


def _with_columns(table: pa.Table, values: Mapping[str, list[float]], order: Sequence[str]) -> pa.Table:
    """Return a table of outcomes with some renewed or added, and the end states that follow from them."""
    found = {name: table[name] for name in table.column_names}
    found |= {name: pa.array(column, pa.float64()) for name, column in values.items()}
    if set(values) & set(table.column_names):
        ends = [end_state(row) for row in pa.table({name: found[name] for name in order}).to_pylist()]
        found["end_state"] = pa.array([end.name for end in ends], pa.string())
        found["end_state_reason"] = pa.array([end.reason for end in ends], pa.string())
    first, last = ["scenario", "replicate", "thesis"], ["end_state", "end_state_reason"]
    others = [name for name in table.column_names if name not in (*first, *order, *last)]
    return pa.table({name: found[name] for name in (*first, *order, *others, *last)})
