"""What commands share that may look at years after 2013: their options, and the entry in the register."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from calibration.skill.left_out import LeftOut
    from calibration.skill.tables import SkillTables

LAST, DEVELOPMENT = 2024, 2013
"""Those of `calibration.skill.panel`, which is slow to import."""

_OPTIONS = (
    click.option(
        "--to", "last", type=click.IntRange(1998, LAST), default=LAST, show_default=True,
        help=f"Last year that is scored. Up to {DEVELOPMENT} nothing is entered in the register of looks.",
    ),
    click.option(
        "--note", default="", help="What is scored, for the register of looks.  [default: the codings]"
    ),
    click.option(
        "--looks", "register", type=click.Path(path_type=Path, dir_okay=False),
        help="Register of looks.  [default: that of the checkout, or looks.csv here]",
    ),
    click.option(
        "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the resampling."
    ),
)  # fmt: skip


def look_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of commands that may look: the command gets ``last, note, register, seed``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def enter_look(
    found: LeftOut | SkillTables, what: str, origins: Sequence[int], last: int, register: Path | None
) -> None:
    """Enter what was scored in the register of looks and say so, if later years were looked at.

    Parameters
    ----------
    found : LeftOut or SkillTables
    what : str
        What was scored.
    origins : sequence of int
        First years that were forecast.
    last : int
        Last year that was scored.
    register : Path or None
        That of the checkout, or here, without it.
    """
    from calibration.skill.looks import enter
    from calibration.skill.looks import register as default_register
    from calibration.skill.tables import is_look, years_scored
    from sim.cli.console import remark

    if not is_look(last):
        return
    look = enter(
        register or default_register(), what=what, looks=len(found.forecasters),
        years=years_scored(origins, last), scores=found.summary, digest=found.digest,
    )  # fmt: skip
    again = "" if look.new else ", entered before"
    remark(f"look {look.number} at years after {DEVELOPMENT} ({look.path}{again})")
