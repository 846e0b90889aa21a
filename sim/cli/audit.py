"""``sim claims --audit``: which parameters carry a thesis's effects, and whether an effect is assumed."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.planned import run_planned

if TYPE_CHECKING:
    from sim.scenario import Thesis


def audit(
    theses: Sequence[Thesis],
    *,
    runs: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    force: bool,
    yes: bool,
    figure: bool,
    settings: tuple[str, ...],
    quiet: bool,
) -> None:
    """Audit theses; the options are those of `sim.cli.claims.claims`."""
    from sim.results.audit import DEFAULT_RUNS, audit_cells, audit_drops
    from sim.results.audit_plan import plan_audit
    from sim.results.claims import FRESH_SEED
    from sim.results.limits import check_cost
    from sim.results.shipped_audit import ABOUT, CELLS, fingerprints
    from sim.runs.folder import choose_folder
    from sim.runs.workers import usable_cores

    plan = plan_audit(
        theses,
        runs=runs or DEFAULT_RUNS,
        seed=FRESH_SEED if seed is None else seed,
        settings=settings,
    )
    cores = workers or usable_cores()
    check_cost(plan.scenarios, workers=cores, folder=None, allow_large=yes)
    folder = choose_folder(out, "audit", force=force)
    planned = run_planned(plan.scenarios, workers=cores, quiet=quiet)
    drops = audit_drops(plan, planned.outcomes)
    cells = audit_cells(plan, planned.outcomes, drops)
    folder.mkdir(parents=True, exist_ok=True)
    form: dict[str, Any] = {"index": False, "float_format": "%.4g", "lineterminator": "\n"}
    cells.to_csv(folder / CELLS, **form)
    drops[_matters(drops)].to_csv(folder / "drops.csv", **form)
    kept = {key: item for key, item in planned.about.items() if key not in ("scenarios", "platform")}
    about = {**kept, "fingerprints": fingerprints(plan)}
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    if not quiet:
        from sim.cli.audit_table import audit_tables, counted
        from sim.cli.console import output

        console = output()
        for shown in audit_tables(cells):
            console.print(shown)
            console.print()
        console.print(counted(cells))
    if figure:
        from sim.figures import audit_map, save
        from sim.figures.source import source_of

        source = source_of(planned.outcomes.reset_index(), planned.about)
        named = [audited.scenario.name for audited in plan.audited]
        save(audit_map(cells, source.only(named)), folder / "figures" / "audit.png")
    click.echo(folder if quiet else f"\nResults: {folder}")


def _matters(drops: Any) -> Any:
    """Keep the rows that say something: a share whose interval excludes 0."""
    return (drops["low"] > 0) | (drops["high"] < 0)
