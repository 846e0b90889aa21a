"""Moscow's instruments, one entry each: what a run counts, a scenario may forbid, figures and stories name.

An instrument that acts in a new way has a class in `sim.model.moscow` as well: a rung of help for a regime in
danger in ``instruments.py``, anything else in ``acts.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.series import Words


@dataclass(frozen=True, slots=True)
class Instrument:
    """One of Moscow's instruments.

    Parameters
    ----------
    name : str
        Its code in files.
    noun : str
        In a sentence: "Moscow's answer was ...".
    kind : str
        Of intervention, as `calibration` tells them apart: words, means, troops, integration, territory, war,
        mediation.
    on_state, on_territory : str
        The deed as a sentence, with ``{}`` for whom or what it is done to; empty where it is not done to one.
    rung : int
        On the ladder of help for a regime in danger, from 1; 0 for what is none. Several may share one: of
        these, what stands later in the table is the higher step.
    key : str
        Of a rung: its gain and price are the parameters ``instruments.<key>_gain`` and
        ``instruments.<key>_price``, which must be declared. Several may share them.
    parameters : tuple of str
        Dotted paths of the further parameters in its own price, cost or rate, for the audit; what it shares
        with its kind is in `sim.measures.mechanisms`.
    """

    name: str
    noun: Words
    kind: str
    on_state: Words = ""
    on_territory: Words = ""
    rung: int = 0
    key: str = ""
    parameters: tuple[str, ...] = ()

    @property
    def gain(self) -> str:
        """Dotted path of what a rung adds to the regime's survival."""
        return f"instruments.{self.key}_gain"

    @property
    def price(self) -> str:
        """Dotted path of a rung's political price."""
        return f"instruments.{self.key}_price"

    @property
    def own_parameters(self) -> tuple[str, ...]:
        """Dotted paths of all parameters that are its own."""
        return (self.gain, self.price, *self.parameters) if self.rung else self.parameters

    @property
    def label(self) -> str:
        """The name in words, for axes and tables."""
        return self.name.replace("_", " ").replace("csto", "CSTO")


TABLE: tuple[Instrument, ...] = (
    Instrument(
        "political_support", "political support", "words",
        on_state="Moscow gives the regime of {} political support", rung=1, key="support",
        parameters=("costs.support_attention", "moscow.recognition"),
    ),
    Instrument(
        "loan", "a loan", "means",
        on_state="Moscow lends money to the regime of {}", rung=2, key="loan",
        parameters=("instruments.loan_cost", "instruments.loan_grant", "costs.loan_attention"),
    ),
    Instrument(
        "security_help", "help for the security services", "means",
        on_state="Moscow helps the security services of {}", rung=3, key="security",
        parameters=(
            "costs.security_attention", "costs.security_troops", "costs.help_money",
            "costs.help_troop_months",
        ),
    ),
    Instrument(
        "csto_deployment", "troops of the CSTO", "troops",
        on_state="Moscow sends troops of the CSTO to {}", rung=4, key="deployment",
        parameters=(
            "instruments.deployment_troops", "moscow.first_deployment_price", "alliance.precedent_relief",
            "costs.help_money", "costs.help_troop_months",
        ),
    ),
    Instrument(
        "passports", "passports and peacekeepers", "territory",
        on_territory="Moscow gives out passports and posts peacekeepers in {}",
        parameters=("territories.window", "territories.opportunity", "moscow.western_share_quiet"),
    ),
    Instrument(
        "mediation", "mediation", "mediation", on_territory="Moscow steps in between {}",
        parameters=("clashes.mediation_value", "clashes.mediation_price"),
    ),
    Instrument(
        "economic_integration", "economic integration", "integration",
        on_state="Moscow draws {} into its economic union",
        on_territory="Moscow opens the economy of {} to its own",
        parameters=(
            "territories.window", "territories.opportunity", "moscow.western_share_quiet",
            "territories.integration_window", "territories.integration_trust",
            "territories.integration_weight", "moscow.burden_aversion",
        ),
    ),
    Instrument(
        "separatism", "support for separatists", "territory", on_territory="Moscow backs separatists in {}",
        parameters=(
            "territories.unrest_window", "territories.opportunity", "moscow.western_share_separatism",
        ),
    ),
    Instrument(
        "annexation", "annexation", "territory", on_territory="Moscow recognises or annexes {}",
        parameters=("territories.window", "territories.opportunity", "territories.ties_stake"),
    ),
    Instrument(
        "war", "war", "war", on_territory="Moscow decides on war in {}",
        parameters=(
            "moscow.nato_weight", "moscow.article_five", "war.window", "war.red_line", "war.price",
            "war.limited_price", "war.widening", "war.restoration_share", "moscow.western_share_war",
            "war.guarantee", "war.guarantee_in_sight",
        ),
    ),
)  # fmt: skip
"""Every instrument: first the ladder of help, then what Moscow may do outside a challenge."""

BY_NAME: dict[str, Instrument] = {entry.name: entry for entry in TABLE}

INSTRUMENTS: tuple[str, ...] = tuple(BY_NAME)
"""Their names, in the order of the table."""

RESCUE_INSTRUMENTS: tuple[str, ...] = tuple(
    entry.name for entry in sorted(TABLE, key=lambda entry: entry.rung) if entry.rung
)
"""Those that help a regime in danger, from the lowest step of the ladder to the highest."""

HIGHEST_RUNG: int = max(entry.rung for entry in TABLE)
"""Of the ladder of help."""


@dataclass(frozen=True, slots=True)
class Means:
    """What an act outside a challenge takes, relative to `costs.acts_money` and `costs.acts_attention`.

    Parameters
    ----------
    money, attention : float
    what : str
        The act in words.
    away : float
        How long its troops are away, relative to `costs.mission_months`.
    """

    money: float
    attention: float
    what: Words
    away: float = 1.0


ACTS: dict[str, Means] = {
    "annexation": Means(1.0, 0.6, "annexation"),
    "integration": Means(0.8, 0.3, "integration of a state"),
    "economic ties": Means(0.5, 0.2, "economic ties"),
    "separatism": Means(0.3, 0.4, "separatism", away=0.5),
    "passports": Means(0.2, 0.3, "passports"),
    "mediation": Means(0.1, 0.3, "mediation"),
    "war": Means(0.0, 0.3, "war beside its load"),  # a war has money of its own: `instruments.war_money`
}
"""Acts of Moscow outside a challenge, by the name under which `sim.model.moscow.acts` prices them."""


def shares(of: str) -> str:
    """Return the acts' shares of ``money`` or ``attention`` in words, the largest first."""
    known = [(getattr(means, of), means.what) for means in ACTS.values()]
    known.sort(key=lambda pair: -pair[0])
    return ", ".join(f"{what} {share:g}".replace(" 0.", " .") for share, what in known if share)
