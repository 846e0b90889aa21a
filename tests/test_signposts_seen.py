"""Signposts of a later window, in the runs that fit what was seen before it."""

import numpy as np
import pandas as pd
import pytest
from test_signposts import made

from sim.analysis.observables import Statement, statements_of
from sim.analysis.odds import odds
from sim.analysis.signpost_words import runs_in_words, shares_in_words
from sim.analysis.signposts import Runs, signposts
from sim.analysis.telling import _shuffled
from sim.errors import SimError


def two_years(replicates, seed=1):
    """Return results with a war in Georgia in the first year of some runs, and falls a year later in those.

    Only a fall after a war tells torn from calm; without a war it comes in neither.
    """
    results = made(replicates, {"calm": (0, 0.4, 0.5), "torn": (0, 0.4, 0.5)}, seed)
    wars = results.read("events", slice(None))
    wars = wars[wars["kind"] == "war"]
    chance = np.where(wars["scenario"] == "torn", 0.9, 0.2)
    later = wars[np.random.default_rng(seed).random(len(wars)) < chance]
    later = later.assign(kind="fall", detail="street", target="KGZ", actor="street", tick=20)
    events, still = pd.concat([wars, later], ignore_index=True), results.read
    results.read = lambda name, columns, **rows: events[columns] if name == "events" else still(name, columns)
    return results


@pytest.mark.parametrize("by", ["scenario", "end state"])
def test_windows_after_what_was_seen_use_only_the_runs_of_which_it_holds(by):
    results = two_years(200)
    if by == "end state":
        results.outcomes["end_state"] = np.where(
            results.outcomes["scenario"] == "torn", "vacuum", "space 2.0"
        )
    all_runs = signposts(results, by=by, years=1, since="2011-03").set_index("observable")
    found = signposts(results, by=by, years=1, since="2011-03", seen="war:started GEO >= 1")
    found = found.set_index("observable")
    one, other = ("calm", "torn") if by == "scenario" else ("space 2.0", "vacuum")
    told, before = found.loc["fall:street KGZ"], all_runs.loc["fall:street KGZ"]
    assert told[f"share: {one}"] == pytest.approx(0.2, abs=0.1)
    assert told[f"share: {other}"] == pytest.approx(0.9, abs=0.1)
    assert told["bits"] > before["bits"] + 0.1
    assert told["exceeds"]
    assert 100 < told["runs"] < 220
    assert (told["given"], before["given"], before["runs"]) == ("war:started GEO >= 1", "", 400)
    runs, peace = Runs.of(results), statements_of("war:started GEO = 0")
    assert runs.fitting(peace, "2010-01", 14).sum() > runs.fitting(peace, None, 14).sum()


def test_what_was_seen_must_come_before_the_window_and_leave_something_to_tell_apart():
    results = made(100, {"calm": (0.0, 0.5, 0.5), "torn": (0.9, 0.5, 0.5)})
    fell = "fall:street KGZ >= 1"
    for words, told in (
        ({"seen": fell}, "must end before the window begins, in 2010-01"),
        ({"seen": fell, "since": "2011-03", "until": "2011-03"}, "before the window begins, in 2011-03"),
        ({"seen": fell, "since": "2011-03"}, "all runs that fit what was seen are of one scenario"),
        ({"seen": "war:started UKR >= 1", "since": "2011-03"}, "0 of 200 in full"),
    ):
        with pytest.raises(SimError) as error:
            signposts(results, **words)
        assert told in str(error.value)


def test_a_statement_has_months_of_its_own_so_that_what_is_to_come_is_asked_after_what_is_known():
    results = two_years(400)
    war, fall = "war:started GEO >= 1 by 2011-02", "fall:street KGZ >= 1 from 2011-03"
    found = odds(results, [war, fall], months=24, error=0)
    runs = Runs.of(results)
    wars = statements_of("war:started GEO >= 1")[0].holds(runs.counts(14))
    falls = statements_of("fall:street KGZ >= 1")[0].holds(runs.counts(10, 14))
    torn = runs.outcomes.index.get_level_values("scenario").to_numpy() == "torn"
    assert found.table.loc["torn", "after"] == pytest.approx(
        (wars & falls & torn).sum() / (wars & falls).sum()
    )
    assert found.table["fitting"].to_dict() == {
        "calm": (wars & falls & ~torn).sum(),
        "torn": (wars & falls & torn).sum(),
    }
    early = odds(results, "fall:street UKR = 0 by 2011-02", months=24, error=0)
    assert early.matching == early.runs
    assert str(found.statements[1]) == fall
    month = odds(results, "fall:street KGZ >= 1 from 2011-09 by 2011-09", months=24, error=0)
    assert month.matching == runs.counts(1, 20)["fall:street KGZ"].sum() > 0  # one month is enough
    assert Statement.parse(str(found.statements[0])) == found.statements[0]
    told = "the leader of Kyrgyzstan falls to the street from March 2011 by December 2011"
    assert found.statements[1].in_words(runs.start + 23) == told


def test_months_of_a_statement_lie_within_those_that_are_known():
    results = two_years(100)
    for text, told in (
        ("war:started GEO >= 1 by 2013-01", "is outside the months that are known, 2010-01 to 2011-12"),
        ("war:started GEO >= 1 from 2009-12", "is outside the months that are known, 2010-01 to 2011-12"),
        ("war:started GEO >= 1 from 2011-03 by 2011-01", "the last month, 2011-01, comes before the first"),
        ("side:against MDA >= 1 from 2011-03", "is of one month, the last: give `by MONTH`, and no `from`"),
        ("war:started GEO >= 1 from March", "'March' is not a month"),
        ("war:started GEO >= 1 until 2011-01", "is not understood"),
    ):
        with pytest.raises(SimError) as error:
            odds(results, text, months=24)
        assert told in str(error.value)
    with pytest.raises(SimError, match="outside the months that are known, 2010-01 to 2010-06"):
        signposts(results, years=1, since="2011-01", until="2010-06", seen="war:started GEO >= 1 by 2010-12")


def test_labels_are_shuffled_among_replicates_of_one_size():
    replicates = np.array([0, 0, 1, 2, 2, 3])
    labels = np.array([0, 0, 1, 1, 1, 0])
    for mixed in _shuffled(labels, "end state", replicates):
        assert mixed[0] == mixed[1] != mixed[3] == mixed[4]
        assert mixed[2] != mixed[5]
    assert {tuple(each) for each in _shuffled(labels, "scenario", replicates)} > {(0, 0, 0, 1, 1, 1)}


def test_shares_of_few_runs_are_told_as_numbers_of_runs():
    results = two_years(200)
    found = signposts(results, years=1, since="2011-03", seen="war:started GEO >= 1")
    assert (found["runs: calm"] + found["runs: torn"] == found["runs"]).all()
    row = found.iloc[0].to_dict() | {"share: calm": 0.0, "share: torn": 0.9, "assumed": "torn"}
    assert shares_in_words(row | {"runs: calm": 7}) == "90% torn †; 0 of 7 runs calm"
    assert shares_in_words(row | {"runs: calm": 20}) == "90% torn †; 0% calm"
    assert shares_in_words(row | {"share: calm": 1 / 7, "runs: calm": 7}).endswith("; 1 of 7 runs calm")
    older = {key: value for key, value in row.items() if not key.startswith("runs: ")}
    assert shares_in_words(older) == "90% torn †; 0% calm"  # a file of an earlier version says no numbers
    assert runs_in_words(older) == ""
    assert runs_in_words(row | {"runs: calm": 7, "runs: torn": 30}) == " (calm 7, torn 30)"
