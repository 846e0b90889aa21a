"""The world at the start of a run: what is measured, what is a proxy, and how sure we are of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sim.months import Month
from sim.parameters.parameter import Tag
from sim.parameters.priors import Fixed, Normal, Prior
from sim.series import Words

STATES = ("EST", "LVA", "LTU", "MDA", "BLR", "UKR", "GEO", "ARM", "AZE", "KAZ", "UZB", "TKM", "KGZ", "TJK")
"""The 14 states around Moscow, in the order of every array."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A quantity of the initial state with its error.

    Parameters
    ----------
    mean : float
    sd : float
        Stated error; 0 where the quantity is a fact.
    low, high : float
        Range it must stay in.
    tag : Tag
        ``cited`` where measured, ``assumed`` where a proxy or judgement.
    source : str
        Table and column, or the reason.
    """

    mean: float
    sd: float
    low: float
    high: float
    tag: Tag
    source: str

    @property
    def prior(self) -> Prior:
        """The distribution a replicate draws from, truncated to [low, high]."""
        return _prior(self.mean, self.sd)

    def draw(self, quantile: float) -> float:
        """Return the value at a quantile in [0, 1]."""
        return self.prior.draw(quantile, self.low, self.high)


@lru_cache(maxsize=4096)  # every run of an ensemble draws from the same
def _prior(mean: float, sd: float) -> Prior:
    return Normal(mean, sd) if sd > 0 else Fixed(mean)


@dataclass(frozen=True, slots=True)
class StateRecord:
    """One state around Moscow at the start month.

    Every `Estimate` below is in [0, 1] unless it says otherwise.
    """

    code: str
    name: str
    region: str  # Baltic, East, Caucasus, Central Asia
    population: float  # million
    openness: Estimate  # V-Dem electoral democracy index
    corruption: Estimate  # V-Dem political corruption, high is corrupt
    legitimacy: Estimate  # L: consent to the regime
    cohesion: Estimate  # E: elite cohesion
    passing_legitimacy: float  # part of legitimacy due to recent growth, war, hyperinflation
    passing_cohesion: (
        float  # part of cohesion due to the leader's tenure, forced exits, a new state's first years
    )
    tenure_bond: float  # cohesion that ten years under one leader add
    security_loyalty: Estimate
    civil_society: Estimate  # core civil society, V-Dem
    repression: Estimate  # how harshly the state represses
    unfair_votes: Estimate  # how unfair national votes are
    unseen_corruption: float  # legitimacy lost by corruption that no civil society shows
    past_challenges: float  # challenges on record before the start, each of which fades
    recent_challenges: float  # the same as far as people are still tired by them
    months_quiet: int  # since the last challenge on record was over
    challenge_open: bool  # whether one is under way
    security_density: Estimate  # S: repressive capacity against the street, about 0.01 to 0.12
    rents: Estimate  # resource rents a regime can spend
    preparedness: Estimate  # measures against a challenge
    dependence: Estimate  # D: dependence on Moscow
    alignment: Estimate  # O: -1 against Moscow to 1 with it
    past_alignment_change: float  # of that, over the five years before the start
    titular_attitude: Estimate  # mean attitude to Moscow of those who are not ethnic Russians, -1 to 1
    russian_share: Estimate  # ethnic Russians in the population
    young_share: Estimate  # adults (15+) born in 1976 or later
    young_share_growth: float  # its growth, share a year
    clan_politics: float  # 1 where clans, not parties, are the opposition (Collins 2006; Hale 2015; claim M5)
    strategic_value: Estimate  # V: worth to Moscow
    burden: Estimate  # cost to Moscow of holding it
    west_exposure: Estimate  # reach of the EU, NATO and the US
    china_exposure: Estimate
    turkey_exposure: Estimate
    nato_course: Estimate  # progress toward NATO; 1 is a member
    leader: str
    leader_age: float  # years
    leader_tenure: int  # months in office
    election_term: int  # months between elections of the chief executive
    months_since_election: int
    parliament_term: int  # months between votes for parliament; 0 where it chooses the chief executive
    months_since_parliament: int
    announced_votes: tuple[tuple[str, Month], ...]  # before they are due: kind, month
    memberships: frozenset[str]  # of: CIS, CSTO, EAEU, GUAM, EU, NATO, SCO
    garrison: float  # Russian troops, thousand
    garrison_consented: bool


@dataclass(frozen=True, slots=True)
class TerritoryRecord:
    """A de facto state or a region prone to separatism.

    ``status``: 0 latent, 1 de facto, 2 passports or peacekeepers, 3 integrated (recognised or annexed).
    """

    name: str
    host: str
    status: int
    proneness: Estimate  # to separatism with Moscow's help
    patron: str  # RUS, ARM or empty
    population: float  # thousand


@dataclass(frozen=True, slots=True)
class DyadRecord:
    """Two states with a contested border or territory; either may be the larger."""

    first: str
    second: str
    hazard: Estimate  # clashes a month while Moscow arbitrates fully
    territory: str  # disputed territory in `TerritoryRecord`, or empty
    months_since_clash: int  # to the end of the last year with one; since 1991 if there was none


@dataclass(frozen=True, slots=True)
class MoscowRecord:
    """Moscow at the start month; its means are `MEANS`."""

    leader: str
    leader_age: float  # years
    leader_tenure: int  # months
    troops: Estimate
    money: Estimate
    attention: Estimate
    war_load: Estimate


@dataclass(frozen=True, slots=True)
class Quantity:
    """One of Moscow's means at the start: its lowest and highest value, unit, and what it is."""

    low: float
    high: float
    unit: Words
    meaning: Words


MEANS = {
    "troops": Quantity(5.0, 300.0, "thousand", "Moscow's troops that can be deployed abroad"),
    "money": Quantity(0.1, 50.0, "billion dollars a year", "Moscow's money for influence abroad"),
    "attention": Quantity(1.0, 6.0, "challenges at once", "Moscow's attention"),
    "war_load": Quantity(0.0, 1.0, "0 to 1", "load of the war in Ukraine on Moscow"),
}
"""Moscow's means at the start, which a scenario may set as ``RUS.money`` and so on."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything the record says at a start month.

    Parameters
    ----------
    start : Month
    states : tuple of StateRecord
        In the order of `STATES`.
    territories : tuple of TerritoryRecord
    dyads : tuple of DyadRecord
    moscow : MoscowRecord
    closeness : tuple of tuple of float, shape (14, 14)
        How closely each state's public watches the others, 0-1: borders, language, religion, distance;
        0 on the diagonal.
    elections : dict of str to tuple of Month
        Elections of the chief executive actually held, by state, 1991 to 2024.
    parliamentary_elections : dict of str to tuple of Month
        Elections of parliament that did not choose the chief executive, by state, 1991 to 2024.
    war_history : tuple of (Month, float)
        Load of Moscow's longest war from that month on, as recorded.
    war_state : str
        Where it is fought.
    """

    start: Month
    states: tuple[StateRecord, ...]
    territories: tuple[TerritoryRecord, ...]
    dyads: tuple[DyadRecord, ...]
    moscow: MoscowRecord
    closeness: tuple[tuple[float, ...], ...]
    elections: dict[str, tuple[Month, ...]]
    parliamentary_elections: dict[str, tuple[Month, ...]]
    war_history: tuple[tuple[Month, float], ...]
    war_state: str
