"""What bounds a miss, where the stored numbers can tell it: of Moscow's side, which challenges cost most."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

import numpy as np
import pandas as pd

from calibration.history import Window
from calibration.record.yearly import alignments
from calibration.skill.forecasters import BASE, SIDES
from calibration.skill.measures import CLIP
from calibration.skill.panel import sides
from docs.remake.history import state_names
from docs.remake.scores import FROM, MAIN, Lines, Stored
from docs.remake.stored import Tree
from docs.remake.words import count, listed, percent

_NEAR = 0.1  # of the scale of alignment: as far from Moscow as the state that is furthest
_SIMPLE = next(iter(SIDES))


def side(tree: Tree) -> Lines:
    """Yield which challenges carry each world's loss on Moscow's side, and what the record says of them.

    They are those in which a world gave what came less than `CLIP`, the least that is scored.
    """
    stored = Stored(tree)
    table = stored.table("side_cases")
    if table.empty:
        yield "  *Which challenges cost most is not stored yet.*"
        return
    cases = table[(table["coding"] == MAIN) & (table["origin"].astype(str) == FROM)].set_index("id")
    costly: dict[tuple[str, ...], list[str]] = {}
    for world in stored.worlds():
        if found := tuple(cases.index[_surprising(cases, world)]):
            costly.setdefault(found, []).append(world)
    for chosen, worlds in costly.items():
        left = cases.drop(list(chosen))
        shares = (f"{percent(_share(cases, chosen, world))} % (`{world}`)" for world in worlds)
        without = (f"{losses(left, world).mean():.3f} (`{world}`)" for world in worlds)
        simple = listed(f"{losses(left, name).mean():.3f} ({name})" for name in (BASE, _SIMPLE))
        carry = "carry" if len(chosen) > 1 else "carries"
        yield (
            f"  Of the loss on {len(cases)} challenges from {FROM}, {count(len(chosen))} {carry}"
            f" {listed(shares)}: {listed(chosen)}. Without them log scores are {listed(without)}; of others"
            f" on the same challenges {simple}. Of course it flatters to leave out what one got wrong."
        )
        yield from _on_record(cases.loc[list(chosen)])


def _share(cases: pd.DataFrame, chosen: tuple[str, ...], forecaster: str) -> float:
    loss = losses(cases, forecaster)
    return float(loss[list(chosen)].sum() / loss.sum())


def losses(cases: pd.DataFrame, forecaster: str) -> pd.Series:
    """Return minus the log of what a forecaster gave to what came, by challenge."""
    given = cases[forecaster].astype(float).clip(CLIP, 1 - CLIP)
    return pd.Series(-np.log(np.where(cases["happened"] == 1, given, 1 - given)), index=cases.index)


def _surprising(cases: pd.DataFrame, world: str) -> pd.Series:
    given = cases[world].astype(float)
    return given.where(cases["happened"] == 1, 1 - given) < CLIP


def _on_record(chosen: pd.DataFrame) -> Lines:
    """Say how near to Moscow the states of some challenges were, where it backed the incumbent by words.

    Beside each stands the state that was furthest from Moscow in those years.
    """
    means = sides(MAIN).set_index("id")["means"]
    if not chosen["happened"].all() or means.reindex(chosen.index).any():
        return
    levels = alignments(Window(int(chosen["year"].min()) - 1, int(chosen["year"].max())))
    names = state_names()
    for state, own in chosen.groupby("state", sort=False):
        years = [int(year) - 1 for year in own["year"]]
        over = {code: fmean(levels[code, year].mean for year in years) for code in names}
        here = over.pop(str(state))
        furthest = min(over, key=lambda code: over[code])
        if here - over[furthest] > _NEAR:
            continue
        yield (
            f"  There Moscow spoke up for the incumbent of {names[str(state)]} and gave no more than words."
            f" By votes in the UN, treaties, bases and trade the state's alignment was {here:.2f} when these"
            f" challenges began ({names[furthest]}'s {over[furthest]:.2f}). A rule that goes by alignment"
            " cannot see a government that mends ties in words."
        )


BLOCKS: dict[str, Callable[[Tree], Lines]] = {"bounds side": side}
"""Every generated passage by the name in its mark."""
