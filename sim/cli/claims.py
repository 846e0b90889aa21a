"""``sim claims``: what each claim of a thesis does, and whether that is what it says."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
import shlex
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.command import Command
from sim.cli.options import ThesisName, quiet_option, set_option

if TYPE_CHECKING:
    from sim.scenario import Thesis


@click.command(
    cls=Command,
    short_help="Show what each claim of a thesis does.",
    examples=(
        "sim claims",
        "sim claims kuzio --figure",
        "sim claims my-thesis.yaml --runs 200 --out results/mine",
    ),
)
@click.argument("thesis", required=False, type=ThesisName())
@click.option(
    "--runs", "-n", type=click.IntRange(min=2), help="Runs with and without a claim.  [default: 60]"
)
@click.option(
    "--seed", type=click.IntRange(min=0), help="Seed of all luck.  [default: one of its own, 19911226]"
)
@click.option("--workers", "-j", type=click.IntRange(min=1), help="Processes.  [default: one a core]")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder for claims.csv.  [default: a new one under results/]",
)
@click.option("--force", is_flag=True, help="Replace earlier results in --out.")
@click.option("--figure", is_flag=True, help="Draw the effects as a forest plot.")
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
    figure: bool,
    settings: tuple[str, ...],
    quiet: bool,
) -> None:
    """Show what each claim does to the outcome that it speaks of, with the claim less without it.

    THESIS is a shipped thesis or a thesis file; all shipped ones without it, which takes some minutes. Runs
    with and without a claim share their luck, so a difference is the claim's own.
    """
    from sim.cli.console import remark
    from sim.results.claims import DEFAULT_RUNS, FRESH_SEED, judge, run_outcomes
    from sim.results.claims_plan import plan_claims
    from sim.results.recipe import STANDARD
    from sim.runs.about import describe_run
    from sim.runs.folder import choose_folder
    from sim.runs.progress import progress_bar
    from sim.runs.workers import usable_cores

    plan = plan_claims(
        _theses(thesis),
        runs=runs or DEFAULT_RUNS,
        seed=FRESH_SEED if seed is None else seed,
        settings=settings,
    )
    folder = choose_folder(out, "claims", force=force)
    cores = workers or usable_cores()
    started, clock = datetime.now(UTC), time.monotonic()
    total = sum(scenario.runs for scenario in plan.scenarios)
    with progress_bar(total, shown=not quiet) as advance:
        outcomes, failures = run_outcomes(plan.scenarios, STANDARD, workers=cores, progress=advance)
    if failures:
        remark(f"{len(failures)} of {total} runs failed; the first: {failures[0].error}")
    if outcomes.empty and total:
        raise click.ClickException("no run was finished")
    table = judge(plan, outcomes)
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "claims.csv", index=False, float_format="%.6g", lineterminator="\n")
    about = describe_run(
        plan.scenarios,
        command=shlex.join(["sim", *sys.argv[1:]]),
        workers=cores,
        started=started,
        seconds=time.monotonic() - clock,
        finished_runs=total,
        failed_runs=len(failures),
        interrupted=False,
    )
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
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

        source = source_of(outcomes.reset_index(), about)
        save(claim_effects(table, source), folder / "figures" / "claims.png")
    click.echo(folder if quiet else f"\nResults: {folder}")


def _theses(given: str | None) -> list[Thesis]:
    from sim.scenario import load_thesis, thesis_names

    if given is not None:
        return [load_thesis(given)]
    return [found for found in map(load_thesis, thesis_names()) if found.claims]
