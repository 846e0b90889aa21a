"""The other powers: the West, China and Turkey, each with its reach and its engagement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import mesa

from sim.model.compiled import rule

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

MONTHS_BEFORE_A_VOTE = 6  # outside campaigns are visible about half a year ahead (claim G2)

MOST_SHIELDED = 0.9  # no regime is wholly out of reach


class ExternalPower(mesa.Agent):
    """A power that fills what Moscow leaves (claim K5).

    Parameters
    ----------
    model : PostSovietSpace
    name : str
    exposure : list of float, one a state, 0-1
        How far each state lies within its reach.
    """

    def __init__(self, model: PostSovietSpace, name: str, exposure: list[float]) -> None:
        super().__init__(model)
        self.space = model
        self.name = name
        self.exposure = exposure
        self.engagement = 1.0  # 1 as in the record
        self.engagement_in: dict[int, float] = {}  # of single states, where a scenario says otherwise

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.space.month}>"

    def engage(self, engagement: float, regimes: Iterable[Regime] | None = None) -> None:
        """Set its engagement in some states, or everywhere: what was set of single ones before then ends."""
        if regimes is None:
            self.engagement, self.engagement_in = engagement, {}
        else:
            self.engagement_in |= {regime.index: engagement for regime in regimes}

    def engaged(self, regime: Regime) -> float:
        """Return its engagement in a state, 0 or more; 1 is as in the record."""
        return self.engagement_in.get(regime.index, self.engagement)

    def pull(self, regime: Regime) -> float:
        """Return how strongly it draws a state, 0 or more."""
        return self.engaged(regime) * self.exposure[regime.index]

    @property
    def pulls(self) -> list[float]:
        """How strongly it draws each state, as `pull`; to be read, not changed."""
        if self.engagement == 1.0 and not self.engagement_in:
            return self.exposure
        return [self.engagement_in.get(i, self.engagement) * near for i, near in enumerate(self.exposure)]


class West(ExternalPower):
    """The EU, NATO and the US: a rival that also answers force and may help movements."""

    def campaign_rate(self, regime: Regime) -> float:
        """Return the campaigns a year of outside organisers in a state.

        They look for an unprepared regime tied to Moscow before a vote (claims G2, G3) and for a party
        to help: where clans are the opposition there is none (claim M5).
        """
        p = self.space.parameters.rivals
        rate = p.western_campaign * self.engaged(regime)
        if rate == 0 or regime.alignment < p.campaign_from:
            return 0.0
        partner = 1 - p.campaign_targeting_parties * regime.clan_politics
        prevented = self.space.parameters.challenges.joint_prevention * regime.dependence
        shield = 1 - min(prevented / 2, MOST_SHIELDED)  # as `rivals.western_campaign` states
        near = self.space.calendar.months_to_vote(regime) <= MONTHS_BEFORE_A_VOTE
        vote = p.campaign_before_vote if near else 1.0
        return rate * partner * shield * (1 - regime.preparedness) * vote

    @property
    def most_campaigns(self) -> float:
        """The most campaigns a year that any state can see: `campaign_rate` before a vote, unprepared."""
        p = self.space.parameters.rivals
        most = max((self.engagement, *self.engagement_in.values()))
        return p.western_campaign * most * max(p.campaign_before_vote, 1.0)

    def answer(self, regime: Regime) -> float:
        """Return the price that it puts on integration, annexation and war in a state (claim D4)."""
        return self.space.parameters.moscow.western_deterrence * self.engaged(regime)


def rival_gain(powers: list[ExternalPower], regime: Regime) -> tuple[str, float]:
    """Return the power that draws a state most, with its pull."""
    place, pull = strongest([[power.pull(regime)] for power in powers], 0)
    return powers[place].name, pull


@rule
def strongest(pulls: Any, state: int) -> tuple[int, float]:
    """Return the place of the power that draws a state most, with its pull.

    Parameters
    ----------
    pulls : list of list of float, or ndarray, shape (powers, states)
        Of each power on each state; the first of equals counts.
    state : int
    """
    best, most = -1, -1.0
    for power in range(len(pulls)):
        if pulls[power][state] > most:
            best, most = power, pulls[power][state]
    return best, most
