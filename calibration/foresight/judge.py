"""Hold each statement against the record, and against runs that start when its article appeared."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd

from calibration.ensemble.origins import Origin
from calibration.ensemble.store import EnsembleStore
from calibration.foresight.quantities import COUNTED, alignment_gain, since
from calibration.history import ObservedHistory, Window
from calibration.record.load import documented_tables
from calibration.statistics.measurement import Measurement
from sim.months import Month

_ERROR_SEED = 20_160_701  # of the measurement errors
_GAIN = "alignment_gain"
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "above": lambda value, threshold: value > threshold,
    "at_least": lambda value, threshold: value >= threshold,
    "at_most": lambda value, threshold: value <= threshold,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a thesis said would come, as a yes or no that a history answers.

    Parameters
    ----------
    thesis, claim : str
    article : Month
        Of the article; facts count from the month after.
    start : Month
        Of the runs: the January nearest to the article, since histories hold full years.
    expected : str
        In plain words.
    quantity : str
        One of `COUNTED`, or ``alignment_gain:STATE``.
    comparison : str
        ``above``, ``at_least`` or ``at_most``.
    threshold : float
    table : str
        Of the record, that tells what happened.
    note : str
    """

    thesis: str
    claim: str
    article: Month
    start: Month
    expected: str
    quantity: str
    comparison: str
    threshold: float
    table: str
    note: str

    @property
    def origin(self) -> Origin:
        """Where the runs start; they end with 2024."""
        return Origin(str(self.start), 2025 - self.start.year, "free")

    def value(self, history: ObservedHistory, record: ObservedHistory) -> float:
        """Return the quantity in a history, from the month after the article and the start on."""
        name, _, state = self.quantity.partition(":")
        if name == _GAIN:
            return alignment_gain(history, record, state, self.start)
        return COUNTED[name](since(history, max(self.article + 1, self.start)), self.start)

    def holds(self, value: float) -> bool:
        """Whether a value is what was expected."""
        return _COMPARE[self.comparison](value, self.threshold)


def load_statements() -> tuple[Statement, ...]:
    """Read the table of statements that comes with the package."""
    table = documented_tables(files("calibration.foresight") / "tables")["statements"]
    return tuple(
        Statement(
            row["thesis"], row["claim"], Month.parse(row["article"]), Month.parse(row["start"]),
            row["expected"], row["quantity"], row["comparison"], float(row["threshold"]),
            row["table"], row["note"],
        )
        for row in table.to_dict("records")
    )  # fmt: skip


def judge(
    store: EnsembleStore,
    statements: Sequence[Statement],
    record: ObservedHistory,
    *,
    measurement: Measurement,
    baseline: str = "baseline",
    progress: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Return each statement, what happened, and what the model gave it under the thesis and without one.

    A probability is (k + 1/2) / (n + 1) of the runs in which the quantity is defined. Surprise is the
    negative binary logarithm of the probability given to what happened, in bits: 1 is a coin's.

    Raises
    ------
    EnsembleError
        If runs are missing.
    """
    rows = []
    for done, statement in enumerate(statements, 1):
        window = Window(statement.start.year, record.window.last)
        seen = statement.value(record.within(window), record)
        known = not math.isnan(seen)
        came = statement.holds(seen) if known else None
        row: dict[str, object] = {
            "thesis": statement.thesis, "claim": statement.claim, "article": str(statement.article),
            "expected": statement.expected, "from": str(max(statement.article + 1, statement.start)),
            "until": f"{window.last}-12", "quantity": statement.quantity,
            "asked": f"{statement.comparison.replace('_', ' ')} {statement.threshold:g}",
            "happened": seen, "came_true": came,
        }  # fmt: skip
        for label, thesis in (("thesis", statement.thesis), ("baseline", baseline)):
            given, runs = _probability(store, statement, thesis, record, measurement)
            row[f"expected_by_{label}"], row[f"runs_{label}"] = given, runs
            of_it = given if came else 1 - given
            row[f"surprise_{label}"] = -math.log2(of_it) if known else math.nan
        rows.append({**row, "table": statement.table, "note": statement.note})
        if progress is not None:
            progress(done)
    return pd.DataFrame(rows)


def _probability(
    store: EnsembleStore, statement: Statement, thesis: str, record: ObservedHistory, measurement: Measurement
) -> tuple[float, int]:
    values = []
    for draw, repeat, history in store.histories(thesis, statement.origin):
        generator = np.random.default_rng((_ERROR_SEED, draw, repeat))
        values.append(statement.value(measurement.apply(history, generator), record))
    known = [value for value in values if not math.isnan(value)]
    return (sum(map(statement.holds, known)) + 0.5) / (len(known) + 1), len(known)
