"""Options that several subcommands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from calibration.cli.making import Making
from sim.cli.options import quiet_option

DEFAULT_FOLDER = Path("results") / "ensemble"
DRAWS = 200
"""Draws a thesis of a new ensemble, where a subcommand needs no more."""

MOST = 1_000_000
"""Draws a thesis, or runs a draw, that can be asked for: years of computing."""

CODINGS = ("protest", "wide", "archigos")
"""Names of `calibration.record.observed.CODINGS`, which is slow to import."""

CHALLENGE_CODINGS = ("published", "episodes", "events", "crowds")
"""Names of `calibration.record.challenges.CODINGS`, which is slow to import."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def draws_option(fewest: int, default: int = DRAWS) -> Decorator:
    """Return ``--draws`` of a command that reads every thesis.

    Parameters
    ----------
    fewest : int
        That it can use.
    default : int
        Draws of an ensemble that is made.
    """
    return click.option(
        "--draws", "-n", type=click.IntRange(min=fewest, max=MOST),
        help="Least number of draws of the parameters for each thesis; all stored ones are used."
        f"  [default: those of the ensemble; {default} of a new one]",
    )  # fmt: skip


def out_option(command: str) -> Decorator:
    """Return ``--out``, the folder of a command's results."""
    return click.option(
        "--out",
        "-o",
        type=click.Path(path_type=Path),
        help=f"Folder for tables and figures.  [default: a new results/{command}]",
    )


_ensemble_option: Decorator = click.option(
    "--ensemble",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Folder of the stored runs (ensemble); missing runs are made.",
)

workers_option: Decorator = click.option(
    "--workers", "-j", type=click.IntRange(min=1), help="Worker processes.  [default: one a core]"
)

_yes_option: Decorator = click.option(
    "--yes",
    "-y",
    is_flag=True,
    help="Allow a large request (over two hours), or an ensemble whose name looks misspelt.",
)


def ensemble_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that read an ensemble and make the runs that it lacks.

    The command gets ``folder``, the ensemble's, and ``making``, a `Making`.
    """

    @functools.wraps(command)
    def packed(*, workers: int | None, yes: bool, quiet: bool, **others: Any) -> Any:
        return command(making=Making(workers, yes, quiet), **others)

    added: Callable[..., Any] = packed
    for option in (quiet_option, _yes_option, workers_option, _ensemble_option):
        added = option(added)
    return added


citizens_option: Decorator = click.option(
    "--citizens",
    type=click.IntRange(50, 100_000),
    default=1_000,
    show_default=True,
    help="Citizens in each state.",
)

coding_option: Decorator = click.option(
    "--coding",
    type=click.Choice(CODINGS),
    default=CODINGS[0],
    show_default=True,
    help="What counts as a fall to the street in the record.",
)

repeats_option: Decorator = click.option(
    "--repeats",
    type=click.IntRange(min=2),
    default=20,
    show_default=True,
    help="Classifiers trained on resampled ensembles, for the bands.",
)

resampling_seed_option: Decorator = click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of folds and resampling."
)
