"""``sim claims --audit``: which parameters carry a thesis's effects, and whether an effect is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.analysis.audit import ASSUMED, EMERGENT, LABELS, NO_EFFECT, resolved
from sim.cli.analysis import Analysis, AnalysisOptions
from sim.cli.console import plain_table
from sim.cli.tables import difference_text
from sim.measures import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.analysis.audit import AuditPlan
    from sim.scenario import Thesis


# -- an audit as tables for the terminal -----------------------------------------------------------

_STYLES = {ASSUMED: "yellow", EMERGENT: "green"}


def audit_tables(cells: pd.DataFrame) -> Iterator[Table]:
    """Yield a table a thesis, of the outcomes on which it has an effect.

    Parameters
    ----------
    cells : DataFrame
        As `sim.analysis.audit.audit_cells` returns it.
    """
    for thesis, rows in cells.groupby("thesis", sort=False):
        table = plain_table(
            f"{thesis}, against the shared world",
            "",
            "difference (95 %)",
            "label",
            "carried by",
            "lost (95 %)",
        )
        for row in rows[rows["label"] != NO_EFFECT].to_dict("records"):
            table.add_row(*_cells({str(key): value for key, value in row.items()}))
        yield table


def counted(cells: pd.DataFrame) -> str:
    """Return how many cells have each label, and how to read the tables."""
    found = cells["label"].value_counts()
    counts = "; ".join(f"{found.get(name, 0)} {name}" for name in LABELS)
    return (
        f"{len(cells)} cells of thesis and outcome: {counts}, which are not shown.\n"
        "Difference: thesis less shared world on the same luck. Carried by: the parameter, or all those that "
        "state the outcome together, without which two thirds of it or more are lost; otherwise spread, with "
        "the parameter that matters most in brackets. Lost: that share of the difference, above 100 % where "
        "other parameters work against it; not resolved where its interval is wider than 200 "
        "points and begins below two thirds, as with few runs. Where the interval of the difference holds 0 "
        "there is no effect to share out.\n"
        "Assumed: what carries it states the outcome (sim/measures/mechanisms.py), so the result repeats the "
        "thesis. Emergent: it comes about by a mechanism, or by several parameters. Of 100 cells without any "
        "effect five would seem to have one."
    )


def _cells(row: dict[str, object]) -> Iterator[str | Text]:
    numbers = {
        key: float(str(row[key])) for key in ("difference", "low", "high", "share", "share_low", "share_high")
    }
    yield OUTCOMES[str(row["outcome"])].label
    yield difference_text(numbers["difference"], numbers["low"], numbers["high"])
    yield Text(str(row["label"]), style=_STYLES[str(row["label"])])
    yield "\n".join(str(row["carrier"]).split(" + ")) or f"spread ({row['most']})"
    yield _lost(numbers["share"], numbers["share_low"], numbers["share_high"])


def _lost(share: float, low: float, high: float) -> str:
    """Write the share of an effect that is lost, if the runs tell it."""
    return f"{share:.0%} [{low:.0%}, {high:.0%}]" if resolved(low, high) else "not resolved"


# -- ``sim claims --audit``: which parameters carry a thesis's effects, and whether an effect is assumed ---

# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast


def audit(theses: Sequence[Thesis], given: AnalysisOptions) -> None:
    """Audit theses; the options are those of `sim.cli.claims.claims`."""
    from sim.analysis.audit import DEFAULT_RUNS, audit_cells, audit_drops, of_effects, plan_audit
    from sim.analysis.claims import FRESH_SEED
    from sim.analysis.shipped_audit import CELLS, fingerprints
    from sim.experiment.run import STANDARD

    plan = plan_audit(
        theses,
        runs=given.runs or DEFAULT_RUNS,
        seed=given.seed_or(FRESH_SEED),
        settings=given.settings,
    )
    analysis = Analysis("audit", plan.scenarios, given, STANDARD)
    outcomes = analysis.outcomes()
    drops = audit_drops(plan, outcomes)
    cells = audit_cells(plan, outcomes, drops)
    kept = {key: item for key, item in analysis.about.items() if key not in ("scenarios", "platform")}
    analysis.report(
        {CELLS: cells, "drops.csv": of_effects(drops, cells)},
        printed=audit_tables(cells),
        legend=counted(cells),
        figures=_figures(cells, plan, outcomes, analysis.about),
        digits=4,
        about={**kept, "fingerprints": fingerprints(plan)},
    )


def _figures(
    cells: pd.DataFrame, plan: AuditPlan, outcomes: pd.DataFrame, about: dict[str, Any]
) -> Iterator[tuple[str, Figure]]:
    from sim.figures import audit_map
    from sim.figures.source import source_of

    named = [audited.scenario.name for audited in plan.audited]
    yield "audit", audit_map(cells, source_of(outcomes.reset_index(), about).only(named))
