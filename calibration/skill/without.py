"""An observed history with a state left out: whatever is a fact about it goes, what others did stays."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from statistics import fmean
from typing import Any

from calibration.backtest.membership import members_by_year
from calibration.ensemble.tables import FACTS
from calibration.history import ObservedHistory
from sim.world.record import load_record
from sim.world.state import STATES


def without(history: ObservedHistory, state: str) -> ObservedHistory:
    """Return a history without a state: nothing in it depends on a fact about that state.

    Facts of the state, of territories in it and of pairs with it are left out, and its crowds. Members of the
    alliance are counted anew, by the entries and exits of the others. In place of the state's alignment
    stands the mean of the others in that year. So it deviates by 0, and statistics of how states deviate
    are those of the others times a number that is the same for every history.

    Parameters
    ----------
    history : ObservedHistory
        From the founding of the alliance on.
    state : str
        Code.
    """
    facts: dict[str, Any] = {
        name: tuple(fact for fact in getattr(history, name) if not concerns(fact.subject, state))
        for name in FACTS
    }
    there = members_by_year(history, history.window)[[code != state for code in STATES], 1:].sum(axis=0)
    alignment = {key: level for key, level in history.alignment.items() if key[0] != state}
    levels: dict[int, list[float]] = {}
    for (_, year), level in alignment.items():
        levels.setdefault(year, []).append(level)
    alignment |= {(state, year): fmean(found) for year, found in levels.items()}
    return replace(
        history,
        challenges=tuple(challenge for challenge in history.challenges if challenge.state != state),
        members={year: 1 + int(there[year - history.window.first]) for year in history.members},
        alignment=alignment,
        crowds={key: size for key, size in history.crowds.items() if key[0] != state},
        crowded_months={key: count for key, count in history.crowded_months.items() if key[0] != state},
        **facts,
    )


def concerns(subject: str, state: str) -> bool:
    """Whether a fact's subject is a state, a territory in it, or a pair with it.

    Parameters
    ----------
    subject : str
        As in `calibration.history.Observation`.
    state : str
        Code.
    """
    return state in subject.split("-") or _hosts().get(subject) == state


@cache
def _hosts() -> dict[str, str]:
    return {str(row["territory"]): str(row["host"]) for row in load_record().rows["territories"]}
