"""Which parameters state an outcome, rather than bring it about.

A parameter *states* an outcome if both hold:

1. it is a number of the rule itself that makes the counted event happen, or that moves the measured quantity:
   the rate, price, worth or size of that very act or move;
2. the sign of its effect can be read off that rule, whatever anyone else in the model does.

So the weight that Moscow puts on taking back territory states how many territories it integrates; a
generation's view of Moscow states the public's attitude, but not whether a regime falls, since between the
two stand the crowd, the services and the elites. In doubt a parameter is listed: then less counts as
evidence. A fall is held against the rule of the fall, not of the challenge before it; an act of Moscow
against the rule by which it is chosen, not against the means that war leaves for it.
"""

from __future__ import annotations

_CROWD = (  # what a citizen weighs (M1), how often something brings people out, and with what spark
    "citizens.threshold", "citizens.conformity", "citizens.deterrence", "citizens.arrest_constant",
    "regimes.force_scale", "alliance.precedent_deterrence", "crises.challenge_level", "crises.focal_rate",
    "crises.publicity_when_closed", "crises.spark_scale", "crises.election_spark",
    "crises.contestable_openness", "crises.electoral_outlet", "regimes.dual_power_diffusion",
    "rivals.western_campaign", "rivals.campaign_before_vote", "rivals.campaign_spark",
    "rivals.campaign_targeting_parties", "rivals.campaign_simultaneity", "learning.organisation_spark",
    "learning.emulation_spark", "learning.emulation_rate",
)  # fmt: skip
_NEAR_VOTE = (  # what sets the sparks of votes apart from those of other days
    "crises.election_spark", "rivals.western_campaign", "rivals.campaign_before_vote",
    "rivals.campaign_spark", "rivals.campaign_simultaneity",
)  # fmt: skip
_STREET_FALL = (  # whether services turn, and whether the regime then falls
    "crises.defection_base", "crises.defection_by_openness", "crises.own_prevention",
    "crises.joint_prevention", "crises.fall_after_defection", "crises.fall_without_defection",
    "instruments.support_gain", "instruments.loan_gain", "instruments.security_gain",
    "instruments.deployment_gain", "alliance.precedent_resolve", "regimes.repression_gain",
    "regimes.buy_off_gain", "regimes.concession_gain", "regimes.overwhelmed_from", "regimes.hedge_gain",
    "regimes.hedge_resentment",
)  # fmt: skip
_ELITE_FALL = (
    "regimes.palace_coup_hazard", "regimes.dual_power_opening", "regimes.lame_duck_opening",
    "crises.clan_contest",
)  # fmt: skip
_SUCCESSOR = (  # the line of a regime that an uprising brings to power
    "succession.programme_weight_party", "succession.programme_weight_clan", "succession.sponsor_reaction",
    "succession.western_linkage", "succession.clan_linkage_discount", "rivals.campaign_alignment",
)  # fmt: skip
_ALIGNMENT = (  # moves of a regime's line or alignment, each in one direction
    "succession.sponsor_reaction", "succession.western_linkage", "succession.clan_linkage_discount",
    "rivals.campaign_alignment", "rivals.campaign_help", "rivals.vacuum", "rivals.vacuum_until",
    "rivals.presence", "rivals.full_garrison", "rivals.ratchet", "territories.integration_bond",
    "war.alienation_limited", "war.alienation_full", "territories.host_alienation",
    "regimes.rescue_alignment", "regimes.hedge_shift", "learning.fear_alignment",
    "clashes.mediation_gain", "clashes.ally_alienation",
)  # fmt: skip
_RESTORATION = (  # what taking a territory, a state's integration or a war is worth, and the West's price
    "moscow.restoration_weight", "moscow.legacy_urgency", "moscow.sunk_claim", "moscow.western_deterrence",
    "moscow.price_of_resources", "costs.acts_money", "costs.acts_attention",
)  # fmt: skip
_STEP = (  # one step of a territory toward Moscow
    *_RESTORATION, "moscow.keep_weight", "moscow.article_five", "territories.prize",
    "territories.step_price", "territories.host_alienation", "territories.friend_lost",
    "territories.prize_unprone", "territories.other_patron", "moscow.western_answer_unexposed",
)  # fmt: skip
_INTEGRATED = (*_STEP, "territories.window", "territories.opportunity", "territories.ties_stake")
_AROSE = (
    *_STEP, "territories.unrest_window", "territories.opportunity", "moscow.western_share_separatism",
)  # fmt: skip
_WAR = (
    *_RESTORATION, "moscow.nato_weight", "moscow.article_five", "war.window", "war.red_line", "war.price",
    "war.limited_price", "war.widening", "war.restoration_share", "moscow.western_share_war",
)  # fmt: skip
_WORTH = (  # what a regime is worth to Moscow in a challenge
    "moscow.keep_weight", "moscow.unconditional_support", "moscow.friendly_from", "moscow.burden_aversion",
)  # fmt: skip
_OFFER = (*_WORTH, "moscow.price_of_resources", "crises.horizon_weeks")
_REQUEST = (
    *_WORTH, "regimes.call_price", "regimes.autonomy_cost", "regimes.expected_help",
    "regimes.help_lesson", "regimes.refusal_lesson", "regimes.evident_interest", "crises.horizon_weeks",
    "instruments.security_gain", "instruments.deployment_gain",
)  # fmt: skip
_PRICES = (  # of the ladder's rungs
    "instruments.support_price", "instruments.loan_price", "instruments.security_price",
    "instruments.deployment_price", "moscow.first_deployment_price", "alliance.precedent_relief",
    "costs.support_attention", "costs.loan_attention", "costs.security_attention", "costs.security_troops",
    "costs.help_money",
)  # fmt: skip
_ANSWER = (
    *_OFFER, *_PRICES, "moscow.attention_by_size", "moscow.most_attention", "instruments.support_gain",
    "instruments.loan_gain", "instruments.security_gain", "instruments.deployment_gain",
)  # fmt: skip
_ATTITUDE = (
    "citizens.cohort_gap", "citizens.sponsorship_blame", "citizens.war_revulsion", "citizens.help_backlash",
    "citizens.abandonment_blame", "war.coercion_backlash", "citizens.clan_indifference",
    "citizens.youth_response", "territories.host_backlash",
)  # fmt: skip
_TAKEN = (*_INTEGRATED, "war.seizure_full")  # by annexation or in war
_INFLUENCE = (*_TAKEN, *(path for path in _ALIGNMENT if path not in _TAKEN))
_CLUB_EXIT = (
    "alliance.exit_hazard", "alliance.exit_trust", "alliance.exit_trust_alignment", "alliance.exit_alignment",
    "alliance.lapse_hazard", "alliance.neutral_exit",
)  # fmt: skip

STATED_BY: dict[str, tuple[str, ...]] = {
    # Uprisings and falls
    "challenges": _CROWD,
    "uprising_rate": _CROWD,
    "member_uprising_rate": _CROWD,
    "street_falls": _STREET_FALL,
    "elite_falls": _ELITE_FALL,
    "falls": (*_STREET_FALL, *_ELITE_FALL),
    "fall_rate": _STREET_FALL,
    "success_ratio": _STREET_FALL,
    "months_to_first_fall": _STREET_FALL,
    "falls_near_election": _NEAR_VOTE,
    "contagion_ratio": (
        "learning.emulation", "learning.emulation_rate", "learning.emulation_spark",
        "learning.emulation_fades", "learning.preparedness",
    ),
    "challenges_near_election": _NEAR_VOTE,
    "emulation_ratio": (
        "learning.emulation", "learning.emulation_rate", "learning.emulation_spark",
        "learning.emulation_fades",
    ),
    "defection_before_fall": (
        "crises.defection_base", "crises.fall_after_defection", "crises.fall_without_defection",
    ),
    "top_state_share": (),
    "baltic_falls": (*_STREET_FALL, *_ELITE_FALL),
    # Successors and alignment
    "successors_anti": _SUCCESSOR,
    "successors_neutral": _SUCCESSOR,
    "successors_pro": _SUCCESSOR,
    "successors_anti_share": _SUCCESSOR,
    "turnovers": ("regimes.turnover_ease",),
    "realignments_away": _ALIGNMENT,
    "realignments_toward": _ALIGNMENT,
    "realignments_to_west": _ALIGNMENT,
    "realignments_to_rivals": (
        "rivals.vacuum", "rivals.vacuum_until", "rivals.presence", "rivals.full_garrison",
    ),
    "alignment_end": _ALIGNMENT,
    "clients_start": (),
    "clients_end": _ALIGNMENT,
    "influence_end": _INFLUENCE,
    "influence_change": _INFLUENCE,
    "weighted_alignment_change": _ALIGNMENT,
    "mean_attitude_end": (*_ATTITUDE, "citizens.russian_attitude"),
    "attitude_change": _ATTITUDE,
    # What Moscow does
    "used_political_support": (
        *_OFFER, "instruments.support_gain", "instruments.support_price", "costs.support_attention",
    ),
    "used_loan": (
        *_OFFER, "instruments.loan_gain", "instruments.loan_price", "instruments.loan_cost",
        "costs.loan_attention",
    ),
    "used_security_help": (
        *_OFFER, "instruments.security_gain", "instruments.security_price",
        "costs.security_attention", "costs.security_troops", "costs.help_money",
    ),
    "used_csto_deployment": (
        *_OFFER, "instruments.deployment_gain", "instruments.deployment_price",
        "instruments.deployment_troops", "moscow.first_deployment_price", "alliance.precedent_relief",
        "costs.help_money",
    ),
    "used_passports": (
        *_STEP, "territories.window", "territories.opportunity", "moscow.western_share_quiet",
    ),
    "used_mediation": (
        "clashes.mediation_value", "clashes.mediation_price", "moscow.price_of_resources",
        "costs.acts_money", "costs.acts_attention",
    ),
    "used_economic_integration": (
        *_STEP, "territories.window", "territories.opportunity", "territories.integration_window",
        "territories.integration_trust", "territories.integration_weight", "moscow.burden_aversion",
        "moscow.western_share_quiet",
    ),
    "used_separatism": _AROSE,
    "used_annexation": _INTEGRATED,
    "used_war": _WAR,
    "requests": _REQUEST,
    "refusals": (*_REQUEST, *(path for path in _ANSWER if path not in _REQUEST)),
    "unanswered_share": _ANSWER,
    "instrument_variety": _PRICES,
    "clients_unhelped": _ANSWER,
    "clients_unhelped_at_war": _ANSWER,
    "client_success_ratio": _STREET_FALL,
    "wars": _WAR,
    "war_months": (*_WAR, "war.full_end", "war.limited_end"),
    "free_capacity_mean": ("war.capacity_drain",),
    "troops_free_mean": (
        "war.capacity_drain", "instruments.war_troops", "instruments.deployment_troops",
        "instruments.peacekeeper_troops", "costs.security_troops", "costs.help_troop_months",
        "costs.mission_months",
    ),
    "money_free_mean": (
        "war.partner_unease", "instruments.war_money", "instruments.war_money_share",
        "instruments.loan_cost", "costs.help_money", "costs.acts_money",
    ),
    "standing_mean": ("war.setback", "war.setback_standing", "war.standing_return"),
    "garrison_end": ("war.garrison_recall", "instruments.peacekeeper_troops"),
    "campaigns": (
        "rivals.western_campaign", "rivals.campaign_before_vote", "rivals.campaign_targeting_parties",
        "rivals.campaign_from", "crises.joint_prevention",
    ),
    "campaigns_clan_share": ("rivals.campaign_targeting_parties",),
    # Territories, clashes, alliances
    "integrated": _TAKEN,
    "integrated_mean": _TAKEN,
    "lost": (
        "territories.loss_hazard", "territories.loss_other_patron", "territories.autonomy_hazard",
        "clashes.conquest",
    ),
    "arose": (*_AROSE, "war.seizure_full"),
    "clashes": (
        "clashes.arbiter_effect", "clashes.presence_effect", "clashes.peacekeeper_effect",
        "rivals.full_garrison",
    ),
    "csto_members_end": (*_CLUB_EXIT, "alliance.entry_hazard", "alliance.entry_alignment"),
    "csto_trust_end": (
        "alliance.usual_trust", "alliance.trust_gain", "alliance.refusal_loss",
        "alliance.unanswered_clash_loss", "clashes.mediation_trust",
    ),
    "csto_exits": _CLUB_EXIT,
    "memberships_left": _CLUB_EXIT,
}  # fmt: skip
"""Parameters that state each outcome, by its column in ``outcomes.parquet``."""
