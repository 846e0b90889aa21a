"""``python -m docs.remake`` tells its cost, asks beyond two hours, and refuses what makes no sense."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from docs.remake import running, tasks
from docs.remake.__main__ import main
from docs.remake.sizes import FULL, SMALL
from docs.remake.steps import Place
from docs.remake.stored import ROOT


def test_every_step_keeps_numbers_of_its_own_and_is_told_apart_by_its_sizes():
    small, full = (
        {name: running.identity_of(step, Place(ROOT, size, 2)) for name, step in running.STEPS.items()}
        for size in (SMALL, FULL)
    )
    assert len(set(small.values())) == len(small)
    same = {name for name in small if small[name] == full[name]}
    assert same == {"published"}


def test_in_full_it_tells_its_cost_and_asks_beyond_two_hours(tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "why_not_current", lambda step, place: "changed: all")
    told = CliRunner().invoke(main, ["full", "--status", "--out", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "In all at most about" in told.output
    assert all(line.endswith("; changed: all") for line in told.output.splitlines()[:-1])
    place = Place(tmp_path, FULL, 2)
    assert 0.5 * 3600 < sum(each.seconds for each in tasks.status(place, list(running.STEPS))) < 2 * 3600
    refused = CliRunner().invoke(main, ["full", "--out", str(tmp_path), "--workers", "1"])
    assert refused.exit_code == 2
    assert "more than two hours: go on with --yes" in refused.output
    assert not (tmp_path / "work").exists()


def test_where_nothing_is_old_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(tasks, "why_not_current", lambda step, place: "")
    told = CliRunner().invoke(main, ["full", "--status", "--out", str(tmp_path)])
    assert told.output.splitlines()[-1] == "Every step is current: nothing has to be made."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["small", "--out", str(ROOT / "docs")], "choose a folder outside the repository"),
        (["small", "--out", str(ROOT)], "choose a folder outside the repository"),
        (["small"], "Missing option '--out'"),
        (
            ["small", "claim", "--out", "x"],
            "claim is no step; did you mean claims? (allowed: support, claims",
        ),
    ],
)
def test_what_it_refuses(arguments, said):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert said in result.output
