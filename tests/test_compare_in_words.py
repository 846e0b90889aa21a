"""Comparisons in words, over any months, under several theses, and which rows they show."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.asked import Asked
from sim.analysis.compare import compare
from sim.analysis.export import outcome_table
from sim.analysis.in_markdown import summary
from sim.analysis.in_words import largest, standardised
from sim.analysis.shipped_audit import stated_by_claims
from sim.cli.main import main
from sim.cli.tables import comparison_tables
from sim.errors import RequestError, ResultsError
from sim.experiment.under import Group, lay_under
from sim.measures import OUTCOMES
from sim.measures.window import Window
from sim.report.report import Report
from sim.scenario import load
from tests.test_results_compare import TWO, results

FAST = ("--runs", "3", "--workers", "1", "--no-figures", "--set", "citizens=60", "--set", "years=2")
ENDS = {"end_state": ["vacuum", "vacuum", "status quo", "vacuum"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the results of the shared world and two theses, and what was printed."""
    place = tmp_path_factory.mktemp("words") / "results"
    done = CliRunner().invoke(main, ["compare", "kuzio", "baseline", "dubnov", *FAST, "--out", str(place)])
    assert done.exit_code == 0, done.output
    return place, done.stdout


def call(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


# -- in words --------------------------------------------------------------------------------------


def test_a_scenario_is_told_by_its_end_its_largest_differences_and_what_is_assumed():
    made = {
        "baseline": {
            "falls": [0.0, 2.0, 4.0, 6.0],
            "wars": [1.0, 1.0, 2.0, 2.0],
            "clashes": [1.0, 2.0, 3.0, 4.0],
        },
        "kuzio": {
            "falls": [1.0, 3.2, 5.0, 7.0],
            "wars": [4.0, 4.0, 5.0, 5.2],
            "clashes": [9.0, 9.0, 9.0, 9.5],
            **ENDS,
        },
    }
    names = ["falls", "wars", "clashes"]
    marks = {"assumed": [("kuzio", "clashes")], "emergent": [("kuzio", "wars")]}
    comparison = compare(results(**marks, **made), outcomes=names)
    first, second = comparison.in_words()
    assert first == "baseline: most often status quo, 100% of runs (51% to 100%)."
    assert second == (
        "kuzio: most often vacuum (75% of runs, 30% to 95%) or status quo (25%, 5% to 70%), too few runs to "
        "tell which. Largest differences from baseline beside those "
        "assumed, of the outcomes shown: wars +3.05 [3.00, 3.15] (emergent); falls +1.05 [1.00, 1.15] (no "
        "visible effect in the audit). 1 other in the table is assumed †."
    )
    assert str(comparison).splitlines() == [first, second]
    assert comparison.to_markdown(names).startswith(f"- {first}\n- {second}\n\nRun with start ")
    assert largest(comparison, "kuzio", 1) == ["wars"]
    spread = (pd.Series([0, 2, 4, 6]).var() + pd.Series([1, 3.2, 5, 7]).var()) / 2
    assert standardised(comparison, "kuzio")["falls"] == pytest.approx(1.05 / spread**0.5)


def test_what_is_not_audited_is_said_and_not_called_free_of_assumptions():
    made = {**TWO, "kuzio": {"falls": [1.0, 3.0, 5.0, 7.5]}}
    (_, said) = compare(results(unaudited=["kuzio"], **made), outcomes=["falls"]).in_words()
    assert said.endswith(
        "Only difference from baseline, of the outcomes shown: falls +1.12 [1.00, 1.38]. Not audited: any "
        "difference may only repeat an assumption."
    )


def test_where_nothing_is_ranked_the_words_say_why():
    (_, none) = compare(results(**TWO), outcomes=["falls"]).in_words()
    assert none.endswith(". No visible difference from baseline, of the outcomes shown.")
    undefined = [float("nan")] * 3
    made = {
        "baseline": {"street_falls": [0.0, 2.0, 4.0, 6.0, 8.0], "wars": [0.0, 1.0, *undefined]},
        "kuzio": {"street_falls": [1.0, 3.0, 5.0, 7.5, 9.0], "wars": [4.0, 5.0, *undefined]},
    }
    falls, wars = ("kuzio", "street_falls"), ("kuzio", "wars")
    (_, assumed) = compare(results(assumed=[falls, wars], **made)).in_words()
    assert assumed.endswith(". Every visible difference from baseline is assumed (†): 2 in all.")
    (_, chosen) = compare(results(assumed=[falls], **made), outcomes=["street_falls"]).in_words()
    assert (
        "Every visible difference from baseline, of the outcomes shown, is assumed (†): 1 in all." in chosen
    )
    (_, few) = compare(results(assumed=[falls], **made)).in_words()
    assert few.endswith("is assumed (†) or rests on under half of the pairs: 2 in all.")


def test_what_a_scenarios_own_claims_state_is_not_told_as_a_finding():
    made = {
        "baseline": {"falls": [0.0, 2.0, 4.0, 6.0], "wars": [1.0, 1.0, 2.0, 2.0]},
        "kuzio": {"falls": [1.0, 3.2, 5.0, 7.0], "wars": [4.0, 4.0, 5.0, 5.2]},
    }
    names = ["falls", "wars"]
    up = {("kuzio", "wars"): {"up": ("K3", "K8")}}
    comparison = compare(results(stated=up, emergent=up, **made), outcomes=names)
    assert largest(comparison, "kuzio") == ["falls"]
    assert comparison.in_words()[1].endswith(
        "Only difference from baseline beside those stated by claims, of the outcomes shown: falls "
        "+1.05 [1.00, 1.15] (no visible effect in the audit). Stated by claims: wars +3.05 [3.00, "
        "3.15] (of which K3 and K8 speak; emergent)."
    )
    both = {**up, ("kuzio", "falls"): {"up": ("K1",)}}
    (_, every) = compare(results(stated=both, **made), outcomes=names).in_words()
    assert "Every visible difference from baseline, of the outcomes shown, is stated by claims: 2" in every
    against = {("kuzio", "wars"): {"down": ("K3",)}}  # that the opposite came about is a finding
    assert largest(compare(results(stated=against, **made), outcomes=names), "kuzio") == ["wars", "falls"]
    assumed = compare(results(stated=up, assumed=[("kuzio", "wars")], **made), outcomes=names)
    assert assumed.in_words()[1].endswith("1 other in the table is assumed †.")


def test_claims_state_a_difference_unless_the_baseline_has_them_too():
    kuzio, shared = load("kuzio"), load("baseline")
    stated = stated_by_claims([shared, kuzio], "baseline")
    assert stated["kuzio", "clashes"]["up"] == ("K3", "K8")
    assert {name for name, _ in stated} == {"kuzio"}
    less = kuzio.without_claims("K3", name="less")
    assert stated_by_claims([less, kuzio], "less") == {("kuzio", "clashes"): {"up": ("K3",)}}
    turned = {("less", "clashes"): {"down": ("K3",)}}  # what the baseline alone says
    assert stated_by_claims([kuzio, less], "kuzio") == turned
    zero = {claim.id for claim in kuzio.claims if claim.effect and claim.effect.versus}
    assert not zero & {name for signs in stated.values() for names in signs.values() for name in names}


def test_clashes_under_kuzio_are_told_as_what_its_claims_state(folder):
    marks = sim.open_results(folder[0]).audit("baseline")
    assert marks.stated["kuzio", "clashes"] == {"up": ("K3", "K8")}
    windowed = compare(sim.open_results(folder[0]), "baseline", window=Window.of(by="2025-12"))
    assert windowed.audit.stated == marks.stated


def test_only_chosen_outcomes_are_called_those_shown():
    made = results(baseline={"street_falls": [0.0, 2.0, 4.0]}, kuzio={"street_falls": [1.0, 3.0, 5.5]})
    (_, by_default), (_, of_one) = (
        compare(made, outcomes=names).in_words() for names in (None, ["street_falls"])
    )
    assert "Only difference from baseline: falls" in by_default
    assert "Only difference from baseline, of the outcomes shown: falls" in of_one


def test_a_difference_that_rests_on_few_pairs_says_so_and_is_not_ranked():
    nan = float("nan")
    same = {"falls": [0.0, 3.0, 0.0, 3.0, 0.0, 3.0, 0.0, 3.0, 0.0, 3.0]}
    made = {
        "baseline": {**same, "wars": [1.0, 2.0, 1.0] + 7 * [nan], "clashes": [1.0, 5.0] * 3 + 4 * [nan]},
        "kuzio": {
            "falls": [value + 1 for value in same["falls"]],
            "wars": [9.0, 9.0, 9.0] + 7 * [nan],
            "clashes": [2.0, 7.0] * 3 + 4 * [nan],
        },
    }
    comparison = compare(results(**made), outcomes=["falls", "wars", "clashes"])
    assert comparison.pairs("kuzio") == 10
    assert abs(standardised(comparison, "kuzio")["wars"]) > 9  # the largest by far
    assert largest(comparison, "kuzio") == ["falls", "clashes"]
    (_, said) = comparison.in_words()
    assert "falls +1.00 [1.00, 1.00] (no visible effect in the audit); " in said
    assert said.endswith(
        " (6 pairs) (no visible effect in the audit). 1 other rests on under half of the pairs."
    )
    rows = [line for line in summary([comparison]).splitlines() if line.startswith("| ")]
    assert [row.partition(" pairs)")[0].rpartition("(")[2] for row in rows if " pairs)" in row] == ["3", "6"]
    (table,) = comparison_tables([comparison], 100)
    cells = [cell.plain.splitlines() for cell in table.columns[2].cells]
    assert [lines[2:] for lines in cells] == [[], ["(3 pairs)"], ["(6 pairs)"]]
    exported = outcome_table(comparison)["kuzio"].iloc[:, 1]
    assert [text.rpartition(" (")[2] for text in exported] == ["+1.00 [1.00, 1.00] *", "3 pairs)", "6 pairs)"]


@pytest.mark.parametrize(
    ("vacuum", "quo", "space", "told"),
    [
        (
            2,
            2,
            0,
            "vacuum (50% of runs, 15% to 85%) or status quo (50%, 15% to 85%), {untold}",
        ),
        (
            9,
            10,
            1,
            "status quo (50% of runs, 30% to 70%) or vacuum (45%, 26% to 66%), {untold}",
        ),
        (36, 60, 4, "status quo, 60% of runs (50% to 69%)"),
        (6, 0, 0, "vacuum, 100% of runs (61% to 100%)"),
        (0, 1, 0, "status quo, 100% of runs (21% to 100%)"),
    ],
)
def test_ends_that_may_be_as_frequent_are_all_named(vacuum, quo, space, told):
    ending = ["vacuum"] * vacuum + ["status quo"] * quo + ["space 2.0"] * space
    made = {"baseline": {"falls": [0.0] * len(ending), "end_state": ending}}
    (said,) = compare(results(**made), outcomes=["falls"]).in_words()
    assert said == "baseline: most often " + told.format(untold="too few runs to tell which") + "."


def test_every_comparison_begins_with_the_words(folder):
    place, printed = folder
    comparison = compare(sim.open_results(place))
    lines = comparison.in_words()
    assert [line.partition(":")[0] for line in lines] == ["baseline", "kuzio", "dubnov"]
    assert " ".join(printed.split()).startswith(" ".join(" ".join(lines).split()))
    assert (
        (place / "summary.md")
        .read_text()
        .startswith(f"## Compared with baseline\n\n- {lines[0]}\n- {lines[1]}")
    )
    alone = call("run", "dubnov", *FAST, "--out", place.parent / "one")
    assert alone.stdout.startswith("dubnov: most often ")


def test_the_table_fits_a_hundred_columns(folder):
    lines = folder[1].splitlines()[:-1]  # the last is the folder's name
    assert max(len(line) for line in lines if not line.startswith("To audit")) <= 100  # a command is whole


# -- rows and months -------------------------------------------------------------------------------


def test_rows_are_chosen(folder):
    place, _ = folder
    names = "influence_change,wars"
    done = call("compare", "kuzio", "baseline", "dubnov", *FAST, "--out", place, "--outcomes", names)
    assert done.exit_code == 0, done.output
    assert OUTCOMES["wars"].label in done.stdout
    assert OUTCOMES["integrated"].label not in done.stdout
    assert json.loads((place / "comparison.json").read_text())["outcomes"] == names.split(",")
    wrong = call("compare", "baseline", "kuzio", *FAST, "--outcomes", "warz")
    assert wrong.exit_code == 2
    assert "did you mean wars" in wrong.output


def test_only_what_differs_is_shown():
    made = results(**{**TWO, "kuzio": {**TWO["kuzio"], "falls": [9.0, 9.0, 9.0, 9.0]}})
    made.path = Path("nowhere")
    group = (Group("baseline", ("baseline", "kuzio")),)
    (shown,) = Asked(group, ("falls", "wars"), only_different=True).compare(made)
    (none,) = Asked(group, ("wars",), only_different=True).compare(made)
    assert shown.shown == ("falls",)
    assert none.shown == ()
    assert list(comparison_tables([none], 100)) == []
    assert none.in_words()[1].endswith(
        "No visible difference from baseline, of the outcomes shown. Of 2 outcomes not shown 1 differs "
        "visibly: falls +6.00 [4.00, 8.01] (`falls`)."
    )
    assert outcome_table(none).empty


def test_changes_are_measured_over_any_months(folder):
    place, _ = folder
    results = sim.open_results(place)
    window = Window.of("2025-06", "2026-03")
    comparison = compare(results, window=window)
    moscow = results.read(
        "trajectories", ["scenario", "replicate", "month", "influence"], [("state", "==", "RUS")]
    )
    by_month = moscow.pivot(index=["scenario", "replicate"], columns="month", values="influence")
    changes = (by_month["2026-03"] - by_month["2025-06"]).groupby("scenario", observed=True).mean()
    for name in results.scenarios:
        assert comparison.outcome(name, "influence_change")["mean"] == pytest.approx(changes[name], abs=1e-6)
    assert comparison.audit.unaudited == ("kuzio", "dubnov")  # the shipped audit is of whole runs
    said = compare(results, window=Window.of(by="2025-12")).in_words()
    assert "from the start to 2025-12" in said[0]
    done = call("compare", "kuzio", "baseline", "dubnov", *FAST, "--out", place, "--by", "2025-12")
    assert "Outcomes from the start to 2025-12" in done.stdout
    assert Asked.read(results).window == Window.of(by="2025-12")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--by", "2027-01"), "2027-01 is outside the runs of baseline, which go from 2025-01 to 2026-12"),
        (("--from", "2026-06", "--by", "2026-01"), "the last month, 2026-01, must come after the first"),
        (("--from", "June"), "'June' is not a month: write YYYY-MM"),
    ],
)
def test_months_that_cannot_be_measured_cost_no_run(words, message, tmp_path):
    done = call("compare", "baseline", "kuzio", *FAST, "--out", tmp_path / "never", *words)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
    assert not (tmp_path / "never").exists()


# -- under several theses --------------------------------------------------------------------------


@pytest.mark.slow
def test_a_what_if_is_laid_over_theses_each_with_its_own_baseline(tmp_path):
    done = call(
        "compare", "what-if/support-none", "--under", "kuzio,dubnov", *FAST, "--out", tmp_path / "under"
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    results = sim.open_results(tmp_path / "under")
    assert results.scenarios == [
        f"{name}-under-{thesis}" for thesis in ("kuzio", "dubnov") for name in ("baseline", "support-none")
    ]
    first, second = Asked.read(results).compare(results)
    assert (first.under, first.baseline) == ("kuzio", "baseline-under-kuzio")
    assert (second.under, second.scenarios) == (
        "dubnov",
        ("baseline-under-dubnov", "support-none-under-dubnov"),
    )
    table = pd.read_csv(tmp_path / "under" / "comparison.csv", index_col=["scenario", "outcome"])
    assert table.loc[("support-none-under-dubnov", "wars"), "baseline"] == "baseline-under-dubnov"
    outcomes = results.outcomes.set_index(["scenario", "replicate"])["challenges"]
    difference = (outcomes["support-none-under-dubnov"] - outcomes["baseline-under-dubnov"]).mean()
    assert second.outcome("support-none-under-dubnov", "challenges")["difference"] == pytest.approx(
        difference
    )
    assert (
        "## Compared with baseline-under-dubnov under dubnov" in (tmp_path / "under/summary.md").read_text()
    )
    assert set(results.outcomes["thesis"]) == {"kuzio", "dubnov"}
    said = (
        "support-none is laid over each of the theses kuzio and dubnov, in place of any thesis of its own, "
        "and compared with baseline under the same thesis: a difference is what support-none adds to that "
        "thesis. baseline-under-kuzio is the thesis kuzio alone. "
        "baseline-under-dubnov is the thesis dubnov alone."
    )
    assert said in " ".join(done.output.split())
    words = (tmp_path / "under/summary.md").read_text()
    assert words.startswith(f"{said}\n\n## Compared with baseline-under-kuzio under kuzio")
    title = load("what-if/support-none").title
    assert results.titles["support-none-under-dubnov"].startswith(f"{title}, under dubnov")
    report = Report(results, Asked.read(results))
    assert report.heading == f"{title}, under each of kuzio and dubnov"
    page = report.render()
    assert f"<h1>{report.heading}</h1>" in page
    assert said in page
    assert "What follows from the thesis alone (Overstretch)?" in page
    assert "The others under kuzio are compared with it." in page


def test_the_same_from_python():
    found = sim.compare_under(["what-if/support-none"], ["kuzio"], runs=1, workers=1, changes={"years": 1})
    assert list(found) == ["kuzio"]
    assert found["kuzio"].baseline == "baseline-under-kuzio"
    comparison = sim.compare(
        ["baseline", "kuzio"], runs=2, workers=1, changes={"years": 1, "citizens": 60}, since="2025-03",
        outcomes=["wars"],
    )  # fmt: skip
    assert comparison.window == Window.of("2025-03")
    assert (
        (comparison.results.path / "summary.md")
        .read_text()
        .startswith("## Compared with baseline, from 2025-03")
    )


def test_a_baseline_may_be_another_scenario():
    sources = ["what-if/garrisons-to-the-front"]
    scenarios, (group,) = lay_under(sources, ["kuzio"], baseline="what-if/war-as-recorded")
    assert group.baseline == "war-as-recorded-under-kuzio"
    assert [item.thesis.name for item in scenarios] == ["kuzio", "kuzio"]
    (shared, what_if), _ = lay_under(sources, ["kuzio"])
    assert (shared.start, shared.years, shared.timeline) == (what_if.start, what_if.years, ())


@pytest.mark.parametrize(
    ("theses", "message"),
    [
        ((), "at least one thesis"),
        (("kuzio", "kuzio"), "kuzio is given twice"),
        (("kuzio", "Kuzio"), "kuzio is given twice"),
    ],
)
def test_theses_that_make_no_sense_are_refused(theses, message):
    with pytest.raises(RequestError, match=message):
        lay_under(["what-if/support-none"], theses)


def test_scenarios_of_a_comparison_are_chosen_with_their_baseline(folder):
    results = sim.open_results(folder[0])
    asked = Asked.read(results)
    assert asked.changed(scenarios=["dubnov"]).groups == (Group("baseline", ("baseline", "dubnov")),)
    assert asked.changed(baseline="kuzio").groups == (Group("kuzio", ("kuzio", "baseline", "dubnov")),)
    with pytest.raises(ResultsError, match="did you mean dubnov"):
        asked.changed(scenarios=["dubnow"])
