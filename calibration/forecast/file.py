"""A forecast's file: plain text, the same for the same runs, with its hash in its name and beside it."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.forecast.definitions import CURRENT, DEFINITIONS, Definitions
from calibration.forecast.make import COLUMNS
from sim.errors import SimError
from sim.experiment.files import write_bytes, write_text
from sim.renamed import current
from sim.scenario.reader import decode

_NAME = re.compile(r"^forecast_(\d{4}-\d{2}-\d{2})_([0-9a-f]{16})\.csv$")
_MARK = "# "


class ForecastError(SimError, ValueError):
    """A forecast's file is not what it says, or cannot be scored."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast as it was written.

    Parameters
    ----------
    table : DataFrame
        Columns as `calibration.forecast.make.COLUMNS`.
    about : dict
        What it was made from.
    digest : str
        SHA-256 of the file.
    date : str
        When it was written, YYYY-MM-DD; part of the name, not of the hashed text.
    definitions : Definitions
        What its numbers are of.
    """

    table: pd.DataFrame
    about: dict[str, Any]
    digest: str
    date: str
    definitions: Definitions = DEFINITIONS[CURRENT]


def forecast_text(table: pd.DataFrame, about: Mapping[str, Any]) -> str:
    """Return the file's text: what it was made from, in a comment, then the table with six decimals."""
    head = _MARK + json.dumps(dict(about), sort_keys=True, ensure_ascii=False)
    body = table.to_csv(index=False, columns=list(COLUMNS), float_format="%.6f", lineterminator="\n")
    return f"{head}\n{body}"


def write_forecast(table: pd.DataFrame, about: Mapping[str, Any], folder: Path, date: datetime.date) -> Path:
    """Write a forecast and, beside it, its SHA-256 as ``sha256sum --check`` reads it.

    Parameters
    ----------
    table : DataFrame
    about : mapping
    folder : Path
    date : date
        For the name.

    Returns
    -------
    Path
        Of the file: ``forecast_DATE_HASH.csv``.
    """
    text = forecast_text(table, about)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    path = folder / f"forecast_{date.isoformat()}_{digest[:16]}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    write_text(path.with_suffix(".sha256"), f"{digest}  {path.name}\n")
    return path


def read_forecast(path: Path) -> Forecast:
    """Read a forecast, and check it against the hash in its name and, if it is there, beside it.

    Raises
    ------
    ForecastError
        If the name is none of a forecast's, the hash differs, the text is no forecast, or its definitions are
        not known here.
    ScenarioError
        If the file beside it is no text.
    OSError
        If it cannot be read.
    """
    found = _NAME.match(path.name)
    if found is None:
        raise ForecastError(f"{path}: not named as a forecast is (forecast_DATE_HASH.csv)")
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    beside = path.with_suffix(".sha256")
    stated = decode(beside.read_bytes(), str(beside)).split()[:1] if beside.exists() else [digest]
    if not digest.startswith(found[2]) or stated != [digest]:
        raise ForecastError(f"{path}: has been changed since it was written; its SHA-256 is now {digest}")
    try:
        head, _, body = content.decode("utf-8").partition("\n")
        about = json.loads(head.removeprefix(_MARK))
        table = pd.read_csv(io.StringIO(body), keep_default_na=False, na_values={"level": [""]})
        table = table[list(COLUMNS)]
        names = {name: current("thesis", name) for name in table["forecaster"].unique()}
        events = {name: current("event", name) for name in table["outcome"].unique()}
        table = table.assign(forecaster=table["forecaster"].map(names), outcome=table["outcome"].map(events))
    except (ValueError, KeyError) as error:
        raise ForecastError(f"{path}: not a forecast: {error}") from None
    version = about.get("definitions", 1)
    if version not in DEFINITIONS:
        known = ", ".join(map(str, DEFINITIONS))
        raise ForecastError(
            f"{path}: made by definitions {version!r}, which this version lacks (known: {known})"
        )
    return Forecast(table, about, digest, found[1], DEFINITIONS[version])


def publish(path: Path, folder: Path) -> Path:
    """Put a forecast where it stays: byte for byte, with its hash beside it, and never over another file.

    Parameters
    ----------
    path : Path
        A forecast as `write_forecast` wrote it.
    folder : Path
        Of published forecasts; exists.

    Returns
    -------
    Path
        Where it is now. Published twice, it stays as it is.

    Raises
    ------
    ForecastError
        If it is no forecast, or has been changed; or a file of its name, or its text under another date, is
        there already.
    OSError
        If a file cannot be read or written.
    """
    forecast = read_forecast(path)
    target = folder / path.name
    for other in sorted(folder.glob(f"forecast_*_{forecast.digest[:16]}.csv")):
        if read_forecast(other).digest == forecast.digest and other != target:
            raise ForecastError(f"{path}: the same forecast is published already, as {other}")
    if not target.exists():
        write_bytes(target, path.read_bytes())
    write_text(target.with_suffix(".sha256"), f"{forecast.digest}  {target.name}\n")
    return target
