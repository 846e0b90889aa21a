"""A report of small runs, of the shared world and of a scenario whose texts are markup."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from sim.cli.main import main
from sim.scenario import load

HOSTILE = "</script><script>window.hostile = 1</script><img src=x onerror='window.hostile = 1'>{{ 1 + 1 }}"
RUNS = 4
FIRST = load("baseline").start.year


def results_in(place: Path) -> Path:
    """Return the folder of their results."""
    text = {"title": HOSTILE, "question": HOSTILE, "asked_by": HOSTILE, "thesis": "piontkovsky"}
    (place / "mine.yaml").write_text(json.dumps(text | {"years": 3, "citizens": 60, "runs": RUNS}))
    words = ["compare", "baseline", str(place / "mine.yaml"), "--set", "years=3", "--set", "citizens=60"]
    words += ["--runs", str(RUNS), "--workers", "1", "--no-figures", "--quiet", "--state", "KGZ"]
    done = CliRunner().invoke(main, [*words, "--out", str(place / "results")])
    assert done.exit_code == 0, done.output
    return place / "results"


def page_of(folder: Path) -> Path:
    """Return the report on some results."""
    done = CliRunner().invoke(main, ["report", str(folder), "--title", HOSTILE])
    assert done.exit_code == 0, done.output
    assert done.output == f"{folder / 'report.html'}\n"
    return folder / "report.html"
