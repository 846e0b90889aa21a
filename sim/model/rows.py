"""The numbers of the agents of one kind as rows of one array, which compiled loops read by the same names.

An agent whose class names its numbers, as `Regime` does, is a view of its row: what a rule sets on the
agent is in the array, and the other way round. So a rule that a state needs now and then is written on
agents, and one that all states need every month is a compiled loop over rows, in the same words.
"""

from __future__ import annotations

import ctypes
import dataclasses
from functools import cache
from operator import attrgetter
from typing import Any, Self, TypeVar

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import stamp
from sim.parameters import Parameters, catalogue

RowArray = NDArray[Any]
"""A structured array: one element an agent."""
Numbers = Any
"""An agent, or its row in a compiled loop: whatever has the same names."""

_KINDS: dict[str, type[Any]] = {"float": ctypes.c_double, "int": ctypes.c_int64, "bool": ctypes.c_bool}
_Class = TypeVar("_Class", bound=type[ctypes.Structure])


def numbers(view: _Class) -> _Class:
    """Make the annotated names of a class, each a float, an int or a bool, the numbers of its rows."""
    view._fields_ = [(name, _KINDS[str(kind)]) for name, kind in view.__annotations__.items()]
    return view


@cache  # one type for all runs: a compiled loop knows it by identity at once
def _row_type(view: type[ctypes.Structure]) -> np.dtype[Any]:
    return np.dtype((np.record, np.dtype(view)))


def rows_for(view: type[ctypes.Structure], agents: int) -> RowArray:
    """Return the rows of some agents, all zero, shape (agents,)."""
    return np.zeros(agents, dtype=_row_type(view))


class RowView:
    """A view of a row: a class derived from this and from what names its numbers.

    Attributes
    ----------
    rows : ndarray, shape (views,)
        As `rows_for` returns them.
    index : int
        Its own.
    """

    __slots__ = ()
    __hash__ = object.__hash__  # structures have none

    rows: RowArray
    index: int

    @classmethod
    def at(cls, rows: RowArray, index: int) -> Self:
        """Return a view of a row before anything else is known of it."""
        view: Self = cls.from_buffer(rows, index * rows.itemsize)  # type: ignore[attr-defined]
        return view

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Let a copy be a view of the copied rows."""
        slots = {name for base in type(self).__mro__ for name in vars(base).get("__slots__", ())}
        named = {name: getattr(self, name) for name in slots - {"own"}}
        return _again, (type(self), self.rows, self.index), (getattr(self, "__dict__", {}), named)

    def __setstate__(self, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
        """Take over what is no number, once all that it refers to is copied."""
        for name, value in (state[0] | state[1]).items():
            setattr(self, name, value)


class RowAgent(RowView, mesa.Agent):
    """An agent that is a view of its row.

    Parameters
    ----------
    model : mesa.Model
    rows : ndarray, shape (agents,)
        As `rows_for` returns them.
    index : int
        Its own.

    Attributes
    ----------
    own : ndarray, shape (1,)
        Its row, for loops over rows.
    """

    own: RowArray

    def __init__(self, model: mesa.Model, rows: RowArray, index: int) -> None:
        super().__init__(model)
        self.rows = rows
        self.index = index
        self.own = rows[index : index + 1]


def _again(kind: type[RowView], rows: RowArray, index: int) -> RowView:
    view = kind.at(rows, index)
    if isinstance(view, RowAgent):
        view.own = rows[index : index + 1]
    return view


# -- the parameters of a run, as compiled loops read them ------------------------------------------


@cache
def _rule_type() -> np.dtype[Any]:
    sections = {item.name: getattr(Parameters(), item.name) for item in dataclasses.fields(Parameters)}
    fields = [
        (name, np.dtype((np.record, [(item.name, np.float64) for item in dataclasses.fields(section)])))
        for name, section in sections.items()
    ]
    # a field for its name alone: with other rules, loops that were compiled for the old ones do not fit
    return np.dtype((np.record, [*fields, (f"rules_{stamp()}", np.float64)]))


_values_in = attrgetter(*catalogue())  # each by its path, in the order of the array's fields


def rules_of(parameters: Parameters) -> RowArray:
    """Return parameters as a structured array, shape (1,), of the same names: ``rules[0].war.window``."""
    return np.array([*_values_in(parameters), 0.0]).view(_rule_type())
