"""What decides a label of the audit, and that labels near the line are said to be so wherever they stand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from docs.remake.pages import render
from docs.remake.stored import ROOT, Tree
from docs.remake.words import count
from sim.analysis.audit import ASSUMED, CARRIES, EMERGENT, NO_EFFECT
from sim.analysis.deciding import NEAR, deciding
from sim.analysis.shipped_audit import audit_folder, shipped_cells
from sim.analysis.written import whole_percent
from sim.cli.reports import audit_legend, audit_tables
from sim.figures.gallery.audit import audit_map
from sim.measures import OUTCOMES, key_outcomes

BOTH = "clashes.ally_alienation + rivals.vacuum"
DROP = {"thesis": "t", "parameterises": True}


def cell(outcome: str, label: str, carrier: str = "", most: str = "rivals.vacuum") -> dict[str, Any]:
    return {
        "thesis": "t", "outcome": outcome, "pairs": 30, "difference": -0.2, "low": -0.3, "high": -0.1,
        "label": label, "carrier": carrier, "share": 0.55, "share_low": 0.5, "share_high": 0.6, "most": most,
    }  # fmt: skip


def drop(outcome: str, less: str, share: float, low: float, high: float, **other: Any) -> dict[str, Any]:
    return DROP | {"outcome": outcome, "less": less, "share": share, "low": low, "high": high} | other


CELLS = pd.DataFrame(
    [
        cell("clashes", EMERGENT),  # open: all together may carry it
        cell("wars", EMERGENT),  # settled: they carry too little
        cell("requests", EMERGENT),  # nothing that sets it directly has a part in it
        cell("challenges", ASSUMED, "war.price", "war.price"),  # open, by one parameter
        cell("integrated", ASSUMED, "war.price", "war.price"),  # settled by all together
        cell("street_falls", NO_EFFECT),
    ]
)
DROPS = pd.DataFrame(
    [
        drop("clashes", "rivals.vacuum", 0.55, 0.5, 0.6),
        drop("clashes", BOTH, 0.65, 0.61, 0.7),
        drop("wars", BOTH, 0.4, 0.3, CARRIES - 0.01),
        drop("wars", "war.reach", 0.65, 0.6, 0.7, parameterises=False),
        drop("requests", BOTH, 0.65, -0.1, 1.4),  # holds 0, so it carries nothing by the rule
        drop("requests", "war.price", -0.5, -1.0, -0.1),
        drop("challenges", "war.price", 0.7, 0.6, 0.8),
        drop("integrated", "war.price", 0.7, 0.6, 0.8),
        drop("integrated", BOTH, 0.69, CARRIES, 0.75),
        drop("street_falls", BOTH, 0.65, 0.6, 0.7),
    ]
)


@pytest.fixture
def decided():
    return deciding(CELLS, DROPS)


def test_the_largest_share_that_is_set_directly_decides_and_its_interval_says_whether_it_is_settled(decided):
    found = decided.set_index("outcome")
    assert found["near"].to_dict() == {
        "clashes": True, "wars": False, "requests": False, "challenges": True, "integrated": False,
        "street_falls": False,
    }  # fmt: skip
    assert found["direct"].to_dict() == {
        "clashes": BOTH, "wars": BOTH, "requests": "", "challenges": "war.price", "integrated": BOTH,
        "street_falls": "",
    }  # fmt: skip
    assert list(found.loc["clashes", ["direct_share", "direct_low", "direct_high"]]) == [0.65, 0.61, 0.7]
    assert found["label"].tolist() == CELLS["label"].tolist()  # by the rule, as before
    assert deciding(decided, DROPS).equals(decided)


def test_the_printed_audit_says_near_the_line_beside_the_label_and_shows_what_decides(decided):
    (table,) = audit_tables(decided)
    labels, carried, lost = ([str(each) for each in table.columns[place].cells] for place in (2, 3, 4))
    assert [" ".join(label.split()) for label in labels] == [
        f"emergent, {NEAR}", "emergent", "emergent", f"assumed, {NEAR}", "assumed"
    ]  # fmt: skip
    assert carried[0].split("\n") == ["spread", "(rivals.vacuum)", "directly:", *BOTH.split(" + ")]
    assert lost[0].split("\n") == ["55% [50%, 60%]", "", "65% [61%, 70%]"]  # beside "directly:"
    assert carried[2:4] == ["spread (rivals.vacuum)", "war.price"]  # nothing more to tell
    assert (
        "Near the line (2 labels): the interval of the share that decides holds two thirds"
        in audit_legend(decided, 40)
    )


@pytest.mark.parametrize("as_text", [False, True])
def test_the_map_rings_what_is_near_the_line_and_shows_what_decides(decided, as_text):
    drawn = audit_map(decided.astype(str) if as_text else decided, outcomes=list(CELLS["outcome"]))
    (axis,) = drawn.axes
    rings = [patch for patch in axis.patches if isinstance(patch, Rectangle) and not patch.get_fill()]
    assert [int(ring.get_y()) for ring in rings] == [0, 3]
    texts = [text.get_text() for text in axis.texts]
    assert texts[:4] == ["↓ 65 % lost", "(2 together, directly)", "↓ 55 % lost", "(vacuum)"]
    assert texts[6:8] == ["↓ 55 % lost", "price"]
    assert axis.get_legend().get_texts()[-1].get_text() == NEAR
    plain = audit_map(CELLS, outcomes=list(CELLS["outcome"]))
    assert [text.get_text() for text in plain.axes[0].texts][:2] == ["↓ 55 % lost", "(vacuum)"]


def test_the_page_of_findings_says_so_of_the_shipped_audit():
    cells = deciding(shipped_cells(), pd.read_csv(audit_folder() / "drops.csv"))
    page = render(Tree(ROOT), pages=["docs/FINDINGS.md"])["docs/FINDINGS.md"]
    labels = (cells["label"] != NO_EFFECT).sum()
    assert f"That is so of {count(cells['near'].sum())} of all {labels} labels." in page
    table = page.partition("| thesis | outcome | effect | label | carried by |")[2].partition("\n\n")[0]
    lines = {tuple(line.split(" | ")[:2]): line for line in table.splitlines()[2:]}
    own = cells[(cells["label"] != NO_EFFECT) & cells["outcome"].isin(key_outcomes())]
    assert len(lines) == len(own)
    assert own["near"].any()
    for row in own.to_dict("records"):
        line = lines[f"| {row['thesis']}", OUTCOMES[row["outcome"]].label]
        assert (f", {NEAR} |" in line) == row["near"], line
        if row["near"]:
            assert f"{whole_percent(row['direct_low'])} to {whole_percent(row['direct_high'])}" in line
        if row["near"] and row["label"] == EMERGENT:
            told = ", ".join(f"`{path}`" for path in row["direct"].split(" + "))
            assert f"; directly: {told} ({whole_percent(row['direct_share'])}%, " in line
