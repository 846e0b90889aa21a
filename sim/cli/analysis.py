"""What ``sim claims`` and ``sim variance`` have in common: runs kept as outcomes alone, and a report."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.execute import called

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure
    from rich.table import Table

    from sim.experiment.chunk import Recipe
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class AnalysisOptions:
    """Options of `sim.cli.options.analysis_options`, as given."""

    runs: int | None
    seed: int | None
    workers: int | None
    out: Path | None
    force: bool
    adopt: bool
    allow_large: bool
    figure: bool
    formats: tuple[str, ...]
    changes: tuple[str, ...]
    quiet: bool

    def asked(self, *, runs: int, seed: int) -> dict[str, Any]:
        """Return runs, seed and all other settings, with numbers of runs and a seed where none is given.

        Raises
        ------
        RequestError
            If one is given twice.
        """
        from sim.experiment.prepare import Changes

        given = {key: item for key, item in (("runs", self.runs), ("seed", self.seed)) if item is not None}
        return Changes(self.changes).and_set(given).parted({"runs": runs, "seed": seed})


class Analysis:
    """Some runs, of which the outcomes alone are kept, and the folder that tells what they show.

    Parameters
    ----------
    name : str
        Of the folder where the user gave none; what is changed is added to it.
    scenarios : sequence of Scenario
    options : AnalysisOptions
    recipe : Recipe, optional
    side_by_side : bool
        Whether all scenarios are compared with each other, so that they should have one span.
    less : str
        How else than by ``--runs`` fewer runs are asked for, told where they take long.

    Raises
    ------
    TooLargeError
        If the runs would take too much.
    FolderError
        If the folder is unfit, or cannot be written to.
    """

    def __init__(
        self,
        name: str,
        scenarios: Sequence[Scenario],
        options: AnalysisOptions,
        recipe: Recipe | None = None,
        *,
        side_by_side: bool = True,
        less: str = "",
    ) -> None:
        from sim.experiment.experiment import Experiment
        from sim.experiment.prepare import Changes

        self.options, self.less = options, less
        self.experiment = Experiment(
            scenarios,
            name="-".join(filter(None, [name, Changes(options.changes).suffix])),
            whole=False,
            recipe=recipe,
            workers=options.workers,
            out=options.out,
            force=options.force,
            adopt=options.adopt,
            allow_large=options.allow_large,
            command=called(),
        )
        self.folder = self.experiment.folder
        self.notes = [
            note for note in self.experiment.notes if side_by_side or getattr(note, "about", "") != "span"
        ]

    @property
    def about(self) -> dict[str, Any]:
        """What made the runs, once they are made."""
        return self.experiment.about

    def outcomes(self, needed: Collection[str] | None = None) -> pd.DataFrame:
        """Say what long runs cost, run what the folder does not hold, and say which runs failed.

        Parameters
        ----------
        needed : collection of str, optional
            Names of outcomes; all of the package if not given.

        Returns
        -------
        DataFrame
            As `sim.experiment.experiment.Experiment.outcomes` returns it.

        Raises
        ------
        click.ClickException
            If no run was finished.
        RunsInterrupted
            After Ctrl-C; says which command goes on.
        """
        from sim.cli.console import remark, remarked_warnings, telling_how_to_resume
        from sim.experiment.limits import cost_told

        experiment = self.experiment
        for note in self.notes:
            remark(note)
        cost = cost_told(experiment.scenarios, workers=experiment.workers)
        if cost and not self.options.quiet:
            remark(f"{cost}{self.less and f', or {self.less}'}")
        with telling_how_to_resume(self.options.out, self.folder), remarked_warnings():
            outcomes = experiment.outcomes(needed, progress=not self.options.quiet)
        if failures := experiment.failures:
            remark(f"{len(failures)} of {experiment.total} runs failed; the first: {failures[0].error}")
        if outcomes.empty and experiment.total:
            raise click.ClickException("no run was finished")
        return outcomes

    def report(
        self,
        files: Mapping[str, pd.DataFrame],
        *,
        printed: Iterable[Table | str],
        legend: str,
        figures: Iterable[tuple[str, Figure]],
        digits: int = 6,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        """Write tables and ``about.json``, print, draw, and say where everything is, as far as is asked for.

        Parameters
        ----------
        files : mapping of str to DataFrame
            By the name of the csv file.
        printed : iterable of Table or str
        legend : str
            How to read them.
        figures : iterable of (str, Figure)
            By name; drawn only where the user wants them.
        digits : int
            Of each number in the files.
        about : mapping, optional
            What ``about.json`` holds, if not the experiment's own.
        """
        for name, rows in files.items():
            rows.to_csv(self.folder / name, index=False, float_format=f"%.{digits}g", lineterminator="\n")
        (self.folder / "about.json").write_text(
            json.dumps(about or self.about, indent=2) + "\n", encoding="utf-8"
        )
        if not self.options.quiet:
            from sim.cli.console import output

            console = output()
            for table in printed:
                console.print(table)
                console.print()
            console.print(legend)
        drawn: list[Path] = []
        if self.options.figure:
            from sim.cli.console import drawing
            from sim.figures import save_all

            with drawing(shown=not self.options.quiet):
                for name, figure in figures:
                    drawn += save_all(figure, self.folder / "figures", name, self.options.formats)
        click.echo(self.folder if self.options.quiet else f"\nResults: {self.folder}")
        for path in drawn if not self.options.quiet else ():
            click.echo(f"Figure: {path}")
