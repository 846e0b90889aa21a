"""Which scenarios the page offers: the shipped ones, and the files of one folder. It opens no other file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import RequestError
from sim.naming import nearest
from sim.scenario import ScenarioError, load, names
from sim.scenario.library import SUFFIXES

if TYPE_CHECKING:
    from sim.scenario import Scenario

MOST_FILES = 100
"""Files of the folder that are looked at, by name."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One scenario that can be chosen.

    Parameters
    ----------
    key : str
        By which the page names it: a shipped name, or a file's name.
    group : str
        The heading under which it stands.
    scenario : Scenario
        Without changes.
    """

    key: str
    group: str
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Offered:
    """All that can be chosen.

    Parameters
    ----------
    offers : mapping of str to Offer
        By key.
    faults : tuple of str
        Why files of the folder are not among them.
    """

    offers: Mapping[str, Offer]
    faults: tuple[str, ...] = ()

    @property
    def groups(self) -> dict[str, list[Offer]]:
        """Scenarios by heading, in their order."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers.values():
            found.setdefault(offer.group, []).append(offer)
        return found

    def scenario(self, key: object) -> Scenario:
        """Return the scenario that a page names.

        Raises
        ------
        RequestError
            If it is not offered.
        """
        if isinstance(key, str) and key in self.offers:
            return self.offers[key].scenario
        close = nearest(str(key), self.offers)
        hint = f"; did you mean {close}?" if close else ""
        raise RequestError(f"{key!r:.80} is no scenario of this page{hint}")


def offered(folder: Path) -> Offered:
    """Return the shipped scenarios, and those in the files of a folder.

    Parameters
    ----------
    folder : Path
        Its own .yaml files are offered, those of its sub-folders are not, nor links that lead out of it.
    """
    offers, faults = {**_shipped()}, []
    for file in _files(folder):
        try:
            offers[file.name] = Offer(file.name, "Your files", load(file))
        except ScenarioError as error:
            first = error.problems[0]
            place = "" if first.line is None else f", line {first.line}"
            faults.append(f"{file.name}{place}: {first.path and f'{first.path}: '}{first.message}")
    return Offered(offers, tuple(faults))


@lru_cache(maxsize=1)
def _shipped() -> dict[str, Offer]:
    return {
        name: Offer(name, "What-ifs" if "/" in name else "The shared world and theses", load(name))
        for name in names()
    }


def _files(folder: Path) -> Iterator[Path]:
    home = folder.resolve()
    found = sorted(
        path
        for path in home.glob("[!.]*")  # what begins with a dot is of tools
        if path.suffix.casefold() in SUFFIXES
    )
    for path in found[:MOST_FILES]:
        if path.is_file() and path.resolve().is_relative_to(home):
            yield path
