"""``calibrate sides``: whose side Moscow takes, by the model, with the challenged state left out."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from calibration.cli.looks import enter_look, look_options
from calibration.cli.options import CHALLENGE_CODINGS, MOST, ensemble_options, out_option
from sim.cli.console import Command

if TYPE_CHECKING:
    from rich.table import Table

    from calibration.cli.making import Making
    from calibration.skill.left_out import LeftOut

DRAWS = 600
"""Draws of a new ensemble."""

_WITHOUT_SIDE = "crowds"


@click.command(
    cls=Command,
    short_help="Score whose side Moscow takes, with whole states left out.",
    examples=(
        "calibrate sides --to 2013",
        "calibrate sides --draws 600 --workers 2 --out results/sides",
        "calibrate sides --coding episodes --ensemble results/ensemble --note 'another price of words'",
    ),
)
@click.option(
    "--draws", "-n", type=click.IntRange(min=10, max=MOST),
    help="Draws of the parameters, the first so many of those stored."
    f"  [default: all of the ensemble; {DRAWS} of a new one]",
)  # fmt: skip
@click.option(
    "--coding", "codings", multiple=True, default=("published", "episodes"), show_default=True,
    type=click.Choice([coding for coding in CHALLENGE_CODINGS if coding != _WITHOUT_SIDE]),
    help="What counts as a challenge (docs/RECORD.md); may be given several times.",
)  # fmt: skip
@look_options
@ensemble_options
@out_option("sides")
def sides(
    draws: int | None,
    codings: tuple[str, ...],
    last: int,
    note: str,
    register: Path | None,
    seed: int,
    folder: Path,
    making: Making,
    out: Path | None,
) -> None:
    """Forecast whom Moscow backs in each challenge on record, from runs fitted to the other states.

    For each state, draws of the shared world count by how near their runs come to the record of the other
    thirteen. Beside it stand all draws alike (no fit), the base rate and regressions, each with the state
    left out. Nothing later than the last year is looked at, of runs or record. If you score years after 2013,
    the look is entered in the register of looks before you see it.
    """
    from calibration.cli.runs import report_place, stored_runs
    from calibration.ensemble.origins import RECORD_PERIOD
    from calibration.skill.left_out import sides_left_out
    from calibration.skill.panel import FIRST
    from sim.cli.console import output
    from sim.experiment.folder import choose_folder
    from sim.experiment.progress import counting_bar
    from sim.scenario import SHARED_WORLD

    target, codings = choose_folder(out, "sides"), tuple(dict.fromkeys(codings))
    store = stored_runs(
        folder, (RECORD_PERIOD,), draws=draws, default=DRAWS, target=target, making=making,
        theses=(SHARED_WORLD,),
    )  # fmt: skip
    stored = len(store.draws_stored(SHARED_WORLD, RECORD_PERIOD))
    with counting_bar("runs read", draws or stored, shown=not making.quiet) as advance:
        found = sides_left_out(store, codings, last, draws=draws, seed=seed, progress=advance)
    what = note or f"calibrate sides, codings {', '.join(codings)}"
    enter_look(found, f"{what}; {int(found.sizes['runs'].max())} runs", [FIRST], last, register)
    for name in ("scores", "cases", "sizes"):
        getattr(found, name).to_csv(target / f"{name}.csv", index=False, float_format="%.6g")
    console = output(quiet=making.quiet)
    console.print(_table(found, last))
    console.print()
    sizes = found.sizes["effective"]
    console.print(
        "Log scores, lower is better: of the base rate, and how others differ from it (* where the 90 %"
        f" interval, by bootstrap over states, excludes 0). {found.sizes['runs'].max()} runs; fitted, they"
        f" count as {sizes.min():.0f} to {sizes.max():.0f}.",
        soft_wrap=True,
    )
    report_place("Scores", target, quiet=making.quiet)


def _table(found: LeftOut, last: int) -> Table:
    from calibration.cli.skill import cell
    from sim.cli.console import plain_table

    scores = found.scores
    codings = list(dict.fromkeys(scores["coding"]))
    heads = (head for coding in codings for head in (coding, "AUC"))
    table = plain_table(f"Moscow backs the incumbent, states left out, to {last}", "", *heads, numbers=True)
    rows = scores.set_index(["forecaster", "coding"])
    for name in dict.fromkeys(scores["forecaster"]):
        own = [rows.loc[(name, coding)].to_dict() for coding in codings]
        table.add_row(name, *(text for row in own for text in (cell(name, row), f"{row['auc']:.2f}")))
    return table
