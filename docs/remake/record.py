"""The tables of the page on the record, from its own tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from calibration.record.challenges import CODINGS, QUIET_MONTHS, SHARE, challenges, spells
from calibration.record.load import LATEST, PUBLISHED, episodes, load_tables
from calibration.record.sizes import ERROR, FLOOR, crowds_and_sheet, fit_on_the_sheet, fit_sizes
from calibration.simulated import ON_THE_STREET
from calibration.statistics.measurement import Measurement
from sim.months import Month
from sim.world.record import load_record

Lines = Iterator[tuple[str, ...] | str]
"""Rows of a table as tuples of cells, the head first; other lines as text."""

_SHARES = (0.0001, 0.0003, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01)
_ERAS = ((1992, 1999), (2000, 2013), (2014, 2019))
_CALM = 2000  # changes after it are shown apart: those of the 1990s are not what is to come
_BEFORE = 2014  # the years before are counted apart: they are those on which mechanisms are chosen


def definition() -> Lines:
    """Yield the proposed definition of a challenge."""
    yield (
        "**Definition: a challenge begins when a crowd with a political demand reaches"
        f" {SHARE:.1%} of the population at one time, after {QUIET_MONTHS} months without one.**"
    )
    yield ""
    yield (
        "`SHARE` and `QUIET_MONTHS` in `calibration/record/challenges.py` are these numbers. In the model the"
        f" share is {SHARE / ON_THE_STREET:.0%} in open opposition. Few recorded episodes reach 1 % on the"
        " street:"
    )


def codings() -> Lines:
    """Yield how many challenges each coding has."""
    yield ("coding", "what counts", "all", "begun 1992-2013", "begun 2014 and later")
    for name, what in CODINGS.items():
        years = challenges(name)["start"].dt.year
        first = int(((years >= 1992) & (years < _BEFORE)).sum())
        yield (name, what, str(len(years)), str(first), str(int((years >= _BEFORE).sum())))


def sources() -> Lines:
    """Yield how many episodes each list knows."""
    sheet = episodes(LATEST)
    lists = ("Mass Mobilization", "NAVCO 1.3", "CSRA 9", "Cline CDP", "UCDP/PRIO")
    yield ("list", "episodes that it has")
    for name in lists:
        yield (name, str(int(sheet["source"].str.contains(name, regex=False).sum())))
    none = ~sheet["source"].str.contains(";")
    yield ("none: common knowledge alone", f"{int(none.sum())}: " + ", ".join(sheet.loc[none, "id"]))


def left_out() -> Lines:
    """Yield what masses did that is not in the sheet, or came to it later, and why."""
    events = load_tables()["events"]
    sheet = episodes(LATEST)
    yield ("id", "what", "in episodes.csv")
    for row in sheet[sheet["since_version"] != PUBLISHED].to_dict("records"):
        yield (row["id"], row["name"], f"since {row['since_version']}")
    for row in events[(events["challenge"] == "1") & (events["left_out_because"] != "")].to_dict("records"):
        yield (row["id"], row["name"], f"no: {row['left_out_because']}")


def reached_shares() -> Lines:
    """Yield how many recorded challenges reach a share of the population on the street."""
    sizes = fit_sizes()
    known = sizes.sheet["share"]
    eras = [f"crowds that do, a year, {first}-{last}" for first, last in _ERAS]
    yield ("share on the street", "known to reach it", "expected to reach it", *eras)
    for share in _SHARES:
        begun = [Month(first).year for first in spells(share)["first"]]
        rates = [sum(a <= year <= b for year in begun) / (b - a + 1) for a, b in _ERAS]
        mark = "**" if share == SHARE else ""
        reached = f"{int((known >= share).sum())} of {len(known)}"
        cells = [f"{rate:.1f}" for rate in rates]
        yield (f"{mark}{share:.2%}{mark}", reached, f"{sizes.expected(share):.0%}", *cells)


def size_model() -> Lines:
    """Yield what the measurement model finds, in sentences."""
    sizes = fit_sizes()
    other = {error: fit_sizes(error=error) for error in (ERROR / 2, ERROR * 1.5)}
    errors = [f"{found.expected(SHARE):.0%} if the error is {error:g}" for error, found in other.items()]
    yield (
        f"Median of the known lower bounds: {sizes.sheet['share'].median():.2%} of the population. The"
        f" measurement model takes reports to err by a standard deviation of {ERROR:g} (log10). The largest"
        f" crowds are then lognormal, with median {10**sizes.mean:.2%} and a standard deviation of"
        f" {sizes.sd:.2f} in log10. The standard errors are {sizes.mean_error:.2f} and {sizes.sd_error:.2f}."
        f" {sizes.expected(SHARE):.0%} are expected to reach {SHARE:.1%} ({'; '.join(errors)}), and"
        f" {sizes.expected(0.01):.0%} to reach 1 %."
    )


def sheet_and_crowds() -> Lines:
    """Yield which crowds the sheet has, by share and era, and the fitted chance."""
    spans, fit = crowds_and_sheet(), fit_on_the_sheet()
    edges = (FLOOR, 0.0003, 0.001, 0.003, 0.01, 1.0)
    yield ("largest crowd", "1992-1999: spells", "on the sheet", "2000-2019: spells", "on the sheet")
    for low, high in pairwise(edges):
        cells = []
        for early in (True, False):
            rows = spans[(spans["peak"] >= low) & (spans["peak"] < high) & (spans["early"] == early)]
            cells += [str(len(rows)), str(int(rows["on_sheet"].sum()))]
        yield (f"{low:.2%} to {high:.2%}" if high < 1 else f"{low:.2%} and more", *cells)
    base, slope, early_error = fit.errors
    yield ""
    yield (
        f"A spell: months with a political crowd of at least {FLOOR:.2%} of the population, less than"
        f" {QUIET_MONTHS} months apart. Fitted log odds that the sheet has a spell (standard errors):"
        f" {fit.base:.2f} ({base:.2f}) at a largest crowd of 0.1 %, {fit.slope:+.2f} ({slope:.2f}) for each"
        f" factor of ten, {fit.early:+.2f} ({early_error:.2f}) before 2000. So the chance is"
        f" {fit.chance(SHARE, early=True):.0%} before and {fit.chance(SHARE, early=False):.0%} from 2000 on"
        f" at {SHARE:.1%}, {fit.chance(0.01, early=True):.0%} and {fit.chance(0.01, early=False):.0%} at 1 %."
    )


def measurement() -> Lines:
    """Yield what part of a run's challenges the record is taken to miss, beside the fitted chance."""
    errors, fit = Measurement(), fit_on_the_sheet()
    lost = {share: [1 - fit.chance(share, early=early) for early in (True, False)] for share in (SHARE, 0.01)}
    yield (
        "**The program does something simpler.** `Measurement` (`calibration/statistics/measurement.py`)"
        f" drops challenges by era alone: {errors.missed_1990s:.0%} of those without a fall that begin"
        f" before 2000 and {errors.missed_later:.0%} of those later, whatever their size. It never drops a"
        f" fall. By the chance above it would drop {lost[SHARE][0]:.0%} and {lost[SHARE][1]:.0%} at"
        f" {SHARE:.1%} of the population, {lost[0.01][0]:.0%} and {lost[0.01][1]:.0%} at 1 %."
    )


def episode_sizes() -> Lines:
    """Yield the size of every episode."""
    yield ("episode", "listed, at least", "order of magnitude", "share, at least", "share, median (90 %)")
    for row in fit_sizes().table().to_dict("records"):
        listed = "" if math.isnan(row["listed"]) else f"{row['listed']:,.0f}".replace(",", " ")
        order = "" if math.isnan(row["order"]) else f"10^{row['order']:.0f}"
        spread = f"{row['median_share']:.2%} ({row['low_share']:.2%}, {row['high_share']:.2%})"
        yield (str(row["id"]), listed, order, f"{row['share']:.3%}", spread)


def carried_forward() -> Lines:
    """Yield how far each yearly indicator reaches, and how its error grows when it is carried on."""
    record = load_record()
    dictionary = record.dictionary[record.dictionary["file"] == "indicators.csv"].set_index("column")
    yield (
        "indicator",
        "source",
        "to",
        "carried for at most",
        "error after 1 year",
        "after 3",
        "1 year, from 2000 on",
    )
    for name, step in record.yearly_step.items():
        own = [series for (column, _), series in record.series.items() if column == name]
        late = [
            (series[year] - series[year - 1]) ** 2
            for series in own
            for year in series
            if year > _CALM and year - 1 in series
        ]
        last = max(max(series) for series in own if series)
        errors = (step, step * 3**0.5, (sum(late) / len(late)) ** 0.5)
        limit = f"{record.carry_years[name]} years"
        source = str(dictionary.loc[name, "source"])
        yield (f"`{name}`", source, str(last), limit, *(f"{error:.3g}" for error in errors))


BLOCKS = {
    "definition": definition, "codings": codings, "sources": sources, "left out": left_out,
    "reached shares": reached_shares, "size model": size_model, "sheet and crowds": sheet_and_crowds,
    "measurement": measurement, "episode sizes": episode_sizes, "carried forward": carried_forward,
}  # fmt: skip
"""Every generated table by the name in its mark."""
