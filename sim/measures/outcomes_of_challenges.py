"""Outcomes: challenges to regimes, and their falls."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.measures.history import ALLIANCE, NAN, share
from sim.measures.mechanisms import CROWD, ELITE_FALL, NEAR_VOTE, STREET_FALL
from sim.measures.registry import outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.measures.history import RunHistory
    from sim.model.trace import Event

NEAR_ELECTION = 6
"""Months after an election or succession within which a fall counts as near it."""

CONTAGION_WINDOW = 24
"""Months after a fall within which another counts as following it."""

EMULATION_WINDOW = 12
"""Months after a fall within which a challenge elsewhere counts as following it."""

DEFECTION_WINDOW = 3
"""Months before a fall within which a defection counts as preceding it."""

Moment = tuple[str, int]
"""A state's code, and months since the start of the run."""

_VOTES = ("election", "succession")


@outcome(label="challenges", unit="count", parameterised_by=CROWD, key=True, theme="challenges")
def challenges(history: RunHistory) -> float:
    """Mass challenges to a regime in the region."""
    return len(history.challenged(history.region))


@outcome(label="challenge rate", unit="per state-year", parameterised_by=CROWD, made_of=("challenges",))
def challenge_rate(history: RunHistory) -> float:
    """Challenges in the region over its state-years."""
    return share(len(history.challenged(history.region)), history.state_years)


@outcome(label="challenge rate of members", unit="per member-year", parameterised_by=CROWD)
def member_challenge_rate(history: RunHistory) -> float:
    """Challenges to members of the CSTO over their years of membership; undefined without members."""
    joined = dict.fromkeys(history.members_at_start(ALLIANCE), 0)
    begun = member_months = 0
    for event in history.events:  # a month counts as it began
        if event.kind == "challenge":
            begun += event.target in joined
        elif event.kind == "membership" and event.target == ALLIANCE:
            if event.detail == "joined":
                joined.setdefault(event.actor, event.tick + 1)
            elif event.actor in joined:
                member_months += event.tick + 1 - joined.pop(event.actor)
    member_months += sum(history.months - since for since in joined.values())
    return share(begun, member_months / 12)


@outcome(
    label="falls to the street", unit="count", parameterised_by=STREET_FALL, key=True, theme="challenges"
)
def street_falls(history: RunHistory) -> float:
    """Incumbents in the region who fall to a crowd."""
    return len(history.falls("street", history.region))


@outcome(label="falls to elites", unit="count", parameterised_by=ELITE_FALL, key=True)
def elite_falls(history: RunHistory) -> float:
    """Incumbents in the region who fall to a palace coup."""
    return len(history.falls("elite", history.region))


@outcome(
    label="falls",
    unit="count",
    parameterised_by=(*STREET_FALL, *ELITE_FALL),
    made_of=("street_falls", "elite_falls"),
)
def falls(history: RunHistory) -> float:
    """Street and elite falls in the region."""
    return street_falls(history) + elite_falls(history)


@outcome(label="fall rate", unit="per state-year", parameterised_by=STREET_FALL, made_of=("street_falls",))
def fall_rate(history: RunHistory) -> float:
    """Street falls in the region over its state-years."""
    return share(street_falls(history), history.state_years)


@outcome(label="success ratio", unit="share", parameterised_by=STREET_FALL)
def success_ratio(history: RunHistory) -> float:
    """Street falls over challenges in the region; undefined without a challenge."""
    return share(street_falls(history), challenges(history))


@outcome(label="months to first fall", unit="months", parameterised_by=STREET_FALL)
def months_to_first_fall(history: RunHistory) -> float:
    """Months from the start to the first street fall in the region; the run's length if there is none."""
    return min((tick for _, tick in _street_falls(history)), default=history.months)


@outcome(label="falls near an election", unit="share", parameterised_by=NEAR_VOTE)
def falls_near_election(history: RunHistory) -> float:
    """Share of street falls in the region soon after an election or succession in the same state.

    At most {NEAR_ELECTION} months after; undefined without a fall.
    """
    fallen = history.falls("street", history.region)
    return _share_preceded(history, fallen, _VOTES, NEAR_ELECTION)


@outcome(
    label="contagion ratio",
    unit="ratio",
    parameterised_by=(
        "learning.emulation", "learning.emulation_rate", "learning.emulation_spark",
        "learning.emulation_fades", "learning.preparedness",
    ),
)  # fmt: skip
def contagion_ratio(history: RunHistory) -> float:
    """Street falls per month in the wake of one anywhere in the region, over those at other times.

    The wake is {CONTAGION_WINDOW} months; 1 if falls are independent, undefined without a fall.
    """
    return rate_after_falls([tick for _, tick in _street_falls(history)], history.months)


@outcome(label="challenges near an election", unit="share", parameterised_by=NEAR_VOTE)
def challenges_near_election(history: RunHistory) -> float:
    """Share of challenges in the region soon after an election or succession in the same state.

    At most {NEAR_ELECTION} months after; undefined without a challenge.
    """
    opened = history.of("challenge", targets=history.region)
    return _share_preceded(history, opened, _VOTES, NEAR_ELECTION)


@outcome(
    label="emulation ratio",
    unit="ratio",
    parameterised_by=(
        "learning.emulation", "learning.emulation_rate", "learning.emulation_spark",
        "learning.emulation_fades",
    ),
)  # fmt: skip
def emulation_ratio(history: RunHistory) -> float:
    """Challenges per state-month in the wake of a street fall in another state, over those at other times.

    In the region; the wake is {EMULATION_WINDOW} months; 1 if movements ignore one another, undefined without
    a fall.
    """
    begun = [(challenge.state, challenge.start) for challenge in history.challenged(history.region)]
    return rate_after_falls_elsewhere(begun, _street_falls(history), history.region, history.months)


@outcome(
    label="defection before a fall",
    unit="share",
    parameterised_by=(
        "challenges.defection_base", "challenges.fall_after_defection", "challenges.fall_without_defection",
    ),
)  # fmt: skip
def defection_before_fall(history: RunHistory) -> float:
    """Share of street falls in the region soon after security services or elites of the same state defect.

    At most {DEFECTION_WINDOW} months after; undefined without a fall.
    """
    fallen = history.falls("street", history.region)
    return _share_preceded(history, fallen, ("defection",), DEFECTION_WINDOW)


@outcome(label="share of the top state", unit="share")
def top_state_share(history: RunHistory) -> float:
    """Share of the region's street falls in the state with most; undefined without a fall."""
    by_state = Counter(state for state, _ in _street_falls(history))
    return share(max(by_state.values(), default=0), by_state.total())


@outcome(label="Baltic falls", unit="count", parameterised_by=(*STREET_FALL, *ELITE_FALL))
def baltic_falls(history: RunHistory) -> float:
    """Street and elite falls in the Baltic states."""
    return len(history.falls("street", history.baltic)) + len(history.falls("elite", history.baltic))


# -- whether one thing follows another -------------------------------------------------------------


def _street_falls(history: RunHistory) -> list[Moment]:
    return [(fall.target, fall.tick) for fall in history.falls("street", history.region)]


def _share_preceded(history: RunHistory, events: Sequence[Event], kinds: Sequence[str], window: int) -> float:
    return share(sum(history.preceded(event, kinds, window) for event in events), len(events))


def rate_after_falls(ticks: Sequence[int], months: int) -> float:
    """Return the rate of falls soon after a fall, over the rate at other times.

    Parameters
    ----------
    ticks : sequence of int
        Months of the falls, 0 to ``months - 1``.
    months : int
        Length of the run.

    Returns
    -------
    float
        1 where falls ignore one another; NaN without a fall or without a month in its wake.
    """
    import numpy as np  # noqa: PLC0415 - names and labels load without it

    falls = np.bincount(ticks, minlength=months)[:months] if ticks else np.zeros(months, int)
    wake = np.zeros(months, bool)
    for tick in ticks:
        wake[tick + 1 : tick + 1 + CONTAGION_WINDOW] = True
    inside, outside = falls[wake], falls[~wake]
    if not inside.size or not outside.sum():
        return NAN
    return float(inside.mean() / outside.mean())


def rate_after_falls_elsewhere(
    openings: Sequence[Moment], falls: Sequence[Moment], region: Sequence[str], months: int
) -> float:
    """Return the rate of challenges soon after a fall in another state, over the rate at other times.

    Challenges, not falls, are counted: they are more, and a regime that has learnt from the same example may
    well survive them (Beissinger 2007). A state's own fall does not count as an example to itself.

    Parameters
    ----------
    openings, falls : sequence of (str, int)
        State and tick, 0 to ``months - 1``, of each challenge's opening and each fall in the region.
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
    import numpy as np  # noqa: PLC0415 - names and labels load without it

    row = {code: index for index, code in enumerate(region)}
    wake = np.zeros((len(region), months), bool)
    for state, tick in falls:
        elsewhere = np.arange(len(region)) != row[state]
        wake[elsewhere, tick + 1 : tick + 1 + EMULATION_WINDOW] = True
    begun = np.zeros(wake.shape, int)
    for state, tick in openings:
        begun[row[state], tick] += 1
    inside, outside = begun[wake], begun[~wake]
    if not inside.size or not outside.sum():
        return NAN
    return float(inside.mean() / outside.mean())
