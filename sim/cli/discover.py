"""``sim discover``: in what region of the parameters something comes about."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.console import Command
from sim.cli.options import names_option, quiet_option

if TYPE_CHECKING:
    from rich.table import Table

    from sim.analysis.discover import Discovery

_LEGEND = (
    "Density: share of the runs in the box with the condition; coverage: share of the runs with the "
    "condition that are in the box; base: share of all runs with it. The box was found in one half of the "
    "replicates (training) and tested on the other half (held out). Labels shuffled: the same search "
    "where there is nothing to find; what it reaches in training is what any search reaches."
)


@click.command(
    cls=Command,
    short_help="Find the region of the parameters in which something happens.",
    examples=(
        "sim discover results/compare --when 'street_falls >= 3' --method tree",
        "sim discover results/compare --when 'end_state == disintegration' --scenarios baseline",
        "sim discover results/compare --when 'influence_change < -0.1 and wars >= 1' --out results/box",
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--when",
    "condition",
    metavar="CONDITION",
    required=True,
    help="Runs to separate from the others: OUTCOME >= NUMBER (or <=, <, >, ==, !=), end_state == NAME, or "
    "several with `and` between.",
)
@names_option(
    "--scenarios",
    what="scenario",
    help_text="Use the runs of these, between commas.  [default: all, and then the box may only tell them "
    "apart]",
)
@click.option(
    "--method",
    type=click.Choice(("prim", "tree")),
    default="prim",
    show_default=True,
    help="Patient rule induction, or the best leaf of a small classification tree. Both need the extra "
    "`discovery`.",
)
@click.option(
    "--screen",
    type=click.IntRange(min=1),
    default=8,
    show_default=True,
    help="Largest number of parameters in the box; they are chosen in the training half.",
)
@click.option(
    "--permutations",
    type=click.IntRange(min=20),
    default=20,
    show_default=True,
    help="Searches with shuffled labels.",
)
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="Folder for box.csv, scores.csv and verdict.csv."
)
@quiet_option
def discover(
    folder: Path,
    *,
    condition: str,
    scenarios: tuple[str, ...],
    method: str,
    screen: int,
    permutations: int,
    out: Path | None,
    quiet: bool,
) -> None:
    """Look for the region of the parameters in which a condition on outcomes holds.

    FOLDER holds stored runs (`sim run`, `sim compare`): no run is made. A box always fits the runs in which
    it was found. So the command shows its density and coverage in other runs, and those of the same search
    under shuffled labels. "Nothing found" is a result.
    """
    from sim.analysis.discover import discover as discover_in
    from sim.analysis.discover import limits_in_words
    from sim.cli.console import output, remark, steps
    from sim.experiment.files import write_csv
    from sim.experiment.folder import make_folder
    from sim.experiment.results import open_results

    results = open_results(folder)
    with steps("searches", permutations + 1, shown=not quiet) as advance:
        found = discover_in(
            results,
            condition,
            scenarios=scenarios,
            method=method,
            screen=screen,
            permutations=permutations,
            progress=advance,
        )
    if found.box is not None and len(found.scenarios) > 1:
        number = len(found.scenarios)
        remark(
            f"the runs of {number} scenarios are taken together: the box may only separate these scenarios"
        )
    if out is not None:
        make_folder(out)
        for name, table in (
            ("box", limits_in_words(found)),
            ("scores", found.scores.rename_axis("score").reset_index()),
            ("verdict", found.verdict),
        ):
            write_csv(out / f"{name}.csv", table)
    console = output(quiet=quiet)
    if found.box is not None:
        console.print(_box_table(found))
        console.print()
        console.print(_scores_table(found))
        console.print()
        console.print(_LEGEND)
        console.print()
    click.echo(verdict(found))
    if out is not None and not quiet:
        click.echo(f"\nResults: {out}")


def verdict(found: Discovery) -> str:
    """Say in one sentence whether something was found."""
    from sim.analysis.written import in_percent

    where = f"{found.condition} in {', '.join(found.scenarios)}"
    if found.too_few:
        return f"Nothing can be found for {where}: {found.too_few}."
    assert found.held_out is not None
    chance = (
        f"held-out density {in_percent(found.held_out.density)} where "
        f"{in_percent(found.held_out.base)} of all runs have it; "
        f"{in_percent(found.by_chance)} of searches under shuffled "
        "labels, this one counted in, do as well"
    )
    return f"{'Found' if found.found else 'Nothing found'} for {where}: {chance}."


def _box_table(found: Discovery) -> Table:
    from sim.analysis.discover import limits_in_words
    from sim.cli.console import plain_table

    table = plain_table(
        f"{'The best box' if found.found else 'A box no better than chance'} for {found.condition} "
        f"({found.method}, one half of the runs)",
        "",
        "is",
        "unit",
        "meaning",
    )
    for row in limits_in_words(found).to_dict("records"):
        table.add_row(
            str(row["parameter"]), limit_text(float(row["low"]), float(row["high"])), str(row["unit"]),
            str(row["meaning"]),
        )  # fmt: skip
    if not table.row_count:
        table.add_row("no limit tells runs apart")
    return table


def limit_text(low: float, high: float) -> str:
    """Write a limit, an open side left out.

    >>> limit_text(0.25, math.inf)
    'at least 0.25'
    """
    if math.isinf(low):
        return f"at most {high:.3g}"
    return f"at least {low:.3g}" if math.isinf(high) else f"{low:.3g} to {high:.3g}"


def _scores_table(found: Discovery) -> Table:
    from sim.analysis.written import in_percent
    from sim.cli.console import plain_table

    table = plain_table("How good the box is", "", "runs", "density", "coverage", "base", numbers=True)
    for name, row in found.scores.iterrows():
        shares = (in_percent(row[key]) for key in ("density", "coverage", "base"))
        table.add_row(str(name), f"{row['runs']:.0f}", *shares)
    return table
