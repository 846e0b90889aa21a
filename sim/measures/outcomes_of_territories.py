"""Outcomes: disputed territories, clashes between states, and Moscow's organisations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.measures.history import ALLIANCE, MOSCOWS_CLUBS
from sim.measures.mechanisms import AROSE, CLUB_EXIT, TAKEN
from sim.measures.registry import outcome
from sim.series import INTEGRATED

if TYPE_CHECKING:
    from sim.measures.history import RunHistory


@outcome(label="territories integrated", unit="count", parameterised_by=TAKEN, key=True, theme="moscow")
def integrated(history: RunHistory) -> float:
    """Territories recognised or annexed during the run."""
    return history.count("territory", "integrated")


@outcome(label="territories taken in war", unit="count", parameterised_by=("war.seizure_full",))
def taken_in_war(history: RunHistory) -> float:
    """Territories annexed in a war of Moscow during the run; they are among the integrated ones."""
    taken = history.of("territory", "integrated")
    return sum(event.facts.get("cause") == "war" for event in taken)


@outcome(label="integrated territories, mean", unit="territories", parameterised_by=TAKEN)
def integrated_mean(history: RunHistory) -> float:
    """Territories recognised or annexed, at the start or since, mean over the months."""
    return math.fsum(float((status == INTEGRATED).mean()) for status in history.territories.values())


@outcome(
    label="territories lost",
    unit="count",
    parameterised_by=(
        "territories.loss_hazard", "territories.loss_other_patron", "territories.autonomy_hazard",
        "clashes.conquest",
    ),
)  # fmt: skip
def lost(history: RunHistory) -> float:
    """De facto territories that their host takes back."""
    return history.count("territory", "lost")


@outcome(label="territories arisen", unit="count", parameterised_by=(*AROSE, "war.seizure_full"))
def arose(history: RunHistory) -> float:
    """Separatist regions that become de facto states."""
    return history.count("territory", "arose")


@outcome(
    label="clashes",
    unit="count",
    parameterised_by=(
        "clashes.arbiter_effect", "clashes.presence_effect", "clashes.peacekeeper_effect",
        "rivals.full_garrison", "clashes.build_up_effect",
    ),
    key=True,
    theme="moscow",
)  # fmt: skip
def clashes(history: RunHistory) -> float:
    """Clashes between states."""
    return history.count("clash")


@outcome(
    label="CSTO members at the end",
    unit="members",
    parameterised_by=(*CLUB_EXIT, "alliance.entry_hazard", "alliance.entry_alignment"),
    key=True,
    theme="moscow",
)
def csto_members_end(history: RunHistory) -> float:
    """Members of the CSTO after the last month, including Russia."""
    return float(history.moscow["csto_members"][-1])


@outcome(
    label="trust in the CSTO at the end",
    unit="0 to 1",
    parameterised_by=(
        "alliance.usual_trust", "alliance.trust_gain", "alliance.refusal_loss",
        "alliance.unanswered_clash_loss", "clashes.mediation_trust",
    ),
)  # fmt: skip
def csto_trust_end(history: RunHistory) -> float:
    """Mean trust of the members in the CSTO after the last month."""
    return float(history.moscow["csto_trust"][-1])


@outcome(
    label="lowest trust in the CSTO",
    unit="0 to 1",
    parameterised_by=(
        "alliance.usual_trust", "alliance.trust_gain", "alliance.refusal_loss",
        "alliance.unanswered_clash_loss", "clashes.mediation_trust",
    ),
)  # fmt: skip
def csto_trust_lowest(history: RunHistory) -> float:
    """Lowest mean trust of the members in the CSTO in any month; what leads up to a threat to leave."""
    return float(history.moscow["csto_trust"].min())


@outcome(label="exits from the CSTO", unit="count", parameterised_by=CLUB_EXIT)
def csto_exits(history: RunHistory) -> float:
    """Members that leave the CSTO."""
    return history.count("membership", "left", targets=(ALLIANCE,))


@outcome(label="memberships left", unit="count", parameterised_by=CLUB_EXIT)
def memberships_left(history: RunHistory) -> float:
    """Departures from any organisation of Moscow."""
    return history.count("membership", "left", targets=MOSCOWS_CLUBS)
