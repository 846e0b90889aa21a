"""The steps: which commands make a step's numbers, from what, and what of it the documents keep.

A step's parts are the very commands that a reader would type, or a function. They run in a folder of their
own, named after the identity of their runs, so what a killed part has kept is gone on with, and runs of
another model never meet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docs.remake.identity import of_ensemble
from docs.remake.sizes import Size
from docs.remake.stored import Tree

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Place:
    """Where a remake works.

    Parameters
    ----------
    out : Path
        Its folder; runs are kept in ``work/`` there.
    size : Size
    workers : int
    """

    out: Path
    size: Size
    workers: int

    @property
    def tree(self) -> Tree:
        """What is made, laid out as the repository is."""
        return Tree(self.out)

    def work(self, name: str) -> Path:
        """Return a folder for runs and raw tables."""
        return self.out / "work" / name

    def ensemble(self, name: str) -> Path:
        """Return the folder of a prior ensemble, by the identity of its runs.

        Parameters
        ----------
        name : str
            ``record``, over the record's years; ``later``, with what comes after; ``foresight``, from the
            dates of the articles.
        """
        return self.work("ensembles") / f"{name}-{of_ensemble()}-{self.size.name}"


@dataclass(frozen=True, slots=True)
class Part:
    """One command of a step.

    Parameters
    ----------
    name : str
        Of its folder.
    words : tuple of str
        The command as one types it, without its folder and workers; empty for a function.
    function : callable, optional
        Makes the part's tables in a folder, in place of a command.
    scenarios : tuple of Scenario
        Runs of `sim` that it needs.
    goes_on : bool
        Whether it goes on with what is in its folder; otherwise that is removed before.
    same_inputs : bool
        Whether it goes on only where what it depends on is as it was: it keeps no histories to measure again.
    """

    name: str
    words: tuple[str, ...] = ()
    function: Callable[[Place, Path], None] | None = None
    scenarios: tuple[Scenario, ...] = ()
    goes_on: bool = False
    same_inputs: bool = False


@dataclass(frozen=True, slots=True)
class Collected:
    """What the documents keep of a step.

    Parameters
    ----------
    tables : mapping of str to DataFrame
    about : mapping
        Values that are no table.
    figures : mapping of str to Path or Figure
        By the name in ``docs/figures``.
    files : mapping of str to Path
        Other files, by their path in the repository.
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the pipeline.

    Parameters
    ----------
    name : str
        Also of its folder of numbers.
    parts : callable
        Its commands, at a size. In them ``{record}``, ``{later}``, ``{foresight}`` and ``{backtest}`` stand
        for folders, and so does each part's name, for its own. A step that reads an ensemble begins with
        the commands that make it: where all runs are there already, they do nothing.
    collect : callable
        From the folders of its parts, by name, to what is kept.
    code : tuple of callable or str
        Functions, and modules by name, that compute what is kept from the runs.
    needs : tuple of str
        Steps before it.
    ensemble : bool
        Whether it reads the prior ensemble.
    runs : callable, optional
        Runs of the ensemble that it makes: from a size to their number by length in years.
    minutes : float
        What it takes on two cores beside the runs, in full.
    """

    name: str
    parts: Callable[[Size], Sequence[Part]]
    collect: Callable[[Place, Mapping[str, Path]], Collected]
    code: tuple[Callable[..., Any] | str, ...]
    needs: tuple[str, ...] = ()
    ensemble: bool = False
    runs: Callable[[Size], Mapping[int, int]] | None = None
    minutes: float = 0.2
