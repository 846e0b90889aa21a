"""The prior ensemble: nothing lost on disk, resumed where it stopped, one draw a draw at every origin."""

from __future__ import annotations

import dataclasses
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calibration.ensemble import build as building
from calibration.ensemble.build import adopt, build, missing
from calibration.ensemble.origins import RECORD_PERIOD, Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.priors import ASKED, widened
from calibration.ensemble.scenarios import scenario_of
from calibration.ensemble.simulate import Simulate
from calibration.ensemble.store import EnsembleError, EnsembleStore
from calibration.ensemble.tables import facts_table, history_of, years_table
from calibration.history import Challenge, Observation, ObservedHistory, Window
from sim.months import Month
from sim.parameters import Fixed, catalogue
from sim.scenario import Scenario

THEN, NOW = Origin("2019-01", 2, "historical"), Origin("2020-01", 1, "free")
PLAN = Plan(2, theses=("baseline", "kuzio"), origins=(THEN, NOW), citizens=50)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    store = EnsembleStore(tmp_path_factory.mktemp("ensemble") / "prior")
    build(PLAN, store)
    return store


def every_field() -> ObservedHistory:
    month = Month.of(2000, 5)
    facts = {
        item.name: (Observation(month, "KGZ", item.name), Observation(month + 3, "ARM-AZE"))
        for item in dataclasses.fields(ObservedHistory)
        if item.default == ()
    }
    facts["challenges"] = (Challenge(month, "KGZ", "fell", "words"), Challenge(month + 1, "GEO", "survived"))
    return ObservedHistory(
        window=Window(2000, 2001),
        members={2000: 7, 2001: 6},
        alignment={("KGZ", 2000): 0.5, ("GEO", 2001): -0.25},
        crowds={("KGZ", 2000): 1024.0},
        crowded_months={("KGZ", 2000): 0},
        **facts,
    )


def test_every_field_of_a_history_survives_the_tables():
    history, other = every_field(), ObservedHistory(Window(2000, 2001))
    pairs = [({"draw": 0}, history), ({"draw": 1}, other)]
    facts, years = facts_table(pairs), years_table(pairs)
    for draw, original in ((0, history), (1, other)):
        rows = [table[table["draw"] == draw] for table in (facts, years)]
        assert history_of(original.window, *rows) == original


def test_the_stored_history_is_that_of_the_run(stored):
    simulate = Simulate(PLAN.seed, PLAN.repeats)
    scenario = scenario_of("kuzio", THEN, PLAN.citizens)
    again = simulate(scenario, 1, building.build_world(THEN.month))
    found = {draw: history for draw, _, history in stored.histories("kuzio", THEN)}
    assert set(found) == {0, 1}
    assert found[1].window == Window(2019, 2020)
    for item in dataclasses.fields(ObservedHistory):
        kept, original = getattr(found[1], item.name), getattr(again.history, item.name)
        if isinstance(original, dict):
            assert kept == pytest.approx(original), item.name
        else:
            assert kept == original, item.name


def test_a_draw_has_its_parameters_at_every_origin_and_its_own_quantiles_under_every_thesis(stored):
    draws = stored.read("draws").set_index(["thesis", "origin", "draw"])
    shared_world = draws.loc["baseline"]
    paths = list(catalogue())
    for draw in (0, 1):
        np.testing.assert_array_equal(
            shared_world.loc[(THEN.key, draw), paths], shared_world.loc[(NOW.key, draw), paths]
        )
    uncertain = [path for path, spec in catalogue().items() if not isinstance(spec.prior, Fixed)]
    assert (shared_world.loc[(THEN.key, 0), uncertain] != shared_world.loc[(THEN.key, 1), uncertain]).all()
    shared = "challenges.focal_rate"  # which the thesis of Kuzio leaves alone
    assert draws.loc[("kuzio", THEN.key, 1), shared] == draws.loc[("baseline", THEN.key, 1), shared]
    claim = "moscow.sunk_claim"  # which it raises from the first month
    assert draws.loc[("kuzio", THEN.key, 1), claim] > draws.loc[("baseline", THEN.key, 1), claim]


def test_what_is_stored_is_not_run_again(stored, monkeypatch, tmp_path):
    assert list(missing(PLAN, stored)) == []
    more = replace(PLAN, origins=(THEN, NOW, Origin("2021-01", 1, "free")))
    assert {origin.start for _, origin, _ in missing(more, stored)} == {"2021-01"}

    def explode(*arguments, **options):
        raise AssertionError("a stored run was run again")

    monkeypatch.setattr(Simulate, "__call__", explode)
    build(PLAN, stored)  # failing runs would be stored; none may be
    assert (stored.read("runs")["error"] == "").all()


def test_a_chunk_that_was_cut_short_is_run_again(stored, tmp_path):
    half = stored.chunk("baseline", THEN, range(2))
    aside = tmp_path / "aside"
    half.rename(aside)
    half.with_name(f".{half.name}").mkdir()  # as a killed process leaves it
    assert [(thesis, origin) for thesis, origin, _ in missing(PLAN, stored)] == [("baseline", THEN)]
    build(PLAN, stored)
    assert (half / "facts.parquet").read_bytes() == (aside / "facts.parquet").read_bytes()
    assert not half.with_name(f".{half.name}").exists()


def test_runs_of_another_model_are_not_mixed_in(stored, tmp_path):
    with pytest.raises(EnsembleError, match="another model"):
        build(replace(PLAN, fingerprint="0" * 16), stored)
    with pytest.raises(EnsembleError, match="another model"):
        build(replace(PLAN, seed=5), stored)
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(EnsembleError, match="holds no ensemble"):
        build(PLAN, EnsembleStore(tmp_path))
    with pytest.raises(EnsembleError, match="no ensemble here"):
        EnsembleStore(tmp_path / "nowhere").plan()


def test_a_failed_run_is_kept_with_its_reason_and_loses_no_other(monkeypatch, tmp_path):
    original = Simulate.__call__

    def sometimes(self, scenario, replicate, world):
        if replicate == 0:
            raise ZeroDivisionError("bad luck")
        return original(self, scenario, replicate, world)

    monkeypatch.setattr(Simulate, "__call__", sometimes)
    store = EnsembleStore(tmp_path / "prior")
    build(replace(PLAN, theses=("baseline",), origins=(NOW,)), store)
    runs = store.read("runs").set_index("draw")
    assert runs.loc[0, "error"] == "ZeroDivisionError: bad luck"
    assert [draw for draw, _, _ in store.histories("baseline", NOW)] == [1]


def test_a_thesis_keeps_its_own_prior_and_the_rest_is_widened():
    path = ASKED[0].path
    plain, thesis = Scenario.build("plain"), Scenario.build("own", parameters={path: 0.31})
    assert widened(plain).parameters[path].prior == ASKED[0].prior
    assert widened(thesis).parameters[path].prior.centre == 0.31
    assert set(widened(plain).parameters) == {asked.path for asked in ASKED}


def test_a_plan_survives_its_file(tmp_path):
    assert Plan.from_json(PLAN.to_json()) == PLAN
    with pytest.raises(ValueError, match="not the plan"):
        Plan.from_json("{}")


def test_an_ensemble_of_an_earlier_version_is_read(stored, tmp_path):
    shutil.copytree(stored.folder, tmp_path / "old")
    old = EnsembleStore(tmp_path / "old")
    plan = old.folder / "plan.json"
    plan.write_text(plan.read_text().replace('"repeats"', '"lucks"'))
    for table in old.folder.rglob("*.parquet"):
        pd.read_parquet(table).rename(columns={"repeat": "luck"}).to_parquet(table, index=False)
    assert old.plan() == PLAN
    assert list(old.finished()) == list(stored.finished())
    assert list(old.histories("kuzio", THEN)) == list(stored.histories("kuzio", THEN))
    pd.testing.assert_frame_equal(old.read("draws"), stored.read("draws"))


def test_the_record_period_is_the_shipped_hindcast():
    scenario = scenario_of("baseline", RECORD_PERIOD)
    assert (str(scenario.start), scenario.years, scenario.mode) == ("1992-01", 33, "historical")
    assert any(event.name.startswith("KGZ joins") for event in scenario.timeline)
    later = scenario_of("baseline", Origin("2000-01", 25, "historical"))
    assert {str(event.at) for event in later.timeline} == {"2002-11"}


def test_more_draws_add_to_what_is_there(tmp_path):
    store = EnsembleStore(tmp_path / "prior")
    small = replace(PLAN, draws=1, theses=("baseline",), origins=(NOW,))
    build(small, store)
    first = store.read("facts")
    build(replace(small, draws=3), store)
    build(small, store)
    assert store.plan().draws == 3
    assert sorted(store.read("draws")["draw"]) == [0, 1, 2]
    again = store.read("facts")
    assert again[again["draw"] == 0].reset_index(drop=True).equals(first)


def test_runs_of_another_version_are_adopted_if_they_are_the_same(stored, tmp_path):
    store = EnsembleStore(tmp_path / "copy")
    shutil.copytree(stored.folder, store.folder)
    assert adopt(store) == 0  # nothing to adopt
    store.keep(replace(PLAN, fingerprint="0" * 12))
    assert adopt(store, size=3) == 3
    assert store.plan().fingerprint == PLAN.fingerprint
    assert "3 made again were the same, bit for bit" in (store.folder / "log.txt").read_text()
    assert list(missing(PLAN, store)) == []


def test_runs_that_are_not_the_same_are_not_adopted(stored, tmp_path):
    store = EnsembleStore(tmp_path / "copy")
    shutil.copytree(stored.folder, store.folder)
    before = replace(PLAN, fingerprint="0" * 12)
    store.keep(before)
    path = max(store.folder.rglob("years.parquet"))
    years = pd.read_parquet(path)
    last = years.index[years["alignment"].notna()][-1]
    years.loc[last, "alignment"] = np.nextafter(years.loc[last, "alignment"], np.float32(2), dtype=np.float32)
    years.to_parquet(path, index=False)
    with pytest.raises(EnsembleError, match=r"made again differs in years\.parquet"):
        adopt(store, size=10**6)
    assert store.plan() == before
