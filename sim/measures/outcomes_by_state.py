"""Outcomes of single states: what happens to one state in a run (``sim compare --state``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.measures.history import ALLIANCE, CLIENT_ALIGNMENT
from sim.measures.registry import SO_OR_NOT, state_outcome
from sim.series import LATENT

if TYPE_CHECKING:
    from sim.measures.history import RunHistory


@state_outcome(label="mass challenges to its regime", unit="count")
def challenges(history: RunHistory, state: str) -> float:
    """Mass challenges to its regime."""
    return len(history.challenged((state,)))


@state_outcome(label="largest open opposition in a month", unit="share of its citizens")
def largest_crowd(history: RunHistory, state: str) -> float:
    """Largest share of its citizens in open opposition in any month."""
    return float(history.path("participation", state).max())


@state_outcome(label="falls of its incumbents to the street", unit="count")
def street_falls(history: RunHistory, state: str) -> float:
    """Its incumbents who fall to a crowd."""
    return len(history.falls("street", (state,)))


@state_outcome(label="falls of its incumbents to elites", unit="count")
def elite_falls(history: RunHistory, state: str) -> float:
    """Its incumbents who fall to a palace coup."""
    return len(history.falls("elite", (state,)))


@state_outcome(label="falls of its incumbents", unit="count")
def falls(history: RunHistory, state: str) -> float:
    """Its incumbents who fall, to a crowd or to a palace coup."""
    return street_falls(history, state) + elite_falls(history, state)


@state_outcome(label="an incumbent falls", unit=SO_OR_NOT)
def any_fall(history: RunHistory, state: str) -> float:
    """Whether an incumbent of it falls at least once, to a crowd or to a palace coup: 1 or 0."""
    return float(falls(history, state) > 0)


@state_outcome(label="elections that its incumbents lose", unit="count")
def turnovers(history: RunHistory, state: str) -> float:
    """Its elections that the incumbent side loses."""
    return history.count("election", "turnover", targets=(state,))


@state_outcome(label="calls on Moscow for help", unit="count")
def requests(history: RunHistory, state: str) -> float:
    """Its calls on Moscow for help in a challenge."""
    return history.count("request", actors=(state,))


@state_outcome(label="help from Moscow against a challenge", unit="count")
def rescues(history: RunHistory, state: str) -> float:
    """Times Moscow helps it against a challenge."""
    return sum(len(challenge.help) for challenge in history.challenged((state,)))


@state_outcome(label="wars of Moscow that start there", unit="count")
def wars(history: RunHistory, state: str) -> float:
    """Wars of Moscow that start or widen there."""
    return history.count("war", "started", targets=(state,))


@state_outcome(label="its territories integrated by Moscow", unit="count")
def integrated(history: RunHistory, state: str) -> float:
    """All its territories, such as Transnistria and Gagauzia, that Moscow recognises or annexes."""
    return history.count("territory", "integrated", actors=(state,))


@state_outcome(label="its territories that return to it", unit="count")
def returned(history: RunHistory, state: str) -> float:
    """Its de facto territories that it takes back, or that settle with it for autonomy."""
    return history.count("territory", "lost", actors=(state,))


@state_outcome(label="its regions that break away", unit="count")
def arose(history: RunHistory, state: str) -> float:
    """Its separatist regions that become de facto states."""
    return history.count("territory", "arose", actors=(state,))


@state_outcome(label="its territories out of its hands at the end", unit="territories")
def outside_end(history: RunHistory, state: str) -> float:
    """Its territories that are de facto, protected or integrated after the last month."""
    hosted = (record.name for record in history.world.territories if record.host == state)
    return sum(int(history.territories[name][-1] > LATENT) for name in hosted)


@state_outcome(label="changes of class away from Moscow", unit="count")
def realignments_away(history: RunHistory, state: str) -> float:
    """Its changes of alignment class (with Moscow, neutral, against it) away from Moscow."""
    return history.count("realignment", "away", targets=(state,))


@state_outcome(label="changes of class toward Moscow", unit="count")
def realignments_toward(history: RunHistory, state: str) -> float:
    """Its changes of alignment class (with Moscow, neutral, against it) toward Moscow."""
    return history.count("realignment", "toward", targets=(state,))


@state_outcome(label="alignment with Moscow at the end", unit="-1 against it to 1 with it")
def alignment_end(history: RunHistory, state: str) -> float:
    """Its alignment with Moscow after the last month."""
    return float(history.path("alignment", state)[-1])


@state_outcome(label="change of alignment with Moscow", unit="last month less first, -2 to 2")
def alignment_change(history: RunHistory, state: str) -> float:
    """Its alignment with Moscow, last month less first."""
    return _change(history, "alignment", state)


@state_outcome(label="client of Moscow at the end", unit=SO_OR_NOT)
def client_end(history: RunHistory, state: str) -> float:
    """Whether its alignment after the last month is above {CLIENT_ALIGNMENT}: 1 or 0."""
    return float(history.path("alignment", state)[-1] > CLIENT_ALIGNMENT)


@state_outcome(label="member of the CSTO at the end", unit=SO_OR_NOT)
def csto_end(history: RunHistory, state: str) -> float:
    """Whether it is a member of the CSTO after the last month: 1 or 0."""
    return float(state in history.members_at_end(ALLIANCE))


@state_outcome(label="member of the EAEU at the end", unit=SO_OR_NOT)
def eaeu_end(history: RunHistory, state: str) -> float:
    """Whether it is a member of the EAEU after the last month: 1 or 0."""
    return float(state in history.members_at_end("EAEU"))


@state_outcome(label="change of attitude to Moscow", unit="last month less first, -2 to 2")
def attitude_change(history: RunHistory, state: str) -> float:
    """Its public's attitude to Moscow, last month less first."""
    return _change(history, "attitude", state)


def _change(history: RunHistory, series: str, state: str) -> float:
    path = history.path(series, state)
    return float(path[-1] - path[0])
