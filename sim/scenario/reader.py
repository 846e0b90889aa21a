"""YAML 1.2 text to plain data with positions; builds no objects, whatever the file says.

The text is only composed to a tree of nodes. Scalars become text, numbers, booleans or nothing, and tags are
refused, so a stranger's file cannot run code. Dates, times and ``NO`` stay text, as YAML 1.2 has it.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.errors import NotUtf8Warning
from sim.naming import nearest
from sim.scenario.fields import UNSEEN
from sim.scenario.problems import Document, Faults, Location, Position, Problem, ScenarioError, shown

LARGEST_FILE = 250_000
"""Bytes; a scenario is a page or two of text, and the parser reads about half a megabyte a second."""

MOST_VALUES = 10_000
"""Values and keys of one file; a long scenario has some hundreds."""

DEEPEST = 20
"""Levels of nesting."""

_CORE = "tag:yaml.org,2002:"
_TEXT = {"str", "timestamp", "merge", "value"}
_PLAIN = _TEXT | {"null", "bool", "int", "float"}
_ENCODINGS = (
    (rb"\xff\xfe\0\0|\0\0\xfe\xff", "utf-32"),
    (rb"\0\0\0[\t-~]", "utf-32-be"),
    (rb"[\t-~]\0\0\0", "utf-32-le"),
    (rb"\xff\xfe|\xfe\xff", "utf-16"),
    (rb"\0[\t-~]", "utf-16-be"),
    (rb"[\t-~]\0", "utf-16-le"),
)
"""How a file starts that is not UTF-8: with its byte order mark or an ASCII character (YAML 1.2.2, 5.2)."""

_OLD_VERSION = re.compile(r"^%YAML\s+(?!1\.2\s*(?:#|$))", re.MULTILINE)


def read_file(path: Path) -> Document:
    """Read a YAML file that holds a mapping.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Document

    Raises
    ------
    ScenarioError
        If the file is missing, no file, empty, too large, not Unicode, not YAML or not a mapping.
    """
    text, file, path = read_content(path)
    return read_text(text, file, path=path)


def read_content(path: Path) -> tuple[str, str, Path]:
    """Return the text of a file, its name in messages, and its path; see `read_file`."""
    file = shown_path(path)
    try:
        if path.is_dir():
            raise _error(file, "is a folder; name a .yaml file in it")
        if not path.is_file():
            raise _error(file, "no such file", close=_nearest_file(path))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise _error(file, f"cannot be read: {reason or error}") from None
    if len(content) > LARGEST_FILE:
        raise _error(file, f"is larger than {LARGEST_FILE // 1_000} kB, so it is no scenario file")
    return decode(content, file), file, path


def _nearest_file(path: Path) -> str | None:
    """Return the file beside a missing one that has the nearest name."""
    if not path.parent.is_dir():
        return None
    beside = {file.stem: file for file in path.parent.iterdir() if file.is_file()}
    close = nearest(path.stem, list(beside))
    return shown_path(beside[close]) if close else None


def read_text(text: str, file: str, *, path: Path | None = None) -> Document:
    """Read YAML text that holds a mapping; see `read_file`."""
    data, keys, values = _parse(text, file)
    if data is None:
        raise _error(file, "is empty", line=1, column=1, allowed="a mapping of keys to values")
    if not isinstance(data, dict):
        raise _error(
            file, f"holds {_kind(data)} only", line=1, column=1, allowed="a mapping of keys to values"
        )
    return Document(file, data, path, keys, values)


def read_value(text: str, file: str) -> Any:
    """Return the plain value of one line of YAML, such as ``1.2`` or ``{uniform: {low: 0, high: 1}}``."""
    return _parse(text, file)[0]


def shown_path(path: Path) -> str:
    """Return a path as messages name it: on one line, whatever characters are in it."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def _parse(text: str, file: str) -> tuple[Any, dict[Location, Position], dict[Location, Position]]:
    version = _OLD_VERSION.search(text)
    if version is not None:
        raise _error(file, "only YAML 1.2 is read", line=text.count("\n", 0, version.start()) + 1, column=1)
    try:
        node = _compose(text)
    except _LimitError as error:
        raise _error(file, error.message, error.line, error.column) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        position = (mark.line + 1, mark.column + 1) if mark else (None, None)
        before = "".join(text.split("\n")[mark.line : mark.line + 1])[: mark.column] if mark else ""
        raise _error(file, f"not YAML: {_one_line(what)}{_mended(what, before)}", *position) from None
    except YAMLError as error:
        # The reader's own error: a character that no YAML text may hold, at an offset.
        offset = getattr(error, "position", 0)
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        character = getattr(error, "character", 0)
        code = character if isinstance(character, int) else ord(character[:1] or "\0")
        message = f"not YAML: the character U+{code:04X} is not allowed in a text file"
        raise _error(file, message, line, column) from None
    except Exception as error:  # the parser raises other errors on some malformed escapes and directives
        raise _error(file, f"not YAML: {_one_line(str(error))}", 1, 1) from None
    builder = _Builder(file)
    data = None if node is None else builder.build(node, ())
    builder.duplicates.tell()
    return data, builder.keys, builder.values


class _LimitError(Exception):
    """A text holds more than a scenario ever would.

    Parameters
    ----------
    message : str
    line, column : int
        Where the limit is passed, from 1.
    """

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@lru_cache(maxsize=64)
def _compose(text: str) -> Node | None:
    """Return the tree of a YAML text, which nobody may change; None if the text is empty.

    The text is read piece by piece, so what lies beyond a limit is never looked at. Trees are kept, since a
    thesis is read again for every scenario that stands on it.

    Raises
    ------
    _LimitError
        If the text is nested too deeply or holds too many values. What aliases repeat is not counted here.
    ruamel.yaml.error.YAMLError
        If it is not YAML.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _LimitedComposer
    root: Node | None = yaml.compose(text)
    return root


class _LimitedComposer(Composer):
    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False  # the later one counts, as YAML 1.2 has it
        self.nodes = 0
        self.levels = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.nodes += 1
        self.levels += 1
        if self.nodes > 2 * MOST_VALUES:  # a key and its value are two nodes
            raise self.limit(f"more than {MOST_VALUES} values")
        if self.levels > DEEPEST + 1:
            raise self.limit(f"nested more than {DEEPEST} levels deep")
        node = super().compose_node(parent, index)
        self.levels -= 1
        return node

    def limit(self, message: str) -> _LimitError:
        mark = self.parser.peek_event().start_mark
        return _LimitError(message, mark.line + 1, mark.column + 1)


class _Builder:
    """Turns a tree of YAML nodes into plain data, noting where everything is."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.keys: dict[Location, Position] = {}
        self.values: dict[Location, Position] = {}
        self.duplicates = Faults()

    def build(self, node: Node, location: Location) -> Any:
        position = _position(node)
        self.values[location] = position
        if len(self.values) > MOST_VALUES:
            raise self.error(position, f"more than {MOST_VALUES} values, counting what aliases repeat")
        if len(location) > DEEPEST:
            raise self.error(position, f"nested more than {DEEPEST} levels deep")
        if not str(node.tag).startswith(_CORE):
            raise self.error(position, _tag_message(node))
        if isinstance(node, ScalarNode):
            return self.scalar(node, position)
        if isinstance(node, SequenceNode) and node.tag == f"{_CORE}seq":
            return [self.build(child, (*location, index)) for index, child in enumerate(node.value)]
        if isinstance(node, MappingNode) and node.tag == f"{_CORE}map":
            return self.mapping(node, location)
        raise self.error(position, _tag_message(node))

    def mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            position = _position(key_node)
            if not isinstance(key_node, ScalarNode):
                raise self.error(position, "a key must be plain text")
            if str(key_node.tag).removeprefix(_CORE) not in _PLAIN:
                raise self.error(position, _tag_message(key_node))
            key = self.text(key_node, position)
            inner = (*location, key)
            if key in result:
                first = self.keys[inner].line
                message = f"duplicate key, first given on line {first}"
                document = Document(self.file, {}, keys={inner: position})
                self.duplicates.add(document.problem(inner, message, at_key=True))
                continue
            self.keys[inner] = position
            result[key] = self.build(value_node, inner)
        return result

    def scalar(self, node: ScalarNode, position: Position) -> Any:
        kind = str(node.tag).removeprefix(_CORE)
        text = self.text(node, position)
        if kind in _TEXT:
            return text
        if kind == "null" and text in ("", "~", "null", "Null", "NULL"):
            return None
        if kind == "bool" and text.casefold() in ("true", "false"):
            return text.casefold() == "true"
        if kind in ("int", "float"):
            try:
                return _integer(text) if kind == "int" else _float(text)
            except ValueError:
                raise self.error(position, f"{shown(text)} is not a number that can be read") from None
        raise self.error(position, _tag_message(node))

    def text(self, node: ScalarNode, position: Position) -> str:
        text = str(node.value)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.error(position, "holds half of a surrogate pair, which is no character")
        unseen = UNSEEN.search(text)
        if unseen is not None:
            code = f"U+{ord(unseen[0]):04X}"
            raise self.error(position, f"holds the control character {code}, which has no place in a text")
        return text

    def error(self, position: Position, message: str) -> ScenarioError:
        return _error(self.file, message, position.line, position.column)


def decode(content: bytes, file: str) -> str:
    """Return the text of a file in one of the encodings that YAML 1.2 may come in.

    Parameters
    ----------
    content : bytes
        UTF-8, UTF-16 (as Windows' shell writes what a command prints) or UTF-32, with or without a byte
        order mark.
    file : str
        Its name in messages.

    Warns
    -----
    NotUtf8Warning
        If it is not UTF-8: other programs may not read it.

    Raises
    ------
    ScenarioError
        If it is none of these, or binary.
    """
    encoding = next((name for start, name in _ENCODINGS if re.match(start, content, re.DOTALL)), "utf-8-sig")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode(encoding, "ignore"))
        name = encoding[:6].upper().rstrip("-")
        message = f"is not {name} text (byte 0x{content[error.start]:02x}); save it as UTF-8"
        raise _error(file, message, line, column) from None
    zero = text.find("\0")
    if zero >= 0:
        raise _error(file, "holds a zero byte: a binary file, not text", *_place(text[:zero]))
    if not encoding.startswith("utf-8"):
        name = encoding[:6].upper()
        warnings.warn(f"{file} was read as {name}: save it as UTF-8", NotUtf8Warning, stacklevel=3)
    return text


def _place(before: str) -> tuple[int, int]:
    """Return line and column of what comes after some text, from 1."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _integer(text: str) -> int:
    digits = text.replace("_", "").casefold()
    sign, digits = (-1, digits[1:]) if digits[:1] == "-" else (1, digits.removeprefix("+"))
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2], 10)
    return sign * int(digits if base == 10 else digits[2:], base)


def _float(text: str) -> float:
    return float(text.replace("_", "").casefold().replace(".inf", "inf").replace(".nan", "nan"))


def _tag_message(node: Node) -> str:
    return f"tag {shown(str(node.tag))} is not allowed; write plain values"


def _position(node: Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _kind(data: object) -> str:
    return "a list" if isinstance(data, list) else f"the value {shown(data)}"


_MENDED = (
    ("expected <block end>", "indent this line as the keys that it belongs with"),
    ("could not find expected ':'", "a line above this has no ': ' behind its key"),
    ("'\\t' that cannot start", "indent with spaces, not with tabs"),
    ("that cannot start any token", "put quotes around a text that begins with it"),
)
"""What a parser's words mean for whoever wrote the file, by a part of them."""


def _mended(problem: str, before: str) -> str:
    """Return how a mistake is mended, if it is a common one; ``before`` stands before it on its line."""
    if "mapping values are not allowed" in problem:
        if ": " in before:
            return ": put quotes around a text that has ': ' in it"
        return ": indent this line as the one above it, which has a value already"
    return next((f": {how}" for part, how in _MENDED if part in problem), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _error(
    file: str, message: str, line: int | None = None, column: int | None = None, allowed: str = "",
    close: str | None = None,
) -> ScenarioError:  # fmt: skip
    return ScenarioError([Problem(file, message, line, column, allowed=allowed, nearest=close)])
