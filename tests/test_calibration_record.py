"""The record: documented, complete, and as counted by hand."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import sim
from calibration.history import CLOSED, REGION, Window
from calibration.record.leaders import leader_changes
from calibration.record.load import LATEST, PUBLISHED, RecordError, load_tables, read_tables
from calibration.record.load import episodes as rows_of_version
from calibration.record.observed import members_at, observed_record
from sim.months import Month
from sim.world.build import build_world
from sim.world.record import load_record
from sim.world.state import STATES

FIT, TEST = Window(1992, 2013), Window(2014, 2024)
PUBLISHED_COLUMNS = [
    "id", "state", "name", "start", "end", "near_vote", "outcome", "how_fell", "fall_date", "incumbent",
    "successor", "orientation", "orientation_reason", "archigos_exit", "russian_response", "russian_side",
]  # fmt: skip
PUBLISHED_SHEET = "6450767a17a83086333031dae9c984f69dce3d35b7963c78f6db4592212b2415"
OPEN_LICENCES = {"CC BY-SA 4.0", "CC0 1.0", "fact (not protected); compilation under CC BY-SA 4.0"}


@pytest.fixture(scope="module")
def episodes():
    return load_tables()["episodes"]


@pytest.fixture
def copied(tmp_path):
    """The tables in a folder of their own, to be damaged."""
    for name, table in load_tables().items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    dictionary = Path("calibration/record/tables/columns.csv")
    source = Path(__file__).parent.parent / dictionary
    (tmp_path / "columns.csv").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_a_copy_of_the_tables_is_accepted(copied):
    assert set(read_tables(copied)) == {
        "episodes",
        "overthrows",
        "interventions",
        "alliance_calls",
        "protests",
        "events",
        "political_crowds",
    }


def test_an_undocumented_column_is_refused(copied):
    load_tables()["episodes"].assign(mystery="1").to_csv(copied / "episodes.csv", index=False)
    with pytest.raises(ValueError, match=r"episodes\.csv: column 'mystery'"):
        read_tables(copied)


@pytest.mark.parametrize("key", ["meaning", "unit", "source", "licence"])
def test_a_column_without_its_source_or_licence_is_refused(copied, key):
    dictionary = pd.read_csv(copied / "columns.csv", keep_default_na=False)
    dictionary.loc[3, key] = ""
    dictionary.to_csv(copied / "columns.csv", index=False)
    with pytest.raises(ValueError, match=f"no {key}"):
        read_tables(copied)


def test_every_licence_is_open(copied):
    assert set(pd.read_csv(copied / "columns.csv")["licence"]) <= OPEN_LICENCES


def test_the_sheet_has_one_row_an_episode_and_only_known_codes(episodes):
    allowed = {
        "state": set(STATES),
        "outcome": {"fell", "concession", "survived"},
        "near_vote": {"election", "succession", "no"},
        "orientation": {"anti", "neutral", "pro", ""},
        "archigos_exit": {"irregular", "regular", "none", "uncoded"},
        "how_fell": {"protest", "armed protest", "lost election", "cabinet resigned", "state collapse", ""},
    }
    assert episodes["id"].is_unique
    for column, codes in allowed.items():
        assert set(episodes[column]) <= codes, column


def test_the_sheet_is_consistent_within_each_row(episodes):
    fell = episodes["outcome"] == "fell"
    for column in ("how_fell", "fall_date", "incumbent", "successor", "orientation", "orientation_reason"):
        assert ((episodes[column] != "") == fell).all(), column
    assert (pd.to_datetime(episodes["start"]) <= pd.to_datetime(episodes["end"])).all()
    assert (episodes.loc[fell, "fall_date"] >= episodes.loc[fell, "start"]).all()


def test_counts_of_the_sheet(episodes):
    assert len(episodes) == 67
    assert Counter(episodes["outcome"]) == {"survived": 33, "concession": 20, "fell": 14}


def test_the_sheet_that_results_rest_on_is_byte_for_byte_the_published_one():
    """Rows and columns of version 0.1.0; a change of them would make every published number false."""
    published = rows_of_version(PUBLISHED)
    assert len(published) == 64
    text = published[PUBLISHED_COLUMNS].to_csv(index=False, lineterminator="\n")
    assert hashlib.sha256(text.encode()).hexdigest() == PUBLISHED_SHEET


def test_the_record_reads_the_newest_sheet_unless_asked_for_another():
    published = observed_record(version=PUBLISHED)
    assert len(published.challenges) == 62  # two begin in 1991
    assert observed_record() == observed_record(version=LATEST)
    new = set(observed_record().challenges) - set(published.challenges)
    assert {(row.state, row.month.year, row.outcome, row.support) for row in new} == {
        ("TJK", 2021, "survived", "none"), ("TJK", 2022, "survived", "none"),
        ("UZB", 2022, "concession", "words"),
    }  # fmt: skip


def test_every_episode_says_what_it_rests_on(episodes):
    known = re.compile(
        r"common knowledge \([^)]+\)(; (Mass Mobilization \d{10}|NAVCO 1\.3|CSRA 9 no\. \d+"
        r"|Cline CDP 2\.1\.2 no\. [\d,_]+|UCDP/PRIO conflict [\d,]+) \(occurrence(, size)?\))*"
    )
    for table in (episodes, load_tables()["events"]):
        for row in table.itertuples():
            assert known.fullmatch(row.source), row.id
    sized = episodes["size_low"] != ""
    assert (sized == episodes["source"].str.contains("Mass Mobilization")).all()
    assert ((episodes["size_order"] != "") == episodes["source"].str.contains("order of the size")).all()
    assert (
        (episodes["size_of"] == "") == ((episodes["size_low"] == "") & (episodes["size_order"] == ""))
    ).all()


def test_both_sheets_agree_on_what_both_have(episodes):
    events = load_tables()["events"].set_index("id")
    same = ["state", "start", "end", "size_low", "size_order"]
    assert events.index.is_unique
    both = episodes.set_index("id")
    pd.testing.assert_frame_equal(events.loc[both.index, same], both[same])
    assert (events.loc[both.index, "outcome"] == both["outcome"]).all()
    assert (events.loc[both.index, "challenge"] == "1").all()


def test_what_is_left_out_of_the_sheet_has_a_reason(episodes):
    events = load_tables()["events"]
    assert ((events["left_out_because"] == "") == events["id"].isin(episodes["id"])).all()
    left_out = events[(events["challenge"] == "1") & (events["left_out_because"] != "")]
    assert set(left_out["id"]) == {
        "EST-1991", "LVA-1991", "LTU-1991",
        "GEO-AB-2004", "GEO-SO-2011", "GEO-AB-2014", "GEO-AB-2020", "GEO-AB-2024",
    }  # fmt: skip


def test_the_tables_say_challenge_and_leave_uprising_to_names_of_episodes(copied):
    tables = {
        **load_record().rows,
        **{path.stem: pd.read_csv(path, dtype=str).to_dict("records") for path in copied.glob("*.csv")},
    }
    assert {"leaders", "early_votes", "columns", "events", "episodes"} <= set(tables)
    old = {
        (name, column)
        for name, rows in tables.items()
        for row in rows
        for column, value in row.items()
        if "uprising" in str(value)
    }
    assert old == {("episodes", "name"), ("events", "name")}
    ways = Counter(change.detail for change in leader_changes())
    assert ways["street"] > ways["elite"] > 0  # the words of the list are those that the code counts


def test_early_votes_are_votes_that_were_held():
    held = {(row["state"], row["month"], row["kind"]) for row in load_record().rows["elections"]}
    early = pd.DataFrame(load_record().rows["early_votes"])
    assert not early.duplicated(["state", "month", "kind"]).any()
    for row in early.itertuples():
        assert (row.state, row.month, row.kind) in held or row.month > "2024-12"
        assert row.announced <= row.month


def test_political_crowds_are_among_all_crowds():
    everything = load_tables()["protests"].set_index(["state", "month"])
    political = load_tables()["political_crowds"].set_index(["state", "month"])
    own = everything.loc[political.index]
    assert (political["protests"].astype(int) <= own["protests"].astype(int)).all()
    sized = political["largest"] != ""
    assert (political.loc[sized, "largest"].astype(int) <= own.loc[sized, "largest"].astype(int)).all()


def test_a_row_of_2025_is_refused_in_the_shipped_tables(copied):
    table = load_tables()["episodes"].copy()
    table.loc[0, "start"] = "2025-03-01"
    table.to_csv(copied / "episodes.csv", index=False)
    with pytest.raises(RecordError, match=r"episodes\.csv: line 2: start 2025-03-01: .* held back"):
        read_tables(copied)


def test_every_episode_that_the_corpus_names_is_there(episodes):
    named = {
        ("GEO", 2003), ("UKR", 2004), ("KGZ", 2005), ("KGZ", 2010), ("KGZ", 2020), ("BLR", 2006),
        ("BLR", 2020), ("MDA", 2009), ("UKR", 2013), ("KAZ", 2022),
    }  # fmt: skip
    begun = {(row.state, int(row.start[:4])) for row in episodes.itertuples()}
    assert named <= begun


def test_falls_to_the_street_by_state():
    record = observed_record()
    counted = {
        window: Counter(fall.subject for fall in record.within(window).falls if fall.detail == "street")
        for window in (FIT, TEST)
    }
    assert counted[FIT] == {"AZE": 2, "GEO": 1, "UKR": 1, "KGZ": 2}
    assert counted[TEST] == {"UKR": 1, "ARM": 1, "KGZ": 1}


def test_wide_coding_adds_lost_elections_cabinets_and_rebels():
    falls = [fall for fall in observed_record("wide").falls if fall.detail == "street"]
    by_state = Counter(fall.subject for fall in falls)
    assert by_state == {
        "AZE": 3, "GEO": 3, "TJK": 2, "UKR": 2, "KGZ": 3, "MDA": 1, "ARM": 1, "LVA": 2
    }  # fmt: skip


def test_archigos_coding_counts_irregular_exits_only():
    falls = [fall for fall in observed_record("archigos").falls if fall.detail == "street"]
    assert sorted((fall.subject, fall.month.year) for fall in falls) == [
        ("AZE", 1993), ("GEO", 1992), ("GEO", 2003), ("GEO", 2007), ("KGZ", 2005), ("KGZ", 2010),
        ("TJK", 1992),
    ]  # fmt: skip


def test_archigos_coding_ends_with_its_source():
    assert observed_record("archigos").window == Window(1992, 2015)


def test_an_unknown_coding_is_refused():
    with pytest.raises(ValueError, match="no coding 'polity': use protest, wide, archigos"):
        observed_record("polity")


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("1992-12-31", 6),
        ("1994-12-31", 9),
        ("1999-12-31", 6),
        ("2006-12-31", 7),
        ("2012-12-31", 6),
        ("2024-12-31", 6),
    ],
)
def test_members_of_the_alliance(day, members):
    assert members_at(day) == members


def test_members_in_january_2022_are_those_of_the_start_state():
    world = build_world(Month.of(2022, 1))
    members = {state.code for state in world.states if "CSTO" in state.memberships}
    assert members == {"ARM", "BLR", "KAZ", "KGZ", "TJK"}  # and Russia


def test_moscows_wars_and_the_alliances_calls():
    record = observed_record()
    assert [(war.subject, str(war.month)) for war in record.wars] == [
        ("GEO", "2008-08"), ("UKR", "2014-02"), ("UKR", "2022-02"),
    ]  # fmt: skip
    assert [(call.subject, str(call.month)) for call in record.refusals] == [
        ("KGZ", "2010-06"), ("ARM", "2021-05"), ("ARM", "2022-09"),
    ]  # fmt: skip
    assert [(sent.subject, str(sent.month)) for sent in record.deployments] == [("KAZ", "2022-01")]


def test_territories_that_changed_hands():
    changes = observed_record().territories
    assert {fact.subject for fact in changes if fact.detail == "integrated"} == {
        "Abkhazia", "South Ossetia", "Crimea", "Donbas",
    }  # fmt: skip
    assert {fact.subject for fact in changes if fact.detail == "lost"} == {
        "Gagauzia", "Adjara", "Nagorno-Karabakh",
    }  # fmt: skip


def test_the_closed_states_are_those_that_the_index_says():
    table = load_record().tables["indicators"]
    years = table[table["year"].between(1992, 2024)]
    means = years.groupby("state")["polyarchy"].mean()
    assert {state for state in REGION if means[state] < 0.25} == set(CLOSED)


def test_sim_never_imports_calibration():
    package = Path(sim.__file__).parent
    files = sorted(package.rglob("*.py"))
    assert len(files) > 50
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "calibration" for name in names), file


def test_crowds_are_those_of_the_protest_table():
    record = observed_record()
    assert record.crowds["ARM", 1992] == 400_000
    assert record.crowded_months["ARM", 1992] == 1
    assert record.crowds["TKM", 2001] == 0  # on the list's watch, and nothing seen
    assert ("BLR", 2020) not in record.crowds  # the list ends in March of that year
    rows = load_tables()["protests"]
    whole_years = rows[rows["month"].between("1992-01", "2019-12")]
    assert sum(record.crowded_months.values()) == (whole_years["large"] != "0").sum()


def test_alignment_is_on_record_for_every_state_and_year():
    alignment = observed_record().alignment
    assert len(alignment) == len(STATES) * 33
    assert alignment["BLR", 2024] > 0.5 > -0.5 > alignment["UKR", 2024]


def test_what_moscow_did_is_gathered_from_all_tables():
    seen = {(str(fact.month), fact.subject, fact.detail) for fact in observed_record().interventions}
    assert ("2022-01", "KAZ", "troops") in seen  # the alliance's deployment
    assert ("2008-08", "GEO", "war") in seen
    assert ("1992-12", "TJK", "troops") in seen  # for the government, in a civil war
    assert ("2004-11", "UKR", "words") in seen  # support in a challenge
    assert ("2015-01", "ARM", "integration") in seen
    assert not any(state == "AZE" and kind == "territory" for _, state, kind in seen)  # not Moscow's doing


def test_leaders_come_as_their_predecessors_left():
    changes = {(str(fact.month), fact.subject): fact.detail for fact in observed_record().leaders}
    assert changes["2003-11", "GEO"] == "street"
    assert changes["1998-03", "ARM"] == "elite"
    assert Counter(changes.values())["street"] >= 8
