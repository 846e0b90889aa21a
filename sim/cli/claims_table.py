"""The effects of claims as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from rich.table import Table
from rich.text import Text

from sim.analysis.claims import ANOTHER_SCENARIO, AS_CLAIMED, NOT_COMPARED, OPPOSITE, VERDICTS, ZERO
from sim.cli.console import plain_table
from sim.cli.tables import difference_text
from sim.measures import OUTCOMES

_STYLES = {AS_CLAIMED: "green", OPPOSITE: "bold red"}


def claim_tables(claims: pd.DataFrame) -> Iterator[Table]:
    """Yield a table a thesis.

    Parameters
    ----------
    claims : DataFrame
        As `sim.results.claims.judge` returns it.
    """
    for (thesis, source), rows in claims.groupby(["thesis", "source"], sort=False):
        table = plain_table(
            f"{thesis}: {source}",
            "", "claim", "moves", "outcome, and where it should go", "difference (95 %)", "above / equal",
            "verdict",
        )  # fmt: skip
        for row in rows.to_dict("records"):
            table.add_row(*_cells({str(key): value for key, value in row.items()}))
        yield table


def counted(claims: pd.DataFrame) -> str:
    """Return how many claims came to each verdict, and how to read the tables."""
    found = claims["verdict"].value_counts()
    counts = "; ".join(f"{found.get(name, 0)} {name}" for name in VERDICTS)
    weak = ", ".join(claims.loc[claims["held_against"] == ZERO, "claim"])
    weakly = f"Held against 0 and not against the thesis without it, so hardly able to fail: {weak}.\n"
    marked = ", ".join(claims.loc[claims["finding"] != "", "claim"]) or "none"
    return (
        f"{len(claims)} claims: {counts}.\n"
        f"Known not to be supported by the model, and marked so in the thesis file: {marked}.\n"
        f"{weakly if weak else ''}"
        "Difference: the outcome with the claim less without it, or less what `against` names, on the same "
        "luck. Above / equal: share of pairs of runs in which it is higher with the claim, and in which it "
        "is the same; in the rest it is lower. Where most are equal a difference rests on few pairs.\n"
        "A verdict is by the interval excluding 0, so of 40 claims that do nothing two would seem to do "
        "something."
    )


def _cells(row: dict[str, object]) -> Iterator[str | Text]:
    yield str(row["claim"])
    yield Text.assemble(str(row["text"]), (_known(row), "yellow"))
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
        yield f"{values['above']:.0%} / {values['tied']:.0%}" if values["above"] == values["above"] else "–"
    yield Text(str(row["verdict"]), style=_STYLES.get(str(row["verdict"]), "dim"))


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
