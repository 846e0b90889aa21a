"""What anyone can see of some years of a run: how often things happen, and how states stand at their end.

An observable is a kind of event, as the ledger names it, perhaps with its detail and a state: ``fall``,
``fall:street``, ``fall:street KGZ``. Its value is the number of such events. Left out is what nobody outside
sees (how a regime answers in a week, an elite that expects a succession), what is due anyway (elections,
what a scenario sets), and that a claim of a thesis begins to hold. ``side:against MDA`` is 1 if the
government is against Moscow in the last month, and ``side:against`` the number of such governments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.condition import OPERATORS
from sim.analysis.signpost_words import LEAST, SIDE, SIDES, parted, told
from sim.errors import RequestError
from sim.instruments import BY_NAME
from sim.measures.history import CLIENT_ALIGNMENT
from sim.measures.window import Window
from sim.model.events import EVENT_KINDS
from sim.naming import nearest, printable, several
from sim.world.state import STATES

if TYPE_CHECKING:
    from sim.months import Month

UNSEEN = ("response", "flare", "challenge_ended", "election", "succession", "timeline", "claim")
"""Kinds of events that are no observables."""

_KINDS = tuple(kind for kind in EVENT_KINDS if kind not in UNSEEN)
_STATEMENT = re.compile(
    r"\s*([\w:\- ]+?)\s*(>=|<=|==|!=|>|<|=)\s*(\d+)(?:\s+from\s+([\w-]+))?(?:\s+by\s+([\w-]+))?\s*"
)
_FORM = (
    "OBSERVABLE >= NUMBER, perhaps with its months, such as `fall:street KGZ >= 1`, `war:started = 0` or "
    "`realignment:away ARM >= 1 from 2026-12 by 2028-11`"
)


@cache
def observables() -> tuple[str, ...]:
    """Return the name of every observable."""
    stems = [*_KINDS]
    for kind in _KINDS:
        details = EVENT_KINDS[kind].details or {}
        stems += [f"{kind}:{detail}" for detail in details if len(details) > 1]
    stems += [f"{SIDE}:{side}" for side in SIDES]
    return tuple(stems) + tuple(f"{stem} {state}" for stem in stems for state in STATES)


_COUNTED_BY: dict[str, tuple[str, ...]] = {
    "challenge": ("challenges",),
    "fall": ("falls",),
    "fall:street": ("street_falls",),
    "fall:elite": ("elite_falls",),
    "campaign": ("campaigns",),
    "campaign:alone": ("campaigns",),
    "campaign:joint": ("campaigns",),
    "successor:anti": ("successors_anti",),
    "successor:neutral": ("successors_neutral",),
    "successor:pro": ("successors_pro",),
    "request": ("requests",),
    "refusal": ("refusals",),
    "instrument": tuple(f"used_{name}" for name in BY_NAME),
    **{f"instrument:{name}": (f"used_{name}",) for name in BY_NAME},
    "realignment": ("realignments_away", "realignments_toward"),
    "realignment:away": ("realignments_away",),
    "realignment:toward": ("realignments_toward",),
    "membership:left": ("memberships_left",),
    "territory:arose": ("arose",),
    "territory:upgraded": ("used_passports", "peacekeepers_placed"),
    "territory:integrated": ("integrated",),
    "territory:lost": ("lost",),
    "clash": ("clashes",),
    "garrison:placed": ("peacekeepers_placed",),
    "war:started": ("wars",),
    "war:ended": ("war_months",),
    "war:setback": ("standing_mean",),
    f"{SIDE}:with": ("clients_end", "influence_change"),
    f"{SIDE}:against": ("realignments_away", "influence_change"),
}

_BROUGHT_ABOUT_BY: dict[str, tuple[str, ...]] = {"garrison:withdrawn": ("war.garrison_recall",)}


@cache
def outcomes_counting(observable: str) -> tuple[str, ...]:
    """Return the outcomes that count the events of an observable, or move with them alone; it may have none.

    Outcomes are of the region, or of all states. What is assumed of them is taken to be so of each state.
    """
    stem, _ = parted(observable)
    kind = stem.partition(":")[0]
    if kind in ("challenge", "clash"):  # of which every detail counts alike
        return _COUNTED_BY.get(kind, ())
    return _of_stem(_COUNTED_BY, stem)


def parameters_behind(observable: str) -> tuple[str, ...]:
    """Return the parameters that alone bring an observable about, or one of its details, without an outcome.

    A scenario that sets one of them assumes how often these events happen, without an audit.
    """
    return _of_stem(_BROUGHT_ABOUT_BY, parted(observable)[0])


def _of_stem(table: Mapping[str, tuple[str, ...]], stem: str) -> tuple[str, ...]:
    """Return what a table has for a kind of event or its detail; for a kind that it lacks, of its details."""
    parts = (
        [table[stem]]
        if stem in table
        else [its for name, its in table.items() if name.startswith(f"{stem}:")]
    )
    return tuple(dict.fromkeys(name for part in parts for name in part))


def counted(events: pd.DataFrame, runs: pd.MultiIndex, months: int, first: int = 0) -> pd.DataFrame:
    """Return how often everything observable happens in some months of runs.

    Parameters
    ----------
    events : DataFrame
        With ``scenario``, ``replicate``, ``tick``, ``kind``, ``actor``, ``target`` and ``detail``.
    runs : MultiIndex
        Scenario and replicate of each run.
    months : int
    first : int
        Tick of the first of them.

    Returns
    -------
    DataFrame
        One row a run, one column an observable that occurs in some run.
    """
    within = (events["tick"] >= first) & (events["tick"] < first + months)
    early = events[within & events["kind"].isin(_KINDS)]
    early = early.astype(dict.fromkeys(("scenario", "kind", "actor", "target", "detail"), str))
    of_target = early["target"].isin(STATES)
    state = early["target"].where(of_target, early["actor"].where(early["actor"].isin(STATES), ""))
    detailed = early["kind"] + ":" + early["detail"]
    columns = {
        "kind": early["kind"], "detailed": detailed, "in": early["kind"] + " " + state,
        "detailed in": detailed + " " + state,
    }  # fmt: skip
    known = set(observables())
    tables = []
    for names in columns.values():
        kept = names.isin(known)
        keys = [early.loc[kept, "scenario"], early.loc[kept, "replicate"], names[kept].rename("name")]
        tables.append(early[kept].groupby(keys).size().unstack("name", fill_value=0))
    found = pd.concat(tables, axis=1).reindex(runs).fillna(0).astype(int)
    order = {name: place for place, name in enumerate(observables())}
    return found[sorted(found.columns, key=lambda name: order[str(name)])]


def sides(alignment: pd.DataFrame, runs: pd.MultiIndex) -> pd.DataFrame:
    """Return how governments stand in one month of runs.

    Parameters
    ----------
    alignment : DataFrame
        With ``scenario``, ``replicate``, ``state`` and ``alignment``, -1 to 1, of that month.
    runs : MultiIndex
        Scenario and replicate of each run.

    Returns
    -------
    DataFrame
        One row a run. A column a side that some government takes, with the number of those that do, and one
        a side and state, with 1 or 0.
    """
    rows = alignment[alignment["state"].astype(str).isin(STATES)]
    rows = rows.astype({"scenario": str, "state": str})
    wide = rows.pivot(index=["scenario", "replicate"], columns="state", values="alignment").reindex(runs)
    found = {}
    for side, held in (("with", wide > CLIENT_ALIGNMENT), ("against", wide < -CLIENT_ALIGNMENT)):
        if held.to_numpy().any():
            found[f"{SIDE}:{side}"] = held.sum(axis=1)
        found |= {f"{SIDE}:{side} {state}": held[state] for state in held if held[state].any()}
    return pd.DataFrame(found, index=wide.index).astype(int)


def of_states(counts: pd.DataFrame, states: Sequence[str]) -> pd.DataFrame:
    """Return the columns of counts that are about one of some states; all without any states.

    Parameters
    ----------
    counts : DataFrame
        As `counted` and `sides` return them.
    states : sequence of str
        Codes.
    """
    return counts[[name for name in counts if about_one_of(str(name), states)]] if states else counts


def about_one_of(observable: str, states: Sequence[str]) -> bool:
    """Return whether an observable is about one of some states, given by their codes."""
    return observable.endswith(tuple(states))


@dataclass(frozen=True, slots=True)
class Statement:
    """What has been seen: an observable, held against a number.

    Parameters
    ----------
    observable : str
    sign : str
    number : int
    since, by : Month, optional
        The months in which that counts; all that are known without them.
    """

    observable: str
    sign: str
    number: int
    since: Month | None = None
    by: Month | None = None

    @classmethod
    def parse(cls, text: str) -> Statement:
        """Read ``fall:street KGZ >= 1``, or ``fall:street KGZ >= 1 from 2026-12 by 2028-11``.

        Raises
        ------
        RequestError
            If it is not understood, or there is no such observable, with the nearest, or its months are none.
        """
        found = _STATEMENT.fullmatch(text)
        if found is None:
            raise RequestError(f"{printable(text)[:80]!r} is not understood: give {_FORM}")
        name = " ".join(found[1].split())
        if name not in observables():
            close = nearest(name, observables())
            hint = f"did you mean {close}? " if close else ""
            raise RequestError(
                f"no observable {printable(name)[:80]!r}; {hint}an observable is a kind of event, perhaps "
                f"with its detail and a state's code: {', '.join(_KINDS)}; or a side: "
                f"{', '.join(f'{SIDE}:{side}' for side in SIDES)}"
            )
        since, by = Window.of(found[4]).since, Window.of(by=found[5]).by
        if since is not None and by is not None and by < since:
            raise RequestError(f"the last month, {by}, comes before the first, {since}")
        if since is not None and name.startswith(f"{SIDE}:"):
            raise RequestError(f"{name} is of one month, the last: give `by MONTH`, and no `from`")
        statement = cls(name, found[2], int(found[3]), since, by)
        if statement.of_one_side and statement._bound()[1] > 1:
            raise RequestError(
                f"{name} is 1 where that government is on that side, and 0 where it is not: never 2 or more"
            )
        return statement

    @property
    def of_one_side(self) -> bool:
        """Whether it says on which side one government is, which is so or not."""
        return self.observable.startswith(f"{SIDE}:") and self.observable.endswith(STATES)

    def holds(self, counts: pd.DataFrame) -> NDArray[np.bool_]:
        """Return in which runs it holds, given `counted`."""
        values: Any = counts.get(self.observable, pd.Series(0, index=counts.index))
        return np.asarray(OPERATORS[self.sign](values, self.number), bool)

    def in_words(self, last: Month | None = None) -> str:
        """Return it as a reader would check it, see `sim.analysis.signpost_words.told`."""
        how, number = self._bound()
        months = (self.by or last, self.since)
        once = told(self.observable, 1, *months)
        if number < 1:
            return {LEAST: f"so or not: {once}", "not exactly": once}.get(how, f"not so: {once}")
        if self.of_one_side:
            return {"at most": f"so or not: {once}", "not exactly": f"not so: {once}"}.get(how, once)
        return told(self.observable, number, *months, how)

    def _bound(self) -> tuple[str, int]:
        """Return the sign in words, and the number that it is of."""
        signs = {">": LEAST, ">=": LEAST, "<": "at most", "<=": "at most", "!=": "not exactly"}
        return signs.get(self.sign, "exactly"), self.number + (self.sign == ">") - (self.sign == "<")

    def __str__(self) -> str:
        months = (f" from {self.since}" if self.since else "") + (f" by {self.by}" if self.by else "")
        return f"{self.observable} {self.sign} {self.number}{months}"


def statements_of(seen: str | Statement | Sequence[str | Statement]) -> tuple[Statement, ...]:
    """Return what has been seen as statements.

    Raises
    ------
    RequestError
        If one of them is none.
    """
    listed = several(seen, "seen", "statements, such as `fall:street KGZ >= 1`", (str, Statement))
    return tuple(Statement.parse(item) if isinstance(item, str) else item for item in listed)
