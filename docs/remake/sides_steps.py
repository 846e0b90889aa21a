"""The step that scores whose side Moscow takes by the model, with whole states left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from calibration.skill.panel import DEVELOPMENT
from docs.remake.sizes import Size
from docs.remake.steps import Collected, Part, Place, Step

_EARLY, _WHOLE = "development", "whole"


def _parts(size: Size) -> list[Part]:
    """Score to the last year of development, then to the last on record, which is a look.

    What the ensemble lacks of the draws that they read, the commands make by themselves. In full the look is
    entered in the project's register, small in another.
    """
    words = ("calibrate", "sides", "--draws", str(size.draws), "--ensemble", "{record}")
    register = ("--looks", "{looks}") if size.name == "small" else ()
    return [Part(_EARLY, (*words, "--to", str(DEVELOPMENT))), Part(_WHOLE, (*words, *register))]


def _collect(place: Place, folders: Mapping[str, Path]) -> Collected:
    scores = pd.concat([_read(folders[name], "scores") for name in (_EARLY, _WHOLE)], ignore_index=True)
    tables = {name: _read(folders[_WHOLE], name) for name in ("cases", "sizes")}
    return Collected({"scores": scores, **tables}, {"draws": place.size.draws})


def _read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


SIDES = Step("sides", _parts, _collect, ("calibration.skill.left_out",), ensemble=True, minutes=2)
