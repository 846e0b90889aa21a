"""The alliance (CSTO) and Moscow's clubs: trust, precedent, entry and exit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT
from sim.model.randomness import Process
from sim.model.rows import RowArray

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

ALLIANCE = "CSTO"


class Alliance:
    """The CSTO as its members see it.

    Attributes
    ----------
    precedents : int
        Deployments that saved a member so far, which lower the bar for the next (claim M7).
    refusals : int
        Members' calls left unanswered since the first of them.
    """

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self.precedents = 0
        self.refusals = 0

    @property
    def record(self) -> float:
        """Share of calls that the alliance's record says are answered with troops, 0-1.

        The mean of a Beta distribution: deployments over deployments and refusals, with `alliance.doubt`
        cases of doubt to begin with. Nobody expects troops that have never come (claim M7).
        """
        doubt = self.space.parameters.alliance.doubt
        return self.precedents / (self.precedents + self.refusals + doubt) if self.precedents else 0.0

    @property
    def _cover(self) -> float:
        """What every member reckons with."""
        moscow = self.space.moscow
        return self.record * moscow.free_capacity * moscow.standing

    def cover(self, regime: Regime) -> float:
        """Return the chance of troops that citizens, elites and services of a state reckon with, 0-1."""
        return self._cover if self.precedents and ALLIANCE in regime.memberships else 0.0

    @property
    def covers(self) -> NDArray[np.float64]:
        """The `cover` of every state, shape (states,)."""
        if not self.precedents:
            return np.zeros(len(self.space.regimes))
        cover = self._cover
        return np.array([cover if ALLIANCE in each.memberships else 0.0 for each in self.space.regimes])

    @property
    def members(self) -> list[Regime]:
        """Members other than Russia."""
        return [regime for regime in self.space.regimes if ALLIANCE in regime.memberships]

    @property
    def trust(self) -> float:
        """Mean trust of the members, 0 if there are none."""
        return self.trust_of(self.members)

    @staticmethod
    def trust_of(members: list[Regime]) -> float:
        """Mean trust of some states, 0 if there are none."""
        return math.fsum([regime.trust for regime in members]) / len(members) if members else 0.0

    def deployed(self) -> None:
        """Note a deployment that saved a member: a precedent, and all members' trust grows."""
        self.precedents += 1
        for regime in self.members:
            regime.trust += self.space.parameters.alliance.trust_gain
            regime.keep_in_range()

    def refused(self, regime: Regime) -> None:
        """Note a call that Moscow left unanswered (claim K4)."""
        if ALLIANCE in regime.memberships:
            self.refusals += self.precedents > 0
            regime.trust -= self.space.parameters.alliance.refusal_loss
            regime.keep_in_range()

    def left_alone(self, regime: Regime) -> None:
        """Note a clash that Moscow left unanswered (claims K3, K4)."""
        if ALLIANCE in regime.memberships:
            regime.trust -= self.space.parameters.alliance.unanswered_clash_loss
            regime.keep_in_range()

    def review_membership(self) -> None:
        """Let each state join or leave, once a month."""
        p, space, states = self.space.parameters.alliance, self.space, len(self.space.regimes)
        uniforms = space.numbers.table(Process.MEMBERSHIP, space.tick, states, 3)
        asked = wavering(space.rows.regimes, space.rules, uniforms).tolist()
        for regime in [space.regimes[i] for i in asked]:
            joins, leaves, club = uniforms[regime.index].tolist()
            if ALLIANCE in regime.memberships:
                wary = regime.trust < p.exit_trust and regime.alignment < p.exit_trust_alignment
                if wary and leaves < p.exit_hazard:
                    self.leave(regime, ALLIANCE, "wary", trust=regime.trust)
                elif regime.alignment < p.neutral_exit and leaves < p.lapse_hazard:
                    self.leave(regime, ALLIANCE, "lapsed")
                elif regime.alignment < p.exit_alignment and leaves < p.exit_hazard:
                    self.leave(regime, ALLIANCE, "estranged")
            elif (
                regime.alignment > p.entry_alignment
                and not regime.memberships & {"EU", "NATO"}
                and joins < p.entry_hazard
            ):
                self.join(regime, ALLIANCE, "close")
            if regime.alignment < p.exit_alignment and club < p.exit_hazard:
                for organisation in ("EAEU", "CIS"):
                    if organisation in regime.memberships:
                        self.leave(regime, organisation, "estranged")
                        break

    def join(self, regime: Regime, organisation: str, cause: str, **facts: float) -> None:
        """Make a state a member, if it is not; the event has the cause and facts."""
        if organisation in regime.memberships:
            return
        regime.memberships.add(organisation)
        self._note(regime, organisation, "joined", cause, facts)

    def leave(self, regime: Regime, organisation: str, cause: str, **facts: float) -> None:
        """End a state's membership, if it is a member; the event has the cause and facts."""
        if organisation not in regime.memberships:
            return
        regime.memberships.discard(organisation)
        self._note(regime, organisation, "left", cause, facts)

    def _note(
        self, regime: Regime, organisation: str, detail: str, cause: str, facts: dict[str, float]
    ) -> None:
        self.space.ledger.note(
            "membership", regime.code, organisation, detail, regime.alignment, cause=cause, **facts
        )


@numba.njit(cache=KEPT, nogil=True)
def wavering(rows: RowArray, rules: RowArray, uniforms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Let trust return; return the states that may join or leave an organisation, members or not.

    Parameters
    ----------
    uniforms : ndarray, shape (states, 3)
        Draws that say who joins the alliance, leaves it, leaves another club.
    """
    p = rules[0].alliance
    found, count = np.empty(rows.size, np.int64), 0
    for i in range(rows.size):
        row = rows[i]
        row.trust += p.trust_return * (p.usual_trust - row.trust)
        joins = uniforms[i, 0] < p.entry_hazard and row.alignment > p.entry_alignment
        exits = min(uniforms[i, 1], uniforms[i, 2]) < p.exit_hazard
        wary = row.trust < p.exit_trust and row.alignment < p.exit_trust_alignment
        leaves = exits and (wary or row.alignment < p.exit_alignment)
        lapses = uniforms[i, 1] < p.lapse_hazard and row.alignment < p.neutral_exit
        if joins or leaves or lapses:
            found[count] = i
            count += 1
    return found[:count]
