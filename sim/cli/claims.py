"""``sim claims``: what each claim of a thesis does, and whether that is what it says."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.command import Command
from sim.cli.options import ThesisName, quiet_option, set_option, yes_option

if TYPE_CHECKING:
    from sim.scenario import Thesis


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
@click.argument("thesis", required=False, type=ThesisName())
@click.option(
    "--runs",
    "-n",
    type=click.IntRange(min=2),
    help="Runs with and without a claim.  [default: 60; audit: 40]",
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Seed of all luck.  [default: one of its own, 19911226]"
)
@click.option("--workers", "-j", type=click.IntRange(min=1), help="Processes.  [default: one a core]")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder for claims.csv or audit.csv.  [default: a new one under results/]",
)
@click.option("--force", is_flag=True, help="Replace earlier results in --out.")
@yes_option
@click.option("--figure", is_flag=True, help="Draw the effects as a forest plot, or the audit as a map.")
@click.option(
    "--audit",
    "with_audit",
    is_flag=True,
    help="Say which parameters carry each effect of a thesis, and whether it is assumed or emerges.",
)
@set_option
@quiet_option
def claims(
    thesis: str | None,
    *,
    runs: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    force: bool,
    yes: bool,
    figure: bool,
    with_audit: bool,
    settings: tuple[str, ...],
    quiet: bool,
) -> None:
    """Show what each claim does to the outcome that it speaks of, with the claim less without it.

    THESIS is a shipped thesis or a thesis file; all shipped ones without it, which takes some minutes. Runs
    with and without a claim share their luck, so a difference is the claim's own.

    With --audit: each effect of a thesis on an outcome, against the shared world, is measured again with
    each of the thesis's parameters back at the shared world's prior. What is lost is what that parameter
    carries. An effect is `assumed` if it is carried by a parameter that states the outcome, otherwise
    `emergent`; all theses take about ten minutes on two cores.
    """
    theses = _theses(thesis)
    if with_audit:
        from sim.cli.audit import audit

        audit(
            theses, runs=runs, seed=seed, workers=workers, out=out, force=force, yes=yes, figure=figure,
            settings=settings, quiet=quiet,
        )  # fmt: skip
        return
    from sim.cli.planned import run_planned
    from sim.results.claims import DEFAULT_RUNS, FRESH_SEED, judge
    from sim.results.claims_plan import plan_claims
    from sim.results.limits import check_cost
    from sim.runs.folder import choose_folder
    from sim.runs.workers import usable_cores

    plan = plan_claims(
        theses,
        runs=runs or DEFAULT_RUNS,
        seed=FRESH_SEED if seed is None else seed,
        settings=settings,
    )
    cores = workers or usable_cores()
    check_cost(plan.scenarios, workers=cores, folder=None, allow_large=yes)
    folder = choose_folder(out, "claims", force=force)
    planned = run_planned(plan.scenarios, workers=cores, quiet=quiet)
    table = judge(plan, planned.outcomes)
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "claims.csv", index=False, float_format="%.6g", lineterminator="\n")
    (folder / "about.json").write_text(json.dumps(planned.about, indent=2) + "\n", encoding="utf-8")
    if not quiet:
        from sim.cli.claims_table import claim_tables, counted
        from sim.cli.console import output

        console = output()
        for shown in claim_tables(table):
            console.print(shown)
            console.print()
        console.print(counted(table))
    if figure:
        from sim.figures import claim_effects, save
        from sim.figures.source import source_of

        source = source_of(planned.outcomes.reset_index(), planned.about)
        save(claim_effects(table, source), folder / "figures" / "claims.png")
    click.echo(folder if quiet else f"\nResults: {folder}")


def _theses(given: str | None) -> list[Thesis]:
    from sim.scenario import load_thesis, thesis_names

    if given is not None:
        return [load_thesis(given)]
    return [found for found in map(load_thesis, thesis_names()) if found.claims]
