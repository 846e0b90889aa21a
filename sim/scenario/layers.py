"""What a scenario is made of: a file with the files it extends, ``--set`` options, data from Python."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sim.naming import nearest
from sim.renamed import current, current_path
from sim.scenario import library
from sim.scenario.checking import UnfitError, check, fit, keys_of
from sim.scenario.problems import Document, Faults, Location, Problem, ScenarioError
from sim.scenario.ranges import parameter_ranges
from sim.scenario.reader import read_content, read_file, read_text, read_value, shown_path
from sim.scenario.settings import Setting
from sim.scenario.specification import Draft, Thesis

POSTERIOR = "posterior"
"""Key of `parameters` that names the file of a posterior."""

OPTION = "--set"

_LONGEST_CHAIN = 20
_FORM = "path=value, such as moscow.keep_weight=1.2, initial.KGZ.alignment=0.5 or runs=50"
_SETTABLE = tuple(key for key in keys_of(Draft) if key not in ("extends", "parameters", "initial"))


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of a chain, or one ``--set`` option, or Python code.

    Parameters
    ----------
    document : Document
        Its data, for the places of errors.
    draft : Draft
        The same, checked.
    source : str
        What is told as the source of the numbers it sets.
    collection : Path or None
        Folder that it may name files of; None if it may name any, as the user's own words may.
    posterior : Any
        What it gives as the file of a posterior, unchecked; None if it gives none.
    left_out : frozenset of str
        Keys with a fault, which ``draft`` lacks.
    entries : tuple of int
        Where each entry of the draft's timeline stands in the document's.
    """

    document: Document
    draft: Draft
    source: str
    collection: Path | None
    posterior: Any = None
    left_out: frozenset[str] = frozenset()
    entries: tuple[int, ...] = ()

    @property
    def given(self) -> set[str]:
        """Keys that it gives and that are right."""
        return set(self.document.data) - self.left_out

    def settings(self, key: str) -> dict[str, Setting]:
        """Return its ``parameters`` or ``initial``, each number with its source and as its own."""
        own: dict[str, Setting] = getattr(self.draft, key)
        return {
            path: replace(item, source=item.source or self.source, claim=None) for path, item in own.items()
        }


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
    return _extended([_file_layer(document, collection, faults)], faults)


def data_chain(data: dict[str, Any], label: str, faults: Faults) -> list[Layer]:
    """Return plain data, as a file would hold them, after the files they extend; see `read_chain`.

    Raises
    ------
    ScenarioError
        If anything in the data does not fit.
    """
    document = Document(label, data)
    return _extended([_whole(document, f"scenario {data.get('name')}")], faults)


def override_layer(text: str) -> Layer:
    """Return a ``path=value`` text as a layer.

    Parameters
    ----------
    text : str
        The path is that of a parameter, with or without ``parameters.``, or ``initial.`` and a quantity of a
        state, or a key of a scenario file. The value is YAML: a number, a text, or a mapping such as
        ``{normal: {mean: 1, sd: 2}}``.

    Raises
    ------
    ScenarioError
        If the path or the value is wrong; its file is ``--set``.
    """
    path, equals, value_text = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise ScenarioError([Problem(OPTION, f"{text[:80]!r} has no path and value", allowed=_FORM)])
    try:
        value = read_value(value_text, OPTION)
    except ScenarioError as error:
        raise ScenarioError([Problem(OPTION, error.message, path=path[:80], allowed=_FORM)]) from None
    return _whole(Document(OPTION, _at_its_path(path, value)), OPTION)


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
        placed = partial(_placed, document, location)
        shipped = library.find_thesis(text, placed) if thesis else library.find(text, placed)
    except ScenarioError as error:
        first = error.problems[0]
        problem = document.problem(
            location, f"{text[:80]!r}: {first.message}", allowed=first.allowed, nearest=first.nearest
        )
        raise ScenarioError([problem]) from None
    except (OSError, RuntimeError, ValueError):  # a name too long for the disk, a circle of links
        raise ScenarioError([document.problem(location, f"{text[:80]!r} names no file")]) from None
    return shipped, library.shipped_folder()


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
    return _thesis(*read_content(Path(source) if is_path else library.find_thesis(str(source))))


@lru_cache(maxsize=32)
def _thesis(text: str, file: str, path: Path) -> Thesis:
    """Return the thesis that a text holds; a thesis cannot be changed, so one is made of each text."""
    document = read_text(text, file, path=path)
    if "claims" not in document.data and {"extends", "question"} & set(document.data):
        named = document.data.get("thesis")
        own = f"; its thesis is {named}" if isinstance(named, str) else ""
        raise ScenarioError([Problem(document.file, f"is a scenario, not a thesis{own}")])
    return check(Thesis, document.data, document)


def thesis_of(layer: Layer) -> Thesis:
    """Return the thesis that a layer names or holds."""
    given = layer.draft.thesis
    if isinstance(given, Thesis):
        return given
    path, _ = locate(str(given), layer, ("thesis",), thesis=True)
    return load_thesis(path)


def _extended(layers: list[Layer], faults: Faults) -> list[Layer]:
    while layers[0].draft.extends is not None:
        base = None
        with faults.gathered():
            base = _base(layers, faults)
        if base is None:
            return [replace(layers[0], left_out=layers[0].left_out | {"extends"}), *layers[1:]]
        layers = [base, *layers]
    return layers


def _base(layers: list[Layer], faults: Faults) -> Layer:
    first = layers[0]
    target, collection = locate(str(first.draft.extends), first, ("extends",))
    seen = [layer.document.path.resolve() for layer in reversed(layers) if layer.document.path]
    if target.resolve() in seen:
        names = " extends ".join(shown_path(Path(file.name)) for file in [*seen, target])
        raise ScenarioError([first.document.problem(("extends",), f"goes round in a circle: {names}")])
    if len(layers) == _LONGEST_CHAIN:
        message = f"more than {_LONGEST_CHAIN} files extend one another"
        raise ScenarioError([first.document.problem(("extends",), message)])
    return _file_layer(read_file(target), collection, faults)


def _whole(document: Document, source: str) -> Layer:
    """Return a layer of the user's own words, which are refused if anything in them is wrong."""
    data, posterior = _prepared(document)
    draft = check(Draft, data, document)
    return Layer(document, draft, source, None, posterior, entries=tuple(range(len(draft.timeline))))


def _file_layer(document: Document, collection: Path, faults: Faults) -> Layer:
    """Return what is right of a file; note in ``faults`` what is not, so that the rest is checked as well.

    Keys with a fault are left out, and of ``timeline`` the entries with one.
    """
    data, posterior = _prepared(document)
    left_out: frozenset[str] = frozenset()
    entries = tuple(range(len(data["timeline"]))) if isinstance(data.get("timeline"), list) else ()
    try:
        draft = fit(Draft, data)
    except UnfitError as error:
        for misfit in error.misfits:
            faults.add(document.place(misfit))
        faulty = {misfit.location[:2] for misfit in error.misfits}
        bad_entries = {place[1] for place in faulty if place[0] == "timeline" and len(place) > 1}
        left_out = frozenset(str(place[0]) for place in faulty if place[0] != "timeline" or len(place) == 1)
        right = {key: value for key, value in data.items() if key not in left_out}
        if "timeline" in right:
            entries = tuple(index for index in entries if index not in bad_entries)
            right["timeline"] = [data["timeline"][index] for index in entries]
        draft = fit(Draft, right)
    name = draft.name or (document.path.stem if document.path else document.file)
    return Layer(document, draft, f"scenario {name}", collection, posterior, left_out, entries)


def _prepared(document: Document) -> tuple[dict[str, Any], Any]:
    """Return data with the names of today and without the file of a posterior, and what is given as that."""
    data = document.data
    if isinstance(data.get("timeline"), list):
        entries = [_with_its_name(entry, document, index) for index, entry in enumerate(data["timeline"])]
        data = {**data, "timeline": entries}
    given = data.get("parameters")
    if isinstance(given, str):  # in place of the parameters
        return {**data, "parameters": {}}, given
    if not isinstance(given, dict) or POSTERIOR not in given:
        return data, None
    own = {key: value for key, value in given.items() if key != POSTERIOR}
    return {**data, "parameters": own}, given[POSTERIOR]


def _with_its_name(entry: Any, document: Document, index: int) -> Any:
    """Return an entry of a timeline with the name that its kind of event has today."""
    if not isinstance(entry, dict) or not isinstance(entry.get("event"), str):
        return entry
    placed = partial(_placed, document, ("timeline", index, "event"))
    return {**entry, "event": current("event", entry["event"], placed)}


def _placed(document: Document, location: Location, note: str) -> str:
    return str(document.problem(location, note))


def _at_its_path(path: str, value: Any) -> dict[str, Any]:
    """Return the value of a ``--set`` option as a scenario file would hold it."""
    head, dot, rest = path.partition(".")
    path = current_path(path)
    if head in ("parameters", "initial") and dot:
        return {head: {rest: value}}
    if path in _SETTABLE:
        return {path: value}
    ranges = parameter_ranges()
    if path in ranges:
        return {"parameters": {path: value}}
    close = nearest(path, (*_SETTABLE, *ranges))
    raise ScenarioError([Problem(OPTION, "unknown path", path=path[:80], allowed=_FORM, nearest=close)])


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
