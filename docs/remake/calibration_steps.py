"""Steps that hold the model against the record: the ensemble, and all that reads it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from calibration.ensemble.origins import FORECAST, RECORD_PERIOD, ROLLING, THESES
from calibration.ensemble.scenarios import HINDCAST
from calibration.ensemble.store import EnsembleStore
from calibration.forecast.figures import event_figure
from calibration.forecast.file import Forecast
from calibration.foresight.judge import load_statements
from calibration.record.observed import observed_record
from calibration.statistics import NAMES
from calibration.statistics.measurement import Measurement
from docs.remake.forecasts import latest
from docs.remake.sharing import share_record
from docs.remake.sizes import Size
from docs.remake.skill_steps import SKILL
from docs.remake.steps import Collected, Part, Place, Step
from docs.remake.stored import ROOT, Tree, by
from sim.scenario import SHARED_WORLD, load

_PATTERNS_SEED = 77_001
_GOAL = 0.8  # mean probability of the truth from which theses count as told apart
_ERROR_SEED = 20_130_102  # of the measurement errors where challenges are counted by state
_COUNTED = ("GEO", "ARM", "BLR", "KGZ", "MDA+UKR", "AZE+KAZ", "TJK", "UZB", "TKM")
_AHEAD, _BEHIND = ("GEO", "ARM", "BLR"), ("TJK", "UZB", "TKM")  # chosen after looking, as the page says


# -- patterns --------------------------------------------------------------------------------------


def _patterns_parts(size: Size) -> list[Part]:
    words = ("patterns", "--runs", str(size.patterns), "--seed", str(_PATTERNS_SEED))
    scenario = load(HINDCAST, [f"runs={size.patterns}", f"seed={_PATTERNS_SEED}"])
    return [Part("patterns", words, scenarios=(scenario,))]


def _patterns(place: Place, folders: Mapping[str, Path]) -> Collected:
    tables = {name: _read(folders["patterns"], name) for name in ("patterns", "patterns_by_state")}
    return Collected(tables, {"runs": place.size.patterns, "seed": _PATTERNS_SEED})


# -- the ensembles: one over the record's years, one with what comes after, one from the articles --


def _made(name: str, folder: str, draws: int, origins: str, *thesis: str) -> Part:
    options = ("--draws", str(draws), "--origins", origins, *thesis, "--ensemble", f"{{{folder}}}")
    return Part(name, ("calibrate", "ensemble", *options), goes_on=True)


def _baseline_parts(size: Size) -> list[Part]:
    return [_made("record-baseline", "record", size.draws_of_baseline, "record", "--thesis", SHARED_WORLD)]


def _record_parts(size: Size) -> list[Part]:
    return [_made("record", "record", size.draws, "record"), *_baseline_parts(size)]


def _later_parts(size: Size) -> list[Part]:
    return [
        *_record_parts(size),
        Part("share", function=_share, goes_on=True),
        _made("later-record", "later", size.draws_later, "record"),
        _made("rolling", "later", size.draws_rolling, "rolling"),
        _made("later-forecast", "later", size.draws_later, "forecast"),
    ]


def _share(place: Place, folder: Path) -> None:
    """Give the ensemble of later years the first draws over the record's years: they are the same runs."""
    del folder
    source, target = (EnsembleStore(place.ensemble(name)) for name in ("record", "later"))
    share_record(source, target, place.size.draws_later)


def _ensemble_runs(size: Size) -> Counter[int]:
    runs = Counter({RECORD_PERIOD.years: size.draws * (len(THESES) - 1) + size.draws_of_baseline})
    runs[FORECAST.years] += size.draws_later * len(THESES)
    for origin in ROLLING:
        runs[origin.years] += size.draws_rolling * len(THESES)
    return runs


def _ensemble(place: Place, folders: Mapping[str, Path]) -> Collected:
    del folders
    store, size = EnsembleStore(place.ensemble("record")), place.size
    plan, runs = store.plan(), store.read("runs")
    about = {
        "draws": size.draws, "draws_of_baseline": size.draws_of_baseline, "draws_later": size.draws_later,
        "draws_foresight": size.draws_foresight, "seed": plan.seed, "citizens": plan.citizens,
        "failed": int((runs["error"] != "").sum()), "model": plan.fingerprint,
    }  # fmt: skip
    return Collected(about=about)


# -- the fit ---------------------------------------------------------------------------------------


def _fit_parts(size: Size) -> list[Part]:
    numbers = ("--draws", str(size.draws_of_baseline), "--checks", str(size.checks))
    return [*_baseline_parts(size), Part("fit", ("calibrate", "fit", *numbers, "--ensemble", "{record}"))]


def _fit_runs(size: Size) -> Counter[int]:
    return Counter({RECORD_PERIOD.years: size.checks})


def _fit(place: Place, folders: Mapping[str, Path]) -> Collected:
    folder = folders["fit"]
    file = folder / "posterior" / "shared.yaml"
    head = file.read_text(encoding="utf-8").partition("\nrows:")[0]
    known = YAML(typ="safe").load(head)["provenance"]
    about = {
        "draws": known["draws"], "checks": place.size.checks, "seed": known["seed"],
        "surprise": known["surprise"], "out_of_reach": known["statistics_out_of_reach"],
        "statistics": len(NAMES) - len(known["statistics_out_of_reach"]),
        "synthetic": min(1_000, known["draws"]),
    }  # fmt: skip
    tables = {name: _read(folder, name) for name in ("parameters", "checks")}
    drawn = {f"fit_{name}": folder / "figures" / f"{name}.png" for name in ("posterior", "checks")}
    return Collected(tables, about, drawn, {"scenarios/posterior/shared.yaml": file})


# -- the odds, where challenges come, codings, lengths ---------------------------------------------


def _odds_parts(size: Size) -> list[Part]:
    numbers = ("--draws", str(size.draws), "--repeats", str(size.repeats), "--no-length")
    return [*_record_parts(size), Part("odds", ("calibrate", "odds", *numbers, "--ensemble", "{record}"))]


def _odds(place: Place, folders: Mapping[str, Path]) -> Collected:
    folder = folders["odds"]
    told = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    kept = ("years", "local_error", "informative", "statistics_out_of_reach", "seed", "repeats", "model")
    confusion = _read(folder, "confusion")
    recognised = dict(zip(confusion["truth"], np.diag(confusion.drop(columns="truth")), strict=True))
    tables = {name: _read(folder, name) for name in ("odds", "novelty", "set_apart", "statistics")}
    tables["odds"] = tables["odds"].assign(recognised=tables["odds"]["thesis"].map(recognised))
    about = {"draws": place.size.draws, **{key: told[key] for key in kept}}
    drawn = {name: folder / "figures" / f"{name}.png" for name in ("odds", "confusion")}
    return Collected(tables, about, drawn)


def _places_parts(size: Size) -> list[Part]:
    return [*_record_parts(size), Part("places", function=_count_places)]


def _count_places(place: Place, folder: Path) -> None:
    """Count challenges by state in every history over the record's years, as the record would hold them."""
    store, measurement = EnsembleStore(place.ensemble("record")), Measurement()
    recorded = Counter(challenge.state for challenge in observed_record().challenges)
    lead = _lead(recorded)
    means: Counter[str] = Counter()
    total = 0
    shares = []
    for thesis in THESES:
        ahead, number = 0, 0
        for draw, repeat, history in store.histories(thesis, RECORD_PERIOD):
            if draw >= place.size.draws:
                break
            seen = measurement.apply(history, np.random.default_rng((_ERROR_SEED, draw, repeat)))
            counts = Counter(challenge.state for challenge in seen.challenges)
            ahead, number = ahead + (_lead(counts) >= lead), number + 1
            means.update(counts if thesis == SHARED_WORLD else {})
            total += thesis == SHARED_WORLD
        shares.append({"thesis": thesis, "share": ahead / number, "histories": number})
    rows = [
        {
            "states": group,
            "record": sum(recorded[code] for code in group.split("+")),
            "mean": sum(means[code] for code in group.split("+")) / total,
        }
        for group in _COUNTED
    ]
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(folder / "by_state.csv", index=False)
    pd.DataFrame(shares).to_csv(folder / "lead.csv", index=False)


def _lead(counts: Mapping[str, int]) -> int:
    return sum(counts[code] for code in _AHEAD) - sum(counts[code] for code in _BEHIND)


def _places(place: Place, folders: Mapping[str, Path]) -> Collected:
    tables = {name: _read(folders["places"], name) for name in ("by_state", "lead")}
    recorded = Counter(challenge.state for challenge in observed_record().challenges)
    about = {"draws": place.size.draws, "ahead": _AHEAD, "behind": _BEHIND, "lead": _lead(recorded)}
    return Collected(tables, about)


def _codings_parts(size: Size) -> list[Part]:
    numbers = ("--draws", str(size.draws), "--repeats", str(size.repeats))
    return [
        *_record_parts(size),
        Part("codings", ("calibrate", "codings", *numbers, "--ensemble", "{record}")),
    ]


def _codings(place: Place, folders: Mapping[str, Path]) -> Collected:
    tables = {name: _read(folders["codings"], name) for name in ("odds", "posterior", "statistics")}
    bands = tables["odds"].groupby("thesis").agg(low=("low", "max"), high=("high", "min"))
    about = {
        "years": "1992-2013", "draws": place.size.draws,
        "odds_within_bands": bool((bands["low"] <= bands["high"]).all()),
    }  # fmt: skip
    return Collected(tables, about)


def _lengths_parts(size: Size) -> list[Part]:
    numbers = ("--draws", str(size.draws_later), "--repeats", "2")  # the odds themselves are those above
    return [*_later_parts(size), Part("lengths", ("calibrate", "odds", *numbers, "--ensemble", "{later}"))]


def _lengths(place: Place, folders: Mapping[str, Path]) -> Collected:
    about = {"draws": place.size.draws_later, "sure": _GOAL, "record_years": RECORD_PERIOD.years}
    return Collected({"length": _read(folders["lengths"], "length")}, about)


# -- forecasts -------------------------------------------------------------------------------------


def _backtest_parts(size: Size) -> list[Part]:
    words = ("calibrate", "backtest", "--draws", str(size.draws_rolling), "--ensemble", "{later}")
    return [*_later_parts(size), Part("backtest", words)]


def _backtest(place: Place, folders: Mapping[str, Path]) -> Collected:
    folder = folders["backtest"]
    scores = _read(folder, "scores")
    scores = scores[scores["kind"].isin(["shared", "thesis"])]
    own = by(scores[(scores["kind"] == "thesis") & (scores["measure"] == "log")], "outcomes", "forecaster")
    theses = [thesis for thesis in THESES if thesis != SHARED_WORLD]
    apart = [who for who in theses if _are_apart(own[who, who], own[who, SHARED_WORLD])]
    tables = {"scores": scores, "stacking": _read(folder, "stacking")}
    about = {"draws": place.size.draws_rolling, "own_apart": apart}
    return Collected(tables, about, {"backtest_scores": folder / "figures" / "scores.png"})


def _are_apart(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    """Whether the intervals of two differences from the same reference share no point."""
    return bool(one["high"] < other["low"] or other["high"] < one["low"])


def _foresight_parts(size: Size) -> list[Part]:
    words = ("calibrate", "foresight", "--draws", str(size.draws_foresight), "--ensemble", "{foresight}")
    return [Part("foresight", words)]


def _foresight_runs(size: Size) -> Counter[int]:
    origins = {statement.origin for statement in load_statements()}
    runs: Counter[int] = Counter()
    for origin in origins:
        runs[origin.years] += size.draws_foresight * len(THESES)
    return runs


def _foresight(place: Place, folders: Mapping[str, Path]) -> Collected:
    table = _read(folders["foresight"], "foresight").drop(columns=["table", "note"])
    return Collected({"foresight": table}, {"draws": place.size.draws_foresight})


def _draft_parts(size: Size) -> list[Part]:
    words = ("calibrate", "forecast", "--draws", str(size.draws_later), "--ensemble", "{later}")
    return [*_later_parts(size), Part("forecast", (*words, "--backtest", "{backtest}"))]


def _draft(place: Place, folders: Mapping[str, Path]) -> Collected:
    """Keep the forecast that would be written today apart from those that are published."""
    (file,) = folders["forecast"].glob("forecast_*.csv")
    about = {"draws": place.size.draws_later, "draft": file.name}
    return Collected(
        about=about, files={f"drafts/{path.name}": path for path in (file, file.with_suffix(".sha256"))}
    )


def _published_parts(size: Size) -> list[Part]:
    """Name the latest published forecast, on which the figure depends; there is nothing to run."""
    del size
    return [Part("published", ("forecast", latest(Tree(ROOT)).digest), function=_nothing)]


def _nothing(place: Place, folder: Path) -> None:
    del place, folder


def _published(place: Place, folders: Mapping[str, Path]) -> Collected:
    """Draw the latest published forecast, as it stands."""
    del folders
    forecast = latest(place.tree)
    drawn = event_figure(
        forecast.table, "challenge", _Written(forecast), "by stacking weights of the back-test"
    )
    return Collected(
        about={"file": forecast.digest, "date": forecast.date}, figures={"forecast_challenge": drawn}
    )


class _Written:
    """The source line of a forecast's figure: what its file says of itself."""

    def __init__(self, forecast: Forecast) -> None:
        about = forecast.about
        self.line = (
            f"Source: forecast of {forecast.date}, SHA-256 {forecast.digest[:16]}; model {about['model']};"
            f" {about['draws']} draws a thesis, {about['citizens']} citizens a state, seed {about['seed']}."
        )


def _read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


_RECORD = observed_record
_PATTERNS = (_RECORD, "calibration.comparison", "calibration.patterns.catalogue")
_FIT = (_RECORD, "calibration.fit.report", "calibration.fit.predictive")
_ODDS = (_RECORD, "calibration.odds.evidence", "calibration.odds.novelty", "calibration.odds.report")
_LENGTHS = ("calibration.odds.evidence", "calibration.odds.length")
_BACKTEST = (_RECORD, "calibration.backtest.run", "calibration.backtest.figures")
_FORECAST = (_RECORD, "calibration.forecast.make")

STEPS: Sequence[Step] = (
    Step("patterns", _patterns_parts, _patterns, (*_PATTERNS, "calibration.simulated")),
    SKILL,
    Step("ensemble", _later_parts, _ensemble, (), ensemble=True, runs=_ensemble_runs),
    Step("fit", _fit_parts, _fit, _FIT, ensemble=True, runs=_fit_runs, minutes=4),
    Step("odds", _odds_parts, _odds, _ODDS, ensemble=True, minutes=4),
    Step("places", _places_parts, _places, (_RECORD, Measurement), ensemble=True, minutes=2),
    Step("codings", _codings_parts, _codings, ("calibration.codings",), ensemble=True, minutes=4),
    Step("lengths", _lengths_parts, _lengths, _LENGTHS, ensemble=True, minutes=5),
    Step("backtest", _backtest_parts, _backtest, _BACKTEST, ensemble=True, minutes=5),
    Step(
        "foresight", _foresight_parts, _foresight, (_RECORD, load_statements), ensemble=True,
        runs=_foresight_runs, minutes=1,
    ),
    Step("forecast", _draft_parts, _draft, _FORECAST, ("backtest",), ensemble=True, minutes=2),
    Step("published", _published_parts, _published, (event_figure,)),
)  # fmt: skip
