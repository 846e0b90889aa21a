"""Challenges to a regime: what sets them off, how long they last, when services turn, who succeeds."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag, parameter


@dataclass(frozen=True, slots=True)
class ChallengeParameters:
    """Focal events, the street, defection and fall."""

    focal_rate: float = parameter(
        3.0, low=0, high=5, unit="per state and year", spread=0.35,
        meaning="focal events (price rise, scandal, a death) that may bring people out",
        source="calibrated to the rate of challenges in the record 1992-2013", tag=Tag.CALIBRATED,
    )  # fmt: skip
    publicity_when_closed: float = parameter(
        0.2, low=0, high=1, unit="share",
        meaning="share of focal events known to all in a wholly closed state; in an open one all are",
        source="Lohmann 1994; Kuran 1991: a cascade needs common knowledge; size a judgement",
    )  # fmt: skip
    spark_scale: float = parameter(
        0.08, low=0, high=0.5, unit="legitimacy", spread=0.35,
        meaning="scale of the half-normal size of a focal event",
        source="judgement",
    )  # fmt: skip
    election_spark: float = parameter(
        0.0, low=0, high=0.5, unit="legitimacy", spread=0.0,
        meaning="spark of a contested election in a half-open state; none where it is wholly closed or open",
        source="Tucker 2007: stolen elections as focal points; Levitsky and Way 2010; size a judgement",
    )  # fmt: skip
    contestable_openness: float = parameter(
        0.01, low=0.01, high=1, unit="openness", spread=0.0,
        meaning="openness from which a vote can be contested; below it a vote brings out ever fewer",
        source="Levitsky and Way 2010: competitive authoritarianism; level a judgement",
    )  # fmt: skip
    spark_tail: float = parameter(
        0.7, low=0, high=1, unit="share", spread=0.25,
        meaning="how heavy the tail of the sizes of focal events is: 0 half-normal, 1 exponential",
        source="Biggs 2005: sizes of protest waves are far from normal; share a judgement",
    )  # fmt: skip
    theft_spark: float = parameter(
        0.1, low=0, high=1, unit="legitimacy", spread=0.35,
        meaning="what a wholly unfair vote adds to the scale of its spark where civil society is at its "
        "strongest: it counts, monitors and calls people out",
        source="Tucker 2007: stolen elections as focal points; Bunce and Wolchik 2011; size a judgement",
    )  # fmt: skip
    parliament_weight: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.0,
        meaning="weight in that of a vote for a parliament that does not choose the chief executive",
        source="judgement: less is at stake",
    )  # fmt: skip
    start_as_seen: float = parameter(
        1.0, low=0, high=1, unit="share", spread=0.0,
        meaning="how far the first month is made to agree with what was seen: who was quiet has the "
        "legitimacy for it, and a challenge that was open stays open; 0 leaves both to the draw",
        source="what is drawn for a state is conditioned on what it then did",
    )  # fmt: skip
    quiet_months: float = parameter(
        12, low=0, high=120, unit="months", spread=0.0,
        meaning="how many of the months before the start count there: a state that was quiet in them has the "
        "legitimacy to bear the focal events that they are likely to have brought; 0 counts none",
        source="as `challenges.start_as_seen`; a year is a judgement",
    )  # fmt: skip
    electoral_outlet: float = parameter(
        0.7, low=0, high=1, unit="share of spark", spread=0.35,
        meaning="how much of a spark open elections absorb, times openness",
        source="Przeworski 1991: losers wait for the next election; size a judgement",
    )  # fmt: skip
    challenge_level: float = parameter(
        0.10, low=0.01, high=0.9, unit="share of citizens", spread=0.0,
        meaning="open opposition at which a challenge opens (.1 % of citizens on the street)",
        source="definition (docs/RECORD.md); a hundredth of open opponents on the street: judgement",
    )  # fmt: skip
    ebb_level: float = parameter(
        0.07, low=0, high=0.9, unit="share of citizens", spread=0.0,
        meaning="open opposition below which a challenge is over",
        source="definition",
    )  # fmt: skip
    fatigue: float = parameter(
        0.15, low=0, high=1, unit="share of spark per week",
        meaning="how fast a spark fades where no movement sustains it",
        source="judgement: KAZ 2022 lasted about two weeks",
    )  # fmt: skip
    endurance: float = parameter(
        0.8, low=0, high=1, unit="share of fatigue", spread=0.05,
        meaning="how much of the fatigue a fully resourced movement takes away",
        source="judgement",
    )  # fmt: skip
    weekly_strain: float = parameter(
        0.005, low=0, high=0.1, unit="cohesion per week",
        meaning="elite cohesion lost in each week of a challenge",
        source="judgement",
    )  # fmt: skip
    defection_loss: float = parameter(
        0.3, low=0, high=1, unit="share of loyalty",
        meaning="loyalty lost when services turn",
        source="judgement",
    )  # fmt: skip
    horizon_weeks: float = parameter(
        8, low=1, high=104, unit="weeks", spread=0.0,
        meaning="how far ahead regimes and Moscow weigh the risk that services turn",
        source="judgement: challenges last weeks",
    )  # fmt: skip
    defection_base: float = parameter(
        -2.2, low=-12, high=2, unit="log-odds per week", spread=0.15,
        meaning="chance that security services turn in a week at 30 % open opposition and middling cohesion",
        source="calibrated to one challenge in five succeeding", tag=Tag.CALIBRATED,
    )  # fmt: skip
    defection_by_turnout: float = parameter(
        6.0, low=0, high=30, unit="log-odds per share",
        meaning="how turnout makes services turn",
        source="direction: Chenoweth and Stephan 2011; size a judgement",
    )  # fmt: skip
    defection_by_cohesion: float = parameter(
        3.0, low=0, high=30, unit="log-odds per unit",
        meaning="how elite cohesion keeps services in line",
        source="Hale 2005; size a judgement",
    )  # fmt: skip
    defection_by_loyalty: float = parameter(
        4.0, low=0, high=30, unit="log-odds per unit",
        meaning="how loyalty keeps services in line",
        source="direction: claim G4; size a judgement",
    )  # fmt: skip
    defection_by_openness: float = parameter(
        3.5, low=0, high=30, unit="log-odds",
        meaning="how the next election keeps services and crowds to the rules, per unit of openness squared",
        source="Przeworski 1991: losers wait where they can win; size a judgement",
    )  # fmt: skip
    fall_after_defection: float = parameter(
        0.3, low=0, high=1, unit="per week", spread=0.15,
        meaning="chance of the fall once services have turned",
        source="direction: claim G4; size a judgement",
    )  # fmt: skip
    fall_without_defection: float = parameter(
        0.004, low=0, high=1, unit="per week",
        meaning="chance that a leader resigns while services stay loyal, at 30 % open opposition",
        source="direction: claim G4 (nearly every fall follows defection); size a judgement",
    )  # fmt: skip
    clan_contest: float = parameter(
        0.015, low=0, high=1, unit="per week",
        meaning="chance that rival clans settle accounts at 30 % open opposition and no cohesion at all",
        source="direction: claim M6; size a judgement",
    )  # fmt: skip
    joint_prevention: float = parameter(
        0.6, low=0, high=10, unit="log-odds",
        meaning="survival gained by preparedness together with dependence on Moscow",
        source="direction: claim G7; size a judgement",
    )  # fmt: skip
    own_prevention: float = parameter(
        0.5, low=0, high=10, unit="log-odds",
        meaning="survival gained by preparedness alone",
        source="direction: claim G3; size a judgement",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SuccessionParameters:
    """Where a new leader takes the state."""

    programme_weight_party: float = parameter(
        0.7, low=0, high=1, unit="share",
        meaning="weight of the crowd's programme in a successor's line where parties compete",
        source="judgement",
    )  # fmt: skip
    programme_weight_clan: float = parameter(
        0.3, low=0, high=1, unit="share",
        meaning="weight of the crowd's programme in a successor's line where clans rule: the rest is the "
        "old line",
        source="direction: claim M6; size a judgement",
    )  # fmt: skip
    crowd_voice: float = parameter(
        1.2, low=0, high=5, unit="alignment per attitude",
        meaning="how the attitude of those who acted becomes a programme",
        source="judgement",
    )  # fmt: skip
    western_linkage: float = parameter(
        0.9, low=0, high=5, unit="alignment",
        meaning="pull of ties to the West on a programme, per unit of exposure and engagement",
        source="Levitsky and Way 2010: linkage; size a judgement",
    )  # fmt: skip
    clan_linkage_discount: float = parameter(
        0.7, low=0, high=1, unit="share", spread=0.1,
        meaning="how much of the pull of ties to the West is lost where clans, not parties, lead",
        source="direction: claims M5, M6; size a judgement",
    )  # fmt: skip
    sponsor_reaction: float = parameter(
        0.35, low=0, high=5, unit="alignment",
        meaning="turn against the sponsor of the fallen regime, per unit of its dependence and help received",
        source="direction: claims P3, P5; size a judgement",
    )  # fmt: skip
    old_line_kept: float = parameter(
        0.7, low=0, high=1, unit="share", spread=0.1,
        meaning="how much of the old line is in a new leader's own after a challenge",
        source="judgement",
    )  # fmt: skip
    old_line_kept_by_elites: float = parameter(
        0.8, low=0, high=1, unit="share", spread=0.1,
        meaning="how much of the old line is in a new leader's own after elites remove a leader",
        source="direction: claim M6; size a judgement",
    )  # fmt: skip
    old_line_kept_by_heirs: float = parameter(
        0.9, low=0, high=1, unit="share", spread=0.05,
        meaning="how much of the old line is in a chosen heir's own",
        source="judgement",
    )  # fmt: skip
    successor_noise: float = parameter(
        0.35, low=0, high=2, unit="alignment",
        meaning="width of the uniform spread of a successor's line; of a chosen heir's half of it",
        source="judgement",
    )  # fmt: skip
    heir_legitimacy: float = parameter(
        0.5, low=0.05, high=0.95, unit="legitimacy", spread=0.0,
        meaning="legitimacy of a chosen heir at least",
        source="judgement",
    )  # fmt: skip
    electoral_swing: float = parameter(
        0.4, low=0, high=1, unit="share",
        meaning="weight of public attitude in the line of a leader elected in an open election",
        source="direction: claim M10; size a judgement",
    )  # fmt: skip
