"""The step that scores by outcome, with free runs of the shared worlds and what each rule earns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from calibration.comparison import FIT
from calibration.skill.ablation import ablation, variants
from calibration.skill.evaluate import ORIGINS
from calibration.skill.panel import LAST
from docs.remake.sizes import Size
from docs.remake.steps import Collected, Part, Place, Step
from sim.scenario import SHARED_WORLD, load

FIRST_VERSION = "first-version"
"""The shared world of version 0.1, without the rules that were added since."""

HAND_SET = "hand-set"
"""The shared world before it was fitted."""
_CITIZENS = 300  # of free runs and ablations: scores do not tell it from more


def _skill_parts(size: Size) -> list[Part]:
    """Score by outcome; in full a new look is entered in the project's register, small in another."""
    small = size.name == "small"
    codings = ("episodes", "events") if small else ("published", "episodes", "events", "crowds")
    options = ("--states", "all", "--looks", "{looks}") if small else ()
    free = [_free_part(origin, size) for origin in (ORIGINS[-1:] if small else ORIGINS)]
    words = [word for coding in codings for word in ("--coding", coding)]
    words += [word for part in free for word in ("--runs", f"{{{part.name}}}")]
    return [*free, Part("skill", ("calibrate", "skill", *words, *options)), _ablation_part(size)]


def _free_part(origin: int, size: Size) -> Part:
    """Run the shared worlds from the January of an origin, with what was known then."""
    settings = (f"start={origin}-01", f"years={LAST - origin + 1}", f"citizens={_CITIZENS}")
    changes = [word for setting in settings for word in ("--set", setting)]
    worlds = _worlds(origin)
    words = ("sim", "compare", *worlds, "--runs", str(size.free), "--no-figures", *changes)
    scenarios = tuple(load(name, [*settings, f"runs={size.free}"]) for name in worlds)
    return Part(f"from-{origin}", words, scenarios=scenarios, goes_on=True)


def _worlds(origin: int) -> tuple[str, ...]:
    """Return the shared worlds that can be scored from a year: a fitted one has seen the years before."""
    fitted = (SHARED_WORLD,) if origin > FIT.last else ()
    return (*fitted, HAND_SET, FIRST_VERSION)


def _ablation_part(size: Size) -> Part:
    words = ("calibrate", "ablate", FIRST_VERSION, "--runs", str(size.ablation), "--citizens", str(_CITIZENS))
    found = variants(load(FIRST_VERSION), _CITIZENS).values()
    scenarios = tuple(scenario.replace(runs=size.ablation) for scenario in found)
    return Part("ablation", words, scenarios=scenarios, goes_on=True)


def _skill(place: Place, folders: Mapping[str, Path]) -> Collected:
    names = (
        "scores", "when", "side", "side_cases", "curves", "by_state", "counts", "alignment", "tempo",
        "tempo_of_runs", "help",
    )  # fmt: skip
    tables = {name: _read(folders["skill"], name) for name in names}
    tables["ablation"] = _read(folders["ablation"], "ablation")
    return Collected(tables, {"free": place.size.free, "ablation": place.size.ablation})


def _read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


SKILL = Step("skill", _skill_parts, _skill, ("calibration.skill.tables", ablation), minutes=2)
