"""Progress where standard error is no terminal: a line now and then, and none when nobody wants any."""

from __future__ import annotations

import pytest

from sim.experiment import progress
from sim.experiment.progress import PAUSE, counting_bar, progress_bar
from sim.experiment.record import Tally


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""

    class Clock:
        now = 1000.0

        def __call__(self) -> float:
            return self.now

    found = Clock()
    monkeypatch.setattr(progress, "monotonic", found)
    return found


def test_a_pipe_gets_one_line_a_pause_with_the_time_left(clock, capsys):
    with progress_bar(2_000) as advance:
        for finished in range(101, 601):  # 100 were there already; a run a second
            clock.now += 1
            advance(Tally("baseline", 2_000, 100, finished, int(finished > 300)))
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert said.out == ""
    assert len(lines) == 500 // PAUSE
    assert lines[0] == "runs: 130 of 2,000 (6%), about 31 minutes left"
    assert lines[-1] == "runs: 580 of 2,000 (29%) (1 failed), about 24 minutes left"


def test_what_is_counted_is_named_and_short_work_says_nothing(clock, capsys):
    with counting_bar("classifiers", 20) as advance:
        clock.now += PAUSE
        advance(2)
    assert capsys.readouterr().err == "classifiers: 2 of 20 (10%), about 4.5 minutes left\n"
    with counting_bar("classifiers", 20) as advance:
        clock.now += PAUSE - 1
        advance(20)
    assert capsys.readouterr().err == ""


def test_whoever_wants_quiet_gets_it(clock, capsys):
    with progress_bar(10, shown=False) as advance, counting_bar("folds", 5, shown=False) as fold:
        clock.now += 2 * PAUSE
        advance(Tally("baseline", 10, 0, 1, 0))
        fold(1)
    assert capsys.readouterr().err == ""
