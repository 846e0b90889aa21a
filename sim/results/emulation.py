"""Whether movements follow one another: challenges after a success elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.model.history import Event
from sim.outcomes import EMULATION_WINDOW


def emulation_ratio(
    challenges: Sequence[Event], falls: Sequence[Event], region: Sequence[str], months: int
) -> float:
    """Return the rate of challenges soon after a fall in another state, over the rate at other times.

    Challenges, not falls, are counted: they are more, and a regime that has learnt from the same example may
    well survive them (Beissinger 2007). A state's own fall does not count as an example to itself.

    Parameters
    ----------
    challenges, falls : sequence of Event
        Of the region, with ticks from 0 to ``months - 1``.
    region : sequence of str
        Codes of its states.
    months : int
        Length of the run.

    Returns
    -------
    float
        1 where movements ignore one another; NaN without a month in the wake of a fall, or without a
        challenge at other times.
    """
    row = {code: index for index, code in enumerate(region)}
    wake = np.zeros((len(region), months), bool)
    for fall in falls:
        elsewhere = np.arange(len(region)) != row[fall.target]
        wake[elsewhere, fall.tick + 1 : fall.tick + 1 + EMULATION_WINDOW] = True
    begun = np.zeros(wake.shape, int)
    for challenge in challenges:
        begun[row[challenge.target], challenge.tick] += 1
    inside, outside = begun[wake], begun[~wake]
    if not inside.size or not outside.sum():
        return float("nan")
    return float(inside.mean() / outside.mean())
