"""Reading the tables of a results folder: what is asked for is chosen before anything is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import RequestError, ResultsError
from sim.experiment.files import names_of, read_named, today
from sim.months import Month
from sim.naming import nearest, printable, several
from sim.scenario.vocabulary import MOSCOW

Filters = Sequence[tuple[str, str, Any]]
"""Conditions on columns that must all hold, as in `pyarrow.parquet.read_table`."""

_RUNS_A_GROUP, _OF_MANY, _MANY = 20, 100, 2_000

LONG = ("trajectories", "events", "challenges", "territories")
"""Tables with many rows a run, which are written in such groups."""


def runs_a_group(runs: int) -> int:
    """Return how many replicates of a scenario stand together in a long table, in a row group.

    No run is in two. Who reads a table holds the description of every group in memory, so that of many runs
    the groups are larger.

    Parameters
    ----------
    runs : int
        Of the scenario.
    """
    return _OF_MANY if runs > _MANY else _RUNS_A_GROUP


class Readable:
    """The tables of a results folder, read in part or whole.

    Attributes
    ----------
    path : Path
        The folder.
    """

    path: Path

    def read(
        self,
        table: str,
        columns: str | Sequence[str] | None = None,
        filters: Filters | None = None,
        *,
        scenarios: str | Sequence[str] | None = None,
        states: str | Sequence[str] | None = None,
        since: str | Month | None = None,
        by: str | Month | None = None,
        dates: bool = False,
    ) -> pd.DataFrame:
        """Read part of a table, which is much faster than all of a long one and needs much less memory.

        Parameters
        ----------
        table : str
            ``outcomes``, ``trajectories``, ``events``, ``challenges``, ``draws``, ``parameters``,
            ``territories`` or ``failures``.
        columns : str or sequence of str, optional
            All without it.
        filters : list of (column, operator, value), optional
            As in `pyarrow.parquet.read_table`, for example ``[("replicate", "<", 100)]``.
        scenarios : str or sequence of str, optional
            Rows of these alone.
        states : str or sequence of str, optional
            Rows of these states alone, by code, name or region, also with commas between; ``RUS`` has
            Moscow's own series.
        since, by : str or Month, optional
            The first and the last month, both read.
        dates : bool
            Give months as dates, each the first of its month, for axes of time and for `resample`; otherwise
            as texts such as ``2014-03``.

        Raises
        ------
        ResultsError
            If the folder has no such table, or the table no such column or scenario.
        RequestError
            If there is no such state, or one is no month.

        Examples
        --------
        >>> results.read("trajectories", ["replicate", "month", "alignment"], states="KGZ")  # doctest: +SKIP
        """
        where = self._where(table, filters, scenarios, states, since, by)
        return frame(self.table(table, columns, where), dates=dates)

    def parts(
        self,
        table: str,
        columns: str | Sequence[str] | None = None,
        filters: Filters | None = None,
        *,
        scenarios: str | Sequence[str] | None = None,
        states: str | Sequence[str] | None = None,
        since: str | Month | None = None,
        by: str | Month | None = None,
        dates: bool = False,
        runs: int = 1_000,
    ) -> Iterator[pd.DataFrame]:
        """Read a long table some runs at a time, so that memory suffices however many there are.

        Parameters
        ----------
        table, columns, filters, scenarios, states, since, by, dates
            As for `read`.
        runs : int
            A part, about; each run is in one part alone.

        Yields
        ------
        DataFrame
            Rows in the order of the table, whose index begins anew in each part. A table that is not long,
            such as ``outcomes``, is one part.

        Raises
        ------
        ResultsError, RequestError
            As for `read`.
        """
        where = self._where(table, filters, scenarios, states, since, by)
        columns = None if columns is None else several(columns, "columns")
        path = self._path_of(table, columns, where)
        if table not in LONG:
            yield frame(self.table(table, columns, where), dates=dates)
            return
        for rows in _groups(path, columns, where, runs):
            yield frame(rows, dates=dates)

    def table(
        self, table: str, columns: str | Sequence[str] | None = None, filters: Filters | None = None
    ) -> pa.Table:
        """Read part of a table in Arrow's form; arguments and errors are those of `read`."""
        columns = None if columns is None else several(columns, "columns")
        path = self._path_of(table, columns, filters)
        try:
            return read_named(path, columns, filters)
        except pa.ArrowInvalid:
            raise ResultsError(self._damaged(path.name)) from None

    def whole_table(self, table: str, schema: pa.Schema, filters: Filters | None = None) -> pa.Table:
        """Read rows of a table that must have every column of a schema.

        Raises
        ------
        ResultsError
            As for `read`, or if a column is missing, as in results of version 0.1.0.
        """
        from sim.experiment.columns import check_schema  # noqa: PLC0415 - reads the model

        rows = self.table(table, filters=filters)
        check_schema(rows.column_names, schema, f"{self.path / table}.parquet")
        return rows

    # -- what is asked for, checked --------------------------------------------------------------------

    def _path_of(self, table: str, columns: Sequence[str] | None, filters: Filters | None) -> Path:
        """Return a table's file, once it is sure that it is there and has some columns."""
        path = self.path / f"{table}.parquet"
        if not path.is_file():
            close = nearest(table, [item.stem for item in self.path.glob("*.parquet")])
            hint = f"; did you mean {close}?" if close else self._tables() or self._remark()
            raise ResultsError(f"{self.path} has no {printable(path.name)[:80]}{hint}")
        try:
            known = names_of(path)
        except pa.ArrowInvalid:
            raise ResultsError(self._damaged(path.name)) from None
        for name in [*(columns or ()), *(name for name, _, _ in filters or ())]:
            if today(name, table) not in known:
                close = nearest(str(name), known)
                hint = f"; did you mean {close}?" if close else ""
                raise ResultsError(f"{path} has no column {name!r}{hint}")
        return path

    def _where(
        self,
        table: str,
        filters: Filters | None,
        scenarios: str | Sequence[str] | None,
        states: str | Sequence[str] | None,
        since: str | Month | None,
        by: str | Month | None,
    ) -> list[tuple[str, str, Any]] | None:
        """Return all conditions, those on scenarios first: of other scenarios' groups nothing is read."""
        found: list[tuple[str, str, Any]] = []
        if scenarios is not None:
            found.append(
                ("scenario", "in", [self._scenario(name) for name in several(scenarios, "scenarios")])
            )
        found += filters or []
        if states is not None:
            found.append(("state", "in", _states(states)))
        found += [
            ("month", sign, str(_month(month)))
            for sign, month in ((">=", since), ("<=", by))
            if month is not None
        ]
        return found or None

    def _scenario(self, name: str) -> str:
        raise NotImplementedError

    def _remark(self) -> str:
        """Return why a table may be missing, if that is known."""
        return ""

    def _tables(self) -> str:
        """Say where the runs of an analysis are that leaves tables of text, such as ``sim sweep``, if any."""
        runs = self.path / "runs.csv"
        return f": its runs are in {runs}, which pandas.read_csv reads" if runs.is_file() else ""

    def _damaged(self, name: str) -> str:
        return f"{self.path / name} is damaged: the command that made the results makes it again"


def frame(rows: pa.Table, *, dates: bool = False) -> pd.DataFrame:
    """Return rows for pandas, months as texts, so that they can be compared with <, or as dates."""
    if "month" in rows.column_names:
        place = rows.column_names.index("month")
        rows = rows.set_column(place, "month", rows["month"].cast(pa.string()))
    found: pd.DataFrame = rows.to_pandas()
    if dates and "month" in found:
        found["month"] = pd.to_datetime(found["month"], format="%Y-%m")
    return found


def _groups(
    path: Path, columns: Sequence[str] | None, filters: Filters | None, runs: int
) -> Iterator[pa.Table]:
    """Yield rows of a long table, about so many runs at a time; of scenarios that are not asked for none."""
    written, now = names_of(path), partial(today, table=path.stem)
    asked = [now(name) for name in (*(columns or ()), *(name for name, _, _ in filters or ()))]
    read = None if columns is None else [written[name] for name in dict.fromkeys(asked)]
    renamed = [(written[now(name)], sign, value) for name, sign, value in filters or ()]
    where = pq.filters_to_expression(renamed) if renamed else None
    wanted = next((value for name, sign, value in renamed if (name, sign) == ("scenario", "in")), None)
    with pq.ParquetFile(path) as file:
        place = file.schema_arrow.names.index("scenario")
        numbers = [
            number
            for number in range(file.num_row_groups)
            if wanted is None or _may_hold(file.metadata.row_group(number), place, wanted)
        ]
        for together in _together(file, numbers, runs):
            rows = file.read_row_groups(together, columns=read)
            rows = rows if where is None else rows.filter(where)
            rows = rows.rename_columns([now(name) for name in rows.column_names])
            yield rows if columns is None else rows.select([now(name) for name in columns])


def _together(file: pq.ParquetFile, numbers: Sequence[int], runs: int) -> Iterator[list[int]]:
    """Yield groups that hold about so many runs together, at least one."""
    place = file.schema_arrow.names.index("replicate")
    held: list[int] = []
    inside = 0
    for number in numbers:
        group = file.metadata.row_group(number)
        found = group.column(place).statistics if group.num_rows else None
        size = found.max - found.min + 1 if found is not None and found.has_min_max else _RUNS_A_GROUP
        if held and inside + size > runs:
            yield held
            held, inside = [], 0
        held.append(number)
        inside += size
    if held:
        yield held


def _may_hold(group: Any, place: int, scenarios: Sequence[str]) -> bool:
    """Whether rows of some scenarios may be in a row group; this package writes one scenario into each."""
    statistics = group.column(place).statistics if group.num_rows else None
    if statistics is None or not statistics.has_min_max:
        return bool(group.num_rows)
    return any(statistics.min <= name <= statistics.max for name in scenarios)


def _month(month: str | Month) -> Month:
    try:
        return month if isinstance(month, Month) else Month.parse(str(month))
    except ValueError as error:
        raise RequestError(str(error)) from None


def _states(given: str | Sequence[str]) -> list[str]:
    from sim.explain.words import find_states  # noqa: PLC0415 - reads the record
    from sim.world.state import STATES  # noqa: PLC0415

    return list(find_states(given, (*STATES, MOSCOW)))
