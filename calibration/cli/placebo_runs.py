"""The runs of placebos that a command reads: those that are stored, completed by those that are missing."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from calibration.cli.making import Making
    from calibration.ensemble.origins import Origin
    from calibration.ensemble.store import EnsembleStore
    from calibration.placebo.theses import Placebo


def stored_placebos(
    store: EnsembleStore,
    placebos: Sequence[Placebo],
    origins: Sequence[Origin],
    *,
    draws: int,
    target: Path,
    making: Making,
) -> EnsembleStore:
    """Return where the runs of placebos are kept, after making those that are missing.

    Parameters
    ----------
    store : EnsembleStore
        With the theses that they are held against.
    placebos : sequence of Placebo
    origins : sequence of Origin
    draws : int
        Of each placebo and origin.
    target : Path
        Where results of these runs go; that it can be written to is seen before any run is made.
    making : Making

    Raises
    ------
    EnsembleError
        If runs have to be made, and those of the theses are another model's.
    FolderError, TooLargeError, WorkersError, RunsInterrupted
        As for `calibration.cli.making.make_missing`.
    """
    from calibration.cli.making import make_missing
    from calibration.cli.runs import remark_failures
    from calibration.ensemble.build import missing
    from calibration.ensemble.scenarios import model_fingerprint
    from calibration.ensemble.store import EnsembleError
    from calibration.placebo.runs import plan_of, store_beside
    from calibration.placebo.theses import scenario_of_placebo

    known = {placebo.name: placebo for placebo in placebos}
    plan, beside = plan_of(store.plan(), placebos, origins, draws), store_beside(store)
    if plan.fingerprint != model_fingerprint() and any(missing(plan, beside)):
        raise EnsembleError(
            f"{store.folder} was made by another version of the model, and placebos made by this one cannot "
            "be held against its runs: choose another folder, or keep them by `calibrate ensemble --adopt`"
        )
    make_missing(
        plan, beside, target, making,
        lambda name, of, citizens: scenario_of_placebo(known[name], of, citizens),
    )  # fmt: skip
    remark_failures(beside, list(known), origins, draws)
    return beside
