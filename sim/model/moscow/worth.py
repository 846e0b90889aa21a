"""What a regime is worth to Moscow: its own rule, and what others expect of it."""

from __future__ import annotations

from sim.model.compiled import rule
from sim.model.regimes.regime import NEUTRAL_BAND
from sim.model.rows import Numbers

LEAST_VALUE = 0.5  # what unconditional support takes any regime to be worth at least
VOTE_DISPUTED = 6  # months after a vote in which a challenge is about it, as the record codes it


@rule
def worth(p: Numbers, alignment: float, strategic_value: float, burden: float) -> float:
    """Return what keeping a regime is worth to Moscow (claims P6, D2, M4).

    A friendly regime is worth its state's value; a burden counts against it. Unconditional support
    ignores both how friendly, short of hostile, and how burdensome it is.

    Parameters
    ----------
    p : MoscowParameters
    alignment : float
        Of the regime, -1 to 1.
    strategic_value, burden : float
        Of its state, 0-1.
    """
    friendly = max(alignment - p.friendly_from, 0.0)
    conditional: float = p.keep_weight * strategic_value * friendly - p.burden_aversion * burden
    if alignment < -NEUTRAL_BAND:
        return conditional  # nobody props up a hostile regime
    always = p.unconditional_support
    kept: float = (1 - always) * conditional + always * p.keep_weight * max(strategic_value, LEAST_VALUE)
    return kept


@rule
def recognition(p: Numbers, months: int, unfair_votes: float, alignment: float) -> float:
    """Return what it is worth to Moscow to declare a vote valid whose result the street disputes.

    A patron's monitors and congratulations count for most where others call the vote unfair. They commit it
    to nothing, so they are given to regimes that it would spend nothing on, but not to hostile ones.

    Parameters
    ----------
    p : MoscowParameters
    months : int
        Since the last national vote.
    unfair_votes : float
        How unfair coders rate the state's votes, 0-1.
    alignment : float
        Of the regime, -1 to 1.
    """
    if months > VOTE_DISPUTED or alignment < -NEUTRAL_BAND:
        return 0.0
    valid: float = p.recognition * unfair_votes
    return valid
