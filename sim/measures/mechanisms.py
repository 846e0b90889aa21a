"""Parameters by the mechanism that they set: which of them parameterise an outcome directly.

A parameter parameterises an outcome directly, or *sets* it, rather than bringing it about, if both hold:

1. it is a number of the rule itself that makes the counted event happen, or that moves the measured quantity:
   the rate, price, worth or size of that very act or move;
2. the sign of its effect can be read off that rule, whatever anyone else in the model does.

So the weight that Moscow puts on taking back territory sets how many territories it integrates; a
generation's view of Moscow sets the public's attitude, but not whether a regime falls, since between the
two stand the crowd, the services and the elites. In doubt a parameter is listed: then less counts as
evidence. A fall is held against the rule of the fall, not of the challenge before it; an act of Moscow
against the rule by which it is chosen, not against the means that war leaves for it.

Each outcome names its own, here or beside its function.
"""

from __future__ import annotations

from sim.instruments import TABLE

CROWD = (  # what a citizen weighs (formulas 1, 2), how often something brings people out, and with what spark
    "citizens.threshold", "citizens.conformity", "citizens.deterrence", "citizens.arrest_constant",
    "citizens.severity", "learning.exhaustion",
    "citizens.congruence_relief",  # the weight of alignment itself may add to G or take from it
    "regimes.force_scale", "alliance.precedent_deterrence", "challenges.challenge_level",
    "challenges.focal_rate", "challenges.publicity_when_closed", "challenges.spark_scale",
    "challenges.election_spark", "challenges.contestable_openness", "challenges.electoral_outlet",
    "challenges.spark_tail", "challenges.theft_spark", "challenges.parliament_weight",
    "regimes.dual_power_diffusion",
    "rivals.western_campaign", "rivals.campaign_before_vote", "rivals.campaign_spark",
    "rivals.campaign_targeting_parties", "rivals.campaign_simultaneity", "learning.organisation_spark",
    "learning.tradition_spark", "learning.emulation_spark", "learning.emulation_rate",
)  # fmt: skip
NEAR_VOTE = (  # what sets the sparks of votes apart from those of other days
    "challenges.election_spark", "rivals.western_campaign", "rivals.campaign_before_vote",
    "rivals.campaign_spark", "rivals.campaign_simultaneity",
)  # fmt: skip
STREET_FALL = (  # whether services turn, and whether the regime then falls
    "challenges.defection_base", "challenges.defection_by_openness", "challenges.own_prevention",
    "challenges.joint_prevention", "challenges.fall_after_defection", "challenges.fall_without_defection",
    "instruments.support_gain", "instruments.loan_gain", "instruments.security_gain",
    "instruments.deployment_gain", "alliance.precedent_resolve", "regimes.repression_gain",
    "regimes.buy_off_gain", "regimes.concession_gain", "regimes.overwhelmed_from", "regimes.hedge_gain",
    "regimes.hedge_resentment",
)  # fmt: skip
ELITE_FALL = (
    "regimes.palace_coup_hazard", "regimes.dual_power_opening", "regimes.lame_duck_opening",
    "challenges.clan_contest",
)  # fmt: skip
SUCCESSOR = (  # the line of a regime that a challenge brings to power
    "succession.programme_weight_party", "succession.programme_weight_clan", "succession.sponsor_reaction",
    "succession.western_linkage", "succession.clan_linkage_discount", "rivals.campaign_alignment",
)  # fmt: skip
ALIGNMENT = (  # moves of a regime's line or alignment, each in one direction
    "succession.sponsor_reaction", "succession.western_linkage", "succession.clan_linkage_discount",
    "rivals.campaign_alignment", "rivals.campaign_help", "rivals.vacuum", "rivals.vacuum_until",
    "rivals.presence", "rivals.full_garrison", "rivals.ratchet", "territories.integration_bond",
    "war.alienation_limited", "war.alienation_full", "territories.host_alienation",
    "regimes.rescue_alignment", "regimes.hedge_shift", "learning.fear_alignment",
    "clashes.mediation_gain", "clashes.ally_alienation",
)  # fmt: skip
RESTORATION = (  # what taking a territory, a state's integration or a war is worth, and the West's price
    "moscow.restoration_weight", "moscow.legacy_urgency", "moscow.sunk_claim", "moscow.western_deterrence",
    "moscow.price_of_resources", "costs.acts_money", "costs.acts_attention",
)  # fmt: skip
STEP = (  # one step of a territory toward Moscow
    *RESTORATION, "moscow.keep_weight", "moscow.article_five", "territories.prize",
    "territories.step_price", "territories.host_alienation", "territories.friend_lost",
    "territories.prize_unprone", "territories.other_patron", "moscow.western_answer_unexposed",
)  # fmt: skip
WORTH = (  # what a regime is worth to Moscow in a challenge
    "moscow.keep_weight", "moscow.unconditional_support", "moscow.friendly_from", "moscow.burden_aversion",
)  # fmt: skip
OFFER = (*WORTH, "moscow.price_of_resources", "challenges.horizon_weeks")
_BY_KIND = {  # what the choice of an instrument shares with that of its kind
    "words": OFFER, "means": OFFER, "troops": OFFER, "territory": STEP, "integration": STEP,
    "war": RESTORATION,
    "mediation": ("moscow.price_of_resources", "costs.acts_money", "costs.acts_attention"),
}  # fmt: skip
CHOICE = {entry.name: (*_BY_KIND[entry.kind], *entry.own_parameters) for entry in TABLE}
"""Parameters that set Moscow's choice of each instrument directly, by the instrument's name."""

INTEGRATED, AROSE, WAR = CHOICE["annexation"], CHOICE["separatism"], CHOICE["war"]
REQUEST = (
    *WORTH, "regimes.call_price", "regimes.autonomy_cost", "regimes.expected_help",
    "regimes.help_lesson", "regimes.refusal_lesson", "regimes.evident_interest", "challenges.horizon_weeks",
    "instruments.security_gain", "instruments.deployment_gain",
)  # fmt: skip
_RUNGS = tuple(entry for entry in TABLE if entry.rung)
_GAINS = tuple(dict.fromkeys(entry.gain for entry in _RUNGS))
PRICES = tuple(dict.fromkeys(path for rung in _RUNGS for path in (rung.price, *rung.parameters)))
ANSWER = (*OFFER, *PRICES, "moscow.attention_by_size", "moscow.most_attention", *_GAINS)
ATTITUDE = (
    "citizens.cohort_gap", "citizens.sponsorship_blame", "citizens.war_revulsion", "citizens.help_backlash",
    "citizens.abandonment_blame", "war.coercion_backlash", "citizens.clan_indifference",
    "citizens.youth_response", "territories.host_backlash",
)  # fmt: skip
TAKEN = (*INTEGRATED, "war.seizure_full")  # by annexation or in war
INFLUENCE = (*TAKEN, *(path for path in ALIGNMENT if path not in TAKEN))
CLUB_EXIT = (
    "alliance.exit_hazard", "alliance.exit_trust", "alliance.exit_trust_alignment", "alliance.exit_alignment",
    "alliance.lapse_hazard", "alliance.neutral_exit",
)  # fmt: skip
