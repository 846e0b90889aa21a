"""A replicate's luck with some of it drawn anew: what a variance decomposition compares."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.model.randomness import Luck, Process

DRAWN_ONCE = frozenset({Process.PARAMETERS, Process.INITIAL_STATE})
"""Processes that draw a run's fixed numbers; all others are what happens in it."""


class RedrawnLuck(Luck):
    """The luck of a replicate, but for what is taken from another seed.

    Parameters
    ----------
    seed, replicate, ticks : int
        As for `Luck`.
    other_seed : int
        Where what is redrawn comes from.
    events : bool
        Whether everything but parameters and initial state is redrawn.
    redraws : callable
        ``redraws(process, name)`` says whether a parameter or an estimate of the initial state is.
    """

    def __init__(
        self,
        seed: int,
        replicate: int,
        ticks: int,
        *,
        other_seed: int,
        events: bool,
        redraws: Callable[[Process, str], bool],
    ) -> None:
        super().__init__(seed, replicate, ticks)
        self.other = Luck(other_seed, replicate, ticks)
        self.events = events
        self.redraws = redraws

    def key(self, process: Process) -> np.uint64:
        """Return the key of a process, the other seed's if what happens is redrawn."""
        redrawn = self.events and process not in DRAWN_ONCE
        return self.other.key(process) if redrawn else super().key(process)

    def quantile(self, process: Process, name: str) -> float:
        """Return the quantile of a named number, the other seed's if it is redrawn."""
        redrawn = self.redraws(process, name)
        return self.other.quantile(process, name) if redrawn else super().quantile(process, name)
