"""Claims that begin later: the shared world until then, bit for bit; what begins when; what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from calibration.ensemble.origins import Origin
from calibration.ensemble.priors import ASKED, widened
from calibration.ensemble.scenarios import scenario_of
from calibration.ensemble.simulate import Simulate
from sim.analysis.claims import judge, plan_claims
from sim.analysis.variance import resampled, simulate_resampled
from sim.cli.main import main
from sim.explain.one_run import from_results, run_replicate
from sim.explain.story import story
from sim.model.simulate import build, simulate
from sim.months import Month
from sim.parameters import Fixed, Sample, Tag
from sim.scenario import Scenario, difference, fingerprint, load, load_thesis
from sim.scenario.describe import PLACES_MEAN, plain, to_yaml
from sim.scenario.settings import Setting
from sim.scenario.vocabulary import ACTORS, TARGETS
from sim.world.build import build_world

KEEP, GAP, USUAL = "moscow.keep_weight", "citizens.cohort_gap", "learning.usual_success"
SMALL = {"start": "2010-01", "years": 4, "citizens": 100, "shared_priors": "hand-set"}


def moved(value: object) -> dict[str, object]:
    return {"prior": value, "tag": "assumed", "source": "a test"}


def claim(name: str, path: str, value: object = 3.0, **keys: object) -> dict[str, object]:
    return {"id": name, "claim": f"{path} moves", "parameters": {path: moved(value)}, **keys}


def thesis(*claims: dict[str, object], **keys: object) -> dict[str, object]:
    return {"thesis": "mine", "title": "Mine", "claims": list(claims), **keys}


def scenario(*claims: dict[str, object], **keys: object) -> Scenario:
    of_thesis = {key: keys.pop(key) for key in ("from", "when") if key in keys}
    return Scenario.build("mine", thesis=thesis(*claims, **of_thesis), **{**SMALL, **keys})


def begun(history: object) -> list[tuple[int, str]]:
    return [(event.tick, event.detail) for event in history.events if event.kind == "claim"]


def first_gap(one: object, other: object) -> int | None:
    """Return the first month in which two histories differ by a bit."""
    series = [{**history.series, **history.moscow} for history in (one, other)]
    differs = [(series[0][name] != series[1][name]).reshape(len(series[0][name]), -1) for name in series[0]]
    months = np.flatnonzero(np.concatenate(differs, axis=1).any(axis=1))
    return int(months[0]) if months.size else None


# -- by the calendar -------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(tick=st.integers(min_value=1, max_value=47), replicate=st.integers(min_value=0, max_value=3))
def test_until_a_claim_begins_the_run_is_that_of_the_shared_world(tick, replicate):
    later = scenario(claim("A1", "rivals.adjustment", 0.9, **{"from": str(Month.of(2010, 1) + tick)}))
    shared = Scenario.build("shared", **SMALL)
    one, other = (simulate(each, replicate).history for each in (later, shared))
    assert begun(one) == [(tick, "A1")]
    assert first_gap(one, other) == tick


def test_a_start_that_has_passed_changes_nothing_of_the_run_or_its_keys():
    by_claim, by_thesis = (
        scenario(claim("A1", KEEP, **{"from": "2010-01"})),
        scenario(claim("A1", KEEP), **{"from": "1999-12"}),
    )
    plain = scenario(claim("A1", KEEP))
    for dated in (by_claim, by_thesis):
        assert dated.onsets == ()
        assert dated.inputs() == plain.inputs()
        assert fingerprint(dated) == fingerprint(plain)
        assert first_gap(simulate(dated, 0).history, simulate(plain, 0).history) is None


def test_a_start_is_part_of_a_scenarios_keys():
    months = ("2011-01", "2011-02")
    dated = [scenario(claim("A1", KEEP, **{"from": month})) for month in months]
    assert len({str(each.inputs()) for each in (*dated, scenario(claim("A1", KEEP)))}) == 3
    assert len({fingerprint(each) for each in (*dated, scenario(claim("A1", KEEP)))}) == 3


def test_years_on_are_a_month():
    dated = scenario(claim("A1", KEEP, **{"from": {"years": 20, "since": "1991-08"}}))
    assert [onset.month for onset in dated.onsets] == [Month.of(2011, 8)]
    assert "from 2011-08, 20 years after 1991-08" in dated.debug()


def test_a_claim_goes_before_its_thesis_and_a_claim_of_another_thesis_brings_its_start_along(tmp_path):
    own = scenario(claim("A1", KEEP), claim("A2", GAP, 0.5, **{"from": "2012-01"}), **{"from": "2011-01"})
    assert {onset.claim: str(onset.month) for onset in own.onsets} == {"A1": "2011-01", "A2": "2012-01"}
    known = load_thesis(_written(tmp_path, own))
    added = known.claims[0].from_thesis(known)
    guest = Scenario.build("guest", thesis=thesis(claim("Z1", KEEP, 0.8)), with_=[added], **SMALL)
    assert [(onset.claim, str(onset.month)) for onset in guest.onsets] == [("A1", "2011-01")]
    assert guest.parameters[KEEP].before.claim == "Z1"


def _written(folder: Path, dated: Scenario) -> Path:
    path = folder / "mine.yaml"
    path.write_text(to_yaml(plain(dated.thesis)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("first", "second"), [("2010-07", "2011-01"), ("2011-01", "2010-07")])
def test_of_two_claims_on_one_parameter_the_later_in_order_counts_once_it_holds(first, second):
    added = claim("B1", KEEP, 2.0, **{"from": second})
    mine = scenario(claim("A1", KEEP, 3.0, **{"from": first}), with_=[added])
    space, seen = build(mine, 0), []
    for _ in range(18):
        space.step()
        seen.append(space.parameters.moscow.keep_weight)
    start = space.values[KEEP]
    between = 3.0 if first < second else 2.0
    assert seen == [start] * 6 + [between] * 6 + [2.0] * 6


def test_what_the_scenario_sets_itself_no_claim_takes_back():
    set_before = {"name": "low", "at": "2010-03", "event": "set", "parameter": KEEP, "value": 0.5}
    dated = claim("A1", KEEP, **{"from": "2010-06"})
    own = scenario(dated, parameters={KEEP: 0.7})
    assert own.onsets == ()
    space = build(scenario(dated, timeline=[set_before]), 0)
    for _ in range(12):
        space.step()
    assert space.parameters.moscow.keep_weight == 0.5
    assert begun(space.recorder.history()) == [(5, "A1")]


def test_a_claim_off_or_after_the_run_never_begins():
    dated = claim("A1", KEEP, **{"from": "2030-01"})
    assert begun(simulate(scenario(dated), 0).history) == []
    assert "never in this run" in scenario(dated).debug()
    assert scenario(dated).without_claims("A1").onsets == ()


# -- by what happens -------------------------------------------------------------------------------


def test_a_claim_waits_for_the_nth_event_of_its_kind():
    when = {"event": "challenge", "nth": 3}
    history = simulate(scenario(claim("A1", KEEP, when=when), years=10), 1).history
    opened = [event.tick for event in history.events if event.kind == "challenge"]
    assert begun(history) == [(opened[2] + 1, "A1")]


def test_a_claim_waits_for_an_event_with_its_words():
    wars = [
        {"name": "small", "at": "2011-01", "event": "ukraine_war", "load": 0.2},
        {"name": "large", "at": "2012-03", "event": "ukraine_war", "load": 0.9},
    ]
    when = {"event": "war", "target": "UKR", "detail": "started", "facts": {"scale": "full"}}
    history = simulate(scenario(claim("A1", KEEP, when=when), timeline=wars), 0).history
    assert begun(history) == [(27, "A1")]


def test_a_claim_waits_for_a_series_beyond_a_level():
    war = {"name": "war", "at": "2011-01", "event": "ukraine_war", "load": 0.9}
    when = {"variable": "ukraine_war_load", "above": 0.5}
    assert begun(simulate(scenario(claim("A1", KEEP, when=when), timeline=[war]), 0).history) == [(13, "A1")]


@pytest.mark.parametrize("start", ["2021-06", "2022-03"])
def test_a_historical_run_goes_by_the_record(start):
    when = {"event": "war", "target": "UKR", "facts": {"scale": "full"}}
    dated = scenario(
        claim("A1", KEEP, when=when, **{"from": "2022-03"}), claim("A2", GAP, 0.5, when=when),
        start=start, years=2, mode="historical",
    )  # fmt: skip
    assert begun(simulate(dated, 0).history) == ([(9, "A1")] if start == "2021-06" else [])
    shared = build(Scenario.build("shared", **SMALL), 0).values[KEEP]
    assert build(dated, 0).values[KEEP] == (3.0 if start == "2022-03" else shared)


# -- what a change in the course of a run leaves as it is --------------------------------------------


def test_nobody_changes_his_mind_overnight():
    quiet = {"citizens.sponsorship_blame": 0.0, "citizens.war_revulsion": 0.0}
    dated = scenario(claim("A1", GAP, 1.0, **{"from": "2011-01"}), parameters={GAP: 0.1, **quiet})
    assert dated.onsets == ()  # the scenario's own number goes before
    space = build(scenario(claim("A1", GAP, 1.0, **{"from": "2011-01"}), parameters=quiet), 0)
    for _ in range(12):
        space.step()
    before, expected = space.population.attitude.copy(), [m.encouragement for m in space.movements]
    homes = _homes(space)
    space.change({GAP: 1.0, USUAL: 0.6})
    assert (space.population.attitude == before).all()
    assert _homes(space) == pytest.approx(homes, abs=1e-12)
    assert [m.encouragement for m in space.movements] == pytest.approx(expected, abs=1e-12)
    space.population.young_share += 0.1
    assert _homes(space) == pytest.approx([home - 0.1 for home in homes], abs=1e-12)


def _homes(space):
    gap, young = space.parameters.citizens.cohort_gap, space.population.young_share.tolist()
    pairs = zip(space.regimes, young, strict=True)
    return [regime.home_attitude - gap * (share - regime.home_young_share) for regime, share in pairs]


# -- what is told and kept -------------------------------------------------------------------------

TWO = (claim("A1", KEEP, 3.0, **{"from": "2010-05"}), claim("A2", GAP, 0.5, when={"event": "election"}))
LOW = {"name": "low", "at": "2011-03", "event": "set", "parameter": "rivals.vacuum", "value": 0.1}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    dated = scenario(*TWO, timeline=[LOW], years=2, runs=3)
    others = Scenario.build("shared", years=2, runs=3, start="2010-01", citizens=100)
    return sim.compare([others, dated], out=tmp_path_factory.mktemp("starts") / "r").results


def test_results_say_from_which_month_a_value_holds(results):
    table = results.parameters
    assert set(table["scenario"]) == {"mine"}
    keep = table[(table["parameter"] == KEEP) & (table["replicate"] == 1)]
    assert keep["month"].tolist() == ["2010-01", "2010-05"]
    assert keep["by"].tolist() == ["start", "A1"]
    drawn = results.draws.query("scenario == 'mine' and replicate == 1").iloc[0]
    assert keep["value"].tolist() == [drawn[KEEP], drawn[f"{KEEP} from A1"]]
    assert (
        table[table["parameter"] == "rivals.vacuum"].groupby("replicate")["by"].apply(list).tolist()
        == [["start", "low"]] * 3
    )


def test_a_run_is_explained_with_the_numbers_of_its_month(results):
    for run in (from_results(results, "mine", 0), run_replicate(scenario(*TWO, timeline=[LOW], years=2), 0)):
        assert run.parameters_in(3).moscow == run.parameters.moscow
        assert run.parameters_in(4).moscow.keep_weight == 3.0
        assert run.parameters_in(14).rivals.vacuum == 0.1
        line = next(line for line in story(run) if "A1" in line)
        assert line == f"May 2010. Claim A1 of the thesis begins to hold ({KEEP} moves)."


def test_starts_are_written_told_and_compared(tmp_path):
    dated = scenario(*TWO)
    path = tmp_path / "again.yaml"
    path.write_text(dated.to_yaml(), encoding="utf-8")
    assert load(path) == dated
    rows = {row for row, *_ in difference(scenario(), dated)}
    assert {f"later.A1.{KEEP}", f"later.A2.{GAP}"} <= rows
    assert not any(row.startswith("parameters.") for row in rows)
    told = dated.debug()
    assert "Claim A2 holds once the first event election has come (not on record yet)." in told
    assert "(once claim A1 holds; before, shared world: lognormal(1" in told


def test_each_claim_is_seen_against_the_thesis_without_it(tmp_path):
    mine = load_thesis(_written(tmp_path, scenario(*TWO)))
    shown = mine.model_copy(
        update={"claims": tuple(c.model_copy(update={"effect": _EFFECT}) for c in mine.claims)}
    )
    plan = plan_claims([shown], runs=2, seed=1, settings=["start=2010-01"])
    onsets = {each.name: [onset.claim for onset in each.onsets] for each in plan.scenarios}
    assert list(onsets.values()) == [["A1", "A2"], ["A2"], ["A1"]]
    runs = pd.MultiIndex.from_product([onsets, range(2)], names=["scenario", "replicate"])
    judged = judge(plan, pd.DataFrame({"challenges": 1.0}, index=runs))
    assert judged["holds"].tolist() == [
        "from 2010-05", "once the first event election has come (not on record yet)",
    ]  # fmt: skip
    assert judged["said"].tolist() == ["", ""]


def test_no_claim_is_held_against_runs_of_another_span(tmp_path):
    effect = {"outcome": "challenges", "sign": "up", "scenario": "kazakhstan-january", "versus": "war-alone"}
    file = tmp_path / "mine.yaml"
    file.write_text(to_yaml(thesis(claim("A1", KEEP, effect=effect))), encoding="utf-8")
    done = CliRunner().invoke(main, ["claims", str(file), "--runs", "2", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "mine: claim A1: the scenarios' spans differ (mine-in-kazakhstan-january 2021-07" in done.stderr
    assert not (tmp_path / "out").exists()


SAID = {
    "speaker": {"role": "quoted", "name": "Somebody"}, "paragraphs": [3], "strength": "possible",
    "places": ["KGZ", "Central Asia"], "condition": "it rains", "auxiliary": True,
}  # fmt: skip


def test_show_says_who_says_a_claim_when_it_holds_and_what_is_left_out(tmp_path):
    left_out = [{"claim": "All falls", "paragraphs": [1, 2], "why": "no rule"}]
    told = thesis(claim("A1", KEEP, **SAID, **{"from": "2030-01"}), claim("A2", GAP, 0.5), left_out=left_out)
    path = tmp_path / "mine.yaml"
    path.write_text(Scenario.build("mine", thesis=told, **SMALL).to_yaml(), encoding="utf-8")
    done = CliRunner().invoke(main, ["show", str(path), "--claims"], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    printed = " ".join(done.output.split())
    for words in (
        "Somebody, as quoted, paragraph 3; possible; said of KGZ, Central Asia; if it rains; auxiliary",
        "from 2030-01: never in this run", "not noted always", "All falls paragraphs 1 and 2 no rule",
        PLACES_MEAN,
    ):  # fmt: skip
        assert words in printed
    assert "Every parameter" not in done.output


_EFFECT = sim.scenario.Effect(outcome="challenges", sign="up")


# -- calibration -----------------------------------------------------------------------------------


def test_in_the_ensemble_a_thesis_is_the_shared_world_until_it_begins(tmp_path):
    asked = ASKED[0].path
    mine = _written(tmp_path, scenario(claim("A1", asked, 0.9, **{"from": "2011-06"})))
    shared = scenario_of("baseline", Origin("2010-01", 2, "free"), 100)
    dated = widened(Scenario.build("mine", thesis=mine, start="2010-01", years=2, citizens=100))
    assert dated.priors[asked] == ASKED[0].prior == shared.priors[asked]
    world, draw = build_world(Month.of(2010, 1)), Simulate(1, 1)
    one, other = (draw(each, 2, world).draws for each in (dated, shared))
    assert one == {**other, f"{asked} from A1": 0.9}


def test_a_posterior_holds_until_a_claim_begins():
    rows = Setting(Sample("fit", tuple(0.5 + row / 1000 for row in range(300))), Tag.CALIBRATED, "a fit")
    dated = scenario(claim("A1", KEEP, **{"from": "2011-06"}), parameters={KEEP: rows})
    assert dated.priors == {KEEP: rows.prior}
    assert dated.onsets[0].priors == {KEEP: Fixed(3.0)}
    assert dated.replace(years=5).priors == {KEEP: rows.prior}
    assert widened(dated).parameters[KEEP].at_the_start.prior == rows.prior
    world, plain = build_world(dated.start), simulate(dated, 0).draws
    redrawn = simulate_resampled(resampled(dated, "calibrated"), 0, world).draws
    assert {name for name in plain if plain[name] != redrawn[name]} >= {KEEP}
    assert f"{KEEP} from A1" in plain


def test_a_claim_that_holds_from_the_first_month_on_record_may_move_what_acts_at_the_start_alone():
    known = thesis(
        claim("A1", "moscow.learning_weight", 50.0, **{"from": "1992-01"}),
        claim("A2", KEEP),
        **{"from": "2016-08"},
    )
    dated = Scenario.build("mine", thesis=known, **SMALL)
    assert dated.priors == {"moscow.learning_weight": Fixed(50.0)}
    assert [onset.claim for onset in dated.onsets] == ["A2"]


def test_whoever_acts_and_whatever_is_befallen_can_be_named():
    names = ("what-if/hindcast", "what-if/war-as-recorded", "gorevoy")
    runs = [simulate(load(name, ["citizens=100"]), 1).history for name in names]
    actors, targets = ({getattr(e, who) for run in runs for e in run.events} for who in ("actor", "target"))
    assert len(actors) > 20
    assert actors <= set(ACTORS)
    assert targets <= {"", *TARGETS}
