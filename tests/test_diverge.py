"""Where one replicate parts ways under two scenarios: inputs, the first month, the rule, the gap."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.experiment.results import ResultsError
from sim.explain.diverge import diverge
from sim.explain.diverge_narrated import (
    EVENT_RULES,
    SERIES_RULES,
    different_start,
    parting,
    series_rule,
)
from sim.explain.one_run import run_replicate
from sim.explain.sentences import _REASONS, _TOLD
from sim.model.events import EVENT_KINDS
from sim.model.month import MONTH
from sim.scenario import Scenario
from sim.series import MOSCOW_SERIES, STATE_SERIES

BASE = Scenario.build("base", start="2010-01", years=3, citizens=100)
LATER = BASE.with_event(
    {"name": "shaken", "at": "2011-05", "event": "shock", "states": ["KGZ"], "variable": "legitimacy",
     "change": -0.3},
    name="later",
)  # fmt: skip


@pytest.fixture(scope="module")
def base():
    return run_replicate(BASE, 0)


@pytest.fixture(scope="module")
def later():
    return run_replicate(LATER, 0)


def told(first, second):
    return "\n".join(parting(first, second, diverge(first, second)))


def call(*arguments):
    return CliRunner().invoke(main, ["diverge", *arguments])


def test_the_same_scenario_never_parts(base):
    again = run_replicate(replace(BASE, name="again"), 0)
    found = diverge(base, again)
    assert found.never
    assert found.parameters == found.start == found.series == ()
    assert {gap.states_apart for gap in found.years} == {0}
    assert told(base, again) == (
        "They never part: over 36 months every series and every event is the same, bit for bit."
    )


def test_an_event_of_the_timeline_is_found_in_its_month_and_state(base, later):
    found = diverge(base, later)
    assert found.tick == 16  # May 2011
    assert {gap.state for gap in found.series} <= {"KGZ", "RUS"}
    assert found.event is not None
    assert found.event.tick == 16
    assert found.event.first == () or found.event.first[0].target == "KGZ"
    assert found.event.second[0].kind == "timeline"
    assert found.visible is not None
    tick, gap = found.visible
    assert tick == 16
    assert gap.size > 0.1
    assert gap.first == base.value("KGZ", gap.what, 16)
    text = told(base, later)
    assert "is May 2011. The earliest rule of the month at work: stage 3 of the month" in text
    assert (
        "later: May 2011. As the scenario sets it: shaken (legitimacy jumps by -0.3 in Kyrgyzstan)." in text
    )


def test_months_before_are_equal_bit_for_bit_and_the_month_itself_is_not(base, later):
    found = diverge(base, later)
    for state in base.states:
        for variable in STATE_SERIES:
            ours, theirs = (run.series[state][variable].to_numpy() for run in (base, later))
            assert (ours[: found.tick] == theirs[: found.tick]).all()
    for gap in found.series:
        assert gap.first != gap.second
        assert gap.second == later.value(gap.state, gap.what, found.tick)


def test_the_order_of_the_two_only_swaps_sides(base, later):
    one, other = diverge(base, later), diverge(later, base)
    assert (one.tick, one.event.first, one.event.second) == (
        other.tick,
        other.event.second,
        other.event.first,
    )
    assert [gap.influence for gap in one.years] == [gap.influence[::-1] for gap in other.years]


def test_drawn_parameters_and_start_states_that_differ_are_listed(base):
    changed = BASE.with_parameters({"citizens.conformity": 0.35}).with_initial(
        {"KGZ.alignment": 0.1}, name="changed"
    )
    other = run_replicate(changed, 0)
    found = diverge(base, other)
    (parameter,) = found.parameters
    (start,) = found.start
    assert (parameter.what, parameter.second) == ("citizens.conformity", 0.35)
    assert (start.what, start.state, start.second) == ("alignment", "KGZ", 0.1)
    assert found.tick == 0
    assert f"alignment of Kyrgyzstan ({start.first:.2f} and 0.10)." in different_start(found)


def test_a_claim_is_named_with_the_parameters_that_it_moves():
    base, thesis = (
        Scenario.build(name, thesis=name, years=1, citizens=100) for name in ("baseline", "dubnov")
    )
    found = diverge(run_replicate(base, 0), run_replicate(thesis, 0))
    assert {gap.what: gap.claim for gap in found.parameters}["moscow.legacy_urgency"] == "D3"


def test_the_longer_run_is_cut_and_the_last_year_is_shown(base, later):
    longer = run_replicate(replace(LATER, name="longer", years=5), 0)
    found = diverge(base, longer)
    assert found.months == 36
    assert [gap.year for gap in found.years] == [2010, 2011, 2012]
    assert found.years[-1].influence[0] == base.value("RUS", "influence", 35)
    assert found.years[-1].falls[0] == sum(event.kind == "fall" for event in base.events)
    assert diverge(base, later).years == found.years


def test_runs_that_share_no_random_numbers_or_month_are_refused(base):
    with pytest.raises(ResultsError, match="share no random numbers"):
        diverge(base, run_replicate(BASE, 1))
    with pytest.raises(ResultsError, match="starts in 2010-01 and moved in 2012-01"):
        diverge(base, run_replicate(BASE.replace(name="moved", start="2012-01", years=1), 0))


def test_every_kind_of_event_and_series_has_a_rule_described_in_the_documents():
    assert EVENT_RULES.keys() == EVENT_KINDS.keys()
    assert _TOLD.keys() == EVENT_KINDS.keys()
    assert _REASONS.keys() == EVENT_KINDS.keys() - {"timeline", "claim"}  # a scenario says why
    assert SERIES_RULES.keys() == STATE_SERIES.keys() | MOSCOW_SERIES.keys()
    document = (Path(__file__).parent.parent / "docs" / "MODEL.md").read_text(encoding="utf-8")
    for rule in (*chain(*EVENT_RULES.values()), *SERIES_RULES.values()):
        assert f"\n## {rule.section}" in document
        assert f"\n| {rule.stage} | " in document
    places = {stage.name: place for place, stage in enumerate(MONTH, 1)}
    assert series_rule("cohesion", challenged=False).stage == places["regimes"]
    assert series_rule("cohesion", challenged=True).stage == places["challenges"]


def test_the_rule_is_that_of_the_parameter_that_differs():
    # where nothing but the cascade asks for deterrence in the first month
    plain = Scenario.build("base", extends="first-version", years=1, citizens=100)
    base = run_replicate(plain, 0)
    for path, value, stage in (
        ("citizens.deterrence", 0.9, "cascade"),
        ("regimes.legitimacy_return", 0.2, "regimes"),
        ("rivals.public_pull", 0.9, "alignment"),
    ):
        other = run_replicate(plain.with_parameters({path: value}, name="other"), 0)
        place = 1 + [each.name for each in MONTH].index(stage)
        assert f"earliest rule of the month at work: stage {place} of the month" in told(base, other), path


def test_the_command_tells_it_all():
    done = call("baseline", "dubnov", "--seed", "4")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("baseline and dubnov, replicate 0, seed 4\n\nWhat goes in\n")
    assert "moscow.legacy_urgency" in done.output
    assert "\nHow the gap grows\n" in done.output
    assert "  2029 " in done.output
    same = call("baseline", "baseline", "--replicate", "1")
    assert "They never part" in same.output
    assert "How the gap grows" not in same.output


@pytest.mark.parametrize("pair", [("war-alone", "war-as-recorded"), ("war-as-recorded", "war-alone")])
def test_what_one_scenario_alone_has_is_told_of_it(pair):
    told = " ".join(call(*pair).output.split())
    assert "later.K1.war.capacity_drain is set in war-as-recorded alone: normal(" in told
    assert "None" not in told


def test_the_command_says_which_seed_is_used_and_nothing_of_runs(tmp_path):
    (tmp_path / "lucky-seed.yaml").write_text("years: 1\ncitizens: 60\nruns: 3\nseed: 8\n")
    first = tmp_path / "first.yaml"
    first.write_text("years: 1\ncitizens: 60\nruns: 4\nseed: 8\n")
    done = call(str(tmp_path / "lucky-seed.yaml"), str(first))
    assert (done.exit_code, done.stderr) == (0, "")  # though a scenario's name has the word in it
    first.write_text("years: 1\ncitizens: 60\nruns: 4\nseed: 9\n")
    done = call(str(tmp_path / "lucky-seed.yaml"), str(first))
    assert "the scenarios' seeds differ; all use that of lucky-seed, 8" in " ".join(done.stderr.split())
    assert "numbers of runs" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("baseline",), "give a second SCENARIO"),
        (("baseline", "dubnof"), "did you mean dubnov?"),
        (("baseline", "kazakhstan-january"), "baseline starts in 2025-01 and kazakhstan-january in 2021-07"),
        (("baseline", "dubnov", "--replicate", "-1"), "range 0<=x<="),
    ],
)
def test_the_users_errors_are_one_message_and_exit_2(arguments, message):
    done = call(*arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output
