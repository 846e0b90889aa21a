"""The numbers of agents, as a table made from the classes that name them and the remarks beside each."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from sim.model.regimes.challenge import ChallengeRow
from sim.model.regimes.movement import MovementRow
from sim.model.regimes.regime import RegimeRow

_AGENTS = (
    ("A regime", '`model.regime("KGZ")`; all of them: `model.regimes`', RegimeRow),
    ("A movement", "`model.movements[regime.index]`", MovementRow),
    ("An open challenge", "`model.challenges.open[regime.index]`, while there is one", ChallengeRow),
)

_NUMBER = re.compile(r"\s+(?P<name>\w+): (?P<kind>float|int|bool)(?:  # (?P<what>.+))?$")


def agents() -> str:
    """Return what each agent's numbers are called and mean, an agent after another."""
    told = []
    for name, place, numbers in _AGENTS:
        told += [f"## {name}", f"{place}.", "| attribute | kind | what it is |\n|---|---|---|"]
        told[-1] += "".join(f"\n| `{each}` | {kind} | {what} |" for each, kind, what in remarks(numbers))
    return "\n\n".join(told)


def remarks(numbers: type) -> Iterator[tuple[str, str, str]]:
    """Yield the names of a class of numbers with their kinds and the remarks beside them.

    Raises
    ------
    ValueError
        If there is none beside a name.
    """
    for line in inspect.getsource(numbers).splitlines():
        if named := _NUMBER.match(line):
            if not named["what"]:
                raise ValueError(f"{numbers.__name__}: nothing says what {named['name']} is")
            yield named["name"], named["kind"], named["what"]
