"""Progress where standard error is no terminal: a line now and then, and none when nobody wants any."""

from __future__ import annotations

import pytest

from sim.cli.console import drawing
from sim.experiment import progress
from sim.experiment.progress import ENOUGH_SECONDS, PAUSE, Pace, counting_bar, progress_bar
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
        advance(1)
        clock.now += PAUSE
        advance(3)
    assert capsys.readouterr().err == "classifiers: 3 of 20 (15%), about 4.2 minutes left\n"
    with counting_bar("classifiers", 20) as advance:
        clock.now += PAUSE - 1
        advance(20)
    assert capsys.readouterr().err == ""


def test_no_time_is_told_until_it_rests_on_enough(clock, capsys):
    with progress_bar(4_000) as advance:
        clock.now += 10 * PAUSE  # workers start, and code is compiled
        advance(Tally("baseline", 4_000, 0, 1, 0))
        clock.now += PAUSE
        advance(Tally("baseline", 4_000, 0, 20, 0))  # nineteen more
        clock.now += PAUSE
        advance(Tally("baseline", 4_000, 0, 601, 0))
    first, second, third = capsys.readouterr().err.splitlines()
    assert (first, second) == ("runs: 1 of 4,000 (0%)", "runs: 20 of 4,000 (0%)")
    assert third == "runs: 601 of 4,000 (15%), about 5.7 minutes left"


def test_a_bar_tells_the_same_time(clock):
    pace = Pace(100)
    column = progress._Left(pace)
    for done, told in ((1, ""), (50, "")):
        pace.see(done)  # all at once
        assert column.render(None).plain == told
    clock.now += ENOUGH_SECONDS
    pace.see(51)
    assert column.render(None).plain == "about 9.8 seconds left"


def test_a_terminal_is_told_that_figures_are_drawn(monkeypatch, capsys):
    with drawing():
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    for shown in (True, False):
        with drawing(shown=shown):
            pass
        said = capsys.readouterr()
        assert said.out == ""
        assert ("drawing figures" in said.err) is shown


def test_whoever_wants_quiet_gets_it(clock, capsys):
    with progress_bar(10, shown=False) as advance, counting_bar("folds", 5, shown=False) as fold:
        clock.now += 2 * PAUSE
        advance(Tally("baseline", 10, 0, 1, 0))
        fold(1)
    assert capsys.readouterr().err == ""
