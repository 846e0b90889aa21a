"""What code does: the modules behind it, by import statements, and a hash of each without its words."""

from __future__ import annotations

import ast
import csv
import hashlib
import importlib.util
import io
import json
import site
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROSE = ("licence", "meaning", "note", "source")
"""Texts for readers, by the name of the argument or of the table's column. No rule may read them."""

WORDS, MEANINGS = "Words", "Meanings"
"""Annotations of such a text, and of a mapping of such texts by code; see `sim.series`."""

_MEANS_NOTHING = frozenset({"ctx", "kind", "type_comment", "msg"})  # fields of nodes; msg is an assertion's
_LENGTH = 24  # of a hash in hexadecimal digits


# -- the modules behind a function, by their import statements -------------------------------------


@dataclass(frozen=True, slots=True)
class Module:
    """What counts of one module.

    Parameters
    ----------
    name : str
    path : Path
    digest : str
        Hash of what it does.
    imports : tuple of (str, str)
        Modules, and the name that is taken from each; empty where the module itself is.
    typing_imports : dict of str to str
        Modules by the name that type checkers, and readers of a package that loads lazily, find in them.
    anchors : tuple of str
        Packages whose data files it reads.
    """

    name: str
    path: Path
    digest: str
    imports: tuple[tuple[str, str], ...]
    typing_imports: Mapping[str, str]
    anchors: tuple[str, ...]

    def tables(self) -> Iterator[tuple[str, Path]]:
        """Yield the data files of the packages that it reads, by their path from the package's root."""
        for anchor in self.anchors:
            folder = _required(anchor).parent
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix not in {".py", ".pyc", ".md"}:
                    yield f"{anchor}: {path.relative_to(folder).as_posix()}", path


def modules_behind(*names: str) -> dict[str, Module]:
    """Return modules with all that they import that is not Python's own or an installed package.

    Imports within functions count too, those for type checkers alone do not. Importing a module also runs
    the packages above it, so these count.

    Parameters
    ----------
    *names : str
        Modules.

    Returns
    -------
    dict of str to Module
        By name, in alphabetical order.
    """
    found: dict[str, Module] = {}
    waiting = list(names)
    followed: set[tuple[str, str]] = set()  # many modules import the same names
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = file_of(name)
        if path is None:
            continue
        state = path.stat()
        found[name] = module = _read(name, path, state.st_mtime_ns, state.st_size)
        waiting += [name.rpartition(".")[0]] if "." in name else []
        for home, item in module.imports:
            if _is_ours(home) and (home, item) not in followed:
                followed.add((home, item))
                waiting += [home, *_taken(home, item)]
    return dict(sorted(found.items()))


def imported_packages(modules: Mapping[str, Module]) -> set[str]:
    """Return the top-level names of what modules import that is neither theirs nor Python's own."""
    tops = {home.partition(".")[0] for module in modules.values() for home, _ in module.imports}
    return {top for top in tops if not _is_ours(top) and top not in sys.stdlib_module_names}


def _taken(home: str, item: str) -> list[str]:
    """Return the module that an imported name is, or is loaded from when it is first used."""
    if not item:
        return []
    if file_of(f"{home}.{item}"):
        return [f"{home}.{item}"]
    package = _required(home)
    state = package.stat()
    lazy = _read(home, package, state.st_mtime_ns, state.st_size).typing_imports.get(item)
    return [lazy] if lazy else []


def file_of(name: str) -> Path | None:
    """Return a module's source; None if it has none, or is Python's own or an installed package's."""
    if name == "__main__":
        file = getattr(sys.modules["__main__"], "__file__", None)
        return Path(file) if file and Path(file).is_file() else None
    top, *rest = name.split(".")
    if not _is_ours(top):
        return None
    place = _place(top)
    if place is None:
        return None
    if place.name != "__init__.py":
        return None if rest else place
    plain = place.parent.joinpath(*rest)
    candidates = (plain / "__init__.py", plain.with_suffix(".py"))
    return next((path for path in candidates if path.is_file()), None)


def _required(name: str) -> Path:
    path = file_of(name)
    if path is None:
        raise ModuleNotFoundError(f"no source of {name} is found", name=name)
    return path


@lru_cache(maxsize=256)
def _is_ours(name: str) -> bool:
    top = name.partition(".")[0]
    if top in ("sim", "calibration", "__main__"):
        return True
    place = _place(top)
    return place is not None and not any(folder in place.parents for folder in _others())


@lru_cache(maxsize=256)
def _place(top: str) -> Path | None:
    """Return the source of a package or module that lies in no package."""
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):  # a module that was made, not imported
        return None
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


@lru_cache(maxsize=1)
def _others() -> tuple[Path, ...]:
    """Return the folders of Python's own modules and of installed packages."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = [*(sysconfig.get_path(name) for name in names), *site.getsitepackages()]
    return tuple({Path(folder) for folder in [*folders, site.getusersitepackages()]})


# -- what counts of a module -----------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _read(name: str, path: Path, changed: int, size: int) -> Module:
    """Read a module; what was read is kept as long as the file does not change."""
    del changed, size
    tree = ast.parse(path.read_bytes())
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    imports: list[tuple[str, str]] = []
    typing_imports = {
        alias.asname or alias.name: _from(statement, package)
        for block in tree.body
        if _is_typing(block)
        for statement in ast.walk(block)
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    if path.name == "__init__.py":
        tree.body = [statement for statement in tree.body if not _is_about_names(statement)]
    reading = _Reading(tree)
    reading.write(tree)
    for node in reading.imports:
        if isinstance(node, ast.Import):
            imports += [(alias.name, "") for alias in node.names]
        else:
            imports += [(_from(node, package), alias.name) for alias in node.names]
    digest = hashlib.sha256("\n".join(reading.out).encode()).hexdigest()[:_LENGTH]
    return Module(name, path, digest, tuple(imports), typing_imports, tuple(sorted(reading.anchors)))


def _from(node: ast.ImportFrom, package: str) -> str:
    """Return the module that a statement imports from."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_about_names(node: ast.stmt) -> bool:
    """Whether a statement of a package says no more than which names it offers."""
    if isinstance(node, ast.FunctionDef):
        return node.name in ("__getattr__", "__dir__")
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id in ("__all__", "_HOMES") for target in node.targets
    )


class _Reading:
    """A module written down by what it does, alike for every version of Python.

    Parameters
    ----------
    tree : ast.Module

    Attributes
    ----------
    out : list of str
    imports : list of ast.Import or ast.ImportFrom
    anchors : set of str
        Packages of which data files are asked for.
    """

    def __init__(self, tree: ast.Module) -> None:
        self._prose = set(map(id, prose(tree)))
        self.out: list[str] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.anchors: set[str] = set()

    def write(self, node: ast.AST, words: bool = True) -> None:
        """Write down a node; without words where texts do not count, as in what is raised."""
        words = words and not isinstance(node, ast.Raise)
        self.out.append(f"({type(node).__name__}")
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.imports.append(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "files":
            self.anchors |= {str(item.value) for item in node.args if isinstance(item, ast.Constant)}
        for name in node._fields:
            value = getattr(node, name, None)
            if value is None or name in _MEANS_NOTHING:
                continue
            for item in value if isinstance(value, list) else (value,):
                if not isinstance(item, ast.AST):
                    self.out.append(f"{name}={item!r}")
                elif not (id(item) in self._prose or _says_nothing(item, words)):
                    self.out.append(name)
                    self.write(item, words)
        self.out.append(")")


def _says_nothing(node: ast.AST, words: bool) -> bool:
    """Whether a part of the code does nothing: a docstring, what type checkers see, words of an error."""
    if isinstance(node, ast.Expr):
        return _is_text(node.value)
    return _is_typing(node) or (not words and _is_text(node))


def prose(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the texts of a module that tell readers what something means, and nothing else.

    That are arguments by the names `PROSE`; and what is declared as `WORDS` or `MEANINGS`: in a variable, in
    a class or function of the module that is called, or as what a function returns. Of what is put together
    only the texts are left out: the values in them, and what chooses among them, count.
    """
    declared = {
        node.name: [(arg.arg, arg.annotation) for arg in node.args.args]
        if isinstance(node, ast.FunctionDef)
        else [
            (str(getattr(field.target, "id", "")), field.annotation)
            for field in node.body
            if isinstance(field, ast.AnnAssign)
        ]
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield from _told("", node.annotation, node.value)
        if isinstance(node, ast.FunctionDef) and _named(node.returns) & {WORDS, MEANINGS}:
            for value in _returned(node):
                yield from _told("", node.returns, value)
        if not isinstance(node, ast.Call):
            continue
        known = declared.get(node.func.id, []) if isinstance(node.func, ast.Name) else []
        for (name, annotation), value in zip(known, node.args, strict=False):
            yield from _told(name, annotation, value)
        for keyword in node.keywords:
            yield from _told(str(keyword.arg), dict(known).get(str(keyword.arg)), keyword.value)


def _told(name: str, annotation: ast.AST | None, value: ast.AST) -> Iterator[ast.AST]:
    named = _named(annotation)
    if name in PROSE or WORDS in named:
        yield from _texts(value)
    if MEANINGS in named and isinstance(value, ast.Dict):
        yield from filter(_is_text, value.values)


def _named(annotation: ast.AST | None) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)} if annotation else set()


def _texts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the texts of which a text is put together; neither the values in it nor their format."""
    if _is_text(node):
        yield node
    elif isinstance(node, ast.JoinedStr):
        yield from filter(_is_text, node.values)
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from (*_texts(node.left), *_texts(node.right))


def _returned(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Yield what a function returns, without the functions in it."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(node)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def table_digest(path: Path) -> str:
    """Return a hash of a data file; of a table without its columns of prose."""
    content = path.read_bytes()
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(content.decode())))
        kept = [place for place, name in enumerate(rows[0] if rows else ()) if name not in PROSE]
        content = json.dumps([[row[place] for place in kept if place < len(row)] for row in rows]).encode()
    return hashlib.sha256(content).hexdigest()[:_LENGTH]
