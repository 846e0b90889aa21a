"""Tables for a paper: what they hold, and that names from files stay text in each format."""

from __future__ import annotations

import sys
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.analysis.asked import Asked
from sim.analysis.by_state import alike
from sim.analysis.compare import compare
from sim.analysis.export import KINDS, end_state_table, export, outcome_table
from sim.analysis.written import NOTHING_DIFFERS
from sim.cli.export import _KINDS
from sim.cli.main import main
from sim.cli.tables import state_tables
from sim.errors import RequestError
from sim.measures import STATE_OUTCOMES, key_outcomes
from sim.measures.window import Window
from tests.test_results_compare import TWO, results

HOSTILE = "=1+1<script>alert(1)</script>&_50%"


@pytest.fixture
def comparison():
    made = {
        "baseline": TWO["baseline"],
        HOSTILE: {"falls": [1.0, 3.0, 5.0, 7.5], "wars": [1.0, 1.0, 2.0, 2.0]},
    }
    return compare(results(assumed=[(HOSTILE, "falls")], **made), outcomes=["falls", "wars"])


def test_tables_hold_means_differences_and_marks(comparison):
    table = outcome_table(comparison)
    assert list(table.columns.get_level_values("scenario")) == ["baseline", HOSTILE, HOSTILE]
    assert list(table.loc["falls (count)"]) == [
        "3.00 (0.00 to 6.00)", "4.12 (1.30 to 7.12)", "+1.12 [1.00, 1.38] * †"
    ]  # fmt: skip
    assert end_state_table(comparison).loc["baseline", "status quo"] == "100% (51 to 100)"


def test_names_from_files_stay_text_in_every_format(comparison, tmp_path):
    files = {path.suffix: path for path in comparison.export(tmp_path / "new", list(KINDS))}
    assert set(files) == {f".{kind}" for kind in _KINDS}
    page = files[".html"].read_text()
    assert "<script>" not in page
    assert "=1+1&lt;script&gt;alert(1)&lt;/script&gt;&amp;_50%" in page
    assert "<th>falls (count)</th>" in page
    latex = files[".tex"].read_text()
    assert r"alert(1)</script>\&\_50\%" in latex
    assert r"\textdagger{}" in latex
    assert all(line.startswith("%") for line in latex.splitlines() if "&_50%" in line)  # but in comments
    book = openpyxl.load_workbook(files[".xlsx"])
    assert book.sheetnames == ["in words", "outcomes", "end states", "numbers", "shares of end states"]
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert HOSTILE in {cell.value for cell in cells}
    numbers = pd.read_excel(files[".xlsx"], sheet_name="numbers").set_index(["scenario", "outcome"])
    assert numbers.loc[(HOSTILE, "falls"), "difference"] == pytest.approx(1.125)
    assert files[".md"].read_text().startswith("## Compared with baseline\n\n- baseline: most often")


@pytest.mark.parametrize("kind", ["tex", "html"])
def test_each_printed_table_has_a_caption_and_tells_its_mark_seed_and_version(kind, tmp_path):
    three = {**TWO, "dubnov": TWO["kuzio"]}
    made = results(assumed=[("kuzio", "falls")], unaudited=["dubnov"], **three)
    made.about |= {"seed": 7, "versions": {"post-soviet-scenarios": "9.8"}}
    compared = compare(made, outcomes=["falls", "wars"])
    (path,) = compared.export(tmp_path, [kind])
    text = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("%"))
    caption, mark = (r"\caption{", r"\textdagger{}") if kind == "tex" else ("<caption>", "†")
    kuzio, dubnov, ends = text.split(caption)[1:]  # one a scenario, however many there are
    assert kuzio.startswith("Outcomes: kuzio and baseline")
    assert dubnov.startswith("Outcomes: dubnov and baseline")
    assert "kuzio" not in dubnov.partition("Differences")[0]
    assert f"{mark} assumed: carried by parameters" in kuzio
    assert f"{mark} assumed" not in dubnov
    for part in (kuzio, dubnov, ends):
        assert "Source: post-soviet-scenarios 9.8, seed 7, 4 runs per scenario." in part
        assert "any difference of dubnov from baseline" in part
    assert " &  &  & " not in text


def test_what_latex_reads_as_a_command_is_text_in_captions(tmp_path):
    compared = compare(results(baseline=TWO["baseline"], **{r"a_b\input{x}--$1": TWO["kuzio"]}))
    (path,) = compared.export(tmp_path, ["tex"])
    assert r"\caption{Outcomes: a\_b\textbackslash{}input\{x\}-{}-\$1 and baseline}" in path.read_text()


def test_a_workbook_has_numbers_as_numbers_and_can_be_read_as_it_opens(comparison, tmp_path):
    (file,) = export([comparison], tmp_path, ["xlsx"])
    book = openpyxl.load_workbook(file)
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        assert all(any(value is not None for value in row) for row in rows)  # no stray row
        assert len(set(rows[0])) == len(rows[0])
        assert None not in rows[0]
    words = book["in words"]
    assert words.column_dimensions["A"].width == 100
    assert all(cell.alignment.wrap_text for cell in words["A"])
    table = pd.read_excel(file, sheet_name="numbers").set_index(["scenario", "outcome"])
    row = table.loc[(HOSTILE, "falls")]
    assert (row["unit"], row["name"]) == ("count", "falls")
    assert list(row[["difference", "difference low (95 %)", "difference high (95 %)"]]) == pytest.approx(
        [comparison.outcome(HOSTILE, "falls")[key] for key in ("difference", "low", "high")]
    )
    ends = pd.read_excel(file, sheet_name="shares of end states").set_index(["scenario", "end state"])
    assert ends.loc[("baseline", "status quo"), "share of runs"] == 1
    assert pd.api.types.is_float_dtype(ends["share low (95 %)"])
    row = ends.loc[(HOSTILE, "status quo")]
    assert (row["runs that end so"], row["difference of shares"], row["pairs of runs"]) == (4, 0, 4)
    assert (row["share of pairs equal"], row["star of the difference"], row["assumed"]) == (1, False, False)


def test_sheets_of_several_comparisons_say_whose_they_are(comparison, tmp_path):
    over = [replace(comparison, under=name) for name in ("kuzio", "what/if: " + 40 * "x")]
    (file,) = export(over, tmp_path, ["xlsx"])
    names = openpyxl.load_workbook(file).sheetnames
    assert names[1:5] == [
        "outcomes 1, kuzio", "end states 1, kuzio",
        "outcomes 2, what-if- " + 10 * "x", "end states 2, what-if- " + 8 * "x",
    ]  # fmt: skip


def test_an_outcome_of_the_users_own_is_shown_from_python_and_the_command_says_so(tmp_path):
    done = CliRunner().invoke(main, ["export", str(tmp_path), "--outcomes", "quiet_months"])
    assert done.exit_code == 2
    told = " ".join(done.output.split())
    assert "one of your own is known only in Python that registers it" in told
    assert "`results.compare(outcomes=...)`, then `.table()` or `.export()`" in told


def test_an_unknown_kind_is_refused(comparison, tmp_path):
    with pytest.raises(RequestError, match="no tables are written as 'docx': use xlsx, tex, md, html"):
        export([comparison], tmp_path, ["docx"])


@pytest.mark.parametrize(("kind", "module"), [("xlsx", "openpyxl"), ("tex", "jinja2")])
def test_a_missing_extra_is_named(kind, module, comparison, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.analysis.reopened.reopened", lambda *_, **__: (None, _Asked(comparison)))
    monkeypatch.setitem(sys.modules, module, None)
    done = CliRunner().invoke(main, ["export", str(tmp_path), "--format", kind])
    assert done.exit_code == 2
    assert "pip install 'post-soviet-scenarios[report]' brings it" in done.output


class _Asked:
    def __init__(self, comparison):
        self.comparison = comparison

    def compare(self, _):
        return [self.comparison]

    def effects_if_any(self, _):
        return None


def test_results_that_were_exported_can_be_replaced(tmp_path):
    folder = tmp_path / "out"
    words = ["compare", "baseline", "dubnov", "--runs", "2", "--workers", "1", "--set", "years=1"]
    words += ["--set", "citizens=50", "--no-figures", "--quiet", "--out", str(folder)]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert CliRunner().invoke(main, ["export", str(folder), "--format", "tex"]).exit_code == 0
    assert "KGZ" not in (folder / "tables.tex").read_text()
    again = CliRunner().invoke(main, [*words, "--force"])
    assert again.exit_code == 0, again.output
    assert not (folder / "tables.tex").exists()  # of the results that were replaced


def test_only_what_differs_is_shown_of_a_state_too(comparison, tmp_path):
    first, second = list(STATE_OUTCOMES)[:2]
    index = pd.MultiIndex.from_product([["baseline", HOSTILE], ["KGZ", "MDA"], list(STATE_OUTCOMES)],
                                       names=["scenario", "state", "outcome"])  # fmt: skip
    values = pd.DataFrame(0.0, index, comparison.values.columns).assign(pairs=4.0, runs=4.0)
    values.loc[(HOSTILE, "KGZ", second), ["difference", "low", "high"]] = [9.0, 8.0, 10.0]
    comparison.__dict__["of_states"] = values
    states = ("KGZ", "MDA")
    same = alike([comparison], states)
    assert len(same) == 2 * len(STATE_OUTCOMES) - 1
    shown = replace(comparison, states=states, alike=same)
    shown.__dict__["of_states"] = values
    kept, left = STATE_OUTCOMES[second].label, STATE_OUTCOMES[first].label
    files = {path.suffix: path for path in export([shown], tmp_path, list(KINDS))}
    for kind in (".md", ".html", ".tex"):
        _, _, text = files[kind].read_text().partition("What happens to Kyrgyzstan")
        assert kept in text
        assert left not in text
    assert f"### What happens to Moldova (MDA)\n\n{NOTHING_DIFFERS}" in files[".md"].read_text()
    assert "What happens to Moldova" not in files[".html"].read_text()
    assert pd.read_excel(files[".xlsx"], sheet_name="Kyrgyzstan").shape[0] == 1
    assert "Moldova" not in openpyxl.load_workbook(files[".xlsx"]).sheetnames
    kyrgyzstan, moldova = state_tables([shown], 100)
    assert kyrgyzstan.row_count == 1
    assert moldova == f"What happens to Moldova (MDA): {NOTHING_DIFFERS}"


def test_what_happens_to_a_state_is_in_every_format(tmp_path):
    folder = tmp_path / "out"
    words = ["compare", "baseline", "dubnov", "--runs", "2", "--workers", "1", "--set", "years=1"]
    words += ["--set", "citizens=50", "--no-figures", "--quiet", "--out", str(folder), "--state", "KGZ"]
    assert CliRunner().invoke(main, words).exit_code == 0
    formats = [word for kind in KINDS for word in ("--format", kind)]
    assert CliRunner().invoke(main, ["export", str(folder), *formats]).exit_code == 0
    rows = pd.read_csv(folder / "comparison_by_state.csv").set_index(["scenario", "outcome"])
    book = folder / "tables.xlsx"
    numbers = pd.read_excel(book, sheet_name="numbers by state").set_index(["scenario", "name"])
    assert set(numbers["outcome"]) == {item.label for item in STATE_OUTCOMES.values()}
    numbers.index.names = ["scenario", "outcome"]
    assert set(numbers["state"]) == {"KGZ"}
    pd.testing.assert_series_equal(numbers["difference"], rows["difference"], check_dtype=False)
    table = pd.read_excel(book, sheet_name="Kyrgyzstan")
    assert table.shape == (len(STATE_OUTCOMES), 4)  # the first is what the rows are
    cells = table["dubnov: mean (5–95 %)"]
    so = [entry.unit == "1 if so, 0 if not" for entry in STATE_OUTCOMES.values()]
    assert sum(so) == 4
    of_two = r"(0% of runs \(0 to 66\)|50% of runs \(9 to 91\)|100% of runs \(34 to 100\))"
    assert cells.str.fullmatch(of_two).tolist() == so
    for kind in ("tex", "md", "html"):
        text = (folder / f"tables.{kind}").read_text()
        assert "Kyrgyzstan (KGZ)" in text
        assert all(entry.label in text for entry in STATE_OUTCOMES.values())
        assert "Differences of single states are not audited." in text
        assert "dubnov, single states: Kyrgyzstan (KGZ) has no visible difference from baseline" in text
    words = set(pd.read_excel(book, sheet_name="in words")["in words"])
    assert any(line.startswith("dubnov, single states: ") for line in words)
    assert "\n- dubnov, single states: " in (folder / "summary.md").read_text()
    assert "### What happens to Kyrgyzstan (KGZ)" in (folder / "summary.md").read_text()
    other = ["export", str(folder), "--format", "html", "--state", "Moldova"]
    assert CliRunner().invoke(main, other).exit_code == 0
    text = (folder / "tables.html").read_text()
    assert "Moldova (MDA)" in text
    assert "Kyrgyzstan" not in text
    few = ["export", str(folder), "--format", "md", "--only-different"]  # two runs: nothing is told apart
    assert CliRunner().invoke(main, few).exit_code == 0
    assert f"(KGZ)\n\n{NOTHING_DIFFERS}" in (folder / "tables.md").read_text()
    named = ["export", str(folder), "--format", "html", "--outcomes", "wars"]
    assert CliRunner().invoke(main, named).exit_code == 0
    assert "What happens to" not in (folder / "tables.html").read_text()  # they were not asked for


def test_rows_that_a_comparison_left_out_are_handed_on_all_the_same(tmp_path):
    folder = tmp_path / "out"
    words = ["compare", "baseline", "dubnov", "--runs", "2", "--workers", "1", "--set", "years=1"]
    words += ["--set", "citizens=50", "--no-figures", "--out", str(folder), "--state", "KGZ"]
    done = CliRunner().invoke(main, [*words, "--only-different", "--by", "2025-10"])
    assert done.exit_code == 0, done.output
    asked = Asked.read(sim.open_results(folder))
    assert (asked.window, asked.states) == (Window.of(by="2025-10"), ("KGZ",))  # these hold, as helps say
    (item,) = asked.compare(sim.open_results(folder))
    assert list(item.shown) == list(key_outcomes())
    for command, file in ((["export", "--format", "html"], "tables.html"), (["report"], "report.html")):
        assert CliRunner().invoke(main, [*command, str(folder)]).exit_code == 0
        page = (folder / file).read_text()
        assert STATE_OUTCOMES["challenges"].label in page  # two runs: nothing is told apart
        few = [*command, str(folder), "--only-different"]
        assert CliRunner().invoke(main, few).exit_code == 0
        assert f">{STATE_OUTCOMES['challenges'].label} (count)<" not in (folder / file).read_text()


@pytest.mark.parametrize("command", ["export", "report", "plot"])
def test_helps_of_later_commands_say_that_months_are_those_of_the_comparison(command):
    told = " ".join(CliRunner().invoke(main, [command, "--help"], terminal_width=200).output.split())
    assert "such as 2014-03. [default: as in the comparison]" in told
    assert "[default: the first]" not in told
    assert "[default: the first]" in " ".join(CliRunner().invoke(main, ["compare", "--help"]).output.split())
    if command != "plot":
        assert "names them). [default: as in the comparison]" in told
        assert "a later one shows every row again" in told
