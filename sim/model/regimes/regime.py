"""A regime: its standing with citizens, elites and security services, and its place between powers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.model.draw import StartingState

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.parameters.regimes import RegimeParameters
    from sim.world.state import StateRecord

CLOSED = 0.45  # openness below which succession is a matter of elites (V-Dem electoral democracy index)
NEUTRAL_BAND = 0.25  # alignment within which a state is neutral: a definition (docs/MODEL.md, outcomes)
USUAL_LOYALTY = 0.7  # at which force equals density: a unit, not a level
DECLARED_COURSE = 0.25  # between an action plan (.2) and a declared bid (.3), as nato_path.csv codes them
AGE_AT_ENTRY = 52.0  # of leaders in the record, mean
EVERYDAY_TURNOUT = 0.03  # open opposition that `citizens.threshold` is set for
LONG_SETTLED = 120  # months of tenure after which elites are as settled as they will be
USUAL_LEGITIMACY = 0.5  # about the mean of the 14 states: a reference level
FLOOR, CEILING = 0.05, 0.95  # stocks of support never vanish and are never complete


class Regime(mesa.Agent):
    """The regime of one state.

    Parameters
    ----------
    model : PostSovietSpace
    index : int
        Place of the state in every array.
    start : StartingState
        Its drawn initial state.
    """

    # Named in advance, since Python reads an object of more than thirty attributes more slowly without
    __slots__ = (
        "alignment",
        "alignment_class",
        "attitude",
        "baseline_preparedness",
        "baseline_rents",
        "beyond_record",
        "blame",
        "burden",
        "civil_society",
        "clan_politics",
        "code",
        "cohesion",
        "dependence",
        "drawn",
        "drawn_by",
        "dual_power",
        "election_term",
        "expected_turnout",
        "expects_help",
        "garrison",
        "garrison_consented",
        "heads_for_nato",
        "home_attitude",
        "home_young_share",
        "index",
        "kept_line",
        "lame_duck",
        "leader_age",
        "legitimacy",
        "line",
        "memberships",
        "months_since_election",
        "months_since_parliament",
        "name",
        "nato_course",
        "openness",
        "past_challenges",
        "peak_participation",
        "performance",
        "polarisation",
        "preparedness",
        "pushed",
        "recent_challenges",
        "region",
        "rents",
        "repression",
        "russian_share",
        "security_density",
        "security_loyalty",
        "settled_cohesion",
        "settled_legitimacy",
        "space",
        "starting_attitude",
        "strategic_value",
        "tenure",
        "tenure_bond",
        "trust",
        "unfair_votes",
    )  # fmt: skip

    def __init__(self, model: PostSovietSpace, index: int, start: StartingState) -> None:
        super().__init__(model)
        record = start.record
        self.space = model
        self.index = index
        self.code = record.code
        self.name = record.name
        self.region = record.region
        self._take_over(start)
        # Standing with citizens, elites and security services
        # of legitimacy: what the run adds to what the record supports
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
        self.tenure = record.leader_tenure  # months
        self.lame_duck = 0  # months left
        self.dual_power = 0  # months left of a second centre of power
        self.months_since_election = record.months_since_election
        self.months_since_parliament = record.months_since_parliament
        # Between powers
        self.alignment = start["alignment"]
        course = model.parameters.rivals.course_kept * record.past_alignment_change
        self.line = clamp(self.alignment + course, -1.0, 1.0)
        self.alignment_class = classify(self.alignment)
        self.drawn_by = ""  # the power that draws the state most this month, if any does
        self.drawn = 0.0  # alignment that it draws away
        self.pushed = 0.0  # alignment that the public adds
        self.kept_line = 1.0  # after coercion the line does not rise above this (claim P7)
        self.dependence = start["dependence"]
        self.nato_course = start["nato_course"]
        self.heads_for_nato = self.nato_course >= DECLARED_COURSE
        self.memberships = set(record.memberships)
        self.trust = model.parameters.alliance.usual_trust
        self.expects_help = model.parameters.regimes.expected_help  # belief that Moscow answers a call
        self.blame = 0.0  # attitude lost by being left alone and not yet regained (claim D9)
        self.garrison = record.garrison  # thousand
        self.garrison_consented = record.garrison_consented
        # What citizens show
        self.attitude = 0.0
        self.starting_attitude = 0.0
        self.home_attitude = 0.0  # where attitudes return to, at this share of the young
        self.home_young_share = 0.0
        self.polarisation = 0.0
        self.peak_participation = 0.0

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
        self.election_term = record.election_term

    @property
    def perceived_alignment(self) -> float:
        """How closely citizens see the regime tied to Moscow, -1 to 1 (docs/MODEL.md, M2)."""
        citizens = self.space.parameters.citizens
        if self.alignment > 0:
            seen = citizens.dependence_seen
            return (1 - seen) * self.alignment + seen * self.dependence
        return citizens.unfriendly_alignment_weight * self.alignment

    @property
    def grievance_salience(self) -> float:
        """How much alignment matters to citizens: less where clans, not parties, compete (claims M6, M10)."""
        citizens = self.space.parameters.citizens
        by_party, by_clan = citizens.alignment_grievance, citizens.alignment_grievance_clan
        return by_party + self.clan_politics * (by_clan - by_party)

    @property
    def force(self) -> float:
        """Repressive capacity the street faces: density by loyalty."""
        density = self.security_density * self.space.parameters.regimes.force_scale
        return density * (self.security_loyalty / USUAL_LOYALTY)

    @property
    def deterrence(self) -> float:
        """Weight of repression to citizens: the heavier the punishment, and if troops may come (claim M7)."""
        p = self.space.parameters
        severe = p.citizens.severity * severity(self.repression)
        feared = p.citizens.deterrence * (1 + severe)
        alliance = self.space.alliance
        if not alliance.precedents:  # as `Alliance.cover`: nobody expects troops that have never come
            return feared
        return feared * (1 + p.alliance.precedent_deterrence * alliance.cover(self))

    @property
    def unguarded(self) -> float:
        """How far Moscow's garrison falls short of a full one, 0-1."""
        short = 1 - self.garrison / self.space.parameters.rivals.full_garrison
        return short if short > 0.0 else 0.0

    @property
    def rent_support(self) -> float:
        """What rents above or below their usual level add to legitimacy."""
        return self.space.parameters.regimes.rent_legitimacy * (self.rents - self.baseline_rents)

    def drift(self, shock: float) -> None:
        """Move legitimacy, cohesion, loyalty and preparedness by one month.

        Parameters
        ----------
        shock : float
            Standard normal shock to performance.
        """
        parameters, moscow = self.space.parameters, self.space.moscow
        p = parameters.regimes
        performance = p.performance_persistence * self.performance + p.performance_shock * shock
        self.performance = performance
        self.rents += p.rent_return * (self.baseline_rents - self.rents)
        supported = self.settled_legitimacy + performance + self.rent_support
        self.legitimacy += p.legitimacy_return * (supported - self.legitimacy)
        # Elites gather around a leader who stays (Hale 2015), and split over one who is about to go
        bound = self.tenure_bond * (self.tenure / LONG_SETTLED if self.tenure < LONG_SETTLED else 1.0)
        split = p.lame_duck_split if self.lame_duck > 0 else 0.0
        self.cohesion += p.cohesion_return * (self.settled_cohesion + bound - split - self.cohesion)
        backing = p.loyalty_by_backing * self.dependence * moscow.free_capacity * moscow.standing
        self.security_loyalty += p.loyalty_return * (
            p.loyalty_base + p.loyalty_by_cohesion * self.cohesion + backing - self.security_loyalty
        )
        fades = parameters.learning.preparedness_fades
        self.preparedness += fades * (self.baseline_preparedness - self.preparedness)
        if self.line < NEUTRAL_BAND:
            natural = p.natural_dependence * self.line if self.line > 0 else 0.0
            self.dependence += p.dependence_fades * (natural - self.dependence)
        self.blame *= 1 - parameters.citizens.attitude_return  # as fast as attitudes return
        self.tenure += 1
        self.leader_age += 1 / 12
        self.months_since_election += 1
        self.months_since_parliament += 1
        if self.dual_power > 0:
            self.dual_power -= 1
        self.keep_in_range()

    def keep_in_range(self) -> None:
        """Hold every stock inside its range; what lies in it, as nearly all do, is not written again."""
        if not FLOOR <= self.legitimacy <= CEILING:
            self.legitimacy = clamp(self.legitimacy, FLOOR, CEILING)
        if not FLOOR <= self.cohesion <= CEILING:
            self.cohesion = clamp(self.cohesion, FLOOR, CEILING)
        if not FLOOR <= self.security_loyalty <= CEILING:
            self.security_loyalty = clamp(self.security_loyalty, FLOOR, CEILING)
        if not 0.0 <= self.preparedness <= 1.0:
            self.preparedness = clamp(self.preparedness, 0.0, 1.0)
        if not 0.0 <= self.dependence <= 1.0:
            self.dependence = clamp(self.dependence, 0.0, 1.0)
        if not 0.0 <= self.rents <= 1.0:
            self.rents = clamp(self.rents, 0.0, 1.0)
        if not 0.0 <= self.trust <= 1.0:
            self.trust = clamp(self.trust, 0.0, 1.0)
        if not 0.0 <= self.blame <= 1.0:
            self.blame = clamp(self.blame, 0.0, 1.0)
        if not -1.0 <= self.line <= self.kept_line:
            self.line = clamp(self.line, -1.0, self.kept_line)
        if not -1.0 <= self.alignment <= 1.0:
            self.alignment = clamp(self.alignment, -1.0, 1.0)
        if not 0.0 <= self.nato_course <= 1.0:
            self.nato_course = clamp(self.nato_course, 0.0, 1.0)

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


def clamp(value: float, low: float, high: float) -> float:
    """Return a value held to [low, high]; plain comparisons, since this runs for every stock every month."""
    return low if value < low else high if value > high else value


def believed(p: RegimeParameters, record: StateRecord) -> float:
    """Return what the parameters add to the legitimacy that a record of the state supports.

    They believe part of the differences that its proxies show, and let corruption and stolen votes count as
    far as civil society shows them.
    """
    settled = record.legitimacy.mean - record.passing_legitimacy
    differs = (p.proxy_weight - 1) * (settled - USUAL_LEGITIMACY)
    stolen = record.unfair_votes.mean * record.civil_society.mean
    return differs + p.corruption_unseen * record.unseen_corruption - p.unfair_votes_seen * stolen


def severity(repression: float) -> float:
    """Return how harsh punishment is, 0-1: none in the milder half of states (Opp and Roehl 1990).

    Parameters
    ----------
    repression : float
        Index of repression, 0-1 (`sim.world.rulers.repression`).
    """
    return 2 * repression - 1 if repression > 0.5 else 0.0


def aged(age: float) -> float:
    """Return how much likelier death is at an age than at 60: doubled every eight years (Gompertz)."""
    return 2 ** ((age - 60) / 8)


def classify(alignment: float) -> int:
    """Return -1 for against Moscow, 0 for neutral, 1 for with Moscow; the classes meet at -.25 and .25."""
    return -1 if alignment < -NEUTRAL_BAND else 1 if alignment > NEUTRAL_BAND else 0
