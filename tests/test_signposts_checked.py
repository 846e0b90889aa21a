"""Signposts in a reader's words, and the check of their odds on runs of which the answer is known."""

import pytest
from test_signposts import NAMES, made

from sim.analysis import reliability
from sim.analysis.observables import Statement, observables
from sim.analysis.reliability import check_odds
from sim.analysis.signpost_words import SIDES, told
from sim.analysis.signposts import LEAST_FITTING
from sim.cli.signpost_tables import check_tables
from sim.errors import RequestError, ResultsError
from sim.figures import reliability_curve
from sim.months import Month


def test_every_observable_is_told_in_words_of_its_own():
    last = Month.parse("2027-12")
    assert told("fall:street KGZ", 1, last) == "the leader of Kyrgyzstan falls to the street by December 2027"
    assert told("instrument:csto_deployment") == "Moscow sends troops of the CSTO to some state"
    assert told("side:against MDA", 1, last) == (
        "the government of Moldova is against Moscow (alignment below -0.25) in December 2027"
    )
    assert told("side:with", 4).startswith("at least 4 governments are with Moscow (alignment above 0.25)")
    sentences = [told(name) for name in observables() if not name.startswith(("moscow", "instrument:annex"))]
    assert len(set(sentences)) == len(sentences) > 1000
    assert not [text for text in sentences if "{" in text]
    for text, said in (
        ("war:started = 0", "not so: Moscow's war in some state starts or widens"),
        ("fall KGZ < 1", "not so: the leader of Kyrgyzstan falls"),
        ("fall KGZ > 1", "the leader of Kyrgyzstan falls, at least twice"),
        ("fall KGZ = 2", "the leader of Kyrgyzstan falls, exactly twice"),
        ("fall KGZ = 1", "the leader of Kyrgyzstan falls, exactly once"),
        ("fall KGZ <= 3", "the leader of Kyrgyzstan falls, at most 3 times"),
        ("fall KGZ < 3", "the leader of Kyrgyzstan falls, at most twice"),
        ("fall KGZ != 2", "the leader of Kyrgyzstan falls, not exactly twice"),
        ("fall KGZ != 0", "the leader of Kyrgyzstan falls"),
        ("fall KGZ >= 0", "so or not: the leader of Kyrgyzstan falls"),
        ("side:with MDA = 1", f"the government of Moldova is {SIDES['with']} at the end"),
        ("side:with MDA < 1", f"not so: the government of Moldova is {SIDES['with']} at the end"),
        ("side:with MDA != 1", f"not so: the government of Moldova is {SIDES['with']} at the end"),
        ("side:with MDA <= 1", f"so or not: the government of Moldova is {SIDES['with']} at the end"),
        ("side:with = 1", f"exactly one government is {SIDES['with']} at the end"),
        ("side:with <= 4", f"at most 4 governments are {SIDES['with']} at the end"),
    ):
        assert Statement.parse(text).in_words() == said
    with pytest.raises(RequestError, match="side:with MDA is 1 or 0, and never 2"):
        told("side:with MDA", 2)


def test_the_check_finds_odds_calibrated_and_wrong_ones_not():
    stored = made(400)
    found = check_odds(stored, years=[1, 2], error=0, least=10)
    for years, part in found.table.groupby("years"):
        (window,) = found.windows[found.windows["years"] == years].to_dict("records")
        assert part["odds"].sum() == 3 * (window["truths"] - window["refused"])
        assert (part["given"] * part["odds"]).sum() == pytest.approx((part["came_true"] * part["odds"]).sum())
        assert part["calibrated"].mean() > 0.7
        assert abs(part["given"] - part["came_true"]).max() < 0.12
        assert window["error"] < window["error_before"] - 0.02
        assert set(window["stated"].split("; ")) <= {f"{name} >= 1" for name in NAMES}
    drawn = reliability_curve(found.table)
    assert [axis.get_title() for axis in drawn.axes] == ["after 1 year", "after 2 years"]


def test_where_every_truth_is_refused_it_is_said_how_many_runs_it_takes():
    found = check_odds(made(20), years=1, error=0)  # ten replicates of three scenarios give the odds
    (window,) = found.windows.to_dict("records")
    assert 0 < window["fitting"] < LEAST_FITTING
    (told,) = check_tables(found)
    more = -(-LEAST_FITTING // window["fitting"])
    assert f"fit one are {window['fitting']}: make about {more} times as many runs" in str(told)


def test_odds_that_mislead_are_found_out(monkeypatch):
    """What fits one scenario is told of another, in the half that gives the odds."""
    usual = reliability._weights
    monkeypatch.setattr(reliability, "_weights", lambda *given: usual(*given)[:, :, [1, 0, 2]])
    found = check_odds(made(400), years=1, error=0, least=10)
    assert found.table["calibrated"].mean() < 0.5
    assert found.windows["error"].item() > found.windows["error_before"].item()


def test_where_nothing_tells_scenarios_apart_there_is_nothing_to_check():
    same = dict.fromkeys(("one", "two"), (0.4, 0.6, 0.5))
    with pytest.raises(ResultsError, match="so there are no odds to check: make more runs"):
        check_odds(made(60, same, 3), years=[1])
    with pytest.raises(ResultsError, match="two replicates or more"):
        check_odds(made(1), years=[1])
