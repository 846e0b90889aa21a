"""``sim claims``: what each claim of a thesis does, and whether that is what it says."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import Command
from sim.cli.kinds import ShippedName
from sim.cli.options import analysis_options

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.scenario import Scenario, Thesis


@click.command(
    cls=Command,
    short_help="Show what each claim of a thesis does.",
    examples=(
        "sim claims",
        "sim claims kuzio --figure",
        "sim claims my-thesis.yaml --runs 200 --out results/my-claims",
        "sim claims dubnov --audit",
        "sim claims scenarios/dubnov.yaml --audit --runs 20",
    ),
)
@click.argument("thesis", required=False, type=ShippedName("thesis"))
@click.option(
    "--audit",
    "with_audit",
    is_flag=True,
    help="Say which parameters carry each effect of a thesis, and whether it is assumed or emerges.",
)
@analysis_options(
    runs="Runs with and without a claim.  [default: 60; audit: 40]",
    seed=19911226,
    tables="claims.csv or audit.csv",
    figure="Draw the effects as a forest plot, or the audit as a map.",
)
def claims(thesis: str | None, *, with_audit: bool, **options: Any) -> None:
    """Show what each claim does to its outcome: runs with the claim less runs without it.

    THESIS is a shipped thesis or a thesis file. Without it the command takes all shipped ones, in some
    minutes. Runs with and without a claim share their random numbers, so a difference is the claim's own.

    With --audit each effect of a thesis, compared with the shared world, is measured again with each of its
    parameters back at the shared world's prior. The part that is lost is what that parameter carries. An
    effect is `assumed` if a parameter that sets the outcome directly carries it, and otherwise `emergent`.
    All theses take about ten minutes on two cores. A scenario of your own can be audited too, if it sets
    nothing but parameters. `sim compare --audit FOLDER` then marks what your audit calls assumed.
    """
    given = AnalysisOptions(**options)
    if with_audit:
        from sim.cli.audit import audit

        audit(_to_audit(thesis), given)
        return
    theses = _theses(thesis)
    from sim.analysis.claims import DEFAULT_RUNS, FRESH_SEED, judge, plan_claims
    from sim.cli.reports import claim_tables, claims_legend

    plan = plan_claims(theses, **given.asked(runs=DEFAULT_RUNS, seed=FRESH_SEED))
    fewer = "" if thesis else "one thesis alone: sim claims dubnov"
    analysis = Analysis("claims", plan.scenarios, given, side_by_side=False, less=fewer)
    outcomes = analysis.outcomes(plan.outcomes)
    table = judge(plan, outcomes)
    analysis.report(
        {"claims.csv": table},
        printed=claim_tables(table),
        legend=claims_legend(table),
        figures=_figures(table, outcomes, analysis.about),
    )


def _theses(given: str | None) -> list[Thesis]:
    from sim.scenario import ScenarioError, load_thesis, shipped_claims, thesis_names
    from sim.scenario.problems import Problem

    known = shipped_claims()
    if given in known:
        thesis = known[given][1].name
        raise ScenarioError([Problem(given, f"is a claim of {thesis}: use `sim claims {thesis}`")])
    if given is None:
        return [found for found in map(load_thesis, thesis_names()) if found.claims]
    try:
        return [load_thesis(given)]
    except ScenarioError:
        if instead := _of_a_scenario(given):
            raise ScenarioError([Problem(given, instead)]) from None
        raise


def _to_audit(given: str | None) -> list[Thesis] | Scenario:
    """Return the theses that are to be audited, or the scenario."""
    from sim.scenario import ScenarioError, load

    try:
        return _theses(given)
    except ScenarioError as error:
        try:
            return load(str(given))
        except ScenarioError:  # neither: what is wrong with it as a thesis is told
            raise error from None


def _of_a_scenario(given: str) -> str:
    """Return what to do instead where a scenario is given; empty where it is none."""
    from sim.scenario import ScenarioError, load, thesis_names

    try:
        thesis = load(given).thesis
    except ScenarioError:  # neither: what is wrong with it as a thesis is told
        return ""
    file = shlex.quote(given)
    own, judged, adds = "", "", f"sim compare baseline {file}"
    if thesis is not None and thesis.claims and thesis.name in thesis_names():
        own = f"; its thesis is {thesis.name}"
        judged = f"`sim claims {thesis.name}` judges that, with --audit too. "
        adds = f"sim compare {file} --under {thesis.name}"
    elif thesis is not None and thesis.claims:
        own = f"; its thesis is {thesis.name}, in a file of its own, which may be given here"
    return (
        f"is a scenario, not a thesis{own}. {judged}`{adds}` shows what the scenario itself makes of its "
        f"events and numbers, and `sim claims {file} --audit` which of that its numbers assume"
    )


def _figures(
    table: pd.DataFrame, outcomes: pd.DataFrame, about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.figures import claim_effects
    from sim.figures.source import source_of

    yield "claims", claim_effects(table, source_of(outcomes.reset_index(), about))
