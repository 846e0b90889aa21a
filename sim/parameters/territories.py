"""What states fight over: territories, and the clashes between states."""

from __future__ import annotations

from dataclasses import dataclass

from sim.parameters.parameter import Tag, parameter


@dataclass(frozen=True, slots=True)
class TerritoryParameters:
    """De facto states and regions prone to separatism."""

    window: float = parameter(
        0.003, low=0, high=1, unit="per month",
        meaning="chance that a step toward integration is an option; more as `opportunity` says",
        source="set to the order of the record: ten steps among ten territories in 33 years",
    )  # fmt: skip
    unrest_window: float = parameter(
        0.002, low=0, high=1, unit="per month",
        meaning="chance that a prone region can be made to secede, under the same conditions",
        source="Crimea and Donbas 2014; size a judgement",
    )  # fmt: skip
    opportunity: float = parameter(
        2.0, low=0, high=20, unit="factor", spread=0.0,
        meaning="how much likelier that is with a host of cohesion below .35 or in a challenge, with one "
        "against Moscow, and twice as much with one at war with it; they add up",
        source="judgement: Crimea and Donbas 2014",
    )  # fmt: skip
    prize: float = parameter(
        0.8, low=0, high=5, unit="value",
        meaning="worth of one step of integration, times the weight on restoration",
        source="judgement",
    )  # fmt: skip
    prize_unprone: float = parameter(
        0.4, low=0, high=1, unit="share", spread=0.0,
        meaning="share of the worth of a step of integration that does not depend on how prone the "
        "territory is",
        source="judgement",
    )  # fmt: skip
    other_patron: float = parameter(
        0.5, low=0, high=1, unit="share", spread=0.0,
        meaning="worth of a territory with a patron other than Moscow, relative to others",
        source="judgement: Karabakh",
    )  # fmt: skip
    step_price: float = parameter(
        0.12, low=0, high=5, unit="value",
        meaning="price of a step toward integration before Western answers",
        source="judgement",
    )  # fmt: skip
    ties_growth: float = parameter(
        0.02, low=0, high=1, unit="share per month",
        meaning="growth of a territory's dependence once its property and industry are open to Russians",
        source="Hirschman 1945: trade makes dependence; claim D6; speed a judgement",
    )  # fmt: skip
    ties_stake: float = parameter(
        0.5, low=0, high=10, unit="factor",
        meaning="what full dependence adds to the worth of the last step and to how often it is an option",
        source="direction: claim D6; size a judgement",
    )  # fmt: skip
    loss_hazard: float = parameter(
        0.0010, low=0, high=1, unit="per month",
        meaning="hazard that a host retakes a territory without Moscow's cover, times the missing capacity",
        source="Karabakh 2023; size a judgement",
    )  # fmt: skip
    loss_other_patron: float = parameter(
        3.0, low=0, high=50, unit="factor", spread=0.0,
        meaning="how much likelier a host retakes a territory where another patron holds it",
        source="judgement: Karabakh 2020 and 2023",
    )  # fmt: skip
    autonomy_hazard: float = parameter(
        0.0095, low=0, high=1, unit="per month", tag=Tag.CALIBRATED, spread=0.6,
        meaning="hazard that a de facto state without an outside patron settles with its host for autonomy",
        source="direction: Florea 2017; two in 210 months on record to 2013 (Gagauzia, Adjara)",
    )  # fmt: skip
    host_alienation: float = parameter(
        0.15, low=0, high=1, unit="alignment",
        meaning="turn of the host's line against Moscow after a step; a host with alignment above .5 "
        "forgives passports and economic ties",
        source="Georgia after 2008, Ukraine after 2014; size a judgement",
    )  # fmt: skip
    host_backlash: float = parameter(
        0.05, low=0, high=1, unit="attitude", spread=0.0,
        meaning="loss of the host's public after a step, other than economic ties",
        source="direction: claim P7; size a judgement",
    )  # fmt: skip
    friend_lost: float = parameter(
        6.0, low=0, high=50, unit="per unit of alignment lost",
        meaning="what alienating a friendly host costs Moscow, relative to what keeping it is worth",
        source="judgement: no ally has lost territory to Moscow",
    )  # fmt: skip
    integration_window: float = parameter(
        0.006, low=0, high=1, unit="per month",
        meaning="chance that the integration of a whole state becomes an option, above alignment .4",
        source="direction: claim D7; customs union and EAEU: five members in 25 years",
    )  # fmt: skip
    integration_trust: float = parameter(
        0.3, low=-1, high=1, unit="alignment", spread=0.0,
        meaning="line from which Moscow trusts a leader with the integration of his state",
        source="direction: claim D7; level a judgement",
    )  # fmt: skip
    integration_weight: float = parameter(
        2.0, low=0, high=20, unit="factor", spread=0.0,
        meaning="weight of integrating a state, its worth and its burden, relative to keeping its regime",
        source="judgement",
    )  # fmt: skip
    integration_bond: float = parameter(
        0.1, low=0, high=1, unit="dependence and alignment", spread=0.0,
        meaning="gain of both when a state is integrated",
        source="direction: claim D7; size a judgement",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClashParameters:
    """Interstate clashes and who stops them."""

    arbiter_effect: float = parameter(
        1.0, low=0, high=10, unit="log-hazard",
        meaning="growth of the hazard of clashes where Moscow's capacity and standing are gone",
        source="direction: claim K3; size a judgement",
    )  # fmt: skip
    presence_effect: float = parameter(
        0.5, low=0, high=10, unit="log-hazard",
        meaning="growth of that hazard where no garrison stands",
        source="direction: claims K2, K3; size a judgement",
    )  # fmt: skip
    build_up: float = parameter(
        0.0, low=0, high=0.2, unit="share per month", spread=0.0,
        meaning="growth of the arms that two states in dispute build up, toward 1, where neither has rents",
        source="Rider, Findley and Diehl 2011: rivals arm; 0 is off",
    )  # fmt: skip
    build_up_by_rents: float = parameter(
        3.0, low=0, high=20, unit="factor", spread=0.0,
        meaning="how much faster arms are built up where one side has all the rents and the other none",
        source="Cotet and Tsui 2013: oil buys arms; Werner 1999: a shifted balance reopens terms; "
        "size a judgement",
    )  # fmt: skip
    build_up_effect: float = parameter(
        0.0, low=0, high=10, unit="log-hazard", spread=0.0,
        meaning="growth of the hazard of a clash from no build-up to all; the record's rate holds at half",
        source="Sample 1997: arms races escalate; 0 is off",
    )  # fmt: skip
    build_up_released: float = parameter(
        1.0, low=0, high=1, unit="share", spread=0.0,
        meaning="share of the build-up that a clash releases",
        source="Werner 1999: fighting that settles nothing recurs; size a judgement",
    )  # fmt: skip
    mediation_value: float = parameter(
        0.25, low=0, high=5, unit="value",
        meaning="worth of mediating a clash, times the two states' value, each times .5 + its alignment",
        source="direction: claim D1; size a judgement",
    )  # fmt: skip
    mediation_price: float = parameter(
        0.1, low=0, high=5, unit="value",
        meaning="price of stepping in between two states",
        source="judgement",
    )  # fmt: skip
    mediation_delay: float = parameter(
        2, low=0, high=12, unit="months", spread=0.2,
        meaning="how long after a clash begins Moscow may step in",
        source="direction: claim D1; Karabakh 2020: war from 27 September, peacekeepers 10 November",
    )  # fmt: skip
    blame_returned: float = parameter(
        0.5, low=0, high=2 / 3, unit="share", spread=0.1,
        meaning="share of the blame laid on Moscow that late mediation takes back",
        source="direction: claim D9, partly; size a judgement",
    )  # fmt: skip
    mediation_trust: float = parameter(
        0.05, low=0, high=1, unit="trust",
        meaning="trust in the alliance gained by stepping in",
        source="direction: claim D1; size a judgement",
    )  # fmt: skip
    peacekeeper_effect: float = parameter(
        0.7, low=0, high=1, unit="share", spread=0.1,
        meaning="share of clashes that peacekeepers prevent",
        source="judgement",
    )  # fmt: skip
    ally_alienation: float = parameter(
        0.06, low=0, high=1, unit="alignment",
        meaning="turn from Moscow of an ally left alone in a clash",
        source="direction: claim K4; size a judgement",
    )  # fmt: skip
    defeat: float = parameter(
        0.1, low=0, high=0.5, unit="legitimacy", spread=0.35,
        meaning="legitimacy lost by a regime whose protected territory is retaken",
        source="Bueno de Mesquita and Siverson 1995; Goemans 2000: rulers pay for wars that they lose; "
        "Armenia 2020 and 2023; size a judgement",
    )  # fmt: skip
    mediation_gain: float = parameter(
        0.04, low=0, high=1, unit="alignment",
        meaning="move of both lines toward Moscow after it mediates",
        source="direction: claim D1; size a judgement",
    )  # fmt: skip
    conquest: float = parameter(
        0.12, low=0, high=1, unit="per clash",
        meaning="chance that a clash over a territory without peacekeepers ends with the host retaking it; "
        "with them, twice that times what Moscow lacks in capacity and standing",
        source="Karabakh: several clashes 1994-2020 without, 2020 and 2023 with loss",
    )  # fmt: skip
