"""How much to measure: in full, or quickly to see that all works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunSize:
    """Years and citizens a state of a whole run; fewer years where its Mesa twin would take minutes."""

    years: int
    citizens: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of every part.

    Parameters
    ----------
    rounds : int
        Of interleaved timing.
    seconds : float
        That one timing of a fast contestant should take.
    citizens : tuple of int
        A state, in the stage and in growth.
    object_citizens : int
        Most citizens in all whom a framework with an object a citizen is given.
    runs : tuple of RunSize
        Of a whole run.
    ensemble_runs, ensemble_years : int
    answer_runs, answer_years : int
        Of each of the two scenarios that the page is asked for.
    command_runs : int
        Of each scenario in the first command.
    command_options : tuple of str
        Words that are added to it.
    command_files : str
        Which of the shipped scenarios it compares.
    scale_runs : int
        Short runs of two scenarios together; a tenth of them is made as well.
    """

    rounds: int
    seconds: float
    citizens: tuple[int, ...]
    object_citizens: int
    runs: tuple[RunSize, ...]
    ensemble_runs: int
    ensemble_years: int
    answer_runs: int
    answer_years: int
    command_runs: int
    command_options: tuple[str, ...] = ()
    command_files: str = "*.yaml"
    scale_runs: int = 100_000


FULL = Sizes(
    5, 0.1, (1_000, 10_000, 100_000), 20_000, (RunSize(20, 1_000), RunSize(3, 10_000)), 512, 10, 100, 10, 100
)
QUICK = Sizes(
    1, 0.005, (200, 400, 800), 2_800, (RunSize(1, 100),), 8, 1, 2, 1, 2,
    ("--set", "years=1", "--set", "citizens=50", "--figures", "end_states", "--workers", "1"), "[bd]*.yaml",
    40,
)  # fmt: skip
