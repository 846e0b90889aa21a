"""Tables of ``sim signposts`` for the terminal, and how to read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from sim.analysis.observables import Statement
from sim.analysis.reliability import part_text
from sim.analysis.signpost_words import (
    BEFORE_MEANS,
    SHARE,
    about_states,
    any_past,
    before_in_words,
    no_given_past,
    runs_in_words,
    shares_in_words,
    told,
)
from sim.analysis.signposts import LEAST_FITTING
from sim.analysis.sweep import label_of
from sim.analysis.written import FEW_RUNS, SIGNPOST_ASSUMED, SIGNPOST_UNAUDITED, in_percent, number
from sim.cli.console import plain_table
from sim.explain.words import capital, counted, listed, month_name
from sim.measures import OUTCOMES
from sim.months import Month

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.odds import Odds
    from sim.analysis.reliability import Reliability
    from sim.analysis.seen import Seen

WIDTH = 100
"""Characters a line."""

LEGEND = (
    "A signpost is something that happens at least so often in these years of a run, or a side on which a "
    "government is at their end; `name >= number` is how --seen takes it. Bits: how much of the question it "
    "answers (log2 of the number of scenarios would be all), less what it does with shuffled labels; a year: "
    "over the years that one waits for it. Signposts that do not exceed chance are left out: what the best "
    "of all exceeds in 5 % of shuffles. Percentages: share of runs in which it happens, highest first; where "
    f"a scenario or an end state has under {FEW_RUNS} runs, in how many of them."
)
CHECK_LEGEND = (
    "Each run of one half of the replicates was taken for the truth. The signposts, and the odds, come from "
    "the other half. Odds that are given as often as they come true are calibrated: then what was given lies "
    "within the interval, in 19 of 20 rows. Error: mean squared error of the odds (Brier), 0 at best, with "
    "what it would be before anything is seen."
)

# -- what to watch ---------------------------------------------------------------------------------


def signpost_tables(table: pd.DataFrame, top: int) -> Iterator[Table | str]:
    """Yield a table a window, or a sentence where there is no signpost.

    Parameters
    ----------
    table : DataFrame
        As `sim.analysis.signposts.signposts` returns it.
    top : int
        Rows of a table at most.
    """
    if table.empty:
        yield "There is nothing to watch: no observable happens in some of these runs and not in others."
    for (since, years), part in table.groupby(["from", "years"], sort=False):
        sure = part[part["exceeds"].astype(bool)]
        last = Month.parse(str(since)) + (12 * int(str(years)) - 1)
        title = (
            f"By {month_name(str(last))}, {counted(int(str(years)), 'year')} from {since}: "
            f"{len(sure) or 'none'} of {len(part)} observables{about_states(part)} exceed chance "
            f"({part['chance'].iloc[0]:.2f} bits)"
        )
        if sure.empty:
            yield title
            continue
        shown = plain_table(title, "what to watch", "bits", "a year", "share of runs")
        for column in shown.columns:
            column.no_wrap = column.header in ("bits", "a year")
        shown.columns[0].ratio, shown.columns[3].ratio = 3, 2
        shown.expand = True
        for row in _records(sure.head(top)):
            statement = f"{row['observable']} >= {row['threshold']}"
            words = capital(told(str(row["observable"]), int(row["threshold"])))
            before = before_in_words(row)
            mark = "\nnot audited" if row["unaudited"] and not row["assumed"] else ""
            shown.add_row(
                Text.assemble(words, (f"\n{statement}", "dim"), mark),
                f"{row['bits']:.2f}", f"{row['bits_a_year']:.2f}",
                Text.assemble(shares_in_words(row), (before and f"\n{before}", "dim")),
            )  # fmt: skip
        yield shown


def runs_legend(
    table: pd.DataFrame, scenarios: Sequence[str], since: Month | None, seen: Seen | None
) -> Iterator[str]:
    """Yield which runs count.

    Parameters
    ----------
    table : DataFrame
        As `sim.analysis.signposts.signposts` returns it.
    scenarios : sequence of str
        All that were asked for.
    since : Month, optional
        The first month of the windows, if it is not that of the runs.
    seen : Seen, optional
        What the runs that count have in common.
    """
    if seen is None:
        if since is not None:
            yield no_given_past(since)
        return
    held = "; ".join(f"{each.in_words(seen.until)} ({each})" for each in seen.statements)
    first = _records(table.head(1))
    runs = f"Only the {first[0]['runs']} runs count{runs_in_words(first[0])}" if first else "Only runs count"
    yield f"{runs} of which this holds: {held}."
    shares = {str(name).removeprefix(SHARE) for name in table if str(name).startswith(SHARE)}
    if shares & set(scenarios) and (without := [name for name in scenarios if name not in shares]):
        yield f"No run of {listed(without)} fits."


def uncounted(since: Month | None) -> Iterator[str]:
    """Yield that runs are used whatever came before a month in them, if there is one."""
    if since is not None:
        yield any_past(since)


def audit_legend(table: pd.DataFrame) -> Iterator[str]:
    """Yield what the marks of the tables mean, as far as there are any."""
    sure = table[table["exceeds"].astype(bool)]
    if any(before_in_words(row) for row in _records(sure)):
        yield BEFORE_MEANS
    if (sure["assumed"] != "").any():
        yield SIGNPOST_ASSUMED
    if ((sure["assumed"] == "") & (sure["unaudited"] != "")).any():
        yield SIGNPOST_UNAUDITED


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


# -- what has been seen ----------------------------------------------------------------------------


def odds_tables(found: Odds) -> Iterator[Table]:
    """Yield the odds, and the outcomes before and after."""
    heads = ("", "before", "after", "95 % interval", "runs that fit")
    table = plain_table("What was seen says", *heads, numbers=True)
    for name, row in found.table.iterrows():
        interval = f"{in_percent(row['low'])} to {in_percent(row['high'])}"
        fitting = f"{int(row['fitting']):,}"
        table.add_row(str(name), in_percent(row["before"]), in_percent(row["after"]), interval, fitting)
    yield table
    table = plain_table("Outcomes of the whole runs", "", "all", "by weight", numbers=True)
    for name, row in found.outcomes.iterrows():
        label = label_of(str(name)) if str(name) in OUTCOMES else str(name)
        table.add_row(label, number(float(row["before"])), number(float(row["after"])))
    yield table


def odds_legend(found: Odds, error: float) -> str:
    """Return what was seen, in words too, and how many runs fit it."""
    last = found.since + (found.months - 1)
    seen = "; ".join(f"{statement.in_words(last)} ({statement})" for statement in found.statements)
    fit = f"{found.matching} of {found.runs} runs fit in full"
    weight = in_percent(found.part_missing)
    missing = f"; the others, with an error of {error:g} a statement, have {weight} of the weight"
    worth = f"All weights are worth {found.effective:.0f} equal runs."
    return (
        f"Seen in {found.months} months from {found.since}: {seen}. {fit}{missing}. {worth} "
        "Scenarios count alike before. The odds are among these alone, and none need be right: the interval "
        "says what more runs would change, and nothing else."
    )


# -- whether the odds are right --------------------------------------------------------------------


def check_tables(found: Reliability) -> Iterator[Table | str]:
    """Yield a reliability curve as a table a window, each with what was stated."""
    for window in found.windows.to_dict("records"):
        years, refused = int(window["years"]), int(window["refused"])
        told_refused = f", {refused} of them refused since under {LEAST_FITTING} runs fit" if refused else ""
        title = f"Odds after {counted(years, 'year')}: {window['truths']} truths{told_refused}"
        heads = ("odds given", "how many", "mean", "came true", "95 % interval", "calibrated")
        table = plain_table(title, *heads, numbers=True)
        for row in found.table[found.table["years"] == years].to_dict("records"):
            table.add_row(
                part_text(float(row["given"])), f"{row['odds']:,}", in_percent(row['given']),
                in_percent(row['came_true']), f"{in_percent(row['low'])} to {in_percent(row['high'])}",
                "yes" if row["calibrated"] else "no",
            )  # fmt: skip
        if refused < window["truths"]:
            yield table
        else:
            more = ceil(LEAST_FITTING / max(window["fitting"], 1))
            yield (
                f"{title}. The most runs that fit one are {window['fitting']}: make about {more} times as "
                "many runs (--runs)."
            )
            continue
        stated = (f"{Statement.parse(text).in_words()} ({text})" for text in window["stated"].split("; "))
        errors = f"Error {window['error']:.3f}, before {window['error_before']:.3f}."
        yield f"Stated of each, so or not so: {'; '.join(stated)}. {errors}"
