"""Names of the monthly series: what a run records, and what a scenario's conditions may ask about."""

from __future__ import annotations

from collections.abc import Mapping

Words = str
"""What readers are told. No rule may read it, and no key counts it (`sim.experiment.sources`)."""

Meanings = Mapping[str, Words]
"""What codes mean, by code."""

STATE_SERIES: Meanings = {
    "alignment": "alignment with Moscow, -1 (against) to 1 (with)",
    "legitimacy": "legitimacy of the regime, 0-1",
    "cohesion": "elite cohesion, 0-1",
    "security_loyalty": "loyalty of the security services, 0-1",
    "preparedness": "preparedness against a challenge, 0-1",
    "dependence": "dependence of the regime on Moscow, 0-1",
    "participation": "peak share of citizens in open opposition during the month, 0-1",
    "falsification": "share of citizens who oppose in private and stay silent in public, 0-1",
    "attitude": "mean attitude of citizens to Moscow, -1 to 1",
    "young_share": "share of adults born in 1976 or later, 0-1",
    "garrison": "Russian troops in the state, thousand",
}

MOSCOW_SERIES: Meanings = {
    "influence": "mean alignment weighted by strategic value, plus .03 per integrated territory",
    "free_capacity": "share of Moscow's capacity not drawn down by war, 0-1",
    "war_load": "load of all of Moscow's wars together, 0-1",
    "ukraine_war_load": "load of the war in Ukraine, 0-1",
    "other_wars_load": "load of Moscow's other wars, 0-1",
    "troops_free": "troops not committed, thousand",
    "standing": "Moscow's reputation for getting its way, 0-1",
    "money_free": "money left in this year's budget, billion dollars",
    "csto_members": "members of the CSTO including Russia",
    "csto_trust": "mean trust of the members in the CSTO, 0-1",
}

LATENT, DE_FACTO, PROTECTED, INTEGRATED = range(4)
"""Status of a territory: in its host's hands; a state in fact; under Moscow's passports or peacekeepers; and
recognised or annexed by Moscow."""

INTEGRATED_WEIGHT = 0.03
"""What an integrated territory adds to influence, in units of mean alignment: a judgement."""

CLANS_RULE = 0.5
"""Clan politics of a state above which clans, not parties, are the opposition."""
