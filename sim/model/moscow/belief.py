"""What Moscow believes of an instrument, and how it learns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Belief:
    """What Moscow believes of one instrument: a Beta distribution over "the regime survives".

    Parameters
    ----------
    successes, failures : float
        Cases it counts for so far, own experience and starting belief together.
    start : float
        Mean at the start, against which experience is measured.
    """

    successes: float
    failures: float
    start: float

    @property
    def trust(self) -> float:
        """Expected effect relative to the start; 1 before any experience."""
        return self.successes / (self.successes + self.failures) / self.start

    def update(self, *, survived: bool) -> None:
        """Learn from one case."""
        if survived:
            self.successes += 1
        else:
            self.failures += 1
