"""``calibrate skill``: forecasts by outcome, beside forecasters that need no model."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calibration.cli.looks import LAST, enter_look, look_options
from calibration.cli.options import CHALLENGE_CODINGS, out_option
from sim.cli.console import Command
from sim.cli.options import quiet_option

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

    from calibration.skill.tables import SkillTables

_STATES = ("all", "without the Baltics", "without Armenia", "without both")
"""Names of `calibration.skill.panel.STATE_SETS`."""

_ORIGINS = (2000, 2005, 2010, 2014, 2018)


@click.command(
    cls=Command,
    short_help="Score forecasts by outcome, beside simple ones.",
    examples=(
        "calibrate skill --to 2013",
        "calibrate skill --coding episodes --coding events --out results/skill",
        "calibrate skill --forecasts mine.csv",
        "calibrate skill --runs results/from-2014 --note 'severity of punishment'",
    ),
)
@click.option(
    "--forecasts", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Table (csv or parquet) of forecasts to score beside the simple ones: forecaster, origin, outcome"
    " (challenge, fall, side), state, year, probability; of the side also near_vote: 1, 0, or blank for"
    " both.  [default: the simple ones alone]",
)  # fmt: skip
@click.option(
    "--runs", "folders", type=click.Path(path_type=Path, exists=True, file_okay=False), multiple=True,
    help="Results folder of free runs that start in a January, scored as forecasts from there; may be given"
    " several times, one an origin.",
)  # fmt: skip
@click.option(
    "--coding", "codings", type=click.Choice(CHALLENGE_CODINGS), multiple=True,
    default=("episodes", "events"),
    show_default=True, help="What counts as a challenge (docs/RECORD.md); may be given several times.",
)  # fmt: skip
@click.option(
    "--origin", "origins", type=click.IntRange(1997, LAST), multiple=True, default=_ORIGINS,
    show_default=True, help="First year that is forecast; may be given several times.",
)  # fmt: skip
@click.option(
    "--states", "state_sets", type=click.Choice(_STATES), multiple=True, default=_STATES, show_default=True,
    help="States for which forecasts are made and scored; may be given several times.",
)  # fmt: skip
@look_options
@quiet_option
@out_option("skill")
def skill(
    forecasts: Path | None,
    folders: tuple[Path, ...],
    codings: tuple[str, ...],
    origins: tuple[int, ...],
    last: int,
    state_sets: tuple[str, ...],
    note: str,
    register: Path | None,
    seed: int,
    quiet: bool,
    out: Path | None,
) -> None:
    """Score forecasts of challenges, falls, Moscow's side and alignment, each by itself.

    The command compares every forecast with the base rate, each state's rate, persistence, and regressions on
    what was known at the start. Intervals draw whole states. If you score years after 2013, the look and its
    scores are entered in the register of looks before you see them.
    """
    from calibration.cli.runs import report_place
    from calibration.skill.runs import read_runs
    from calibration.skill.tables import skill_tables
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder, make_folder
    from sim.experiment.results import open_results

    known = sorted({origin for origin in origins if origin <= last})
    if not known:
        raise click.UsageError(f"no origin before {last + 1}: give --origin {last} or an earlier one")
    given = _read(forecasts) if forecasts is not None else None
    runs = [read_runs(open_results(folder)) for folder in folders]
    target = choose_folder(out, "skill")
    make_folder(target)
    sets = tuple(dict.fromkeys(("all", *state_sets)))
    found = skill_tables(tuple(dict.fromkeys(codings)), sets, known, last, given, runs, seed=seed)
    what = note or f"calibrate skill, codings {', '.join(codings)}"
    if forecasts is not None:
        what += f"; forecasts of {forecasts.name}"
    for part in runs:
        what += f"; {len(part.runs)} runs of {', '.join(part.scenarios)} from {part.origin}"
    enter_look(found, what, known, last, register)
    for name, table in found.tables.items():
        if name == "cases":
            table.to_parquet(target / "cases.parquet", index=False)
        else:
            table.to_csv(target / f"{name}.csv", index=False, float_format="%.6g")
    console = output(quiet=quiet)
    for shown in _tables(found):
        console.print(shown)
        console.print()
    console.print(
        "Log scores, lower is better: of the base rate, and how others differ from it (* where the 90 %"
        " interval, by bootstrap over states, excludes 0). AUC, from the last origin: chance that a state and"
        " year with the event is ranked above one without.",
        soft_wrap=True,
    )
    report_place("Scores", target, quiet=quiet)


def _read(path: Path) -> DataFrame:
    import pandas as pd
    import pyarrow

    from calibration.record.load import RecordError
    from calibration.skill.evaluate import check_given
    from sim.scenario import ScenarioError
    from sim.scenario.reader import decode

    try:
        table = (
            pd.read_parquet(path)
            if path.suffix == ".parquet"
            else pd.read_csv(io.StringIO(decode(path.read_bytes(), str(path))), keep_default_na=False)
        )
    except ScenarioError as error:
        raise RecordError(str(error)) from None
    except (ValueError, pyarrow.ArrowException) as error:
        raise RecordError(f"{path}: not a table: {str(error).splitlines()[0]}") from None
    return check_given(table, str(path))


def _tables(found: SkillTables) -> Iterator[Table]:
    scores = found.tables["scores"]
    for coding in dict.fromkeys(scores["coding"]):
        for outcome in ("challenge", "fall"):
            rows = scores[
                (scores["coding"] == coding) & (scores["outcome"] == outcome) & (scores["states"] == "all")
            ]
            if len(rows):
                yield _by_origin(rows, f"{outcome.capitalize()}, {coding}, 14 states")
    if "side" in found.tables:
        rows = found.tables["side"]
        rows = rows[(rows["coding"] == rows["coding"].iloc[0]) & (rows["states"] == "all")]
        yield _by_origin(rows, "Moscow backs the incumbent, given a challenge")


def _by_origin(rows: DataFrame, title: str) -> Table:
    from sim.cli.console import plain_table

    origins = list(dict.fromkeys(rows["origin"]))
    table = plain_table(title, "", *(f"{origin}" for origin in origins), "AUC", numbers=True)
    for name in dict.fromkeys(rows["forecaster"]):
        own = rows[rows["forecaster"] == name].set_index("origin")
        last = own.loc[origins[-2]] if len(origins) > 1 and origins[-2] in own.index else own.iloc[-1]
        cells = [cell(name, own.loc[origin].to_dict()) if origin in own.index else "-" for origin in origins]
        table.add_row(name, *cells, f"{last['auc']:.2f}")
    return table


def cell(name: str, row: dict[str, Any]) -> str:
    """Return a forecaster's score for the terminal: its difference from the base rate, with * if visible."""
    from calibration.skill.forecasters import BASE

    if row["log_difference"] == 0 and row["log_low"] == 0 == row["log_high"]:
        return f"{row['log']:.3f} " if name == BASE else "= base "
    clear = "*" if row["log_low"] > 0 or row["log_high"] < 0 else " "
    return f"{row['log_difference']:+.3f}{clear}"
