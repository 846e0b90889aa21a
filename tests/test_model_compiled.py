"""Commands run where neither the package nor the home can be written, and say where compiled code is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sim

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a home is no variable there")

COMPILE = "from sim.model.randomness import stream_key; print(stream_key(1, 2, 3))"
NO_TEMPORARY_FILES = f"import tempfile; tempfile.tempdir = '/dev/null/none'; {COMPILE}"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package in which nobody, not even root, can make a folder for compiled code."""
    place = tmp_path_factory.mktemp("installed")
    source = Path(sim.__file__).parent
    shutil.copytree(source, place / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    if not (place / "sim" / "shipped").is_dir():
        shutil.copytree(source.parent / "scenarios", place / "sim" / "shipped")
    for folder in [path for path in place.rglob("*") if path.is_dir()]:
        (folder / "__pycache__").write_text("in the way of a folder")
    return place


def call(installed: Path, temporary: Path, *words: str) -> tuple[str, list[str]]:
    """Run Python without a home, and return what it prints and what it remarks."""
    path = os.pathsep.join([str(installed), *sys.path[1:]])
    environment = {**os.environ, "PYTHONPATH": path, "HOME": "/dev/null", "TMPDIR": str(temporary)}
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-B", *words],
        env=environment, cwd=temporary, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr.splitlines()


def kept_in(folder: Path) -> Path:
    return folder / f"sim-compiled-{os.getuid()}"


@pytest.mark.slow
def test_the_first_command_runs_and_says_once_where_compiled_code_is_kept(installed, tmp_path):
    small = "--runs 4 --workers 2 --set years=1 --set citizens=50 --no-figures --quiet --out out"
    out, said = call(installed, tmp_path, "-m", "sim.cli", "run", "baseline", *small.split())
    assert out == "out\n"
    assert len(said) == 1, said
    assert said[0].startswith(f"compiled code is kept in {kept_in(tmp_path)}, since neither ")
    compiled = sorted(kept_in(tmp_path).rglob("*.nbc"))
    assert len(compiled) > 10
    _, said = call(installed, tmp_path, "-c", COMPILE)
    assert said == []
    assert sorted(kept_in(tmp_path).rglob("*.nbc")) == compiled


def test_without_any_place_it_runs_and_says_that_nothing_is_kept(installed, tmp_path):
    out, said = call(installed, tmp_path, "-c", NO_TEMPORARY_FILES)
    assert out == call(installed, tmp_path, "-c", COMPILE)[0]
    assert len(said) == 1, said
    assert said[0].startswith("compiled code is not kept, since no folder for it can be written")


def test_code_is_not_taken_from_a_folder_into_which_others_can_write(installed, tmp_path):
    kept_in(tmp_path).mkdir()
    kept_in(tmp_path).chmod(0o777)
    _, said = call(installed, tmp_path, "-c", COMPILE)
    assert [line.partition(",")[0] for line in said] == ["compiled code is not kept"]
    assert not list(kept_in(tmp_path).iterdir())
