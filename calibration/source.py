"""Where the numbers of a figure of the calibration come from, in one line."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from calibration.ensemble.plan import Plan
from sim.experiment.files import PACKAGE


@dataclass(frozen=True, slots=True)
class CalibrationSource:
    """What stands at the foot of a figure of the calibration.

    Parameters
    ----------
    plan : Plan, optional
        Of the ensemble; none where only the record is drawn.
    draws : int
        Draws a thesis that were read.
    theses : tuple of str
        That were read.
    coding : str
        What counts as a fall to the street in the record; empty where it is not drawn.
    seed : int, optional
        Of folds and resampling.
    """

    plan: Plan | None = None
    draws: int = 0
    theses: tuple[str, ...] = ()
    coding: str = ""
    seed: int | None = None

    @property
    def line(self) -> str:
        """The line itself: package, model, ensemble, coding of the record."""
        parts = [_package()]
        if self.plan is not None:
            whose = f"of {self.theses[0]}" if len(self.theses) == 1 else "a thesis"
            parts += [
                f"model {self.plan.fingerprint}",
                f"{self.draws} draws {whose}, {self.plan.citizens} citizens a state, seed {self.plan.seed}",
            ]
        else:
            parts.append("tables of calibration/record and sim/world, sources by column in their columns.csv")
        if self.seed is not None:
            parts.append(f"folds and resampling: seed {self.seed}")
        if self.coding:
            parts.append(f"falls on record: coding {self.coding}")
        return "Source: " + "; ".join(parts) + "."


def _package() -> str:
    try:
        return f"{PACKAGE} {version(PACKAGE)}"
    except PackageNotFoundError:  # read from a folder, not installed
        return PACKAGE
