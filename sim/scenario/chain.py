"""A scenario file with the files it extends, each read and checked by itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.scenario import library
from sim.scenario.checking import check
from sim.scenario.document import Document, Location
from sim.scenario.models import ScenarioFile
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
    """

    document: Document
    file: ScenarioFile
    source: str
    collection: Path | None


def read_chain(path: Path) -> list[Layer]:
    """Read a scenario file and what it extends.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Layer
        The one that extends nothing comes first.

    Raises
    ------
    ScenarioError
        If a file is wrong, extends itself in a circle, or names a file outside its collection.
    """
    document = read_file(path)
    shipped = library.shipped_folder()
    collection = shipped if path.is_relative_to(shipped) else library.collection_of(path)
    return _extended([_layer(document, collection)])


def with_bases(layer: Layer) -> list[Layer]:
    """Return a layer that comes from no file after the files it extends; see `read_chain`."""
    return _extended([layer])


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


def _extended(layers: list[Layer]) -> list[Layer]:
    first = layers[0]
    while first.file.extends is not None:
        target, collection = locate(first.file.extends, first, ("extends",))
        seen = [layer.document.path.resolve() for layer in reversed(layers) if layer.document.path]
        if target.resolve() in seen:
            names = " extends ".join(shown_path(Path(file.name)) for file in [*seen, target])
            raise ScenarioError([first.document.problem(("extends",), f"goes round in a circle: {names}")])
        if len(layers) == _LONGEST_CHAIN:
            message = f"more than {_LONGEST_CHAIN} files extend one another"
            raise ScenarioError([first.document.problem(("extends",), message)])
        first = _layer(read_file(target), collection)
        layers.insert(0, first)
    return layers


def _layer(document: Document, collection: Path) -> Layer:
    file = check(ScenarioFile, document.data, document)
    name = file.name or (document.path.stem if document.path else document.file)
    return Layer(document, file, f"scenario {name}", collection)


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
