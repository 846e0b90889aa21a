"""The tables on end states, by thesis and by readers, and on what-ifs that are on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from calibration.end_states.expected import load_expected
from calibration.what_ifs.facts import ALL, CORE, RECORDED
from docs.remake.chance import FOUND, beyond, least_found
from docs.remake.of_old import note
from docs.remake.stored import Tree
from docs.remake.words import known, listed, percent, whose
from sim.analysis import ends
from sim.analysis.audit import ASSUMED
from sim.analysis.shipped_audit import ABOUT, Audit
from sim.analysis.written import ASSUMED_END_STATE_MEANS, DAGGER
from sim.measures.end_state import END_STATES
from sim.scenario import SHARED_WORLD, names

Lines = Iterator[tuple[str, ...] | str]
"""Rows of a table as tuples of cells, the head first; other lines as text."""

READERS = "readers"
"""Folder of what ``python -m calibration.end_states score`` wrote."""

_PATH, _NO_PATH = "nato-path-georgia", "georgia-stays-out"
_MOST, _FEW = 0.5, 0.1  # shares that the sentence on a what-if tells apart


def assumed_ends(tree: Tree) -> frozenset[tuple[str, str]]:
    """Return the theses and classes that bear a dagger, by the rule of `sim compare`; none without audit."""
    if not (tree.folder("audit") / ABOUT).is_file():
        return frozenset()
    audit = Audit.read(tree.folder("audit"))
    assumed = {
        (str(thesis), outcome)
        for thesis in audit.cells["thesis"].unique()
        for outcome, label in audit.labels(str(thesis)).items()
        if label == ASSUMED
    }
    shares = tree.table("end_states", "end_states").set_index(["scenario", "end_state"])["share"]
    return ends.assumed_ends(shares, SHARED_WORLD, assumed)


def dagger_of(thesis: str, classes: Iterable[str], marked: frozenset[tuple[str, str]]) -> str:
    """Return the dagger of a share of runs that end in some classes: where one of them bears it."""
    return f" {DAGGER}" if any((thesis, name) in marked for name in classes) else ""


def classes_of(row: Mapping[Any, Any]) -> list[str]:
    """Return the classes that a thesis expects, of a stored row."""
    return str(row["expected"]).split(" or ")


def end_states(tree: Tree) -> Lines:
    """Yield how often each thesis ends in each class, what it expects in bold."""
    about = tree.about("end_states")
    if not about:
        yield _missing("end_states")
        return
    rows = tree.table("end_states", "end_states").set_index(["scenario", "end_state"])
    expected = {(item.thesis, item.end_state) for item in load_expected()}
    marked = assumed_ends(tree)
    yield ("thesis", *END_STATES)
    for scenario in dict.fromkeys(rows.index.get_level_values("scenario")):
        cells = []
        for name in END_STATES:
            strong = "**" if (scenario, name) in expected else ""
            share = f"{strong}{_share(rows.loc[(scenario, name)])}{strong}"
            cells.append(f"{share}{dagger_of(str(scenario), [name], marked)}")
        yield (whose(scenario).removeprefix("the "), *cells)
    yield ""
    yield (
        "Runs in each class, with the exact 95 % interval (Clopper and Pearson), a little wider than that of"
        f" Wilson, which `sim compare` gives; in bold what the thesis expects; {about['runs']} runs"
        f" each from {about['start']}, {about['years']} years, seed {about['seed']}"
        f" ({about['made']}).{f' {DAGGER} {ASSUMED_END_STATE_MEANS}' if marked else ''}"
    )


def expected(tree: Tree) -> Lines:
    """Yield how often each thesis ends as its author expects, beside the shared world."""
    if not tree.about("end_states"):
        yield _missing("end_states")
        return
    why = {(item.thesis, item.end_state): item.why for item in load_expected()}
    rows = tree.table("end_states", "expected").to_dict("records")
    marked = assumed_ends(tree)
    yield ("thesis", "expects", "by", "because", "its runs there", "the shared world's")
    for row in rows:
        reasons = (why[row["thesis"], name] for name in classes_of(row))
        yield (
            whose(row["thesis"]), row["expected"], row["claims"].replace(" ", ", "), "; or ".join(reasons),
            f"{_share(row)}{dagger_of(row['thesis'], classes_of(row), marked)}",
            _share({key: row[f"baseline{end}"] for key, end in _ENDS.items()}),
        )  # fmt: skip
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(_beside(row), []).append(whose(row["thesis"]))
    yield ""
    yield " ".join(
        f"{words}: {listed(groups[verdict])}." for verdict, words in _VERDICTS.items() if verdict in groups
    )
    yield ""
    yield from _chance(rows)


def _chance(rows: list[dict[Any, Any]]) -> Lines:
    """Yield how often chance alone would find a thesis beyond the shared world, and what would be found."""
    runs, by_share = int(rows[0]["runs"]), sorted({float(row["baseline"]) for row in rows})
    most = max(beyond(share, share, runs) for share in by_share)
    least = listed(f"{percent(least_found(share, runs))} % ({percent(share)} %)" for share in by_share)
    yield (
        "*Placebo and power.* A thesis that changes nothing would seem to end there more often with a chance"
        f" of {percent(most)} % at most. What is found with a chance of {percent(FOUND)} %, by the share in"
        f" the shared world: {least}. So a thesis without a visible difference may still differ by less."
        " How often a random thesis ends where some author expects was not tried."
    )


_ENDS = {"share": "", "low": "_low", "high": "_high"}
_VERDICTS = {
    "more": "More often there than the shared world, beyond both intervals",
    "less": "Less often there, beyond both intervals",
    "same": "No visible difference from the shared world in these runs",
}


def _beside(row: Mapping[Any, Any]) -> str:
    if row["low"] > row["baseline_high"]:
        return "more"
    return "less" if row["high"] < row["baseline_low"] else "same"


def readers(tree: Tree) -> Lines:
    """Yield how far readers of told histories agree with the rule and with one another."""
    about = tree.about(READERS)
    if not about:
        yield "*No readers' forms are in yet.*"
        return
    who = f"{about['histories']} histories; readers: {about['who'] or 'not said who'}."
    yield " ".join(
        part for part in (who, f"{about['made']}.".capitalize(), note(about["made"], READERS)) if part
    )
    yield ""
    yield ("", "histories", "the same class", "Cohen's kappa (95 % bootstrap interval)")
    for row in tree.table(READERS, "agreement").to_dict("records"):
        kappa = f"{row['kappa']:.2f} ({row['kappa_low']:.2f}, {row['kappa_high']:.2f})"
        pair = f"{row['first']} and {row['second']}"
        yield (pair, str(row["histories"]), _share(row), kappa if known(row["kappa"]) else "not defined")
    wide = tree.table(READERS, "confusion")
    yield ""
    yield ("reader", "class by the rule", *END_STATES)
    for row in wide.to_dict("records"):
        counts = [str(row[name]) for name in END_STATES]
        if any(count != "0" for count in counts):
            yield (row["reader"], row["rule"], *counts)


def what_ifs(tree: Tree) -> Lines:
    """Yield each what-if that is on record: what happened, and in which share of runs the same does."""
    about = tree.about("whatifs")
    if not about:
        yield _missing("whatifs")
        return
    table = tree.table("whatifs", "what_ifs")
    table = table.assign(
        note=table["note"].astype(object).fillna("")
    )  # a column of blanks is read as numbers
    crowds = tree.table("whatifs", "crowds")
    for scenario in dict.fromkeys(table["scenario"]):
        own = table[table["scenario"] == scenario]
        yield f"**`{scenario}`**, under {whose(own['thesis'].iloc[0])}. {_sentence(own)}{_crowd(crowds, own)}"
        yield ""
        yield ("what happened", "runs in which it does", "rests on")
        for row in own.to_dict("records"):
            if row["fact"] == CORE:
                continue
            strong = "**" if row["core"] in (1, "1", True) else ""
            rests = f"`{row['source']}`" if row["source"] else ""
            note = f" ({row['note']})" if row["note"] else ""
            yield (f"{strong}{row['told']}{strong}{note}", _share(row), rests)
        yield ""
    yield (
        f"{about['runs']} runs each; exact 95 % intervals; in bold the core, which a run must share to count"
        f" as the same ({about['made']})."
    )


def on_nato(tree: Tree) -> Lines:
    """Yield what Georgia with and without a path to NATO says of the claims M3 and M4."""
    if not tree.about("whatifs"):
        return
    rows = tree.table("whatifs", "what_ifs").to_dict("records")
    peace = {str(row["scenario"]): row for row in rows if row["fact"] == "peace"}
    if not {_PATH, _NO_PATH} <= set(peace):
        return
    path, none = peace[_PATH], peace[_NO_PATH]
    wars = [f"{row['runs'] - row['hits']:.0f} of {row['runs']:.0f}" for row in (path, none)]
    if path["high"] < none["low"]:
        direction = "The intervals lie apart, as M3 has it"
    else:
        direction = "The intervals are not apart, so these runs do not show M3"
    yield (
        f"**What the two say of M3 and M4** ([THESES.md](THESES.md)). War comes to Georgia in {wars[0]} runs"
        f" where NATO opens a path, and in {wars[1]} where it does not. {direction}. But in the model only a"
        " state past the red line can be attacked, so the direction is assumed. For the same reason the wars"
        " without a path do not count against M4: none is on a state that is merely unfriendly. Georgia"
        " starts near the line or past it, so some come before the scenario closes the path. Others come"
        " after it has declared for NATO again. On record, which is one course, there was no war."
    )


def elsewhere(tree: Tree) -> Lines:
    """Yield the what-ifs that nothing on record answers."""
    about = tree.about("whatifs")
    if not about:
        return
    judged = set(tree.table("whatifs", "what_ifs")["scenario"])
    others = [name.partition("/")[2] for name in names() if "/" in name]
    yield f"Not held against anything: {listed(f'`{name}`' for name in others if name not in judged)}."


BLOCKS: dict[str, Callable[[Tree], Lines]] = {
    "end states": end_states, "end states expected": expected, "end states readers": readers,
    "what-ifs": what_ifs, "what-ifs on NATO": on_nato, "what-ifs elsewhere": elsewhere,
}  # fmt: skip
"""Every generated table by the name in its mark."""


def _sentence(own: pd.DataFrame) -> str:
    """Say in a sentence how often the core happens, and what that means by the premise."""
    core = own[own["fact"] == CORE].iloc[0]
    if not known(core["share"]):
        return "These runs end before the core can be judged."
    whole = own[own["fact"] == ALL].iloc[0]
    often = "Most" if core["share"] > _MOST else "Few" if core["share"] < _FEW else "Some"
    counted = f"{core['hits']:.0f} of {core['runs']:.0f}"
    if core["premise"] != RECORDED:
        return f"Its premise did not come true; {often.lower()} of its runs go as history went: {counted}."
    told = f"{often} of the runs share the core of what happened: {counted}"
    return told + (f"; {whole['hits']:.0f} share all that is judged." if known(whole["share"]) else ".")


def _crowd(crowds: pd.DataFrame, own: pd.DataFrame) -> str:
    found = crowds[crowds["scenario"] == own["scenario"].iloc[0]]
    return "".join(
        f" Its largest crowd has {row['median']:,.0f} persons in the median run ({row['low']:,.0f} to"
        f" {row['high']:,.0f} in nine of ten), {row['most']:,.0f} at most."
        for row in found.to_dict("records")
        if row["runs"]
    )


def _share(row: Mapping[Any, Any] | pd.Series[Any]) -> str:
    if not known(row["share"]):
        return "not judged"
    return f"{percent(row['share'])} % ({percent(row['low'])} to {percent(row['high'])})"


def _missing(step: str) -> str:
    return f"*Not made yet: `python -m docs.remake full {step}`.*"
