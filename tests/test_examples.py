"""Every example runs as it stands, with few runs."""

import importlib.util
from pathlib import Path

import pytest

from sim.measures import OUTCOMES

FOLDER = Path(__file__).parent.parent / "examples"
READS_CALIBRATION = ("who_beats_whom.py", "score_a_forecast.py")  # tests/test_examples_calibration.py
EXAMPLES = sorted(path for path in FOLDER.glob("*.py") if path.name not in READS_CALIBRATION)


@pytest.fixture(autouse=True)
def registry():
    """Take what an example registers out again."""
    before = dict(OUTCOMES)
    yield
    OUTCOMES.clear()
    OUTCOMES.update(before)


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    assert example.RUNS >= 20  # enough to be worth reading
    monkeypatch.setattr(example, "RUNS", 2)
    example.main()
    assert capsys.readouterr().out
