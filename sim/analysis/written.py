"""How numbers, intervals and the mark of what is assumed are written, wherever differences are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sim.analysis.intervals import barely, wilson
from sim.measures.registry import SO_OR_NOT, Outcome

UNAUDITED = "Not audited, so it may only repeat an assumption:"
"""What is said of differences of which the shipped audit says nothing."""

UNAUDITED_STATES = "Differences of single states are not audited."
"""What is said of differences in what happens to single states, of which the audit knows nothing."""

OF_WHAT_IS_SO = "Of what is so or not: the share of runs, with its 95 % interval."
"""How the mean of an outcome that is 1 or 0 is written, where others have 5 % and 95 % of runs."""

UNAUDITED_LEVELS = f"{UNAUDITED} any difference between levels of a parameter, or between scenarios at one."
"""What is said of a sweep: the audit is of theses as they are shipped."""

NOTHING_DIFFERS = "No outcome differs visibly from the baseline."
"""What stands in place of a table of what differs, where nothing does."""

ASSUMED_OVER_WHOLE_RUNS = "Over whole runs the audit calls assumed (†):"
"""What is said of outcomes that are measured over some months, of which nothing is audited."""

FEW_RUNS = 20
"""Runs below which a bootstrap sees too little of a distribution."""

DAGGER = "†"
ASSUMED_MEANS = (
    "assumed: carried by parameters that set this outcome directly, so no evidence for the thesis. That is "
    "the label of the audit (sim claims --audit), from its own runs and seed; it does not say that the "
    "interval here excludes 0."
)
"""Mark of a difference that the shipped audit labels assumed, and what it means."""

SIGNPOST_ASSUMED = (
    f"{DAGGER} assumed: the number of such events in whole runs differs from the shared world's by "
    "parameters that set it directly. Seeing it fits the thesis, and is no evidence for its mechanisms."
)
SIGNPOST_UNAUDITED = (
    "Not audited: no outcome counts it, or no audit knows a scenario, so it may be assumed too."
)
"""What is said of signposts that an audit marks, and of those of which none says anything."""

ASSUMED_END_STATE_MEANS = (
    "the rule of this class reads an outcome whose difference from the baseline is assumed, so another share "
    "than the baseline's is no evidence for the thesis."
)
"""What the mark means at the share of an end state."""


def number(value: float, more: int = 0) -> str:
    """Write a number in as few characters as its size needs, or ``more`` digits; a dash if undefined."""
    if not np.isfinite(value):
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:.{digits + more}f}"
    return text if float(text) else text.removeprefix("-")


def signed(value: float) -> str:
    """Write a number with its sign, if it has one when it is rounded."""
    text = number(value)
    return f"+{text}" if value > 0 and float(text) else text


def difference_text(difference: float, low: float, high: float) -> str:
    """Return a difference with its sign and interval, as in ``+0.31 [0.10, 0.52]``."""
    told, first, last = difference_texts(difference, low, high)
    return f"{told} [{first}, {last}]"


def difference_texts(difference: float, low: float, high: float) -> tuple[str, str, str]:
    """Return a difference with its sign, and the ends of its interval, wherever they are written.

    They have digits enough that those which differ do not look alike, and that what is not 0 does not look
    like it: a difference whose sign and interval are hidden by rounding reads as none.

    Examples
    --------
    >>> difference_texts(0.31, 0.1, 0.52), difference_texts(-0.0012, -0.0054, 0.0024)
    (('+0.31', '0.10', '0.52'), ('-0.001', '-0.005', '0.002'))
    """
    values = [difference, low, high]
    texts = apart([*values, 0.0])[:-1]
    told, first, last = (  # one may be too small for the digits that there are
        fine(value) if _hides(value, text) else text for value, text in zip(values, texts, strict=True)
    )
    return f"+{told}" if difference > 0 and told.strip("0.") else told, first, last


def _hides(value: float, text: str) -> bool:
    """Return whether a number that is not 0 reads as 0."""
    return bool(_exact(value)) and not text.strip("0.")


def pairs_text(pairs: float, most: float) -> str:
    """Return on how many pairs a difference rests, as in ``(3 pairs)``; empty if on all, or on none."""
    return f"({pairs:.0f} pair{'' if pairs == 1 else 's'})" if 0 < pairs < most else ""


def on_few(pairs: float, most: float) -> bool:
    """Return whether a difference rests on under half of the pairs that there are."""
    return 2 * pairs < most


def difference_line(label: str, row: Mapping[str, float], most: float, note: str = "") -> str:
    """Return what an outcome is called, its difference, on how many pairs it rests if not on all, and a note.

    Parameters
    ----------
    label : str
    row : mapping
        With ``difference``, ``low``, ``high`` and ``pairs``; it is visible.
    most : float
        Pairs that there are.
    note : str, optional
    """
    interval = difference_text(row["difference"], row["low"], row["high"]) + barely_text(row)
    return " ".join(filter(None, (label, interval, pairs_text(row["pairs"], most), note)))


def barely_text(row: Mapping[str, float]) -> str:
    """Return what follows a visible difference whose star would be in brackets; empty for others."""
    return ", barely" if barely(row) else ""


def whole_percent(share: float) -> str:
    """Return a share in whole percent, halves up; a dash where it is undefined.

    Python's own format rounds halves to the even number, charts in a browser round them up.

    Examples
    --------
    >>> whole_percent(0.625), whole_percent(0.325), whole_percent(0.335)
    ('63', '33', '34')
    """
    if not np.isfinite(share):
        return "–"
    # A share is a fraction of few runs: what a product lacks of a half is the machine's, not the share's.
    return str(math.floor(round(100 * float(share), 9) + 0.5))


def in_percent(share: float) -> str:
    """Return a share as `whole_percent` rounds it, with the sign for percent; a dash where it is undefined.

    >>> in_percent(1.125), in_percent(float("nan"))
    ('113%', '–')
    """
    return f"{whole_percent(share)}%" if np.isfinite(share) else "–"


def points(share: float) -> str:
    """Return a difference of shares in whole percentage points, halves away from 0; finer where it is small.

    So one that is not 0 does not look like it.

    Examples
    --------
    >>> points(0.125), points(-0.125), points(0.004), points(0.0)
    ('13', '-13', '0.4', '0')
    """
    if not np.isfinite(share):
        return "–"
    scaled = round(100 * float(share), 9)
    whole = math.floor(abs(scaled) + 0.5)
    return f"{scaled:.1g}" if scaled and not whole else f"{'-' if scaled < 0 else ''}{whole}"


def points_text(difference: float, low: float, high: float) -> str:
    """Return a difference of shares in percentage points with its interval, as in ``+13 [4, 22]``."""
    return f"{'+' if difference > 0 else ''}{points(difference)} [{points(low)}, {points(high)}]"


def share_text(share: float, low: float, high: float) -> str:
    """Return a share of runs with its interval, in percent, as in ``12% (5 to 22)``."""
    return f"{whole_percent(share)}% ({whole_percent(low)} to {whole_percent(high)})"


def level_text(row: Mapping[str, float], entry: Outcome, between: str = " to ") -> str:
    """Return a mean with 5 % and 95 % of runs; of what is so or not, the share of runs with its interval.

    Parameters
    ----------
    row : mapping
        As `sim.analysis.intervals.against` describes an outcome.
    entry : Outcome
    between : str
        Stands between 5 % and 95 % of runs.
    """
    mean = row["mean"]
    if entry.unit == SO_OR_NOT and np.isfinite(mean):
        share, _, interval = share_text(mean, *interval_of_share(row)).partition(" ")
        return f"{share} of runs {interval}"
    return f"{number(mean)} ({number(row['q05'])}{between}{number(row['q95'])})"


def interval_of_share(row: Mapping[str, float]) -> tuple[float, float]:
    """Return the 95 % Wilson interval of the share of runs in which something is so: of a mean of 1 and 0."""
    return wilson(round(row["mean"] * row["runs"]), int(row["runs"]))


def mean_over(parameters: int, *, binned: bool) -> str:
    """Return what the mean at a level of a sweep is over, with so many parameters that are varied."""
    others = " and over all values of the other parameters" if parameters > 1 else ""
    bins = "; where a level has many points, over a bin of them" if binned else ""
    return f"mean over runs{others}{bins}"


_MOST_DIGITS = 3  # more than `number` gives


def apart(values: Sequence[float]) -> list[str]:
    """Write numbers that stand side by side: with digits enough that those which differ do not look alike.

    Examples
    --------
    >>> apart([-0.0512, -0.0504]), apart([2.0, 2.0]), apart([0.31, 0.42])
    (['-0.051', '-0.050'], ['2.00', '2.00'], ['0.31', '0.42'])
    >>> apart([9.996, 10.0])
    ['9.996', '10.00']
    """
    different = {_exact(value) for value in values if np.isfinite(value)}
    for more in range(_MOST_DIGITS + 1):
        texts = [number(value, more) for value in values]
        read = {text.rstrip("0").rstrip(".") if "." in text else text for text in texts}  # 10.0 is 10.00
        if len(read - {number(np.nan)}) == len(different):
            return texts
    return [number(value) for value in values]  # they differ by the machine's error


def _exact(value: float) -> float:
    """Return a number without the machine's error."""
    return round(float(value), 9)


def fine(value: float) -> str:
    """Write a number so that one which is not 0 does not look like it."""
    return f"{value:.1g}" if 0 < abs(value) < 0.01 else number(value)
