"""Thesis files read, and their claims held against the parameters and against one another."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from sim.scenario import library
from sim.scenario.chain import Layer, locate
from sim.scenario.checking import check
from sim.scenario.document import Document, Location
from sim.scenario.faults import Faults
from sim.scenario.models import ClaimFile, ThesisFile
from sim.scenario.reader import read_file
from sim.scenario.settings import claim_settings
from sim.scenario.thesis import Claim, Effect, Thesis


def load_thesis(source: str | Path) -> Thesis:
    """Read a thesis.

    Parameters
    ----------
    source : str or Path
        Name of a shipped thesis (see `sim.scenario.thesis_names`), or path of a .yaml file.

    Raises
    ------
    ScenarioError
        If anything is wrong.
    """
    is_path = isinstance(source, Path) or library.is_path(source)
    document = read_file(Path(source) if is_path else library.find_thesis(str(source)))
    faults = Faults()
    with faults.gathered():
        return read_thesis(check(ThesisFile, document.data, document), document)
    _check_sound_claims(document, faults)
    faults.tell()
    raise AssertionError("a thesis that could not be read has a fault")


def thesis_of(layer: Layer) -> Thesis:
    """Return the thesis that a layer names or holds."""
    given = layer.file.thesis
    if isinstance(given, ThesisFile):
        return read_thesis(given, layer.document, ("thesis",))
    path, _ = locate(str(given), layer, ("thesis",), thesis=True)
    return load_thesis(path)


def read_thesis(file: ThesisFile, document: Document, location: Location = ()) -> Thesis:
    """Check the claims of a thesis against the parameters and against one another.

    Raises
    ------
    ScenarioError
        If two claims have one identifier or move one parameter, or a number is out of range.
    """
    faults = Faults()
    claims: dict[str, Claim] = {}
    movers: dict[str, str] = {}
    for index, item in enumerate(file.claims):
        place = (*location, "claims", index)
        if item.id in claims:
            faults.add(document.problem((*place, "id"), f"another claim is {item.id[:80]}"))
        with faults.gathered():
            claim = read_claim(item, document, place)
            for path in claim.parameters:
                if path in movers:
                    message = f"{path} is already moved by claim {movers[path][:80]}"
                    faults.add(document.problem((*place, "parameters", path), message, at_key=True))
                movers[path] = item.id
            claims[item.id] = claim
    faults.tell()
    return Thesis(file.thesis, file.title, file.author, file.source, tuple(claims.values()))


def _check_sound_claims(document: Document, faults: Faults) -> None:
    """Note what is wrong with the numbers of claims that are well formed, in a thesis that is not."""
    claims = document.data.get("claims")
    for index, data in enumerate(claims if isinstance(claims, list) else ()):
        with suppress(ValidationError), faults.gathered():
            read_claim(ClaimFile.model_validate(data), document, ("claims", index))


def read_claim(file: ClaimFile, document: Document, location: Location) -> Claim:
    """Check one claim's numbers against the parameters.

    Raises
    ------
    ScenarioError
        If a path is unknown or a number out of range.
    """
    settings = claim_settings(file.parameters, document, (*location, "parameters"), file.id)
    effect = Effect(**file.effect.model_dump()) if file.effect else None
    return Claim(file.id, file.claim, file.sign, file.source, file.note, effect, file.finding, settings)
