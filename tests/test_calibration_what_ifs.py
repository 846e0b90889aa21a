"""What happened in the what-ifs on record: documented, sourced, and counted in runs as by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calibration.record.load import load_tables
from calibration.what_ifs.facts import (
    AGAINST,
    ALL,
    CORE,
    RECORDED,
    Fact,
    exact,
    largest_crowds,
    load_facts,
    scenarios,
    shares,
)
from docs.remake import what_ifs
from docs.remake.stored import Tree
from docs.remake.words import told
from sim.model.events import EVENT_KINDS
from sim.model.simulate import simulate
from sim.months import Month
from sim.scenario import load, names
from sim.world.record import load_record
from sim.world.state import STATES

FACT = Fact(
    "calm", RECORDED, "fell", core=True, told="it fell", kind="fall", actor="street", target="KAZ", detail="",
    first=Month.of(2022, 1), last=Month.of(2022, 3), least=1, most=math.inf, size=None, source="", note="",
)  # fmt: skip


def events(*rows):
    """Return events as rows of replicate, month, kind, actor, target, detail, value."""
    columns = ["replicate", "month", "kind", "actor", "target", "detail", "value"]
    return pd.DataFrame(rows, columns=columns)


FALLS = events(
    (0, "2022-01", "fall", "street", "KAZ", "street", 0.3),
    (0, "2022-03", "fall", "street", "KAZ", "street", 0.3),
    (1, "2022-04", "fall", "street", "KAZ", "street", 0.3),
    (2, "2022-02", "fall", "elite", "KAZ", "elite", 0.3),
    (3, "2022-02", "fall", "street", "GEO", "street", 0.3),
)


@pytest.mark.parametrize("fact", load_facts(), ids=lambda fact: f"{fact.scenario}: {fact.name}")
def test_every_fact_can_be_judged_and_rests_on_a_row_of_the_record(fact):
    assert f"what-if/{fact.scenario}" in names()
    assert fact.premise in (RECORDED, AGAINST)
    tables = {**load_record().tables, **load_tables()}
    table, *wanted = fact.source.split()
    rows = tables[table].astype(str)
    assert any(set(wanted) <= set(row) for row in rows.to_numpy().tolist()), fact.source
    if not fact.kind:
        assert fact.note
        assert not fact.core
        return
    kind = EVENT_KINDS[fact.kind]
    assert not fact.detail or fact.detail in kind.details
    assert fact.least <= fact.most
    assert fact.least > 0 or fact.most < math.inf or fact.size
    scenario = load(f"what-if/{fact.scenario}")
    assert scenario.start <= fact.first <= fact.last < scenario.start + 12 * scenario.years
    assert str(fact.last) <= "2024-12", "what comes later is held back"
    known = {*STATES, "CSTO", "CIS", "EAEU", "NATO", "ARM-AZE"}
    known |= set(load_record().tables["territories"]["territory"])
    assert set(fact.target.removeprefix("!").split()) <= known


def test_names_are_unique_and_each_what_if_has_a_core():
    facts = load_facts()
    assert len({(fact.scenario, fact.name) for fact in facts}) == len(facts)
    for scenario in scenarios(facts):
        assert any(fact.core for fact in facts if fact.scenario == scenario)


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, [True, False, False, False, False]),
        ({"most": 1}, [False, False, False, False, False]),
        ({"least": 0, "most": 0}, [False, True, True, True, True]),
        ({"actor": "", "most": 1}, [False, False, True, False, False]),
        ({"target": "KAZ GEO"}, [True, False, False, True, False]),
        ({"target": "!KAZ"}, [False, False, False, True, False]),
        ({"last": Month.of(2022, 4)}, [True, True, False, False, False]),
        ({"first": Month.of(2022, 2), "most": 1}, [True, False, False, False, False]),
        ({"actor": "", "detail": "elite"}, [False, False, True, False, False]),
    ],
)
def test_events_are_counted_where_and_when_the_fact_says(changes, held):
    assert replace(FACT, **changes).holds(FALLS, range(5)).tolist() == held


def test_a_crowd_is_the_largest_of_the_events_in_persons():
    ended = events(
        (0, "2022-01", "challenge_ended", "KAZ", "KAZ", "ebbed", 0.1),
        (0, "2022-02", "challenge_ended", "KAZ", "KAZ", "ebbed", 0.2),
        (1, "2022-02", "challenge_ended", "KAZ", "KAZ", "ebbed", 0.01),
    )
    people = 1e6 * load_record().series["population_million", "KAZ"][2021]
    size = (0.0015 * people, 0.003 * people)  # one in a hundred in open opposition is on the street
    fact = replace(FACT, kind="challenge_ended", actor="", least=0, size=size)
    assert fact.holds(ended, range(3)).tolist() == [True, False, False]
    crowds = largest_crowds(ended, range(3), [fact, FACT], Month.of(2025, 1)).iloc[0]
    assert crowds["runs"] == 2
    assert crowds["most"] == pytest.approx(0.002 * people, rel=0.02)


def test_shares_join_the_core_and_leave_out_what_runs_do_not_reach():
    other = replace(FACT, name="stood", core=False, target="GEO", least=0, most=0)
    late = replace(other, name="late", last=Month.of(2030, 1))
    found = shares(FALLS, range(5), [FACT, other], Month.of(2025, 12)).set_index("fact")
    assert found["hits"].to_dict() == {"fell": 1, "stood": 4, CORE: 1, ALL: 1}
    assert found.loc["stood", ["share", "low", "high"]].tolist() == [0.8, *exact(4, 5)]
    found = shares(FALLS, range(5), [FACT, late], Month.of(2025, 12)).set_index("fact")
    assert math.isnan(found.loc["late", "share"])
    assert math.isnan(found.loc[ALL, "share"])
    assert found.loc[CORE, "hits"] == 1


def test_intervals_are_exact():
    assert exact(0, 30) == (0.0, pytest.approx(1 - 0.025 ** (1 / 30)))  # Clopper and Pearson, by hand
    assert np.isnan(exact(0, 0)).all()


def test_blocks_say_how_to_make_what_is_missing_and_follow_the_numbers(tmp_path):
    tree = Tree(tmp_path)
    missing = "\n".join(told(block(tree)) for block in what_ifs.BLOCKS.values())
    assert missing.count("Not made yet: `python -m docs.remake full") == 3
    assert "No readers' forms are in yet" in missing
    fact = replace(FACT, scenario="kazakhstan-january", source="episodes KAZ-2022")
    table = shares(FALLS, range(5), [fact], Month.of(2025, 12)).assign(thesis="milosevic")
    crowds = largest_crowds(FALLS, range(5), [], Month.of(2025, 12))
    tree.keep("whatifs", {"what_ifs": table, "crowds": crowds}, {"runs": 5, "made": "made up"})
    block = told(what_ifs.what_ifs(tree))
    assert "Some of the runs share the core of what happened: 1 of 5; 1 share all that is judged." in block
    assert "| **it fell** | 20 % (0.51 to 72) | `episodes KAZ-2022` |" in block
    others = told(what_ifs.elsewhere(tree))
    assert "`csto-stays-home`" in others
    assert "kazakhstan-january" not in others


@pytest.mark.parametrize(("peaceful", "said"), [(8, "as M3 has it"), (1, "these runs do not show M3")])
def test_the_remark_on_nato_follows_the_numbers(tmp_path, peaceful, said):
    tree = Tree(tmp_path)
    rows = []
    for scenario, hits in (("nato-path-georgia", 0), ("georgia-stays-out", peaceful)):
        low, high = exact(hits, 10)
        rows.append(
            {"scenario": scenario, "fact": "peace", "runs": 10, "hits": hits, "low": low, "high": high}
        )
    assert not told(what_ifs.on_nato(tree))
    tree.keep("whatifs", {"what_ifs": pd.DataFrame(rows)}, {"runs": 10, "made": "made up"})
    remark = told(what_ifs.on_nato(tree))
    assert (
        f"in 10 of 10 runs where NATO opens a path, and in {10 - peaceful} of 10 where it does not" in remark
    )
    assert said in remark


def test_without_a_path_georgia_is_past_the_red_line_when_it_is_attacked():
    """So these wars are none on a state that is merely unfriendly: what the remark says of M4."""
    scenario = load("georgia-stays-out").replace(citizens=50, years=8)
    seen = []
    for replicate in range(6):
        run = simulate(scenario, replicate)
        seen += [
            event.facts["nato_course"] - run.draws["war.red_line"]
            for event in run.history.events
            if (event.kind, event.target, event.detail) == ("war", "GEO", "started")
        ]
    assert seen
    assert min(seen) > 0
