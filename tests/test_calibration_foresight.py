"""What theses foresaw: counted alike from record and runs, from the month after the article."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from toy_histories import history, store_of

from calibration.cli.main import main
from calibration.ensemble.origins import THESES
from calibration.foresight.judge import judge, load_statements
from calibration.foresight.quantities import COUNTED, since
from calibration.history import Challenge, Observation, ObservedHistory, Window
from calibration.record.load import load_tables
from calibration.record.observed import observed_record
from calibration.statistics.measurement import NONE
from sim.months import Month
from sim.scenario import load_thesis
from sim.world.record import load_record

CALM, STORMY = {"challenges": 0.05, "falls": 0.1, "left": 0.0}, {"challenges": 0.8, "falls": 0.9, "left": 0.5}
START = Month.of(2021, 1)


def made(**facts) -> ObservedHistory:
    return ObservedHistory(Window(2021, 2024), **facts)


def test_every_statement_is_a_claim_of_its_thesis_and_has_a_source():
    tables = set(load_tables()) | set(load_record().rows)
    for statement in load_statements():
        assert statement.thesis in THESES
        assert statement.claim in {claim.id for claim in load_thesis(statement.thesis).claims}
        assert statement.quantity.partition(":")[0] in {*COUNTED, "alignment_gain"}
        assert statement.table.removesuffix(".csv") in tables or statement.table.startswith("alignment")
        assert abs(statement.start - statement.article) <= 6
        assert statement.start.month == 1
    assert {statement.thesis for statement in load_statements()} == set(THESES) - {"baseline"}


def test_quantities_by_hand():
    month = Month.of(2022, 3)
    history_ = made(
        challenges=(
            Challenge(month, "KGZ", "fell", "words"),
            Challenge(month + 5, "KAZ", "survived"),
            Challenge(month + 6, "GEO", "survived"),
            Challenge(month + 6, "EST", "survived"),  # not in the region
        ),
        falls=(Observation(month, "KGZ", "street"), Observation(month, "MDA", "street")),
        successors=(Observation(month, "KGZ", "pro"), Observation(month, "MDA", "anti")),
        votes=(Observation(month + -6, "KGZ", "election"), Observation(month + 9, "KAZ", "election")),
        clashes=(Observation(month, "KGZ-TJK"), Observation(month + 1, "KGZ-TJK")),
        territories=(Observation(month, "Donbas", "integrated"), Observation(month, "X", "arose")),
    )
    expected = {
        "anti_share": 0.5, "support_share": 1 / 3, "street_falls": 2, "states_at_once": 2,
        "near_vote_share": 1 / 3, "member_falls": 1, "clashes": 1, "territories_gained": 1,
        "territories_arisen": 1, "exits": 0, "deployments": 0, "wars": 0, "refusals": 0,
    }  # fmt: skip
    for name, value in expected.items():
        assert COUNTED[name](history_, START) == pytest.approx(value), name
    assert math.isnan(COUNTED["anti_share"](made(), START))


def test_nothing_before_the_article_counts():
    early, late = Month.of(2022, 1), Month.of(2022, 2)
    history_ = made(deployments=(Observation(early, "KAZ"),), wars=(Observation(late, "UKR"),))
    cut = since(history_, late)
    assert (len(cut.deployments), len(cut.wars)) == (0, 1)


def test_the_record_of_what_came():
    record = observed_record()
    came = {
        (statement.thesis, statement.claim): statement.holds(
            statement.value(record.within(Window(statement.start.year, 2024)), record)
        )
        for statement in load_statements()
    }
    assert came["milosevic", "M7"] is False  # January 2022 is before the article's month ends
    assert came["milosevic", "M3"] is True  # February 2022
    assert came["dubnov", "D2"] is True  # Donbas, February 2022
    assert came["kuzio", "K3"] is True  # Karabakh, September 2023


def test_surprise_is_the_probability_of_what_came(tmp_path):
    (statement,) = (it for it in load_statements() if (it.thesis, it.claim) == ("gorevoy", "V2"))
    store = store_of(
        tmp_path / "ensemble", {"baseline": CALM, "gorevoy": STORMY}, (statement.origin,), draws=9
    )
    record = history(np.random.default_rng(1), Window(1992, 2024), CALM)
    left = replace(record, memberships=(Observation(Month.of(2023, 5), "ARM", "left"),))
    (row,) = judge(store, [statement], left, measurement=NONE).to_dict("records")
    assert row["came_true"]
    assert row["expected_by_thesis"] == pytest.approx(9.5 / 10)
    assert row["surprise_thesis"] == pytest.approx(-math.log2(9.5 / 10))
    assert row["surprise_baseline"] == pytest.approx(-math.log2(0.5 / 10))
    (row,) = judge(store, [statement], record, measurement=NONE).to_dict("records")
    assert row["surprise_thesis"] == pytest.approx(-math.log2(0.5 / 10))
    assert not row["came_true"]


def test_the_command_writes_a_table_and_a_figure(tmp_path):
    origins = tuple(dict.fromkeys(statement.origin for statement in load_statements()))
    store_of(tmp_path / "ensemble", {"baseline": CALM}, origins, draws=3)
    arguments = ["foresight", "--ensemble", str(tmp_path / "ensemble"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "foresight.csv")
    assert len(table) == len(load_statements())
    assert table["table"].notna().all()
    assert (tmp_path / "out" / "figures" / "foresight.png").read_bytes().startswith(b"\x89PNG")
