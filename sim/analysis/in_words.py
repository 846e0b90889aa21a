"""A comparison in words: a paragraph a scenario, before any table."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.intervals import commonest, visible
from sim.analysis.less_time import ends_in_less_time
from sim.analysis.written import DAGGER, difference_line, on_few, whole_percent
from sim.explain.words import counted, listed
from sim.measures import OUTCOMES
from sim.measures.end_state import END_STATES
from sim.scenario.library import is_shared_world

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.experiment.under import Group

UNTOLD = "too few runs to tell which"
"""What is said where two end states or more may be the commonest."""

MOST_TOLD = 3
"""Differences that the words name."""

_SHARE = ("share", "low", "high")


def lines(comparison: Comparison) -> list[str]:
    """Return a paragraph a scenario, the baseline's first.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    list of str
        Each begins with the scenario's name, and says in which class of end state most of its runs end (the
        first also, if that is of less time than the classes were made for), which
        differences from the baseline are the largest of those that no assumption and no claim of its own
        states and that rest on half of the pairs or more, with what the shipped audit says of each, how many
        are assumed or rest on fewer pairs, which claims state, how many that bear the mark of what is assumed
        are not visible, which outcomes that are not shown differ, and what was not audited.
    """
    return [line(comparison, name) for name in comparison.ordered]


def laid_over(groups: Sequence[Group]) -> str:
    """Return a sentence or more on scenarios that are laid over theses; empty where they are not."""
    if not all(group.under for group in groups):
        return ""
    theses = [group.under for group in groups]
    found = [group.plain(name) for group in groups for name in group.scenarios if name != group.baseline]
    plain = list(dict.fromkeys(found))
    if not plain:
        return ""
    baseline = groups[0].plain(groups[0].baseline)
    what = listed(plain)
    is_, adds, its = ("is", "adds", "its") if len(plain) == 1 else ("are", "add", "their")
    over = f"the thesis {theses[0]}" if len(theses) == 1 else f"each of the theses {listed(theses)}"
    return (
        f"{what} {is_} laid over {over}, in place of any thesis of {its} own, and compared with {baseline} "
        f"under the same thesis: a difference is what {what} {adds} to that thesis."
        f"{' '.join(['', *map(_alone, groups)]) if is_shared_world(baseline) else ''}"
    )


def _alone(group: Group) -> str:
    """Return what the shared world is once it is laid under a thesis."""
    if is_shared_world(group.under):
        return f"{group.baseline} is the shared world without any thesis."
    return f"{group.baseline} is the thesis {group.under} alone."


def how_to_compare_two(comparisons: Sequence[Comparison]) -> str:
    """Return how to hold two scenarios against each other; empty unless several are held against one.

    Parameters
    ----------
    comparisons : sequence of Comparison
    """
    if len(comparisons) != 1 or comparisons[0].under or len(comparisons[0].scenarios) < 3:
        return ""
    against, other, *_ = comparisons[0].ordered
    return (
        f"Each is compared with {against} alone. A star of one and none of another is no difference between "
        f"the two: the same command with `--baseline {shlex.quote(other)}` holds the others against {other}, "
        "and makes no run again."
    )


def line(comparison: Comparison, name: str) -> str:
    """Return what `lines` says of one scenario."""
    said = [f"{name}: {ends(comparison, name)}."]
    if name != comparison.baseline:
        said += _differs(comparison, name)
    else:  # once, where the first share stands
        said.append(ends_in_less_time(comparison.results.about, comparison.scenarios, comparison.window))
    return " ".join(filter(None, said))


def ends(comparison: Comparison, name: str) -> str:
    """Return in which class of end state most runs of a scenario end, or in which, if runs cannot tell."""
    rows = {state: comparison.end_state(name, state) for state in END_STATES}
    found = commonest({state: row["runs"] for state, row in rows.items()})
    over = f" {comparison.window}" if comparison.window else ""
    told = {state: {key: f"{whole_percent(rows[state][key])}%" for key in _SHARE} for state in found}
    marks = {state: f" {DAGGER}" if (name, state) in comparison.assumed_end_states else "" for state in found}
    if len(found) == 1:
        (state,) = found
        row = told[state]
        share = f"{row['share']} of runs ({row['low']} to {row['high']})"
        return f"most often {state}{over}, {share}{marks[state]}"
    each = [
        f"{state} ({row['share']}{' of runs' if state == found[0] else ''}, {row['low']} to {row['high']})"
        f"{marks[state]}"
        for state, row in told.items()
    ]
    return f"most often {listed(each, 'or')}{over}, {UNTOLD}"


def _differs(comparison: Comparison, name: str) -> list[str]:
    against = comparison.baseline
    told = largest(comparison, name)
    rows = comparison.values.loc[name].loc[list(comparison.shown)]
    sure = rows.index[visible(rows)]
    marked = [outcome for outcome in comparison.shown if (name, outcome) in comparison.assumed]
    assumed = sum(outcome in sure for outcome in marked)
    free = [outcome for outcome in sure if (name, outcome) not in comparison.assumed]
    rare = sum(_rare(comparison, name, outcome) for outcome in free)
    claimed = [
        outcome
        for outcome in free
        if stating(comparison, name, outcome) and not _rare(comparison, name, outcome)
    ]
    unaudited = name in comparison.audit.unaudited
    apart = [*["assumed"] * bool(assumed), *["stated by claims"] * bool(claimed)]
    which = f" beside those {' or '.join(apart)}" if apart else ""  # not all the rest is cleared: each says
    of = ", of the outcomes shown" if comparison.chosen else ""
    if told:
        few = "Largest differences" if len(told) > 1 else "Largest difference" if rare else "Only difference"
        largest_ones = "; ".join(_difference(comparison, name, outcome) for outcome in told)
        said = [f"{few} from {against}{which}{of}: {largest_ones}."]
        if assumed:
            others = f"{assumed} others in the table are" if assumed > 1 else "1 other in the table is"
            said.append(f"{others} assumed {DAGGER}.")
        if rare:
            said.append(f"{rare} other{'s rest' if rare > 1 else ' rests'} on under half of the pairs.")
    elif assumed or rare or claimed:
        whys = [f"is assumed ({DAGGER})"] * bool(assumed) + ["rests on under half of the pairs"] * bool(rare)
        whys += ["is stated by claims"] * bool(claimed)
        what = f"Every visible difference from {against}{of}{of and ','}"
        said = [f"{what} {' or '.join(whys)}: {assumed + rare + len(claimed)} in all."]
    else:
        said = [f"No visible difference from {against}{of}."]
    if claimed:
        stated = "; ".join(
            _difference(comparison, name, outcome, stating(comparison, name, outcome)) for outcome in claimed
        )
        said.append(f"Stated by claims: {stated}.")
    if unseen := len(marked) - assumed:
        more, are = " more" if assumed else "", "is" if unseen == 1 else "are"
        said.append(f"{unseen}{more} with {DAGGER} {are} not visible here.")
    if beside := _not_shown(comparison, name):
        said.append(beside)
    if unaudited:
        said.append("Not audited: any difference may only repeat an assumption.")
    return said


def largest(comparison: Comparison, name: str, most: int = MOST_TOLD) -> list[str]:
    """Return the outcomes in which a scenario differs most from the baseline, the largest first.

    Of those that are shown, whose interval excludes 0, that are neither assumed nor what a claim of the
    scenario states, and that rest on half of the pairs of runs or more: an outcome may be undefined in the
    others. Their size is the difference over the
    standard deviation over runs, of both scenarios together, so that units do not matter.

    Parameters
    ----------
    comparison : Comparison
    name : str
        A scenario.
    most : int
    """
    sizes = standardised(comparison, name)
    rows = comparison.values.loc[name]
    sure = visible(rows)
    found = [
        outcome
        for outcome in comparison.shown
        if sure[outcome]
        and (name, outcome) not in comparison.assumed
        and not stating(comparison, name, outcome)
        and not np.isnan(sizes[outcome])
        and not _rare(comparison, name, outcome)
    ]
    return sorted(found, key=lambda outcome: -abs(sizes[outcome]))[:most]


def _not_shown(comparison: Comparison, name: str) -> str:
    """Return how many outcomes that are not shown differ visibly, and the most; empty where none does.

    It says how many of them are assumed, and names none of these. Those that rest on under half of the pairs
    do not count.
    """
    rows = comparison.values.loc[name]
    others = [outcome for outcome in rows.index if outcome in OUTCOMES and outcome not in comparison.shown]
    sure = visible(rows)
    found = [outcome for outcome in others if sure[outcome] and not _rare(comparison, name, outcome)]
    free = [outcome for outcome in found if (name, outcome) not in comparison.assumed]
    if not found:
        return ""
    assumed = len(found) - len(free)
    told = (
        f"Of {counted(len(others), 'outcome')} not shown {len(found)} differ{'s' * (len(found) == 1)} visibly"
        f"{f' ({assumed} assumed)' * (assumed > 0)}"
    )
    if not free:
        return f"{told}."
    sizes = standardised(comparison, name).abs()
    most = max(free, key=lambda outcome: sizes[outcome])
    row = comparison.outcome(name, most)
    which = ", of the others most" if assumed and len(free) > 1 else ", most" * (len(free) > 1)
    return f"{told}{which}: {difference_line(OUTCOMES[most].label, row, comparison.pairs(name))} (`{most}`)."


def stating(comparison: Comparison, name: str, outcome: str) -> tuple[str, ...]:
    """Return the claims that say what a scenario's difference from the baseline shows, by id.

    Those that speak of the outcome, or of one that it is made of. A claim that says the opposite states
    nothing of the kind: then the difference is a finding.
    """
    difference = float(comparison.values["difference"].loc[(name, outcome)])
    sign = "up" if difference > 0 else "down"
    known = comparison.audit.stated
    found = [known.get((name, of), {}).get(sign, ()) for of in (outcome, *OUTCOMES[outcome].made_of)]
    return tuple(dict.fromkeys(claim for claims in found for claim in claims))


def standardised(comparison: Comparison, name: str) -> pd.Series[float]:
    """Return a scenario's differences over the standard deviation over runs, by outcome.

    The variance is the mean of the scenario's and the baseline's. Where neither varies a difference is
    infinite, and NaN if there is none.
    """
    these, those = comparison.values.loc[name], comparison.values.loc[comparison.baseline]
    sizes: pd.Series[float] = these["difference"] / spread(these["sd"], those["sd"])
    return sizes


def spread(one: Any, other: Any) -> Any:
    """Return the unit of standardised differences, from two standard deviations over runs, or columns."""
    return np.sqrt((one**2 + other**2) / 2)


def _rare(comparison: Comparison, name: str, outcome: str) -> bool:
    """Return whether a difference rests on under half of the pairs."""
    return on_few(comparison.outcome(name, outcome)["pairs"], comparison.pairs(name))


def _difference(comparison: Comparison, name: str, outcome: str, claims: Sequence[str] = ()) -> str:
    """Return a difference with the claims that state it, and what the audit says of it alone."""
    row = comparison.outcome(name, outcome)
    notes = [f"of which {listed(claims)} speak{'s' if len(claims) == 1 else ''}"] if claims else []
    if name not in comparison.audit.unaudited:  # of which a sentence says so
        notes.append(comparison.audit.said(name, outcome))
    note = f"({'; '.join(notes)})" if notes else ""
    return difference_line(OUTCOMES[outcome].label, row, comparison.pairs(name), note)
