"""The registry of outcomes: what each is called and means, what parameterises it, and how it is computed.

An outcome is one function of a run's history, registered by `outcome`; an outcome of single states is one of
a history and a state's code, registered by `state_outcome`. All else follows: columns, tables, the JSON
Schema, the audit, documents and figures.

>>> from sim.measures import OUTCOMES
>>> OUTCOMES["street_falls"].unit
'count'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, overload

from sim.errors import SimError
from sim.measures.end_state import END_STATES
from sim.naming import nearest, printable, several
from sim.renamed import current

if TYPE_CHECKING:
    from sim.measures.history import RunHistory

Function = TypeVar("Function", bound=Callable[..., Any])

Chosen: TypeAlias = str | Callable[..., Any]
"""What names an outcome: its name, or its function of a run's history."""

RUN_COLUMNS = ("scenario", "replicate", "thesis", "end_state", "end_state_reason")
"""Columns of ``outcomes.parquet`` that are no outcome, so that no outcome may bear their names."""

OWN_THEME = "own"
"""Theme of outcomes that a user defines."""


class OutcomeError(SimError, ValueError):
    """There is no such outcome, it cannot be registered, or its function fails."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One number that sums up one run, or what happens to one state in it.

    Parameters
    ----------
    name : str
        Column in ``outcomes.parquet``.
    label : str
        What tables and axes call it.
    unit : str
    definition : str
        In words; "the region" is every state but the Baltic ones and Moscow.
    compute : callable
        Takes a `sim.measures.history.RunHistory`, and a state's code where the outcome is of single states.
        Returns a number, NaN where the outcome is undefined.
    parameterised_by : tuple of str
        Dotted paths of the parameters that set the outcome directly rather than by a mechanism; see
        `sim.measures.mechanisms`.
    made_of : tuple of str
        Outcomes of which it is the sum, or a multiple, by definition: what is said of one holds for it, too.
    key : bool
        Whether tables show it unless others are asked for.
    theme : str
        The figure of outcomes in which it is a panel; in none where empty.
    own : bool
        Whether a user defined it, so that workers and stored tables know nothing of it.
    """

    name: str
    label: str
    unit: str
    definition: str
    compute: Callable[..., Any] = field(repr=False)
    parameterised_by: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()
    key: bool = False
    theme: str = ""
    own: bool = False

    @property
    def label_with_unit(self) -> str:
        """What a row is called where it stands in one line."""
        return f"{self.label} ({self.unit})" if self.unit else self.label

    def value(self, history: RunHistory, *state: str) -> float:
        """Return the outcome of a run, or of a state in it.

        Raises
        ------
        OutcomeError
            If its function fails, returns no number, or asks a run for a name that does not exist.
        """
        if self.own:
            from sim.measures.checked import checked  # noqa: PLC0415 - names and labels load without it

            history = checked(history)
        try:
            found = self.compute(history, *state)
            return float(found)
        except SimError as error:
            raise OutcomeError(f"outcome {self.name}: {error}") from error
        except Exception as error:
            if not self.own:
                raise
            raise OutcomeError(f"outcome {self.name}: {type(error).__name__}: {error}") from error


OUTCOMES: dict[str, Outcome] = {}
"""Every outcome of a run by its name, in the order of their columns."""

STATE_OUTCOMES: dict[str, Outcome] = {}
"""Every outcome of a single state by its name, in order."""

SO_OR_NOT = "1 if so, 0 if not"
"""Unit of an outcome whose mean is a share of runs, and whose 5 % and 95 % of runs say nothing."""


@overload
def outcome(function: Function, /) -> Function: ...
@overload
def outcome(
    *,
    label: str = "",
    unit: str = "",
    name: str = "",
    parameterised_by: Iterable[str] = (),
    made_of: Iterable[str] = (),
    key: bool | None = None,
    theme: str | None = None,
) -> Callable[[Function], Function]: ...
def outcome(
    function: Function | None = None,
    /,
    *,
    label: str = "",
    unit: str = "",
    name: str = "",
    parameterised_by: Iterable[str] = (),
    made_of: Iterable[str] = (),
    key: bool | None = None,
    theme: str | None = None,
) -> Function | Callable[[Function], Function]:
    """Register a function of a run's history as an outcome; its docstring is the definition.

    Parameters
    ----------
    function : callable, optional
        Where it stands without brackets, as ``@sim.outcome``.
    label : str
        What tables and axes call it; its name in words if not given.
    unit : str
    name : str
        That of the function if not given.
    parameterised_by : iterable of str
        Dotted paths of the parameters that set it directly; see `sim.measures.mechanisms`.
    made_of : iterable of str
        Outcomes of which it is the sum, or a multiple, by definition.
    key : bool, optional
        Whether tables show it unasked. A user's own is shown, if not said otherwise.
    theme : str, optional
        The figure of outcomes in which it is a panel. A user's own have a figure to themselves.

    Raises
    ------
    OutcomeError
        If the name cannot be a column, or an outcome of the package has it.

    Examples
    --------
    >>> import sim
    >>> @sim.outcome(label="quiet months", unit="months")  # doctest: +SKIP
    ... def quiet_months(history):
    ...     '''Months in which fewer than one citizen in ten is in open opposition in every state.'''
    ...     return (history.series["participation"] < 0.1).all(axis=1).sum()
    """

    def register(function: Function) -> Function:
        own = not (function.__module__ or "").startswith("sim.measures.")
        entry = _entry(
            function,
            name=name,
            label=label,
            unit=unit,
            parameterised_by=parameterised_by,
            made_of=made_of,
            key=own if key is None else key,
            theme=(OWN_THEME if own else "") if theme is None else current("theme", theme),
            own=own,
        )
        _add(OUTCOMES, entry)
        return function

    return register if function is None else register(function)


def state_outcome(*, label: str, unit: str) -> Callable[[Function], Function]:
    """Register a function of a run's history and a state's code as an outcome of single states.

    Parameters
    ----------
    label, unit : str
        As for `outcome`.
    """

    def register(function: Function) -> Function:
        _add(STATE_OUTCOMES, _entry(function, label=label, unit=unit))
        return function

    return register


def remove_outcome(name: str) -> None:
    """Take an outcome that a user defined out of the registry again.

    Raises
    ------
    OutcomeError
        If there is none of that name, or it is one of the package.
    """
    if not find_outcome(name).own:
        raise OutcomeError(f"{name} is an outcome of the package, and stays")
    del OUTCOMES[name]


def find_outcome(name: str, among: Iterable[str] | None = None) -> Outcome:
    """Return an outcome by its name.

    Parameters
    ----------
    name : str
    among : iterable of str, optional
        Names that are allowed; all without it.

    Raises
    ------
    OutcomeError
        If there is no such outcome, with the nearest name.
    """
    known = tuple(OUTCOMES if among is None else among)
    name = name if name in known else current("outcome", name)
    if name in known and name in OUTCOMES:
        return OUTCOMES[name]
    if name in END_STATES:
        raise OutcomeError(
            f"{name} is an end state, no outcome: `sim compare` and `sim export` tell the share of runs that "
            "ends in each, whatever --outcomes says. `sim discover` takes --when 'end_state == ...'"
        )
    close = nearest(name, known)
    hint = f"did you mean {close}? " if close else ""
    raise OutcomeError(
        f"no outcome {printable(name)[:80]!r}; {hint}`sim list --outcomes` shows those of the package; "
        "one of your own is known only in Python that registers it (`results.compare(outcomes=...)`, then "
        "`.table()` or `.export()`)"
    )


def key_outcomes(*, own: bool = True) -> dict[str, Outcome]:
    """Return the outcomes that tables show unasked, by name; with those of the user, or without."""
    return {name: entry for name, entry in OUTCOMES.items() if entry.key and (own or not entry.own)}


def chosen_outcomes(asked: Chosen | Iterable[Chosen] | None = None) -> tuple[str, ...]:
    """Return the names of the outcomes that tables are to show.

    Parameters
    ----------
    asked : iterable of str or callable, optional
        Names, or functions of a run's history, which are registered if they are not yet; the key outcomes
        without it.

    Raises
    ------
    OutcomeError
        If there is no such outcome, with the nearest name; or a function cannot be registered.
    RequestError
        If something is neither.
    """
    if asked is None:
        return tuple(key_outcomes())
    listed = several(asked, "outcomes", "names, or functions of a run's history", (str, Callable))
    return tuple(find_outcome(item).name if isinstance(item, str) else _registered(item) for item in listed)


def _registered(function: Callable[..., Any]) -> str:
    known = next((name for name, entry in OUTCOMES.items() if entry.compute is function), None)
    if known is None:
        outcome()(function)
        known = function.__name__  # which it has, or it would have been refused
    return known


def package_outcomes() -> dict[str, Outcome]:
    """Return the outcomes of the package by name: those that workers compute and files hold."""
    return {name: entry for name, entry in OUTCOMES.items() if not entry.own}


def measure(history: RunHistory, outcomes: Iterable[Outcome] | None = None) -> dict[str, float]:
    """Return outcomes of a run by name: NaN where undefined.

    Parameters
    ----------
    history : RunHistory
    outcomes : iterable of Outcome, optional
        Those of the package if not given.
    """
    chosen = package_outcomes().values() if outcomes is None else outcomes
    return {entry.name: entry.value(history) for entry in chosen}


def themes() -> dict[str, list[str]]:
    """Return the names of the outcomes in each figure of outcomes, by theme."""
    found: dict[str, list[str]] = {}
    for name, entry in OUTCOMES.items():
        if entry.theme:
            found.setdefault(entry.theme, []).append(name)
    return found


def _entry(function: Callable[..., Any], *, name: str = "", label: str = "", **rest: Any) -> Outcome:
    name = name or getattr(function, "__name__", "")  # a partial has none
    parameters, parts = (tuple(dict.fromkeys(rest.pop(key, ()))) for key in ("parameterised_by", "made_of"))
    return Outcome(
        name=name,
        label=label or name.replace("_", " "),
        definition=_definition(function),
        compute=function,
        parameterised_by=parameters,
        made_of=parts,
        **rest,
    )


def _add(registry: dict[str, Outcome], entry: Outcome) -> None:
    before = registry.get(entry.name)
    if not entry.name.isidentifier() or entry.name in RUN_COLUMNS:
        raise OutcomeError(
            f"{printable(entry.name)[:80]!r} cannot be an outcome's name: give name=..., of letters, digits "
            f"and underscores, other than {', '.join(RUN_COLUMNS)}"
        )
    if before is not None and not (before.own and entry.own):
        raise OutcomeError(f"{entry.name} is an outcome already: give the function another name, or name=...")
    registry[entry.name] = entry


_CONSTANT = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


def _definition(function: Callable[..., Any]) -> str:
    """Return a function's docstring as one line, the module's constants that it names in braces put in."""
    constants: Mapping[str, Any] = getattr(function, "__globals__", {})
    text = " ".join((function.__doc__ or "").split()).removesuffix(".")
    return _CONSTANT.sub(lambda found: str(constants.get(found[1], found[0])), text)
