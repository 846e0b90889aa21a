"""Scenarios that extend others: which files they may name, and where a fault of another is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from wrong_files import CHALLENGE

from sim.renamed import RenamedWarning
from sim.scenario import ScenarioError, load


@pytest.mark.parametrize("written", ["null", "'null'", "~", ""])
def test_extends_null_is_the_scenario_that_had_that_name(written: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"extends: {written}\n")
    place = r"mine\.yaml, line \d, column \d+: extends: "
    with pytest.warns(RenamedWarning, match=f"{place}the scenario 'null' is now called 'baseline'$"):
        assert load(tmp_path / "mine.yaml").title == load("baseline").title != ""


def test_circle_of_files_names_the_chain(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("extends: c.yaml\n")
    (tmp_path / "c.yaml").write_text("title: c\nextends: a.yaml\n")
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "a.yaml")
    error = caught.value
    assert error.message.endswith("a.yaml extends b.yaml extends c.yaml extends a.yaml")
    assert (Path(error.file).name, error.line) == ("c.yaml", 2)


def test_long_chain_is_refused(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n")
    with pytest.raises(ScenarioError, match="more than 20 files"):
        load(tmp_path / "0.yaml")


def test_a_file_may_extend_the_folder_above_only_within_a_collection(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "what-if"
    folder.mkdir(parents=True)
    (tmp_path / "stranger.yaml").write_text("title: a\n")
    (tmp_path / "mine" / "base.yaml").write_text("title: base\n")
    (folder / "child.yaml").write_text("extends: ../base.yaml\n")
    (folder / "far.yaml").write_text("extends: ../../stranger.yaml\n")
    with pytest.raises(ScenarioError, match="not in the collection"):
        load(folder / "child.yaml")
    (tmp_path / "mine" / "theses").mkdir()
    assert load(folder / "child.yaml").title == "base"
    with pytest.raises(ScenarioError, match="not in the collection"):
        load(folder / "far.yaml")


def test_a_link_out_of_the_collection_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "secret.yaml").write_text("title: secret\n")
    (tmp_path / "mine" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "mine" / "a.yaml").write_text("extends: link.yaml\n")
    with pytest.raises(ScenarioError, match="not in the collection"):
        load(tmp_path / "mine" / "a.yaml")


def test_fault_of_a_base_is_told_in_the_base(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("title: a\nyears: 0\n")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "child.yaml")
    assert (Path(caught.value.file).name, caught.value.line) == ("base.yaml", 2)


def test_event_of_a_base_outside_the_childs_run_is_told_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"timeline:\n{CHALLENGE}")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nyears: 1\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "child.yaml")
    assert (Path(caught.value.file).name, caught.value.line) == ("base.yaml", 2)


@pytest.mark.parametrize(
    ("own", "asked_by"),
    [
        ("title: a\n", load("kuzio").asked_by),
        ("question: And then?\n", ""),
        ("question: And then?\nasked_by: me\n", "me"),
    ],
)
def test_who_asks_goes_with_the_question(own: str, asked_by: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(f"extends: kuzio\n{own}")
    assert load(tmp_path / "mine.yaml").asked_by == asked_by
    assert load("kuzio").asked_by
