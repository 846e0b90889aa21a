"""Why a regime fell or survived: from runs in memory and in a folder, against the model's own rules."""

from __future__ import annotations

import math
import re
from itertools import chain
from pathlib import Path

import pytest
from click.testing import CliRunner
from situations import open_challenge

import sim
from sim.cli.main import main
from sim.experiment.results import ResultsError
from sim.explain import sentences, words
from sim.explain.course import Standing, at_defection, protections, risk, standing, worst_month
from sim.explain.one_run import OneRun, check_state, from_results, run_replicate
from sim.explain.why import _programme, _successor, explain
from sim.explain.words import find_states, name
from sim.model.moscow.worth import worth
from sim.model.regimes.succession import coup_chance
from sim.model.regimes.week import defection_log_odds, defection_risk, logistic
from sim.model.simulate import build
from sim.model.trace import Event
from sim.parameters import Parameters
from sim.scenario import Scenario, load
from sim.scenario.vocabulary import REGIONS
from sim.world.state import STATES

SCENARIO = Scenario.build("small", years=10, citizens=150, runs=3)
ROUNDED = 0.0051  # of a number told to two decimals


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
    return [event for event in run.events if event.kind == "fall"]


def call(*arguments):
    return CliRunner().invoke(main, ["explain", *map(str, arguments)])


def test_a_stored_run_and_one_run_anew_are_the_same(run):
    again = run_replicate(SCENARIO, 0)
    assert list(map(str, again.events)) == list(map(str, run.events))  # NaN equals itself as text
    assert again.challenges == run.challenges
    assert again.parameters == run.parameters
    assert again.start == run.start


def test_the_first_fall_is_explained_unless_a_state_is_named(run):
    first = falls_of(run)[0]
    assert explain(run).title.startswith(f"The incumbent of {name(first.target)} fell to ")
    assert run.month(first.tick)[:4] in explain(run).title


def test_every_fall_of_every_replicate_has_its_chain(folder):
    seen = set()
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        counts: dict[str, int] = {}
        for fall in falls_of(one):
            code = fall.target
            counts[code] = counts.get(code, 0) + 1
            told = explain(one, code, counts[code])
            seen.add(tuple(headings(told))[:7])
            assert not re.search(r"\bnan\b", text(told))
            assert "  " not in text(told)
            assert headings(told)[0] == "The months before"
            assert "The successor" in headings(told)
    assert any("The services" in chain for chain in seen)
    assert any("The elite" in chain for chain in seen)


def test_every_survival_is_explained(folder):
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        fallen = {event.target for event in falls_of(one)}
        for code in set(one.states) - fallen:
            told = explain(one, code)
            assert " did not fall from January 2025 to December 2034 " in told.title
            assert headings(told)[0] == "The challenges"
            assert not re.search(r"\bnan\b", text(told))


def test_the_parts_of_a_successors_line_add_up(folder):
    checked = 0
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        for event in one.events:
            if event.kind == "successor" and "programme" in event.facts and event.facts["cause"] == "street":
                nth = [e.tick for e in falls_of(one) if e.target == event.target].index(event.tick)
                told = text(explain(one, event.target, nth + 1)).split("\n")
                line = next(s for s in told if "The new line: " in s)
                parts = given(line)
                assert len(parts) == 3
                together = float(re.search(r"Together ([+-]\d\.\d\d)", line)[1])
                assert sum(parts) == pytest.approx(together)
                cut = "cut to what is possible: " in line
                assert together == pytest.approx(event.value, abs=0.0051) or cut
                assert parts[-1] == pytest.approx(event.facts["chance_part"], abs=0.016)
                shown = re.findall(r"\(([^)]*×[^)]*)\)", line)
                assert len(shown) == 2
                for factors, part in zip(shown, parts, strict=False):
                    assert part == pytest.approx(product(factors), abs=ROUNDED + rounding(factors))
                checked += 1
    assert checked


def given(line):
    return [float(number) for number in re.findall(r"gives ([+-]\d\.\d\d)", line)]


def rounding(told: str) -> float:
    """Return how far a product of factors may be off because each is told to two decimals."""
    factors = [abs(float(factor)) for factor in re.findall(r"[+-]?\d+\.\d+", told)]
    return math.prod(factor + ROUNDED for factor in factors) - math.prod(factors)


def product(told: str) -> float:
    return math.prod(float(factor) for factor in re.findall(r"[+-]?\d+\.\d+", told))


def fallen(line, detail="pro", **facts):
    """Return a run in which a regime fell, and its fall."""
    fall = Event(3, "fall", "elite", "KGZ", "elite", 0.78)
    known = {"cause": "elite", "old_line": 0.86, "old_kept": 0.9, "chance_part": 0.0, "line_limit": 1.0}
    after = Event(3, "successor", "KGZ", "KGZ", detail, line, known | facts)
    return OneRun(SCENARIO, 0, [fall, after], [], {}, Parameters(), {}), fall


@pytest.mark.parametrize(
    ("line", "detail", "stands"),
    [(0.55, "pro", "is with Moscow"), (0.21, "neutral", "is neither with nor against Moscow")],
)
def test_a_successors_class_is_told_as_where_it_stands_beside_the_line_before(line, detail, stands):
    head, parts = _successor(*fallen(line, detail, chance_part=line - 0.9 * 0.86))
    assert head == (
        f"The successor {stands}: it seeks an alignment of {line:+.2f}. The line before, which the fallen "
        "leader sought, was +0.86; the state stood at +0.78 by then."
    )
    assert sum(given(parts)) == pytest.approx(line)
    assert given(parts)[0] == pytest.approx(0.9 * 0.86, abs=0.006)
    assert "cut" not in parts


def test_a_line_that_the_scale_cuts_is_told_with_its_sum_and_where_it_is_cut():
    _, parts = _successor(*fallen(1.0, chance_part=0.3))
    assert parts.endswith("gives +0.30. Together +1.07, cut to what is possible: +1.00.")


def test_a_programme_at_the_end_of_the_scale_is_told_with_the_sum_of_its_parts():
    run = OneRun(SCENARIO, 0, [], [], {}, Parameters(), {})
    facts = {
        "attitude": -0.26, "attitude_part": -0.22, "ties_part": -0.1, "campaign_part": 0.0,
        "sponsor_part": -1.04, "dependence": 0.9, "help_rungs": 2, "programme": -1.0,
    }  # fmt: skip
    beyond = _programme(run, 0, facts)
    assert "was -1.00, cut to the end of the scale from -1.36: " in beyond
    assert given(beyond) == [-0.22, -1.04, -0.10]
    assert "(dependence 0.90 + 2 rungs of help / 4)" in beyond
    within = _programme(run, 0, facts | {"sponsor_part": -0.2, "campaign_part": -0.05, "programme": -0.57})
    assert "cut" not in within
    assert given(within) == [-0.22, -0.20, -0.10, -0.05]


def test_stocks_are_those_of_the_month_before_and_the_medians_those_of_all_runs(folder, run):
    fall = next(e for e in falls_of(run) if e.tick > 12)
    code = fall.target
    nth = [e for e in falls_of(run) if e.target == code].index(fall) + 1
    before = explain(run, code, nth).sections[0].sentences[0]
    rise = next((rise for rise in run.rises if any(e is fall for e in rise.events)), None)
    tick = (rise.months[0] if rise else fall.tick) - 1
    rows = folder.trajectories.query("state == @code")
    value = rows.query("replicate == 0")["legitimacy"].iloc[tick]
    year = run.month(tick)[:4]
    median = rows[rows["month"].str.startswith(year)]["legitimacy"].median()
    assert f"legitimacy {value:.2f}" in before
    assert f"in the median run in {year} ({median:.2f})" in before
    assert "median" not in text(explain(run_replicate(SCENARIO, 0), code, nth))


def test_what_is_told_of_the_services_adds_up_to_the_log_odds_that_are_told(folder):
    told = 0
    for case in range(3 * len(STATES)):
        replicate, state = divmod(case, len(STATES))
        sections = explain(from_results(folder, "small", replicate), STATES[state]).sections
        said = [sentence for section in sections for sentence in section.sentences]
        odds = [float(found[1]) for line in said if (found := re.search(r"\(log-odds (-?[\d.]+)\)", line))]
        start = [float(found[1]) for line in said if (found := re.search(r"start from (-?[\d.]+),", line))]
        terms = [
            re.findall(r"\(([+-][\d.]+)\)", line) for line in said if re.match(r"(Lower|Rais)ed by ", line)
        ]
        if odds:
            assert sum(start) + sum(map(float, chain(*terms))) == pytest.approx(odds[0])
            told += 1
    assert told > 5


# -- explanations call the model's own rules, and read no words ------------------------------------------


def test_the_log_odds_are_the_models_own(situation):
    space = situation()
    regime = space.regime("KGZ")
    regime.preparedness, regime.dependence = 0.3, 0.6
    challenge = open_challenge(space, "KGZ", 0.1, participation=0.4)
    seen = Standing(
        0.4, regime.cohesion, regime.security_loyalty, regime.openness, regime.preparedness, regime.dependence
    )
    odds = seen.log_odds(space.parameters)
    assert odds == challenge.defection_log_odds(space)
    assert odds + sum(protections(space.parameters, seen).values()) == pytest.approx(
        space.parameters.challenges.defection_base
    )
    assert space.moscow.worth(regime) == worth(
        space.parameters.moscow, regime.alignment, regime.strategic_value, regime.burden
    )


def test_chances_that_events_carry_follow_from_their_other_facts(folder):
    checked = set()
    for replicate in range(3):
        one = from_results(folder, "small", replicate)
        for event in one.events:
            facts = event.facts
            if event.kind == "defection" and event.actor == "security services":
                stocks = ("cohesion", "loyalty", "openness", "preparedness", "dependence")
                odds = defection_log_odds(one.parameters.challenges, event.value, *(facts[s] for s in stocks))
                assert odds == pytest.approx(facts["log_odds"], abs=1e-5)
                held = facts["answer_gain"] + facts["backing"]
                assert logistic(odds - held) == pytest.approx(facts["chance"], abs=1e-5)
                checked.add("services")
            if facts.get("cause") == "palace coup":
                opened = {name: facts[name] > 0 for name in ("dual_power", "lame_duck")}
                monthly = coup_chance(one.parameters.regimes, facts["cohesion"], facts["openness"], **opened)
                assert monthly == pytest.approx(facts["chance"], abs=1e-6)
                checked.add("elites")
    assert checked == {"services", "elites"}


def test_what_the_services_saw_is_what_the_event_carries(folder):
    rises = [rise for r in range(3) for rise in from_results(folder, "small", r).rises]
    turned = [rise for rise in rises if rise.first("defection")]
    assert turned
    for rise in turned:
        assert at_defection(rise).participation == rise.first("defection").value
        assert at_defection(rise).loyalty == rise.first("defection").facts["loyalty"]
    assert at_defection(next(rise for rise in rises if not rise.first("defection"))) is None


def test_no_wording_can_break_an_explanation(run, monkeypatch):
    """Titles, headings, numbers and what decided stay the same, however events are worded."""
    before = {state: explain(run, state) for state in run.states}
    for kind in sentences._REASONS:
        monkeypatch.setitem(sentences._REASONS, kind, lambda *_: "loyalty 9.99, weight 9.99")
    for table in (words.RESPONSES, words.ENDINGS, words.TRIGGERS, words.STATUS_CHANGES):
        for code, phrase in list(table.items()):
            monkeypatch.setitem(table, code, ("turned", "turns") if isinstance(phrase, tuple) else "ended")
    own = ("What saved it", "The services", "The elite", "The successor")
    for state, plain in before.items():
        reworded = explain(run, state)
        assert reworded.title == plain.title
        assert headings(reworded) == headings(plain)
        for ours, theirs in zip(reworded.sections, plain.sections, strict=True):
            if ours.heading in own:
                assert not_told(ours) == not_told(theirs)


def not_told(section):
    """Return a section's sentences but those that tell an event."""
    return [line for line in section.sentences if not re.match(r"\w+ \d{4}\. ", line)]


def test_explanations_search_no_text_and_build_no_stand_in_for_the_model():
    for file in (Path(sim.__file__).parent / "explain").glob("*.py"):
        code = file.read_text(encoding="utf-8")
        found = re.search(r"^import re$|^from re |SimpleNamespace|removeprefix|removesuffix", code, re.M)
        assert found is None, f"{file.name}: {found}"


def test_chances_compound():
    assert defection_risk(0.0, 1) == 0.5
    assert defection_risk(0.0, 3) == pytest.approx(1 - 0.5**3)


def test_risk_is_the_worst_month(run):
    rise = max(run.rises, key=lambda rise: len(rise.months))
    worst = worst_month(run, rise)
    every = [standing(run, rise.state, tick).log_odds(run.parameters) for tick in rise.months]
    assert every[worst - rise.months[0]] == risk(run, rise.state, worst) == max(every)
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


def test_states_are_listed_by_code_name_or_region():
    central = find_states("Central Asia")
    assert set(central) == {"KAZ", "UZB", "TKM", "KGZ", "TJK"}
    assert find_states(["Moldova, kgz,", "central asia"]) == (
        "MDA",
        "KGZ",
        *(c for c in central if c != "KGZ"),
    )
    assert {code for region in REGIONS for code in find_states(region)} == set(STATES)


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
    new = call("baseline", "--set", "years=1", "--set", "citizens=60", "--state", "EST")
    assert new.exit_code == 0, new.output
    assert "(baseline, replicate 0)" in new.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scenario", "smal"), "has no scenario smal; there are: small; did you mean small?"),
        (("--replicate", "9"), "has no replicate 9 of small; there are 0 to 2"),
        (("--state", "KGX"), "no state is called 'KGX'; did you mean KGZ (Kyrgyzstan)?"),
        (("--state", "EST", "--fall", "9"), "there is no fall 9"),
        (("--set", "years=2"), "change a scenario before it runs"),
    ],
)
def test_the_users_errors_are_one_message_and_exit_2(folder, arguments, message):
    done = call(folder.path, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


def test_a_scenario_of_a_scenario_is_refused():
    done = call("baseline", "--scenario", "baseline")
    assert done.exit_code == 2
    assert "--scenario chooses from a results folder" in done.stderr
    assert call("dubnof").exit_code == 2
