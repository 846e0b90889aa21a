"""Names of earlier versions: still read, with a note that says the new name."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.main import main
from sim.renamed import RENAMED, RenamedWarning, current
from sim.scenario import Scenario, load
from sim.scenario.timeline import EVENTS

TIMELINE = "timeline:\n  - {name: a, at: 2012-01, event: %s, states: [KGZ], spark: 0.5}\n"


def test_a_new_name_is_one_that_there_is_and_an_old_one_is_not() -> None:
    there_are = {"event": set(EVENTS)}
    assert set(RENAMED) == set(there_are)
    for kind, names in RENAMED.items():
        assert set(names.values()) <= there_are[kind]
        assert not set(names) & there_are[kind]


def test_a_name_of_today_is_not_noted() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert current("event", "challenge") == "challenge"
        assert current("event", "upprising") == "upprising"


def test_an_event_of_an_old_kind_is_read_with_a_note_of_its_place(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(TIMELINE % "uprising")
    (tmp_path / "new.yaml").write_text(TIMELINE % "challenge")
    place = r"old\.yaml, line 2, column 35: timeline\[0\]\.event: "
    with pytest.warns(RenamedWarning, match=place + "the event 'uprising' is now called 'challenge'$"):
        old = load(tmp_path / "old.yaml")
    assert old.replace(name="new") == load(tmp_path / "new.yaml")
    with pytest.warns(RenamedWarning, match=r"^scenario 'mine': timeline\[0\]\.event"):
        built = Scenario.build("mine", timeline=[{"name": "a", "at": "2012-01", "event": "uprising",
                                                  "states": ["KGZ"], "spark": 0.5}])  # fmt: skip
    assert built.timeline == old.timeline
    with pytest.warns(RenamedWarning, match="^--set: "):
        load("dubnov", ["timeline=[{name: a, at: 2012-01, event: uprising, states: [KGZ], spark: 0.5}]"])


def test_a_command_writes_the_note_once_to_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_text(TIMELINE % "uprising")
    for _ in range(2):  # again by the next command
        done = CliRunner().invoke(main, ["check", str(file), str(file)])
        assert done.exit_code == 0
        assert done.stdout == f"{file}: fine\n" * 2
        assert done.stderr == (
            f"Note: {file}, line 2, column 35: timeline[0].event: "
            "the event 'uprising' is now called 'challenge'\n"
        )
