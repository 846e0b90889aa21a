"""Names of Moscow's instruments: what a run counts, and what a scenario may forbid."""

INSTRUMENTS = (
    "political_support",
    "loan",
    "security_help",
    "csto_deployment",
    "passports",
    "mediation",
    "economic_integration",
    "separatism",
    "annexation",
    "war",
)
"""Instruments of Moscow, in the order of the ladder."""

RESCUE_INSTRUMENTS = INSTRUMENTS[:4]
"""Those that help a regime in danger."""
