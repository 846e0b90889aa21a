"""Why a regime fell or survived: from runs in memory and in a folder, against the model's own rules."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from situations import challenge

import sim
from sim.cli.main import main
from sim.experiment.results import ResultsError
from sim.explain.fall import _Part, _programme, _successor
from sim.explain.one_run import check_state, from_results, run_replicate
from sim.explain.pressure import (
    Standing,
    answer_gain,
    chance,
    defection_log_odds,
    help_gain,
    protections,
    risk,
    standing,
    worst_month,
    worth,
)
from sim.explain.why import explain
from sim.explain.words import name
from sim.measures.challenges import challenges
from sim.model.regimes.responses import RESPONSES
from sim.model.simulate import build
from sim.parameters import Parameters
from sim.scenario import Scenario, load

SCENARIO = Scenario.build("small", years=10, citizens=150, runs=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return sim.run(SCENARIO, out=tmp_path_factory.mktemp("explain") / "results")


@pytest.fixture(scope="module")
def run(folder):
    return from_results(folder, None, 0)


def text(explanation):
    return "\n".join([explanation.title, *(s for part in explanation.sections for s in part.sentences)])


def headings(explanation):
    return [section.heading for section in explanation.sections]


def falls_of(run):
    return [event for event in run.events if event["kind"] == "fall"]


def call(*arguments):
    return CliRunner().invoke(main, ["explain", *map(str, arguments)])


def test_a_stored_run_and_one_run_anew_are_the_same(run):
    again = run_replicate(SCENARIO, 0)
    assert list(map(str, again.events)) == list(map(str, run.events))  # NaN equals itself as text
    assert again.parameters == run.parameters
    assert again.start == run.start


def test_the_first_fall_is_explained_unless_a_state_is_named(run):
    first = falls_of(run)[0]
    assert explain(run).title.startswith(f"The incumbent of {name(first['target'])} fell to ")
    assert first["month"][:4] in explain(run).title


def test_every_fall_of_every_replicate_has_its_chain(folder):
    seen = set()
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        counts: dict[str, int] = {}
        for fall in falls_of(one):
            code = fall["target"]
            counts[code] = counts.get(code, 0) + 1
            told = explain(one, code, counts[code])
            seen.add(tuple(headings(told))[:7])
            assert "nan" not in text(told)
            assert "  " not in text(told)
            assert headings(told)[0] == "The months before"
            assert "The successor" in headings(told)
    assert any("The services" in chain for chain in seen)
    assert any("The elite" in chain for chain in seen)


def test_every_survival_is_explained(folder):
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        fallen = {event["target"] for event in falls_of(one)}
        for code in set(one.states) - fallen:
            told = explain(one, code)
            assert " did not fall from January 2010 to December 2019 " in told.title
            assert headings(told)[0] == "The challenges"
            assert "nan" not in text(told)


def test_the_parts_of_a_successors_line_add_up(folder):
    checked = 0
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        for event in one.events:
            if event["kind"] == "successor" and "programme" in event["why"]:
                nth = [e["tick"] for e in falls_of(one) if e["target"] == event["target"]].index(
                    event["tick"]
                )
                line = next(
                    s
                    for s in text(explain(one, event["target"], nth + 1)).split("\n")
                    if "The new line: " in s
                )
                parts = [float(number) for number in re.findall(r"gives ([+-]\d\.\d\d)", line)]
                assert len(parts) == 3
                luck = one.parameters.succession.successor_noise
                assert sum(parts) == pytest.approx(event["value"], abs=0.0051)
                assert abs(parts[-1]) <= luck + 0.03 or "cut to what is possible" in line
                assert [product(told) for told in re.findall(r"\(([^)]*×[^)]*)\)", line)] == pytest.approx(
                    parts[:2], abs=0.006
                )
                checked += 1
    assert checked


def product(told: str) -> float:
    return math.prod(float(factor) for factor in re.findall(r"[+-]?\d+\.\d+", told))


@pytest.mark.parametrize(
    ("line", "detail", "stands"),
    [(0.55, "pro", "is with Moscow"), (0.21, "neutral", "is neither with nor against Moscow")],
)
def test_a_successors_class_is_told_as_where_it_stands_beside_the_line_before(line, detail, stands):
    fall = {"tick": 3, "value": 0.78}
    why = "elites kept the old line of 0.86"
    event = {"kind": "successor", "target": "KGZ", "tick": 3, "value": line, "detail": detail, "why": why}
    run = SimpleNamespace(events=[event], parameters=Parameters())
    head, parts = _successor(run, "KGZ", fall, None)
    assert head == (
        f"The successor {stands}: it seeks an alignment of {line:+.2f}. The line before, which the fallen "
        "leader sought, was +0.86; the state stood at +0.78 by then."
    )
    given = [float(number) for number in re.findall(r"gives ([+-]\d\.\d\d)", parts)]
    assert sum(given) == pytest.approx(line)
    assert given[0] == pytest.approx(Parameters().succession.old_line_kept_by_elites * 0.86, abs=0.006)


def test_a_programme_at_the_end_of_the_scale_is_not_taken_apart_beyond_it():
    beyond = _programme(-1.0, _Part(-0.22, "the crowd"), _Part(-1.04, "sponsorship"))
    assert "+0.26" not in beyond
    assert "cut to its end" in beyond
    within = _programme(0.0, _Part(0.29, "the crowd"), _Part(-0.25, "sponsorship"))
    assert "ties to the West and whoever helped from there give the rest, -0.04." in within


def test_stocks_are_those_of_the_month_before_and_the_medians_those_of_all_runs(folder, run):
    fall = next(e for e in falls_of(run) if e["tick"] > 12)
    code = fall["target"]
    nth = [e for e in falls_of(run) if e["target"] == code].index(fall) + 1
    before = explain(run, code, nth).sections[0].sentences[0]
    challenge = next((c for c in challenges(run.events) if any(e is fall for e in c.events)), None)
    tick = int(challenge.opened["tick"]) - 1 if challenge else int(fall["tick"]) - 1
    rows = folder.trajectories.query("state == @code")
    value = rows.query("replicate == 0")["legitimacy"].iloc[tick]
    year = run.month(tick)[:4]
    median = rows[rows["month"].str.startswith(year)]["legitimacy"].median()
    assert f"legitimacy {value:.2f}" in before
    assert f"in the median run in {year} ({median:.2f})" in before
    assert "median" not in text(explain(run_replicate(SCENARIO, 0), code, nth))


def test_the_log_odds_are_the_models_own(situation):
    space = situation()
    regime = space.regime("KGZ")
    regime.preparedness, regime.dependence = 0.3, 0.6
    crisis = challenge(space, "KGZ", 0.1, participation=0.4)
    seen = Standing(
        0.4, regime.cohesion, regime.security_loyalty, regime.openness, regime.preparedness, regime.dependence
    )
    odds = defection_log_odds(space.parameters, seen)
    assert odds == pytest.approx(crisis.defection_log_odds(space))
    assert worth_of(space, regime) == pytest.approx(space.moscow.worth(regime))
    bare = replace(seen, cohesion=0.5, security_loyalty=0.6, openness=0.0, preparedness=0.0)
    assert odds + sum(protections(space.parameters, seen).values()) == pytest.approx(
        defection_log_odds(space.parameters, bare)
    )
    for rule in RESPONSES[:3]:
        gain = answer_gain(space.parameters, rule.name, seen, regime.rents)
        assert gain == pytest.approx(max(rule.gain(crisis, space), 0.0))
    assert answer_gain(space.parameters, "hedge", seen, 0.1) is None
    assert help_gain(space.parameters, "csto_deployment") == space.parameters.instruments.deployment_gain
    assert help_gain(space.parameters, "") == 0


def worth_of(space, regime):
    one = SimpleNamespace(
        start={"KGZ": {"strategic_value": regime.strategic_value, "burden": regime.burden}},
        parameters=space.parameters,
        value=lambda *_: regime.alignment,
    )
    return worth(one, "KGZ", 0)


def test_chances_compound():
    assert chance(0.0) == 0.5
    assert chance(0.0, 3) == pytest.approx(1 - 0.5**3)


def test_risk_is_the_worst_month(run):
    challenge = max(challenges(run.events), key=lambda c: c.months)
    worst = worst_month(run, challenge)
    months = range(int(challenge.opened["tick"]), int(challenge.events[-1]["tick"]) + 1)
    every = [defection_log_odds(run.parameters, standing(run, challenge.state, tick)) for tick in months]
    assert every[worst - months[0]] == risk(run, challenge.state, worst) == max(every)
    assert not math.isnan(max(every))


def test_openness_follows_the_record_where_the_run_does():
    historical = Scenario.build("past", mode="historical", start="2010-01", years=6, citizens=60)
    space = build(historical, 0)
    space.run()
    one = run_replicate(historical, 0)
    for regime in space.regimes:
        assert one.openness(regime.code, historical.months - 1) == pytest.approx(regime.openness)


def test_an_instrument_that_the_scenario_took_away_is_named():
    one = run_replicate(load("csto-stays-home", ["years=1", "citizens=200"]), 0)
    assert (
        "The scenario barred Moscow from using help for the security services and troops of the CSTO there."
        in text(explain(one, "KAZ"))
    )


def test_states_go_by_code_or_name(run):
    assert check_state(run, "kgz") == check_state(run, "Kyrgyzstan") == "KGZ"
    with pytest.raises(ResultsError, match=r"no state is called 'Kirgizstan'; did you mean KGZ \(Kyrgyz"):
        check_state(run, "Kirgizstan")


def test_the_command_tells_a_stored_and_a_new_run(folder):
    done = call(folder.path, "--replicate", 1)
    assert done.exit_code == 0, done.output
    assert "(small, replicate 1)" in done.output.splitlines()[0]
    assert "\nThe months before\n  At the end of " in done.output
    assert max(map(len, done.output.splitlines())) <= 110
    new = call("null", "--set", "years=1", "--set", "citizens=60", "--state", "EST")
    assert new.exit_code == 0, new.output
    assert "(null, replicate 0)" in new.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scenario", "smal"), "has no scenario smal; there are: small; did you mean small?"),
        (("--replicate", "9"), "has no replicate 9 of small; there are 0 to 2"),
        (("--state", "KGX"), "no state is called 'KGX'; did you mean KGZ (Kyrgyzstan)?"),
        (("--state", "EST", "--fall", "9"), "there is no fall 9"),
        (("--set", "years=2"), "--set changes a scenario before it runs"),
    ],
)
def test_the_users_errors_are_one_message_and_exit_2(folder, arguments, message):
    done = call(folder.path, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


def test_a_scenario_of_a_scenario_is_refused():
    done = call("null", "--scenario", "null")
    assert done.exit_code == 2
    assert "--scenario chooses from a results folder" in done.stderr
    assert call("dubnof").exit_code == 2
