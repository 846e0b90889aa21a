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
    from sim.scenario import Scenario, Thesis


def audit(what: Sequence[Thesis] | Scenario, given: AnalysisOptions) -> None:
    """Audit theses, or one scenario; the options are those of `sim.cli.claims.claims`."""
    from sim.analysis.audit import (
        DEFAULT_RUNS,
        audit_cells,
        audit_drops,
        of_effects,
        plan_audit,
        plan_scenario_audit,
    )
    from sim.analysis.claims import FRESH_SEED
    from sim.analysis.deciding import deciding
    from sim.analysis.own_audit import CODE
    from sim.analysis.shipped_audit import CELLS, definitions, fingerprints
    from sim.cli.reports import audit_legend, audit_tables
    from sim.experiment.identity import code_key
    from sim.experiment.run import STANDARD

    asked = given.asked(runs=DEFAULT_RUNS, seed=FRESH_SEED)
    plan = plan_audit(what, **asked) if isinstance(what, Sequence) else plan_scenario_audit(what, **asked)
    fewer = "one thesis alone: sim claims dubnov --audit" if len(plan.audited) > 1 else ""
    analysis = Analysis("audit", plan.scenarios, given, less=fewer)
    outcomes = analysis.outcomes()
    drops = audit_drops(plan, outcomes)
    cells = deciding(audit_cells(plan, outcomes, drops), drops)
    kept = {key: item for key, item in analysis.about.items() if key not in ("scenarios", "platform")}
    analysis.report(
        {CELLS: cells, "drops.csv": of_effects(drops, cells)},
        printed=audit_tables(cells),
        legend=audit_legend(cells, plan.scenarios[0].runs),
        figures=_figures(cells, plan, outcomes, analysis.about),
        digits=4,
        about={
            **kept,
            CODE: code_key(STANDARD),
            "fingerprints": fingerprints(plan),
            "definitions": definitions(),
        },
    )


def _figures(
    cells: pd.DataFrame, plan: AuditPlan, outcomes: pd.DataFrame, about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.figures import audit_map
    from sim.figures.source import source_of

    named = [audited.scenario.name for audited in plan.audited]
    yield "audit", audit_map(cells, source_of(outcomes.reset_index(), about).only(named))
