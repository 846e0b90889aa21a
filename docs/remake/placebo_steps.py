"""The steps that hold theses made by lot against the record, beside the real ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from calibration.ensemble.origins import RECORD_PERIOD, ROLLING
from calibration.ensemble.store import EnsembleStore
from calibration.placebo.runs import store_beside
from calibration.record.observed import observed_record
from docs.remake.sharing import share_record
from docs.remake.sizes import Size
from docs.remake.steps import Collected, Part, Place, Step


def _parts(size: Size) -> list[Part]:
    """Give the one command: what the ensemble lacks of the draws that it reads, it makes by itself."""
    numbers = ("--draws", str(size.draws_placebo), "--placebos", str(size.placebos))
    repeats = ("--repeats", str(size.repeats))
    return [Part("placebo", ("calibrate", "placebo", *numbers, *repeats, "--ensemble", "{record}"))]


def _runs(size: Size) -> Counter[int]:
    return Counter({RECORD_PERIOD.years: size.draws_placebo * size.placebos})


def _collect(place: Place, folders: Mapping[str, Path]) -> Collected:
    folder = folders["placebo"]
    told = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    names = ("against_world", "shares", "beaten", "placebos")
    tables = {name: pd.read_csv(folder / f"{name}.csv", keep_default_na=False) for name in names}
    drawn = {"placebo": folder / "figures" / "placebo.png"}
    return Collected(tables, {**told, "draws": place.size.draws_placebo}, drawn)


def _scored_parts(size: Size) -> list[Part]:
    """Give the command for the back-test, after the runs over the record's years that are there already."""
    numbers = ("--draws", str(size.draws_placebo), "--placebos", str(size.placebos))
    words = ("calibrate", "placebo", "--of", "backtest", *numbers, "--ensemble", "{later}")
    return [Part("share", function=_share, goes_on=True), Part("placebo-backtest", words)]


def _share(place: Place, folder: Path) -> None:
    """Give the ensemble of later years what the other one has over the record's: they are the same runs."""
    del folder
    source, target = (EnsembleStore(place.ensemble(name)) for name in ("record", "later"))
    for shared in (lambda store: store, store_beside):  # those of theses, then those of placebos
        if (source.folder / "plan.json").is_file() and (shared(source).folder / "plan.json").is_file():
            share_record(shared(source), shared(target), place.size.draws_placebo)


def _scored_runs(size: Size) -> Counter[int]:
    """Count the runs of placebos that only this step makes; the back-test's own are those of theses."""
    return Counter({origin.years: size.draws_placebo * size.placebos for origin in ROLLING})


def _scored(place: Place, folders: Mapping[str, Path]) -> Collected:
    del place
    folder = folders["placebo-backtest"]
    told = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    names = ("scores", "shares", "beaten", "power", "best")
    tables = {name: pd.read_csv(folder / f"{name}.csv", keep_default_na=False) for name in names}
    return Collected(tables, told, {"placebo_backtest": folder / "figures" / "placebo.png"})


_CODE = (observed_record, "calibration.placebo.judge", "calibration.placebo.report")
_CODE_AHEAD = (observed_record, "calibration.placebo.ahead", "calibration.placebo.report")

STEPS: Sequence[Step] = (
    Step("placebo", _parts, _collect, _CODE, ensemble=True, runs=_runs, minutes=3),
    Step(
        "placebo_backtest", _scored_parts, _scored, _CODE_AHEAD, ensemble=True, runs=_scored_runs, minutes=5
    ),
)
