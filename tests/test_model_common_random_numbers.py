"""Two runs of one replicate are the same until a difference between them has acted."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from sim.model.randomness import RandomNumbers
from sim.model.simulate import build, simulate
from sim.scenario import Scenario, load

SMALL = {"start": "2010-01", "years": 10, "citizens": 100}


def fingerprint(history, months=None):
    """Return a history's content, of its first months or all, as bytes."""
    parts = [*history.series.values(), *history.moscow.values(), *history.territories.values()]
    events = [event for event in history.events if months is None or event.tick < months]
    return b"".join(part[:months].tobytes() for part in parts) + repr(events).encode()


def scenario(**keys):
    return Scenario.build("pair", **{**SMALL, **keys})


def run(replicate=0, **keys):
    return simulate(scenario(**keys), replicate).history


def same_months(one, other):
    """Return for how many months two histories are the same bit by bit."""
    months = len(one.moscow["influence"])
    return next(m for m in range(months, -1, -1) if fingerprint(one, m) == fingerprint(other, m))


def first_event(history, kind, **wanted):
    """Return the month of the first event of a kind."""
    return next(
        event.tick
        for event in history.events
        if event.kind == kind and all(getattr(event, key) == value for key, value in wanted.items())
    )


# -- the same run --------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["1992-01", "2010-01", "2022-03"])
def test_the_same_replicate_twice_gives_the_same_bytes(start):
    assert fingerprint(run(start=start)) == fingerprint(run(start=start))


def test_another_process_gives_the_same_bytes():
    code = (
        "import hashlib, test_model_common_random_numbers as t;"
        "print(hashlib.sha256(t.fingerprint(t.run(years=3))).hexdigest())"
    )
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    assert told.strip() == hashlib.sha256(fingerprint(run(years=3))).hexdigest()


def test_runs_before_and_after_do_not_matter():
    alone = fingerprint(run(replicate=3))
    run(replicate=1, parameters={"challenges.focal_rate": 3.0})
    assert fingerprint(run(replicate=3)) == alone


def test_replicates_and_seeds_differ():
    kinds = [fingerprint(run(replicate=r)) for r in range(4)] + [fingerprint(run(seed=5))]
    assert len(set(kinds)) == 5


def test_a_longer_run_begins_as_the_shorter_one():
    short, long = run(years=5), run(years=10)
    assert fingerprint(short) == fingerprint(long, 60)


# -- two theses at one replicate -------------------------------------------------------------------------


def test_two_theses_have_the_same_people_and_start_but_for_what_they_claim():
    short = {"years": 10, "citizens": 100}  # from where they start: claims begin within the run
    kuzio, dubnov = load("kuzio").replace(**short), load("dubnov").replace(**short)
    one, other = build(kuzio, 0), build(dubnov, 0)
    np.testing.assert_array_equal(one.population.hardship, other.population.hardship)
    np.testing.assert_array_equal(one.population.risk_aversion, other.population.risk_aversion)
    claimed = set(kuzio.parameters) | set(dubnov.parameters)
    assert claimed
    differing = {path for path in one.values if one.values[path] != other.values[path]}
    assert differing
    assert differing <= claimed
    for name in ("legitimacy", "cohesion", "openness", "alignment", "dependence"):
        assert [getattr(r, name) for r in one.regimes] == [getattr(r, name) for r in other.regimes]


def test_a_prior_moved_keeps_its_quantile():
    wide = {"citizens.cohort_gap": {"uniform": {"low": 0.2, "high": 0.4}}}
    wider = {"citizens.cohort_gap": {"uniform": {"low": 0.2, "high": 0.6}}}
    for replicate in range(5):
        one = build(scenario(parameters=wide), replicate).values["citizens.cohort_gap"]
        other = build(scenario(parameters=wider), replicate).values["citizens.cohort_gap"]
        assert (other - 0.2) / 0.4 == pytest.approx((one - 0.2) / 0.2)


# -- until the first difference ------------------------------------------------------------------------


def event(kind, at="2015-01", **keys):
    return {"name": "difference", "at": at, "event": kind, **keys}


LATE_EVENTS = [
    event("abstain", instruments=["political_support", "loan"], states=["BLR", "KAZ"], months=60),
    event("challenge", states=["BLR"], spark=0.5),
    event("set", parameter="citizens.conformity", value=0.9),
    event("ukraine_war", load=1.0),
    event("leader_exit", state="KAZ"),
    event("shock", states=["ARM"], variable="attitude", change=-0.5),
]


@pytest.mark.parametrize("late", LATE_EVENTS, ids=lambda late: late["event"])
def test_an_event_changes_nothing_before_its_month(late):
    before, after = run(), run(timeline=[late])
    assert fingerprint(before, 60) == fingerprint(after, 60)
    assert fingerprint(before, 61) != fingerprint(after, 61)


STORM = {"challenges.focal_rate": 2.0, "challenges.spark_scale": 0.2, "clashes.presence_effect": 5.0}
SWITCHES = [  # a mechanism, the values that switch it off and on, and the event that shows it at work
    ("clashes.conquest", 0.0, 1.0, {"kind": "clash"}),
    ("rivals.western_campaign", 0.0, 3.0, {"kind": "challenge"}),
    ("territories.integration_window", 0.0, 1.0, {"kind": "membership", "target": "EAEU"}),
    ("citizens.turnout_learning", 0.0, 1.0, {"kind": "challenge"}),
    ("regimes.palace_coup_hazard", 0.0, 0.1, {"kind": "fall", "detail": "elite"}),
    ("war.window", 0.0, 1.0, {"kind": "war"}),
]


@pytest.mark.parametrize(("parameter", "off", "on", "sign"), SWITCHES, ids=lambda item: str(item)[:40])
def test_a_mechanism_switched_off_changes_nothing_before_it_acts(parameter, off, on, sign):
    told = 0
    for replicate in range(4):
        pair = [
            run(replicate, parameters={**STORM, parameter: value, "territories.loss_hazard": 0.0})
            for value in (off, on)
        ]
        if fingerprint(pair[0]) == fingerprint(pair[1]):
            continue
        told += 1
        if parameter != "rivals.western_campaign":  # help to a movement leaves no event of its own
            assert same_months(*pair) >= first_event(pair[1], **sign)
    assert told


def test_switching_a_mechanism_off_leaves_every_other_draw_as_it_was(monkeypatch):
    drawn = {}
    one, plain, named = RandomNumbers.draw, RandomNumbers.draws, RandomNumbers.named_draws
    table, month = RandomNumbers.table, RandomNumbers.month

    def note(process, tick, entity, index, number):
        drawn.setdefault((process.name, tick, entity, index), set()).add(number)

    def note_all(process, tick, entities, month):
        for entity, row in zip(entities, month, strict=True):
            for index, number in enumerate(row):
                note(process, tick, entity, index, number)
        return month

    def spy_one(self, process, tick, entity, entities, width=1, index=0):
        number = one(self, process, tick, entity, entities, width, index)
        note(process, tick, entity, index, number)
        return number

    def spy(self, process, tick, entities, width=1):
        return note_all(process, tick, range(entities), plain(self, process, tick, entities, width))

    def named_spy(self, process, tick, names, width):
        return note_all(process, tick, names, named(self, process, tick, names, width))

    def table_spy(self, process, tick, entities, width):
        uniforms = table(self, process, tick, entities, width)
        note_all(process, tick, range(entities), uniforms.tolist())
        return uniforms

    def month_spy(self, process, tick, entities, width=1):
        uniforms = month(self, process, tick, entities, width)
        note_all(process, tick, range(entities), uniforms.reshape(-1, 1).tolist())
        return uniforms

    monkeypatch.setattr(RandomNumbers, "table", table_spy)
    monkeypatch.setattr(RandomNumbers, "month", month_spy)
    monkeypatch.setattr(RandomNumbers, "draw", spy_one)
    monkeypatch.setattr(RandomNumbers, "draws", spy)
    monkeypatch.setattr(RandomNumbers, "named_draws", named_spy)
    for parameters in ({}, {path: off for path, off, _, _ in SWITCHES}, STORM):
        run(parameters=parameters)
    assert len({process for process, *_ in drawn}) > 15
    assert all(len(values) == 1 for values in drawn.values())
