"""A regime: its standing with citizens, elites and security services, and its place between powers."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Self

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.citizens.outlook import deterrence, force, grievance_salience, perceived_alignment
from sim.model.compiled import KEPT, rule
from sim.model.draw import StartingState
from sim.model.rows import Numbers, RowAgent, RowArray, numbers

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.parameters.regimes import RegimeParameters
    from sim.world.state import StateRecord

CLOSED = 0.45  # openness below which succession is a matter of elites (V-Dem electoral democracy index)
NEUTRAL_BAND = 0.25  # alignment within which a state is neutral: a definition (docs/MODEL.md, outcomes)
DECLARED_COURSE = 0.25  # between an action plan (.2) and a declared bid (.3), as nato_path.csv codes them
AGE_AT_ENTRY = 52.0  # of leaders in the record, mean
EVERYDAY_TURNOUT = 0.03  # open opposition that `citizens.threshold` is set for
LONG_SETTLED = 120  # months of tenure after which elites are as settled as they will be
USUAL_LEGITIMACY = 0.5  # about the mean of the 14 states: a reference level
NOBODY = -1  # in place of a power
FLOOR, CEILING = 0.05, 0.95  # stocks of support never vanish and are never complete


@numbers
class RegimeRow(ctypes.Structure):
    """The numbers of one regime."""

    __slots__ = ()

    # Standing with citizens, elites and security services, 0-1
    legitimacy: float  # consent to the regime, 0-1
    settled_legitimacy: float  # to which it returns, before performance and rents
    beyond_record: float  # of that: what the run adds to what the record supports
    performance: float  # what months that go well or badly add to legitimacy; fades
    rents: float  # resource rents that it can spend, 0-1
    baseline_rents: float  # to which they return
    cohesion: float  # elite cohesion, 0-1
    settled_cohesion: float  # to which it returns, before tenure
    tenure_bond: float  # cohesion that ten years under one leader add
    security_loyalty: float  # loyalty of the security services, 0-1
    preparedness: float  # measures against a challenge, 0-1
    baseline_preparedness: float  # to which they fade
    # What is fixed for the whole run, or for a year in historical runs
    openness: float  # V-Dem electoral democracy index, 0-1
    security_density: float  # repressive capacity against the street, about .01 to .12
    strategic_value: float  # worth to Moscow, 0-1
    burden: float  # cost to Moscow of holding it, 0-1
    clan_politics: float  # 1 where clans, not parties, are the opposition
    russian_share: float  # ethnic Russians in the population, 0-1
    civil_society: float  # V-Dem core civil society index, 0-1
    repression: float  # how harshly the state represses, 0-1
    unfair_votes: float  # how unfair national votes are, 0-1
    past_challenges: float  # challenges on record before the start, as far as they are remembered
    recent_challenges: float  # the same, as far as people are still tired by them
    young_share_growth: float  # growth of the share of the young, a year
    election_term: int  # months between votes on the chief executive
    # The leader
    leader_age: float  # years
    tenure: int  # months in office
    lame_duck: int  # months until a successor takes over; 0 if none is due
    dual_power: int  # months left of a second centre of power
    months_since_election: int  # of the chief executive
    months_since_parliament: int  # since the last vote for parliament
    # Between powers
    alignment: float  # -1 against Moscow to 1 with it
    line: float  # alignment that the leader seeks, -1 to 1
    kept_line: float  # after coercion the line does not rise above this (claim P7)
    alignment_class: int  # -1 against Moscow, 0 neutral, 1 with it
    drawn_to: int  # place of the power that draws the state most this month, or NOBODY
    drawn: float  # alignment that it draws away
    pushed: float  # alignment that the public adds
    dependence: float  # of the regime on Moscow, 0-1
    nato_course: float  # progress toward NATO, 0-1; 1 is a member
    heads_for_nato: bool  # whether it has declared that course
    trust: float  # in the CSTO, 0-1
    expects_help: float  # belief that Moscow answers a call
    blame: float  # attitude lost by being left alone and not yet regained (claim D9)
    garrison: float  # Russian troops, thousand
    garrison_consented: bool  # whether the state agreed to them
    # What citizens show
    attitude: float  # mean attitude of citizens to Moscow, -1 to 1
    starting_attitude: float  # the same at the start
    home_attitude: float  # where attitudes return to, at this share of the young
    home_young_share: float  # that share, 0-1
    polarisation: float  # standard deviation of attitudes at the start
    expected_turnout: float  # share in open opposition that people have come to expect, 0-1
    peak_participation: float  # largest share of citizens in open opposition this month, 0-1
    spark: float  # what brings people out this month, in units of legitimacy; 0 where nothing does


class Regime(RowAgent, RegimeRow):
    """The regime of one state.

    Parameters
    ----------
    model : PostSovietSpace
    index : int
        Place of the state in every array.
    start : StartingState
        Its drawn initial state.
    """

    __slots__ = ("code", "index", "memberships", "name", "own", "region", "rows", "space")

    def __new__(cls, model: PostSovietSpace, index: int, start: StartingState) -> Self:
        """Take up its row."""
        del start
        return cls.at(model.rows.regimes, index)

    def __init__(self, model: PostSovietSpace, index: int, start: StartingState) -> None:
        super().__init__(model, model.rows.regimes, index)
        record = start.record
        self.space = model
        self.code = record.code
        self.name = record.name
        self.region = record.region
        self._take_over(start)
        # Standing with citizens, elites and security services
        self.beyond_record = 0.0
        self._settle(start)
        self.cohesion = start["cohesion"]
        self.settled_cohesion = self.cohesion - record.passing_cohesion
        self.tenure_bond = record.tenure_bond
        self.security_loyalty = start["security_loyalty"]
        self.rents = self.baseline_rents = start["rents"]
        self.preparedness = self.baseline_preparedness = start["preparedness"]
        self.performance = 0.0
        self.expected_turnout = EVERYDAY_TURNOUT
        # The leader
        self.leader_age = record.leader_age
        self.tenure = record.leader_tenure
        self.lame_duck = 0
        self.dual_power = 0
        self.months_since_election = record.months_since_election
        self.months_since_parliament = record.months_since_parliament
        # Between powers
        self.alignment = start["alignment"]
        course = model.parameters.rivals.course_kept * record.past_alignment_change
        self.line = clamp(self.alignment + course, -1.0, 1.0)
        self.alignment_class = classify(self.alignment)
        self.drawn_to = NOBODY
        self.drawn = 0.0
        self.pushed = 0.0  # alignment that the public adds
        self.kept_line = 1.0
        self.dependence = start["dependence"]
        self.nato_course = start["nato_course"]
        self.heads_for_nato = self.nato_course >= DECLARED_COURSE
        self.memberships = set(record.memberships)
        self.trust = model.parameters.alliance.usual_trust
        self.expects_help = model.parameters.regimes.expected_help
        self.blame = 0.0
        self.garrison = record.garrison
        self.garrison_consented = record.garrison_consented
        # What citizens show
        self.attitude = 0.0
        self.starting_attitude = 0.0
        self.home_attitude = 0.0
        self.home_young_share = 0.0
        self.polarisation = 0.0
        self.peak_participation = 0.0

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code} {self.space.month}>"

    def _settle(self, start: StartingState) -> None:
        """Take up the legitimacy that is drawn, as far as its proxies are believed."""
        record, p = start.record, self.space.parameters.regimes
        shift = believed(p, record) + (p.hardship_weight - 1) * record.passing_legitimacy
        shift += (p.proxy_error - 1) * (start["legitimacy"] - record.legitimacy.mean)
        self.legitimacy = clamp(start["legitimacy"] + shift, FLOOR, CEILING)
        self.settled_legitimacy = self.legitimacy - p.hardship_weight * record.passing_legitimacy

    def _take_over(self, start: StartingState) -> None:
        """Take over what the record fixes for the whole run, or for a year in historical runs."""
        record = start.record
        self.openness = start["openness"]
        self.security_density = start["security_density"]
        self.strategic_value = start["strategic_value"]
        self.burden = start["burden"]
        self.clan_politics = record.clan_politics
        self.russian_share = start["russian_share"]
        self.civil_society = start["civil_society"]
        self.repression = start["repression"]
        self.unfair_votes = start["unfair_votes"]
        self.past_challenges = record.past_challenges
        self.recent_challenges = record.recent_challenges
        self.young_share_growth = record.young_share_growth
        self.election_term = record.election_term

    @property
    def drawn_by(self) -> str:
        """The power that draws the state most this month; empty if none does."""
        return self.space.powers[self.drawn_to].name if self.drawn_to != NOBODY else ""

    @property
    def perceived_alignment(self) -> float:
        """How closely citizens see the regime tied to Moscow, -1 to 1."""
        return perceived_alignment(self, self.space.parameters.citizens)

    @property
    def grievance_salience(self) -> float:
        """How much alignment matters to citizens."""
        return grievance_salience(self, self.space.parameters.citizens)

    @property
    def force(self) -> float:
        """Repressive capacity the street faces: density by loyalty."""
        return force(self, self.space.parameters.regimes)

    @property
    def deterrence(self) -> float:
        """Weight of repression to citizens."""
        return deterrence(self, self.space.parameters, self.space.alliance.cover(self))

    @property
    def unguarded(self) -> float:
        """How far Moscow's garrison falls short of a full one, 0-1."""
        return unguarded(self, self.space.parameters.rivals)

    @property
    def rent_support(self) -> float:
        """What rents above or below their usual level add to legitimacy."""
        return rent_support(self, self.space.parameters.regimes)

    def drift(self, shock: float) -> None:
        """Move what a month moves: `drift`; the shock to performance is standard normal."""
        moscow = self.space.moscow
        drift_all(
            self.own, self.space.rules, moscow.free_capacity, moscow.standing, np.array([shock], np.float64)
        )

    def keep_in_range(self) -> None:
        """Hold every stock inside its range."""
        keep_in_range(self)

    def install(self, line: float, *, legitimacy: float, at_once: bool) -> None:
        """Put a new leader in place.

        Parameters
        ----------
        line : float
            Alignment the new leader seeks, -1 to 1.
        legitimacy : float
            At the start.
        at_once : bool
            After an upheaval alignment jumps to the line; otherwise it drifts there.
        """
        self.line = clamp(line, -1.0, self.kept_line)
        if at_once:
            p = self.space.parameters.regimes
            self.alignment = self.line
            self.cohesion = min(self.cohesion, p.new_cohesion)
            self.security_loyalty = max(self.security_loyalty, p.new_loyalty)
            self.dependence *= p.dependence_kept * (1 + 2 * max(self.line, 0.0))
        self.legitimacy = legitimacy
        self.tenure = 0
        self.leader_age = AGE_AT_ENTRY
        self.lame_duck = 0
        self.dual_power = 0
        self.keep_in_range()


@rule
def clamp(value: float, low: float, high: float) -> float:
    """Return a value held to [low, high]; plain comparisons, since this runs for every stock every month."""
    return low if value < low else high if value > high else value


@rule
def unguarded(row: Numbers, p: Numbers) -> float:
    """Return how far Moscow's garrison falls short of a full one, 0-1."""
    short: float = 1 - row.garrison / p.full_garrison
    return short if short > 0.0 else 0.0


@rule
def rent_support(row: Numbers, p: Numbers) -> float:
    """Return what rents above or below their usual level add to legitimacy."""
    supported: float = p.rent_legitimacy * (row.rents - row.baseline_rents)
    return supported


@rule
def drift(row: Numbers, rules: Numbers, free_capacity: float, standing: float, shock: float) -> None:
    """Move legitimacy, cohesion, loyalty and preparedness by one month.

    Parameters
    ----------
    row : RegimeRow
    rules : Parameters
    free_capacity, standing : float
        Of Moscow, 0-1.
    shock : float
        Standard normal shock to performance.
    """
    p = rules.regimes
    row.performance = p.performance_persistence * row.performance + p.performance_shock * shock
    row.rents += p.rent_return * (row.baseline_rents - row.rents)
    supported = row.settled_legitimacy + row.performance + rent_support(row, p)
    row.legitimacy += p.legitimacy_return * (supported - row.legitimacy)
    # Elites gather around a leader who stays (Hale 2015), and split over one who is about to go
    bound = row.tenure_bond * (row.tenure / LONG_SETTLED if row.tenure < LONG_SETTLED else 1.0)
    split = p.lame_duck_split if row.lame_duck > 0 else 0.0
    row.cohesion += p.cohesion_return * (row.settled_cohesion + bound - split - row.cohesion)
    backing = p.loyalty_by_backing * row.dependence * free_capacity * standing
    row.security_loyalty += p.loyalty_return * (
        p.loyalty_base + p.loyalty_by_cohesion * row.cohesion + backing - row.security_loyalty
    )
    fades = rules.learning.preparedness_fades
    row.preparedness += fades * (row.baseline_preparedness - row.preparedness)
    if row.line < NEUTRAL_BAND:
        natural = p.natural_dependence * row.line if row.line > 0 else 0.0
        row.dependence += p.dependence_fades * (natural - row.dependence)
    row.blame *= 1 - rules.citizens.attitude_return  # as fast as attitudes return
    row.tenure += 1
    row.leader_age += 1 / 12
    row.months_since_election += 1
    row.months_since_parliament += 1
    if row.dual_power > 0:
        row.dual_power -= 1
    keep_in_range(row)


@rule
def keep_in_range(row: Numbers) -> None:
    """Hold every stock of a regime inside its range."""
    row.legitimacy = clamp(row.legitimacy, FLOOR, CEILING)
    row.cohesion = clamp(row.cohesion, FLOOR, CEILING)
    row.security_loyalty = clamp(row.security_loyalty, FLOOR, CEILING)
    row.preparedness = clamp(row.preparedness, 0.0, 1.0)
    row.dependence = clamp(row.dependence, 0.0, 1.0)
    row.rents = clamp(row.rents, 0.0, 1.0)
    row.trust = clamp(row.trust, 0.0, 1.0)
    row.blame = clamp(row.blame, 0.0, 1.0)
    row.line = clamp(row.line, -1.0, row.kept_line)
    row.alignment = clamp(row.alignment, -1.0, 1.0)
    row.nato_course = clamp(row.nato_course, 0.0, 1.0)


@numba.njit(cache=KEPT, nogil=True)
def drift_all(
    rows: RowArray, rules: RowArray, free_capacity: float, standing: float, shocks: NDArray[np.float64]
) -> None:
    """Move every regime by one month: `drift`."""
    for i in range(rows.size):
        drift(rows[i], rules[0], free_capacity, standing, shocks[i])


def believed(p: RegimeParameters, record: StateRecord) -> float:
    """Return what the parameters add to the legitimacy that a record of the state supports.

    They believe part of the differences that its proxies show, and let corruption and stolen votes count as
    far as civil society shows them.
    """
    settled = record.legitimacy.mean - record.passing_legitimacy
    differs = (p.proxy_weight - 1) * (settled - USUAL_LEGITIMACY)
    stolen = record.unfair_votes.mean * record.civil_society.mean
    return differs + p.corruption_unseen * record.unseen_corruption - p.unfair_votes_seen * stolen


@rule
def aged(age: float) -> float:
    """Return how much likelier death is at an age than at 60: doubled every eight years (Gompertz)."""
    return 2 ** ((age - 60) / 8)


def classify(alignment: float) -> int:
    """Return -1 for against Moscow, 0 for neutral, 1 for with Moscow; the classes meet at -.25 and .25."""
    return -1 if alignment < -NEUTRAL_BAND else 1 if alignment > NEUTRAL_BAND else 0
