"""A state's code, for what a user wrote."""

from __future__ import annotations

from collections.abc import Collection

from sim.results.words import STATE_NAMES
from sim.scenario.problems import nearest, printable
from sim.scenario.vocabulary import MOSCOW
from sim.world.state import STATES


def find_state(text: str, among: Collection[str] = STATES) -> str:
    """Return the code of a state that is written as a code or a name, in any case.

    Parameters
    ----------
    text : str
    among : collection of str
        Codes that are allowed.

    Raises
    ------
    ValueError
        If there is no such state, with the nearest one and all that there are.
    """
    named = {STATE_NAMES[code].casefold(): code for code in among}
    wanted = text.strip()
    found = named.get(wanted.casefold(), wanted.upper())
    if found in among:
        return found
    if wanted.casefold() in (MOSCOW.casefold(), "russia", "moscow"):
        hint = "Moscow is no state of its own space; "
    else:
        close = nearest(wanted, [*among, *(STATE_NAMES[code] for code in among)])
        code = named.get(close.casefold(), close) if close else ""
        hint = f"did you mean {code} ({STATE_NAMES[code]})? " if code else ""
    known = ", ".join(f"{code} {STATE_NAMES[code]}" for code in among)
    raise ValueError(f"no state is called {printable(text)[:80]!r}; {hint}there are: {known}")
