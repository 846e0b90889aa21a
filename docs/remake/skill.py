"""The tables of the page on skill, from what `calibrate skill` wrote."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from calibration.skill.ablation import LATER, NONE, WHOLE
from calibration.skill.evaluate import POOLED
from calibration.skill.forecasters import BASE
from calibration.skill.looks import read_looks
from calibration.skill.measures import ranking
from calibration.skill.panel import DEVELOPMENT, FIRST, LAST, panel
from calibration.skill.tempo import BOUNDS, TEMPO
from docs.remake.reached import LOG_GAIN
from docs.remake.scores import APART, DRAWN_AS, FROM, MAIN, Lines, Stored, area_under, marked
from docs.remake.stored import Tree
from docs.remake.targets import targets
from docs.remake.words import listed
from sim.analysis.written import in_percent

_EARLY = {
    "openness_gap": "openness near the middle",
    "civil_society": "core civil society",
    "fairness": "fairness of the last vote",
    "growth": "growth of the year before",
    "past": "past challenges that fade",
    "vote": "a vote due",
}  # by which the first years are told from later ones
_REVERSED = ("openness_gap", "fairness", "growth")  # the less of it, the more challenges are expected


def challenge(tree: Tree) -> Lines:
    """Yield scores of challenges by coding and origin."""
    scores = tree.table("skill", "scores")
    rows = scores[(scores["outcome"] == "challenge") & (scores["states"] == "all")]
    origins = [origin for origin in dict.fromkeys(rows["origin"]) if origin != "all"]
    yield ("coding", "forecaster", *origins, f"AUC from {FROM}")
    for coding in dict.fromkeys(rows["coding"]):
        own = rows[rows["coding"] == coding]
        for name in dict.fromkeys(own["forecaster"]):
            of = own[own["forecaster"] == name].set_index("origin")
            yield (coding, name, *_over(of, origins), area_under(of.loc[FROM]) if FROM in of.index else "")


def verdict(tree: Tree) -> Lines:
    """Yield what the scores say of the shared worlds: from how many origins they beat the base rate."""
    scores = tree.table("skill", "scores")
    rows = scores[(scores["outcome"] == "challenge") & (scores["states"] == "all")]
    rows = rows[rows["origin"] != "all"]
    first = Stored(tree).worlds()
    others = dict.fromkeys(tree.table("skill", "tempo_of_runs")["forecaster"])
    for world in dict.fromkeys([*first, *others]):
        told = []
        for coding, own in rows[rows["forecaster"] == world].groupby("coding", sort=False):
            better, clear = own["log_difference"] < 0, own["log_high"] < 0
            words = f"`{coding}`: {better.sum()} of {len(own)} origins"
            if clear.any():
                words += f" (beyond chance from {', '.join(own.loc[clear, 'origin'])})"
            for row in own[own["origin"] == FROM].to_dict("records"):
                met = row["log_difference"] <= -LOG_GAIN and row["log_high"] < 0
                words += f", target from {FROM} {'met' if met else 'missed'} ({marked(row)})"
            told.append(words)
        yield f"- Origins from which `{world}` beats the base rate, by coding: {'; '.join(told)}."


def falls(tree: Tree) -> Lines:
    """Yield scores of street falls by origin."""
    scores = tree.table("skill", "scores")
    rows = scores[(scores["outcome"] == "fall") & (scores["states"] == "all") & (scores["coding"] == MAIN)]
    yield from _by_origin(rows)


def brier(outcome: str) -> Callable[[Tree], Lines]:
    """Return a block of Brier scores by origin, in the main coding."""

    def block(tree: Tree) -> Lines:
        scores = tree.table("skill", "scores")
        chosen = (scores["outcome"] == outcome) & (scores["states"] == "all") & (scores["coding"] == MAIN)
        yield from _by_origin(scores[chosen], "brier")

    return block


def curves(tree: Tree) -> Lines:
    """Yield how often events came by what was said of them, all origins of a forecaster together."""
    if not (tree.folder("skill") / "curves.csv").is_file():
        yield "*Not made yet: the step that makes these scores keeps it from its next run on.*"
        return
    rows = tree.table("skill", "curves")
    rows = rows[(rows["coding"] == MAIN) & (rows["states"] == "all")]
    bins = sorted(dict.fromkeys(zip(rows["low"], rows["high"], strict=True)))
    yield ("outcome", "forecaster", *(f"{100 * low:.0f} to {100 * high:.0f} %" for low, high in bins))
    for (outcome, name), own in rows.groupby(["outcome", "forecaster"], sort=False):
        cells = {
            (
                row["low"],
                row["high"],
            ): f"{in_percent(row['said'])}, {in_percent(row['happened'])} ({row['cases']})"
            for row in own.to_dict("records")
        }
        yield (str(outcome), str(name), *(cells.get(each, "") for each in bins))


def sides(tree: Tree) -> Lines:
    """Yield scores of Moscow's side, given a challenge."""
    stored = Stored(tree)
    left_out = stored.apart[stored.apart["last"] == LAST]
    left_out = left_out[left_out["forecaster"].isin(DRAWN_AS.values())]
    rows = pd.concat([table for table in (stored.side, left_out) if len(table)], ignore_index=True)
    yield from _by_origin(rows[rows["coding"] == MAIN])


def sides_apart(tree: Tree) -> Lines:
    """Yield scores of Moscow's side with states left out, by coding and last year, and from what."""
    rows = Stored(tree).apart
    if rows.empty:
        yield f"*Not made yet: `python -m docs.remake full {APART}`.*"
        return
    columns = list(dict.fromkeys(zip(rows["coding"], rows["first"], rows["last"], strict=True)))
    cells = {
        tuple(row[key] for key in ("forecaster", "coding", "last")): row for row in rows.to_dict("records")
    }
    yield ("forecaster", *(f"{coding}, {first}-{last}" for coding, first, last in columns))
    found = [cells[BASE, coding, last] for coding, _, last in columns]
    yield ("events of cases", *(f"{row['events']} of {row['cases']}" for row in found))
    for name in dict.fromkeys(rows["forecaster"]):
        own = [cells[name, coding, last] for coding, _, last in columns]
        yield (str(name), *(f"{marked(row)}; AUC {row['auc']:.2f}" for row in own))
    sizes = tree.table(APART, "sizes")
    low, high = sizes["effective"].min(), sizes["effective"].max()
    yield ""
    yield (
        f"From {sizes['runs'].max():,} runs. Fitted, they count as {low:,.0f} to {high:,.0f} (effective"
        " number), by the state that is left out."
    )


def timing(tree: Tree) -> Lines:
    """Yield rankings within states, one year ahead."""
    rows = tree.table("skill", "when")
    rows = rows[rows["coding"] == MAIN]
    names = [name for name in dict.fromkeys(rows["forecaster"]) if name != BASE]
    yield ("origin", "events", *names)
    for origin in dict.fromkeys(rows["origin"]):
        own = rows[rows["origin"] == origin].set_index("forecaster")
        cells = [area_under(own.loc[name], "within") for name in names]
        yield (str(origin), str(own.loc[BASE, "events"]), *cells)


def alignment(tree: Tree) -> Lines:
    """Yield errors of alignment."""
    rows = Stored(tree).alignment
    every = list(dict.fromkeys(rows["origin"]))[:-1]
    apart = "rmse_difference" in rows
    heads = ("less persistence's", "less that of past changes") if apart else ()
    rmse, crps = "RMSE five years ahead", "CRPS, all years"
    columns = (rmse, *heads[:1], crps, *heads[1:])
    yield ("origin", "forecaster", *columns, "80 % interval holds")
    for row in rows.to_dict("records"):
        own = rows[(rows["forecaster"] == row["forecaster"]) & (rows["origin"] != POOLED)]["origin"]
        pooled = row["origin"] == POOLED and list(own) != every
        cells = []
        for score in ("rmse", "crps"):
            cells += [f"{row[score]:.3f}", *([_gap(row, score)] if apart else [])]
        covered = "" if pd.isna(row["covered"]) else in_percent(row["covered"])
        yield (", ".join(own) if pooled else str(row["origin"]), str(row["forecaster"]), *cells, covered)


def counts(tree: Tree) -> Lines:
    """Yield how many rare events came, beside what the rate before lets one expect."""
    yield ("origin", "outcome", "before", "recorded after", "forecaster", "expected (90 %)", "held")
    for row in tree.table("skill", "counts").to_dict("records"):
        expected = f"{row['expected']:.1f} ({row['low']:.0f}, {row['high']:.0f})"
        held = "yes" if row["holds"] else "no"
        yield (
            str(row["origin"]),
            str(row["outcome"]),
            str(row["before"]),
            str(row["recorded"]),
            str(row["forecaster"]),
            expected,
            held,
        )


def by_state(tree: Tree) -> Lines:
    """Yield how the counts by state lie in the range that each forecaster gives."""
    rows = tree.table("skill", "by_state")
    rows = rows[(rows["coding"] == MAIN) & (rows["states"] == "all")]
    yield (
        "outcome",
        "origin",
        "forecaster",
        "CRPS",
        "states within the 90 % range",
        "mean width of the range",
    )
    for row in rows.to_dict("records"):
        cells = (f"{row['crps']:.2f}", in_percent(row["holds"]), f"{row['width']:.1f}")
        yield (str(row["outcome"]), str(row["origin"]), str(row["forecaster"]), *cells)


def pace(tree: Tree) -> Lines:
    """Yield the tempo of the record by coding."""
    rows = tree.table("skill", "tempo")
    columns = list(dict.fromkeys(zip(rows["coding"], rows["first"], rows["last"], strict=True)))
    yield ("", *(f"{coding}, {first}-{last}" for coding, first, last in columns), "bounds for runs")
    wide = rows.set_index(["number", "coding", "first", "last"])["record"]
    for name, meaning in TEMPO.items():
        bounds = " to ".join(f"{value:g}" for value in BOUNDS[name]) if name in BOUNDS else ""
        cells = [_number(wide.get((name, *column), float("nan"))) for column in columns]
        yield (f"{name}: {meaning}", *cells, bounds)


def pace_of_runs(tree: Tree) -> Lines:
    """Yield the tempo of the shared worlds' free runs beside the record's, over the same years."""
    rows = tree.table("skill", "tempo_of_runs")
    rows = rows[rows["coding"] == MAIN]
    firsts = list(dict.fromkeys(rows["first"]))
    rows = rows[rows["first"].isin({firsts[0], int(FROM)})]
    found = {(row["number"], row["forecaster"], row["first"]): row for row in rows.to_dict("records")}
    columns = sorted(dict.fromkeys((name, first) for _, name, first in found), key=lambda column: column[1])
    record = {number: row["record"] for (number, _, first), row in found.items() if first == firsts[0]}
    yield ("", *(f"{name}, from {first}" for name, first in columns), f"record, from {firsts[0]}")
    for number in TEMPO:
        cells = [_beside(found[number, name, first]) for name, first in columns]
        yield (number, *cells, _number(record[number]))
    together = (f"{in_percent(found['all', name, first]['runs_within'])} of runs" for name, first in columns)
    yield ("all bounds at once", *together, "")


def ablation(tree: Tree) -> Lines:
    """Yield what each rule earns in hindcasts to the last year on which mechanisms may be chosen."""
    rows = tree.table("skill", "ablation")
    codings = list(dict.fromkeys(rows["coding"]))
    heads = [
        f"{coding}: {column}" for coding in codings for column in ("log score", "AUC", f"AUC from {LATER}")
    ]
    told = [
        coding
        for coding in codings
        if "side" in rows and rows.loc[rows["coding"] == coding, "side"].notna().all()
    ]
    helped = [*(f"{coding}: Moscow's side" for coding in told), *(["means"] if told else [])]
    yield ("left out", *heads, *helped, "challenges a year", "street falls", "odds ratio after votes")
    wide = rows.set_index(["variant", "coding"])
    for place, what in enumerate(dict.fromkeys(rows["variant"])):
        cells = []
        for coding in codings:
            row = wide.loc[(what, coding)]
            change = f"{row['log_change']:+.3f} ({row['low']:+.3f}, {row['high']:+.3f})"
            cells += [f"{row['log']:.3f}" if place == 0 else change]
            cells += [f"{row['auc']:.2f}", f"{row['later_auc']:.2f}"]
        for coding in told:
            row = wide.loc[(what, coding)]
            change = f"{row['side_change']:+.3f} ({row['side_low']:+.3f}, {row['side_high']:+.3f})"
            cells.append(f"{row['side']:.3f}" if place == 0 else change)
        cells += [f"{row['means']:.1%}"] if told else []
        pace = (f"{row['challenges a year']:.2f}", in_percent(row["street falls"]))
        yield ("nothing" if place == 0 else what, *cells, *pace, f"{row['odds ratio after votes']:.1f}")


def earns(tree: Tree) -> Lines:
    """Yield which rules help when they are left out, and which change no score visibly."""
    rows = tree.table("skill", "ablation")
    rules = list(dict.fromkeys(rows["variant"]))[1:-1]  # between the variants with every rule and with none
    scores = {
        "challenges": ("log_change", "low", "high"),
        "Moscow's side": ("side_change", "side_low", "side_high"),
    }
    better: dict[str, list[str]] = {}
    seen, none = set(), set(rules)
    for row in rows[rows["variant"].isin(rules)].to_dict("records"):
        for what, (change, low, high) in scores.items():
            if row.get(high, 0) < 0:
                better.setdefault(row["variant"], []).append(f"{what}, {row['coding']}")
            if row.get(high, 0) < 0 or row.get(low, 0) > 0:
                seen.add(row["variant"])
            if change in row and not pd.isna(row[change]) and row[change] != 0:
                none.discard(row["variant"])
    told = [f"`{rule}` ({'; '.join(better[rule])})" for rule in rules if rule in better]
    unseen = [f"`{rule}`" for rule in rules if rule not in seen]
    yield (
        f"**A log score is visibly better without {listed(told)}**."
        if told
        else "**No log score is visibly better without one of the rules**."
    )
    if unseen:
        yield f"No score is visibly better or worse without one of these: {listed(unseen)}."
    if none:
        exactly = [f"`{rule}`" for rule in rules if rule in none]
        yield f"Of these, {listed(exactly)} {_change(len(exactly))} no score of such a hindcast at all."


def early(tree: Tree) -> Lines:
    """Yield how the shared world ranks with the years before `LATER` and without, and what covariates do."""
    rows = tree.table("skill", "ablation")
    whole = rows[rows["variant"] == WHOLE]
    told = [
        f"{row['auc']:.2f} and {row['later_auc']:.2f} ({row['coding']})" for row in whole.to_dict("records")
    ]
    yield (
        f"**The years before {LATER}**: with every rule the AUC over all years, and from {LATER} on, is"
        f" {listed(told)}."
    )
    for coding in whole["coding"]:
        own = rows[(rows["coding"] == coding) & ~rows["variant"].isin([WHOLE, NONE])]
        costs = [f"`{name}`" for name in own.loc[own["low"] > 0, "variant"]]
        yield f"Left out, worse beyond chance over all years ({coding}): {listed(costs)}."
    yield ""
    spans = ((FIRST, LATER - 1), (LATER, DEVELOPMENT))
    tables = {coding: panel(coding) for coding in whole["coding"]}
    yield ("covariate", *(f"{coding}, {first}-{last}" for coding in tables for first, last in spans))
    cells = {
        name: [ranked(table, name, *span) for table in tables.values() for span in spans] for name in _EARLY
    }
    events = [
        int((table.loc[table["year"].between(*span), "challenge"] > 0).sum())
        for table in tables.values()
        for span in spans
    ]
    yield ("years of states with a challenge", *map(str, events))
    for name, found in cells.items():
        yield (_EARLY[name], *(f"{value:.2f} ({low:.2f}, {high:.2f})" for value, low, high in found))


def ranked(table: pd.DataFrame, covariate: str, first: int, last: int) -> tuple[float, float, float]:
    """Return how one covariate of the panel ranks the states and years of a span: AUC and its interval."""
    own = table[table["year"].between(first, last) & table[covariate].notna()]
    sign = -1 if covariate in _REVERSED else 1
    happened = np.asarray(own["challenge"] > 0, dtype=np.float64)
    return ranking(sign * own[covariate].to_numpy(dtype=float), happened, own["state"].to_numpy())


def looks(tree: Tree) -> Lines:
    """Yield the register of looks."""
    del tree
    table = read_looks()
    yield ("no.", "date", "version", "what", "specifications", "years", "scores")
    for row in table.to_dict("records"):
        yield tuple(row[key] for key in ("number", "date", "version", "what", "looks", "years", "scores"))


BLOCKS: dict[str, Callable[[Tree], Lines]] = {
    "skill targets": targets, "skill challenge": challenge, "skill verdict": verdict,
    "skill challenge brier": brier("challenge"), "skill fall brier": brier("fall"), "skill curves": curves,
    "skill falls": falls, "skill sides": sides, "skill sides apart": sides_apart,
    "skill timing": timing, "skill alignment": alignment, "skill counts": counts,
    "skill by state": by_state, "skill pace": pace, "skill pace of runs": pace_of_runs,
    "skill ablation": ablation, "skill earns": earns, "skill early": early, "looks": looks,
}  # fmt: skip
"""Every generated table by the name in its mark."""


def _by_origin(rows: pd.DataFrame, score: str = "log") -> Lines:
    origins = list(dict.fromkeys(rows["origin"]))
    yield ("forecaster", *origins)
    events = rows[rows["forecaster"] == BASE].set_index("origin")
    yield (
        "events of cases",
        *(f"{row['events']} of {row['cases']}" for _, row in events.loc[origins].iterrows()),
    )
    for name in dict.fromkeys(rows["forecaster"]):
        own = rows[rows["forecaster"] == name].set_index("origin")
        yield (name, *_over(own, origins, score))


def _over(own: pd.DataFrame, origins: Sequence[str], score: str = "log") -> list[str]:
    """Return a forecaster's scores by origin; blank where it was not scored."""
    rows = {str(origin): row for origin, row in own.iterrows()}
    return [marked(rows[origin], score) if origin in rows else "" for origin in origins]


def _gap(row: Mapping[Hashable, Any], score: str) -> str:
    """Return by how much an error of alignment differs from its reference's; blank for the reference."""
    gap, low, high = (row[f"{score}_{name}"] for name in ("difference", "low", "high"))
    if pd.isna(gap) or gap == low == high == 0:
        return ""
    cell = f"{gap:+.3f} ({low:+.3f}, {high:+.3f})"
    return f"**{cell}**" if high < 0 else f"*{cell}*" if low > 0 else cell


def _change(number: int) -> str:
    return "changes" if number == 1 else "change"


def _beside(row: Mapping[Hashable, Any]) -> str:
    cell = f"{_number(row['median'])} ({_number(row['low'])}, {_number(row['high'])})"
    return cell if pd.isna(row["runs_within"]) else f"{cell}; {in_percent(row['runs_within'])} within bounds"


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:.3g}"
