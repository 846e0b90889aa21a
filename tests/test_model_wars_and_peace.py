"""War and peace as a scenario lays them down; what deters Moscow; who heads for NATO; arms; deaths in office.

Each test sets the rule that it is about and asks for the sign that its source gives.
"""

import numpy as np
import pytest
from click.testing import CliRunner
from situations import FIRST_VERSION, change

from sim.cli.main import main
from sim.model.month import stage
from sim.model.moscow import acts, aims
from sim.model.regimes.regime import aged
from sim.model.regimes.succession import elite_politics
from sim.model.region import clashes
from sim.model.region.realignment import accession
from sim.model.simulate import simulate
from sim.months import Month
from sim.scenario import load
from sim.scenario.timeline import EVENTS, own_keys

AT_ONCE = {"war.window": 1.0, "war.limited_end": 1.0, "war.full_end": 1.0, "war.setback": 0.0}
"""Parameters under which a war starts and ends as soon as it may."""


def event(kind, at="2010-03", **keys):
    return {"name": kind, "at": at, "event": kind, **keys}


def told(space, kind="war"):
    return [(e.tick, e.target, e.detail) for e in space.ledger.events if e.kind == kind]


def possible_wars(space):
    """Return the codes of the states on which war is an option this month."""
    return sorted(act.target for act in aims.possible_acts(space) if isinstance(act, acts.StartWar))


def at_the_door(space, *codes):
    for regime in space.regimes:
        regime.nato_course = 1.0 if regime.code in codes else 0.0


def move_to(space, month):
    space.month = Month.parse(month)


# -- peace that lasts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("until", "back"), [("2010-06", True), (None, False)])
def test_peace_ends_a_war_and_lets_none_start_while_it_lasts(situation, until, back):
    lasting = {"until": until} if until else {}
    space = situation(timeline=[event("peace", states=["GEO"], **lasting)], parameters=AT_ONCE)
    space.wars.start(space.regime("GEO"), full=False, cause="decision")
    move_to(space, "2010-03")
    stage("timeline").run(space)
    assert not space.wars.active
    assert told(space)[-1][1:] == ("GEO", "ended")
    at_the_door(space, "GEO", "UKR")
    assert possible_wars(space) == ["UKR"]
    move_to(space, "2010-06")
    assert possible_wars(space) == ["UKR"]
    move_to(space, "2010-07")
    assert possible_wars(space) == (["GEO", "UKR"] if back else ["UKR"])


def test_peace_goes_before_the_record_in_historical_runs(situation):
    keys = {"start": "2014-01", "years": 1, "mode": "historical"}
    with_peace = situation(timeline=[event("peace", "2014-02", states=["UKR"])], **keys).run()
    recorded = situation(**keys).run()
    assert recorded.moscow["ukraine_war_load"].max() > 0
    assert with_peace.moscow["ukraine_war_load"].max() == 0


def test_a_war_that_the_author_wages_breaks_his_peace(situation):
    timeline = [event("peace", "2010-02", states=["UKR"]), event("ukraine_war", "2010-05", load=0.2)]
    space = situation(timeline=timeline, years=1, parameters={"war.limited_end": 0.0, "war.window": 0.0})
    load = space.run().moscow["ukraine_war_load"]
    assert load[:4].max() == 0
    assert load[4:].min() == pytest.approx(0.2)
    assert not space.wars.at_peace(space.regime("UKR"))


# -- war that goes on ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("until", "months"), [("2010-07", 7), (None, 12)])
def test_a_war_goes_on_until_its_month_or_for_good(situation, until, months):
    lasting = {"until": until} if until else {}
    timeline = [
        event("ukraine_war", "2010-01", load=0.9),
        event("war_goes_on", "2010-01", states=["UKR"], **lasting),
    ]
    space = situation(timeline=timeline, years=1, parameters={**AT_ONCE, "war.window": 0.0})
    assert (space.run().moscow["ukraine_war_load"] > 0).sum() == months


def test_other_wars_end_while_one_goes_on(situation):
    space = situation(timeline=[event("war_goes_on", "2010-01", states=["UKR"])], parameters=AT_ONCE)
    for code in ("UKR", "GEO"):
        space.wars.start(space.regime(code), full=True, cause="decision")
    stage("timeline").run(space)
    for _ in range(2):
        space.wars.run_month()
    assert list(space.wars.active) == ["UKR"]


@pytest.mark.parametrize("last", ["peace", "war_goes_on"])
def test_the_last_word_of_an_author_holds(situation, last):
    first = "war_goes_on" if last == "peace" else "peace"
    timeline = [event(first, "2010-01", states=["GEO"]), event(last, "2010-02", states=["GEO"])]
    space = situation(timeline=timeline)
    for month in ("2010-01", "2010-02"):
        move_to(space, month)
        stage("timeline").run(space)
    georgia = space.regime("GEO")
    assert (space.wars.at_peace(georgia), space.wars.goes_on(georgia)) == (
        last == "peace",
        last == "war_goes_on",
    )


# -- what deters Moscow: the guarantee of NATO ---------------------------------------------------------


def test_war_on_a_member_is_never_an_option_unless_the_guarantee_is_in_doubt(situation):
    space = situation(parameters={"war.window": 1.0})
    at_the_door(space)
    space.regime("EST").nato_course = 1.0
    assert possible_wars(space) == []
    change(space, war__guarantee=0.0)
    assert possible_wars(space) == ["EST"]
    weighed = acts.StartWar(space.regime("EST"), 0.5, acts.Cost(), full=False)
    price = {}
    for five in (0.0, 2.0):
        change(space, moscow__article_five=five)
        price[five] = weighed.net_value(space)
    assert price[0.0] - price[2.0] == pytest.approx(2.0)


def test_the_chance_of_war_on_a_member_falls_with_the_guarantee(situation):
    counts = []
    for guarantee in (0.0, 0.5, 0.9, 1.0):
        space = situation(parameters={"war.window": 1.0, "war.guarantee": guarantee})
        at_the_door(space)
        found = 0
        for _ in range(30):
            for code in ("EST", "LVA", "LTU"):
                space.regime(code).nato_course = 1.0
            found += len(possible_wars(space))
            space.tick += 1
        counts.append(found)
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 90
    assert 20 < counts[1] < 70
    assert counts[-1] == 0


def test_a_guarantee_in_sight_deters_more_the_nearer_it_is_and_not_where_there_is_a_dispute(situation):
    space = situation(parameters={"war.guarantee_in_sight": 0.5, "war.red_line": 0.5})
    regime = space.regime("LTU")
    regime.memberships.discard("NATO")
    weighed = acts.StartWar(regime, 0.5, acts.Cost(), full=False)

    def deterred(course, **values):
        regime.nato_course = course
        with_sight = weighed.net_value(space)
        change(space, war__guarantee_in_sight=0.0)
        without = weighed.net_value(space)
        change(space, war__guarantee_in_sight=0.5)
        return without - with_sight

    half = space.parameters.moscow.article_five / 2 * space.west.pull(regime)
    assert deterred(0.5) == pytest.approx(0.0)
    assert deterred(0.7) == pytest.approx(0.5 * half)
    assert deterred(0.8) == pytest.approx(0.75 * half)
    space.wars.under_way(regime, 0.1)
    assert deterred(0.8) == 0.0


# -- unfriendly is not bound for NATO (M3 against M4) ---------------------------------------------------


def unfriendly(space, code="MDA", alignment=-0.6):
    """Return a state against Moscow that has made no step toward NATO."""
    regime = space.regime(code)
    regime.alignment, regime.nato_course, regime.heads_for_nato = alignment, 0.0, False
    return regime


def courses(space, regime, months=24):
    found = []
    for _ in range(months):
        accession(space)
        space.tick += 1
        found.append(regime.nato_course)
    return found


def test_in_the_first_version_every_state_against_moscow_heads_for_nato_at_once(situation):
    space = situation(parameters=FIRST_VERSION)
    regime = unfriendly(space, alignment=-0.26)
    advance = space.parameters.rivals.nato_advance * space.west.pull(regime)
    assert courses(space, regime, 3) == pytest.approx([advance, 2 * advance, 3 * advance])


@pytest.mark.parametrize(
    "rule", [{"rivals.course_hazard": 0.0}, {"rivals.course_from": -0.7}, {"rivals.course_exposure": 1.0}]
)
def test_a_state_may_stay_unfriendly_and_be_tolerated(situation, rule):
    def threatened(alignment, *, declared):
        space = situation(parameters={"war.window": 1.0, "war.red_line": 0.02, **rule}, years=4)
        at_the_door(space)
        regime = unfriendly(space, alignment=alignment)
        regime.heads_for_nato = declared
        months = 0
        for _ in range(48):
            accession(space)
            months += regime.code in possible_wars(space)
            space.tick += 1
        return months

    assert threatened(-0.6, declared=False) == 0
    assert threatened(-0.8, declared=True) > 0


def test_a_course_begins_by_hazard_holds_and_is_given_up_with_moscow(situation):
    space = situation(parameters={"rivals.course_hazard": 0.1}, years=20)
    regime = unfriendly(space)
    course = np.array(courses(space, regime, 200))
    begun = int(np.argmax(course > 0))
    assert 0 < begun < 100
    assert (np.diff(course[begun:]) >= 0).all()
    regime.alignment = 0.1
    accession(space)
    assert not regime.heads_for_nato


def test_a_declaration_brings_a_course_at_once(situation):
    for declared in (0.0, 0.3):
        at_once = {"rivals.course_hazard": 1.0, "rivals.course_exposure": 0.0}
        space = situation(parameters={**at_once, "rivals.course_declared": declared})
        regime = unfriendly(space)
        step = space.parameters.rivals.nato_advance * space.west.pull(regime)
        assert courses(space, regime, 1) == pytest.approx([declared + step])


def test_a_course_is_declared_by_hazard_by_default(situation):
    space = situation()
    regime = unfriendly(space)
    assert courses(space, regime, 3) == [0.0, 0.0, 0.0]


def test_a_dispute_holds_up_the_way_to_nato_and_takes_nothing_back(situation):
    space = situation(parameters={"rivals.course_disputed": 0.5}, years=20)
    regime = unfriendly(space)
    for territory in space.territories:
        territory.status = 0
    territory = next(t for t in space.territories if t.host is regime)
    territory.status, regime.nato_course = 1, 0.49
    assert max(courses(space, regime, 48)) == 0.5
    regime.nato_course = 0.7
    assert courses(space, regime, 1)[0] == 0.7
    territory.status = 0
    assert courses(space, regime, 1)[0] > 0.7


# -- arms are built up before a clash -------------------------------------------------------------------

ARMING = {"clashes.build_up": 0.02, "clashes.build_up_effect": 4.0}


def test_arms_are_built_up_and_the_faster_the_richer_one_side_is(situation):
    space = situation(parameters={"clashes.build_up": 0.01, "clashes.build_up_by_rents": 3.0})
    dyad = space.dyads[0]
    dyad.build_up = 0.0
    dyad.first.rents = dyad.second.rents = 0.4
    dyad.arm(space.parameters.clashes, 12)
    even, dyad.build_up = dyad.build_up, 0.0
    dyad.first.rents = 0.9
    dyad.arm(space.parameters.clashes, 12)
    assert even == pytest.approx(1 - 0.99**12)
    assert dyad.build_up == pytest.approx(1 - 0.975**12)


def test_many_months_of_arming_at_once_are_as_many_one_by_one(situation):
    space = situation(parameters=ARMING)
    dyad, p = space.dyads[0], space.parameters.clashes
    dyad.build_up = 0.2
    for _ in range(30):
        dyad.arm(p)
    by_month, dyad.build_up = dyad.build_up, 0.2
    dyad.arm(p, 30)
    assert dyad.build_up == pytest.approx(by_month)


def test_a_build_up_makes_a_clash_likelier_and_the_clash_releases_it(situation):
    space = situation(parameters={**ARMING, "clashes.build_up_released": 0.75})
    dyad = space.dyads[0]
    hazards = []
    for dyad.build_up in (0.0, 0.5, 1.0):
        hazards.append(clashes.clash_hazard(space, dyad))
    assert hazards[0] < hazards[1] < hazards[2]
    assert hazards[2] / hazards[0] == pytest.approx(np.exp(4.0))
    dyad.hazard, dyad.build_up = 1e6, 1.0
    clashes.clashes(space)
    assert dyad.build_up == pytest.approx(0.25)
    (noted,) = [e for e in space.ledger.events if e.kind == "clash" and e.actor == dyad.first.code]
    assert noted.facts["build_up"] == pytest.approx(1.0)


def test_at_the_usual_build_up_the_records_rate_holds(situation):
    space = situation(parameters=ARMING)
    dyad = space.dyads[0]
    dyad.build_up = clashes.USUAL_BUILD_UP
    armed = clashes.clash_hazard(space, dyad)
    change(space, clashes__build_up_effect=0.0)
    assert clashes.clash_hazard(space, dyad) == armed


def test_a_run_starts_with_the_arms_of_the_years_since_the_last_clash(situation):
    space = situation(
        start="2010-01", parameters={"clashes.build_up": 0.01, "clashes.build_up_by_rents": 0.0}
    )
    quiet = {f"{d.first}-{d.second}": d.months_since_clash for d in space.world.dyads}
    assert quiet["ARM-AZE"] == 12  # it clashed in 2008
    assert quiet["KGZ-UZB"] == 12 * (2010 - 1991)  # never
    for dyad in space.dyads:
        assert dyad.build_up == pytest.approx(1 - 0.99 ** quiet[dyad.name])


# -- leaders die ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "deaths"), [(0.0, 0), (1.0, 1)])
def test_leaders_of_open_states_die_in_office_if_that_is_on(situation, share, deaths):
    space = situation(parameters={"regimes.palace_coup_hazard": 0.0, "regimes.death_in_open": share})
    regime = space.regime("EST")
    assert regime.openness > 0.45
    change(space, regimes__death_hazard=0.1)
    regime.leader_age = 60 + 8 * np.log2(20)
    assert 0.1 * aged(regime.leader_age) == pytest.approx(2.0)
    for other in space.regimes:
        if other is not regime:
            other.leader_age = -1000.0
    elite_politics(space)
    died = [target for _, target, detail in told(space, "succession") if detail == "death"]
    assert died == ["EST"] * deaths


# -- what is shipped, and what a user is told ------------------------------------------------------------


def test_the_shipped_what_ifs_part_over_peace_and_war():
    loads = {}
    for name in ("lasting-peace", "war-goes-on"):
        history = simulate(load(name).replace(citizens=50), 0).history
        loads[name] = history.moscow["ukraine_war_load"]
    before = Month.parse("2025-07") - history.start
    assert (loads["lasting-peace"][before:] == 0).all()
    assert (loads["war-goes-on"] > 0).all()
    assert loads["lasting-peace"][:before] == pytest.approx(loads["war-goes-on"][:before])


def test_every_kind_of_event_is_listed_with_its_keys():
    listed = CliRunner().invoke(main, ["list", "--events"])
    assert listed.exit_code == 0
    shown = listed.output.partition("\nWords that a key takes")[0]  # one key is called as its event
    for kind, described in EVENTS.items():
        (line,) = [line for line in shown.splitlines() if line.startswith(f"{kind} ")]
        assert all(key in line for key in own_keys(described))
    assert "until (optional)" in listed.output
    flat = " ".join(listed.output.split())
    for kind, described in EVENTS.items():  # what holds without a key that may be left out
        for key in (key for key, needed in own_keys(described).items() if not needed):
            assert f"{key} {kind} {described.model_fields[key].description.split()[0]}" in flat
    assert "Whoever leads by then dies or leaves" in flat
    assert "If not given, an heir keeps most of the last line" in flat


def test_a_peace_that_is_wrong_is_told_in_one_message(tmp_path):
    file = tmp_path / "peace.yaml"
    file.write_text(
        "extends: baseline\ntimeline:\n"
        "  - {name: a, at: 2012-01, event: peace, states: [GEO], untill: 2015-01}\n"
    )
    told = CliRunner().invoke(main, ["check", str(file)])
    assert told.exit_code == 2
    assert "did you mean until?" in told.output
    assert "Traceback" not in told.output
