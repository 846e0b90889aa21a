"""``sim signposts``: what to watch, and what has been seen says."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.console import Command
from sim.cli.execute import called, report_failures
from sim.cli.kinds import MonthName, ShippedName
from sim.cli.options import (
    adopt_option,
    force_option,
    format_option,
    given_options,
    out_option,
    quiet_option,
    seed_option,
    set_option,
    switch_options,
    workers_option,
    yes_option,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.analysis.odds import Odds
    from sim.experiment.results import Results
    from sim.figures import Source
    from sim.months import Month

_RUN_OPTIONS = ("runs", "seed", "workers", "force", "adopt", "allow_large", "changes", "without", "with_")
_LEGEND = (
    "A signpost is an event that happens at least so often in these years of a run. Bits: how much of "
    "the question it answers (log2 of the number of scenarios would be all), less what it does with shuffled "
    "labels. Signposts that do not exceed chance are left out: what the best of all exceeds in 5 % of "
    "shuffles. Percentages: share of runs in which it happens."
)


@click.command(
    cls=Command,
    short_help="Show which events to watch, and what seen ones say.",
    examples=(
        "sim signposts results/compare",
        "sim signposts results/compare baseline dubnov --years 2",
        "sim signposts results/compare baseline dubnov --from 2026-12 --figure",
        "sim signposts results/compare --apart 'end state' --years 5 --out results/signposts",
        "sim signposts baseline dubnov --runs 100",
        "sim signposts results/compare --seen seen.yaml",
    ),
)
@click.argument(
    "sources", metavar="FOLDER|SCENARIO [SCENARIO]...", nargs=-1, required=True, type=ShippedName("scenario")
)
@click.option(
    "--apart",
    "by",
    type=click.Choice(("scenario", "end state")),
    default="scenario",
    show_default=True,
    help="What the events should separate.",
)
@click.option(
    "--years",
    type=click.IntRange(min=1),
    multiple=True,
    help="Length of a window; repeatable.  [default: 1, 2 and 5, as far as runs reach]",
)
@click.option(
    "--from",
    "since",
    type=MonthName(),
    metavar="MONTH",
    help="Count events from this month on, such as 2026-12.  [default: the first]",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Largest number of rows in a table.",
)
@click.option(
    "--seen",
    type=click.Path(path_type=Path),
    help="A file of what has happened: `until: 2011-12`, and under `seen:` a list of statements such as "
    "`- fall:street KGZ >= 1`. Shows how that changes odds and outcomes.",
)
@click.option(
    "--error",
    type=click.FloatRange(0, 0.5, max_open=True),
    default=0.05,
    show_default=True,
    help="With --seen: chance that a statement fails in a run that fits all the same.",
)
@click.option("--figure", is_flag=True, help="Draw the signposts of each window; not with --seen.")
@format_option
@click.option("--runs", "-n", type=click.IntRange(min=2), help="Runs of each SCENARIO.  [default: its own]")
@seed_option("the scenario's")
@workers_option("one a core, fewer for few runs")
@out_option("Folder for the runs of SCENARIOs; with FOLDER, for signposts.csv or odds.csv.")
@force_option
@adopt_option
@yes_option
@set_option
@switch_options
@quiet_option
def signposts(
    sources: tuple[str, ...],
    *,
    by: str,
    years: tuple[int, ...],
    since: Month | None,
    top: int,
    seen: Path | None,
    error: float,
    figure: bool,
    formats: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Show which events to come separate scenarios or end states; with --seen, what events that came say.

    FOLDER holds stored runs. All its scenarios are used, or those that you name. Without a FOLDER the
    SCENARIOs are run first, with common random numbers.

    Windows begin with the runs, or with --from: then the question is what to watch from that month on.
    A signpost that a thesis assumes, by the audit of the outcome that counts it, is marked.
    """
    from sim.analysis.odds import odds
    from sim.analysis.seen import read_seen
    from sim.analysis.signposts import signposts as find_signposts

    if figure and seen is not None:
        raise click.UsageError("--figure draws signposts; --seen shows none")

    told = read_seen(seen) if seen is not None else None  # a wrong file costs no runs
    results, names, folder = _results(sources, options, quiet)
    drawn: list[Path] = []
    if told is None:
        table = find_signposts(results, scenarios=names, by=by, years=years or None, since=since)
        written = _write(table, folder, "signposts.csv")
        printed, legend = _signpost_tables(table, top), " ".join([_LEGEND, *_audit_legend(table)])
        if figure:
            from sim.figures import source_of

            source = source_of(results.outcomes, results.about).only(names or results.scenarios)
            drawn = _draw(table, source, (folder or results.path) / "figures", top, formats)
    else:
        months = told.months_from(results, since)
        found = odds(
            results, told.statements, months=months, since=since, scenarios=names, by=by, error=error
        )
        written = _write(found.table.reset_index(), folder, "odds.csv")
        printed, legend = _odds_tables(found), _odds_legend(found, error)
    if not quiet:
        from sim.cli.console import output

        console = output()
        for each in printed:
            console.print(each)
            console.print()
        console.print(legend)
    if written is not None:
        click.echo(written if quiet else f"\nWritten: {written}")
    for path in drawn if not quiet else ():
        click.echo(f"Figure: {path}")


def _draw(
    table: pd.DataFrame, source: Source, folder: Path, top: int, formats: tuple[str, ...]
) -> list[Path]:
    """Draw the signposts of each window that has any."""
    from sim.figures import what_to_watch
    from sim.figures.saving import save_all

    return [
        path
        for years, part in table.groupby("years", sort=False)
        if part["exceeds"].any()
        for path in save_all(what_to_watch(part, source, most=top), folder, f"signposts_{years}", formats)
    ]


def _results(
    sources: tuple[str, ...], options: dict[str, Any], quiet: bool
) -> tuple[Results, tuple[str, ...], Path | None]:
    """Open stored runs or make them; return them, the scenarios to be used, and where tables go."""
    from sim.cli.console import remark, remarked_warnings, telling_how_to_resume
    from sim.experiment.experiment import Experiment
    from sim.experiment.folder import make_folder
    from sim.experiment.results import is_results, open_results

    if is_results(sources[0]):
        if wrong := given_options(*_RUN_OPTIONS):
            raise click.UsageError(
                f"{wrong[0]} goes with SCENARIOs that are run: {sources[0]} holds runs already"
            )
        if options["out"] is not None:
            make_folder(options["out"])
        return open_results(sources[0]), sources[1:], options["out"]
    experiment = Experiment(sources, name="signposts", command=called(), **options)
    for note in experiment.notes:
        remark(note)
    with telling_how_to_resume(options["out"], experiment.folder), remarked_warnings():
        results = experiment.run(progress=not quiet)
    report_failures(results)
    return results, (), results.path


def _write(table: pd.DataFrame, folder: Path | None, name: str) -> Path | None:
    from sim.experiment.files import write_csv

    if folder is None:
        return None
    write_csv(folder / name, table)
    return folder / name


def _signpost_tables(table: pd.DataFrame, top: int) -> Iterator[Table]:
    """Yield a table a window."""
    from sim.analysis.observables import in_words
    from sim.cli.console import plain_table
    from sim.explain.words import counted, times

    shares = [name for name in table if str(name).startswith("share: ")]
    marked = bool(len(table)) and bool((table["assumed"] != "").any() or (table["unaudited"] != "").any())
    for (since, years), part in table.groupby(["from", "years"], sort=False):
        sure = part[part["exceeds"].astype(bool)]
        title = f"In {counted(int(str(years)), 'year')} from {since}: {len(sure) or 'none'} of {len(part)} "
        title += f"observables exceed chance ({part['chance'].iloc[0]:.2f} bits)"
        if sure.empty:
            yield plain_table("", title)
            continue
        heads = [str(name).removeprefix("share: ") for name in shares]
        audit = ["assumed in"] if marked else []
        shown = plain_table(title, "", "name", "at least", "bits", *heads, *audit, numbers=True)
        for row in sure.head(top).to_dict("records"):
            cells = [f"{row[name]:.0%}" for name in shares]
            shown.add_row(
                in_words(str(row["observable"])),
                str(row["observable"]),
                times(int(row["threshold"])),
                f"{row['bits']:.2f}",
                *cells,
                *([_assumed(row)] if marked else []),
            )
        yield shown


def _assumed(row: Mapping[Any, Any]) -> str:
    """Return in which scenarios a signpost is assumed, or that it is not audited."""
    from sim.analysis.written import DAGGER

    if row["assumed"]:
        return f"{DAGGER} {row['assumed']}"
    return "not audited" if row["unaudited"] else ""


def _audit_legend(table: pd.DataFrame) -> Iterator[str]:
    """Yield what the marks of the tables mean, as far as there are any."""
    from sim.analysis.written import SIGNPOST_ASSUMED, SIGNPOST_UNAUDITED

    sure = table[table["exceeds"].astype(bool)]
    if (sure["assumed"] != "").any():
        yield SIGNPOST_ASSUMED
    if ((sure["assumed"] == "") & (sure["unaudited"] != "")).any():
        yield SIGNPOST_UNAUDITED


def _odds_tables(found: Odds) -> Iterator[Table]:
    """Yield the odds, and the outcomes before and after."""
    from sim.analysis.sweep import label_of
    from sim.analysis.written import number
    from sim.cli.console import plain_table
    from sim.measures import OUTCOMES

    table = plain_table("What was seen says", "", "before", "after", "95 % interval", numbers=True)
    for name, row in found.table.iterrows():
        interval = f"{row['low']:.0%} to {row['high']:.0%}"
        table.add_row(str(name), f"{row['before']:.0%}", f"{row['after']:.0%}", interval)
    yield table
    table = plain_table("Outcomes of the whole runs", "", "all", "by weight", numbers=True)
    for name, row in found.outcomes.iterrows():
        label = label_of(str(name)) if str(name) in OUTCOMES else str(name)
        table.add_row(label, number(float(row["before"])), number(float(row["after"])))
    yield table


def _odds_legend(found: Odds, error: float) -> str:
    seen, fit = "; ".join(map(str, found.statements)), f"{found.matching} of {found.runs} runs fit in full"
    missing = (
        f"; the others, with an error of {error:g} a statement, have {found.part_missing:.0%} of the weight"
    )
    worth = f"All weights are worth {found.effective:.0f} equal runs."
    return (
        f"Seen in {found.months} months from {found.since}: {seen}. {fit}{missing}. {worth} "
        "Scenarios count alike before. The odds are among these alone, and none need be right."
    )
