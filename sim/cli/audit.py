"""``sim claims --audit``: which parameters carry a thesis's effects, and whether an effect is assumed."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sim.cli.analysis import Analysis, AnalysisOptions

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.analysis.audit import AuditPlan
    from sim.scenario import Thesis


def audit(theses: Sequence[Thesis], given: AnalysisOptions) -> None:
    """Audit theses; the options are those of `sim.cli.claims.claims`."""
    from sim.analysis.audit import DEFAULT_RUNS, audit_cells, audit_drops, of_effects, plan_audit
    from sim.analysis.claims import FRESH_SEED
    from sim.analysis.shipped_audit import CELLS, definitions, fingerprints
    from sim.cli.reports import audit_legend, audit_tables

    plan = plan_audit(theses, **given.asked(runs=DEFAULT_RUNS, seed=FRESH_SEED))
    fewer = "one thesis alone: sim claims dubnov --audit" if len(theses) > 1 else ""
    analysis = Analysis("audit", plan.scenarios, given, less=fewer)
    outcomes = analysis.outcomes()
    drops = audit_drops(plan, outcomes)
    cells = audit_cells(plan, outcomes, drops)
    kept = {key: item for key, item in analysis.about.items() if key not in ("scenarios", "platform")}
    analysis.report(
        {CELLS: cells, "drops.csv": of_effects(drops, cells)},
        printed=audit_tables(cells),
        legend=audit_legend(cells),
        figures=_figures(cells, plan, outcomes, analysis.about),
        digits=4,
        about={**kept, "fingerprints": fingerprints(plan), "definitions": definitions()},
    )


def _figures(
    cells: pd.DataFrame, plan: AuditPlan, outcomes: pd.DataFrame, about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.figures import audit_map
    from sim.figures.source import source_of

    named = [audited.scenario.name for audited in plan.audited]
    yield "audit", audit_map(cells, source_of(outcomes.reset_index(), about).only(named))
