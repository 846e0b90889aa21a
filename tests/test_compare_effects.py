"""Whether an effect differs between theses: a star under one and none under another does not say so."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.asked import Asked
from sim.analysis.effects import can_be_held, compare_effects, paired_effects
from sim.analysis.effects_in_words import HOW_READ, effect_table, section
from sim.analysis.export import KINDS
from sim.analysis.intervals import paired, visible
from sim.analysis.workbook import OF_EFFECTS, OF_EFFECTS_BY_STATE
from sim.analysis.written import difference_text
from sim.cli.effect_tables import effect_legend, effect_tables
from sim.cli.main import main
from sim.errors import RequestError, SimError
from sim.experiment.under import Group
from sim.measures.end_state import END_STATES
from tests.test_results_compare import NAN, results

RUNS = 40
FAST = ("--runs", "3", "--workers", "1", "--no-figures", "--set", "citizens=60", "--set", "years=2")


def compared(theses, only_different=False, outcomes=("falls", "wars"), **columns):
    """Return a comparison under each thesis; ``columns`` by scenario, ``X_under_THESIS``."""
    made = {name.replace("_under_", "-under-"): runs for name, runs in columns.items()}
    groups = [
        Group(
            f"baseline-under-{thesis}",
            tuple(name for name in made if name.partition("-under-")[2].startswith(thesis)),
            thesis,
        )
        for thesis in theses
    ]
    asked = Asked(tuple(groups), outcomes, only_different=only_different)
    found = asked.compare(results(years=(20,) * len(made), **made))
    return asked, found


def planted(first: float, second: float, noise: float = 1.0):
    """Return comparisons of a scenario that adds so many falls under each of two theses, and no war."""
    draw = np.random.default_rng(1)
    common = draw.normal(size=RUNS)
    columns = {}
    for thesis, size in {"one": first, "two": second}.items():
        base = common + draw.normal(size=RUNS)
        columns[f"baseline_under_{thesis}"] = {"falls": base, "wars": np.zeros(RUNS)}
        falls = base + size + noise * draw.normal(size=RUNS)
        columns[f"if_under_{thesis}"] = {"falls": falls, "wars": np.zeros(RUNS)}
    return compared(("one", "two"), **columns)


def test_what_is_not_shown_is_told_of_where_it_has_a_star():
    asked, found = planted(0.0, 3.0)
    (told,) = replace(asked.effects(found), shown=("wars",)).in_words()
    assert told.endswith("has a star. Of 1 difference not shown 1 has one: falls.")
    (shown,) = asked.effects(found).in_words()
    assert "not shown" not in shown


def test_effects_that_differ_have_a_star_and_are_told_first():
    asked, found = planted(0.0, 3.0)
    effects = asked.effects(found)
    row = effects.values.loc[("if", "two", "falls")]
    own = [item.outcome(item.ordered[1], "falls")["difference"] for item in found]
    assert row["difference"] == pytest.approx(own[1] - own[0])
    assert row["low"] < 3 < row["high"]
    assert (row["visible"], row["pairs"], row["against"]) == (True, RUNS, "one")
    (line,) = effects.in_words()
    assert line.startswith("if, effect under two less effect under one: falls +")
    assert line.endswith("1 of 7 differences has a star; by chance alone up to one in twenty would.")
    assert str(effects) == line
    (table,) = effect_tables(effects, 100)
    assert [column.header for column in table.columns] == ["", "two less one"]
    cells = [str(each) for each in table.columns[1].cells]
    assert cells[0].startswith("+")
    assert cells[0].endswith(" *")
    assert cells[1] == "0.00 [0.00, 0.00]\n(all tied)"  # wars: none in any run
    assert "less what it adds under one" in effect_legend(effects)


def test_a_star_under_one_thesis_alone_is_no_difference():
    asked, found = planted(0.25, 0.45)
    stars = [bool(visible(item.outcome(item.ordered[1], "falls"))) for item in found]
    assert stars == [False, True]
    effects = asked.effects(found)
    assert not effects.values["visible"].any()
    assert effects.in_words() == [
        "No effect of if under two differs visibly from that under one: none of 7 differences shown has a "
        "star."
    ]
    assert "A star under one thesis and none under another is no difference" in effects.to_markdown()


def test_equal_effects_have_a_star_as_often_as_chance_gives():
    """One in twenty by the interval's level; a percentile bootstrap of 40 runs gives a little more."""
    draw = np.random.default_rng(7)
    trials = 600
    common, first, second = draw.normal(size=(3, RUNS, trials))
    noise = draw.exponential(size=(2, RUNS, trials))
    frames = [
        common + first + 0.5 + noise[0],
        common + first,
        common + second + 0.5 + noise[1],
        common + second,
    ]
    table = paired_effects(*map(pd.DataFrame, frames))
    assert 0.03 < table["visible"].mean() < 0.08
    assert visible(paired(pd.DataFrame(frames[0]), pd.DataFrame(frames[1]))).all()  # both effects are there


def test_the_interval_is_that_of_all_comparisons():
    draw = np.random.default_rng(3)
    frames = [pd.DataFrame(draw.normal(size=(RUNS, 2)), columns=["a", "b"]) for _ in range(4)]
    one, its, other, its_too = frames
    same = paired(one - its, other - its_too)
    pd.testing.assert_frame_equal(paired_effects(*frames)[list(same)], same)


def test_a_run_that_lacks_any_of_the_four_is_left_out():
    whole = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0]})
    undefined = pd.DataFrame({"a": [NAN, 1.0, 1.0, 1.0]})
    fewer = pd.DataFrame({"a": [0.0, 0.0]}, index=[0, 1])
    (row,) = paired_effects(whole, undefined, whole, fewer).to_dict("records")
    assert (row["pairs"], row["difference"], row["visible"]) == (1, -1, False)
    nothing = pd.DataFrame({"a": [None] * 4}, dtype=object)
    (row,) = paired_effects(whole, nothing, whole, whole).to_dict("records")
    assert (row["pairs"], row["visible"]) == (0, False)
    assert np.isnan([row["difference"], row["low"], row["high"]]).all()


def test_rounding_is_a_tie_and_no_star():
    ones = np.ones((RUNS, 1))
    frames = [pd.DataFrame(size * ones) for size in (0.3, 0.1, 0.2, 0.0)]
    assert (0.3 - 0.1) - 0.2 != 0
    (row,) = paired_effects(*frames).to_dict("records")
    assert (row["tied"], row["difference"], row["visible"]) == (1, 0, False)


def test_few_that_differ_among_ties_have_no_star():
    zeros = pd.DataFrame({"a": np.zeros(RUNS)})
    for differing, starred in ((9, False), (10, True)):
        some = pd.DataFrame({"a": [1.0] * differing + [0.0] * (RUNS - differing)})
        (row,) = paired_effects(some, zeros, zeros, zeros).to_dict("records")
        assert row["low"] > 0
        assert row["visible"] == starred


def test_an_outcome_that_no_run_defines_is_a_dash():
    undefined = [NAN] * RUNS
    names = [f"{name}_under_{thesis}" for thesis in ("one", "two") for name in ("baseline", "if")]
    asked, found = compared(
        ("one", "two"), **{name: {"falls": [1.0] * RUNS, "wars": undefined} for name in names}
    )
    effects = asked.effects(found)
    (table,) = effect_tables(effects, 100)
    assert str(list(table.columns[1].cells)[1]) == "– [–, –]"
    assert "wars | if | two | – [–, –] |" in effects.to_markdown()
    assert effects.in_words()[0].startswith("No effect of if under two differs visibly")


def test_differences_on_few_replicates_are_counted_and_not_told():
    few = 15
    base = {"falls": np.zeros(RUNS), "wars": [0.0] * few + [NAN] * (RUNS - few)}
    more = base | {"wars": [*np.linspace(1, 2, few), *[NAN] * (RUNS - few)]}
    asked, found = compared(
        ("one", "two"), baseline_under_one=base, if_under_one=base, baseline_under_two=base, if_under_two=more
    )
    (line,) = asked.effects(found).in_words()
    assert "visible on under half of the replicates alone. 1 of 7 differences has a star" in line
    assert line.endswith("On under half of the replicates rests 1 of them.")


def test_each_thesis_is_held_against_the_first_or_the_one_named():
    flat = {"falls": np.zeros(RUNS)}
    rise = {"falls": np.arange(RUNS) + 1.0}
    columns = {f"baseline_under_{thesis}": flat for thesis in ("one", "two", "three")}
    columns |= {"if_under_one": flat, "if_under_two": rise, "if_under_three": flat, "or_under_two": flat}
    columns |= {"or_under_three": flat}
    asked, found = compared(("one", "two", "three"), outcomes=("falls",), **columns)
    effects = asked.effects(found)
    assert effects.laid == (("if", "two"), ("if", "three"))  # none of `or`, which has no runs under the first
    assert len(effects.in_words()) == 1  # none on what does not differ
    turned = asked.effects(found, "two")
    assert turned.laid == (("if", "one"), ("if", "three"), ("or", "three"))
    assert turned.values.loc[("if", "one", "falls"), "difference"] == -rise["falls"].mean()
    (table,) = effect_tables(turned, 100)
    assert table.columns[1].header.replace("\n", " ") == "if, one less two"
    with pytest.raises(SimError, match="no thesis 'tow'; did you mean two"):
        asked.effects(found, "tow")


def test_names_that_had_to_be_told_apart_are_matched():
    flat = {"falls": np.zeros(RUNS)}
    names = ("baseline_under_one", "if_under_one", "if_under_one-2")
    columns = {name.replace("one", thesis): flat for thesis in ("one", "two") for name in names}
    asked, found = compared(("one", "two"), outcomes=("falls",), **columns)
    assert asked.effects(found).laid == (("if", "two"), ("if-2", "two"))


def test_only_rows_that_differ_are_shown_where_that_is_asked():
    draw = np.random.default_rng(5).normal(size=RUNS)
    flat = {"falls": np.zeros(RUNS), "wars": np.zeros(RUNS)}
    columns = {
        "baseline_under_one": flat, "if_under_one": flat | {"wars": draw - 0.3},
        "baseline_under_two": flat, "if_under_two": flat | {"wars": draw + 0.3},
    }  # fmt: skip
    asked, found = compared(("one", "two"), only_different=True, **columns)
    effects = asked.effects(found)
    assert effects.rows(effects.parts[0]) == ("wars",)
    asked, found = compared(("one", "two"), only_different=True, **dict.fromkeys(columns, flat))
    assert list(effect_tables(asked.effects(found), 100)) == []
    assert len(asked.effects(found).in_words()) == 1


def test_one_thesis_has_no_effects_to_hold_together():
    flat = {"falls": np.zeros(RUNS)}
    _, one = compared(("one",), outcomes=("falls",), baseline_under_one=flat, if_under_one=flat)
    assert not can_be_held(one)
    with pytest.raises(RequestError, match=r"here is one alone: lay scenarios over several"):
        compare_effects(one)
    _, alone = compared(("one", "two"), outcomes=("falls",), baseline_under_one=flat, baseline_under_two=flat)
    assert not can_be_held(alone)
    with pytest.raises(RequestError, match="there are baselines alone"):
        compare_effects(alone)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder of a what-if under two theses, and what was printed."""
    place = tmp_path_factory.mktemp("effects") / "results"
    words = ["compare", "what-if/support-none", "--under", "kuzio,dubnov", *FAST, "--out", str(place)]
    done = CliRunner().invoke(
        main, [*words, "--state", "KGZ", "--outcomes", "falls,wars", "--from", "2026-01"]
    )
    assert done.exit_code == 0, done.output
    return place, done.stdout


def test_the_command_tells_and_writes_them(folder):
    place, printed = folder
    text = (place / "summary.md").read_text()
    assert "\n## Differences between effects under kuzio and dubnov, from 2026-01 to the end\n" in text
    assert "\n### Differences between effects in Kyrgyzstan (KGZ)\n" in text
    found = sim.open_results(place).compare_effects()
    plain = " ".join(printed.split())
    assert all(" ".join(line.split()) in plain for line in found.in_words())
    assert all(f"- {line}\n" in text for line in found.in_words())
    assert "Differences between effects from 2026-01 to the end" in plain
    assert "Differences between effects in Kyrgyzstan (KGZ) from 2026-01 to the end" in plain
    assert max(map(len, printed.splitlines())) <= 100
    assert found.shown == ("falls", "wars")
    index = ["scenario", "thesis", "outcome"]
    for name, table in {"": found.values, "_by_state": found.of_states}.items():
        stem = place / f"comparison_of_effects{name}"
        parquet = pd.read_parquet(stem.with_suffix(".parquet"))
        pd.testing.assert_frame_equal(parquet, table)
        keys = index if not name else [*index[:2], "state", index[2]]
        csv = pd.read_csv(stem.with_suffix(".csv")).set_index(keys)
        assert list(csv) == list(table)
        assert csv.index.equals(table.index)
    ends = {f"ends in {name}" for name in END_STATES}
    assert ends < set(found.values.index.unique("outcome"))


def test_the_page_of_files_has_every_column(folder):
    page = (Path(__file__).parent.parent / "docs" / "reference" / "results-folder.md").read_text()
    section = page.split("## Differences between effects")[1].split("\n## ")[0]
    told = [
        name for row in re.findall(r"^\| (`.+?) \|", section, re.M) for name in re.findall(r"`(\w+)`", row)
    ]
    states = sim.open_results(folder[0]).compare_effects().of_states.reset_index()
    assert told == list(states)
    for file in folder[0].glob("comparison*.*"):
        assert f"`{file.name}`" in page
    regional, state = (pd.read_csv(folder[0] / f"comparison{of}.csv") for of in ("", "_by_state"))
    lacks = [name for name in regional if name not in state]
    assert lacks == ["assumed", "audited", "baseline"]
    assert "it has no `assumed`, `audited` or `baseline`" in page


def test_results_tell_them_of_other_outcomes_states_and_months(folder):
    results = sim.open_results(folder[0])
    turned = results.compare_effects("dubnov", "clashes", states="MDA", by="2025-12")
    assert (turned.against, turned.theses, turned.shown) == ("dubnov", ("kuzio",), ("clashes",))
    assert turned.states == ("MDA",)
    assert "in Moldova (MDA)" in turned.to_markdown()
    rows = results.trajectories.query("state == 'KGZ'").groupby(["scenario", "replicate"])
    held = results.compare_effects().by_state("KGZ")
    told = held.loc[("support-none", "dubnov", "KGZ", "alignment_end"), "difference"]
    ends = rows["alignment"].last().unstack("scenario")
    expected = (
        ends["support-none-under-dubnov"] - ends["baseline-under-dubnov"]
        - ends["support-none-under-kuzio"] + ends["baseline-under-kuzio"]
    ).mean()  # fmt: skip
    assert told == pytest.approx(expected, abs=1e-5)
    with pytest.raises(SimError, match="no state is called"):
        results.compare_effects(states="Narnia")


def test_exported_tables_and_the_report_tell_them(folder, tmp_path):
    place, _ = folder
    found = sim.open_results(place).compare_effects()
    kinds = [word for kind in KINDS for word in ("--format", kind)]
    done = CliRunner().invoke(main, ["export", str(place), *kinds, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "tables.md").read_text().endswith(section(found))
    texts = {kind: html.unescape((tmp_path / f"tables.{kind}").read_text()) for kind in ("html", "tex")}
    report = sim.open_results(place).report(tmp_path / "report.html").read_text()
    texts["report"] = html.unescape(report)
    assert "Does the effect differ between theses?" in report
    for part in found.parts:
        cells = effect_table(found, part)
        row = part.rows["support-none", "dubnov", part.names[0]]
        told = difference_text(row["difference"], row["low"], row["high"])
        assert cells["dubnov less kuzio"].iloc[0].startswith(told)
        sheet = "effects Kyrgyzstan (KGZ)" if part.state else "effects"
        shown = pd.read_excel(tmp_path / "tables.xlsx", sheet_name=sheet)
        assert list(shown["dubnov less kuzio"]) == list(cells["dubnov less kuzio"])
        for text in texts.values():
            assert all(re.sub(r"\s+", " ", cell)[:12] in text for cell in cells["dubnov less kuzio"])
    for text in texts.values():
        assert all(line[:40] in text for line in found.in_words())
        assert HOW_READ in text
    for name, table in {OF_EFFECTS: found.values, OF_EFFECTS_BY_STATE: found.of_states}.items():
        sheet = pd.read_excel(tmp_path / "tables.xlsx", sheet_name=name)
        np.testing.assert_allclose(sheet["difference"], table["difference"], atol=1e-12)
        assert list(sheet["star of the difference"]) == list(table["visible"])


def test_python_measures_over_the_folders_own_months(folder):
    results = sim.open_results(folder[0])
    assert str(results.window) == "from 2026-01 to the end"
    pd.testing.assert_frame_equal(results.outcomes_within(), results.outcomes_within(since="2026-01"))
    assert not results.outcomes_within().equals(results.outcomes)
    written = pd.read_csv(folder[0] / "comparison.csv").set_index(["scenario", "outcome"])
    own = results.compare("baseline-under-kuzio").values["difference"]
    told = written.query("baseline == 'baseline-under-kuzio'")["difference"]
    np.testing.assert_allclose(own.loc[told.index], told, atol=1e-6)  # six digits are written
    other = results.compare("baseline-under-kuzio", by="2025-12").values["difference"]
    assert not np.allclose(other.loc[told.index], told, equal_nan=True)
    assert "measured from 2026-01 to the end" in " ".join(
        text.get_text() for text in results.plot.outcomes("moscow").texts
    ).replace("\n", " ")


def test_one_thesis_alone_prints_and_writes_none(folder):
    place = str(folder[0])
    words = ["compare", "what-if/support-none", "--under", "kuzio", *FAST, "--out", place]
    done = CliRunner().invoke(main, [*words, "--force"])
    assert done.exit_code == 0, done.output
    assert "Differences between effects" not in done.stdout
    assert not list(folder[0].glob("comparison_of_effects*"))  # those of the earlier call are gone
    with pytest.raises(RequestError, match="here is kuzio alone"):
        sim.open_results(place).compare_effects()
