"""One run's history in plain sentences: every event in full, or what belongs together in one."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from test_runs_fakes import event

from sim.experiment.columns import events
from sim.experiment.record import RunRecord
from sim.experiment.results import ResultsError
from sim.explain.sentences import sentence
from sim.explain.story import answers, story
from sim.explain.words import STATE_NAMES, number, percent, reason
from sim.measures.challenges import challenges
from sim.model.events import EVENT_KINDS
from sim.model.simulate import simulate
from sim.scenario import Scenario

NAN = float("nan")


def row(kind, target="KGZ", detail="", *, actor="RUS", value=NAN, why="", month="2014-03"):
    made = event(0, kind, target, detail, actor)
    year, number = map(int, month.split("-"))
    return {
        "scenario": "one", "replicate": 0, "month": month, "tick": (year - 2014) * 12 + number - 1,
        "kind": kind, "actor": made.actor, "target": target, "detail": detail, "value": value, "why": why,
    }  # fmt: skip


def tell(*rows, full=False):
    return story(pd.DataFrame(rows), "one", 0, full=full)


@pytest.fixture(scope="module")
def ledger():
    scenario = Scenario.build("one", years=8, citizens=200)
    run = simulate(scenario, 0)
    return events(RunRecord("one", "none", 0, {}, run.history, run.draws)).to_pandas()


@pytest.mark.parametrize(
    ("event_row", "text"),
    [
        (
            row("challenge", detail="election", value=0.12, why="election; bread is dear"),
            "A mass challenge to the regime opens in Kyrgyzstan after an election, 12% of "
            "citizens in open opposition (bread is dear).",
        ),
        (row("challenge_ended", detail="ebbed"), "The challenge in Kyrgyzstan ebbs away."),
        (row("response", actor="BLR", detail="repress"), "The regime of Belarus answers with repression."),
        (row("instrument", detail="csto_deployment"), "Moscow sends troops of the CSTO to Kyrgyzstan."),
        (row("instrument", "Narva", "separatism"), "Moscow backs separatists in Narva."),
        (
            row("instrument", "ARM-AZE", "mediation", why="net value 0.14, free capacity 1.00"),
            "Moscow steps in between Armenia and Azerbaijan (free capacity 1.00).",
        ),
        (
            row("realignment", "ARM", "away", actor="West"),
            "Armenia realigns away from Moscow, to the gain of the West.",
        ),
        (row("realignment", "ARM", "away", actor="nobody"), "Armenia realigns away from Moscow."),
        (row("membership", "CSTO", "left", actor="ARM"), "Armenia leaves the CSTO."),
        (row("clash", "TJK", actor="KGZ"), "Kyrgyzstan and Tajikistan clash."),
        (
            row("garrison", "ARM", "withdrawn", value=0.95, why="recalled to the front"),
            "Russian troops leave Armenia, 0.9 thousand are left (recalled to the front).",
        ),
        (row("garrison", "AZE", "placed", value=2.0), "2.0 thousand Russian troops enter Azerbaijan."),
        (row("territory", "Abkhazia", "integrated"), "Abkhazia is integrated by Moscow."),
        (
            row("succession", "KAZ", "death", why="after 1 years in office, age 53"),
            "The leader of Kazakhstan dies in office (after 1 year in office, age 53).",
        ),
        (
            row("election", "TJK", "parliamentary", why="due"),
            "In Tajikistan, a parliamentary election is held.",
        ),
        (
            row(
                "timeline", "", "home", why="set by the scenario: Moscow does not use csto_deployment in KAZ"
            ),
            "As the scenario sets it: home (Moscow does not use troops of the CSTO in Kazakhstan).",
        ),
    ],
)
def test_sentences(event_row, text):
    assert sentence(event_row) == f"March 2014. {text}"


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_kind_has_a_sentence(kind):
    text = sentence(row(kind, detail="x"))
    assert text.startswith("March 2014. ")
    assert "KGZ" not in text
    assert "RUS" not in text


def test_a_full_story_has_every_event_and_a_short_one_fewer(ledger):
    full, short = story(ledger, "one", 0, full=True), story(ledger, "one", 0)
    assert len(full) == len(ledger)
    assert len(short) < 0.6 * len(full)
    assert short == story(ledger, "one", 0)
    months = ledger["month"].astype(str).tolist()
    assert [line.split(". ")[0].split()[1] for line in full] == [month[:4] for month in months]


def test_no_code_and_nothing_said_twice_is_left_in_a_real_story(ledger):
    for line in story(ledger, "one", 0) + story(ledger, "one", 0, full=True):
        assert not re.search(r"\b(" + "|".join(STATE_NAMES) + r")\b|_|nan|\(due\)|\(\)", line), line


def test_what_belongs_together_is_one_sentence():
    lines = tell(
        row("challenge", "MDA", "election", actor="movement", value=0.2, why="election; legitimacy 0.40"),
        row("response", "MDA", "repress", actor="MDA", value=0.2),
        row("response", "MDA", "repress", actor="MDA", value=0.3, month="2014-04"),
        row("response", "MDA", "concede", actor="MDA", value=0.1, month="2014-05"),
        row("challenge_ended", "MDA", "conceded", actor="MDA", value=0.3, month="2014-05",
            why="after 9 weeks, peak 30% in open opposition"),
    )  # fmt: skip
    assert lines == [
        "March 2014. A mass challenge to the regime opens in Moldova after an election, 20% of citizens in "
        "open opposition (legitimacy 0.40).",
        "May 2014. The challenge in Moldova ends in concessions after 9 weeks and a peak of 30% of citizens; "
        "the regime answered with repression (2 months) and made concessions.",
    ]


def test_a_fall_is_told_with_its_defection_and_successor():
    lines = tell(
        row("challenge", actor="movement", detail="shock", value=0.2),
        row("response", detail="repress", actor="KGZ", value=0.2),
        row("defection", actor="security services", value=0.2, why="20% in open opposition, loyalty 0.50"),
        row("fall", detail="street", actor="street", why="20% in open opposition after 2 weeks; security "
            "services had turned"),
        row("successor", detail="anti", actor="KGZ", value=-0.4, why="dependence 0.70"),
        row("challenge_ended", detail="fall", actor="KGZ", value=0.2),
    )  # fmt: skip
    assert lines[1:] == [
        "March 2014. The security services of Kyrgyzstan turn on the regime (loyalty 0.50), and the "
        "incumbent falls to the street (20% in open opposition after 2 weeks); the successor is against "
        "Moscow, seeking -0.40 (dependence 0.70)."
    ]


def test_everyday_votes_are_left_out_and_changes_of_power_are_not():
    held = row("election", "EST", "held", why="chance of losing 40%")
    lost = row("election", "LVA", "turnover", why="chance of losing 30%")
    winner = row("successor", "LVA", "anti", why="public attitude -0.20")
    assert tell(held, lost, winner) == [
        "March 2014. In Latvia, the incumbent side loses an election, and the winner is against Moscow "
        "(chance of losing 30%; public attitude -0.20)."
    ]
    assert len(tell(held, lost, winner, full=True)) == 3


def test_a_call_and_its_refusal_are_one_sentence():
    call = row("request", "RUS", actor="ARM", value=0.14)
    refusal = row("refusal", "ARM", why="worth 0.15; attention left 2.6")
    (line,) = tell(call, refusal, call, refusal)
    assert line.startswith(
        "March 2014. Armenia asks Moscow for help, and Moscow leaves the call unanswered ("
    )


def test_an_elites_own_move_ends_a_challenge_without_being_part_of_it():
    (challenge,) = challenges(
        [
            row("challenge", value=0.2),
            row("response", detail="repress", actor="KGZ", value=0.3),
            row("defection", actor="elites"),
            row("fall", detail="elite", actor="elite"),
            row("successor", detail="pro", actor="KGZ"),
            row("challenge_ended", detail="ebbed", actor="KGZ", value=0.3),
        ]
    )
    assert not challenge.felled
    assert challenge.first("defection") is None
    assert (challenge.months, challenge.peak, challenge.renewed) == (1, 0.3, False)


def test_challenges_of_a_real_run_are_whole(ledger):
    rows = ledger.to_dict("records")
    found = challenges(rows)
    assert sum(c.ended is not None for c in found) == (ledger["kind"] == "challenge_ended").sum()
    assert sum(not c.renewed for c in found) == (ledger["kind"] == "challenge").sum()
    assert sum(c.renewed for c in found) == (ledger["kind"] == "flare").sum()
    assert all(answers(c) for c in found)


def test_words():
    assert [percent(x) for x in (0.163, 0.004, 0.0)] == ["16%", "0.4%", "0%"]
    assert number("elite cohesion 0.43, loyalty -0.66", "loyalty") == -0.66
    assert reason("challenge", "shock", "shock") == ""


def test_a_run_without_events_is_an_error(ledger):
    with pytest.raises(ResultsError, match="no events of one, replicate 99"):
        story(ledger, "one", 99)
