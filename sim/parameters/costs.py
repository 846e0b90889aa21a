"""What Moscow's instruments take of its troops, money and attention."""

from __future__ import annotations

from dataclasses import dataclass

from sim.instruments import shares
from sim.parameters.parameter import parameter


@dataclass(frozen=True, slots=True)
class CostParameters:
    """Means that an instrument takes, beside the size of a loan, a deployment and a peacekeeping force.

    Attention is counted in challenges' worth: troops sent against a crowd take 1.
    """

    support_attention: float = parameter(
        0.2, low=0, high=3, unit="challenges' worth", spread=0.0,
        meaning="attention that political support takes; a deployment of troops takes 1",
        source="judgement: words are cheap",
    )  # fmt: skip
    loan_attention: float = parameter(
        0.3, low=0, high=3, unit="challenges' worth", spread=0.0,
        meaning="attention that a loan takes",
        source="judgement",
    )  # fmt: skip
    security_attention: float = parameter(
        0.6, low=0, high=3, unit="challenges' worth", spread=0.0,
        meaning="attention that security help takes",
        source="judgement: between a loan and troops",
    )  # fmt: skip
    security_troops: float = parameter(
        0.5, low=0, high=100, unit="thousand", spread=0.0,
        meaning="police and advisers that security help takes",
        source="judgement: Belarus 2020, where a reserve of police stood ready",
    )  # fmt: skip
    help_money: float = parameter(
        0.1, low=0, high=50, unit="billion dollars", spread=0.0,
        meaning="money that security help takes; a deployment, which is short, takes half of it",
        source="judgement",
    )  # fmt: skip
    help_troop_months: float = parameter(
        3, low=1, high=60, unit="months", spread=0.0,
        meaning="how long men sent to help a regime are away from other tasks",
        source="judgement: Kazakhstan 2022 lasted two weeks; making ready and recovery come on top",
    )  # fmt: skip
    acts_money: float = parameter(
        1.0, low=0, high=50, unit="billion dollars", spread=0.0,
        meaning=f"money that an act outside a challenge takes, times: {shares('money')}",
        source="judgement",
    )  # fmt: skip
    acts_attention: float = parameter(
        1.0, low=0, high=10, unit="factor", spread=0.0,
        meaning="attention that an act outside a challenge takes, in challenges' worth, times: "
        f"{shares('attention')}",
        source="judgement",
    )  # fmt: skip
    mission_months: float = parameter(
        12, low=1, high=240, unit="months", spread=0.0,
        meaning="how long troops behind passports, annexation and mediation are away from other tasks; "
        "behind separatism half as long",
        source="judgement: by then a garrison of its own has taken over",
    )  # fmt: skip
