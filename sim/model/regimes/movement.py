"""A protest movement: the organised opposition of a state, its resources and its kind."""

from __future__ import annotations

import ctypes
import math
from typing import TYPE_CHECKING, Self

import numba

from sim.model.compiled import KEPT, rule
from sim.model.rows import Numbers, RowAgent, RowArray, numbers
from sim.series import CLANS_RULE

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime


@numbers
class MovementRow(ctypes.Structure):
    """The numbers of one movement."""

    __slots__ = ()

    resources: float  # organisation, 0-1
    outside_help: float  # of outside organisers in the last months, 0-1
    expected_success: float  # chance that citizens give a challenge, 0-1
    tradition: float  # count of past challenges, each of which fades (Beissinger 2002)
    exhaustion: float  # what is left of the challenges that are over, each 1 or less; 0 or more


class Movement(RowAgent, MovementRow):
    """The organised opposition of one state (McCarthy and Zald 1977: resources decide).

    Parameters
    ----------
    model : PostSovietSpace
    regime : Regime
        The regime it opposes.
    """

    __slots__ = ("index", "own", "regime", "rows", "space")

    def __new__(cls, model: PostSovietSpace, regime: Regime) -> Self:
        """Take up its row."""
        return cls.at(model.rows.movements, regime.index)

    def __init__(self, model: PostSovietSpace, regime: Regime) -> None:
        super().__init__(model, model.rows.movements, regime.index)
        self.space = model
        self.regime = regime
        self.outside_help = 0.0
        self.expected_success = model.parameters.learning.usual_success
        self.tradition = regime.past_challenges
        self.exhaustion = regime.recent_challenges
        self.resources = self.supported_resources

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.regime.code} {self.space.month}>"

    @property
    def kind(self) -> str:
        """``clan`` where clans are the opposition, otherwise ``democratic`` (claims M5, M6)."""
        return "clan" if self.regime.clan_politics > CLANS_RULE else "democratic"

    @property
    def supported_resources(self) -> float:
        """What openness, civil society, split elites and outside help can support, 0-1."""
        return supported_resources(self, self.regime, self.space.parameters.learning)

    @property
    def spark(self) -> float:
        """What organisation and a tradition of protest add to a focal event, in units of legitimacy."""
        p = self.space.parameters.learning
        return p.organisation_spark * self.resources + p.tradition_spark * math.log1p(self.tradition)

    @property
    def encouragement(self) -> float:
        """How much better than usual citizens think of their chances: `encouragement`."""
        return encouragement(self, self.space.parameters.learning)

    @property
    def efficacy(self) -> float:
        """What encouragement adds to the grievance on which citizens act, less exhaustion: `efficacy`."""
        return efficacy(self, self.space.parameters.learning)

    def watch(self, closeness: float, *, succeeded: bool) -> None:
        """Learn from a challenge elsewhere that is over (Beissinger 2007).

        Belief moves toward what was seen, by how closely the movement watches: a rare success moves it
        much, one more failure little. From a success it also takes over the way it was done.

        Parameters
        ----------
        closeness : float
            Of the other state, 0-1.
        """
        p = self.space.parameters.learning
        weight = min(p.emulation * closeness, 1.0)
        self.expected_success += weight * (float(succeeded) - self.expected_success)
        if succeeded:
            self.resources += weight * p.organisation_by_example * (1 - self.resources)

    def organise(self) -> None:
        """Move by one month: `organise`."""
        organise(self, self.regime, self.space.parameters.learning)

    def rose(self) -> None:
        """Remember that people rose: it becomes part of what they know how to do."""
        self.tradition += 1

    def tire(self, *, won: bool) -> None:
        """Be tired by a challenge that is over, the more if the one before is not slept off."""
        self.exhaustion += self.space.parameters.learning.exhaustion_if_won if won else 1.0

    def repressed(self) -> None:
        """Lose resources in a week of repression."""
        self.resources *= 1 - self.space.parameters.learning.repression_of_movement


# -- the rules that run for every movement every month ---------------------------------------------


@rule
def supported_resources(row: Numbers, regime: Numbers, p: Numbers) -> float:
    """Return what openness, civil society, split elites and outside help can support, 0-1."""
    own = p.organisation_base + p.organisation_by_openness * regime.openness * (1 - regime.clan_politics)
    own += p.organisation_by_split * regime.clan_politics * (1 - regime.cohesion)
    own += p.organisation_by_civil_society * regime.civil_society
    supported: float = own + p.organisation_by_help * row.outside_help
    return supported if supported < 1.0 else 1.0


@rule
def encouragement(row: Numbers, p: Numbers) -> float:
    """Return how much better than usual citizens think of their chances, -1 to 1 (claim G6)."""
    better: float = row.expected_success - p.usual_success
    return better


@rule
def efficacy(row: Numbers, p: Numbers) -> float:
    """Return what encouragement adds to the grievance on which citizens act, and exhaustion takes from it.

    In units of legitimacy. People join for a public good in proportion to the chance that it is won
    (Finkel, Muller, Opp 1989), and rest after a challenge (Tarrow 1998).
    """
    added: float = p.emulation_spark * encouragement(row, p) - p.exhaustion * row.exhaustion
    return added


@rule
def organise(row: Numbers, regime: Numbers, p: Numbers) -> None:
    """Move resources by one month toward what can be supported, faster with help; let lessons fade.

    Outside organisers train and pay a movement into being in months (Bunce and Wolchik 2011); what it
    builds on its own takes years.

    Parameters
    ----------
    row : MovementRow
    regime : RegimeRow
    p : LearningParameters
    """
    growth = p.organisation_growth + p.organisation_growth_by_help * row.outside_help
    supported = supported_resources(row, regime, p)
    row.resources += (growth if growth < 1.0 else 1.0) * (supported - row.resources)
    row.outside_help *= 1 - p.outside_help_fades
    row.expected_success += p.emulation_fades * (p.usual_success - row.expected_success)
    row.tradition *= 1 - p.tradition_fades
    row.exhaustion *= 1 - p.exhaustion_fades


@numba.njit(cache=KEPT, nogil=True)
def organise_all(rows: RowArray, regimes: RowArray, rules: RowArray) -> None:
    """Move every movement by one month: `organise`."""
    for i in range(rows.size):
        organise(rows[i], regimes[i], rules[0].learning)
