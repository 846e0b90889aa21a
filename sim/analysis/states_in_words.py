"""What happens to the states that are asked about, in words: a line a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.by_state import of_one_state
from sim.analysis.in_words import MOST_TOLD, spread
from sim.analysis.intervals import rows_of, visible
from sim.analysis.written import UNAUDITED_STATES, difference_line, on_few
from sim.explain.words import state_title
from sim.measures import STATE_OUTCOMES

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison

_ALIKE = 6  # digits in which two outcomes have the same difference: less is single precision's error


def state_lines(comparison: Comparison) -> list[str]:
    """Return a line a scenario that is not the baseline, on each of the comparison's ``states``.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    list of str
        Each names a state's largest differences from the baseline, of those whose interval excludes 0 and
        that rest on half of the pairs of runs or more, and counts those on fewer. Outcomes with the very
        same difference are told once. None where no state is asked about.
    """
    if not comparison.states:
        return []
    return [
        " ".join(
            [
                f"{name}, single states:",
                *(_of_state(comparison, name, state) for state in comparison.states),
                UNAUDITED_STATES,
            ]
        )
        for name in comparison.ordered
        if name != comparison.baseline
    ]


def _of_state(comparison: Comparison, name: str, state: str) -> str:
    found = rows_of(of_one_state(comparison.of_states, state))
    sizes: dict[str, float] = {}
    rare = 0
    for outcome in STATE_OUTCOMES:
        row, other = found[name, outcome], found[comparison.baseline, outcome]
        if not visible(row):
            continue
        if on_few(row["pairs"], comparison.pairs(name)):
            rare += 1
        else:
            scale = spread(row["sd"], other["sd"])  # so that units do not matter
            sizes[outcome] = abs(row["difference"]) / scale if scale else np.inf
    few = f" On under half of the pairs: {rare} more." if rare else ""
    if not sizes:
        on = " on half of the pairs or more" if rare else ""
        return f"{state_title(state)} has no visible difference from {comparison.baseline}{on}.{few}"
    told: list[str] = []
    same: set[tuple[float, ...]] = set()  # as alignment at the end is with its change, from one start
    for outcome in sorted(sizes, key=lambda outcome: -sizes[outcome]):
        row = found[name, outcome]
        numbers = tuple(round(row[key], _ALIKE) for key in ("difference", "low", "high"))
        if numbers not in same and len(told) < MOST_TOLD:
            told.append(difference_line(STATE_OUTCOMES[outcome].label, row, comparison.pairs(name)))
        same.add(numbers)
    which = "largest differences" if len(told) > 1 else "largest difference"
    return f"{state_title(state)}, {which} from {comparison.baseline}: {'; '.join(told)}.{few}"
