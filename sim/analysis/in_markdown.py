"""A comparison as Markdown: in words, then as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.written import ASSUMED_END_STATE_MEANS, ASSUMED_MEANS, DAGGER, number, pairs_text
from sim.measures import OUTCOMES

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison


def markdown(comparison: Comparison, outcomes: Sequence[str] | None = None) -> str:
    """Return a comparison in words, then its table, then the end states.

    Parameters
    ----------
    comparison : Comparison
    outcomes : sequence of str, optional
        Names that it has; those that it shows without it.
    """
    lines = [f"Caution: {comparison.caution}.", ""] if comparison.caution else []
    lines += [f"- {line}" for line in comparison.in_words()]
    lines += [
        "",
        "| outcome | scenario | mean | median | 5-95 % "
        f"| less {comparison.baseline} (95 %) | P(above) | P(tied) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, scenario in comparison.table(outcomes).index:
        values = comparison.outcome(scenario, name)
        row = {key: number(value) for key, value in values.items()}
        few = (
            "" if scenario == comparison.baseline else pairs_text(values["pairs"], comparison.pairs(scenario))
        )
        marks = [DAGGER if (scenario, name) in comparison.assumed else "", few]
        lines.append(
            f"| {OUTCOMES[name].label} | {scenario} | {row['mean']} | {row['median']} "
            f"| {row['q05']} to {row['q95']} | {row['difference']} ({row['low']} to {row['high']}) "
            f"{' '.join(filter(None, marks))} | {row['above']} | {row['tied']} |"
        )
    shown = [key for key in comparison.assumed if outcomes is None or key[1] in outcomes]
    lines += ["", f"{DAGGER} {ASSUMED_MEANS}"] if shown else []
    lines += ["", note] if (note := comparison.unaudited(outcomes)) else []
    lines += ["", "| scenario | end state | share (95 %) |", "|---|---|---|"]
    for scenario, state in comparison.end_states.index:
        row = {key: f"{value:.0%}" for key, value in comparison.end_state(scenario, state).items()}
        mark = f" {DAGGER}" if (scenario, state) in comparison.assumed_end_states else ""
        lines.append(f"| {scenario} | {state} | {row['share']} ({row['low']} to {row['high']}){mark} |")
    lines += ["", f"{DAGGER} {ASSUMED_END_STATE_MEANS}"] if comparison.assumed_end_states else []
    return "\n".join(lines) + "\n"
