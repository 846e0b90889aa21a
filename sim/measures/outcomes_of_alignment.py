"""Outcomes: who follows a fallen incumbent, and where states and their publics stand towards Moscow."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.measures.falls import FALL
from sim.measures.history import CLIENT_ALIGNMENT, share
from sim.measures.mechanisms import ALIGNMENT, ATTITUDE, INFLUENCE, SUCCESSOR
from sim.measures.registry import outcome
from sim.series import INTEGRATED, INTEGRATED_WEIGHT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.measures.history import RunHistory


@outcome(
    label="anti-Moscow successors", unit="count", parameterised_by=SUCCESSOR, key=True, theme="challenges"
)
def successors_anti(history: RunHistory) -> float:
    """Successors of fallen incumbents in the region who turn from Moscow."""
    return _successors(history)["anti"]


@outcome(label="neutral successors", unit="count", parameterised_by=SUCCESSOR)
def successors_neutral(history: RunHistory) -> float:
    """Successors of fallen incumbents in the region who turn neither way."""
    return _successors(history)["neutral"]


@outcome(label="pro-Moscow successors", unit="count", parameterised_by=SUCCESSOR, key=True)
def successors_pro(history: RunHistory) -> float:
    """Successors of fallen incumbents in the region who turn to Moscow."""
    return _successors(history)["pro"]


@outcome(label="share of anti-Moscow successors", unit="share", parameterised_by=SUCCESSOR)
def successors_anti_share(history: RunHistory) -> float:
    """Successors who turn from Moscow over all of fallen incumbents in the region; undefined without one."""
    found = _successors(history)
    return share(found["anti"], found.total())


@outcome(label="turnovers", unit="count", parameterised_by=("regimes.turnover_ease",))
def turnovers(history: RunHistory) -> float:
    """Elections in the region that the incumbent side loses."""
    return history.count("election", "turnover", targets=history.region)


@outcome(label="realignments away", unit="count", parameterised_by=ALIGNMENT, key=True, theme="challenges")
def realignments_away(history: RunHistory) -> float:
    """Changes of class away from Moscow."""
    return history.count("realignment", "away")


@outcome(label="realignments toward", unit="count", parameterised_by=ALIGNMENT, key=True, theme="challenges")
def realignments_toward(history: RunHistory) -> float:
    """Changes of class toward Moscow."""
    return history.count("realignment", "toward")


@outcome(label="realignments to the West", unit="count", parameterised_by=ALIGNMENT)
def realignments_to_west(history: RunHistory) -> float:
    """Changes of class away from Moscow that the West gains."""
    return history.count("realignment", "away", actors=("West",))


@outcome(
    label="realignments to rivals",
    unit="count",
    parameterised_by=(
        "rivals.vacuum", "rivals.vacuum_until", "rivals.presence", "rivals.full_garrison",
    ),
)  # fmt: skip
def realignments_to_rivals(history: RunHistory) -> float:
    """Changes of class away from Moscow that China or Turkey gains."""
    return history.count("realignment", "away", actors=("China", "Turkey"))


@outcome(
    label="realignments to China",
    unit="count",
    parameterised_by=(
        "rivals.vacuum", "rivals.vacuum_until", "rivals.presence", "rivals.full_garrison",
    ),
)  # fmt: skip
def realignments_to_china(history: RunHistory) -> float:
    """Changes of class away from Moscow in Central Asia that China gains."""
    return history.count("realignment", "away", targets=history.central_asia, actors=("China",))


@outcome(label="alignment at the end", unit="-1 to 1", parameterised_by=ALIGNMENT)
def alignment_end(history: RunHistory) -> float:
    """Mean alignment of the region with Moscow after the last month."""
    return float(_alignment(history)[-1].mean())


@outcome(label="clients at the start", unit="states")
def clients_start(history: RunHistory) -> float:
    """States of the region with alignment above {CLIENT_ALIGNMENT} after the first month."""
    return int((_alignment(history)[0] > CLIENT_ALIGNMENT).sum())


@outcome(label="clients at the end", unit="states", parameterised_by=ALIGNMENT)
def clients_end(history: RunHistory) -> float:
    """States of the region with alignment above {CLIENT_ALIGNMENT} after the last month."""
    return int((_alignment(history)[-1] > CLIENT_ALIGNMENT).sum())


@outcome(label="influence at the end", unit="index", parameterised_by=INFLUENCE)
def influence_end(history: RunHistory) -> float:
    """Mean alignment of all states weighted by strategic value, plus integrated territories.

    After the last month; the Baltic states are among them, and each territory adds {INTEGRATED_WEIGHT}.
    """
    return float(history.moscow["influence"][-1])


@outcome(label="change of influence", unit="index", parameterised_by=INFLUENCE, key=True, theme="moscow")
def influence_change(history: RunHistory) -> float:
    """Influence after the last month less influence after the first."""
    return _change(history.moscow["influence"])


@outcome(label="change of alignment", unit="index", parameterised_by=ALIGNMENT, key=True)
def weighted_alignment_change(history: RunHistory) -> float:
    """Change of influence without what integrated territories add."""
    integrated = sum((status == INTEGRATED for status in history.territories.values()), start=0)
    return _change(history.moscow["influence"].astype(float) - INTEGRATED_WEIGHT * integrated)


@outcome(
    label="attitude at the end", unit="-1 to 1", parameterised_by=(*ATTITUDE, "citizens.russian_attitude")
)
def mean_attitude_end(history: RunHistory) -> float:
    """Mean attitude to Moscow of the region's publics after the last month."""
    return float(_attitude(history)[-1])


@outcome(label="change of attitude", unit="-2 to 2", parameterised_by=ATTITUDE, key=True, theme="challenges")
def attitude_change(history: RunHistory) -> float:
    """Mean attitude to Moscow of the region's publics, last month less first."""
    return _change(_attitude(history))


def _successors(history: RunHistory) -> Counter[str]:
    """Count the new leaders who follow a fall, in its month or the next, by class."""
    classes: Counter[str] = Counter()
    fallen: dict[str, int] = {}
    for event in history.events:
        if event.kind == FALL and event.target in history.region:
            fallen[event.target] = event.tick
        elif event.kind == "successor" and event.tick - fallen.pop(event.target, -9) <= 1:
            classes[event.detail] += 1
    return classes


def _alignment(history: RunHistory) -> NDArray[np.float32]:
    return history.of_region("alignment")


def _attitude(history: RunHistory) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = history.of_region("attitude").mean(axis=1)
    return mean


def _change(path: NDArray[np.floating[Any]]) -> float:
    return float(path[-1] - path[0])
