"""What acts outside a challenge take of Moscow's means."""

from __future__ import annotations

from sim.model.instruments import Cost
from sim.parameters.costs import CostParameters

# Relative to each other, as `costs.acts_money` and `costs.acts_attention` state
_MONEY = {
    "annexation": 1.0, "integration": 0.8, "economic ties": 0.5, "separatism": 0.3, "passports": 0.2,
    "mediation": 0.1, "war": 0.0,  # a war has money of its own: `instruments.war_money`
}  # fmt: skip
_ATTENTION = {
    "annexation": 0.6, "integration": 0.3, "economic ties": 0.2, "separatism": 0.4, "passports": 0.3,
    "mediation": 0.3, "war": 0.3,
}  # fmt: skip


def means_for(act: str, costs: CostParameters, troops: float = 0.0) -> Cost:
    """Return the means that an act takes.

    Parameters
    ----------
    act : str
        ``annexation``, ``integration``, ``economic ties``, ``separatism``, ``passports``, ``mediation``
        or ``war`` (its load comes on top).
    costs : CostParameters
    troops : float
        That it takes, thousand.
    """
    away = costs.mission_months / 2 if act == "separatism" else costs.mission_months
    return Cost(troops, costs.acts_money * _MONEY[act], costs.acts_attention * _ATTENTION[act], round(away))
