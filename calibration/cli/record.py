"""``calibrate record``: print, draw and write out the record."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calibration.cli.options import coding_option, out_option
from sim.cli.console import Command
from sim.cli.options import format_option

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

    from calibration.history import ObservedHistory


@click.command(
    cls=Command,
    short_help="Print and draw the record.",
    examples=("calibrate record", "calibrate record --coding archigos --out results/archigos"),
)
@coding_option
@out_option("record")
@format_option
def record(coding: str, out: Path | None, formats: tuple[str, ...]) -> None:
    """Show the record's tables with sources and licences, and the statistics that sum it up.

    Writes the record as the observed history with which runs are compared (facts.csv, years.csv). Also writes
    its statistics with 90 % intervals (statistics.csv), the dictionary of its columns (columns.csv) and
    figures.
    """
    import pandas as pd

    from calibration.comparison import FIT, TEST
    from calibration.ensemble.tables import facts_table, years_table
    from calibration.record.figures import alignment_figure, timeline_figure
    from calibration.record.load import read_dictionary
    from calibration.record.observed import CODINGS, RECORD, observed_record
    from calibration.record.yearly import alignments
    from calibration.source import CalibrationSource
    from calibration.statistics.summary import describe
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder, make_folder
    from sim.figures.saving import save_all
    from sim.months import Month

    target = choose_folder(out, "record")
    make_folder(target)
    history = observed_record(coding)
    windows = [window for window in (FIT, TEST) if window.last <= history.window.last]
    statistics = {str(window): describe(history, window) for window in windows}
    console = output()
    console.print(_tables(history))
    for window, table in statistics.items():
        console.print()
        console.print(_statistics(window, table))
    console.print(
        f"\nIntervals are exact at 90 %, or a bootstrap. A fall to the street: {CODINGS[coding]}. Falls to"
        " elites: new chief executives by palace coup; the pattern of falls to elites or rebels (1b) counts"
        " every overthrow but by the street, though the model has no rebels.",
        soft_wrap=True,
    )
    facts = facts_table([({"coding": coding}, history)])
    facts["month"] = [str(Month(month)) for month in facts["month"]]
    facts.to_csv(target / "facts.csv", index=False)
    years_table([({"coding": coding}, history)]).to_csv(target / "years.csv", index=False)
    pd.concat(statistics, names=["window", "statistic"]).to_csv(target / "statistics.csv")
    read_dictionary().to_csv(target / "columns.csv", index=False)
    source = CalibrationSource(coding=coding)
    figures = target / "figures"
    save_all(timeline_figure(history, source), figures, "timeline", formats)
    save_all(alignment_figure(alignments(RECORD), replace(source, coding="")), figures, "alignment", formats)
    console.print(f"\nRecord: {target}", soft_wrap=True)


def _tables(history: ObservedHistory) -> Table:
    from calibration.record.load import load_tables, read_dictionary
    from sim.cli.console import plain_table

    table = plain_table(f"The record's own tables ({history.window}; the rest is in sim/world/tables)",
                        "table", "rows", "sources", "licences")  # fmt: skip
    dictionary = read_dictionary()
    for name, rows in load_tables().items():
        own = dictionary[dictionary["file"] == f"{name}.csv"]
        sources, licences = ("; ".join(dict.fromkeys(own[key])) for key in ("source", "licence"))
        table.add_row(name, str(len(rows)), sources, licences)
    return table


def _statistics(window: str, rows: DataFrame) -> Table:
    from calibration.table import number
    from sim.cli.console import plain_table

    table = plain_table(f"{window}: statistics", "", "value", "90 % interval", "of", numbers=True)
    for row in rows.to_dict("records"):
        known = not math.isnan(row["low"])
        interval = f"({number(row['low'])}, {number(row['high'])})" if known else ""
        table.add_row(str(row["label"]), number(row["value"]), interval, str(row["based_on"]))
    return table
