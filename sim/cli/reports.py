"""Tables of ``sim claims``, its ``--audit`` and ``sim variance`` for the terminal, and how to read them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.analysis.audit import ASSUMED, EMERGENT, LABELS, NO_EFFECT, resolved
from sim.analysis.claims import ANOTHER_SCENARIO, AS_CLAIMED, NOT_COMPARED, OPPOSITE, VERDICTS, ZERO
from sim.analysis.deciding import NEAR, NUMBERS, paths, shown_apart
from sim.analysis.variance import GROUPS, few_runs, no_shares, with_current_groups
from sim.analysis.written import FEW_RUNS, difference_text, whole_percent
from sim.cli.console import plain_table
from sim.measures import OUTCOMES
from sim.scenario.describe import PLACES_MEAN

# -- the effects of claims as tables for the terminal ----------------------------------------------

_VERDICT_STYLES = {AS_CLAIMED: "green", OPPOSITE: "bold red"}


def claim_tables(claims: pd.DataFrame) -> Iterator[Table]:
    """Yield a table a thesis.

    Parameters
    ----------
    claims : DataFrame
        As `sim.analysis.claims.judge` returns it.
    """
    for (thesis, source), rows in claims.groupby(["thesis", "source"], sort=False):
        table = plain_table(
            f"{thesis}: {source}",
            "", "claim", "moves", "outcome, and where it should go", "difference (95 %)", "above / equal",
            "verdict",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            table.add_row(*_claim_cells({str(key): value for key, value in row.items()}))
        yield table


def claims_legend(claims: pd.DataFrame) -> str:
    """Return how many claims came to each verdict, and how to read the tables."""
    found = claims["verdict"].value_counts()
    counts = "; ".join(f"{found.get(name, 0)} {name}" for name in VERDICTS)
    weak = ", ".join(claims.loc[claims["held_against"] == ZERO, "claim"])
    weakly = f"Held against 0 and not against the thesis without it, so hardly able to fail: {weak}.\n"
    marked = ", ".join(claims.loc[claims["finding"] != "", "claim"]) or "none"
    pairs = claims["pairs"].max()
    placed = f"{PLACES_MEAN}\n" if claims["said"].str.contains("said of ").any() else ""
    few = f" With {pairs:.0f} pairs of runs the intervals are too narrow." if pairs < FEW_RUNS else ""
    return (
        f"{len(claims)} claim{'' if len(claims) == 1 else 's'}: {counts}.{few}\n"
        f"Known not to be supported by the model, and marked so in the thesis file: {marked}.\n"
        f"{weakly if weak else ''}{placed}"
        "Difference: the outcome with the claim less without it, or less what `against` names, with common "
        "random numbers. Above / equal: share of pairs of runs in which it is higher with the claim, and "
        "in which it is the same; in the rest it is lower. Where most are equal a difference rests on few "
        "pairs.\nA verdict is by the interval excluding 0, so of 40 claims that do nothing two would seem "
        "to do something. A star of `sim compare` also asks that ten pairs differ where some tie. A verdict "
        "does not: its one outcome is named beforehand, and the table shows how many pairs are equal."
    )


def _claim_cells(row: dict[str, object]) -> Iterator[str | Text]:
    yield str(row["claim"])
    yield Text.assemble(str(row["text"]), (_saying(row), "dim"), (_known(row), "yellow"))
    yield "\n".join(str(row["parameters"]).split()) or "–"
    name = str(row["outcome"])
    if row["verdict"] == NOT_COMPARED:
        yield Text(str(row["note"]), style="dim")
        yield ""
        yield ""
    else:
        yield f"{OUTCOMES[name].label}, {row['sign']}{_place(row)}"
        values = {key: float(str(row[key])) for key in ("difference", "low", "high", "above", "tied")}
        yield difference_text(values["difference"], values["low"], values["high"])
        yield (
            f"{whole_percent(values['above'])}% / {whole_percent(values['tied'])}%"
            if values["above"] == values["above"]
            else "–"
        )
    yield Text(str(row["verdict"]), style=_VERDICT_STYLES.get(str(row["verdict"]), "dim"))


def _saying(row: dict[str, object]) -> str:
    """Say who says a claim, and when it holds, as far as the thesis file notes it."""
    said = f"\n({row['said']})" if row["said"] else ""
    return said if row["holds"] == "always" else f"{said}\nHolds {row['holds']}"


def _known(row: dict[str, object]) -> str:
    """Say why the model is known not to show a claim's effect, if it is."""
    return f"\nFinding: {row['finding']}" if row["finding"] else ""


def _place(row: dict[str, object]) -> str:
    """Say where the effect is seen, if not in the thesis's own scenario with and without the claim."""
    place = f"\nin {row['seen_in']}" if row["seen_in"] != row["thesis"] else ""
    if row["held_against"] == ZERO:
        return f"{place}\nagainst 0, so it can hardly fail"
    other = f"\nagainst {row['against']}, with the claim in both"
    return place + (other if row["held_against"] == ANOTHER_SCENARIO else "")


# -- an audit as tables for the terminal -----------------------------------------------------------

_LABEL_STYLES = {ASSUMED: "yellow", EMERGENT: "green"}


def audit_tables(cells: pd.DataFrame) -> Iterator[Table]:
    """Yield a table a thesis, of the outcomes on which it has an effect.

    Parameters
    ----------
    cells : DataFrame
        As `sim.analysis.deciding.deciding` returns it.
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
            table.add_row(*_audit_cells({str(key): value for key, value in row.items()}))
        yield table


def audit_legend(cells: pd.DataFrame, runs: int) -> str:
    """Return how many cells have each label, from how many runs of each scenario, and how to read tables."""
    found = cells["label"].value_counts()
    counts = "; ".join(f"{found.get(name, 0)} {name}" for name in LABELS)
    near = int(cells["near"].sum())
    return (
        f"{len(cells)} cells of thesis and outcome: {counts}, which are not shown. From {runs} runs of "
        "each scenario: with few runs effects go unseen, and labels change as runs are added.\n"
        "Difference: thesis less shared world, with common random numbers. Carried by: the parameter, or "
        "all those that set the outcome directly, together, without which two thirds of it or more are lost; "
        "otherwise spread, with the parameter that matters most in brackets. Lost: that share of the "
        "difference, above 100 % where other parameters work against it; not resolved where its interval "
        "is wider than 200 points and begins below two thirds, as with few runs. Where the interval of the "
        "difference holds 0 "
        "there is no effect to share out. Directly: what is lost without a parameter that sets the outcome "
        "directly, or without all of them; that share decides the label.\n"
        "Assumed: what carries it sets the outcome directly (sim/measures/mechanisms.py), so the result "
        "repeats the thesis. Emergent: it comes about by a mechanism, or by several parameters. "
        f"{NEAR.capitalize()} ({near} labels): the interval of the share that decides holds two thirds, from "
        "which on an effect is assumed, so other runs may give another label. Of 100 cells "
        "without any effect five would seem to have one. A label goes by the interval alone, and a star of "
        "`sim compare` also asks that ten pairs differ where some tie: so an effect here may have no star "
        "there."
    )


def _audit_cells(row: dict[str, object]) -> Iterator[str | Text]:
    numbers = {
        key: float(str(row[key])) for key in ("difference", "low", "high", "share", "share_low", "share_high")
    }
    yield OUTCOMES[str(row["outcome"])].label
    yield difference_text(numbers["difference"], numbers["low"], numbers["high"])
    label = Text(str(row["label"]), style=_LABEL_STYLES[str(row["label"])])
    narrow = "\n".join(textwrap.wrap(NEAR, len(EMERGENT) + 1))  # room is for paths and numbers
    yield label.append(f",\n{narrow}" if row["near"] else "")
    carried = paths(str(row["carrier"])) or [f"spread ({row['most']})"]
    lost = [_lost(numbers["share"], numbers["share_low"], numbers["share_high"])]
    if shown_apart(row):  # in lines of their own, so that each share stands beside what it is of
        carried = "\n".join(carried).replace(" ", "\n").split("\n")
        lost += [""] * (len(carried) - 1) + [_lost(*(float(str(row[key])) for key in NUMBERS))]
        carried += ["directly:", *paths(str(row["direct"]))]
    yield "\n".join(carried)
    yield "\n".join(lost)


def _lost(share: float, low: float, high: float) -> str:
    """Write the share of an effect that is lost, if the runs tell it."""
    return (
        f"{whole_percent(share)}% [{whole_percent(low)}%, {whole_percent(high)}%]"
        if resolved(low, high)
        else "not resolved"
    )


# -- shares of variance as tables for the terminal -------------------------------------------------

_NOISE = 0.5  # error of a share from which it says nothing
_VARIANCE_LEGEND = (
    "Percent of the variance over runs. First number: what would go if these numbers were known exactly; "
    "in brackets: what would stay if all others were known. The first ones add up to less than 100 where "
    "things act together, the second ones to more; below 0, by chance, is shown as 0. Assumed, calibrated "
    "and cited are parameters by the source of their number (`sim show` tags each), random numbers decide "
    "what happens in a run. Error: half the width of the 95 % interval, the largest of the row; not resolved "
    "where that is above 50 (variance.csv has the numbers). n: replicates in which the outcome is defined in "
    "every variant, if fewer than all."
)


def variance_table(scenario: str, shares: pd.DataFrame) -> Table:
    """Return a table of one result: outcomes of a scenario, or their differences from the first one.

    Parameters
    ----------
    scenario : str
    shares : DataFrame
        Rows of one scenario and result, as `sim.analysis.variance.variance_shares` returns them.
    """
    shares = with_current_groups(shares)
    baseline = str(shares["baseline"].iloc[0])
    title = f"{scenario} less {baseline}" if baseline else scenario
    table = plain_table(f"What the spread of {title} rests on", "", *GROUPS, "error", numbers=True)
    most = int(shares["pairs"].max())
    for outcome, part in shares.groupby("outcome", sort=False):
        by_group = part.set_index("group").loc[list(GROUPS)]
        alone, in_all = by_group["alone"].to_numpy(float), by_group["in_all"].to_numpy(float)
        error = by_group[["alone_error", "in_all_error"]].to_numpy(float).max()
        pairs = int(part["pairs"].iloc[0])
        label = OUTCOMES[str(outcome)].label + (f" (n={pairs})" if pairs < most else "")
        if missing := no_shares(alone[0], pairs):
            table.add_row(label, missing)
            continue
        if error > _NOISE:
            table.add_row(label, "not resolved", *[""] * (len(GROUPS) - 1), _percent(error, "±"))
            continue
        cells = [_variance_cell(*pair) for pair in zip(alone.tolist(), in_all.tolist(), strict=True)]
        table.add_row(label, *cells, _percent(error, "±"))
    return table


def variance_legend(shares: pd.DataFrame) -> str:
    """Return how to read the tables, and whether there were too few runs for them.

    Parameters
    ----------
    shares : DataFrame
        As `sim.analysis.variance.variance_shares` returns it.
    """
    few = few_runs(int(shares["pairs"].max()))
    return _VARIANCE_LEGEND + (f" Caution: {few}." if few else "")


def _variance_cell(alone: float, in_all: float) -> str:
    return f"{_percent(max(alone, 0))} ({_percent(max(in_all, 0))})"


def _percent(share: float, sign: str = "") -> str:
    return "–" if math.isnan(share) else f"{sign}{100 * share:.0f}"
