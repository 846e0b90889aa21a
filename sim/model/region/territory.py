"""A territory: a de facto state, or a region that could become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.model.regimes.regime import NEUTRAL_BAND
from sim.scenario.vocabulary import MOSCOW
from sim.series import DE_FACTO, INTEGRATED, LATENT, PROTECTED
from sim.world.state import TerritoryRecord

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

WEAK_COHESION = 0.35  # below which elites are split, as `territories.opportunity` states


class Territory(mesa.Agent):
    """A territory and its status.

    Parameters
    ----------
    model : PostSovietSpace
    record : TerritoryRecord
    host : Regime
        The state it is internationally recognised as part of.
    proneness : float
        To separatism with Moscow's help, 0-1.

    Attributes
    ----------
    patron : str
        Code of the power outside the host that keeps it: Moscow's or another state's; empty if none does.
    status : int
        0 latent, 1 de facto, 2 under passports or peacekeepers, 3 integrated (recognised or annexed).
    economic_ties : bool
        Whether property and industry are open to Russians (claim D6).
    dependence : float
        Economic dependence on Moscow that open property builds up, 0-1.
    """

    def __init__(
        self, model: PostSovietSpace, record: TerritoryRecord, host: Regime, proneness: float
    ) -> None:
        super().__init__(model)
        self.space = model
        self.name = record.name
        self.host = host
        self.patron = record.patron
        self.population = record.population
        self.proneness = proneness
        self.status = record.status
        self.economic_ties = record.status == INTEGRATED
        self.dependence = float(self.economic_ties)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.space.month}>"

    def change(self, status: int, detail: str, cause: str, **facts: float) -> None:
        """Change status and note it; detail, cause and facts are those of the event ``territory``."""
        self.status = status
        if status == LATENT:
            self.economic_ties = False
            self.dependence = 0.0
        self.space.ledger.note("territory", self.host.code, self.name, detail, status, cause=cause, **facts)
        if detail == "lost" and self.kept_by_another:
            self._humiliate(self.space.regime(self.patron))

    def _humiliate(self, patron: Regime) -> None:
        """Let the regime that could not keep it lose legitimacy: defeat brings people out."""
        patron.legitimacy -= self.space.parameters.clashes.defeat
        patron.keep_in_range()

    def look_to_moscow(self) -> None:
        """Take Moscow for a patron, if there is none yet."""
        self.patron = self.patron or MOSCOW

    @property
    def kept_by_another(self) -> bool:
        """Whether a patron other than Moscow keeps it."""
        return self.patron not in ("", MOSCOW)

    @property
    def retakable(self) -> bool:
        """Whether it is out of its host's hands, and not yet integrated."""
        return self.status in (DE_FACTO, PROTECTED)

    def depend(self) -> None:
        """Grow dependent by one month while property and industry are open to Russians (Hirschman 1945)."""
        if self.economic_ties:
            self.dependence += self.space.parameters.territories.ties_growth * (1 - self.dependence)

    @property
    def stake(self) -> float:
        """What owners with a stake make of the next step, its worth and its chance alike: 1 and more."""
        return 1 + self.space.parameters.territories.ties_stake * self.dependence

    @property
    def opportunity(self) -> float:
        """How far the host's weakness, hostility or war opens a door: 1 and more."""
        host, wider = self.host, self.space.parameters.territories.opportunity
        door = 1.0
        door += wider * (host.cohesion < WEAK_COHESION or host.index in self.space.challenges.open)
        door += wider * (host.alignment < -NEUTRAL_BAND)
        door += 2 * wider * (host.code in self.space.wars.active)
        return door
