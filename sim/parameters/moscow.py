"""Moscow: what it wants, what it has, what each instrument costs and does."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag, parameter


@dataclass(frozen=True, slots=True)
class MoscowParameters:
    """Aims, budgets, beliefs and the leader's horizon."""

    keep_weight: float = parameter(
        1.0, low=0, high=5, unit="value",
        meaning="weight on keeping friendly regimes in power",
        source="direction: claim P6; scale of all of Moscow's values",
    )  # fmt: skip
    friendly_from: float = parameter(
        -0.2, low=-1, high=1, unit="alignment", spread=0.05,
        meaning="alignment from which a regime is worth keeping to Moscow",
        source="direction: claim M4; level a judgement",
    )  # fmt: skip
    unconditional_support: float = parameter(
        0.0, low=0, high=1, unit="share", spread=0.0,
        meaning="how far support ignores the case: its alignment, burden, price, and value below one half",
        source="direction: claim P6; off unless a thesis holds it",
    )  # fmt: skip
    recognition: float = parameter(
        0.04, low=0, high=1, unit="value", spread=0.5,
        meaning="what it is worth to Moscow to declare a wholly unfair vote valid, in words, for six months "
        "after it, if the regime is not hostile; less the fairer the vote; 0 is off",
        source="Tolstrup 2015; Fawn 2006; Kelley 2012: a patron's monitors and congratulations answer the "
        "critics of a vote",
    )  # fmt: skip
    restoration_weight: float = parameter(
        0.35, low=0, high=5, unit="value",
        meaning="weight on taking back territory and integrating states",
        source="direction: claims D2, K6; size a judgement",
    )  # fmt: skip
    legacy_urgency: float = parameter(
        0.5, low=0, high=10, unit="factor",
        meaning="growth of the weight on restoration as the leader's horizon shortens to nothing",
        source="direction: claim D3; size a judgement",
    )  # fmt: skip
    sunk_claim: float = parameter(
        0.3, low=0, high=1, unit="share",
        meaning="how far restoration is pursued whatever it costs",
        source="direction: claim K6; size a judgement",
    )  # fmt: skip
    nato_weight: float = parameter(
        0.5, low=0, high=5, unit="value",
        meaning="weight on keeping NATO out",
        source="direction: claims M3, M4; size a judgement",
    )  # fmt: skip
    burden_aversion: float = parameter(
        0.1, low=0, high=5, unit="value",
        meaning="weight on the burden of holding a whole state",
        source="direction: claim D2; size a judgement",
    )  # fmt: skip
    western_deterrence: float = parameter(
        0.4, low=0, high=5, unit="value",
        meaning="price that Western answers put on integration, annexation and war",
        source="direction: claim D4; size a judgement",
    )  # fmt: skip
    western_share_quiet: float = parameter(
        0.1, low=0, high=10, unit="share", spread=0.0,
        meaning="share of the West's answer that passports, economic ties and a state's integration meet; "
        "annexation meets all of it",
        source="judgement: what came in 1992-2022",
    )  # fmt: skip
    western_share_separatism: float = parameter(
        0.5, low=0, high=10, unit="share", spread=0.0,
        meaning="share of the West's answer that separatism meets",
        source="judgement: what came in 1992-2022",
    )  # fmt: skip
    western_share_war: float = parameter(
        1.5, low=0, high=10, unit="share", spread=0.0,
        meaning="share of the West's answer that war meets, which is answered with arms beside sanctions",
        source="judgement: Ukraine 2022",
    )  # fmt: skip
    western_answer_unexposed: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.0,
        meaning="share of the answer to a territory's step that comes however far its host is from the West",
        source="judgement",
    )  # fmt: skip
    article_five: float = parameter(
        2.0, low=0, high=20, unit="value",
        meaning="price of force against a member of NATO, or a state about to be one",
        source="North Atlantic Treaty, article 5: a war with NATO; size a judgement",
    )  # fmt: skip
    price_of_resources: float = parameter(
        0.08, low=0, high=2, unit="value",
        meaning="what the whole of a budget is worth to Moscow elsewhere",
        source="judgement",
    )  # fmt: skip
    attention_by_size: float = parameter(
        0.5, low=0, high=5, unit="share",
        meaning="how much more attention help takes for each 10 % in open opposition beyond the first",
        source="Jones and Baumgartner 2005: attention is scarce and goes to the largest; size a judgement",
    )  # fmt: skip
    most_attention: float = parameter(
        0.5, low=0.05, high=1, unit="share of all attention",
        meaning="what one challenge takes at most, however large it is",
        source="January 2022: it handled Kazakhstan while preparing a war on Ukraine; size a judgement",
    )  # fmt: skip
    first_deployment_price: float = parameter(
        0.06, low=0, high=2, unit="value",
        meaning="price of sending CSTO troops for the first time; shrinks with each precedent",
        source="direction: claim M7; size a judgement",
    )  # fmt: skip
    decisiveness: float = parameter(
        100.0, low=0.1, high=200, unit="per unit of value",
        meaning="precision of Moscow's choice; low is erratic",
        source="McKelvey and Palfrey 1995; size a judgement",
    )  # fmt: skip
    observation_error: float = parameter(
        0.10, low=0, high=1, unit="cohesion and loyalty",
        meaning="error with which Moscow sees a regime's elites and services",
        source="judgement",
    )  # fmt: skip
    learning_weight: float = parameter(
        8, low=1, high=200, unit="cases",
        meaning="how many cases Moscow's starting beliefs on its instruments count for",
        source="judgement",
    )  # fmt: skip
    starting_doubt: float = parameter(
        0.3, low=0.01, high=0.99, unit="share", spread=0.0,
        meaning="share of the regimes it helps that Moscow expects to fall all the same, to begin with",
        source="judgement",
    )  # fmt: skip
    leader_horizon_age: float = parameter(
        80, low=60, high=100, unit="years", spread=0.05,
        meaning="age to which the leader expects to rule",
        source="judgement",
    )  # fmt: skip
    long_horizon: float = parameter(
        25, low=1, high=60, unit="years", spread=0.0,
        meaning="how long before the age to which the leader expects to rule its approach begins to affect "
        "what the leader does",
        source="direction: claim D3; size a judgement",
    )  # fmt: skip
    leader_exit_hazard: float = parameter(
        0.0008, low=0, high=0.1, unit="per month",
        meaning="hazard that the leader leaves at age 60, doubling every eight years of age",
        source="Gompertz mortality; 1 % a year at 60, the order of leaders' (see `regimes.death_hazard`)",
    )  # fmt: skip
    settling_capacity: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.0,
        meaning="share of Moscow's capacity that a new leader, 55 and busy at home, has in his first year",
        source="judgement",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class InstrumentParameters:
    """What each instrument adds to a regime's survival, and what it costs."""

    support_gain: float = parameter(
        0.3, low=0, high=5, unit="log-odds of survival",
        meaning="what political support adds to a regime's survival", source="judgement",
    )  # fmt: skip
    loan_gain: float = parameter(
        0.7, low=0, high=5, unit="log-odds of survival",
        meaning="what a loan adds to a regime's survival", source="judgement",
    )  # fmt: skip
    support_price: float = parameter(
        0.012, low=0, high=1, unit="value",
        meaning="political price of backing a challenged regime in public", source="judgement",
    )  # fmt: skip
    loan_price: float = parameter(
        0.015, low=0, high=1, unit="value",
        meaning="political price of a loan", source="judgement",
    )  # fmt: skip
    security_price: float = parameter(
        0.02, low=0, high=1, unit="value",
        meaning="political price of security help", source="judgement",
    )  # fmt: skip
    deployment_price: float = parameter(
        0.04, low=0, high=1, unit="value",
        meaning="political price of sending troops against a crowd", source="judgement",
    )  # fmt: skip
    loan_cost: float = parameter(
        1.5, low=0, high=50, unit="billion dollars", tag=Tag.CITED,
        meaning="size of a loan", source="Belarus 2020: claim M1",
    )  # fmt: skip
    loan_grant: float = parameter(
        0.25, low=0, high=1, unit="share", spread=0.35,
        meaning="share of a loan that Moscow counts as spent, since it expects the rest back",
        source="OECD Development Assistance Committee: a loan is aid from a grant element of a quarter; at 1 "
        "it is a gift",
    )  # fmt: skip
    security_gain: float = parameter(
        1.3, low=0, high=5, unit="log-odds of survival",
        meaning="what security help adds to survival; open to members of the alliance and where dependence "
        "is above .5",
        source="judgement",
    )  # fmt: skip
    deployment_gain: float = parameter(
        2.4, low=0, high=8, unit="log-odds of survival",
        meaning="what CSTO troops add to a regime's survival", source="judgement",
    )  # fmt: skip
    deployment_troops: float = parameter(
        2.5, low=0, high=100, unit="thousand", tag=Tag.CITED,
        meaning="size of a CSTO deployment", source="Kazakhstan 2022: claim M1",
    )  # fmt: skip
    help_months: float = parameter(
        6, low=1, high=60, unit="months",
        meaning="how long help lasts", source="judgement",
    )  # fmt: skip
    peacekeeper_troops: float = parameter(
        2.0, low=0, high=100, unit="thousand", tag=Tag.CITED,
        meaning="size of a peacekeeping force", source="Karabakh 2020: 1,960 under the November statement",
    )  # fmt: skip
    war_troops: float = parameter(
        100, low=1, high=1000, unit="thousand",
        meaning="troops that a full war takes", source="judgement",
    )  # fmt: skip
    war_money: float = parameter(
        20, low=0, high=500, unit="billion dollars a year",
        meaning="money that a full war takes", source="judgement",
    )  # fmt: skip
    war_money_share: float = parameter(
        0.1, low=0, high=1, unit="share", spread=0.0,
        meaning="part of the money of a war that is taken from what Moscow spends on influence abroad",
        source="judgement",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WarParameters:
    """Wars of Moscow: when they start, widen, go badly and end; what they drain."""

    capacity_drain: float = parameter(
        0.40, low=0, high=1, unit="share of capacity",
        meaning="share of Moscow's capacity that a full war absorbs",
        source="direction: claim K1; size a judgement",
    )  # fmt: skip
    red_line: float = parameter(
        0.5, low=0, high=1, unit="course toward NATO", spread=0.1,
        meaning="course toward NATO beyond which Moscow considers war",
        source="claim M3: Bucharest, April 2008; level a judgement",
    )  # fmt: skip
    guarantee: float = parameter(
        0.9, low=0, high=1, unit="share", spread=0.0,
        meaning="share of the chances of war on a member of NATO that its guarantee takes away; what is left "
        "is weighed at the price of `moscow.article_five`",
        source="Leeds 2003; Johnson and Leeds 2011: defence pacts deter; 1 is never, which is a judgement",
    )  # fmt: skip
    guarantee_in_sight: float = parameter(
        0.4, low=0, high=1, unit="share", spread=0.0,
        meaning="share of `moscow.article_five` that war on a state just short of NATO's door costs, at full "
        "pull of the West; less the farther it is from there; nothing with war or a territory in dispute",
        source="Huth 1988: extended deterrence, by ties to the defender; no candidate was attacked in "
        "1999-2004; 0 is off",
    )  # fmt: skip
    window: float = parameter(
        0.05, low=0, high=1, unit="per month", spread=0.25,
        meaning="chance that war is an option at NATO's door; in proportion to the way beyond the red line",
        source="set to the order of the record: wars of 2008, 2014 and 2022 in 33 years",
    )  # fmt: skip
    price: float = parameter(
        0.17, low=0, high=5, unit="value",
        meaning="price of war to Moscow before Western answers",
        source="judgement",
    )  # fmt: skip
    limited_price: float = parameter(
        0.6, low=0, high=2, unit="share", spread=0.0,
        meaning="price of a limited war, relative to a full one",
        source="judgement",
    )  # fmt: skip
    restoration_share: float = parameter(
        0.5, low=0, high=5, unit="share", spread=0.0,
        meaning="how far the weight on restoration counts for war on a state, as hostile as that is",
        source="direction: claims K6, M3; size a judgement",
    )  # fmt: skip
    limited_load: float = parameter(
        0.2, low=0, high=1, unit="load",
        meaning="load of a limited war, relative to a full one",
        source="judgement: Donbas 2014-2021",
    )  # fmt: skip
    widening: float = parameter(
        3.0, low=0, high=50, unit="factor", spread=0.0,
        meaning="how much likelier war is an option where a limited one goes on already",
        source="judgement: Ukraine 2014-2022",
    )  # fmt: skip
    limited_end: float = parameter(
        0.015, low=0, high=1, unit="per month",
        meaning="hazard that a limited war ends or freezes",
        source="judgement: Georgia 2008 lasted days, Donbas eight years",
    )  # fmt: skip
    full_end: float = parameter(
        0.015, low=0, high=1, unit="per month",
        meaning="hazard that a full war ends",
        source="judgement: interstate wars past their first year last several years",
    )  # fmt: skip
    course_left: float = parameter(
        0.40, low=0, high=1, unit="course toward NATO", spread=0.1,
        meaning="course toward NATO that is left to a state when war starts there",
        source="direction: claim M3; no alliance takes in a state at war; level a judgement",
    )  # fmt: skip
    seizure_full: float = parameter(
        1.5, low=0, high=10, unit="factor", spread=0.0,
        meaning="how much likelier a full war takes a territory of its target than a limited one, which "
        "takes it with the chance of its proneness; a latent one breaks away as often again",
        source="judgement: Ukraine 2014 and 2022",
    )  # fmt: skip
    setback: float = parameter(
        0.03, low=0, high=1, unit="per month of full war",
        meaning="hazard of a visible setback",
        source="direction: claim K8; Kyiv, Kharkiv, Kherson in 2022; size a judgement",
    )  # fmt: skip
    setback_standing: float = parameter(
        0.10, low=0, high=1, unit="standing",
        meaning="loss of standing by a setback, down to .2 at most",
        source="direction: claim K8; size a judgement",
    )  # fmt: skip
    partner_unease: float = parameter(
        0.006, low=0, high=0.1, unit="share of money per month of full war",
        meaning="loss of outside support as a full war drags on, down to .3; regained at .01 a month",
        source="direction: claim K9; size a judgement",
    )  # fmt: skip
    garrison_recall: float = parameter(
        0.04, low=0, high=1, unit="share per month of full war",
        meaning="part of each garrison above 200 men that leaves for the front",
        source="direction: claim K2; size a judgement",
    )  # fmt: skip
    alienation_limited: float = parameter(
        0.5, low=0, high=2, unit="alignment",
        meaning="turn of the line of a state that Moscow attacks with limited means",
        source="Georgia 2008; size a judgement",
    )  # fmt: skip
    alienation_full: float = parameter(
        0.8, low=0, high=2, unit="alignment",
        meaning="turn of the line of a state that Moscow attacks in a full war",
        source="Ukraine 2022; size a judgement",
    )  # fmt: skip
    rally: float = parameter(
        0.1, low=0, high=1, unit="legitimacy",
        meaning="rally round the flag in a state under attack",
        source="Mueller 1970; size a judgement",
    )  # fmt: skip
    standing_return: float = parameter(
        0.02, low=0, high=1, unit="share per month",
        meaning="return of Moscow's standing after a setback",
        source="judgement",
    )  # fmt: skip
    coercion_backlash: float = parameter(
        0.03, low=0, high=1, unit="attitude",
        meaning="loss of attitude across the region when war starts; tenfold in its target",
        source="direction: claim P7; size a judgement",
    )  # fmt: skip
