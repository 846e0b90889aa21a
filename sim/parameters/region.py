"""The region: rivals and vacuum, the alliance, learning from each other."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag, parameter


@dataclass(frozen=True, slots=True)
class RivalParameters:
    """How alignment follows the regime's line, public opinion and the pull of other powers."""

    adjustment: float = parameter(
        0.03, low=0, high=1, unit="share per month",
        meaning="how fast alignment follows the regime's line",
        source="judgement: half-life of two years",
    )  # fmt: skip
    course_kept: float = parameter(
        0.35, low=-1, high=2, unit="share", spread=0.35,
        meaning="how much of a state's change of alignment over the five years before the start its regime "
        "means to add: treaties follow a course with years of delay",
        source="on record a quarter of past drift goes on (docs/SKILL.md); size a judgement",
    )  # fmt: skip
    vacuum: float = parameter(
        0.40, low=0, high=3, unit="alignment",
        meaning="pull of rivals per unit of exposure where Moscow's capacity or presence is gone",
        source="direction: claim K5; size a judgement",
    )  # fmt: skip
    vacuum_until: float = parameter(
        -0.5, low=-1, high=1, unit="alignment", spread=0.0,
        meaning="alignment down to which rivals pull: a state beyond it is with them already",
        source="judgement",
    )  # fmt: skip
    public_pull: float = parameter(
        0.15, low=0, high=2, unit="alignment per attitude",
        meaning="how a change of public attitude moves an open state's alignment",
        source="judgement",
    )  # fmt: skip
    presence: float = parameter(
        0.15, low=0, high=1, unit="capacity",
        meaning="weight of a missing garrison in Moscow's absence",
        source="direction: claim K2; size a judgement",
    )  # fmt: skip
    full_garrison: float = parameter(
        2.0, low=0.1, high=100, unit="thousand", spread=0.0,
        meaning="troops that count as full presence, here and for clashes",
        source="direction: claim K2; size a judgement",
    )  # fmt: skip
    ratchet: float = parameter(
        0.3, low=0, high=1, unit="share",
        meaning="how far a turn away after Moscow's coercion is kept",
        source="direction: claim P7; size a judgement",
    )  # fmt: skip
    nato_advance: float = parameter(
        0.010, low=0, high=0.1, unit="course per month",
        meaning="progress toward NATO of a state against Moscow, per unit of Western engagement",
        source="Georgia 2004 to Bucharest 2008, Baltic states 1992 to 2004",
    )  # fmt: skip
    course_from: float = parameter(
        -0.25, low=-1, high=0, unit="alignment", spread=0.0,
        meaning="alignment below which a state may declare for NATO; by default any state against Moscow may",
        source="direction: claims M3, M4: unfriendly is not bound for NATO; level a judgement",
    )  # fmt: skip
    course_exposure: float = parameter(
        0.2, low=0, high=1, unit="pull of the West", spread=0.0,
        meaning="pull of the West below which no state declares for NATO",
        source="North Atlantic Treaty, article 10: European states may be invited; 0 is off",
    )  # fmt: skip
    course_hazard: float = parameter(
        0.012, low=0, high=1, unit="per month", spread=0.5,
        meaning="hazard that a state which may declare for NATO does so; 1 is at once; it gives up once "
        "with Moscow",
        source="claim M4; nato_path.csv: the Baltic states soon, Georgia late, Moldova not at all; 1 is off",
    )  # fmt: skip
    course_declared: float = parameter(
        0.3, low=0, high=0.5, unit="course toward NATO", spread=0.0,
        meaning="course toward NATO that a declaration brings at once",
        source="nato_path.csv codes a declared bid as .3; 0 is off",
    )  # fmt: skip
    course_disputed: float = parameter(
        0.6, low=0, high=0.95, unit="course toward NATO", spread=0.0,
        meaning="how far toward NATO a state comes while war or a territory is in dispute on its soil",
        source="NATO, Study on Enlargement 1995, paragraph 6: disputes are to be settled first; .95 is off",
    )  # fmt: skip
    accession_hazard: float = parameter(
        0.06, low=0, high=1, unit="per month",
        meaning="hazard that NATO takes in a state with a course of .9 or more and nothing in dispute",
        source="Baltic states: invited in November 2002, members in March 2004",
    )  # fmt: skip
    western_campaign: float = parameter(
        0.05, low=0, high=3, unit="per year",
        meaning="campaigns of outside organisers where they help a movement; rarer where preparedness and "
        "dependence prevent a fall, by half of `challenges.joint_prevention` but .9 at most",
        source="direction: claims G2, V1; no evidence of size",
    )  # fmt: skip
    campaign_before_vote: float = parameter(
        2.5, low=0, high=20, unit="factor",
        meaning="how much likelier campaigns are in the half-year before a vote",
        source="direction: claim G2; size a judgement",
    )  # fmt: skip
    campaign_spark: float = parameter(
        0.06, low=0, high=0.5, unit="legitimacy",
        meaning="what a full outside campaign adds to the spark of a contested vote, or of its own call",
        source="Tucker 2007: a stolen vote sparks once all know of it; claim G2; size a judgement",
    )  # fmt: skip
    campaign_targeting_parties: float = parameter(
        0.8, low=0, high=1, unit="share",
        meaning="how far Western help goes only to movements of a democratic opposition",
        source="direction: claim M5; size a judgement",
    )  # fmt: skip
    campaign_from: float = parameter(
        -0.3, low=-1, high=1, unit="alignment", spread=0.0,
        meaning="alignment below which outside organisers leave a state alone: it is on their side",
        source="judgement",
    )  # fmt: skip
    campaign_help: float = parameter(
        0.5, low=0, high=1, unit="share of full help", spread=0.0,
        meaning="what one campaign gives a movement",
        source="judgement",
    )  # fmt: skip
    campaign_simultaneity: float = parameter(
        0.0, low=0, high=1, unit="share", spread=0.0,
        meaning="share of outside campaigns that come in several states at once",
        source="direction: claim V1; off unless a thesis holds it",
    )  # fmt: skip
    campaign_alignment: float = parameter(
        0.3, low=0, high=2, unit="alignment",
        meaning="turn to the West of a successor whose movement had outside help",
        source="direction: claim G2; size a judgement",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AllianceParameters:
    """Trust, entry and exit; precedent."""

    usual_trust: float = parameter(
        0.6, low=0, high=1, unit="trust", spread=0.05,
        meaning="trust in the alliance to which members return",
        source="judgement",
    )  # fmt: skip
    trust_return: float = parameter(
        0.005, low=0, high=0.5, unit="share per month",
        meaning="how fast members return to their usual trust in the alliance",
        source="judgement",
    )  # fmt: skip
    exit_trust: float = parameter(
        0.3, low=0, high=1, unit="trust", spread=0.1,
        meaning="trust below which a member considers leaving the alliance",
        source="judgement",
    )  # fmt: skip
    exit_trust_alignment: float = parameter(
        0.25, low=-1, high=1, unit="alignment", spread=0.1,
        meaning="alignment below which a member considers leaving the alliance",
        source="judgement",
    )  # fmt: skip
    entry_alignment: float = parameter(
        0.5, low=-1, high=1, unit="alignment", spread=0.1,
        meaning="alignment above which a state considers joining the alliance",
        source="judgement",
    )  # fmt: skip
    trust_gain: float = parameter(
        0.05, low=0, high=1, unit="trust",
        meaning="gain of all members' trust when a deployment saves one",
        source="direction: claim M7; size a judgement",
    )  # fmt: skip
    refusal_loss: float = parameter(
        0.15, low=0, high=1, unit="trust",
        meaning="loss of a member's trust when its call is refused",
        source="direction: claim K4; size a judgement",
    )  # fmt: skip
    unanswered_clash_loss: float = parameter(
        0.12, low=0, high=1, unit="trust",
        meaning="loss of a member's trust when a clash is left unanswered",
        source="direction: claims K3, K4; size a judgement",
    )  # fmt: skip
    exit_hazard: float = parameter(
        0.02, low=0, high=1, unit="per month",
        meaning="hazard of leaving with trust below .3 and alignment below .25",
        source="direction: claim K4; size a judgement",
    )  # fmt: skip
    neutral_exit: float = parameter(
        0.10, low=-1, high=1, unit="alignment", spread=0.1,
        meaning="alignment below which a member may let its place in the alliance lapse",
        source="Azerbaijan, Georgia and Uzbekistan in 1999; level a judgement",
    )  # fmt: skip
    lapse_hazard: float = parameter(
        0.010, low=0, high=1, unit="per month",
        meaning="hazard that a member of neutral alignment lets its place in the alliance lapse",
        source="the same; half of such members in about six years",
    )  # fmt: skip
    exit_alignment: float = parameter(
        -0.5, low=-1, high=1, unit="alignment", spread=0.1,
        meaning="alignment below which a state leaves Moscow's clubs (CSTO, EAEU, CIS) whatever its trust",
        source="Georgia 2008-09 and Ukraine 2014-18 left at about that level; direction: claim V2",
    )  # fmt: skip
    entry_hazard: float = parameter(
        0.006, low=0, high=1, unit="per month",
        meaning="hazard that a state with alignment above .5 joins",
        source="Uzbekistan 2006; size a judgement",
    )  # fmt: skip
    doubt: float = parameter(
        2.0, low=0.1, high=50, unit="cases",
        meaning="how many refused calls the doubt counts for that the alliance will ever send troops",
        source="direction: claim M7; Kyrgyzstan 2010 was refused; size a judgement",
    )  # fmt: skip
    precedent_relief: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.1,
        meaning="share of the first deployment's price that each precedent takes away",
        source="direction: claim M7; size a judgement",
    )  # fmt: skip
    precedent_deterrence: float = parameter(
        0.10, low=0, high=2, unit="share of deterrence",
        meaning="what the certainty of troops from the alliance adds to citizens' fear of repression",
        source="direction: claim M7; size a judgement",
    )  # fmt: skip
    precedent_resolve: float = parameter(
        0.25, low=0, high=1, unit="share of a deployment's gain",
        meaning="how far services hold out in the certainty that troops from the alliance will come",
        source="direction: claim M7; size a judgement",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LearningParameters:
    """What publics and regimes learn from upheavals elsewhere."""

    emulation: float = parameter(
        0.3, low=0, high=1, unit="share",
        meaning="how far expected success moves toward the outcome of a challenge that is watched closely",
        source="Beissinger 2007; claim G6; size a judgement",
    )  # fmt: skip
    usual_success: float = parameter(
        0.2, low=0, high=1, unit="share", spread=0.1,
        meaning="chance of success that citizens give a challenge where there is no recent example",
        source="record 1992-2013: about one challenge in five succeeds", tag=Tag.CALIBRATED,
    )  # fmt: skip
    emulation_fades: float = parameter(
        0.06, low=0, high=1, unit="share per month",
        meaning="return of expected success to what is usual",
        source="judgement",
    )  # fmt: skip
    emulation_spark: float = parameter(
        0.10, low=0, high=0.5, unit="legitimacy per share",
        meaning="what expected success, beyond the usual, adds to the motive to join",
        source="Finkel, Muller and Opp 1989: public goods weighted by efficacy; size a judgement",
    )  # fmt: skip
    emulation_rate: float = parameter(
        1.2, low=0, high=20, unit="focal events per year and share",
        meaning="focal events that expected success, beyond the usual, adds",
        source="direction: claim G6; size a judgement",
    )  # fmt: skip
    preparedness: float = parameter(
        0.05, low=0, high=1, unit="preparedness",
        meaning="preparedness gained by regimes that watch a fall, double in those with openness below .3",
        source="Beissinger 2007: elite learning; claim G3; size a judgement",
    )  # fmt: skip
    preparedness_fades: float = parameter(
        0.01, low=0, high=1, unit="share per month",
        meaning="return of preparedness to its starting level",
        source="judgement",
    )  # fmt: skip
    fear_alignment: float = parameter(
        0.03, low=0, high=1, unit="alignment",
        meaning="move toward Moscow of regimes with openness below .45, not against it, that watch a fall",
        source="direction: claim G1; size a judgement",
    )  # fmt: skip
    organisation_base: float = parameter(
        0.15, low=0, high=1, unit="resources",
        meaning="resources of a movement without any opening",
        source="judgement",
    )  # fmt: skip
    organisation_by_openness: float = parameter(
        0.2, low=0, high=1, unit="resources", spread=0.35,
        meaning="what full openness adds where parties are the opposition",
        source="Tarrow 1998: opportunity structures; size a judgement",
    )  # fmt: skip
    organisation_by_civil_society: float = parameter(
        0.35, low=0, high=1, unit="resources", spread=0.35,
        meaning="what civil society at its strongest adds, whoever the opposition is",
        source="McAdam 1982: indigenous organisation; V-Dem's index; size a judgement",
    )  # fmt: skip
    organisation_by_split: float = parameter(
        0.4, low=0, high=1, unit="resources",
        meaning="what wholly split elites add where clans are the opposition",
        source="direction: claim M6; size a judgement",
    )  # fmt: skip
    organisation_by_help: float = parameter(
        0.4, low=0, high=1, unit="resources",
        meaning="what full outside help adds",
        source="direction: claim M5; size a judgement",
    )  # fmt: skip
    organisation_by_example: float = parameter(
        0.2, low=0, high=1, unit="share",
        meaning="part of what it lacks that a movement takes over from a success watched and believed wholly",
        source="Beissinger 2007: modular action; Bunce and Wolchik 2011; size a judgement",
    )  # fmt: skip
    organisation_growth_by_help: float = parameter(
        0.2, low=0, high=1, unit="share per month",
        meaning="how much faster a movement grows into what can be supported with full outside help",
        source="Bunce and Wolchik 2011: campaigns of half a year to a year; size a judgement",
    )  # fmt: skip
    outside_help_fades: float = parameter(
        0.08, low=0, high=1, unit="share per month",
        meaning="fading of outside help",
        source="judgement",
    )  # fmt: skip
    organisation_growth: float = parameter(
        0.02, low=0, high=1, unit="share per month",
        meaning="return of a movement's resources to what openness and outside help support",
        source="judgement",
    )  # fmt: skip
    organisation_spark: float = parameter(
        0.08, low=0, high=0.5, unit="legitimacy", spread=0.35,
        meaning="spark that a fully resourced movement adds to a focal event",
        source="judgement",
    )  # fmt: skip
    tradition_spark: float = parameter(
        0.04, low=0, high=0.5, unit="legitimacy", spread=0.35,
        meaning="what a tradition of protest adds to a focal event, times ln(1 + tradition)",
        source="Beissinger 2002; Tilly 2008: repertoires; size a judgement",
    )  # fmt: skip
    tradition_fades: float = parameter(
        0.0135, low=0, high=1, unit="share per month", spread=0.0,
        meaning="how fast that tradition, the count of past challenges, fades",
        source="judgement: 15 % a year, half in four years and a quarter",
    )  # fmt: skip
    exhaustion: float = parameter(
        0.12, low=0, high=0.5, unit="legitimacy", spread=0.35,
        meaning="what a challenge that is over takes, at first, from the motive to join the next",
        source="Tarrow 1998: exhaustion and polarisation end a cycle of protest; size a judgement",
    )  # fmt: skip
    exhaustion_if_won: float = parameter(
        1.0, low=0, high=1, unit="share", spread=0.0,
        meaning="how far a challenge that brought the regime down tires, relative to one that failed",
        source="Tarrow 1998: cycles of protest end after success too, as leaders move into institutions; "
        "no state on record had more than two falls within five years",
    )  # fmt: skip
    exhaustion_fades: float = parameter(
        0.08, low=0, high=1, unit="share per month", spread=0.0,
        meaning="how fast that exhaustion fades",
        source="judgement: two thirds in a year",
    )  # fmt: skip
    repression_of_movement: float = parameter(
        0.10, low=0, high=1, unit="share per week",
        meaning="resources a movement loses while it is repressed",
        source="judgement",
    )  # fmt: skip
