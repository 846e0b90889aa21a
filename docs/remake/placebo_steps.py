"""The step that holds theses made by lot against the record, beside the real ones."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from calibration.ensemble.origins import RECORD_PERIOD
from calibration.record.observed import observed_record
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


_CODE = (observed_record, "calibration.placebo.judge", "calibration.placebo.report")

PLACEBO = Step("placebo", _parts, _collect, _CODE, ensemble=True, runs=_runs, minutes=3)
