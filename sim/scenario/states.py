"""States by name: files hold their codes, and whoever writes a name is told the code."""

from __future__ import annotations

from collections.abc import Iterable

from sim.naming import nearest
from sim.scenario.vocabulary import MOSCOW

STATE_NAMES = {
    "EST": "Estonia", "LVA": "Latvia", "LTU": "Lithuania", "MDA": "Moldova", "BLR": "Belarus",
    "UKR": "Ukraine", "GEO": "Georgia", "ARM": "Armenia", "AZE": "Azerbaijan", "KAZ": "Kazakhstan",
    "UZB": "Uzbekistan", "TKM": "Turkmenistan", "KGZ": "Kyrgyzstan", "TJK": "Tajikistan", MOSCOW: "Russia",
}  # fmt: skip
"""What each code stands for."""


def code_named(text: str) -> str | None:
    """Return the code of the state whose name this is, in any case; None if it is no state's."""
    wanted = text.strip().casefold()
    return next((code for code, name in STATE_NAMES.items() if name.casefold() == wanted), None)


def nearest_code(text: str, choices: Iterable[str]) -> str | None:
    """Return the choice most like a text, where codes of states are also found by the states' names.

    Parameters
    ----------
    text : str
    choices : iterable of str
        Codes of states, other names, or both.
    """
    there = tuple(choices)
    if text.strip().upper() in STATE_NAMES:  # a code already: RUS is not meant for Belarus
        return nearest(text, there)
    named = {STATE_NAMES[code]: code for code in there if code in STATE_NAMES}
    if MOSCOW in there:
        named["Moscow"] = MOSCOW
    close = nearest(text, (*there, *named))
    return close if close is None or close in there else named[close]
