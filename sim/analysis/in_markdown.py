"""Comparisons as Markdown: in words, then as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.analysis.by_state import of_one_state, shown_of
from sim.analysis.ends import ROUNDED, difference_of, difference_parts, differences_are
from sim.analysis.frames import framed
from sim.analysis.in_words import how_to_compare_two, laid_over
from sim.analysis.intervals import rows_of
from sim.analysis.marked import HOW_STARRED, marks
from sim.analysis.own_audit import how_to_audit
from sim.analysis.states_in_words import state_lines
from sim.analysis.written import (
    ASSUMED_END_STATE_MEANS,
    ASSUMED_MEANS,
    DAGGER,
    NOTHING_DIFFERS,
    UNAUDITED_STATES,
    difference_texts,
    in_percent,
    interval_of_share,
    number,
)
from sim.experiment.under import Group
from sim.explain.words import state_title
from sim.measures import OUTCOMES, Outcome
from sim.measures.registry import SO_OR_NOT

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison


def markdown(comparison: Comparison, outcomes: Sequence[str] | None = None) -> str:
    """Return a comparison in words, then its table, the end states, and what happens to single states.

    Parameters
    ----------
    comparison : Comparison
    outcomes : sequence of str, optional
        Names that it has; those that it shows without it.
    """
    lines = [f"Caution: {comparison.caution}.", ""] if comparison.caution else []
    lines += [f"- {line}" for line in (*comparison.in_words(), *state_lines(comparison))]
    lines += ["", told] if (told := framed(comparison)) else []
    rows = comparison.table(outcomes).index
    lines += _table(
        comparison,
        "outcome",
        (
            (OUTCOMES[name], scenario, comparison.outcome(scenario, name), (scenario, name))
            for name, scenario in rows
        ),
    )
    lines += ["", f"\\{HOW_STARRED}"] if len(comparison.scenarios) > 1 else []  # no point of a list
    shown = [key for key in comparison.assumed if outcomes is None or key[1] in outcomes]
    lines += ["", f"{DAGGER} {ASSUMED_MEANS}"] if shown else []
    lines += ["", note] if (note := comparison.unaudited(outcomes)) else []
    lines += _ends(comparison)
    for state in comparison.states:
        found = rows_of(of_one_state(comparison.of_states, state))
        lines += ["", f"### What happens to {state_title(state)}"]
        if not (rows_shown := shown_of(comparison, state)):
            lines += ["", NOTHING_DIFFERS]
            continue
        lines += _table(
            comparison,
            state_title(state),
            (
                (outcome, scenario, found[scenario, name], None)
                for name, outcome in rows_shown.items()
                for scenario in comparison.scenarios
            ),
        )
    lines += ["", UNAUDITED_STATES] if comparison.states and len(comparison.scenarios) > 1 else []
    return "\n".join(lines) + "\n"


def _ends(comparison: Comparison) -> list[str]:
    """Return how scenarios end as a table, with differences where there are any, and how to read it."""
    several = len(comparison.scenarios) > 1
    head = ["scenario", "end state", "share (95 %)"]
    head += [f"less {comparison.baseline}, points (95 %)", "P(tied)"] if several else []
    lines = ["", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for scenario, state in comparison.end_states.index:
        row = comparison.end_state(scenario, state)
        share, low, high = (in_percent(row[key]) for key in ("share", "low", "high"))
        cells = [scenario, state, f"{share} ({low} to {high})"]
        if several and scenario == comparison.baseline:
            cells += ["", ""]
        elif several:  # ties have a column
            signs, pairs, _ = difference_parts(comparison, scenario, state)
            cells += [f"{signs} {pairs}".rstrip(), number(difference_of(row)["tied"])]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", " ".join(filter(None, (differences_are(comparison), ROUNDED)))]
    lines += ["", f"{DAGGER} {ASSUMED_END_STATE_MEANS}"] if comparison.assumed_end_states else []
    return lines


def _table(
    comparison: Comparison,
    heading: str,
    rows: Iterable[tuple[Outcome, str, dict[str, float], tuple[str, str] | None]],
) -> list[str]:
    """Return a table: rows of outcome, scenario, values, and by which key the audit may label them."""
    lines = [
        "",
        f"| {heading} | scenario | mean | median | 5-95 % "
        f"| less {comparison.baseline} (95 %) | P(above) | P(tied) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry, scenario, values, key in rows:
        row = {name: number(value) for name, value in values.items()}
        label = entry.label if key else entry.label_with_unit  # units stand in the list of outcomes
        spread = f"{row['q05']} to {row['q95']}"
        if entry.unit == SO_OR_NOT:
            spread = "share: {} to {} (95 %)".format(*map(number, interval_of_share(values)))
        cells = [label, scenario, row["mean"], row["median"], spread]
        if scenario == comparison.baseline:
            cells += ["", "", ""]
        else:  # ties have a column
            *beside, _ = marks(values, comparison.pairs(scenario), assumed=key in comparison.assumed)
            difference, low, high = difference_texts(values["difference"], values["low"], values["high"])
            told = f"{difference} ({low} to {high}) {' '.join(filter(None, beside))}"
            cells += [told.rstrip(), row["above"], row["tied"]]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def summary(comparisons: Sequence[Comparison]) -> str:
    """Return comparisons in words and as tables, in Markdown, and which commands audit what is not.

    Parameters
    ----------
    comparisons : sequence of Comparison
        Of groups laid over theses, with what `sim.analysis.beside.beside` makes of them behind.
    """
    laid = [item for item in comparisons if item.under] or comparisons
    groups = [Group(item.baseline, item.scenarios, item.under) for item in laid]
    over = laid_over(groups)
    parts = [f"{over}\n"] if over else []
    for item in comparisons:
        under = f" under {item.under}" if item.under else ""
        over = f", {item.window}" if item.window else ""
        beside = "Theses side by side, compared" if laid[0].under and not item.under else "Compared"
        parts.append(f"## {beside} with {item.baseline}{under}{over}\n\n{item.to_markdown()}")
    told = [how_to_compare_two(comparisons), *(line for item in comparisons for line in how_to_audit(item))]
    parts += [f"{line}\n" for line in dict.fromkeys(filter(None, told))]
    return "\n".join(parts)
