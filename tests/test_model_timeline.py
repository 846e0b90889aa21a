"""What a scenario lets happen: each kind of event does what the design says, once and in its month."""

import numpy as np
import pytest
from situations import gather_sparks

from sim.model.moscow.acts import western_answer
from sim.model.simulate import build, simulate
from sim.months import Month
from sim.scenario import Scenario


def event(kind, at="2010-03", **keys):
    return {"name": kind, "at": at, "event": kind, **keys}


def before_and_after(situation, *timeline, months=3, **keys):
    """Return a world in which the events have just been applied, and one without them."""
    worlds = [situation(timeline=list(events), **keys) for events in (timeline, ())]
    for space in worlds:
        while space.tick < months - 1:
            space.step()
        space.ledger.tick = space.tick
        space.timeline.apply()
    return worlds


def told(space, kind="timeline"):
    return [(event.tick, event.detail) for event in space.ledger.events if event.kind == kind]


def test_every_event_is_told_in_its_month(situation):
    space, _ = before_and_after(situation, event("nato_path", state="GEO", course=0.7))
    assert told(space) == [(2, "nato_path")]
    assert not space.timeline.waiting


def test_challenge_is_a_focal_event_of_its_spark_in_each_state(situation):
    space, without = before_and_after(situation, event("challenge", states=["BLR", "TKM"], spark=0.5))
    for world in (space, without):
        gather_sparks(world)
    for forced, plain in zip(space.regimes, without.regimes, strict=True):
        assert forced.spark == (max(0.5, plain.spark) if forced.code in ("BLR", "TKM") else plain.spark)


def test_challenge_lasts_a_month(situation):
    space, without = before_and_after(situation, event("challenge", states=["TKM"], spark=0.9))
    gather_sparks(space)
    gather_sparks(without)
    for world in (space, without):
        world.tick += 1
        gather_sparks(world)
    assert [regime.spark for regime in space.regimes] == [regime.spark for regime in without.regimes]


def test_a_strong_spark_brings_people_out(situation):
    spark = event("challenge", at="2010-02", states=["BLR"], spark=0.6)
    crowds = []
    for timeline in ([spark], []):
        space = situation(timeline=timeline, parameters={"challenges.focal_rate": 0.0}, citizens=500)
        for _ in range(2):
            space.step()
        crowds.append(space.regime("BLR").peak_participation)
    assert crowds[0] > crowds[1] + 0.05


@pytest.mark.parametrize(("turnover", "detail"), [(True, "turnover"), (False, "held")])
def test_election_is_decided_by_the_scenario(situation, turnover, detail):
    space, _ = before_and_after(situation, event("election", state="KAZ", turnover=turnover))
    assert told(space, "election")[-1] == (2, detail)
    assert (space.regime("KAZ").tenure == 0) is turnover


def test_election_with_an_alignment_brings_who_seeks_it(situation):
    space, without = before_and_after(situation, event("election", state="KAZ", alignment=-0.6))
    assert told(space, "election")[-1] == (2, "turnover")
    assert space.regime("KAZ").line == -0.6
    assert space.regime("KAZ").alignment == without.regime("KAZ").alignment


def test_leader_exit_brings_a_successor(situation):
    space, without = before_and_after(situation, event("leader_exit", state="TKM", alignment=-0.4))
    regime = space.regime("TKM")
    assert (regime.line, regime.tenure, regime.dual_power) == (-0.4, 0, 0)
    assert told(space, "succession")[-1] == (2, "death")
    assert without.regime("TKM").tenure > 0
    heir, _ = before_and_after(situation, event("leader_exit", state="TKM"))
    noise = heir.parameters.succession.successor_noise
    old = heir.parameters.succession.old_line_kept_by_heirs * without.regime("TKM").line
    assert abs(heir.regime("TKM").line - old) <= noise / 2


def test_leader_exit_in_moscow(situation):
    space, without = before_and_after(situation, event("leader_exit", state="RUS"))
    assert told(space, "moscow_leader") == [(2, "managed")]
    assert space.moscow.leader_age < without.moscow.leader_age
    assert space.moscow.leader_tenure == 0


def test_ukraine_war_sets_its_load_and_zero_ends_it(situation):
    timeline = [
        event("ukraine_war", load=0.2),
        {**event("ukraine_war", "2010-05", load=0.9), "name": "full"},
        {**event("ukraine_war", "2010-08", load=0.0), "name": "peace"},
    ]
    peace = {"war.limited_end": 0.0, "war.full_end": 0.0, "war.window": 0.0}
    space = situation(timeline=timeline, parameters=peace, years=1)
    history = space.run()
    wanted = [0, 0, 0.2, 0.2, 0.9, 0.9, 0.9, 0, 0, 0, 0, 0]
    assert history.moscow["war_load"] == pytest.approx(wanted)
    assert [detail for _, detail in told(space, "war") if detail != "setback"] == [
        "started",
        "started",
        "ended",
    ]


def test_set_changes_one_parameter_from_then_on(situation):
    space, without = before_and_after(situation, event("set", parameter="citizens.conformity", value=1.5))
    assert space.parameters.citizens.conformity == 1.5
    assert space.parameters.replace({"citizens.conformity": 0.2}) == without.parameters.replace(
        {"citizens.conformity": 0.2}
    )
    assert space.values == without.values


def test_withdraw_garrisons_takes_that_share(situation):
    space, without = before_and_after(
        situation, event("withdraw_garrisons", states=["TJK", "ARM"], share=0.75)
    )
    for regime, other in zip(space.regimes, without.regimes, strict=True):
        left = 0.25 if regime.code in ("TJK", "ARM") else 1.0
        assert regime.garrison == pytest.approx(left * other.garrison)
    assert without.regime("TJK").garrison > 0
    assert told(space, "garrison") == [(2, "withdrawn"), (2, "withdrawn")]


def test_nato_path_sets_the_course(situation):
    space, without = before_and_after(situation, event("nato_path", state="GEO", course=0.77))
    assert space.regime("GEO").nato_course == 0.77
    assert without.regime("GEO").nato_course != 0.77


def test_abstain_holds_for_its_months_and_no_longer(situation):
    space = situation(
        timeline=[event("abstain", instruments=["loan", "war"], states=["KAZ"], months=4)], years=1
    )
    allowed = []
    while space.tick < space.months:
        space.step()
        allowed.append(space.moscow.may_use("loan", "KAZ"))
        assert space.moscow.may_use("war", "KAZ") is allowed[-1]
        assert space.moscow.may_use("loan", "KGZ")
        assert space.moscow.may_use("political_support", "KAZ")
    assert allowed == [True] * 2 + [False] * 4 + [True] * 6


STORM = {
    "challenges.focal_rate": 4.0, "challenges.spark_scale": 0.3, "moscow.keep_weight": 4.0,
    "moscow.restoration_weight": 4.0, "territories.integration_window": 1.0, "territories.window": 1.0,
    "territories.unrest_window": 1.0, "clashes.presence_effect": 10.0, "clashes.mediation_value": 5.0,
}  # fmt: skip
ALL = [
    "political_support", "loan", "security_help", "csto_deployment", "passports", "mediation",
    "economic_integration", "separatism", "annexation", "war",
]  # fmt: skip


def acted(space, codes):
    """Return the instruments Moscow used on states, their territories or their dyads."""
    hosts = {territory.name: territory.host.code for territory in space.territories}
    used = set()
    for event in space.ledger.events:
        if event.kind == "instrument" and event.tick >= 1:
            places = hosts.get(event.target, event.target).split("-")
            if set(places) & set(codes):
                used.add(event.detail)
    return used


@pytest.mark.parametrize("codes", [["GEO", "KAZ"], ["MDA", "AZE"]])
def test_where_moscow_abstains_it_does_nothing(situation, codes):
    keys = {"years": 3, "parameters": STORM}
    free = situation(**keys)
    free.run()
    timeline = [event("abstain", "2010-02", instruments=ALL, states=codes, months=600)]
    bound = situation(timeline=timeline, **keys)
    bound.run()
    assert len(acted(free, codes)) >= 2
    assert not acted(bound, codes) - {"mediation"}  # mediation is tested with clashes


@pytest.mark.parametrize("variable", ["legitimacy", "cohesion", "security_loyalty", "rents", "preparedness"])
def test_shock_moves_a_stock_within_its_range(situation, variable):
    space, without = before_and_after(
        situation, event("shock", states=["KAZ"], variable=variable, change=-0.05)
    )
    moved, plain = (getattr(world.regime("KAZ"), variable) for world in (space, without))
    assert moved == pytest.approx(max(plain - 0.05, 0.0))
    assert moved < plain
    space, _ = before_and_after(situation, event("shock", states=["KAZ"], variable=variable, change=1.0))
    assert getattr(space.regime("KAZ"), variable) <= 1.0


def test_shock_of_attitude_moves_all_citizens_that_month(situation):
    timeline = [event("shock", states=["KAZ"], variable="attitude", change=-0.1)]
    shaken, plain = situation(timeline=timeline), situation()
    for space in (shaken, plain):
        for _ in range(3):
            space.step()
    difference = shaken.population.attitude - plain.population.attitude
    own = shaken.population.of(shaken.regime("KAZ").index)
    assert np.median(difference[own]) == pytest.approx(-0.1, abs=1e-3)
    assert np.abs(np.delete(difference, np.arange(own.start, own.stop))).max() < 0.02


def test_engage_sets_a_power(situation):
    space, without = before_and_after(situation, event("engage", power="China", engagement=2.5))
    assert [power.engagement for power in space.powers] == [1.0, 2.5, 1.0]
    assert [power.engagement for power in without.powers] == [1.0, 1.0, 1.0]


def test_engage_sets_a_power_in_named_states_alone(situation):
    only = event("engage", power="China", engagement=2.5, states=["KAZ", "KGZ"])
    space, without = before_and_after(situation, only)
    china, before = space.powers[1], without.powers[1]
    for regime, plain in zip(space.regimes, without.regimes, strict=True):
        factor = 2.5 if regime.code in ("KAZ", "KGZ") else 1.0
        assert china.engaged(regime) == factor
        assert china.pull(regime) == factor * before.pull(plain)
    assert [power.engagement_in for power in (space.powers[0], space.powers[2])] == [{}, {}]


def test_engage_everywhere_ends_what_was_set_of_single_states(situation):
    events = (
        event("engage", "2010-02", name="there", power="West", engagement=0.0, states=["GEO"]),
        event("engage", "2010-03", name="everywhere", power="West", engagement=2.0),
    )
    space, _ = before_and_after(situation, *events, months=4)
    assert {space.west.engaged(regime) for regime in space.regimes} == {2.0}


def test_where_the_west_does_not_engage_it_neither_answers_nor_helps(situation):
    parameters = {
        "rivals.western_campaign": 1.0,
        "moscow.western_deterrence": 0.5,
        "rivals.campaign_from": -1.0,
    }
    away = event("engage", power="West", engagement=0.0, states=["GEO"])
    space, without = before_and_after(situation, away, parameters=parameters)
    for world, there in ((space, False), (without, True)):
        georgia, moldova = world.regime("GEO"), world.regime("MDA")
        assert (western_answer(world, "annexation", georgia) > 0) is there
        assert (world.west.campaign_rate(georgia) > 0) is there
        assert western_answer(world, "annexation", moldova) > 0


def test_no_state_sees_more_campaigns_than_any_can(situation):
    near = event("engage", power="West", engagement=3.0, states=["BLR"])
    space, _ = before_and_after(situation, near, parameters={"rivals.campaign_from": -1.0})
    assert space.west.most_campaigns >= max(map(space.west.campaign_rate, space.regimes)) > 0
    everywhere, _ = before_and_after(situation, event("engage", power="West", engagement=3.0))
    assert space.west.most_campaigns == everywhere.west.most_campaigns


def test_territory_sets_a_status(situation):
    space, without = before_and_after(situation, event("territory", territory="Transnistria", status=3))
    names = space.territory_names
    statuses = dict(zip(names, (t.status for t in space.territories), strict=True))
    assert statuses["Transnistria"] == 3
    others = dict(zip(names, (t.status for t in without.territories), strict=True))
    assert {name for name in names if statuses[name] != others[name]} == {"Transnistria"}
    assert told(space, "territory")[-1] == (2, "integrated")


def test_join_and_leave_change_memberships(situation):
    space, without = before_and_after(
        situation,
        {**event("join", state="GEO", organisation="EAEU"), "name": "in"},
        {**event("leave", state="ARM", organisation="CSTO"), "name": "out"},
    )
    assert space.regime("GEO").memberships == without.regime("GEO").memberships | {"EAEU"}
    assert space.regime("ARM").memberships == without.regime("ARM").memberships - {"CSTO"}
    assert "CSTO" in without.regime("ARM").memberships
    assert told(space, "membership")[-2:] == [(2, "joined"), (2, "left")]


# -- conditions ----------------------------------------------------------------------------------------


def conditional(situation, condition, **keys):
    """Return the months in which an event under a condition happened, and the history."""
    entry = {"name": "if", "when": condition, "event": "engage", "power": "China", "engagement": 2.0}
    space = situation(timeline=[entry], **keys)
    history = space.run()
    return [tick for tick, _ in told(space)], history


def test_a_condition_is_met_once_in_the_first_month_it_holds(situation):
    condition = {"variable": "young_share", "state": "TJK", "above": 0.0}
    _, history = conditional(situation, condition, years=5)
    series = history.series["young_share"][:, history.states.index("TJK")]
    level = float(series[[20, 21]].mean()) if series[20] < series[21] else float(series[20])
    condition["above"] = level
    months, _ = conditional(situation, condition, years=5)
    assert months == [int(np.argmax(series > level)) + 1]  # known at the end of the month before
    assert months[0] > 5


def test_a_condition_counts_only_in_its_window(situation):
    always = {"variable": "influence", "above": -10}
    assert conditional(situation, always)[0] == [0]
    assert conditional(situation, {**always, "from": "2010-09"})[0] == [8]
    assert conditional(situation, {**always, "from": "2010-09", "until": "2010-09"})[0] == [8]
    never = {"variable": "influence", "below": -10}
    assert conditional(situation, never)[0] == []
    late = {"variable": "young_share", "state": "TJK", "above": 1.0}
    assert conditional(situation, late)[0] == []


def test_a_condition_may_wait_for_another_event(situation):
    timeline = [
        {**event("ukraine_war", "2010-06", load=1.0), "name": "war"},
        {"name": "then", "when": {"variable": "war_load", "above": 0.5}, "event": "engage", "power": "China",
         "engagement": 2.0},
    ]  # fmt: skip
    space = situation(timeline=timeline, years=1, parameters={"war.full_end": 0.0})
    space.run()
    assert told(space) == [(5, "war"), (6, "then")]


# -- historical runs -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def historical():
    keys = {
        "start": "2010-01",
        "years": 15,
        "citizens": 50,
        "mode": "historical",
        "parameters": {"war.window": 0.0},
    }
    return build(Scenario.build("past", **keys), 0)


@pytest.fixture(scope="module")
def past(historical):
    return historical.run()


def test_historical_runs_hold_the_elections_of_the_record(historical, past):
    for kinds, calendar in (
        ({"held", "turnover"}, historical.world.elections),
        ({"parliamentary"}, historical.world.parliamentary_elections),
    ):
        for code in past.states:
            held = [
                past.start + event.tick
                for event in past.events
                if event.kind == "election" and event.target == code and event.detail in kinds
            ]
            last = past.start + (historical.months - 1)
            assert held == [month for month in calendar[code] if past.start <= month <= last]
        assert sum(len(months) for months in calendar.values()) > 20


def test_historical_runs_follow_the_recorded_war(historical, past):
    load, wanted = 0.0, []
    recorded = dict(historical.world.war_history)
    for tick in range(historical.months):
        load = recorded.get(past.start + tick, load)
        wanted.append(load)
    assert past.moscow["war_load"] == pytest.approx(wanted)
    assert min(wanted) == 0
    assert max(wanted) > 0.5


def test_free_runs_know_neither(past):
    keys = {"start": "2010-01", "years": 15, "citizens": 50, "parameters": {"war.window": 0.0}}
    free = simulate(Scenario.build("free", **keys), 0).history
    assert free.moscow["war_load"].max() == 0
    ukraine = [
        [
            past.start + e.tick
            for e in h.events
            if e.kind == "election" and e.target == "UKR" and e.detail != "parliamentary"
        ]
        for h in (past, free)
    ]
    assert Month.of(2014, 5) in ukraine[0]
    assert ukraine[0] != ukraine[1]
