"""The tables: documented, licensed, small, and without overlaps."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pandas as pd
import pytest

from sim.months import Month
from sim.world.record import Snapshot, check_documented, load_record
from sim.world.state import STATES

SPELLS = ("leaders", "executive_offices", "garrisons", "nato_path")
UNLICENSED = ("cow_", "_epr", "coup_", "atop_", "archigos", "ross")


@pytest.fixture(scope="module")
def record():
    return load_record()


def test_every_column_has_a_known_licence(record):
    allowed = (
        "CC BY 4.0",
        "CC BY 3.0 IGO",
        "CC BY-SA 4.0",
        "CC0 1.0",
        "public domain",
        "fact (not protected); compilation under CC BY-SA 4.0",
    )
    assert set(record.dictionary["licence"]) <= set(allowed)


def test_no_column_from_sources_without_an_open_licence(record):
    for name, table in record.tables.items():
        for column in table.columns:
            assert not any(mark in column for mark in UNLICENSED), (name, column)


@pytest.mark.parametrize("missing", ["meaning", "unit", "source", "licence"])
def test_a_gap_in_the_dictionary_is_refused(record, missing):
    dictionary = record.dictionary.copy()
    dictionary.loc[5, missing] = None
    with pytest.raises(ValueError, match=f"no {missing}"):
        check_documented(record.tables, dictionary)


def test_an_undocumented_column_is_refused(record):
    tables = {**record.tables, "states": record.tables["states"].assign(mystery=1)}
    with pytest.raises(ValueError, match=r"states\.csv: column 'mystery'"):
        check_documented(tables, record.dictionary)


def test_a_dictionary_row_without_its_column_is_refused(record):
    tables = {**record.tables, "states": record.tables["states"].drop(columns="capital")}
    with pytest.raises(ValueError, match=r"states\.csv has no column 'capital'"):
        check_documented(tables, record.dictionary)


def test_tables_are_small():
    folder = files("sim.world") / "tables"
    sizes = {entry.name: len(entry.read_bytes()) for entry in folder.iterdir()}
    assert sum(sizes.values()) < 150_000
    assert max(sizes.values()) < 80_000


def test_indicators_cover_every_state_and_year_once(record):
    indicators = record.tables["indicators"]
    assert not indicators.duplicated(["state", "year"]).any()
    assert set(indicators["state"]) == set(STATES)
    assert len(indicators) == len(STATES) * 34


def test_dates_are_real_and_spells_end_after_they_start(record):
    for name in (*SPELLS, "memberships"):
        for row in record.rows[name]:
            start = date.fromisoformat(row["start"])
            assert not row["end"] or date.fromisoformat(row["end"]) >= start, (name, row)


@pytest.mark.parametrize("name", SPELLS)
def test_spells_of_a_state_do_not_overlap(record, name):
    for state, table in record.tables[name].groupby("state"):
        ordered = table.sort_values("start")
        ends = ordered["end"].fillna("9999").to_numpy()[:-1]
        assert (ends < ordered["start"].to_numpy()[1:]).all(), (name, state)


def test_memberships_of_one_organisation_do_not_overlap(record):
    for key, table in record.tables["memberships"].groupby(["state", "organisation"]):
        ordered = table.sort_values("start")
        ends = ordered["end"].fillna("9999").to_numpy()[:-1]
        assert (ends < ordered["start"].to_numpy()[1:]).all(), key


def test_names_agree_across_tables(record):
    territories = set(record.tables["territories"]["territory"])
    assert set(record.tables["territory_status"]["territory"]) <= territories
    assert set(record.tables["dyads"]["territory"].dropna()) <= territories
    for name in ("memberships", "garrisons", "nato_path", "young_adults"):
        assert set(record.tables[name]["state"]) <= set(STATES), name


def test_young_share_agrees_with_the_population_prospects_anchors(record):
    """Shares of 2000, 2010 and 2020 as published with the model's design, to two decimals."""
    anchors = {
        ("UKR", 2000): 0.16, ("UKR", 2010): 0.33, ("UKR", 2020): 0.46,
        ("KAZ", 2000): 0.22, ("KAZ", 2010): 0.45, ("KAZ", 2020): 0.57,
        ("KGZ", 2000): 0.27, ("KGZ", 2010): 0.52, ("KGZ", 2020): 0.66,
        ("TJK", 2000): 0.32, ("TJK", 2010): 0.57, ("TJK", 2020): 0.71,
        ("EST", 2000): 0.16, ("EST", 2010): 0.31, ("EST", 2020): 0.43,
    }  # fmt: skip
    table = record.tables["young_adults"].set_index(["state", "year"])["young_share"]
    for key, share in anchors.items():
        assert table[key] == pytest.approx(share, abs=0.02), key


def test_blanks_stay_blank(record):
    """The table keeps what the sources say: nothing is filled in on disk."""
    indicators = record.tables["indicators"].set_index(["state", "year"])
    assert pd.isna(indicators.loc[("EST", 2010), "political_corruption"])
    assert pd.isna(indicators.loc[("ARM", 2024), "civil_society_freedom"])
    assert pd.isna(indicators.loc[("ARM", 2010), "oil_mtoe"])


def test_covariates_of_challenges_reach_as_far_as_their_sources(record):
    """Carried on after their last year with the error of a random walk, from the series' own changes."""
    for name, last in (
        ("core_civil_society", 2023),
        ("election_fairness", 2021),
        ("election_intimidation", 2021),
    ):
        for state in STATES:
            assert sorted(record.series[name, state]) == list(range(1991, last + 1)), (name, state)
        assert record.carry_years[name] >= 2024 - last
        steps = [
            series[year + 1] - series[year]
            for (column, _), series in record.series.items()
            if column == name
            for year in range(1991, last)
        ]
        assert record.yearly_step[name] == pytest.approx((sum(step**2 for step in steps) / len(steps)) ** 0.5)
        early, late = (
            Snapshot(record, Month.of(year, 1)).reading(name, "GEO") for year in (last + 1, last + 3)
        )
        assert (early.carried, early.error) == (0, 0)
        assert late.error == pytest.approx(record.yearly_step[name] * 2**0.5)
