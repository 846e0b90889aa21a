"""``sim compare``: several scenarios with common random numbers."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.console import Command
from sim.cli.execute import Display, called, draw, execute, report_failures, report_folder
from sim.cli.options import (
    different_option,
    names_option,
    run_options,
    scenario_argument,
    states_option,
    window_options,
)

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.analysis.effects import Effects


@click.command(
    cls=Command,
    short_help="Run several scenarios and compare them.",
    examples=(
        "sim compare baseline piontkovsky dubnov kuzio",
        "sim compare scenarios/*.yaml --runs 20 --out results/quick",
        "sim compare baseline mine.yaml --baseline baseline --no-figures",
        "sim compare piontkovsky --without P3",
        "sim compare baseline dubnov --set costs.loan_attention=0.6",
        "sim compare baseline dubnov --runs 40 --state KGZ,Georgia",
        "sim compare baseline dubnov --runs 40 --state 'Central Asia' --only-different",
        "sim compare baseline kuzio --runs 1000 --until street_falls=0.5",
        "sim compare baseline dubnov --from 2028-01 --by 2033-12 --only-different",
        "sim compare what-if/china-steps-in --under kuzio,dubnov",
        "sim compare what-if/china-steps-in --under baseline,kuzio,dubnov",
        "sim compare baseline mine.yaml --audit results/audit-mine",
    ),
)
@scenario_argument("scenarios", many=True)
@click.option("--baseline", help="Scenario to compare the others with.  [default: baseline, or the first]")
@click.option("--baseline-too", is_flag=True, help="Make the changes in the baseline as well.")
@names_option(
    "--under",
    what="thesis",
    help_text="Run the scenarios under each of these theses, such as kuzio,dubnov, and compare them with the "
    "baseline under the same thesis. With two or more, a table says whether effects differ from those under "
    "the first. With `baseline` among them, one table more has the theses side by side.",
)
@states_option()
@click.option(
    "--audit",
    "audits",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    multiple=True,
    help="Mark what is assumed by an audit of your own too: a folder that `sim claims FILE --audit` wrote. "
    "Repeatable.",
)
@window_options
@different_option
@run_options
def compare(
    scenarios: tuple[str, ...],
    *,
    baseline: str | None,
    baseline_too: bool,
    under: tuple[str, ...],
    states: tuple[str, ...],
    audits: tuple[Path, ...],
    only_different: bool,
    **options: Any,
) -> None:
    """Run several scenarios and compare their outcomes.

    Each SCENARIO is a shipped name (see `sim list`) or a file. All run with one seed, so the same
    replicate has the same random numbers, and differences are the scenarios' own.

    --set, --without and --with leave the baseline as it is, and a changed scenario gets a new name. One
    SCENARIO alone is compared with its changed self. Start, years, mode and citizens are set in all.

    The answer comes in words first. summary.md in the results' folder holds it too. For what is not audited
    it ends with the command that audits it.
    """
    from sim.analysis.own_audit import keep_audits, own_audits
    from sim.experiment.calls import prepared

    display, how = Display.split(options)
    experiment, groups = prepared(
        scenarios,
        under,
        baseline=baseline,
        baseline_too=baseline_too,
        name="-".join(["compare", *(f"under-{thesis}" for thesis in under)]),
        command=called(),
        **how,
    )
    display.check(experiment)
    own = own_audits(audits, experiment.scenarios)
    results = execute(experiment, display, out=options["out"])
    report_failures(results)
    keep_audits(results.path, own)

    from sim.analysis.asked import Asked, write_comparison
    from sim.analysis.in_words import laid_over

    asked = Asked(groups, display.outcomes or None, display.window, only_different, states)
    comparisons = asked.compare(results)
    side_by_side, effects = write_comparison(results.path, comparisons, asked)
    if not display.quiet:
        _print(comparisons, side_by_side, effects, laid_over(groups))
    report_folder(results, draw(results, display, groups, states), quiet=display.quiet)


def _print(
    comparisons: Sequence[Comparison],
    side_by_side: Sequence[Comparison],
    effects: Effects | None,
    setting: str,
) -> None:
    from sim.analysis.beside import how_to_see_beside
    from sim.analysis.in_words import how_to_compare_two
    from sim.analysis.own_audit import how_to_audit
    from sim.cli.console import output
    from sim.cli.effect_tables import effect_legend, effect_tables
    from sim.cli.tables import (
        WIDTH,
        beside_tables,
        comparison_tables,
        end_state_legend,
        end_state_table,
        legend,
        paragraphs,
        state_tables,
    )

    console = output(WIDTH)
    width = console.width
    for caution in dict.fromkeys(item.caution for item in comparisons if item.caution):
        console.print(f"Caution: {caution}.\n")
    if setting:
        console.print(f"{setting}\n")
    console.print(f"{paragraphs(comparisons, width, effects)}\n")
    beside = beside_tables(side_by_side, comparisons, width)
    for each in (*comparison_tables(comparisons, width), *beside, *state_tables(comparisons, width)):
        console.print(each)
        console.print()
    console.print(legend(comparisons))
    console.print()
    console.print(end_state_table(comparisons, width))
    console.print(end_state_legend(comparisons))
    if effects:
        for table in effect_tables(effects, width):
            console.print()
            console.print(table)
        console.print(effect_legend(effects))
    for told in filter(None, (how_to_see_beside(comparisons), how_to_compare_two(comparisons))):
        console.print(told)
    for told in dict.fromkeys(line for item in comparisons for line in how_to_audit(item)):
        console.print(told, soft_wrap="`" in told)  # a command is not broken over lines
