"""Observables in a reader's words: what happens where, and the threshold to hold a newspaper against.

This is the one list of these sentences. Commands, figures, tables and documents take them from here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.written import DAGGER, FEW_RUNS, in_percent
from sim.errors import RequestError
from sim.explain.words import counted, listed, month_name, times
from sim.instruments import BY_NAME
from sim.measures.history import CLIENT_ALIGNMENT
from sim.scenario.states import STATE_NAMES
from sim.world.state import STATES

if TYPE_CHECKING:
    import pandas as pd

    from sim.months import Month

SIDE = "side"
"""Stem of the observables that say how things stand in the last month, and not what has happened."""

SIDES = {
    "with": f"with Moscow (alignment above {CLIENT_ALIGNMENT})",
    "against": f"against Moscow (alignment below -{CLIENT_ALIGNMENT})",
}
"""Where a government may stand. Between these it is neutral."""

LEAST = "at least"
"""How often something happens, if nothing else is said."""

SHARE = "share: "
"""What the columns of shares begin with, before the name of a scenario or an end state."""

RUNS = "runs: "
"""What the columns begin with that say how many runs the shares of a scenario or an end state are of."""

BEFORE = "before: "
"""What the columns of shares begin with that say what had happened before the window."""

BEFORE_MEANS = (
    "Before: share of runs in which it had happened already, at least once, or governments stood so in "
    "the month before. Where that is large, a small share later may only mean that it cannot happen twice."
)
"""What is said of these shares."""

_ANYWHERE = "some state"
_LINES = f"{CLIENT_ALIGNMENT} or -{CLIENT_ALIGNMENT}"
_SENTENCES = {
    "challenge": "mass protest against the regime opens in {}",
    "defection": "security services or elites turn on the regime in {}",
    "fall": "the leader of {} falls",
    "fall:street": "the leader of {} falls to the street",
    "fall:elite": "the leader of {} is removed by the elite",
    "campaign": "organisers from abroad help the opposition in {}",
    "campaign:alone": "organisers from abroad help the opposition in {}, and nowhere else at once",
    "campaign:joint": "organisers from abroad help the opposition in {} and other states at once",
    "successor": "a new leader takes over in {}",
    "successor:anti": "a new leader who is against Moscow takes over in {}",
    "successor:neutral": "a new leader who is neither with Moscow nor against it takes over in {}",
    "successor:pro": "a new leader who is with Moscow takes over in {}",
    "request": "the regime of {} asks Moscow for help against protest",
    "refusal": "Moscow does not answer when the regime of {} asks for help",
    "instrument": "Moscow uses one of its instruments on {}",
    "realignment": f"{{}} ends a year on another side (alignment has passed {_LINES})",
    "realignment:away": f"{{}} ends a year further from Moscow (alignment has fallen through {_LINES})",
    "realignment:toward": f"{{}} ends a year closer to Moscow (alignment has risen through {_LINES})",
    "membership": "{} joins or leaves an organisation",
    "membership:joined": "{} joins an organisation",
    "membership:left": "{} leaves an organisation",
    "territory": "a territory of {} changes its status",
    "territory:arose": "a territory of {} becomes a state of its own in fact",
    "territory:upgraded": "Moscow puts a territory of {} under its passports or peacekeepers",
    "territory:integrated": "Moscow recognises or annexes a territory of {}",
    "territory:lost": "a territory that had broken away returns to {}",
    "clash": "troops of {} and of another state clash",
    "garrison": "Russian troops in {} fall below a thousand, or peacekeepers come",
    "garrison:withdrawn": "Russian troops in {} fall below a thousand",
    "garrison:placed": "Russian peacekeepers come to {}",
    "war": "Moscow's war in {} starts, widens, ends or suffers a setback",
    "war:started": "Moscow's war in {} starts or widens",
    "war:ended": "Moscow's war in {} ends",
    "war:setback": "Moscow suffers a setback in its war in {}",
    "moscow_leader": "a new leader takes over in Moscow",
    "moscow_leader:death": "the leader in Moscow dies or falls",
    "moscow_leader:managed": "the leader in Moscow hands over to an heir",
    "purge": "a regime that Moscow has rescued purges its rivals in {}",
}
"""By kind, or kind and detail; the state, or some state, is filled in."""


def told(
    name: str, number: int = 1, last: Month | None = None, first: Month | None = None, how: str = LEAST
) -> str:
    """Return that an observable reaches a number, or has it, as a reader would check it.

    Parameters
    ----------
    name : str
        Of an observable.
    number : int
        1 or more; 1 alone of the side of a single state.
    last : Month, optional
        The last month in which it counts.
    first : Month, optional
        The first of them, if that is worth saying.
    how : str
        ``at least``, ``at most``, ``exactly`` or ``not exactly`` so often.

    Raises
    ------
    RequestError
        If the side of a single state is to be 2 or more.

    Examples
    --------
    >>> told("fall:street KGZ", 2)
    'the leader of Kyrgyzstan falls to the street, at least twice'
    >>> told("side:against MDA")
    'the government of Moldova is against Moscow (alignment below -0.25) at the end'
    """
    stem, state = parted(name)
    kind, _, detail = stem.partition(":")
    month = month_name(str(last)) if last is not None else ""
    if kind == SIDE and state and number > 1:
        raise RequestError(f"{name} is 1 or 0, and never {number}")
    if kind == SIDE:
        return f"{_who(state, number, how)} {SIDES[detail]} {f'in {month}' if month else 'at the end'}"
    where = STATE_NAMES[state] if state else _ANYWHERE
    often = f", {how} {times(number)}" if number > 1 or how != LEAST else ""
    since = f" from {month_name(str(first))}" if first is not None else ""
    return _sentence(kind, detail, where) + often + since + (f" by {month}" if month else "")


def parted(name: str) -> tuple[str, str]:
    """Return an observable's name without its state, and the state's code, or nothing."""
    stem, _, state = name.rpartition(" ") if name.endswith(STATES) else (name, "", "")
    return stem, state


def shares_in_words(row: Mapping[str, Any]) -> str:
    """Return in what share of runs a signpost happens, the highest first; the same shares together.

    Parameters
    ----------
    row : mapping
        Of what `sim.signposts` returns. A scenario under which it is assumed gets the dagger.
    """
    return _shares(row, SHARE, str(row["assumed"]).split(", "))


def before_in_words(row: Mapping[str, Any]) -> str:
    """Return in what share of runs a signpost had happened before its window; empty if in none.

    Parameters
    ----------
    row : mapping
        Of what `sim.signposts` returns.
    """
    there = any(float(row[key]) > 0 for key in row if key.startswith(BEFORE))
    return f"before {row['from']}: {_shares(row, BEFORE)}" if there else ""


def any_past(since: Month | str) -> str:
    """Return that runs are used whatever came before a month in them."""
    return f"All runs are used, whatever happened in them before {since}."


def no_given_past(since: Month | str) -> str:
    """Return what signposts from a month on are not, where nothing is given that was seen before it."""
    return (
        f"{any_past(since)} So this is not what to watch after a given past: for that, give --seen a file "
        f"that ends before {since}."
    )


def about_states(table: pd.DataFrame) -> str:
    """Return which states a table of signposts is about, such as `` about Moldova``; empty if about all."""
    if "about" not in table or table.empty:
        return ""
    return about_codes(str(table["about"].iloc[0]).split(", "))


def about_codes(codes: Sequence[str]) -> str:
    """Return the same for the codes of states."""
    return f" about {listed([STATE_NAMES.get(code, code) for code in codes])}"


def runs_in_words(row: Mapping[str, Any]) -> str:
    """Return how many runs of each scenario or end state are used, where a table says so.

    Parameters
    ----------
    row : mapping
        Of what `sim.signposts` returns.
    """
    numbers = [f"{key.removeprefix(RUNS)} {int(row[key])}" for key in row if key.startswith(RUNS)]
    return f" ({', '.join(numbers)})" if numbers else ""


def _shares(row: Mapping[str, Any], prefix: str, assumed: Collection[str] = ()) -> str:
    by_share: dict[str, list[str]] = {}
    for key in sorted((key for key in row if key.startswith(prefix)), key=lambda key: -float(row[key])):
        name = key.removeprefix(prefix)
        marked = f"{name} {DAGGER}" if name in assumed else name
        by_share.setdefault(_share(float(row[key]), row.get(f"{RUNS}{name}")), []).append(marked)
    return "; ".join(f"{share} {listed(names)}" for share, names in by_share.items())


def _share(share: float, runs: int | None) -> str:
    """Return a share in percent; of few runs how many of them, since 0 % of seven says little."""
    if runs is None or runs >= FEW_RUNS:
        return in_percent(share)
    return f"{round(share * runs)} of {counted(int(runs), 'run')}"


def _who(state: str, number: int, how: str) -> str:
    if state:
        return f"the government of {STATE_NAMES[state]} is"
    if number == 1:
        return "some government is" if how == LEAST else f"{how} one government is"
    return f"{how} {number} governments are"


def _sentence(kind: str, detail: str, where: str) -> str:
    if sentence := _SENTENCES.get(f"{kind}:{detail}" if detail else kind):
        return sentence.format(where)
    if kind == "instrument":
        entry = BY_NAME[detail]
        if entry.on_state:
            return entry.on_state.format(where)
        of_kind = {"mediation": f"{where} and another state", "war": where}
        territory = "some territory" if where == _ANYWHERE else f"a territory of {where}"
        return entry.on_territory.format(of_kind.get(entry.kind, territory))
    noun = BY_NAME[detail].noun if detail in BY_NAME else detail
    return f"{_SENTENCES[kind].format(where)} ({noun})"
