"""Part a: the citizen stage alone, in every framework that is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.citizens.contestants import MESA, NOT_PEERS, OURS, C, Entry, installed
from benchmarks.citizens.setting import NATIONAL, NEIGHBOURHOOD, Contestant, Exposure, Setting
from benchmarks.rows import Row
from benchmarks.sizes import Sizes
from benchmarks.timing import Timing, interleave, timed

STATES = 14
READING = "reading a citizen's numbers once"
NUMBERS = ("hardship", "risk_aversion", "attitude", "motive", "succession", "act", "jail")
CHECKED_MONTHS = 24
TOLERANCE = 2e-3  # in participation; single and double precision part ways at most by a citizen or two


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Check that all follow the same path, then time them."""
    taking_part = []
    for entry, contestant in installed():
        if isinstance(contestant, ImportError):
            say(f"{entry.name} is skipped: {contestant}")
        else:
            taking_part.append((entry, contestant))
    for exposure in (NATIONAL, NEIGHBOURHOOD):
        yield from _same_path(taking_part, Setting(2, 1_000, exposure))
        for citizens in sizes.citizens:
            say(f"citizen stage, {exposure.name} exposure, {citizens:,} citizens a state")
            yield from _timed(taking_part, exposure, citizens, sizes)


def _same_path(taking_part: list[tuple[Entry, type[Contestant]]], setting: Setting) -> Iterator[Row]:
    """Report the largest difference in participation from the shipped model's over two years.

    Raises
    ------
    RuntimeError
        If a contestant does not follow the same rule.
    """
    news = [setting.news(month) for month in range(CHECKED_MONTHS)]
    paths = {}
    for entry, contestant in taking_part:
        citizens = contestant(setting)
        paths[entry.name] = np.array([citizens.month(each) for each in news])
    ours = paths[OURS]
    spread = f"participation {ours.min():.3f} to {ours.max():.3f}"
    for name, path in paths.items():
        difference = float(np.abs(path - ours).max())
        if difference > TOLERANCE:
            raise RuntimeError(f"{name} parts from the shipped model by {difference:.4f} in participation")
        size = f"{setting.citizens:,} x {setting.states}"
        what = f"largest difference of paths, {setting.exposure.name}"
        yield Row("stage", what, size, name, difference, "share", note=spread)


def _timed(
    taking_part: list[tuple[Entry, type[Contestant]]], exposure: Exposure, citizens: int, sizes: Sizes
) -> Iterator[Row]:
    work, people = {}, {}
    for entry, contestant in taking_part:
        most = sizes.object_citizens if entry.objects else STATES * citizens
        setting = Setting(max(1, min(STATES, most // citizens)), citizens, exposure)
        work[entry.name] = timed(_year(contestant(setting), setting), at_least=sizes.seconds)
        people[entry.name] = setting.states * citizens
    own = Setting(STATES, citizens, exposure).population()
    numbers = [getattr(own, name) for name in NUMBERS]
    work[READING] = timed(partial(_read, numbers), at_least=sizes.seconds)
    people[READING] = STATES * citizens
    timings = interleave(work, sizes.rounds)
    each = {
        name: Timing(tuple(seconds / people[name] for seconds in timing.seconds))
        for name, timing in timings.items()
    }
    ratios = {name: timing.times(each[OURS]) for name, timing in each.items()}
    peers = [name for name in ratios if name not in {*NOT_PEERS, READING}]
    best = min(peers, key=ratios.__getitem__, default="")
    target = {C: "1 or more", MESA: "500 or more", best: "20 or more (best peer)"}
    for name, timing in each.items():
        yield Row(
            "stage", f"{exposure.name} exposure", f"{citizens:,} x {people[name] // citizens}", name,
            1e-6 / timing.median, "million citizen-months/s", ratios[name], target.get(name, ""),
            "what memory alone takes" if name == READING else "ratio: time a citizen against the shipped one",
        )  # fmt: skip


def _read(numbers: Sequence[NDArray[np.generic]]) -> None:
    """Read arrays from end to end: no stage that uses all of them can be quicker."""
    for each in numbers:
        each.view(np.uint8 if each.size % 8 else np.uint64).max()


def _year(citizens: Contestant, setting: Setting) -> Callable[[], None]:
    """Return a function that lives the next month, with the news of a year over and over."""
    year = [setting.news(month) for month in range(12)]
    month = 0

    def live() -> None:
        nonlocal month
        citizens.month(year[month % 12])
        month += 1

    return live
