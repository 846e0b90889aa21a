"""Citizens: when they act, what they resent, and how their view of Moscow changes."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag, parameter


@dataclass(frozen=True, slots=True)
class CitizenParameters:
    """Thresholds, grievance, attitudes to Moscow, cohorts and jail."""

    threshold: float = parameter(
        0.295, low=0, high=1, unit="utility", spread=0.08,
        meaning="net motive at which a citizen opposes in public",
        source="set with `deterrence` so that about 3 % act at legitimacy .5 without a spark",
    )  # fmt: skip
    conformity: float = parameter(
        0.20, low=0, high=2, unit="utility per share of citizens",
        meaning="pull of others' open opposition; 0 is Epstein's citizen, 1 without deterrence Granovetter's",
        source="Granovetter 1978; Kuran 1991; size a judgement",
    )  # fmt: skip
    deterrence: float = parameter(
        1.9, low=0, high=5, unit="utility", spread=0.2,
        meaning="weight of the risk of arrest for a fully risk-averse citizen",
        source="Epstein 2002; size set with `threshold`",
    )  # fmt: skip
    severity: float = parameter(
        0.6, low=0, high=10, unit="share of deterrence", spread=0.35,
        meaning="what the harshest punishment adds to the weight of the risk of arrest; nothing in the "
        "milder half of states",
        source="Opp and Roehl 1990: what an arrest means, not only its chance; size a judgement",
    )  # fmt: skip
    arrest_constant: float = parameter(
        2.3, low=0.1, high=10, unit="1", tag=Tag.CITED,
        meaning="steepness of the risk of arrest: one officer to one opponent arrests with probability .9",
        source="Epstein 2002",
    )  # fmt: skip
    national_exposure: float = parameter(
        0.7, low=0, high=1, unit="share", spread=0.1,
        meaning="weight of national against local participation in what a citizen sees",
        source="judgement: national media against the neighbourhood",
    )  # fmt: skip
    alignment_grievance: float = parameter(
        0.2, low=0, high=1.5, unit="utility", spread=0.35,
        meaning="grievance of a citizen wholly at odds with the regime's alignment, where parties compete",
        source="direction: claim M10; size a judgement",
    )  # fmt: skip
    alignment_grievance_clan: float = parameter(
        0.10, low=0, high=1.5, unit="utility",
        meaning="grievance of a citizen wholly at odds with the regime's alignment, where clans, not "
        "parties, are the opposition",
        source="direction: claim M6; size a judgement",
    )  # fmt: skip
    congruence_relief: float = parameter(
        0.4, low=0, high=1, unit="share",
        meaning="how much agreement with the regime's alignment soothes a citizen, relative to how much "
        "being at odds with it aggrieves",
        source="judgement; the most influential shared parameter of the sketch",
    )  # fmt: skip
    unfriendly_alignment_weight: float = parameter(
        1.0, low=0, high=1, unit="share", spread=0.0,
        meaning="weight of alignment against Moscow, relative to alignment with it, in citizens' grievance "
        "over alignment",
        source="judgement: symmetric by default",
    )  # fmt: skip
    dependence_seen: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.0,
        meaning="weight of dependence, beside alignment, in how close to Moscow a friendly regime seems",
        source="judgement",
    )  # fmt: skip
    cohort_gap: float = parameter(
        0.15, low=0, high=1, unit="attitude",
        meaning="how much less attached to Moscow those born in 1976 or later are",
        source="direction: claim P1; size a judgement",
    )  # fmt: skip
    attitude_spread: float = parameter(
        0.40, low=0.01, high=1, unit="attitude", spread=0.1,
        meaning="standard deviation of attitudes to Moscow within one ethnic group",
        source="judgement",
    )  # fmt: skip
    russian_attitude: float = parameter(
        0.60, low=-1, high=1, unit="attitude", spread=0.1,
        meaning="mean attitude to Moscow of ethnic Russians; their share makes a public polarised",
        source="direction: claim M10; size a judgement",
    )  # fmt: skip
    sponsorship_blame: float = parameter(
        0.0005, low=0, high=0.02, unit="attitude per month",
        meaning="loss of attitude to Moscow where it sponsors an illegitimate regime",
        source="direction: claim P3; size a judgement",
    )  # fmt: skip
    war_revulsion: float = parameter(
        0.0010, low=0, high=0.02, unit="attitude per month at full war",
        meaning="loss of attitude to Moscow while it wages war",
        source="Gallup: approval of Russia's leadership fell in 2021-22 by 13 points in ARM, 26 in KAZ",
    )  # fmt: skip
    clan_indifference: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.0,
        meaning="share of the loss of attitude by sponsorship that is missing where clans rule",
        source="judgement",
    )  # fmt: skip
    attitude_return: float = parameter(
        0.004, low=0, high=0.1, unit="share per month",
        meaning="return of attitudes to their starting level",
        source="judgement: half-life of about 14 years",
    )  # fmt: skip
    youth_response: float = parameter(
        1.5, low=0, high=2, unit="factor", spread=0.0,
        meaning="how far the young's view of Moscow moves, relative to the mean of both cohorts; their "
        "elders' moves by 2 less this",
        source="direction: claim P1; size a judgement",
    )  # fmt: skip
    help_backlash: float = parameter(
        0.4, low=0, high=5, unit=".03 attitude per rung of help",
        meaning="size of the loss of attitude when Moscow helps a regime against its citizens",
        source="direction: claim P3; size a judgement",
    )  # fmt: skip
    abandonment_blame: float = parameter(
        0.05, low=0, high=0.5, unit="attitude",
        meaning="loss of attitude when an ally is left alone: blame that late mediation returns in part",
        source="direction: claim D9; size a judgement",
    )  # fmt: skip
    turnout_learning: float = parameter(
        0.10, low=0, high=1, unit="legitimacy per share",
        meaning="legitimacy lost per unit of turnout above what was expected",
        source="Lohmann 1994; size a judgement",
    )  # fmt: skip
    turnout_expectation: float = parameter(
        0.1, low=0, high=1, unit="share per month, or per week of a challenge", spread=0.0,
        meaning="how fast expected turnout follows what is seen",
        source="judgement",
    )  # fmt: skip
    arrest_rate: float = parameter(
        0.10, low=0, high=1, unit="share",
        meaning="arrests made per arrest risked, each week of repression",
        source="judgement",
    )  # fmt: skip
    jail_months: float = parameter(
        6, low=0, high=60, unit="months",
        meaning="time in jail after an arrest, during which a citizen cannot act",
        source="judgement",
    )  # fmt: skip
