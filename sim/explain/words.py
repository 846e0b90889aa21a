"""Codes in plain English: states, months, instruments, answers, and how numbers are told."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from sim.analysis.written import whole_percent
from sim.errors import RequestError
from sim.instruments import BY_NAME
from sim.model.events import AND
from sim.naming import nearest, printable, several
from sim.scenario.states import STATE_NAMES, code_named, nearest_code
from sim.scenario.vocabulary import HOST_OF, MOSCOW, REGIONS, STATES_OF
from sim.world.state import STATES

_HOSTS = {territory.casefold(): host for territory, host in HOST_OF.items()}

# -- A state's code, for what a user wrote ---------------------------------------------------------


def find_state(text: str, among: Collection[str] = STATES) -> str:
    """Return the code of a state that is written as a code or a name, in any case.

    Parameters
    ----------
    text : str
    among : collection of str
        Codes that are allowed.

    Raises
    ------
    RequestError
        If there is no such state, with the nearest one and all that there are.
    """
    wanted = str(text).strip()
    found = code_named(wanted) or wanted.upper()
    if found in among:
        return found
    if wanted.casefold() in (MOSCOW.casefold(), "russia", "moscow"):
        hint = "Moscow is no state of its own space; "
    elif host := _HOSTS.get(wanted.casefold()):
        hint = f"it is a territory of {STATE_NAMES[host]} ({host}); "
    else:
        code = nearest_code(wanted, among)
        hint = f"did you mean {code} ({STATE_NAMES[code]})? " if code else ""
    known = ", ".join(f"{code} {STATE_NAMES[code]}" for code in among)
    raise RequestError(f"no state is called {printable(text)[:80]!r}; {hint}there are: {known}")


def find_states(given: str | Sequence[str], among: Collection[str] = STATES) -> tuple[str, ...]:
    """Return the codes, each once, of states written as codes, names or regions, with commas between.

    Parameters
    ----------
    given : str or sequence of str
        Regions are those that a thesis may name as a claim's places.
    among : collection of str
        Codes that are allowed.

    Raises
    ------
    RequestError
        If there is no such state or region, with the nearest one and all states.

    Examples
    --------
    >>> find_states("Moldova, central asia")
    ('MDA', 'KAZ', 'UZB', 'TKM', 'KGZ', 'TJK')
    """
    regions = {region.casefold(): region for region in REGIONS}
    found: list[str] = []
    for item in several(given, "states"):
        for wanted in map(str.strip, item.split(",")):
            if not wanted and "," in item:  # a comma too many
                continue
            if region := regions.get(wanted.casefold()):
                found += STATES_OF[region]
            elif wanted.upper() not in among and (close := nearest(wanted.casefold(), regions)):
                known = ", ".join(REGIONS)
                raise RequestError(
                    f"no region is called {printable(wanted)[:80]!r}; did you mean {regions[close]}? "
                    f"there are: {known}, and each state"
                )
            else:
                found.append(find_state(wanted, among))
    return tuple(dict.fromkeys(found))


# -- codes in plain English: states, months, instruments, answers ---------------------------------

TRIGGERS = {
    "election": "an election",
    "parliamentary election": "a parliamentary election",
    "succession": "a succession",
    "outside campaign": "a campaign from outside",
    "shock": "a shock",
    "the example of others": "the example of others",
    "set by the scenario": "an event set by the scenario",
    "open before": "what had brought people out before the first month",
    "everyday grievance": "everyday grievance",
}

RESPONSES = {
    "repress": ("answers with repression", "answered with repression"),
    "buy off": ("tries to buy its opponents off", "tried to buy its opponents off"),
    "concede": ("makes concessions", "made concessions"),
    "call Moscow": ("calls on Moscow", "called on Moscow"),
    "hedge": ("turns to other powers", "turned to other powers"),
}
"""A regime's answer, as it goes on and looking back."""

ENDINGS = {
    "fall": "ends with the fall of the regime",
    "repressed": "is repressed",
    "bought off": "is bought off",
    "conceded": "ends in concessions",
    "ebbed": "ebbs away",
    "overtaken": "is overtaken by a change of power",
}
"""How a challenge ends."""

LEANINGS = {
    "anti": "is against Moscow",
    "neutral": "is neither with nor against Moscow",
    "pro": "is with Moscow",
}
"""Classes of a new leader's line: where it lies, not which way it moved."""

STATUS_CHANGES = {
    "arose": "becomes a de facto state",
    "upgraded": "is tied closer to Moscow",
    "integrated": "is integrated by Moscow",
    "lost": "is taken back by its host",
}
"""How a territory changes."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

_ORGANISATIONS = {name: f"the {name}" for name in ("CIS", "CSTO", "EAEU", "EU", "West")} | {"NATO": "NATO"}

_VARIABLES = {"security_loyalty": "the loyalty of the services"}


def name(code: str) -> str:
    """Return a state's, pair's (``ARM-AZE``), organisation's or power's name; an unknown code as it is."""
    if code in _ORGANISATIONS:
        return _ORGANISATIONS[code]
    parts = code.split("-")
    return " and ".join(map(STATE_NAMES.__getitem__, parts)) if STATE_NAMES.keys() >= set(parts) else code


def state_title(code: str) -> str:
    """Return a state's name with its code, as tables are headed: ``Kyrgyzstan (KGZ)``."""
    return f"{STATE_NAMES[code]} ({code})"


def month_name(month: str) -> str:
    """Return ``January 2010`` for ``2010-01``."""
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def instrument(code: str) -> str:
    """Return an instrument of Moscow in plain words."""
    return BY_NAME[code].noun


def leaning(detail: str, line: float = math.nan) -> str:
    """Return where a new leader stands, and the alignment that it seeks if that is known."""
    seeks = "" if math.isnan(line) else f", seeking {line:+.2f}"
    return LEANINGS[detail] + seeks


def triggers(detail: str) -> str:
    """Return what set a challenge off, with articles; the empty string for none."""
    return listed([TRIGGERS[code] for code in detail.split(AND) if code])


def percent(share: float) -> str:
    """Return a share as a percentage: 16%, and 0.4% where a whole per cent would say nothing."""
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{share:.1%}" if 0 < abs(share) < 0.01 else f"{whole_percent(share)}%"


def counted(number: int, noun: str) -> str:
    """Return ``1 month``, ``2 months``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def times(number: int) -> str:
    """Return ``once``, ``twice``, ``3 times``."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Join phrases: ``a, b and c``; or with another word before the last."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def capital(text: str) -> str:
    """Return a sentence with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def in_words(code: str) -> str:
    """Return a state's, an instrument's, a power's or a series' code in plain words; others as they are."""
    return instrument(code) if code in BY_NAME else _VARIABLES.get(code) or name(code)
