"""How much each step runs: in full, and small to see that the pipeline works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of runs, draws and histories.

    Parameters
    ----------
    name : str
    settings, claims_settings : tuple of str
        Changes to the scenarios of ``sim``, and to those of claims, as ``path=value``.
    gallery, support, claims, audit, variance, patterns, end_states, what_ifs, questions : int
        Runs of each scenario of the step.
    free : int
        Runs of each shared world from each origin of the back-test by outcome.
    ablation : int
        Runs of each hindcast with a rule left out.
    draws : int
        Parameter draws a thesis over the record's years.
    draws_of_baseline : int
        The same of the shared world, for the fit.
    checks : int
        New histories under the posterior.
    draws_later : int
        Draws a thesis after the record, and of those over its years that go with them.
    draws_rolling : int
        Draws a thesis from each earlier origin.
    draws_foresight : int
        Draws a thesis from the date of each article.
    draws_placebo : int
        Draws of each placebo, and of those a thesis that it is held against.
    placebos : int
        Theses made by lot.
    repeats : int
        Classifiers that are trained again, for bands.
    """

    name: str
    settings: tuple[str, ...]
    claims_settings: tuple[str, ...]
    gallery: int
    support: int
    claims: int
    audit: int
    variance: int
    patterns: int
    end_states: int
    what_ifs: int
    questions: int
    free: int
    ablation: int
    draws: int
    draws_of_baseline: int
    checks: int
    draws_later: int
    draws_rolling: int
    draws_foresight: int
    draws_placebo: int
    placebos: int
    repeats: int


FULL = Size(
    "full", settings=(), claims_settings=(),
    gallery=100, support=40, claims=60, audit=30, variance=60, patterns=100,
    end_states=100, what_ifs=60, questions=300,
    free=120, ablation=60,
    draws=1_000, draws_of_baseline=2_500, checks=200, draws_later=300, draws_rolling=300, draws_foresight=150,
    draws_placebo=150, placebos=12,
    repeats=20,
)  # fmt: skip
"""What the documents hold."""

SMALL = Size(
    "small", settings=("citizens=50", "years=6"),
    claims_settings=("citizens=50", "years=13"),  # some are seen in the war of 2022 alone
    gallery=2, support=2, claims=2, audit=2, variance=2,
    patterns=2, end_states=2, what_ifs=2, questions=2, free=2, ablation=2,
    draws=10, draws_of_baseline=100, checks=10, draws_later=10, draws_rolling=10, draws_foresight=2,
    draws_placebo=10, placebos=2,
    repeats=2,
)  # fmt: skip
"""As little as every step can use; the numbers say nothing."""
