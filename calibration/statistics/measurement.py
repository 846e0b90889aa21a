"""How the record came to miss and to mistake things, applied to a run before it is summed up.

The record is left as it is: it has been through this already. Each number is a parameter with a source; a
judgement is called one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from calibration.history import CROWD, Challenge, Observation, ObservedHistory


@dataclass(frozen=True, slots=True)
class Measurement:
    """Errors of the record.

    Parameters
    ----------
    missed_1990s, missed_later : float
        Share of challenges without a fall that no list knows, before and from 2000. A judgement: the coding
        sheet has 0.06 such challenges a state and year in 1992-1999 and 0.17 in 2000-2013, when the press is
        better covered, while falls are 0.02 and 0.03 (`calibration/record/tables/episodes.csv`).
        Falls are never missed.
    concession_error : float
        Chance that an end with and without a concession are confused. A judgement, from 4 of 33 outcomes on
        which the coding sheet and NAVCO 1.3 or CSRA 9 differ.
    orientation_error : float
        Chance that a successor's orientation is coded one class off; the sheet calls 4 of 15 arguable, of
        which half might fall the other way.
    support_error : float
        Chance that support for a challenged incumbent in words is missed. A judgement.
    alignment_sd : float
        Error of a state's alignment that is new each year. The record's own changes show .014, and at most
        .02 (`calibration/record/alignment_error.py`). The rest of the composite's error, .11 to .25, lasts:
        runs have it already, since each draws its alignment at the start around the composite.
    crowd_seen : float
        Share of months with a crowd of 10 000 or more that the list of protests has. Mass Mobilization has
        such a month for 27 of the 50 challenges of 1992-2019 in the coding sheet.
    """

    missed_1990s: float = 0.5
    missed_later: float = 0.15
    concession_error: float = 0.12
    orientation_error: float = 0.13
    support_error: float = 0.3
    alignment_sd: float = 0.015
    crowd_seen: float = 0.54

    def apply(self, history: ObservedHistory, rng: np.random.Generator) -> ObservedHistory:
        """Return a run's history as the record would hold it.

        Parameters
        ----------
        history : ObservedHistory
        rng : Generator
            The same for the same run, so that statistics can be recomputed.
        """
        challenges = tuple(self._challenges(history, rng))
        months = np.fromiter(history.crowded_months.values(), int, len(history.crowded_months))
        counted = rng.binomial(months, self.crowd_seen).tolist()
        seen = dict(zip(history.crowded_months, counted, strict=True))
        return replace(
            history,
            challenges=challenges,
            successors=tuple(self._successor(fact, rng) for fact in history.successors),
            alignment=_noisy(history.alignment, self.alignment_sd, rng),
            crowds={
                key: _rounded_down(size) if size < CROWD or seen.get(key) else 0.0
                for key, size in history.crowds.items()
            },
            crowded_months=seen,
        )

    def _challenges(self, history: ObservedHistory, rng: np.random.Generator) -> list[Challenge]:
        kept = []
        for challenge in history.challenges:
            missed = self.missed_1990s if challenge.month.year < 2000 else self.missed_later
            gone, confused, unheard = rng.random(3)
            outcome, support = challenge.outcome, challenge.support
            if outcome != "fell" and gone < missed:
                continue
            if outcome != "fell" and confused < self.concession_error:
                outcome = "concession" if outcome == "survived" else "survived"
            if support == "words" and unheard < self.support_error:
                support = "none"
            kept.append(replace(challenge, outcome=outcome, support=support))
        return kept

    def _successor(self, fact: Observation, rng: np.random.Generator) -> Observation:
        wrong, upward = rng.random(2)
        if wrong >= self.orientation_error:
            return fact
        classes = ("anti", "neutral", "pro")
        place = classes.index(fact.detail) + (1 if upward < 0.5 else -1)
        return replace(fact, detail=classes[place] if 0 <= place <= 2 else "neutral")


NONE = Measurement(0, 0, 0, 0, 0, 0, 1)
"""A record without any error."""


def _noisy(
    values: Mapping[tuple[str, int], float], sd: float, rng: np.random.Generator
) -> dict[tuple[str, int], Any]:
    measured = np.fromiter(values.values(), float, len(values))
    if sd > 0:
        measured = np.clip(measured + rng.normal(0, sd, len(values)), -1, 1)
    return dict(zip(values, measured.tolist(), strict=True))


def _rounded_down(persons: float) -> float:
    """Return a crowd as the list of protests gives it: the lower edge of 1, 2 or 5 times a power of ten."""
    if persons < 1:
        return 0.0
    unit = 10.0 ** np.floor(np.log10(persons))
    return float(unit * max(step for step in (1, 2, 5) if step * unit <= persons))
