"""What must hold in every month of every run."""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import pytest

from sim.model.events import EVENT_KINDS
from sim.model.moscow.budget import Budget
from sim.model.moscow.instruments import Cost
from sim.model.regimes.regime import CEILING, FLOOR
from sim.model.simulate import build
from sim.scenario import Scenario
from sim.series import MOSCOW_SERIES, STATE_SERIES

RUNS = list(itertools.product(("1992-01", "2010-01", "2022-03"), (0, 1)))
STORMY = {  # so that everything that can happen does
    "challenges.focal_rate": 1.5, "challenges.spark_scale": 0.2, "moscow.restoration_weight": 1.5,
    "rivals.western_campaign": 0.5, "war.window": 0.05, "rivals.nato_advance": 0.02,
    "territories.window": 0.05,
    "moscow.western_deterrence": 0.1, "alliance.exit_hazard": 0.1, "alliance.exit_alignment": -0.2,
}  # fmt: skip
STOCKS = {
    "legitimacy": (FLOOR, CEILING), "cohesion": (FLOOR, CEILING), "security_loyalty": (FLOOR, CEILING),
    "preparedness": (0, 1), "dependence": (0, 1), "rents": (0, 1), "trust": (0, 1), "expects_help": (0, 1),
    "alignment": (-1, 1), "line": (-1, 1), "kept_line": (-1, 1), "nato_course": (0, 1), "attitude": (-1, 1),
    "expected_turnout": (0, 1), "garrison": (0, 200), "force": (0, 10),
}  # fmt: skip


@dataclass
class Record:
    """Everything seen from outside while a run was lived."""

    space: object
    history: object
    months: list = field(default_factory=list)


@pytest.fixture(scope="module", params=RUNS, ids=lambda run: f"{run[0]}-{run[1]}")
def lived(request):
    start, replicate = request.param
    parameters = STORMY if replicate else {}
    scenario = Scenario.build("whole", start=start, years=20, citizens=100, parameters=parameters)
    space = build(scenario, replicate)
    months = []
    while space.tick < space.months:
        people = space.population
        before = {
            "memberships": [set(regime.memberships) for regime in space.regimes],
            "statuses": [territory.status for territory in space.territories],
            "alignment_class": [regime.alignment_class for regime in space.regimes],
        }
        space.step()
        months.append({
            "before": before,
            "stocks": {name: [getattr(r, name) for r in space.regimes] for name in STOCKS},
            "memberships": [set(regime.memberships) for regime in space.regimes],
            "statuses": [territory.status for territory in space.territories],
            "classes": [regime.alignment_class for regime in space.regimes],
            "movements": [(m.resources, m.outside_help, m.expected_success) for m in space.movements],
            "budget": (
                space.moscow.budget.troops_free, space.moscow.budget.money_left,
                space.moscow.budget.attention_left,
            ),
            "committed": space.moscow.budget.troops_committed,
            "capacity": (space.moscow.standing, space.moscow.free_capacity, space.wars.load),
            "jail": int(people.jail.max()),
            "citizens": (people.attitude.size, people.jail.size, people.act.size),
            "attitudes": (float(people.attitude.min()), float(people.attitude.max())),
            "challenges": [(c.participation, c.peak, c.spark) for c in space.challenges.open.values()],
        })  # fmt: skip
    return Record(space, space.run(), months)


def test_every_stock_stays_in_its_range(lived):
    for month in lived.months:
        for name, (low, high) in STOCKS.items():
            values = month["stocks"][name]
            assert min(values) >= low - 1e-9, name
            assert max(values) <= high + 1e-9, name


def test_lines_never_rise_above_what_coercion_left(lived):
    for month in lived.months:
        stocks = month["stocks"]
        assert all(line <= kept for line, kept in zip(stocks["line"], stocks["kept_line"], strict=True))


def test_movements_challenges_and_moscow_stay_in_range(lived):
    for month in lived.months:
        for resources, outside_help, expected_success in month["movements"]:
            assert 0 <= resources <= 1
            assert 0 <= outside_help <= 1
            assert 0 <= expected_success <= 1
        for participation, peak, spark in month["challenges"]:
            assert 0 <= participation <= peak <= 1
            assert spark >= 0
        standing, free_capacity, load = month["capacity"]
        assert 0.2 <= standing <= 1
        assert 0.05 <= free_capacity <= 1
        assert 0 <= load <= 1


def test_budgets_are_never_overspent(lived):
    for month in lived.months:
        assert min(month["budget"]) >= -1e-9
        assert 0 <= month["committed"] <= lived.space.moscow.budget.troops


def test_citizens_are_as_many_as_at_the_start(lived):
    total = 100 * len(lived.space.regimes)
    assert {month["citizens"] for month in lived.months} == {(total, total, total)}


def test_attitudes_stay_in_range_and_sentences_end(lived):
    longest = round(lived.space.parameters.citizens.jail_months)
    for month in lived.months:
        assert month["attitudes"][0] >= -1
        assert month["attitudes"][1] <= 1
        assert month["jail"] <= longest


def test_nobody_grows_young(lived):
    young = lived.history.series["young_share"]
    assert (np.diff(young, axis=0) >= 0).all()
    assert (young[-1] > young[0]).any()


def test_series_have_every_name_and_month_and_no_gaps(lived):
    history = lived.history
    months = lived.space.months
    assert list(history.series) == list(STATE_SERIES)
    assert list(history.moscow) == list(MOSCOW_SERIES)
    for values in history.series.values():
        assert values.shape == (months, len(history.states))
        assert np.isfinite(values).all()
    for values in history.moscow.values():
        assert values.shape == (months,)
        assert np.isfinite(values).all()
    assert list(history.territories) == list(lived.space.territory_names)
    assert all(values.shape == (months,) for values in history.territories.values())


def test_series_say_what_was_so_at_the_end_of_the_month(lived):
    history = lived.history
    for tick, month in enumerate(lived.months):
        for name in ("alignment", "legitimacy", "cohesion", "security_loyalty", "dependence", "garrison"):
            assert history.series[name][tick] == pytest.approx(month["stocks"][name], abs=1e-5)
        assert [values[tick] for values in history.territories.values()] == month["statuses"]
        assert history.moscow["troops_free"][tick] == pytest.approx(month["budget"][0], abs=1e-4)
        assert history.moscow["war_load"][tick] == pytest.approx(month["capacity"][2])
    both = history.moscow["ukraine_war_load"] + history.moscow["other_wars_load"]
    assert history.moscow["war_load"] == pytest.approx(np.minimum(both, 1.0), abs=1e-6)


def test_events_are_of_known_kinds_and_in_order_of_time(lived):
    events = lived.history.events
    assert {event.kind for event in events} <= set(EVENT_KINDS)
    ticks = [event.tick for event in events]
    assert ticks == sorted(ticks)
    assert ticks[0] >= 0
    assert ticks[-1] < lived.space.months
    assert all(event.facts for event in events)


def of_month(lived, kind, tick):
    return [event for event in lived.history.events if event.kind == kind and event.tick == tick]


def test_memberships_change_with_an_event_and_only_so(lived):
    codes = [regime.code for regime in lived.space.regimes]
    for tick, month in enumerate(lived.months):
        held = {code: set(had) for code, had in zip(codes, month["before"]["memberships"], strict=True)}
        for event in of_month(lived, "membership", tick):
            if event.detail == "joined":
                assert event.target not in held[event.actor]
                held[event.actor].add(event.target)
            else:
                held[event.actor].remove(event.target)
        assert list(held.values()) == month["memberships"]


def test_territories_change_with_an_event_and_only_so(lived):
    names = lived.space.territory_names
    for tick, month in enumerate(lived.months):
        held = dict(zip(names, month["before"]["statuses"], strict=True))
        for event in of_month(lived, "territory", tick):
            assert int(event.value) != held[event.target]
            held[event.target] = int(event.value)
        assert list(held.values()) == month["statuses"]
        assert set(held.values()) <= {0, 1, 2, 3}


def test_alignment_classes_change_with_a_realignment_and_only_so(lived):
    codes = [regime.code for regime in lived.space.regimes]
    for tick, month in enumerate(lived.months):
        pairs = zip(codes, month["before"]["alignment_class"], month["classes"], strict=True)
        changed = {code: "away" if now < was else "toward" for code, was, now in pairs if now != was}
        assert {event.target: event.detail for event in of_month(lived, "realignment", tick)} == changed


def test_the_alliance_has_the_members_the_series_counts(lived):
    members = lived.history.moscow["csto_members"]
    for tick, month in enumerate(lived.months):
        assert members[tick] == 1 + sum("CSTO" in held for held in month["memberships"])
    trust = lived.history.moscow["csto_trust"]
    last = [regime.trust for regime in lived.space.regimes if "CSTO" in regime.memberships]
    assert trust[-1] == pytest.approx(np.mean(last) if last else 0)


def test_every_fall_is_followed_at_once_by_a_successor(lived):
    events = lived.history.events
    for place, event in enumerate(events):
        if event.kind == "fall":
            assert events[place + 1].kind == "successor"
            assert events[place + 1].target == event.target
            assert events[place + 1].tick == event.tick


def test_challenges_end_as_often_as_the_vocabulary_says(lived):
    endings = {event.detail for event in lived.history.events if event.kind == "challenge_ended"}
    assert endings <= set(EVENT_KINDS["challenge_ended"].details)
    falls = sum(event.kind == "fall" and event.detail == "street" for event in lived.history.events)
    ended = sum(event.kind == "challenge_ended" and event.detail == "fall" for event in lived.history.events)
    assert ended >= falls


def test_a_challenge_opens_at_the_level_that_counts(lived):
    level = lived.space.parameters.challenges.challenge_level
    for event in lived.history.events:
        if event.kind == "challenge":
            assert event.value >= level


def test_a_stormy_world_lets_everything_happen():
    kinds = set()
    for start, replicate in itertools.product(("1992-01", "2010-01", "2022-03"), range(4)):
        scenario = Scenario.build("storm", start=start, years=20, citizens=50, parameters=STORMY)
        kinds |= {event.kind for event in build(scenario, replicate).run().events}
    assert kinds == set(EVENT_KINDS) - {"timeline", "claim"}  # for which there is neither here


def test_services_turn_before_most_falls_in_the_street():
    after_defection = total = 0
    for replicate in range(12):
        parameters = {"challenges.focal_rate": 2.0, "challenges.spark_scale": 0.2}
        scenario = Scenario.build("falls", years=20, citizens=100, parameters=parameters)
        turned = set()
        for event in build(scenario, replicate).run().events:
            if event.kind == "defection" and event.actor == "security services":
                turned.add(event.target)
            elif event.kind == "fall" and event.detail == "street":
                total += 1
                after_defection += event.target in turned
            elif event.kind == "challenge_ended":
                turned.discard(event.target)
    assert total >= 20
    assert after_defection / total > 0.5


# -- the budget on its own -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cost", [Cost(troops=10.1), Cost(money=2.1), Cost(attention=1.6), Cost(5, 1, 2), Cost(11, 3, 2)]
)
def test_spending_more_than_there_is_raises(cost):
    budget = Budget(troops=10, money=2, attention=1.5)
    assert not budget.affords(cost)
    with pytest.raises(ValueError, match="does not fit"):
        budget.spend(cost)
    assert (budget.troops_free, budget.money_left, budget.attention_left) == (10, 2, 1.5)


def test_troops_on_a_mission_cannot_be_sent_again():
    budget = Budget(troops=10, money=2, attention=1.5)
    budget.spend(Cost(troops=6, months=3))
    assert not budget.affords(Cost(troops=5))
    assert budget.affords(Cost(troops=4))


def test_means_spent_come_back_when_due():
    budget = Budget(troops=10, money=2, attention=1.5)
    budget.new_month(3)
    budget.spend(Cost(4, 1.5, 1.0, 2))
    assert (budget.troops_free, budget.money_left, budget.attention_left) == (6, 0.5, 0.5)
    budget.new_month(4)
    assert (budget.troops_free, budget.money_left, budget.attention_left) == (6, 0.5, 1.5)
    budget.new_month(5)
    assert (budget.troops_free, budget.money_left) == (10, 0.5)
    budget.new_month(1)
    assert budget.money_left == 2


def test_war_and_partners_unease_narrow_the_means():
    budget = Budget(troops=100, money=10, attention=2)
    budget.capacity, budget.troops_at_war, budget.money_at_war, budget.outside_support = 0.8, 30, 1, 0.5
    budget.new_month(1)
    assert budget.troops_free == pytest.approx(50)
    assert budget.money_left == pytest.approx(10 * 0.8 * 0.5 - 1)
    assert budget.attention_left == pytest.approx(1.6)
    budget.money_at_war = 100
    budget.new_month(2)
    assert budget.money_left == pytest.approx(0.5)  # never wholly without


def test_the_price_of_resources_grows_as_means_shrink():
    budget = Budget(troops=100, money=10, attention=2)
    cost = Cost(10, 1, 0.2)
    before = budget.share(cost)
    assert before == pytest.approx(0.1 + 0.1 + math.log(2 / 1.8))
    budget.capacity = 0.5
    assert budget.share(cost) > before
