"""What an outcome's values depend on beside the run: the key of its definition, under which they are kept.

The key is made from the outcome's function and from all that it calls and reads in this package's measures
or, if a user wrote it, in his own modules. Comments, docstrings, annotations, labels and units do not count.
"""

from __future__ import annotations

import ast
import dataclasses
import enum
import hashlib
import linecache
import platform
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache, partial
from importlib import import_module
from inspect import isclass, isfunction, ismodule, isroutine
from types import CodeType
from typing import Any

import numpy as np

from sim.measures.history import RunHistory
from sim.measures.registry import Outcome

_LENGTH = 12  # of a key in hexadecimal digits
_MEASURES = "sim.measures"
_NO_MEANING = {
    "annotation", "ctx", "decorator_list", "kind", "returns", "type_comment", "type_ignores", "type_params",
}  # fmt: skip
"""Parts of a syntax tree that do not change what a function returns, or differ between versions of Python."""


def definition_keys(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return the key of each outcome's definition, by name."""
    return {
        name: definition_key(entry.compute) if entry.own else _package_key(entry.compute)
        for name, entry in outcomes.items()
    }


def definition_key(function: Callable[..., Any]) -> str:
    """Return the key of a function's definition.

    Parameters
    ----------
    function : callable
        Of an outcome.

    Returns
    -------
    str
        Empty where it reads what cannot be described, such as an open file: its values are then not kept.
    """
    described = _Description(function)
    try:
        described.add("outcome", function)
    except _UnknownError:
        return ""
    text = "\n".join(f"{name} {described.parts[name]}" for name in sorted(described.parts))
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


@lru_cache(maxsize=1024)
def _package_key(function: Callable[..., Any]) -> str:
    """Return the key of a function of the package, which nobody changes while it runs."""
    return definition_key(function)


class _UnknownError(Exception):
    """Something that a function reads cannot be told from what it was another time."""


class _Description:
    """A function, and what it reads, as text.

    Parameters
    ----------
    function : callable
        Where it stands says whose functions are followed.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.origin: str = getattr(function, "func", function).__module__ or ""  # of a partial: its own
        self.parts: dict[str, str] = {}
        self._seen: set[int] = set()

    def add(self, name: str, value: Any) -> None:
        """Add something that a function reads under some name."""
        if isinstance(value, partial):
            self.parts[f"{name}, bound"] = f"{_plain(value.args)} {_plain(value.keywords)}"
            value = value.func
        if isfunction(value) and self._followed(value.__module__):
            self._add_function(value)
        elif isclass(value) and self._followed(value.__module__):
            self._add_class(value)
        elif callable(value) or ismodule(value):
            self.parts[name] = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
        else:
            self.parts[name] = _plain(value)

    def _followed(self, module: str | None) -> bool:
        module = module or ""
        if module == self.origin or module.startswith(f"{_MEASURES}."):
            return True
        root = module.partition(".")[0]
        return root != "sim" and root == self.origin.partition(".")[0]

    def _add_function(self, function: Any) -> None:
        if id(function) in self._seen:
            return
        self._seen.add(id(function))
        code: CodeType = function.__code__
        name = f"{function.__module__}.{function.__qualname__}"
        read = _read_by(code)
        cells = (cell.cell_contents for cell in function.__closure__ or ())
        known = {**function.__globals__, **dict(zip(code.co_freevars, cells, strict=True))}
        self.parts[name] = f"{read.text} {_plain(function.__defaults__)} {_plain(function.__kwdefaults__)}"
        for module_name, item in read.imported:
            if self._followed(module_name):
                self.add(f"{name}: {item}", getattr(import_module(module_name), item))
        for item in sorted(read.names & known.keys()):
            self._add_read(f"{name}: {item}", known[item], read.attributes)
        for item in ("__init__", *sorted(read.attributes)):
            member = _function_of(vars(RunHistory).get(item))
            if member is not None:
                self._add_function(member)

    def _add_read(self, name: str, value: Any, attributes: frozenset[str]) -> None:
        """Add what a name stands for; of a module of measures, what is read of it."""
        self.add(name, value)
        if ismodule(value) and self._followed(value.__name__):
            for attribute in sorted(attributes & vars(value).keys()):
                self.add(f"{name}.{attribute}", getattr(value, attribute))

    def _add_class(self, kind: type) -> None:
        if id(kind) in self._seen:
            return
        self._seen.add(id(kind))
        name = f"{kind.__module__}.{kind.__qualname__}"
        written = dict(vars(kind))
        if dataclasses.is_dataclass(kind):
            fields = dataclasses.fields(kind)
            defaults = [None if item.default is dataclasses.MISSING else item.default for item in fields]
            self.parts[f"{name} fields"] = _plain([[item.name for item in fields], defaults])
            written = {
                key: item for key, item in written.items() if key == "__post_init__" or key[:2] != "__"
            }
        for _, value in sorted(written.items()):
            member = _function_of(value)
            if member is not None:
                self._add_function(member)


def _function_of(member: Any) -> Any:
    """Return the function of a class's member, if it has one."""
    if isinstance(member, property):
        return member.fget
    if isinstance(member, cached_property):
        return member.func
    if isinstance(member, staticmethod | classmethod):
        return member.__func__
    return member if isfunction(member) else None


def _plain(value: Any) -> str:
    """Return a value as text that is the same whenever the value is."""
    if isinstance(value, bool | int | float | complex | str | bytes | enum.Enum | None):
        return repr(value)
    if dataclasses.is_dataclass(value) and not isclass(value):
        fields = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        return f"{type(value).__qualname__} {_plain(fields)}"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(_plain, value)))}}}"
    if isinstance(value, list | tuple | range | Mapping):
        items = value.items() if isinstance(value, Mapping) else value
        return f"[{', '.join(map(_plain, items))}]"
    if isclass(value) or isroutine(value):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, np.ndarray) and value.dtype != object:
        return f"{value.dtype} {value.shape} {hashlib.sha256(value.tobytes()).hexdigest()}"
    raise _UnknownError


@dataclasses.dataclass(frozen=True, slots=True)
class _Read:
    """A function's own code as text, and the names, attributes and imports in it."""

    text: str
    names: frozenset[str]
    attributes: frozenset[str]
    imported: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=1024)
def _read_by(code: CodeType) -> _Read:
    tree = _functions(code.co_filename).get((code.co_name, code.co_firstlineno))
    if tree is None:  # typed at a prompt
        names = frozenset(_names(code))
        return _Read(f"{platform.python_version()} {_bytecode(code)}", names, names)
    nodes = list(_walk(tree))
    return _Read(
        _dump(tree),
        frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - set(code.co_varnames),
        frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        tuple(
            (node.module, item.name)
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for item in node.names
        ),
    )


@lru_cache(maxsize=64)
def _functions(file: str) -> dict[tuple[str, int], ast.AST]:
    """Return every function of a file by its name and first line."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:  # a notebook's own commands, or a file that has changed
        return {}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {
        (node.name, min([node.lineno, *(item.lineno for item in node.decorator_list)])): node
        for node in found
    }


def _walk(node: Any) -> Iterator[ast.AST]:
    """Yield the nodes of a syntax tree that have a meaning when the function is called."""
    if isinstance(node, list):
        for item in node:
            yield from _walk(item)
    elif isinstance(node, ast.AST):
        yield node
        for name, value in ast.iter_fields(node):
            if name not in _NO_MEANING:
                yield from _walk(value)


def _dump(node: Any) -> str:
    """Return a syntax tree as text, without what does not change its meaning."""
    if isinstance(node, ast.AST):
        fields = (
            f"{name}={_dump(value)}"
            for name, value in ast.iter_fields(node)
            if value not in (None, []) and name not in _NO_MEANING
        )
        return f"{type(node).__name__}({', '.join(fields)})"
    if isinstance(node, list):
        return f"[{', '.join(_dump(item) for item in node if not _is_text(item))}]"
    return repr(node)


def _is_text(node: Any) -> bool:
    """Whether a statement is a docstring, or another text that does nothing."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _bytecode(code: CodeType) -> str:
    constants = [_bytecode(item) if isinstance(item, CodeType) else repr(item) for item in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {constants}"


def _names(code: CodeType) -> Iterator[str]:
    yield from (*code.co_names, *code.co_freevars)
    for item in code.co_consts:
        if isinstance(item, CodeType):
            yield from _names(item)
