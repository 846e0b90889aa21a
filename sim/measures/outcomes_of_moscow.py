"""Outcomes: what Moscow does, what it has left to do it with, and what the West does."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.instruments import RESCUE_INSTRUMENTS, TABLE
from sim.measures.history import CLIENT_ALIGNMENT, NAN, WAR_LOAD, share
from sim.measures.mechanisms import ANSWER, CHOICE, PRICES, REQUEST, STREET_FALL, WAR
from sim.measures.registry import outcome
from sim.series import CLANS_RULE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.measures.history import RunHistory
    from sim.model.trace import Challenge

_SHOWN = ("csto_deployment",)  # in tables; the figure of instruments has them all


def _uses(instrument: str) -> Callable[[RunHistory], float]:
    def used(history: RunHistory) -> float:
        return history.count("instrument", instrument)

    return used


for _entry in TABLE:
    _used = _uses(_entry.name)
    _used.__doc__ = f"Times Moscow chose {_entry.label}."
    outcome(
        name=f"used_{_entry.name}",
        label=_entry.label,
        unit="count",
        parameterised_by=CHOICE[_entry.name],
        key=_entry.name in _SHOWN,
    )(_used)


@outcome(label="requests", unit="count", parameterised_by=REQUEST, key=True)
def requests(history: RunHistory) -> float:
    """Regimes' calls on Moscow for help in a challenge, not in a war or clash."""
    return history.count("request")


@outcome(
    label="refusals",
    unit="count",
    parameterised_by=(*REQUEST, *(path for path in ANSWER if path not in REQUEST)),
)
def refusals(history: RunHistory) -> float:
    """Regimes' calls on Moscow for help in a challenge, which it leaves unanswered."""
    return history.count("refusal")


@outcome(label="unanswered share", unit="share", parameterised_by=ANSWER, key=True, theme="moscow")
def unanswered_share(history: RunHistory) -> float:
    """Refusals over requests, which are calls in a challenge; undefined without a request."""
    return share(refusals(history), requests(history))


@outcome(label="variety of instruments", unit="share", parameterised_by=PRICES)
def instrument_variety(history: RunHistory) -> float:
    """Chance that two challenges in which Moscow helped differ in its strongest help; undefined below 2."""
    strongest = [max(map(RESCUE_INSTRUMENTS.index, found.help)) for found in history.challenges if found.help]
    cases = len(strongest)
    alike = sum(count * (count - 1) for count in Counter(strongest).values())  # Simpson's diversity
    return 1 - alike / (cases * (cases - 1)) if cases > 1 else NAN


@outcome(label="clients left alone", unit="share", parameterised_by=ANSWER)
def clients_unhelped(history: RunHistory) -> float:
    """Share of challenges to clients in which Moscow gives no help of any kind; undefined without one."""
    found = _client_challenges(history)
    return share(sum(not challenge.help for challenge in found), len(found))


@outcome(label="clients left alone at war", unit="share", parameterised_by=ANSWER)
def clients_unhelped_at_war(history: RunHistory) -> float:
    """Share of challenges to clients without any help, of those that open while Moscow is at war.

    The load of all of its wars is then above {WAR_LOAD}; undefined without one.
    """
    at_war = history.moscow["war_load"] > WAR_LOAD
    found = [challenge for challenge in _client_challenges(history) if at_war[challenge.start]]
    return share(sum(not challenge.help for challenge in found), len(found))


@outcome(label="success against clients", unit="share", parameterised_by=STREET_FALL)
def client_success_ratio(history: RunHistory) -> float:
    """Share of challenges to clients that end in a street fall; undefined without one."""
    found = _client_challenges(history)
    return share(sum(challenge.street_falls > 0 for challenge in found), len(found))


@outcome(label="wars", unit="count", parameterised_by=WAR, key=True, theme="moscow")
def wars(history: RunHistory) -> float:
    """Wars of Moscow that start or widen, in Ukraine and elsewhere: its own, recorded and the scenario's."""
    return history.count("war", "started")


@outcome(label="wars outside Ukraine", unit="count", parameterised_by=WAR, key=True)
def wars_elsewhere(history: RunHistory) -> float:
    """Wars of Moscow that start or widen elsewhere than in Ukraine, whose war the record follows."""
    followed = history.world.war_state
    return sum(event.target != followed for event in history.of("war", "started"))


@outcome(label="months at war", unit="months", parameterised_by=(*WAR, "war.full_end", "war.limited_end"))
def war_months(history: RunHistory) -> float:
    """Months in which a war that Moscow started in the run is under way, or Moscow is at war otherwise.

    The load of all of its wars is then above {WAR_LOAD}.
    """
    at_war = history.moscow["war_load"] > WAR_LOAD
    begun: dict[str, int] = {}
    for event in history.of("war", "started", "ended"):
        if event.detail == "started":
            begun.setdefault(event.target, event.tick)
        elif event.target in begun:
            at_war[begun.pop(event.target) : event.tick] = True
    for tick in begun.values():
        at_war[tick : history.months] = True
    return int(at_war.sum())


@outcome(label="free capacity", unit="share", parameterised_by=("war.capacity_drain",))
def free_capacity_mean(history: RunHistory) -> float:
    """Mean share of Moscow's capacity that war does not draw down."""
    return _mean(history, "free_capacity")


@outcome(
    label="free troops",
    unit="thousand",
    parameterised_by=(
        "war.capacity_drain", "instruments.war_troops", "instruments.deployment_troops",
        "instruments.peacekeeper_troops", "costs.security_troops", "costs.help_troop_months",
        "costs.mission_months",
    ),
)  # fmt: skip
def troops_free_mean(history: RunHistory) -> float:
    """Mean of Moscow's uncommitted troops."""
    return _mean(history, "troops_free")


@outcome(
    label="free money",
    unit="billion dollars",
    parameterised_by=(
        "war.partner_unease", "instruments.war_money", "instruments.war_money_share",
        "instruments.loan_cost", "costs.help_money", "costs.acts_money",
    ),
)  # fmt: skip
def money_free_mean(history: RunHistory) -> float:
    """Mean of what is left of Moscow's money for influence in the year."""
    return _mean(history, "money_free")


@outcome(
    label="standing",
    unit="0 to 1",
    parameterised_by=("war.setback", "war.setback_standing", "war.standing_return"),
)
def standing_mean(history: RunHistory) -> float:
    """Mean of Moscow's reputation for getting its way."""
    return _mean(history, "standing")


@outcome(
    label="garrisons at the end",
    unit="thousand",
    parameterised_by=("war.garrison_recall", "instruments.peacekeeper_troops"),
)
def garrison_end(history: RunHistory) -> float:
    """Russian troops in all states after the last month."""
    return float(history.series["garrison"][-1].sum())


@outcome(
    label="peacekeepers placed",
    unit="count",
    parameterised_by=("clashes.mediation_value", "clashes.mediation_price", "clashes.conquest"),
)
def peacekeepers_placed(history: RunHistory) -> float:
    """Times Moscow posts peacekeepers after a clash."""
    return history.count("garrison", "placed")


@outcome(
    label="outside campaigns",
    unit="count",
    parameterised_by=(
        "rivals.western_campaign", "rivals.campaign_before_vote", "rivals.campaign_targeting_parties",
        "rivals.campaign_from", "challenges.joint_prevention",
    ),
)  # fmt: skip
def campaigns(history: RunHistory) -> float:
    """Times outside organisers help a movement."""
    return history.count("campaign")


@outcome(
    label="campaigns where clans rule",
    unit="share",
    parameterised_by=("rivals.campaign_targeting_parties",),
)
def campaigns_clan_share(history: RunHistory) -> float:
    """Share of outside campaigns in states where clans are the opposition; undefined without one."""
    clans = {state.code for state in history.world.states if state.clan_politics > CLANS_RULE}
    return share(history.count("campaign", targets=clans), campaigns(history))


def _mean(history: RunHistory, series: str) -> float:
    return float(history.moscow[series].mean())


# -- how Moscow's clients fare when they are challenged --------------------------------------------


def _client_challenges(history: RunHistory) -> list[Challenge]:
    """Return the challenges to states of the region that were clients in the month before."""
    return [
        challenge
        for challenge in history.challenged(history.region)
        if history.path("alignment", challenge.state)[max(challenge.start - 1, 0)] > CLIENT_ALIGNMENT
    ]
