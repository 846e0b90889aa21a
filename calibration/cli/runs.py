"""The runs that a command reads: those that are stored, completed by those that are missing."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from calibration.cli.making import Making
    from calibration.ensemble.origins import Origin
    from calibration.ensemble.store import EnsembleStore


def stored_runs(
    folder: Path,
    origins: Sequence[Origin],
    *,
    draws: int | None,
    default: int,
    target: Path,
    making: Making,
    theses: Sequence[str] = (),
) -> EnsembleStore:
    """Return an ensemble that has every thesis's runs from some origins; what it lacks is made.

    Parameters
    ----------
    folder : Path
        Of the ensemble.
    origins : sequence of Origin
    draws : int, optional
        Draws a thesis; as many as are planned there where not given. Then an ensemble that lacks nothing is
        read as it is, even if the model has changed since.
    default : int
        Draws of a new ensemble.
    target : Path
        Where results of these runs go; that it can be written to is seen before any run is made.
    making : Making
    theses : sequence of str
        Only these; all where none is given.

    Raises
    ------
    EnsembleError
        If the folder holds something else or looks misspelt, or runs have to be added to those of another
        model.
    FolderError, TooLargeError, WorkersError, RunsInterrupted
        As for `calibration.cli.making.make_missing`.
    """
    from dataclasses import replace

    from calibration.cli.making import make_missing, refuse_misspelt
    from calibration.ensemble.build import missing
    from calibration.ensemble.origins import THESES
    from calibration.ensemble.plan import Plan
    from calibration.ensemble.scenarios import model_fingerprint
    from calibration.ensemble.store import EnsembleError, EnsembleStore
    from sim.cli.console import remark
    from sim.experiment.folder import make_folder

    refuse_misspelt(folder, making)
    store, theses = EnsembleStore(folder), tuple(theses) or THESES
    try:
        earlier = store.plan()
    except EnsembleError:
        plan = Plan(draws or default, theses, tuple(origins))
    else:
        plan = replace(
            earlier, draws=draws or earlier.draws, theses=theses, origins=tuple(origins),
            fingerprint=model_fingerprint(),
        )  # fmt: skip
        if not list(missing(plan, store)) and not plan.same_runs(earlier):
            make_folder(target)
            remark(f"another version of the model made {folder}; it is read as it is")
            remark_failures(store, theses, origins)
            return store
    make_missing(plan, store, target, making)
    remark_failures(store, theses, origins)
    return store


def remark_failures(
    store: EnsembleStore, theses: Sequence[str], origins: Sequence[Origin], draws: int | None = None
) -> None:
    """Say how many runs failed, and so are left out of all that follows, and why.

    Parameters
    ----------
    store : EnsembleStore
    theses : sequence of str
    origins : sequence of Origin
    draws : int, optional
        Only the first so many.
    """
    import pandas as pd

    from sim.cli.console import remark

    runs = pd.concat([store.read("runs", thesis, origin) for origin in origins for thesis in theses])
    if draws is not None:
        runs = runs[runs["draw"] < draws]
    errors = runs.loc[runs["error"] != "", "error"].value_counts()
    if len(errors):
        remark(
            f"{errors.sum()} of {len(runs)} runs failed and are left out; most often ({errors.iloc[0]}): "
            f"{errors.index[0]}"
        )


def stored_draws(store: EnsembleStore, origins: Sequence[Origin]) -> int:
    """Return how many draws every thesis has from each of some origins."""
    from calibration.ensemble.origins import THESES

    return min(len(store.draws_stored(thesis, origin)) for thesis in THESES for origin in origins)


def report_place(what: str, path: Path, *, quiet: bool) -> None:
    """Say where the results are; the path alone where the user wants quiet."""
    click.echo(path if quiet else f"\n{what}: {path}")


def stacking_shares(folder: Path) -> dict[str, float]:
    """Return the stacking weights from all cases of a back-test, by thesis.

    Raises
    ------
    EnsembleError
        If the folder holds no back-test.
    """
    import pandas as pd

    from calibration.ensemble.origins import THESES
    from calibration.ensemble.store import EnsembleError

    path = folder / "stacking.csv"
    if not path.exists():
        raise EnsembleError(f"{folder}: no back-test here; `calibrate backtest` makes one")
    last = pd.read_csv(path, keep_default_na=False).iloc[-1]
    return {thesis: float(last[thesis]) for thesis in THESES}
