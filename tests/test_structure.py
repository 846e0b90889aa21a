"""What keeps the code easy to walk through: no import circles, no long files."""

from __future__ import annotations

import subprocess
import sys

import pytest
from structure import ROOT, circle, length, modules, touched

LONGEST = 400  # lines
FOLDERS = ("sim", "calibration", "docs/remake", "tests", "benchmarks")


@pytest.mark.parametrize("late", [False, True], ids=["modules", "functions"])
def test_there_is_no_import_circle(late):
    known = modules(ROOT)
    assert {"sim", "sim.model.model", "calibration.fit.posterior"} <= known.keys()
    assert circle(known, late=late) == []


def test_a_circle_would_be_found(tmp_path):
    (tmp_path / "sim").mkdir()
    texts = {
        "__init__": "",
        "first": "from sim import second\n",
        "second": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.first import x\n",
        "third": "def late():\n    from sim.fourth import x\n",
        "fourth": "import sim.third\n",
    }
    for name, text in texts.items():
        (tmp_path / "sim" / f"{name}.py").write_text(text)
    known = modules(tmp_path, ("sim",))
    assert circle(known, late=False) == []
    assert set(circle(known, late=True)) == {"sim.third", "sim.fourth"}
    (tmp_path / "sim" / "second.py").write_text("class Early:\n    from sim.first import x\n")
    assert set(circle(known, late=False)) == {"sim.first", "sim.second"}


def test_no_file_is_long():
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 500
    lines = {str(path.relative_to(ROOT)): length(path) for path in files}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_the_report_counts_what_there_is(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "structure.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines() if line.strip()}
    own = modules(ROOT, ("sim",)).values()
    assert rows["sim"][1:3] == [str(len(own)), str(sum(map(length, own)))]
    assert int(rows["sim"][-1]) == max(map(length, own))
    assert "import circle: none" in done.stdout
    assert touched("### 1. Add\n# file: a.py (new)\n# file: a.py (append)\n# file: b.py (new)\n") == {
        "Add": 2
    }
    assert all(files > 0 for files in touched((ROOT / "CONTRIBUTING.md").read_text("utf-8")).values())
