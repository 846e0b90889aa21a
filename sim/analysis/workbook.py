"""The sheets of a workbook: every number as a number, under names that can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.analysis.ends import difference_of
from sim.analysis.ends import labelled as ends_labelled
from sim.analysis.intervals import visible
from sim.measures import OUTCOMES, STATE_OUTCOMES, Outcome

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from sim.analysis.compare import Comparison
    from sim.analysis.effects import Effects

NUMBERS, SHARES, BY_STATE = "numbers", "shares of end states", "numbers by state"
OF_EFFECTS, OF_EFFECTS_BY_STATE = "differences between effects", "the same by state"
"""Names of the sheets of `numbers`."""

_NAMES = {
    "sd": "standard deviation", "q05": "5 % of runs below", "q95": "95 % of runs below",
    "pairs": "pairs of runs", "low": "difference low (95 %)", "high": "difference high (95 %)",
    "above": "share of pairs above", "tied": "share of pairs equal", "star": "star of the difference",
}  # fmt: skip
_SHARE_NAMES = {
    "runs": "runs that end so",
    "share": "share of runs",
    "low": "share low (95 %)",
    "high": "share high (95 %)",
    "difference": "difference of shares",
    "difference_low": "difference of shares low (95 %)",
    "difference_high": "difference of shares high (95 %)",
    "difference_pairs": "pairs of runs",
    "difference_tied": "share of pairs equal",
    "star": "star of the difference",
}
_WIDEST, _NARROWEST = 44, 10  # columns, in characters
_LONGEST = 31  # characters of a sheet's name, by Excel
_PROSE = 100  # width of the one column of a sheet of sentences


def numbers(comparisons: Sequence[Comparison], effects: Effects | None = None) -> dict[str, pd.DataFrame]:
    """Return every number, by sheet: one row a scenario and outcome, or end state, or state and outcome.

    Parameters
    ----------
    comparisons : sequence of Comparison
    effects : Effects, optional
        By how much effects differ between theses: one row a scenario, thesis and outcome.
    """
    outcomes = pd.concat([item.labelled().assign(baseline=item.baseline) for item in comparisons])
    ends = pd.concat([ends_labelled(item) for item in comparisons])
    ends["star"] = visible(difference_of(ends))
    found = {
        NUMBERS: _named(outcomes.reset_index(), OUTCOMES),
        SHARES: ends.reset_index().rename(columns={"end_state": "end state", **_SHARE_NAMES}),
    }
    if comparisons[0].states:
        of_states = pd.concat(
            [item.of_states.assign(baseline=item.baseline) for item in comparisons if item.states]
        )
        found[BY_STATE] = _named(of_states.reset_index(), STATE_OUTCOMES)
    if effects is not None:
        found[OF_EFFECTS] = _of_effects(effects.values)
        if effects.states:
            found[OF_EFFECTS_BY_STATE] = _of_effects(effects.of_states)
    return found


def _of_effects(values: pd.DataFrame) -> pd.DataFrame:
    return values.reset_index().rename(
        columns={**_NAMES, "visible": _NAMES["star"], "against": "less that under"}
    )


def _named(rows: pd.DataFrame, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Return rows whose outcomes and columns are called as tables call them, with the unit of each."""
    names = rows["outcome"]
    place = rows.columns.get_loc("outcome")
    labels = [outcomes[name].label for name in names]
    table = rows.assign(outcome=labels, name=names, star=visible(rows)).rename(columns=_NAMES)
    table.insert(int(str(place)) + 1, "unit", [outcomes[name].unit for name in names])
    return table


def sheet_name(name: str) -> str:
    """Return a name as Excel takes it: without some characters, and short; its number keeps it unique."""
    return re.sub(r"[\[\]:*?/\\']", "-", name)[:_LONGEST]


def flat(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of text with one line of headings, and what its rows are in the first column."""
    parts = [name if table.columns.nlevels > 1 else [name] for name in table.columns]
    headings = [": ".join(map(str, part)) for part in parts]
    return table.set_axis(headings, axis=1).reset_index()


def dress(sheet: Worksheet, *, prose: bool) -> None:
    """Give a sheet widths, a heading that stays in sight, and long texts in lines; formulas become text.

    Parameters
    ----------
    sheet : Worksheet
    prose : bool
        Whether it is one column of sentences.
    """
    from openpyxl import styles, utils  # noqa: PLC0415 - in the extra `report`

    sheet.freeze_panes = "A2"
    for place, column in enumerate(sheet.iter_cols(), start=1):
        longest = max(len(str(cell.value)) for cell in column if not isinstance(cell.value, float))
        width = _PROSE if prose else min(max(longest + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[utils.get_column_letter(place)].width = width
        for cell in column:
            if cell.data_type == "f":  # a name that begins as a formula does is one all the same
                cell.data_type = "s"
            if prose or cell.row == 1:
                cell.alignment = styles.Alignment(wrap_text=True, vertical="top")
            elif isinstance(cell.value, float):
                cell.number_format = "0%" if "share" in str(column[0].value) else "0.00##"
