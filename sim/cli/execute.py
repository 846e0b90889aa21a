"""What ``sim run`` and ``sim compare`` have in common: run, store, draw."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sim.experiment.experiment import Experiment
    from sim.experiment.options import Options
    from sim.experiment.results import Results
    from sim.experiment.under import Group
    from sim.measures.window import Window


@dataclass(frozen=True, slots=True)
class Display:
    """What is told and drawn of results."""

    no_figures: bool
    figures: tuple[str, ...]
    no_caption: bool
    formats: tuple[str, ...]
    quiet: bool
    outcomes: tuple[str, ...]
    window: Window

    @classmethod
    def split(cls, given: dict[str, Any]) -> tuple[Display, Options]:
        """Part options into what is shown, and how scenarios are run.

        Parameters
        ----------
        given : dict
            The options of `sim.cli.options.run_options` and `sim.cli.options.window_options`.

        Raises
        ------
        RequestError
            If the window's last month is not after the first.
        """
        from sim.measures.window import Window

        display = cls(
            given.pop("no_figures"),
            given.pop("only"),
            given.pop("no_caption"),
            given.pop("formats"),
            given.pop("quiet"),
            given.pop("outcomes"),
            Window.of(given.pop("since"), given.pop("by")),
        )
        options: Any = given
        return display, options

    def check(self, experiment: Experiment) -> None:
        """See that the runs will reach over the window; raises what `Window.check` raises."""
        self.window.check((item.name, item.start, item.months) for item in experiment.scenarios)


def called() -> str:
    """Return the command as it was typed."""
    return shlex.join(["sim", *sys.argv[1:]])


def execute(experiment: Experiment, display: Display, *, out: Path | None) -> Results:
    """Run an experiment as the user asked, say what happens, and return the stored results.

    Parameters
    ----------
    experiment : Experiment
    display : Display
    out : Path or None
        The folder that the user gave.

    Raises
    ------
    FolderError
        If the folder cannot be written to.
    RunsInterrupted
        After Ctrl-C; says which command goes on.
    WorkersError
        If workers or a cluster cannot be reached.
    """
    from sim.cli.console import remark, remarked_warnings, telling_how_to_resume
    from sim.experiment.until import in_sentences

    for note in experiment.notes:
        remark(note)
    with telling_how_to_resume(out, experiment.folder), remarked_warnings():
        results = experiment.run(progress=not display.quiet)
    for sentence in experiment.shortfall if display.quiet else in_sentences(experiment.findings):
        remark(sentence)
    return results


def report_failures(results: Results) -> None:
    """Say which runs failed, if any.

    Raises
    ------
    click.ClickException
        If all of them did.
    """
    from sim.cli.console import remark

    failed = len(results.failures)
    if failed:
        first = results.failures.iloc[0]
        where = f"{first['scenario']} {first['replicate']}"
        remark(
            f"{failed} runs failed, see {results.path / 'failures.parquet'}; the first was {where}: "
            f"{first['error']}"
        )
    if failed and not len(results.outcomes):
        raise click.ClickException("no run was finished")


def draw(
    results: Results, display: Display, groups: Sequence[Group] = (), states: Sequence[str] = ()
) -> list[Path]:
    """Draw figures into the results' folder, unless the user wants none.

    Parameters
    ----------
    results : Results
    display : Display
    groups : sequence of Group
        Scenarios with their baseline; all in one without it.
    states : sequence of str
        Codes of those that have a figure of their own.
    """
    if display.no_figures:
        return []
    from sim.cli.console import drawing
    from sim.figures import draw_groups

    with drawing(shown=not display.quiet):
        figures: list[Path] = draw_groups(
            results,
            groups,
            results.path / "figures",
            display.formats,
            only=display.figures or None,
            window=display.window,
            states=states,
            caption=not display.no_caption,
        )
    return figures


def report_folder(results: Results, figures: Sequence[Path], *, quiet: bool) -> None:
    """Say where everything is; the folder alone where the user wants quiet."""
    if quiet:
        click.echo(results.path)
        return
    click.echo(f"\nResults: {results.path}")
    if figures:
        click.echo(f"Figures: {results.path / 'figures'} ({len(figures)})")
