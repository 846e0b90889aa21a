"""``sim claims``: what each claim of a thesis does, and whether that is what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click
import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.analysis.claims import ANOTHER_SCENARIO, AS_CLAIMED, NOT_COMPARED, OPPOSITE, VERDICTS, ZERO
from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import Command, plain_table
from sim.cli.options import ShippedName, analysis_options
from sim.cli.tables import difference_text
from sim.measures.definitions import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.scenario import Thesis


# -- the effects of claims as tables for the terminal ----------------------------------------------

_STYLES = {AS_CLAIMED: "green", OPPOSITE: "bold red"}


def claim_tables(claims: pd.DataFrame) -> Iterator[Table]:
    """Yield a table a thesis.

    Parameters
    ----------
    claims : DataFrame
        As `sim.analysis.claims.judge` returns it.
    """
    for (thesis, source), rows in claims.groupby(["thesis", "source"], sort=False):
        table = plain_table(
            f"{thesis}: {source}",
            "", "claim", "moves", "outcome, and where it should go", "difference (95 %)", "above / equal",
            "verdict",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            table.add_row(*_cells({str(key): value for key, value in row.items()}))
        yield table


def counted(claims: pd.DataFrame) -> str:
    """Return how many claims came to each verdict, and how to read the tables."""
    found = claims["verdict"].value_counts()
    counts = "; ".join(f"{found.get(name, 0)} {name}" for name in VERDICTS)
    weak = ", ".join(claims.loc[claims["held_against"] == ZERO, "claim"])
    weakly = f"Held against 0 and not against the thesis without it, so hardly able to fail: {weak}.\n"
    marked = ", ".join(claims.loc[claims["finding"] != "", "claim"]) or "none"
    return (
        f"{len(claims)} claims: {counts}.\n"
        f"Known not to be supported by the model, and marked so in the thesis file: {marked}.\n"
        f"{weakly if weak else ''}"
        "Difference: the outcome with the claim less without it, or less what `against` names, on the same "
        "luck. Above / equal: share of pairs of runs in which it is higher with the claim, and in which it "
        "is the same; in the rest it is lower. Where most are equal a difference rests on few pairs.\n"
        "A verdict is by the interval excluding 0, so of 40 claims that do nothing two would seem to do "
        "something."
    )


def _cells(row: dict[str, object]) -> Iterator[str | Text]:
    yield str(row["claim"])
    yield Text.assemble(str(row["text"]), (_known(row), "yellow"))
    yield "\n".join(str(row["parameters"]).split()) or "–"
    name = str(row["outcome"])
    if row["verdict"] == NOT_COMPARED:
        yield Text(str(row["note"]), style="dim")
        yield ""
        yield ""
    else:
        yield f"{OUTCOMES[name].label}, {row['sign']}{_place(row)}"
        values = {key: float(str(row[key])) for key in ("difference", "low", "high", "above", "tied")}
        yield difference_text(values["difference"], values["low"], values["high"])
        yield f"{values['above']:.0%} / {values['tied']:.0%}" if values["above"] == values["above"] else "–"
    yield Text(str(row["verdict"]), style=_STYLES.get(str(row["verdict"]), "dim"))


def _known(row: dict[str, object]) -> str:
    """Say why the model is known not to show a claim's effect, if it is."""
    return f"\nFinding: {row['finding']}" if row["finding"] else ""


def _place(row: dict[str, object]) -> str:
    """Say where the effect is seen, if not in the thesis's own scenario with and without the claim."""
    place = f"\nin {row['seen_in']}" if row["seen_in"] != row["thesis"] else ""
    if row["held_against"] == ZERO:
        return f"{place}\nagainst 0, so it can hardly fail"
    other = f"\nagainst {row['against']}, with the claim in both"
    return place + (other if row["held_against"] == ANOTHER_SCENARIO else "")


# -- ``sim claims``: what each claim of a thesis does, and whether that is what it says ------------

# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast


@click.command(
    cls=Command,
    short_help="Show what each claim of a thesis does.",
    examples=(
        "sim claims",
        "sim claims kuzio --figure",
        "sim claims my-thesis.yaml --runs 200 --out results/my-claims",
        "sim claims dubnov --audit",
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
    """Show what each claim does to the outcome that it speaks of, with the claim less without it.

    THESIS is a shipped thesis or a thesis file; all shipped ones without it, which takes some minutes. Runs
    with and without a claim share their luck, so a difference is the claim's own.

    With --audit: each effect of a thesis on an outcome, against the shared world, is measured again with
    each of the thesis's parameters back at the shared world's prior. What is lost is what that parameter
    carries. An effect is `assumed` if it is carried by a parameter that states the outcome, otherwise
    `emergent`; all theses take about ten minutes on two cores.
    """
    theses, given = _theses(thesis), AnalysisOptions(**options)
    if with_audit:
        from sim.cli.audit import audit

        audit(theses, given)
        return
    from sim.analysis.claims import DEFAULT_RUNS, FRESH_SEED, judge, plan_claims
    from sim.cli.claims import claim_tables, counted
    from sim.experiment.run import STANDARD

    plan = plan_claims(
        theses,
        runs=given.runs or DEFAULT_RUNS,
        seed=given.seed_or(FRESH_SEED),
        settings=given.settings,
    )
    analysis = Analysis("claims", plan.scenarios, given, STANDARD)
    outcomes = analysis.outcomes()
    table = judge(plan, outcomes)
    analysis.report(
        {"claims.csv": table},
        printed=claim_tables(table),
        legend=counted(table),
        figures=_figures(table, outcomes, analysis.about),
    )


def _theses(given: str | None) -> list[Thesis]:
    from sim.scenario import ScenarioError, load_thesis, shipped_claims, thesis_names
    from sim.scenario.problems import Problem

    known = shipped_claims()
    if given in known:
        thesis = known[given][1].name
        raise ScenarioError([Problem(given, f"is a claim of {thesis}: use `sim claims {thesis}`")])
    if given is not None:
        return [load_thesis(given)]
    return [found for found in map(load_thesis, thesis_names()) if found.claims]


def _figures(
    table: pd.DataFrame, outcomes: pd.DataFrame, about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.figures import claim_effects
    from sim.figures.source import source_of

    yield "claims", claim_effects(table, source_of(outcomes.reset_index(), about))
