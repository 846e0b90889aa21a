"""Steps that need only `sim`: the README's figure, levels of support, claims, the audit, the variance."""

from __future__ import annotations

import json
import runpy
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from docs.remake.sizes import Size
from docs.remake.steps import Collected, Part, Place, Step
from docs.remake.stored import ROOT, by
from sim import figures
from sim.analysis.audit import ASSUMED, plan_audit
from sim.analysis.claims import plan_claims
from sim.analysis.shipped_audit import AuditMarks
from sim.analysis.variance import FRESH_SEED as VARIANCE_SEED
from sim.analysis.variance import variants
from sim.experiment.files import version_of
from sim.figures.gallery.influence import influence_fans
from sim.figures.source import Source
from sim.scenario import SHARED_WORLD, Scenario, load, load_thesis, names, thesis_names

_CLAIMS_SEED = 77_103  # of none of the seeds on which the thesis files were judged
_AUDIT_SEED = 19_911_226
_VARIED = (SHARED_WORLD, "piontkovsky", "dubnov", "kuzio")
_CLAIM_COLUMNS = (
    "thesis", "claim", "outcome", "sign", "seen_in", "held_against", "pairs", "difference", "low", "high",
    "above", "tied", "verdict",
)  # fmt: skip


def _theses() -> list[str]:
    return [name for name in thesis_names() if load_thesis(name).claims]


def _set(settings: Sequence[str]) -> list[str]:
    return [word for setting in settings for word in ("--set", setting)]


# -- the README's figure ---------------------------------------------------------------------------


@cache
def _gallery_parts(size: Size) -> list[Part]:
    shipped = [name for name in names() if "/" not in name]
    settings = (*size.settings, f"runs={size.gallery}")
    words = ("sim", "compare", *shipped, "--runs", str(size.gallery), "--no-figures", *_set(size.settings))
    return [Part("gallery", words, scenarios=tuple(load(name, settings) for name in shipped), goes_on=True)]


def _gallery(place: Place, folders: Mapping[str, Path]) -> Collected:
    results = sim.open_results(folders["gallery"])
    scenario = load(results.scenarios[0], place.size.settings)
    about = {
        "runs": place.size.gallery, "seed": results.about["seed"], "first": scenario.start.year,
        "last": scenario.start.year + scenario.years,
    }  # fmt: skip
    cells = place.tree.table("audit", "audit")
    assumed = cells[cells["label"] == ASSUMED]
    drawn = influence_fans(
        results.read("trajectories", ["scenario", "replicate", "month", "state", "influence"]),
        figures.source_of(results.outcomes, results.about),
        audit=AuditMarks(frozenset(zip(assumed["thesis"], assumed["outcome"], strict=True))),
    )
    return Collected(about=about, figures={"influence": drawn})


# -- levels of Moscow's support --------------------------------------------------------------------


@cache
def _example() -> dict[str, Any]:
    """Return the names of the example that draws the figure by itself: the same runs, by one definition."""
    return runpy.run_path(str(ROOT / "examples" / "support_levels.py"))


def _families() -> dict[str, list[str]]:
    example = _example()
    return {
        thesis: [f"{thesis}, support {level}" for level in example["LEVELS"]] for thesis in example["THESES"]
    }


def _support_scenarios(size: Size) -> tuple[Scenario, ...]:
    example = _example()
    common = [f"seed={example['SEED']}", f"runs={size.support}", *size.settings]
    return tuple(
        load(f"support-{level}", [f"thesis={thesis}", f"name={scenario}", *common])
        for thesis, family in _families().items()
        for level, scenario in zip(example["LEVELS"], family, strict=True)
    )


def _run_support(place: Place, folder: Path) -> None:
    sim.compare(
        _support_scenarios(place.size), workers=place.workers, out=folder, progress=True, allow_large=True
    )


@cache
def _support_parts(size: Size) -> list[Part]:
    return [Part("support", function=_run_support, scenarios=_support_scenarios(size), goes_on=True)]


def _support(place: Place, folders: Mapping[str, Path]) -> Collected:
    results, families, example = sim.open_results(folders["support"]), _families(), _example()
    rows = []
    for outcome in example["OUTCOMES"]:
        table = figures.level_differences(results.outcomes, outcome, families)
        cells = by(table.reset_index(), "family", "scenario")
        for thesis, family in families.items():
            for level, scenario in zip(example["LEVELS"][1:], family[1:], strict=True):
                numbers = {key: cells[thesis, scenario][key] for key in table.columns}
                rows.append({"thesis": thesis, "outcome": outcome, "level": level, **numbers})
    drawn = figures.plot_levels(
        results.outcomes,
        example["OUTCOMES"],
        families,
        example["LEVELS"],
        title=example["TITLE"],
        source=figures.source_of(results.outcomes, results.about),
    )
    first = _support_scenarios(place.size)[0]
    about = {"runs": place.size.support, "seed": first.seed, "start": str(first.start), "years": first.years}
    return Collected({"support": pd.DataFrame(rows)}, about, {"support_levels": drawn})


# -- claims and their audit, a thesis at a time ----------------------------------------------------


@cache
def _claims_parts(size: Size) -> list[Part]:
    return [
        Part(
            thesis,
            (
                "sim",
                "claims",
                thesis,
                "--runs",
                str(size.claims),
                "--seed",
                str(_CLAIMS_SEED),
                *_set(size.claims_settings),
            ),
            scenarios=tuple(
                plan_claims(
                    [load_thesis(thesis)], runs=size.claims, seed=_CLAIMS_SEED, settings=size.claims_settings
                ).scenarios
            ),
            goes_on=True,
        )
        for thesis in _theses()
    ]


def _claims(place: Place, folders: Mapping[str, Path]) -> Collected:
    table = _joined(folders, "claims")[list(_CLAIM_COLUMNS)]
    return Collected({"claims": table}, {"runs": place.size.claims, "seed": _CLAIMS_SEED})


@cache
def _audit_parts(size: Size) -> list[Part]:
    return [
        Part(
            thesis,
            ("sim", "claims", thesis, "--audit", "--runs", str(size.audit), *_set(size.settings)),
            scenarios=tuple(
                plan_audit(
                    [load_thesis(thesis)], runs=size.audit, seed=_AUDIT_SEED, settings=size.settings
                ).scenarios
            ),
            goes_on=True,
        )
        for thesis in _theses()
    ]


def _audit(place: Place, folders: Mapping[str, Path]) -> Collected:
    cells, drops = _joined(folders, "audit"), _joined(folders, "drops")
    abouts = [json.loads((folder / "about.json").read_text(encoding="utf-8")) for folder in folders.values()]
    about = {
        **abouts[0],
        "command": f"sim claims --audit --runs {place.size.audit}",
        **{key: sum(each[key] for each in abouts) for key in ("runs_finished", "runs_failed")},
        "seconds": round(sum(each["seconds"] for each in abouts), 1),
        "fingerprints": {name: text for each in abouts for name, text in each["fingerprints"].items()},
    }
    runs = dict.fromkeys(_theses(), place.size.audit)
    drawn = figures.audit_map(cells, Source(about["seed"], runs, version_of(about)))
    return Collected({"audit": cells, "drops": drops}, about, {"audit": drawn})


def _joined(folders: Mapping[str, Path], name: str) -> pd.DataFrame:
    """Return one table of every part together, texts as they are."""
    tables = [
        pd.read_csv(folder / f"{name}.csv", keep_default_na=False, dtype=str) for folder in folders.values()
    ]
    return pd.concat(tables, ignore_index=True)


# -- what the spread rests on ----------------------------------------------------------------------


@cache
def _variance_parts(size: Size) -> list[Part]:
    settings = (*size.settings, f"runs={size.variance}", f"seed={VARIANCE_SEED}")
    varied = variants([load(name, settings) for name in _VARIED])
    words = ("sim", "variance", *_VARIED, "--runs", str(size.variance), *_set(size.settings))
    return [Part("variance", words, scenarios=tuple(varied), goes_on=True, same_inputs=True)]


def _variance(place: Place, folders: Mapping[str, Path]) -> Collected:
    columns = (
        "scenario",
        "result",
        "baseline",
        "outcome",
        "group",
        "alone",
        "alone_error",
        "in_all",
        "in_all_error",
    )
    table = _joined(folders, "variance")[list(columns)]
    return Collected({"variance": table}, {"runs": place.size.variance, "seed": VARIANCE_SEED})


_OUTCOMES = "sim.measures"

STEPS: Sequence[Step] = (
    Step("support", _support_parts, _support, (_OUTCOMES, figures.level_differences, figures.plot_levels)),
    Step("claims", _claims_parts, _claims, (_OUTCOMES, plan_claims)),
    Step("audit", _audit_parts, _audit, (_OUTCOMES, plan_audit, figures.audit_map), minutes=1),
    Step("variance", _variance_parts, _variance, (_OUTCOMES, variants)),
    Step("gallery", _gallery_parts, _gallery, (_OUTCOMES, influence_fans), needs=("audit",)),
)
