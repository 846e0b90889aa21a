"""The targets that were set before any scoring, beside what the shared worlds reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from calibration.skill.alignment import LEAD
from calibration.skill.evaluate import LEFT_OUT
from calibration.skill.tempo import BOUNDS
from docs.remake.reached import (
    COVERED,
    HELD,
    LOG_GAIN,
    MEANS,
    NOT_WORSE,
    ORIGINS_ASKED,
    ORIGINS_BETTER,
    RMSE,
    SIDE,
    SIDE_LEFT_OUT,
    WITHIN,
    Reached,
    auc,
    base,
    better_one,
    better_origins,
    covered,
    covered_by_changes,
    crps,
    held,
    means,
    means_on_record,
    most,
    most_on_record,
    origins,
    other_aucs,
    others,
    others_on_side,
    others_when,
    paced,
    persistence,
    rmse,
    side,
    side_left_out,
    structural,
    together,
    when,
)
from docs.remake.scores import FROM, MAIN, Lines, Stored
from docs.remake.stored import Tree

_WORDS = {True: "**met**", False: "missed", None: ""}
_OF_PARTS = {True: "inside", False: "outside", None: ""}


@dataclass(frozen=True, slots=True)
class Target:
    """A target.

    Parameters
    ----------
    area : str
        What it is about.
    demanded : str
    reach : callable
        From the stored numbers and a world's name.
    beside : callable
        What others reach.
    part : bool
        Whether it only shows more of another target, and is not counted.
    """

    area: str
    demanded: str
    reach: Callable[[Stored, str], Reached]
    beside: Callable[[Stored], str]
    part: bool = False


def targets(tree: Tree) -> Lines:
    """Yield how many targets each world meets, and each target with what is reached."""
    stored = Stored(tree)
    worlds = stored.worlds()
    reached = {world: [target.reach(stored, world) for target in TARGETS] for world in worlds}
    for world, found in reached.items():
        whole = [each.met for target, each in zip(TARGETS, found, strict=True) if not target.part]
        judged = [met for met in whole if met is not None]
        yield f"- `{world}` meets {sum(judged)} of the {len(judged)} that can be judged."
    yield ""
    yield ("target", "demanded", *(f"`{world}`" for world in worlds), "beside it")
    for place, target in enumerate(TARGETS):
        words = _OF_PARTS if target.part else _WORDS
        cells = (_cell(found[place], words) for found in reached.values())
        yield (target.area, target.demanded, *cells, target.beside(stored))


def missed(tree: Tree) -> set[str]:
    """Return which targets a shared world misses, by area; with the kind of miss where there are several."""
    stored = Stored(tree)
    found = set()
    for target in TARGETS:
        for world in stored.worlds():
            reached = target.reach(stored, world)
            if reached.met is False and not target.part:
                found |= {target.area, reached.why} - {""}
    return found


def _cell(reached: Reached, words: Mapping[bool | None, str]) -> str:
    return ": ".join(part for part in (reached.text, words[reached.met]) if part)


def _share(bounds: tuple[float, float]) -> str:
    return f"{100 * bounds[0]:.0f} to {100 * bounds[1]:.0f} %"


TARGETS: tuple[Target, ...] = (
    Target("where", f"log score from {FROM}, `{MAIN}`: {LOG_GAIN} better than the base rate, beyond chance",
           base, others),
    Target("where", f"there at most {NOT_WORSE} worse than the better structural forecaster", structural,
           better_one),
    Target("where", f"better than the base rate from {ORIGINS_BETTER} of {ORIGINS_ASKED} origins", origins,
           better_origins),
    Target("where", f"AUC from {FROM}: to be reported", auc, other_aucs),
    Target("when", f"AUC within states of {WITHIN:.2f}, origins pooled, scheduled votes only", when,
           others_when),
    Target("Moscow's side", f"log score from {FROM}, given a challenge: at most {SIDE:.2f}", *side(MAIN)),
    Target("Moscow's side", "the same on the coding `published`", *side("published"), part=True),
    Target("Moscow's side", f"with whole states left out: at most {SIDE_LEFT_OUT:.2f}", side_left_out,
           lambda stored: others_on_side(stored, MAIN, LEFT_OUT)),
    Target("Moscow's side", f"more than words in {_share(MEANS)} of challenges", means, means_on_record),
    Target("alignment", f"RMSE {LEAD} years ahead: at most {RMSE:.3f}", rmse, persistence),
    Target("alignment", f"80 % intervals hold {_share(COVERED)}", covered, covered_by_changes),
    *(
        Target("tempo", f"{number}: {low:g} to {high:g}", *paced(number), part=True)
        for number, (low, high) in BOUNDS.items()
    ),
    Target("tempo", "all of these in the same runs (read as: in most runs)", together,
           lambda _: ""),
    *(
        target
        for outcome, label in (("challenge", "challenges"), ("fall", "street falls"))
        for target in (
            Target(f"{label} by state", f"90 % ranges hold {_share(HELD)} of states and windows",
                   *held(outcome)),
            Target(f"{label} by state", "CRPS not worse than the state rate's", *crps(outcome)),
        )
    ),
    Target("by state", "a number that no state exceeds in 99 % of runs: to be stated", most,
           most_on_record),
)  # fmt: skip
"""The targets, in the order of the page."""
