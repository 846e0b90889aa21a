"""YAML text to a tree of nodes that cannot grow without bounds: a hostile file is left off early."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.nodes import Node

MOST_VALUES = 10_000
"""Values and keys of one file; a long scenario has some hundreds."""

DEEPEST = 20
"""Levels of nesting."""


class LimitError(Exception):
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


def compose(text: str) -> Node | None:
    """Return the tree of a YAML text; None if the text is empty.

    The text is read piece by piece, so what lies beyond a limit is never looked at.

    Raises
    ------
    LimitError
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

    def limit(self, message: str) -> LimitError:
        mark = self.parser.peek_event().start_mark
        return LimitError(message, mark.line + 1, mark.column + 1)
