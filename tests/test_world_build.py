"""The initial world at any start month: complete, in range, and true to known dates."""

from __future__ import annotations

import ast
import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import sim.world
from sim.months import Month
from sim.parameters.parameter import Tag
from sim.world import STATES, build_world, describe
from sim.world.places import CLASH_MONTHS
from sim.world.record import Snapshot, load_record
from sim.world.state import Estimate

STARTS = [str(Month.of(1992, 1) + step) for step in range(0, 396, 13)] + ["2024-12", "2025-01"]

HAND_SET_2010 = {
    # quantity: the judgement of the model's design for 2010, in the order of STATES
    "legitimacy": [0.65, 0.60, 0.62, 0.45, 0.52, 0.40, 0.50, 0.40, 0.55, 0.55, 0.50, 0.55, 0.36, 0.48],
    "cohesion": [0.60, 0.60, 0.60, 0.40, 0.75, 0.40, 0.50, 0.50, 0.70, 0.65, 0.70, 0.80, 0.35, 0.60],
    "security_density": [0.03, 0.03, 0.03, 0.04, 0.08, 0.05, 0.05, 0.05, 0.07, 0.06, 0.08, 0.09, 0.03, 0.06],
    "alignment": [-0.90, -0.90, -0.95, -0.30, 0.60, 0.30, -0.80, 0.70, 0.00, 0.60, 0.10, 0.00, 0.50, 0.60],
    "dependence": [0, 0, 0, 0.10, 0.60, 0.30, 0, 0.60, 0.20, 0.40, 0.20, 0.10, 0.50, 0.60],
    "titular_attitude": [-0.4, -0.3, -0.4, 0.2, 0.4, 0.1, -0.5, 0.5, 0.2, 0.5, 0.6, 0.3, 0.7, 0.7],
    "strategic_value": [0.3, 0.3, 0.3, 0.4, 0.8, 1.0, 0.5, 0.5, 0.5, 0.9, 0.6, 0.3, 0.5, 0.5],
}


def at(month: str):
    return build_world(Month.parse(month))


def state(month: str, code: str):
    return at(month).states[STATES.index(code)]


def status(month: str, name: str) -> int:
    return next(t.status for t in at(month).territories if t.name == name)


def members(month: str, organisation: str) -> set[str]:
    return {s.code for s in at(month).states if organisation in s.memberships}


@pytest.mark.parametrize("month", STARTS)
def test_any_start_month_builds_in_range(month):
    world = at(month)
    assert tuple(s.code for s in world.states) == STATES
    owners = [*world.states, *world.territories, *world.dyads, world.moscow]
    for owner in owners:
        for item in fields(owner):
            value = getattr(owner, item.name)
            if isinstance(value, Estimate):
                assert math.isfinite(value.mean) and math.isfinite(value.sd), (owner, item.name)
                assert value.low <= value.mean <= value.high, (owner, item.name)
                assert 0 <= value.sd <= (value.high - value.low) / 2, (owner, item.name)
                assert value.source
                assert value.low <= value.draw(0.001) <= value.draw(0.999) <= value.high
    for one in world.states:
        assert 0.02 <= one.security_density.mean <= 0.125
        assert 28 <= one.leader_age <= 90
        assert 0 <= one.leader_tenure < 480
        assert one.election_term in range(36, 85)
        assert one.months_since_election >= 0
        assert one.population > 1
        assert 0 <= one.young_share_growth < 0.04
        assert one.garrison >= 0
    assert 30 < world.moscow.leader_age < 80


@pytest.mark.parametrize("month", ["1991-12", "2025-02"])
def test_outside_the_record_is_refused(month):
    with pytest.raises(ValueError, match="1992-01 to 2025-01"):
        at(month)


def test_collective_security_treaty_members():
    assert members("1992-06", "CSTO") == {"ARM", "KAZ", "KGZ", "TJK", "UZB"}
    assert members("1994-06", "CSTO") == {"ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "TJK", "UZB"}
    assert members("2003-01", "CSTO") == {"ARM", "BLR", "KAZ", "KGZ", "TJK"}
    assert members("2010-01", "CSTO") == {"ARM", "BLR", "KAZ", "KGZ", "TJK", "UZB"}
    assert members("2013-01", "CSTO") == {"ARM", "BLR", "KAZ", "KGZ", "TJK"}


def test_other_memberships():
    assert members("2004-05", "EU") == members("2004-05", "NATO") == {"EST", "LVA", "LTU"}
    assert members("2004-03", "NATO") == set()
    assert members("2010-02", "EAEU") == {"BLR", "KAZ"}
    assert members("2016-01", "EAEU") == {"ARM", "BLR", "KAZ", "KGZ"}
    assert members("2000-01", "GUAM") == {"AZE", "GEO", "MDA", "UKR", "UZB"}
    assert "GEO" in members("2009-08", "CIS")
    assert "GEO" not in members("2009-09", "CIS")
    assert "UKR" not in members("2018-06", "CIS")


def test_a_member_stays_until_the_table_ends_its_spell():
    """Walking through the record, memberships change only in months that the table names."""
    record = load_record()
    named = {row[key][:7] for row in record.rows["memberships"] for key in ("start", "end") if row[key]}
    snapshots = [Snapshot(record, Month.of(1992, 1) + step) for step in range(396)]
    held = [{code: snapshot.memberships(code) for code in STATES} for snapshot in snapshots]
    changes = [i for i in range(1, 396) if held[i] != held[i - 1]]
    assert len(changes) > 20
    for i in changes:
        assert {str(snapshots[i].start), str(snapshots[i - 1].start)} & named


def test_territories_at_known_dates():
    assert status("2014-02", "Crimea") == 0
    assert status("2014-03", "Crimea") == 1
    assert status("2014-04", "Crimea") == 3
    assert status("2008-08", "Abkhazia") == 2
    assert status("2008-09", "Abkhazia") == status("2008-09", "South Ossetia") == 3
    assert status("2020-10", "Nagorno-Karabakh") == 1
    assert status("2021-01", "Nagorno-Karabakh") == 2
    assert status("2023-10", "Nagorno-Karabakh") == 0
    assert status("2022-03", "Donbas") == 3
    assert status("2004-04", "Adjara") == 1
    assert status("2010-01", "Adjara") == 0


def test_a_lost_territory_is_hardly_prone_any_more():
    before, after = (
        next(t.proneness.mean for t in at(month).territories if t.name == "Nagorno-Karabakh")
        for month in ("2023-09", "2023-10")
    )
    assert after < 0.1 * before


@pytest.mark.parametrize(
    ("month", "code", "name", "tenure"),
    [
        ("1992-01", "GEO", "Gamsakhurdia", 9),
        ("2003-01", "GEO", "Shevardnadze", 130),
        ("2010-01", "UKR", "Yushchenko", 60),
        ("2010-03", "UKR", "Yanukovych", 1),
        ("2010-04", "KGZ", "Bakiyev", 60),
        ("2010-05", "KGZ", "Otunbayeva", 1),
        ("2018-06", "ARM", "Pashinyan", 1),
        ("2010-01", "KAZ", "Nazarbayev", 237),
        ("2024-12", "BLR", "Lukashenko", 365),
        ("2013-01", "GEO", "Ivanishvili", 3),
    ],
)
def test_leaders(month, code, name, tenure):
    found = state(month, code)
    assert (found.leader, found.leader_tenure) == (name, tenure)


def test_a_short_absence_for_a_snap_election_does_not_end_a_reign():
    assert state("2010-01", "GEO").leader_tenure == Month.of(2010, 1) - Month.of(2004, 1)
    assert state("2021-06", "KGZ").leader_tenure == Month.of(2021, 6) - Month.of(2020, 10)


def test_leaders_age():
    assert state("2010-01", "BLR").leader_age == pytest.approx(55.3, abs=0.5)
    assert at("2010-01").moscow.leader == "Putin"
    assert at("1999-12").moscow.leader == "Yeltsin"
    assert at("2000-02").moscow.leader_tenure == 1


def test_elections_of_the_chief_executive():
    elections = at("2010-01").elections
    assert Month.of(2010, 2) in elections["UKR"] and Month.of(2010, 1) not in elections["UKR"]
    assert Month.of(2012, 10) in elections["GEO"] and Month.of(2013, 10) not in elections["GEO"]
    assert Month.of(2018, 12) in elections["ARM"]
    assert Month.of(2009, 7) in elections["MDA"]
    assert Month.of(2023, 3) in elections["EST"]
    assert Month.of(2012, 3) in elections["RUS"]
    for months in elections.values():
        assert list(months) == sorted(set(months))
    assert state("2010-01", "KGZ").months_since_election == 6
    assert state("2010-01", "UKR").months_since_election == 61
    assert state("2012-01", "KGZ").election_term == 72


def test_garrisons():
    assert state("2010-01", "GEO").garrison_consented is False
    assert state("2010-01", "UKR").garrison_consented is True
    assert state("2010-01", "UZB").garrison == 0
    assert state("2010-01", "TJK").garrison > 3
    assert state("2022-01", "UKR").garrison_consented is False
    assert state("2000-01", "EST").garrison == 0


def test_war_in_ukraine():
    assert at("2014-02").moscow.war_load.mean == 0
    assert at("2014-03").moscow.war_load.mean == pytest.approx(0.2)
    assert at("2022-02").moscow.war_load.mean == pytest.approx(0.2)  # it began on the 24th
    assert at("2022-03").moscow.war_load.mean == 1
    assert at("1992-01").war_state == "UKR"
    assert at("1992-01").war_history == ((Month.of(2014, 3), 0.2), (Month.of(2022, 2), 1.0))


def test_nothing_later_than_the_start_is_seen_where_the_record_reaches_back():
    """Cutting from the record all that happened from 2010 on leaves the world of 2010-01 as it was."""
    record = load_record()
    cut = {key: {y: v for y, v in values.items() if y < 2010} for key, values in record.series.items()}
    start = Month.of(2010, 1)
    whole = Snapshot(record, start)
    blind = Snapshot(
        type(record)(
            record.tables, record.dictionary, record.rows, cut, record.carry_years, record.yearly_step
        ),
        start,
    )
    for column, code in record.series:
        full, past = whole.reading(column, code), blind.reading(column, code)
        assert full == past, (column, code)


def test_carrying_stops_at_its_limit_and_adds_error():
    record = load_record()
    column, code = "civil_society_freedom", "KAZ"  # ends in 2021
    limit = record.carry_years[column]
    errors = []
    for years in range(limit + 1):
        reading = Snapshot(record, Month.of(2022 + years, 1)).reading(column, code)
        assert reading is not None and reading.carried == years
        assert reading.value == record.series[column, code][2021]
        errors.append(reading.error)
    assert errors == sorted(errors) and errors[0] == 0 and errors[-1] > 0
    assert Snapshot(record, Month.of(2022 + limit + 1, 1)).reading(column, code) is None


def test_every_reading_used_is_within_its_limit():
    record = load_record()
    for month in ("1992-01", "2000-06", "2024-12"):
        snapshot = Snapshot(record, Month.parse(month))
        for column, code in record.series:
            reading = snapshot.reading(column, code)
            assert reading is None or reading.carried <= record.carry_years[column]


def test_errors_grow_when_data_end():
    assert state("2024-12", "KAZ").security_density.sd > state("2019-12", "KAZ").security_density.sd * 1.05
    assert state("2024-12", "EST").corruption.sd > state("2010-01", "BLR").corruption.sd


def test_measured_is_cited_and_proxies_are_assumed():
    one = state("2010-01", "KAZ")
    for name in ("openness", "corruption", "russian_share", "young_share"):
        assert getattr(one, name).tag is Tag.CITED, name
    for name in ("legitimacy", "cohesion", "alignment", "titular_attitude", "strategic_value"):
        assert getattr(one, name).tag is Tag.ASSUMED, name


def test_known_magnitudes():
    assert state("2010-01", "EST").openness.mean > 0.8
    assert state("2010-01", "UZB").openness.mean < 0.25
    assert state("2010-01", "KAZ").russian_share.mean == pytest.approx(0.30, abs=0.01)
    assert state("1992-01", "UKR").young_share.mean < 0.03
    assert state("2010-01", "TJK").young_share.mean > state("2010-01", "EST").young_share.mean + 0.2
    assert state("2010-01", "TKM").rents.mean > state("2010-01", "UZB").rents.mean > 0.3
    assert state("2010-01", "ARM").rents.mean == 0
    assert state("2024-01", "KAZ").china_exposure.mean > 2 * state("1995-01", "KAZ").china_exposure.mean
    assert state("2010-01", "AZE").turkey_exposure.mean > 0.7
    assert state("2010-01", "EST").nato_course.mean == 1
    assert state("2010-01", "GEO").nato_course.mean == pytest.approx(0.5)


def test_alignment_moves_as_the_record_does():
    assert state("2013-07", "UKR").alignment.mean > state("2015-07", "UKR").alignment.mean + 0.3
    assert state("2002-07", "GEO").alignment.mean > state("2010-07", "GEO").alignment.mean + 0.2
    assert state("2000-07", "UZB").alignment.mean < state("2008-07", "UZB").alignment.mean
    assert state("2014-02", "UKR").titular_attitude.mean > state("2014-04", "UKR").titular_attitude.mean


@pytest.mark.parametrize(("quantity", "hand"), HAND_SET_2010.items())
def test_face_validity_against_the_hand_set_table(quantity, hand):
    """The design's own guesses for 2010 rank the states alike; a check on sense, not a fit."""
    means = [getattr(one, quantity).mean for one in at("2010-01").states]
    assert np.corrcoef(means, hand)[0, 1] > 0.6


def test_closeness_is_a_symmetric_matrix_of_shares():
    matrix = np.array(at("2010-01").closeness)
    assert matrix.shape == (14, 14)
    assert (matrix == matrix.T).all() and (np.diag(matrix) == 0).all()
    assert matrix.min() >= 0 and matrix.max() <= 1
    assert matrix[STATES.index("KAZ"), STATES.index("KGZ")] > matrix[STATES.index("KAZ"), STATES.index("EST")]


def test_hazard_of_clashes_rises_with_the_record():
    def hazard(month: str, first: str, second: str) -> float:
        return next(d.hazard.mean for d in at(month).dyads if (d.first, d.second) == (first, second))

    assert hazard("2010-01", "ARM", "AZE") > 5 * hazard("2010-01", "KGZ", "UZB")
    assert hazard("2023-01", "KGZ", "TJK") > 2 * hazard("2013-01", "KGZ", "TJK")


def test_the_hazard_of_clashes_gives_back_the_years_that_the_record_has():
    """A clash takes a year of its own, so clashes begin every 12 months and the mean wait for one."""
    dyad = next(d for d in at("2024-01").dyads if (d.first, d.second) == ("ARM", "AZE"))
    recorded = sum(row["first"] == "ARM" and row["year"] <= 2023 for row in load_record().rows["clashes"])
    expected = 12 * 33 / (CLASH_MONTHS + 1 / dyad.hazard.mean)
    assert recorded == 18
    assert 0.8 * recorded < expected < recorded  # the prior holds it back a little


def test_describe_has_a_row_for_every_estimate():
    world = at("2010-01")
    table = describe(world)
    per_state = sum(isinstance(getattr(world.states[0], f.name), Estimate) for f in fields(world.states[0]))
    assert (table.groupby("state").size()[list(STATES)] == per_state).all()
    assert (table["source"].str.len() > 0).all()
    row = table.set_index(["state", "quantity"]).loc[("KGZ", "legitimacy")]
    assert row["mean"] == world.states[STATES.index("KGZ")].legitimacy.mean


def test_no_code_branches_on_the_name_of_a_state():
    """Outside `state.py`, which declares them, no state's code or name appears as a value in the code."""
    names = {row["name"] for row in load_record().rows["states"]} | set(STATES)
    folder = Path(sim.world.__file__).parent
    modules = [path for path in folder.glob("*.py") if path.name != "state.py"]
    assert len(modules) > 7
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in names, (path.name, node.value)
