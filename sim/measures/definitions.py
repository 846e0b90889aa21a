"""What each outcome of a run means, and in what unit."""

from __future__ import annotations

from dataclasses import dataclass

from sim.instruments import INSTRUMENTS

NEAR_ELECTION = 6
"""Months after an election or succession within which a fall counts as near it."""

CONTAGION_WINDOW = 24
"""Months after a fall within which another counts as following it."""

EMULATION_WINDOW = 12
"""Months after a fall within which a challenge elsewhere counts as following it."""

DEFECTION_WINDOW = 3
"""Months before a fall within which a defection counts as preceding it."""

CLIENT_ALIGNMENT = 0.25
"""A state more aligned with Moscow than this is its client."""

CLANS_RULE = 0.5
"""Clan politics above which clans, not parties, are the opposition."""

WAR_LOAD = 0.05
"""Moscow counts as at war while the load of all its wars together is above this."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One number that sums up one run.

    Parameters
    ----------
    label : str
        Short, for tables and axes.
    meaning : str
        Definition; "the region" is every state but the Baltic ones and Moscow.
    unit : str
    """

    label: str
    meaning: str
    unit: str


OUTCOMES: dict[str, Outcome] = {
    # Uprisings and falls
    "challenges": Outcome("challenges", "mass challenges to a regime in the region", "count"),
    "uprising_rate": Outcome(
        "uprising rate", "challenges in the region over its state-years", "per state-year"
    ),
    "member_uprising_rate": Outcome(
        "uprising rate of members",
        "challenges to members of the CSTO over their years of membership; undefined without members",
        "per member-year",
    ),
    "street_falls": Outcome("falls to the street", "incumbents in the region who fall to a crowd", "count"),
    "elite_falls": Outcome("falls to elites", "incumbents in the region who fall to a palace coup", "count"),
    "falls": Outcome("falls", "street and elite falls in the region", "count"),
    "fall_rate": Outcome("fall rate", "street falls in the region over its state-years", "per state-year"),
    "success_ratio": Outcome(
        "success ratio", "street falls over challenges in the region; undefined without a challenge", "share"
    ),
    "months_to_first_fall": Outcome(
        "months to first fall",
        "months from the start to the first street fall in the region; the run's length if there is none",
        "months",
    ),
    "falls_near_election": Outcome(
        "falls near an election",
        f"share of street falls in the region at most {NEAR_ELECTION} months after an election or succession "
        "in the same state; undefined without a fall",
        "share",
    ),
    "contagion_ratio": Outcome(
        "contagion ratio",
        f"street falls per month in the {CONTAGION_WINDOW} months after one anywhere in the region, over "
        "those per month at other times; 1 if falls are independent, undefined without a fall",
        "ratio",
    ),
    "challenges_near_election": Outcome(
        "challenges near an election",
        f"share of challenges in the region at most {NEAR_ELECTION} months after an election or succession "
        "in the same state; undefined without a challenge",
        "share",
    ),
    "emulation_ratio": Outcome(
        "emulation ratio",
        f"challenges per state-month in the {EMULATION_WINDOW} months after a street fall in another state "
        "of the region, over those per state-month at other times; 1 if movements ignore one another, "
        "undefined without a fall",
        "ratio",
    ),
    "defection_before_fall": Outcome(
        "defection before a fall",
        "share of street falls in the region with a defection of security services or elites in the same "
        f"state at most {DEFECTION_WINDOW} months before; undefined without a fall",
        "share",
    ),
    "top_state_share": Outcome(
        "share of the top state",
        "share of the region's street falls in the state with most; undefined without a fall",
        "share",
    ),
    "baltic_falls": Outcome("Baltic falls", "street and elite falls in the Baltic states", "count"),
    # Successors and alignment
    "successors_anti": Outcome(
        "anti-Moscow successors",
        "successors of fallen incumbents in the region who turn from Moscow",
        "count",
    ),
    "successors_neutral": Outcome(
        "neutral successors", "successors of fallen incumbents in the region who turn neither way", "count"
    ),
    "successors_pro": Outcome(
        "pro-Moscow successors", "successors of fallen incumbents in the region who turn to Moscow", "count"
    ),
    "successors_anti_share": Outcome(
        "share of anti-Moscow successors",
        "those who turn from Moscow over all successors of fallen incumbents; undefined without one",
        "share",
    ),
    "turnovers": Outcome("turnovers", "elections in the region that the incumbent side loses", "count"),
    "realignments_away": Outcome("realignments away", "changes of class away from Moscow", "count"),
    "realignments_toward": Outcome("realignments toward", "changes of class toward Moscow", "count"),
    "realignments_to_west": Outcome(
        "realignments to the West", "those away from Moscow that the West gains", "count"
    ),
    "realignments_to_rivals": Outcome(
        "realignments to rivals", "those away from Moscow that China or Turkey gains", "count"
    ),
    "alignment_end": Outcome("alignment at the end", "mean alignment of the region with Moscow", "-1 to 1"),
    "clients_start": Outcome(
        "clients at the start",
        f"states of the region with alignment above {CLIENT_ALIGNMENT} after the first month",
        "states",
    ),
    "clients_end": Outcome(
        "clients at the end", f"the same after the last month ({CLIENT_ALIGNMENT})", "states"
    ),
    "influence_end": Outcome(
        "influence at the end",
        "mean alignment of all 14 states weighted by strategic value, plus .03 for each integrated territory",
        "index",
    ),
    "influence_change": Outcome("change of influence", "that less influence after the first month", "index"),
    "weighted_alignment_change": Outcome(
        "change of alignment", "change of influence without what integrated territories add", "index"
    ),
    "mean_attitude_end": Outcome(
        "attitude at the end", "mean attitude to Moscow of the region's publics", "-1 to 1"
    ),
    "attitude_change": Outcome("change of attitude", "that less the same after the first month", "-2 to 2"),
    # What Moscow does
    **{
        f"used_{name}": Outcome(words, f"times Moscow chose {words}", "count")
        for name, words in ((name, name.replace("_", " ").replace("csto", "CSTO")) for name in INSTRUMENTS)
    },
    "requests": Outcome("requests", "regimes' calls on Moscow for help", "count"),
    "refusals": Outcome("refusals", "those that Moscow leaves unanswered", "count"),
    "unanswered_share": Outcome(
        "unanswered share", "refusals over requests; undefined without a request", "share"
    ),
    "instrument_variety": Outcome(
        "variety of instruments",
        "chance that two challenges in which Moscow helped differ in its strongest help; undefined below 2",
        "share",
    ),
    "clients_unhelped": Outcome(
        "clients left alone",
        "share of challenges to clients in which Moscow gives no help of any kind; undefined without one",
        "share",
    ),
    "clients_unhelped_at_war": Outcome(
        "clients left alone at war",
        f"the same, of challenges that open while the load of all of Moscow's wars is above {WAR_LOAD}",
        "share",
    ),
    "client_success_ratio": Outcome(
        "success against clients",
        "share of challenges to clients that end in a street fall; undefined without one",
        "share",
    ),
    "wars": Outcome("wars", "wars that Moscow starts", "count"),
    "war_months": Outcome(
        "months at war",
        "months in which a war that Moscow started in the run is under way, or the load of all of its wars "
        f"is above {WAR_LOAD}",
        "months",
    ),
    "free_capacity_mean": Outcome(
        "free capacity", "mean share of Moscow's capacity that war does not draw down", "share"
    ),
    "troops_free_mean": Outcome("free troops", "mean of Moscow's uncommitted troops", "thousand"),
    "money_free_mean": Outcome(
        "free money", "mean of what is left of Moscow's money for influence in the year", "billion dollars"
    ),
    "standing_mean": Outcome("standing", "mean of Moscow's reputation for getting its way", "0 to 1"),
    "garrison_end": Outcome("garrisons at the end", "Russian troops in the 14 states", "thousand"),
    # What the West does
    "campaigns": Outcome("outside campaigns", "times outside organisers help a movement", "count"),
    "campaigns_clan_share": Outcome(
        "campaigns where clans rule",
        "share of outside campaigns in states where clans are the opposition; undefined without one",
        "share",
    ),
    # Territories, clashes, alliances
    "integrated": Outcome(
        "territories integrated", "territories recognised or annexed during the run", "count"
    ),
    "integrated_mean": Outcome(
        "integrated territories, mean",
        "territories recognised or annexed, at the start or since, mean over the months",
        "territories",
    ),
    "lost": Outcome("territories lost", "de facto territories that their host takes back", "count"),
    "arose": Outcome("territories arisen", "separatist regions that become de facto states", "count"),
    "clashes": Outcome("clashes", "clashes between states", "count"),
    "csto_members_end": Outcome("CSTO members at the end", "including Russia", "members"),
    "csto_trust_end": Outcome("trust in the CSTO at the end", "mean over its members", "0 to 1"),
    "csto_exits": Outcome("exits from the CSTO", "members that leave", "count"),
    "memberships_left": Outcome("memberships left", "departures from any organisation of Moscow", "count"),
}
"""Every outcome, by its column in ``outcomes.parquet``, in order."""

STATE_OUTCOMES: dict[str, Outcome] = {
    "challenges": Outcome("challenges", "mass challenges to its regime", "count"),
    "largest_crowd": Outcome(
        "largest crowd", "largest share of its citizens in open opposition in any month", "share"
    ),
    "street_falls": Outcome("falls to the street", "its incumbents who fall to a crowd", "count"),
    "elite_falls": Outcome("falls to elites", "its incumbents who fall to a palace coup", "count"),
    "turnovers": Outcome("turnovers", "its elections that the incumbent side loses", "count"),
    "requests": Outcome("requests", "its calls on Moscow for help", "count"),
    "rescues": Outcome("help against a challenge", "times Moscow helps it against a challenge", "count"),
    "wars": Outcome("wars", "wars that Moscow starts there", "count"),
    "realignments_away": Outcome("realignments away", "its changes of class away from Moscow", "count"),
    "realignments_toward": Outcome("realignments toward", "its changes of class toward Moscow", "count"),
    "alignment_end": Outcome("alignment at the end", "with Moscow, after the last month", "-1 to 1"),
    "alignment_change": Outcome(
        "change of alignment", "that less alignment after the first month", "-2 to 2"
    ),
    "client_end": Outcome("client at the end", f"whether that is above {CLIENT_ALIGNMENT}: 1 or 0", "0 or 1"),
    "csto_end": Outcome("in the CSTO at the end", "whether it is a member: 1 or 0", "0 or 1"),
    "eaeu_end": Outcome("in the EAEU at the end", "whether it is a member: 1 or 0", "0 or 1"),
    "attitude_change": Outcome(
        "change of attitude", "its public's attitude to Moscow, last month less first", "-2 to 2"
    ),
}
"""Every outcome of one state, by its name in ``comparison_by_state.csv``, in order."""
