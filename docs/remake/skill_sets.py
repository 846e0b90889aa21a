"""The tables of the page on skill with and without some states, on the codings that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from calibration.skill.forecasters import BASE
from docs.remake.scores import FROM, MAIN, Lines, Stored, marked
from docs.remake.stored import Tree
from sim.analysis.written import in_percent

CODINGS = (MAIN, "events")
"""The two codings of one parent list."""


def events(outcome: str) -> Callable[[Tree], Lines]:
    """Return a block of the scores of an event of states and years, by set of states and coding."""

    def block(tree: Tree) -> Lines:
        scores = tree.table("skill", "scores")
        rows = scores[(scores["outcome"] == outcome) & (scores["origin"] == FROM)]
        yield from _scores(rows, CODINGS, "events")

    return block


def side(tree: Tree) -> Lines:
    """Yield scores of Moscow's side given a challenge, by set of states and coding."""
    rows = tree.table("skill", "side")
    rows = rows[rows["origin"].astype(str) == FROM]
    yield from _scores(rows, ("published", MAIN), "backed")
    numbers = [
        rows[rows["coding"] == coding].drop(columns="coding").reset_index(drop=True) for coding in CODINGS
    ]
    if numbers[0].equals(numbers[1]):
        yield ""
        yield (
            f"On the coding `{CODINGS[1]}` all of this is the same as on `{CODINGS[0]}`: of the challenges"
            " that it adds, Moscow's side is not coded."
        )


def alignment(tree: Tree) -> Lines:
    """Yield errors of alignment by set of states; no coding of challenges matters there."""
    rows = tree.table("skill", "alignment")
    rows = rows[rows["origin"].astype(str) == FROM]
    names = list(dict.fromkeys(rows["forecaster"]))
    yield ("states", *names)
    for states, own in rows.groupby("states", sort=False):
        found = own.set_index("forecaster")
        yield (str(states), *(_error(found.loc[name]) for name in names))


def counts(tree: Tree) -> Lines:
    """Yield scores of counts by state, by set of states and coding."""
    rows = tree.table("skill", "by_state")
    rows = rows[(rows["origin"].astype(str) == FROM) & rows["coding"].isin(CODINGS)]
    names = list(dict.fromkeys(rows["forecaster"]))
    yield ("outcome", "states", "coding", *names)
    rows = rows.sort_values("outcome", kind="stable")
    for place, own in rows.groupby(["outcome", "states", "coding"], sort=False):
        found = own.set_index("forecaster")
        cells = (f"{found.loc[name, 'crps']:.2f}; {in_percent(found.loc[name, 'holds'])}" for name in names)
        yield (*map(str, place), *cells)


def missing(tree: Tree) -> Iterator[str]:
    """Yield which outcomes have no scores without some states."""
    tables = {
        "street falls": "scores", "Moscow's side": "side", "alignment": "alignment", "counts": "by_state"
    }  # fmt: skip
    stored = Stored(tree)
    lacking = [what for what, name in tables.items() if set(stored.table(name).get("states", ())) <= {"all"}]
    if lacking:
        yield f"*Not made yet for some of the states alone: {', '.join(lacking)}.*"


def _scores(rows: pd.DataFrame, codings: tuple[str, ...], counted: str) -> Lines:
    names = [name for name in dict.fromkeys(rows["forecaster"]) if name != BASE]
    yield ("states", "coding", counted, "base rate", *names)
    for states in dict.fromkeys(rows["states"]):
        for coding in codings:
            own = rows[(rows["states"] == states) & (rows["coding"] == coding)].set_index("forecaster")
            if own.empty:  # a coding that a small remake does not score
                continue
            base = own.loc[BASE]
            cells = [f"{marked(own.loc[name])}; AUC {own.loc[name, 'auc']:.2f}" for name in names]
            yield (states, coding, f"{base['events']} of {base['cases']}", f"{base['log']:.3f}", *cells)


def _error(row: pd.Series) -> str:
    told = f"{row['rmse']:.3f}; {row['crps']:.3f}"
    return told if pd.isna(row["covered"]) else f"{told}; {in_percent(row['covered'])}"


BLOCKS: dict[str, Callable[[Tree], Lines]] = {
    "skill sets": events("challenge"), "skill fall sets": events("fall"), "skill side sets": side,
    "skill alignment sets": alignment, "skill state sets": counts, "skill sets missing": missing,
}  # fmt: skip
"""Every generated table by the name in its mark."""
