"""``sim signposts``: what to watch, and what has been seen says."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.console import Command, drawing
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
    states_option,
    switch_options,
    workers_option,
    yes_option,
)

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.analysis.seen import Seen
    from sim.experiment.results import Results
    from sim.figures import Source
    from sim.months import Month

_RUN_OPTIONS = ("runs", "seed", "workers", "force", "adopt", "allow_large", "changes", "without", "with_")


@click.command(
    cls=Command,
    short_help="Show which events to watch, and what seen ones say.",
    examples=(
        "sim signposts results/compare",
        "sim signposts results/compare baseline dubnov --years 2",
        "sim signposts results/compare baseline dubnov --from 2026-12 --figure",
        "sim signposts results/compare --state Moldova,KGZ",
        "sim signposts results/compare --apart 'end state' --years 5 --out results/signposts",
        "sim signposts baseline dubnov --runs 100",
        "sim signposts results/compare --seen seen.yaml",
        "sim signposts results/compare --seen seen.yaml --from 2028-01 --figure",
        "sim signposts results/compare --check --figure",
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
    help="Count events from this month on, such as 2026-12. After the last month of --seen: what to watch "
    "from then on, in the runs that fit what was seen.  [default: the first]",
)
@states_option(shows="Only signposts about these states")
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
    "`- fall:street KGZ >= 1`, perhaps with months of their own (`from 2011-01 by 2011-06`). Shows how that "
    "changes odds and outcomes; with a later --from, what to watch next.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Check the odds instead: take each run of one half of the replicates for the truth, and count how "
    "often the odds that the other half gives come true.",
)
@click.option(
    "--error",
    type=click.FloatRange(0, 0.5, max_open=True),
    help="For the odds of --seen and for --check: chance that a statement fails in a run that fits all the "
    "same.  [default: 0.05]",
)
@click.option(
    "--figure",
    is_flag=True,
    help="Draw the signposts of each window, or what --check finds; with --seen only if --from comes later.",
)
@format_option
@click.option("--runs", "-n", type=click.IntRange(min=2), help="Runs of each SCENARIO.  [default: its own]")
@seed_option("the scenario's")
@workers_option("one a core, fewer for few runs")
@out_option("Folder for the runs of SCENARIOs; with FOLDER, for signposts.csv, odds.csv or reliability.csv.")
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
    states: tuple[str, ...],
    top: int,
    seen: Path | None,
    check: bool,
    error: float | None,
    figure: bool,
    formats: tuple[str, ...],
    quiet: bool,
    **options: Any,
) -> None:
    """Show which events to come separate scenarios or end states; with --seen, what events that came say.

    FOLDER holds stored runs. All its scenarios are used, or those that you name. Without a FOLDER the
    SCENARIOs are run first, with common random numbers.

    Windows begin with the runs, or with --from: then the question is what to watch from that month on. All
    runs count, whatever came before in them. With --seen, and --from after its last month, only those count
    in which all that was seen holds.

    A signpost that a thesis assumes, by the audit of the outcome that counts it, is marked.

    With --check it shows how often the odds of --seen come true where the answer is known.
    """
    from sim.analysis.odds import ERROR
    from sim.analysis.seen import read_seen

    if check and seen is not None:
        raise click.UsageError("--check takes stored runs for what is seen; leave out --seen")
    told = read_seen(seen) if seen is not None else None  # a wrong file costs no runs
    later = told is not None and since is not None and since > told.until
    if figure and seen is not None and not later:
        raise click.UsageError(
            "--figure draws signposts, or what --check finds. With --seen there are signposts where --from "
            "comes after its last month; without that --seen gives odds"
        )
    if states and (check or (told is not None and not later)):
        what = "--check" if check else "--seen without a later --from"
        raise click.UsageError(f"--state chooses signposts, and {what} shows none: leave it out")
    if error is not None and not check and (told is None or later):
        raise click.UsageError(
            "--error belongs to odds, of --check or of --seen without a later --from: signposts have none"
        )
    results, names, folder = _results(sources, options, quiet)
    asked = _Asked(results, names, by, since, ERROR if error is None else error, states, quiet)
    if told is not None and not later:
        answer = _odds(asked, told)
    elif check:
        answer = _checked(asked, years, formats if figure else (), folder)
    else:
        answer = _watched(asked, told, years, top, formats if figure else (), folder)
    written = _write(answer.table, folder, answer.file)
    if not quiet:
        from sim.cli.console import output
        from sim.cli.signpost_tables import WIDTH

        console = output(WIDTH)
        for each in answer.printed:
            console.print(each)
            console.print()
        console.print(answer.legend)
    if written is not None:
        click.echo(written if quiet else f"\nWritten: {written}")
    for path in answer.drawn if not quiet else ():
        click.echo(f"Figure: {path}")


@dataclass(frozen=True)
class _Asked:
    """What is asked of which runs."""

    results: Results
    names: tuple[str, ...]
    by: str
    since: Month | None
    error: float
    states: tuple[str, ...] = ()
    quiet: bool = False

    @property
    def source(self) -> Source:
        from sim.figures import source_of

        return source_of(self.results.outcomes, self.results.about).only(self.names or self.results.scenarios)

    def figures(self, folder: Path | None) -> Path:
        return (folder or self.results.path) / "figures"

    def file_of(self, window: pd.DataFrame) -> str:
        """Return what the figure of a window is called, so that no other overwrites it."""
        first = window.iloc[0]
        ends = "_end-states" if self.by == "end state" else ""
        seen = "_seen" if first["given"] else ""
        about = "".join(f"_{code}" for code in self.states)
        return f"signposts_{first['from']}_{first['years']}y{ends}{seen}{about}"


@dataclass(frozen=True)
class _Answer:
    """A table for a file, what is printed of it, and figures."""

    table: pd.DataFrame
    file: str
    printed: Iterable[Table | str]
    legend: str
    drawn: Sequence[Path] = ()


def _watched(
    asked: _Asked, told: Seen | None, years: tuple[int, ...], top: int, formats: tuple[str, ...],
    folder: Path | None,
) -> _Answer:  # fmt: skip
    """Find the signposts of each window, after what has been seen if anything was, and draw them."""
    from sim.analysis.signposts import signposts as find
    from sim.cli.signpost_tables import LEGEND, audit_legend, runs_legend, signpost_tables
    from sim.figures import save_all, what_to_watch

    table = find(
        asked.results, scenarios=asked.names, by=asked.by, years=years or None, since=asked.since,
        seen=told.statements if told is not None else (), until=told.until if told is not None else None,
        states=asked.states,
    )  # fmt: skip
    drawn: list[Path] = []
    with drawing(shown=bool(formats) and not asked.quiet):
        for _, part in table.groupby("years", sort=False):
            if formats and part["exceeds"].any():
                figure = what_to_watch(part, asked.source, most=top)
                drawn += save_all(figure, asked.figures(folder), asked.file_of(part), formats)
    used = asked.names or asked.results.scenarios
    legend = " ".join([LEGEND, *runs_legend(table, used, asked.since, told), *audit_legend(table)])
    return _Answer(table, "signposts.csv", signpost_tables(table, top), legend, drawn)


def _odds(asked: _Asked, told: Seen) -> _Answer:
    """Reckon what has been seen says."""
    from sim.analysis.odds import odds
    from sim.cli.signpost_tables import odds_legend, odds_tables, uncounted

    months = told.months_from(asked.results, asked.since)
    found = odds(
        asked.results, told.statements, months=months, since=asked.since, scenarios=asked.names, by=asked.by,
        error=asked.error,
    )  # fmt: skip
    legend = " ".join([odds_legend(found, asked.error), *uncounted(asked.since)])
    return _Answer(found.table.reset_index(), "odds.csv", odds_tables(found), legend)


def _checked(asked: _Asked, years: tuple[int, ...], formats: tuple[str, ...], folder: Path | None) -> _Answer:
    """Check how often odds come true, and draw it."""
    from sim.analysis.reliability import check_odds
    from sim.cli.signpost_tables import CHECK_LEGEND, check_tables, uncounted
    from sim.figures import reliability_curve, save_all

    found = check_odds(
        asked.results, scenarios=asked.names, by=asked.by, years=years or None, since=asked.since,
        error=asked.error,
    )  # fmt: skip
    drawn: list[Path] = []
    if formats:
        with drawing(shown=not asked.quiet):
            curve = reliability_curve(found.table, asked.source)
            drawn = save_all(curve, asked.figures(folder), "reliability", formats)
    legend = " ".join([CHECK_LEGEND, *uncounted(asked.since)])
    return _Answer(found.table, "reliability.csv", check_tables(found), legend, drawn)


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
