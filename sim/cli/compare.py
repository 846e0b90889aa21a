"""``sim compare``: several scenarios on the same luck."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from typing import Any

import click

from sim.cli.command import Command
from sim.cli.execute import RunOptions, draw, execute, report_failures, report_folder
from sim.cli.options import run_options, scenario_argument


@click.command(
    cls=Command,
    short_help="Run several scenarios and compare them.",
    examples=(
        "sim compare null piontkovsky dubnov kuzio",
        "sim compare scenarios/*.yaml --runs 20 --out results/quick",
        "sim compare null mine.yaml --baseline null --no-figures",
        "sim compare piontkovsky --without P3",
        "sim compare null kuzio --runs 1000 --until street_falls=0.5",
    ),
)
@scenario_argument("scenarios", many=True)
@click.option("--baseline", help="Scenario that the others are held against.  [default: null, or the first]")
@run_options
def compare(scenarios: tuple[str, ...], baseline: str | None, **options: Any) -> None:
    """Run several scenarios and compare their outcomes.

    Each SCENARIO is a shipped name (see `sim list`) or a file. All run with one seed, so that the same
    replicate shares its luck and differences are the scenarios' own. --without and --with leave the
    baseline as it is; with one SCENARIO they hold it against itself.
    """
    given = RunOptions(**options)
    results = execute(scenarios, "compare", given, comparing=True, baseline=baseline)
    report_failures(results)

    from sim.results.compare import compare as compare_results
    from sim.runs.atomic import replacing

    comparison = compare_results(results, baseline)
    labelled = comparison.labelled()
    with replacing(results.path / "comparison.csv") as partial:
        labelled.to_csv(partial, float_format="%.6g", lineterminator="\n")
    with replacing(results.path / "comparison.parquet") as partial:
        labelled.to_parquet(partial)
    if not given.quiet:
        from sim.cli.console import output
        from sim.cli.tables import comparison_tables, end_state_table, legend

        console = output()
        for table in comparison_tables(comparison, console.width):
            console.print(table)
            console.print()
        console.print(legend(comparison))
        console.print()
        console.print(end_state_table(comparison))
    report_folder(results, [] if given.no_figures else draw(results), quiet=given.quiet)
