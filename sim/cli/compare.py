"""``sim compare``: several scenarios with common random numbers."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from typing import Any

import click

from sim.cli.console import Command
from sim.cli.execute import Display, called, draw, execute, report_failures, report_folder
from sim.cli.options import StateName, run_options, scenario_argument


@click.command(
    cls=Command,
    short_help="Run several scenarios and compare them.",
    examples=(
        "sim compare baseline piontkovsky dubnov kuzio",
        "sim compare scenarios/*.yaml --runs 20 --out results/quick",
        "sim compare baseline mine.yaml --baseline baseline --no-figures",
        "sim compare piontkovsky --without P3",
        "sim compare baseline dubnov --set costs.loan_attention=0.6",
        "sim compare baseline dubnov --runs 40 --state KGZ --state Georgia",
        "sim compare baseline kuzio --runs 1000 --until street_falls=0.5",
    ),
)
@scenario_argument("scenarios", many=True)
@click.option("--baseline", help="Scenario to compare the others with.  [default: baseline, or the first]")
@click.option("--baseline-too", is_flag=True, help="Make the changes in the baseline as well.")
@click.option(
    "--state",
    "states",
    type=StateName(),
    metavar="CODE",
    multiple=True,
    help="Show what happens to this state besides, such as KGZ or Kyrgyzstan; repeatable.",
)
@run_options
def compare(
    scenarios: tuple[str, ...],
    *,
    baseline: str | None,
    baseline_too: bool,
    states: tuple[str, ...],
    **options: Any,
) -> None:
    """Run several scenarios and compare their outcomes.

    Each SCENARIO is a shipped name (see `sim list`) or a file. All run with one seed, so that the same
    replicate shares its random numbers and differences are the scenarios' own. --set, --without and --with
    leave the baseline as it is, and give what they change a name that says so; one SCENARIO alone is
    compared with what it is changed to. Start, years, mode and citizens are set in all.
    """
    from sim.experiment.experiment import Experiment

    display, how = Display.split(options)
    experiment = Experiment(
        scenarios,
        comparing=True,
        baseline=baseline,
        baseline_too=baseline_too,
        name="compare",
        command=called(),
        **how,
    )
    results = execute(experiment, display, out=options["out"])
    report_failures(results)

    from sim.analysis.compare import compare as compare_results
    from sim.experiment.files import replacing

    comparison = compare_results(results, experiment.baseline)
    by_state = comparison.by_state(states) if states else None
    tables = {"comparison": comparison.labelled(), "comparison_by_state": by_state}
    for name, table in tables.items():
        csv, parquet = results.path / f"{name}.csv", results.path / f"{name}.parquet"
        if table is None:  # one of an earlier call would be of other runs
            csv.unlink(missing_ok=True)
            parquet.unlink(missing_ok=True)
            continue
        with replacing(csv) as partial:
            table.to_csv(partial, float_format="%.6g", lineterminator="\n")
        with replacing(parquet) as partial:
            table.to_parquet(partial)
    if not display.quiet:
        from sim.cli.console import output
        from sim.cli.tables import comparison_tables, end_state_legend, end_state_table, legend, state_tables

        console = output()
        if comparison.caution:
            console.print(f"Caution: {comparison.caution}.\n")
        shown = list(comparison_tables(comparison, console.width))
        if by_state is not None:
            shown += state_tables(by_state, comparison, console.width)
        for each in shown:
            console.print(each)
            console.print()
        console.print(legend(comparison, by_state=by_state is not None))
        console.print()
        console.print(end_state_table(comparison))
        console.print(end_state_legend(comparison))
    report_folder(results, draw(results, display), quiet=display.quiet)
