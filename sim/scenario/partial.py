"""What is right of a scenario file that has faults, so that the rest of it can be checked as well."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from sim.scenario.checking import check
from sim.scenario.document import Document
from sim.scenario.faults import Faults
from sim.scenario.models import ScenarioFile


@dataclass(frozen=True, slots=True)
class Partial:
    """A scenario file without its faulty keys.

    Parameters
    ----------
    file : ScenarioFile
    left_out : frozenset of str
        Keys that have a fault; of ``timeline`` only the faulty entries are left out.
    entries : tuple of int
        Where each entry of ``file.timeline`` stands in the document's.
    """

    file: ScenarioFile
    left_out: frozenset[str]
    entries: tuple[int, ...]


def check_partly(document: Document, faults: Faults) -> Partial:
    """Return what is right of a scenario file; note what is not in ``faults``."""
    with faults.gathered():
        file = check(ScenarioFile, document.data, document)
        return Partial(file, frozenset(), tuple(range(len(file.timeline))))
    places = _places(document)
    bad_entries = {place[1] for place in places if place[0] == "timeline" and len(place) > 1}
    left_out = frozenset(str(place[0]) for place in places if place[0] != "timeline" or len(place) == 1)
    right = {key: value for key, value in document.data.items() if key not in left_out}
    entries: tuple[int, ...] = ()
    if isinstance(right.get("timeline"), list):
        entries = tuple(index for index in range(len(right["timeline"])) if index not in bad_entries)
        right["timeline"] = [document.data["timeline"][index] for index in entries]
    return Partial(ScenarioFile.model_validate(right), left_out, entries)


def _places(document: Document) -> list[tuple[str | int, ...]]:
    """Return where a document has faults, as pydantic says it."""
    try:
        ScenarioFile.model_validate(document.data)
    except ValidationError as error:
        return [detail["loc"] for detail in error.errors(include_url=False, include_input=False)]
    return []
