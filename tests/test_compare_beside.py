"""Theses side by side under one scenario."""

import openpyxl
import pandas as pd
import pytest

from sim.analysis.asked import Asked
from sim.analysis.beside import beside, how_to_see_beside
from sim.analysis.compare import compare
from sim.analysis.export import export
from sim.analysis.in_markdown import summary
from sim.analysis.in_words import how_to_compare_two
from sim.cli.tables import beside_tables
from sim.experiment.under import Group
from tests.test_results_compare import results

FALLS = {
    "baseline-under-baseline": [0.0, 0.0, 1.0, 1.0],
    "if-under-baseline": [1.0, 1.0, 1.0, 1.0],
    "baseline-under-kuzio": [2.0, 2.0, 2.0, 2.0],
    "if-under-kuzio": [4.0, 4.0, 4.0, 4.0],
}


@pytest.fixture
def compared():
    columns = {name: {"falls": falls, "wars": [0.0, 1.0, 1.0, 2.0]} for name, falls in FALLS.items()}
    made = results(**columns, years=(20,) * 4)
    groups = tuple(
        Group(f"baseline-under-{thesis}", (f"baseline-under-{thesis}", f"if-under-{thesis}"), thesis)
        for thesis in ("kuzio", "baseline")
    )
    return Asked(groups, ("falls", "wars")).compare(made)


def test_each_thesis_is_held_against_the_shared_world_under_the_same_scenario(compared):
    (item,) = beside(compared)
    assert item.ordered == ("if-under-baseline", "if-under-kuzio")
    assert item.shown == ("falls", "wars")
    assert item.outcome("if-under-kuzio", "falls")["difference"] == 3  # and 2 from its own baseline
    (table,) = beside_tables([item], compared, 100)
    assert table.title == "Theses side by side under if; second line: difference from if-under-baseline"
    assert [column.header for column in table.columns] == ["", "baseline", "kuzio"]
    assert str(next(iter(table.columns[2].cells))) == "4.00 (4.00, 4.00)\n+3.00 [3.00, 3.00] *"
    assert not how_to_see_beside(compared)


def test_without_the_shared_world_it_is_said_how_to_get_the_table(compared):
    kuzio = compared[:1]
    assert beside(kuzio) == beside(compared[1:]) == []
    assert not how_to_see_beside(kuzio)
    other = [*kuzio, *kuzio]
    assert "--under baseline,kuzio,kuzio" in how_to_see_beside(other)
    assert list(beside_tables(beside(other), other, 100)) == []


def test_it_is_said_how_two_are_compared_where_each_is_compared_with_a_third(compared):
    rows = {"falls": [0.0, 1.0], "wars": [0.0, 1.0]}
    three = compare(results(baseline=rows, kuzio=rows, **{"my own": rows}), "kuzio")
    assert "`--baseline baseline` holds the others against baseline" in how_to_compare_two([three])
    other = compare(results(baseline=rows, **{"my own": rows}, kuzio=rows))
    assert "with `--baseline 'my own'` holds" in how_to_compare_two([other])
    assert how_to_compare_two([other]) in summary([other])
    pair = compare(results(baseline=rows, kuzio=rows))
    assert how_to_compare_two([pair]) == how_to_compare_two(compared) == ""


def test_files_have_the_theses_side_by_side_too(compared, tmp_path):
    whole = [*compared, *beside(compared)]
    text = summary(whole)
    assert text.startswith("if is laid over each of the theses kuzio and baseline")
    assert text.count("\n## Theses side by side, compared with if-under-baseline\n") == 1
    book, page = export(whole, tmp_path, ["xlsx", "html"])
    sheet = pd.read_excel(book, sheet_name="outcomes 3, if-under-baseline")
    assert sheet["if-under-kuzio: difference [95 %]"][0] == "+3.00 [3.00, 3.00] *"
    assert len(openpyxl.load_workbook(book)["numbers"]["A"]) == 1 + 3 * 2 * 2
    assert "Outcomes: if-under-kuzio and if-under-baseline" in page.read_text()
