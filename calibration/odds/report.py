"""What a comparison of theses leaves on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.odds import figures
from calibration.odds.held_out import HeldOut
from calibration.odds.posterior import Odds
from sim.figures.saving import save_all
from sim.figures.source import SourceLine


def save_odds(
    odds: Odds,
    held: HeldOut,
    unlike: pd.DataFrame,
    apart: pd.DataFrame,
    outlying: pd.DataFrame,
    statistics: pd.DataFrame,
    folder: Path,
    about: dict[str, Any],
    source: SourceLine,
    formats: Sequence[str],
) -> None:
    """Write tables, figures and ``about.json``.

    Parameters
    ----------
    odds : Odds
    held : HeldOut
    unlike, apart, outlying, statistics : DataFrame
        From `calibration.odds.novelty`.
    folder : Path
    about : dict
        What it was computed from.
    source : SourceLine
        For the figures.
    formats : sequence of str
        Of the figures; of `sim.figures.formats.FORMATS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    odds.table().to_csv(folder / "odds.csv", index=False)
    pd.DataFrame(odds.repeats, columns=list(odds.theses)).to_csv(folder / "repeats.csv", index_label="repeat")
    held.confusion().to_csv(folder / "confusion.csv")
    held.mean_posterior().to_csv(folder / "mean_posterior.csv")
    held.reliability().to_csv(folder / "reliability.csv", index=False)
    unlike.to_csv(folder / "novelty.csv", index=False)
    apart.to_csv(folder / "set_apart.csv", index=False)
    outlying.to_csv(folder / "outlying.csv", index=False)
    statistics.to_csv(folder / "statistics.csv", index=False)
    told = {
        **about,
        "informative": odds.informative,
        "verdict": odds.verdict,
        "local_error": round(odds.local_error, 4),
    }
    (folder / "about.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    drawn = folder / "figures"
    save_all(figures.odds_figure(odds, source), drawn, "odds", formats)
    save_all(figures.confusion_figure(held, source), drawn, "confusion", formats)
    save_all(figures.reliability_figure(held, source), drawn, "reliability", formats)
    save_all(figures.novelty_figure(outlying, source), drawn, "novelty", formats)


def save_lengths(
    table: pd.DataFrame,
    needed: pd.DataFrame,
    record_years: int,
    folder: Path,
    source: SourceLine,
    formats: Sequence[str],
) -> None:
    """Write how separation grows with the length of a history, and its figure."""
    table.to_csv(folder / "length.csv", index=False)
    needed.to_csv(folder / "years_needed.csv", index=False)
    save_all(figures.length_figure(table, record_years, source), folder / "figures", "length", formats)
