"""Regimes: how legitimacy, elites and security services move, and what responses cost."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag, parameter


@dataclass(frozen=True, slots=True)
class RegimeParameters:
    """Monthly drift of a regime, its exits that elites lead, and its answers to a challenge."""

    proxy_weight: float = parameter(
        0.4, low=0, high=1.5, unit="share", spread=0.35,
        meaning="how much of the differences between states' legitimacy that the record's proxies show is "
        "believed; 0 takes all states for usual",
        source="no survey measures consent across regimes; 1 by version 0.1",
    )  # fmt: skip
    hardship_weight: float = parameter(
        0.3, low=0, high=1.5, unit="share", spread=0.35,
        meaning="how much of the legitimacy that growth, war and hyperinflation took before the start counts",
        source="crowds of the 1990s do not follow slumps (docs/SKILL.md); 1 by version 0.1",
    )  # fmt: skip
    proxy_error: float = parameter(
        2.0, low=0, high=4, unit="factor", spread=0.25,
        meaning="how far legitimacy may lie from what its proxies show, relative to their stated error",
        source="no survey measures consent across regimes: the stated error is a judgement",
    )  # fmt: skip
    corruption_unseen: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.35,
        meaning="how far corruption costs no legitimacy where there is no civil society to show it",
        source="Seligson 2002: corruption costs legitimacy; Ferraz and Finan 2008: and more where audits and "
        "local radio show it; size a judgement",
    )  # fmt: skip
    unfair_votes_seen: float = parameter(
        0.17, low=0, high=1, unit="legitimacy", spread=0.35,
        meaning="legitimacy that wholly unfair votes cost where civil society at its strongest shows them",
        source="Norris 2014; Tucker 2007: fraud must be seen to count; size a judgement",
    )  # fmt: skip
    legitimacy_return: float = parameter(
        0.02, low=0, high=0.5, unit="share per month",
        meaning="return of legitimacy to what the state's record supports",
        source="judgement: half-life of three years, about the length of a honeymoon",
    )  # fmt: skip
    cohesion_return: float = parameter(
        0.02, low=0, high=0.5, unit="share per month",
        meaning="return of elite cohesion to its structural level",
        source="judgement",
    )  # fmt: skip
    loyalty_return: float = parameter(
        0.05, low=0, high=0.5, unit="share per month",
        meaning="return of the services' loyalty to what elite cohesion and Moscow's backing support",
        source="judgement",
    )  # fmt: skip
    performance_shock: float = parameter(
        0.015, low=0, high=0.2, unit="legitimacy",
        meaning="standard deviation of the monthly shock to performance (persistence .95)",
        source="judgement",
    )  # fmt: skip
    performance_persistence: float = parameter(
        0.95, low=0, high=0.999, unit="share per month", spread=0.01,
        meaning="how much of a shock to performance is left a month later",
        source="judgement",
    )  # fmt: skip
    rent_return: float = parameter(
        0.05, low=0, high=1, unit="share per month",
        meaning="return of rents that were spent",
        source="judgement",
    )  # fmt: skip
    rent_legitimacy: float = parameter(
        0.1, low=0, high=1, unit="legitimacy",
        meaning="legitimacy lost when all rents are spent",
        source="judgement",
    )  # fmt: skip
    loyalty_base: float = parameter(
        0.4, low=0, high=1, unit="loyalty", spread=0.05,
        meaning="loyalty of services whose elites have no cohesion at all",
        source="judgement",
    )  # fmt: skip
    loyalty_by_cohesion: float = parameter(
        0.4, low=0, high=1, unit="loyalty", spread=0.1,
        meaning="what full elite cohesion adds to the loyalty of services",
        source="judgement",
    )  # fmt: skip
    loyalty_by_backing: float = parameter(
        0.15, low=0, high=1, unit="loyalty",
        meaning="what full dependence on Moscow adds to the loyalty of services, if its capacity is free",
        source="direction: claim M2; size a judgement",
    )  # fmt: skip
    natural_dependence: float = parameter(
        0.5, low=0, high=1, unit="dependence", spread=0.0,
        meaning="dependence that a line wholly with Moscow supports",
        source="judgement",
    )  # fmt: skip
    dependence_fades: float = parameter(
        0.002, low=0, high=0.1, unit="share per month",
        meaning="fading of dependence where the line is not with Moscow",
        source="judgement",
    )  # fmt: skip
    new_cohesion: float = parameter(
        0.45, low=0, high=1, unit="cohesion", spread=0.1,
        meaning="elite cohesion at most right after an upheaval",
        source="judgement",
    )  # fmt: skip
    new_loyalty: float = parameter(
        0.55, low=0, high=1, unit="loyalty", spread=0.1,
        meaning="services' loyalty at least right after an upheaval",
        source="judgement",
    )  # fmt: skip
    dependence_kept: float = parameter(
        0.25, low=0, high=1 / 3, unit="share", spread=0.0,
        meaning="share of dependence left right after an upheaval where the new line is not with Moscow; "
        "three times that where it wholly is",
        source="judgement",
    )  # fmt: skip
    expected_help: float = parameter(
        0.5, low=0, high=1, unit="probability",
        meaning="belief at the start that Moscow answers a call",
        source="judgement",
    )  # fmt: skip
    help_lesson: float = parameter(
        0.3, low=0, high=1, unit="share", spread=0.0,
        meaning="how far help raises a regime's belief that Moscow answers a call, toward certainty",
        source="judgement",
    )  # fmt: skip
    refusal_lesson: float = parameter(
        0.4, low=0, high=1, unit="share", spread=0.0,
        meaning="how far a refusal lowers a regime's belief that Moscow answers a call, toward nothing",
        source="judgement",
    )  # fmt: skip
    lame_duck_hazard: float = parameter(
        0.0015, low=0, high=0.1, unit="per month",
        meaning="hazard that a leader is seen as leaving where openness is below .45, fourfold after 15 "
        "years or age 70",
        source="Hale 2005: expectations of succession; size a judgement",
    )  # fmt: skip
    lame_duck_months: float = parameter(
        24, low=1, high=120, unit="months",
        meaning="how long a lame duck lasts before the succession comes",
        source="Hale 2015: the last term",
    )  # fmt: skip
    lame_duck_split: float = parameter(
        0.20, low=0, high=1, unit="cohesion",
        meaning="fall in the level of elite cohesion while the leader is a lame duck",
        source="Hale 2005; size a judgement",
    )  # fmt: skip
    lame_duck_opening: float = parameter(
        2.0, low=1, high=20, unit="factor", spread=0.0,
        meaning="how much likelier elites are to remove a lame duck",
        source="Hale 2005; size a judgement",
    )  # fmt: skip
    death_hazard: float = parameter(
        0.0008, low=0, high=0.1, unit="per month", spread=0.0,
        meaning="hazard that a closed regime's leader dies in office at age 60, doubling every eight years",
        source="Gompertz mortality; leaders.csv 1992-2024: two deaths where it expects three",
    )  # fmt: skip
    death_in_open: float = parameter(
        1.0, low=0, high=1, unit="share", spread=0.0,
        meaning="hazard that an open regime's leader dies in office, relative to a closed one's",
        source="leaders.csv 1992-2024: no death where 1 expects one or two; 0 is off",
    )  # fmt: skip
    palace_coup_hazard: float = parameter(
        0.003, low=0, high=0.1, unit="per month",
        meaning="hazard that elites remove the leader, at no cohesion at all; falls with its square",
        source="set to the order of the record: Armenia 1998, Moldova 2019 among 11 states since 1992",
    )  # fmt: skip
    dual_power_months: float = parameter(
        36, low=0, high=120, unit="months",
        meaning="after a managed succession, how long the old leader keeps a second centre of power",
        source="direction: claim G5 (Kazakhstan 2019-2022)",
    )  # fmt: skip
    dual_power_diffusion: float = parameter(
        0.3, low=0, high=1, unit="share of spark",
        meaning="how far two centres of power blur the crowd's target",
        source="direction: claim G5; size a judgement",
    )  # fmt: skip
    dual_power_opening: float = parameter(
        3.0, low=1, high=20, unit="factor",
        meaning="how much likelier elites are to move under two centres of power",
        source="direction: claim G5; size a judgement",
    )  # fmt: skip
    calendar_in_force: float = parameter(
        1.0, low=0, high=1, unit="0 or 1", spread=0.0,
        meaning="whether free runs hold votes by the terms in force and as announced, with early ones and "
        "none at war; 0 puts parliaments at the executive's mid-term, as version 0.1 did",
        source="constitutions in force; `sim/world/tables/parliaments.csv`, `early_votes.csv`",
    )  # fmt: skip
    early_vote_hazard: float = parameter(
        0.003, low=0, high=0.1, unit="per month", tag=Tag.CITED,
        meaning="hazard that a vote is called before it is due, for each of the two kinds",
        source="early_votes.csv: about three in a hundred state-years for each kind, first votes left out",
    )  # fmt: skip
    early_vote_notice: float = parameter(
        3, low=1, high=24, unit="months", spread=0.0,
        meaning="months between the call of an early vote and the vote",
        source="early_votes.csv: median of announcement to vote",
    )  # fmt: skip
    turnover_ease: float = parameter(
        2.2, low=0, high=5, unit="per unit of openness above .25",
        meaning="chance that an incumbent without legitimacy loses an election",
        source="judgement; openness is V-Dem's",
    )  # fmt: skip
    honeymoon: float = parameter(
        0.58, low=0, high=1, unit="legitimacy", spread=0.05,
        meaning="legitimacy of a new regime",
        source="judgement",
    )  # fmt: skip
    rationality: float = parameter(
        3.0, low=0, high=20, unit="per unit of survival gain",
        meaning="precision of the regime's choice among its responses; 0 is random",
        source="McKelvey and Palfrey 1995: quantal response; size a judgement",
    )  # fmt: skip
    repression_price: float = parameter(
        0.1, low=0, high=5, unit="log-odds of survival",
        meaning="price of repressing in a wholly closed state",
        source="judgement",
    )  # fmt: skip
    repression_price_open: float = parameter(
        1.0, low=0, high=5, unit="log-odds of survival",
        meaning="what full openness adds to the price of repressing",
        source="judgement",
    )  # fmt: skip
    buy_off_price: float = parameter(
        0.2, low=0, high=5, unit="log-odds of survival",
        meaning="price of spending rents",
        source="judgement",
    )  # fmt: skip
    concession_price: float = parameter(
        0.3, low=0, high=5, unit="log-odds of survival",
        meaning="price of conceding in a wholly open state",
        source="judgement",
    )  # fmt: skip
    concession_price_closed: float = parameter(
        0.8, low=0, high=5, unit="log-odds of survival",
        meaning="what full closedness adds to the price of conceding",
        source="judgement",
    )  # fmt: skip
    call_price: float = parameter(
        0.2, low=0, high=5, unit="log-odds of survival",
        meaning="price of calling Moscow for its closest ally; none calls that expects an answer below .05",
        source="judgement",
    )  # fmt: skip
    hedge_price: float = parameter(
        0.3, low=0, high=5, unit="log-odds of survival",
        meaning="price of hedging for a regime that does not depend on Moscow",
        source="judgement",
    )  # fmt: skip
    hedge_price_dependent: float = parameter(
        1.5, low=0, high=10, unit="log-odds of survival",
        meaning="what full dependence on Moscow adds to the price of hedging",
        source="judgement",
    )  # fmt: skip
    repression_gain: float = parameter(
        1.3, low=0, high=5, unit="log-odds of survival",
        meaning="what repression by wholly loyal services adds to survival",
        source="judgement",
    )  # fmt: skip
    overwhelmed_from: float = parameter(
        0.35, low=0, high=1, unit="share of citizens", spread=0.0,
        meaning="open opposition from which a crowd begins to take from the gain of repression, one for one",
        source="judgement",
    )  # fmt: skip
    repression_cost: float = parameter(
        0.01, low=0, high=0.5, unit="legitimacy per week",
        meaning="legitimacy lost by repressing",
        source="judgement",
    )  # fmt: skip
    early_repression: float = parameter(
        0.2, low=0, high=1, unit="share of spark", spread=0.35,
        meaning="how much of the spark repression takes away in the first week, before a crowd has formed",
        source="direction: Lukashenka, as quoted in the article of Milosevic and Has; size a judgement",
    )  # fmt: skip
    force_scale: float = parameter(
        1.65, low=0.1, high=10, unit="1", tag=Tag.CALIBRATED, spread=0.25,
        meaning="converts the record's index of repressive capacity into force per citizen",
        source="calibrated to the rate of challenges in the record 1992-2013",
    )  # fmt: skip
    repression_force: float = parameter(
        0.6, low=0, high=3, unit="share of security density",
        meaning="how much open repression adds to the force that citizens face",
        source="judgement",
    )  # fmt: skip
    buy_off_gain: float = parameter(
        1.0, low=0, high=5, unit="log-odds of survival",
        meaning="what spending full rents adds to survival",
        source="Ross 2001 on rents; size a judgement",
    )  # fmt: skip
    buy_off_cost: float = parameter(
        0.1, low=0, high=1, unit="share of rents per week", spread=0.0,
        meaning="rents that are spent",
        source="judgement",
    )  # fmt: skip
    concession_gain: float = parameter(
        0.6, low=0, high=5, unit="log-odds of survival",
        meaning="what concessions add to survival, before openness makes them credible",
        source="judgement",
    )  # fmt: skip
    concession_relief: float = parameter(
        0.25, low=0, high=1, unit="share of spark per week",
        meaning="how much of the spark concessions take away; buying off with full rents half as much",
        source="judgement",
    )  # fmt: skip
    concession_legitimacy: float = parameter(
        0.01, low=0, high=0.5, unit="legitimacy per week", spread=0.0,
        meaning="legitimacy that concessions win back",
        source="judgement",
    )  # fmt: skip
    concession_strain: float = parameter(
        0.015, low=0, high=0.5, unit="cohesion per week", spread=0.0,
        meaning="elite cohesion that concessions cost",
        source="Acemoglu and Robinson 2001: a sign of weakness; size a judgement",
    )  # fmt: skip
    hedge_gain: float = parameter(
        0.5, low=0, high=5, unit="log-odds of survival",
        meaning="what turning to another power adds to survival, per unit of its exposure",
        source="direction: claim K5; size a judgement",
    )  # fmt: skip
    hedge_resentment: float = parameter(
        2.0, low=0, high=20, unit="per unit of attitude and alignment", spread=0.0,
        meaning="what the public's resentment of the alignment adds to the exposure of a regime that hedges",
        source="judgement",
    )  # fmt: skip
    hedge_shift: float = parameter(
        0.15, low=0, high=1, unit="alignment",
        meaning="how far the line moves from Moscow when a regime hedges",
        source="judgement",
    )  # fmt: skip
    hedge_dependence: float = parameter(
        0.03, low=0, high=1, unit="share per week", spread=0.0,
        meaning="dependence that is lost while a regime hedges",
        source="judgement",
    )  # fmt: skip
    autonomy_cost: float = parameter(
        1.2, low=0, high=5, unit="log-odds of survival",
        meaning="what calling Moscow costs a regime that is not aligned with it",
        source="judgement",
    )  # fmt: skip
    evident_interest: float = parameter(
        0.25, low=0.001, high=5, unit="value", spread=0.0,
        meaning="worth to Moscow from which a regime takes Moscow's interest in it for certain",
        source="judgement",
    )  # fmt: skip
    rescue_purge: float = parameter(
        0.05, low=0, high=0.5, unit="cohesion per rung of help",
        meaning="gain of cohesion and loyalty when a rescued regime purges its rivals",
        source="direction: claim M2; size a judgement",
    )  # fmt: skip
    rescue_dependence: float = parameter(
        0.05, low=0, high=0.5, unit="dependence per rung of help",
        meaning="growth of dependence on the rescuer",
        source="direction: claim M2; size a judgement",
    )  # fmt: skip
    rescue_alignment: float = parameter(
        0.05, low=0, high=0.5, unit="alignment per rung of help",
        meaning="move of the line toward the rescuer",
        source="direction: claim M2; size a judgement",
    )  # fmt: skip
