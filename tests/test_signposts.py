"""Signposts and odds: known information, nothing in noise, and odds that come true as often as they say."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.observables import (
    Statement,
    counted,
    observables,
    outcomes_counting,
    parameters_behind,
    sides,
)
from sim.analysis.odds import effective_number, odds, weigh
from sim.analysis.signposts import Runs, audit_of, signposts
from sim.analysis.telling import in_window, information
from sim.errors import RequestError, ResultsError, SimError
from sim.figures import what_to_watch
from sim.measures import OUTCOMES
from sim.parameters import catalogue

RATES = {"calm": (0.3, 0.5, 0.6), "restless": (0.7, 0.5, 0.3), "torn": (0.5, 0.9, 0.5)}
"""Chance that each of three things happens in the first year, by scenario."""

THINGS = (("fall", "street", "KGZ"), ("war", "started", "GEO"), ("campaign", "alone", "MDA"))
NAMES = ("fall:street KGZ", "war:started GEO", "campaign:alone MDA")


def happened(rng, rates):
    """Return whether each thing happens in a run, and the first happens twice."""
    return rng.random(len(rates)) < rates


def made(replicates, rates=RATES, seed=1, months=12, first=0, labels=None):
    """Return results of scenarios in which three things happen at their own rates, from a tick on."""
    rng = np.random.default_rng(seed)
    events, outcomes = [], []
    for scenario, chances in rates.items():
        for replicate in range(replicates):
            held = happened(rng, chances)
            keys = {"scenario": scenario, "replicate": replicate}
            for (kind, detail, state), there in zip(THINGS, held, strict=True):
                if there:
                    tick = first + int(rng.integers(months))
                    actor = "RUS" if kind == "war" else kind
                    events.append(
                        {
                            **keys,
                            "tick": tick,
                            "kind": kind,
                            "detail": detail,
                            "actor": actor,
                            "target": state,
                        }
                    )
            outcomes.append(
                {**keys, "street_falls": float(held[0]), "end_state": "vacuum" if held[0] else "status quo"}
            )
    about = {"scenarios": [{"name": name, "start": "2010-01", "years": 5} for name in rates]}
    table = pd.DataFrame(events)
    still = pd.DataFrame(outcomes)[["scenario", "replicate"]].assign(state="MDA", alignment=0.0)

    def read(name, columns, **rows):
        return table[columns] if name == "events" else still[columns]

    return SimpleNamespace(
        path=Path("no folder"),
        labels=lambda: labels or {},
        scenarios=list(rates),
        about=about,
        outcomes=pd.DataFrame(outcomes),
        read=read,
    )


# -- observables -----------------------------------------------------------------------------------


def test_events_are_counted_by_kind_detail_and_state():
    rows = [
        ("a", 0, 3, "fall", "street", "KGZ", "street"),
        ("a", 0, 11, "fall", "elite", "KGZ", "elite"),
        ("a", 0, 12, "fall", "street", "KGZ", "street"),  # too late
        ("a", 1, 0, "membership", "KGZ", "CSTO", "left"),  # of a state, which is the actor here
        ("a", 1, 0, "response", "KGZ", "KGZ", "repress"),  # nobody outside sees it
    ]
    events = pd.DataFrame(
        rows, columns=["scenario", "replicate", "tick", "kind", "actor", "target", "detail"]
    )
    runs = pd.MultiIndex.from_product([["a"], [0, 1, 2]], names=["scenario", "replicate"])
    found = counted(events, runs, 12)
    assert found["fall KGZ"].tolist() == [2, 0, 0]
    assert found["fall:street"].tolist() == [1, 0, 0]
    assert found["membership:left KGZ"].tolist() == [0, 1, 0]
    assert not [name for name in found if "response" in name]
    assert set(found) <= set(observables())


def test_sides_are_those_of_the_month_and_a_side_that_nobody_takes_has_no_column():
    states = ("MDA", "KGZ", "RUS")  # of Moscow's own series none counts
    rows = [("a", run, state, value) for run, values in enumerate([(-0.3, 0.25, 1.0), (-0.25, -0.26, 1.0)])
            for state, value in zip(states, values, strict=True)]  # fmt: skip
    alignment = pd.DataFrame(rows, columns=["scenario", "replicate", "state", "alignment"])
    runs = pd.MultiIndex.from_product([["a"], [1, 0]], names=["scenario", "replicate"])
    found = sides(alignment, runs)
    assert found.to_dict("list") == {
        "side:against": [1, 1], "side:against KGZ": [1, 0], "side:against MDA": [0, 1]
    }  # fmt: skip
    assert set(found) <= set(observables())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("side:agains MDA = 1", "did you mean side:against MDA?"),
        ("fal KGZ >= 1", "did you mean fall KGZ?"),
        ("fall KGZ", "is not understood: give OBSERVABLE >= NUMBER"),
        ("fall KGZ >= -1", "is not understood"),
        ("response KGZ >= 1", "no observable"),
        ("side:against MDA >= 2", "side:against MDA is 1 where that government is on that side, and 0"),
    ],
)
def test_what_is_wrong_with_a_statement_is_told(text, told):
    with pytest.raises(RequestError) as error:
        Statement.parse(text)
    assert told in str(error.value)


def test_what_never_happens_is_counted_as_nothing():
    counts = pd.DataFrame({"fall KGZ": [0, 2]})
    assert Statement.parse("fall  KGZ>=1").holds(counts).tolist() == [False, True]
    assert Statement.parse("war GEO = 0").holds(counts).tolist() == [True, True]


# -- what to watch ---------------------------------------------------------------------------------


def test_information_of_known_cases():
    labels = np.array([0, 0, 1, 1])
    seen = np.array([[0, 1, 0], [0, 0, 0], [1, 1, 1], [1, 0, 0]], float)  # all, nothing, half of one
    bits, shares = information(labels, seen, 2)
    # H(1/4) - (0 + H(1/2)) / 2
    assert bits == pytest.approx([1, 0, 0.8112781244591328 - 0.5])
    assert shares.tolist() == [[0, 0.5, 0], [1, 0.5, 0.5]]


def test_a_label_of_which_there_is_no_run_tells_nothing():
    labels, seen = np.array([0, 0, 1, 1]), np.array([[1.0], [1.0], [0.0], [0.0]])
    bits, shares = information(labels, seen, 3)
    assert bits == pytest.approx([1.0])
    assert shares[:, 0].tolist() == [1.0, 0.0, 0.0]


def test_what_differs_is_a_signpost_and_what_does_not_is_none():
    table = signposts(made(200), years=[1])
    told = table[table["exceeds"]].set_index("observable")
    assert {"fall:street KGZ", "war:started GEO", "campaign:alone MDA"} <= set(told.index)
    for scenario, rates in RATES.items():
        for name, rate in zip(NAMES, rates, strict=True):
            assert told.loc[name, f"share: {scenario}"] == pytest.approx(rate, abs=0.12)
    assert told.loc["fall:street KGZ", "threshold"] == 1
    assert told.loc["fall:street KGZ", "words"].endswith("falls to the street by December 2010")


def test_bits_a_year_are_bits_over_the_years_of_waiting():
    table = signposts(made(200), years=[1, 2, 5])
    assert table["bits_a_year"].to_numpy() == pytest.approx((table["bits"] / table["years"]).to_numpy())
    best = table.groupby("years")[["bits", "bits_a_year"]].max()
    assert best["bits_a_year"].is_monotonic_decreasing  # all happens in the first year
    assert best["bits_a_year"][1] == pytest.approx(5 * best["bits_a_year"][5])


@pytest.mark.slow
def test_noise_has_a_signpost_in_about_one_window_of_twenty():
    same = dict.fromkeys(("one", "two"), (0.4, 0.6, 0.5))
    found = [signposts(made(60, same, seed), years=[1])["exceeds"].any() for seed in range(20)]
    assert sum(found) <= 4  # more is rarer than 1 in 300 at a rate of 5 %


def test_windows_begin_in_any_month():
    results = made(200, first=24)  # all happens in the third year
    assert not signposts(results, years=[1, 2])["exceeds"].any()
    table = signposts(results, years=1, since="2012-01")
    assert set(table["from"]) == {"2012-01"}
    told = table[table["exceeds"]].set_index("observable")
    assert told.loc["fall:street KGZ", "share: calm"] == pytest.approx(0.3, abs=0.12)
    assert signposts(results, since="2013-01")["years"].to_list() == []  # nothing happens any more
    earlier = signposts(results, years=2, since="2011-01").set_index("observable")
    assert earlier.loc["fall:street KGZ", "share: calm"] == told.loc["fall:street KGZ", "share: calm"]


def test_windows_end_with_the_runs():
    results = made(30)  # five years from 2010-01
    assert set(signposts(results)["years"]) == {1, 2, 5}
    assert set(signposts(results, since="2010-02")["years"]) == {1, 2}
    for call, told in (
        (
            lambda: signposts(results, years=[6]),
            "6 years from 2010-01 on reach past the end of the runs, 2014-12",
        ),
        (lambda: signposts(results, years=[2], since="2013-06"), "2 years from 2013-06 on reach past"),
        (lambda: signposts(results, since="2014-06"), "under a year is left from 2014-06"),
        (
            lambda: signposts(results, since="2015-01"),
            "2015-01 is outside the runs, which go from 2010-01 to",
        ),
        (lambda: signposts(results, since="soon"), "soon"),
    ):
        with pytest.raises(RequestError) as error:
            call()
        assert told in str(error.value)


def test_what_a_thesis_assumes_is_marked_and_what_is_not_audited_is_told():
    labels = {
        "calm": {},
        "restless": {"street_falls": "assumed", "wars": "no effect", "campaigns": "emergent"},
    }
    results = made(200, labels=labels)
    table = signposts(results, scenarios=["calm", "restless"], years=1).set_index("observable")
    assert table.loc["fall:street KGZ", ["assumed", "unaudited"]].to_list() == ["restless", ""]
    assert table.loc["war:started GEO", ["assumed", "unaudited"]].to_list() == ["", ""]
    assert table.loc["campaign:alone MDA", ["assumed", "unaudited"]].to_list() == ["", ""]
    torn = signposts(results, years=1).set_index("observable")  # of which no audit says anything
    assert torn.loc["fall:street KGZ", ["assumed", "unaudited"]].to_list() == ["restless", "torn"]
    assert torn.loc["war:started GEO", ["assumed", "unaudited"]].to_list() == ["", "torn"]
    labels["restless"] = {"wars": "assumed"}  # street_falls is defined otherwise since the audit
    again = signposts(results, scenarios=["calm", "restless"], years=1).set_index("observable")
    assert again.loc["fall:street KGZ", ["assumed", "unaudited"]].to_list() == ["", "restless"]
    alone = signposts(results, scenarios=["restless"], by="end state", years=1)
    assert set(alone["assumed"]) == set(alone["unaudited"]) == {""}  # it is held against no other


def test_every_count_of_an_observable_is_an_outcome():
    found = {name: outcomes_counting(name) for name in observables()}
    assert {outcome for names in found.values() for outcome in names} <= set(OUTCOMES)
    assert found["war:started UKR"] == found["war:started"] == ("wars",)
    assert set(found["war GEO"]) == {"wars", "war_months", "standing_mean"}
    assert found["instrument:loan"] == ("used_loan",)
    kinds = {name for name, outcomes in found.items() if not outcomes and not {":", " "} & set(name)}
    assert kinds == {"defection", "moscow_leader", "purge"}
    assert not found["membership:joined"]
    assert not found["garrison:withdrawn"]
    behind = {path for name in found for path in parameters_behind(name)}
    assert behind <= set(catalogue())
    both = {name.partition(" ")[0] for name in found if parameters_behind(name) and found[name]}
    assert both == {"garrison"}  # of its details one is counted by an outcome, the other by none
    assert (
        parameters_behind("garrison GEO")
        == parameters_behind("garrison:withdrawn")
        == ("war.garrison_recall",)
    )
    assert parameters_behind("garrison:placed") == ()
    assert not [name for name in found if name.startswith("claim")]  # nobody outside sees that it begins


def test_what_no_outcome_counts_is_assumed_where_a_scenario_sets_what_alone_brings_it_about():
    sets = {"front": {"war.garrison_recall": 1}, "other": {"moscow.keep_weight": 1}}
    names, labels = ["baseline", "front", "other"], {"baseline": {}}
    assert audit_of("garrison:withdrawn ARM", names, labels, sets) == (["front"], ["other"])
    assert audit_of("garrison:placed ARM", names, labels, sets) == ([], ["front", "other"])
    assert audit_of("garrison:withdrawn", ["front"], labels, sets) == ([], [])  # held against no other


def test_a_figure_has_the_most_telling_on_top_and_its_marks():
    labels = {"calm": {}, "restless": {"street_falls": "assumed", "falls": "assumed"}}
    table = signposts(made(200, labels=labels), scenarios=["calm", "restless"], years=1)
    drawn = what_to_watch(table, most=2)
    ticks = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    best = table.iloc[0]
    assert len(ticks) == 2
    bits = f"{best['bits']:.2f} bits, {best['bits_a_year']:.2f} a year"
    assert ticks[0].endswith(f"{bits} † restless" if best["assumed"] else bits)
    dots = [line for line in drawn.axes[0].lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots[:2]] == [best["share: calm"], best["share: restless"]]
    assert dots[0].get_ydata()[0] > dots[2].get_ydata()[0]
    assert "no evidence for its mechanisms" in " ".join(" ".join(t.get_text() for t in drawn.texts).split())


def test_end_states_are_told_apart_too():
    table = signposts(made(200), by="end state", years=[1])
    assert table.loc[0, "observable"].startswith("fall")
    assert table.loc[0, "share: vacuum"] == 1


def test_only_replicates_of_every_scenario_count():
    results = made(30)
    results.outcomes = results.outcomes.iloc[:-3]
    runs = Runs.of(results)
    assert len(runs.outcomes) == 27 * 3
    labels, names = runs.labels("scenario")
    assert names == tuple(RATES)
    assert labels[:6].tolist() == [0, 1, 2, 0, 1, 2]


# -- what has been seen ----------------------------------------------------------------------------


def seen_of(held):
    return [f"{name} {'>= 1' if there else '= 0'}" for name, there in zip(NAMES, held, strict=True)]


def exact(held):
    """Return the odds of each scenario by Bayes' rule."""
    chance = [np.prod(np.where(held, rates, 1 - np.array(rates))) for rates in RATES.values()]
    return np.array(chance) / np.sum(chance)


@pytest.mark.parametrize("held", [(True, True, False), (False, False, True), (True, False, False)])
def test_odds_are_those_of_bayes(held):
    found = odds(made(1500), seen_of(held), months=12, error=0)
    for (_, row), right in zip(found.table.iterrows(), exact(held), strict=True):
        assert row["low"] - 0.02 < right < row["high"] + 0.02
        assert row["before"] == pytest.approx(1 / 3)
    assert found.matching == found.effective


def test_odds_come_true_as_often_as_they_say():
    """Reliability: of truths that were given a chance, that share were so, in every part of the curve."""
    stored, rng = made(1500), np.random.default_rng(7)
    known = {}
    given, came_true = [], []
    for _ in range(6000):
        truth = int(rng.integers(len(RATES)))
        held = tuple(happened(rng, list(RATES.values())[truth]))
        if held not in known:
            known[held] = odds(stored, seen_of(held), months=12, error=0, least=20).table["after"].to_numpy()
        given.extend(known[held])
        came_true.extend(place == truth for place in range(len(RATES)))
    given, came_true = np.array(given), np.array(came_true)
    assert given.min() < 0.1  # what was seen says something
    assert given.max() > 0.6
    parts = [(given >= low) & (given < low + 0.2) for low in (0.0, 0.2, 0.4, 0.6, 0.8)]
    for there in (part for part in parts if part.sum() > 300):
        # Both the odds, from 1,500 runs per scenario, and these shares have errors of up to .025
        assert came_true[there].mean() == pytest.approx(given[there].mean(), abs=0.07)
    assert ((given - came_true) ** 2).mean() < ((1 / 3 - came_true) ** 2).mean() - 0.02


def test_an_error_lets_runs_count_that_miss_one_statement():
    held = np.array([[True, True], [True, False], [False, False]])
    assert weigh(held, 0).tolist() == [1, 0, 0]
    assert weigh(held, 0.2) == pytest.approx([1, 0.25, 0.0625])
    assert effective_number(np.array([1.0, 1.0, 0.0])) == 2
    assert effective_number(np.zeros(3)) == 0


def test_outcomes_are_those_of_the_runs_that_fit():
    found = odds(made(200), ["fall:street KGZ >= 1"], months=12, error=0, by="end state")
    assert found.outcomes.loc["street_falls", "after"] == 1
    assert found.table.loc["vacuum", "after"] == 1


def test_too_few_runs_that_fit_are_refused():
    with pytest.raises(ResultsError, match=r"too few runs fit what was seen: \d+ of 60 in full"):
        odds(made(20), seen_of((True, True, True)), months=12, error=0)
    for error in (0.05, 0):  # however much the weights are worth, and where there is none
        with pytest.raises(ResultsError, match="0 of 600 in full"):
            odds(made(200), ["war:started UKR >= 1"], months=12, error=error)
    seen, rare = ["fall:street KGZ >= 1"], made(200, {"calm": (0.02, 0.5, 0.5), "torn": (0.03, 0.5, 0.5)})
    few = odds(rare, seen, months=12, least=1)
    assert few.matching < few.effective  # runs without it have most of the weight
    assert few.part_missing > 0.5
    with pytest.raises(ResultsError, match=f"{few.matching} of 400 in full"):
        odds(rare, seen, months=12)


def test_what_is_wrong_is_told():
    results = made(40)
    for call, told in (
        (lambda: odds(results, [], months=12), "at least one statement"),
        (lambda: odds(results, [NAMES[0] + " >= 1"], months=0), "at least one month"),
        (lambda: odds(results, [NAMES[0] + " >= 1"], months=1, error=0.5), "below .5"),
        (lambda: signposts(results, by="thesis"), "scenario or end state"),
        (lambda: signposts(results, scenarios=["calm"]), "all runs are of one scenario"),
        (lambda: signposts(results, scenarios=["cal", "torn"]), "did you mean calm?"),
        (lambda: signposts(results, years=[0]), "a year or more"),
    ):
        with pytest.raises(SimError) as error:
            call()
        assert told in str(error.value)


def test_what_tells_the_same_of_every_run_is_told_once():
    found = in_window(
        pd.DataFrame({"war:started GEO": [0, 1, 1, 0], "garrison": [0, 1, 1, 0]}),
        np.array([0, 1, 0, 1]), ("a", "b"), "scenario", np.array([0, 0, 1, 1]), 1,
    )  # fmt: skip
    assert list(found["observable"]) == ["garrison"]
