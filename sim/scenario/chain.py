"""A scenario file with the files it extends, each read and checked by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sim.scenario import library
from sim.scenario.document import Document, Location
from sim.scenario.faults import Faults
from sim.scenario.models import ScenarioFile
from sim.scenario.partial import check_partly
from sim.scenario.problems import ScenarioError
from sim.scenario.reader import read_file, shown_path

_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of a chain, or the ``--set`` options, or Python code.

    Parameters
    ----------
    document : Document
        Its data, for the places of errors.
    file : ScenarioFile
        The same, checked.
    source : str
        What is told as the source of the numbers it sets.
    collection : Path or None
        Folder that it may name files of; None if it may name any, as the user's own words may.
    left_out : frozenset of str
        Keys with a fault, which ``file`` lacks.
    entries : tuple of int, optional
        Where each entry of the file's timeline stands in the document's; in order without it.
    """

    document: Document
    file: ScenarioFile
    source: str
    collection: Path | None
    left_out: frozenset[str] = frozenset()
    entries: tuple[int, ...] | None = None


def read_chain(path: Path, faults: Faults) -> list[Layer]:
    """Read a scenario file and what it extends.

    Parameters
    ----------
    path : Path
    faults : Faults
        What is wrong is added here: a faulty key, a circle of files, a file outside its collection.

    Returns
    -------
    list of Layer
        The one that extends nothing comes first. Where the chain breaks off, ``extends`` is left out of the
        first.

    Raises
    ------
    ScenarioError
        If the file itself cannot be read at all.
    """
    document = read_file(path)
    shipped = library.shipped_folder()
    collection = shipped if path.is_relative_to(shipped) else library.collection_of(path)
    return _extended([_layer(document, collection, faults)], faults)


def with_bases(layer: Layer, faults: Faults) -> list[Layer]:
    """Return a layer that comes from no file after the files it extends; see `read_chain`."""
    return _extended([layer], faults)


def locate(text: str, layer: Layer, location: Location, *, thesis: bool = False) -> tuple[Path, Path]:
    """Return the file that a scenario's ``extends`` or ``thesis`` means, and its collection.

    A text that ends in .yaml is a path relative to the file it stands in. Another text is a name: of the
    file's own collection, or else of a shipped one.

    Raises
    ------
    ScenarioError
        If there is no such file, or if it is not in the collection.
    """
    document, collection = layer.document, layer.collection
    try:
        if library.is_path(text):
            return _path(text, layer, location)
        if collection is not None:
            name = f"{library.THESES}/{text}" if thesis else text
            own = library.named_within(collection, name)
            if own is not None and not _same(own, document.path, collection):
                return own, collection
        shipped = library.find_thesis(text) if thesis else library.find(text)
    except ScenarioError as error:
        first = error.problems[0]
        problem = document.problem(
            location, f"{text[:80]!r}: {first.message}", allowed=first.allowed, nearest=first.nearest
        )
        raise ScenarioError([problem]) from None
    except (OSError, RuntimeError, ValueError):  # a name too long for the disk, a circle of links
        raise ScenarioError([document.problem(location, f"{text[:80]!r} names no file")]) from None
    return shipped, library.shipped_folder()


def _extended(layers: list[Layer], faults: Faults) -> list[Layer]:
    while layers[0].file.extends is not None:
        base = None
        with faults.gathered():
            base = _base(layers, faults)
        if base is None:
            return [replace(layers[0], left_out=layers[0].left_out | {"extends"}), *layers[1:]]
        layers = [base, *layers]
    return layers


def _base(layers: list[Layer], faults: Faults) -> Layer:
    first = layers[0]
    target, collection = locate(str(first.file.extends), first, ("extends",))
    seen = [layer.document.path.resolve() for layer in reversed(layers) if layer.document.path]
    if target.resolve() in seen:
        names = " extends ".join(shown_path(Path(file.name)) for file in [*seen, target])
        raise ScenarioError([first.document.problem(("extends",), f"goes round in a circle: {names}")])
    if len(layers) == _LONGEST_CHAIN:
        message = f"more than {_LONGEST_CHAIN} files extend one another"
        raise ScenarioError([first.document.problem(("extends",), message)])
    return _layer(read_file(target), collection, faults)


def _layer(document: Document, collection: Path, faults: Faults) -> Layer:
    part = check_partly(document, faults)
    name = part.file.name or (document.path.stem if document.path else document.file)
    return Layer(document, part.file, f"scenario {name}", collection, part.left_out, part.entries)


def _path(text: str, layer: Layer, location: Location) -> tuple[Path, Path]:
    document, collection = layer.document, layer.collection
    if collection is None:
        file = Path(text)
        return file, library.collection_of(file)
    folder = document.path.parent if document.path else collection
    inside = library.within(collection, folder, text)
    if inside is None:
        message = f"{text[:80]!r} is not in the collection of this file"
        allowed = "a relative path to a .yaml file beside this one, or in the folder that holds `theses`"
        raise ScenarioError([document.problem(location, message, allowed=allowed)])
    if not inside.is_file():
        raise ScenarioError([document.problem(location, f"{text[:80]!r}: no such file")])
    return inside, collection


def _same(file: Path, other: Path | None, collection: Path) -> bool:
    """Return whether a user's file names itself: ``dubnov.yaml`` may extend the shipped ``dubnov``."""
    is_shipped = collection == library.shipped_folder()
    return not is_shipped and other is not None and file.resolve() == other.resolve()
