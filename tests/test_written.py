"""How numbers are written: no rounding hides a sign, or that the ends of an interval differ."""

from __future__ import annotations

import pytest

from docs.remake.findings import claims
from docs.remake.stored import ROOT, Tree
from sim.analysis.compare import compare
from sim.analysis.export import outcome_table
from sim.analysis.written import difference_text
from sim.cli.tables import comparison_tables
from tests.test_results_compare import results

NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((0.31, 0.1, 0.52), "+0.31 [0.10, 0.52]"),
        ((0.0, 0.0, 0.0), "0.00 [0.00, 0.00]"),
        ((-0.0012, -0.0054, 0.0024), "-0.001 [-0.005, 0.002]"),
        ((0.0004, 0.0, 0.0112), "+0.0004 [0.0000, 0.0112]"),
        ((0.0122, 0.0118, 0.0131), "+0.0122 [0.0118, 0.0131]"),
        ((0.5, 4e-7, 1.0), "+0.50 [4e-07, 1.00]"),  # no eight digits for the sake of one end
        ((1e-17, -1e-17, 2e-17), "0.00 [0.00, 0.00]"),  # the machine's error
        ((NAN, NAN, NAN), "– [–, –]"),
    ],
)
def test_a_difference_has_digits_enough_for_its_sign_and_its_ends(values, text):
    assert difference_text(*values) == text


def test_a_small_difference_is_written_alike_in_every_table():
    still = {"falls": [0.0] * 40}
    made = results(baseline=still, kuzio={"falls": [0.004, -0.006] * 20})
    comparison = compare(made, outcomes=["falls"])
    (text,) = outcome_table(comparison)["kuzio"].iloc[:, 1]
    assert text.startswith("-0.001 [-0.00")
    assert "[0.00, 0.00]" not in text
    (table,) = comparison_tables([comparison], 100)
    (cell,) = table.columns[2].cells
    assert cell.plain.split("\n")[1] == text  # it has no star, which once gave it other digits
    assert f"| {text.replace('[', '(').replace(']', ')').replace(', ', ' to ')} " in comparison.to_markdown()


def test_the_page_of_findings_writes_differences_so_too():
    tree = Tree(ROOT)
    table = claims(tree)["table"]
    for row in tree.table("claims", "claims").dropna(subset=["difference"]).to_dict("records"):
        assert difference_text(row["difference"], row["low"], row["high"]) in table
