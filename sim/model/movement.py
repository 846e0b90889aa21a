"""A protest movement: the organised opposition of a state, its resources and its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.outcomes import CLANS_RULE

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regime import Regime


class Movement(mesa.Agent):
    """The organised opposition of one state (McCarthy and Zald 1977: resources decide).

    Parameters
    ----------
    model : PostSovietSpace
    regime : Regime
        The regime it opposes.

    Attributes
    ----------
    resources : float
        Organisation, 0-1.
    outside_help : float
        Help from outside organisers in the last months, 0-1.
    """

    def __init__(self, model: PostSovietSpace, regime: Regime) -> None:
        super().__init__(model)
        self.space = model
        self.regime = regime
        self.outside_help = 0.0
        self.resources = self.supported_resources

    @property
    def kind(self) -> str:
        """``clan`` where clans are the opposition, otherwise ``democratic`` (claims M5, M6)."""
        return "clan" if self.regime.clan_politics > CLANS_RULE else "democratic"

    @property
    def supported_resources(self) -> float:
        """What openness, split elites and outside help can support, 0-1."""
        regime = self.regime
        p = self.space.parameters.learning
        own = p.organisation_base + p.organisation_by_openness * regime.openness * (1 - regime.clan_politics)
        own += p.organisation_by_split * regime.clan_politics * (1 - regime.cohesion)
        return min(own + p.organisation_by_help * self.outside_help, 1.0)

    @property
    def spark(self) -> float:
        """What organisation adds to a focal event, in units of legitimacy."""
        return self.space.parameters.learning.organisation_spark * self.resources

    def organise(self) -> None:
        """Move resources by one month toward what can be supported; outside help fades over about a year."""
        p = self.space.parameters.learning
        self.resources += p.organisation_growth * (self.supported_resources - self.resources)
        self.outside_help *= 1 - p.outside_help_fades

    def repressed(self) -> None:
        """Lose resources in a week of repression."""
        self.resources *= 1 - self.space.parameters.learning.repression_of_movement
