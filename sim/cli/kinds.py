"""Kinds of values that options take; the shell completes them."""
# ruff: noqa: PLC0415 - what is known is loaded only when the shell asks

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import click
from click.shell_completion import CompletionItem


class ShippedName(click.types.StringParamType):
    """The name of a shipped scenario or thesis, or a file of one; the shell completes both.

    Parameters
    ----------
    what : str
        ``scenario`` or ``thesis``.
    """

    def __init__(self, what: str) -> None:
        self.name = what

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer shipped names, then let the shell offer files."""
        from sim.scenario import names, thesis_names

        shipped = {"scenario": names, "thesis": thesis_names}[self.name]()
        known = [CompletionItem(name) for name in shipped if name.startswith(incomplete)]
        return [*known, CompletionItem(incomplete, type="file")]


class OutcomeWidth(click.types.StringParamType):
    """``OUTCOME=WIDTH``; the shell completes the outcome."""

    name = "target"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer outcomes, with the sign that their width follows."""
        from sim.measures import OUTCOMES

        return [
            CompletionItem(f"{name}=", help=outcome.label)
            for name, outcome in OUTCOMES.items()
            if name.startswith(incomplete)
        ]


class SignedOutcome(click.types.StringParamType):
    """``OUTCOME=up`` or ``OUTCOME=down``; the shell completes it."""

    name = "effect"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return outcome and sign, or fail with the nearest."""
        from sim.measures import OutcomeError, find_outcome

        if isinstance(value, tuple):
            return value
        outcome, _, sign = value.partition("=")
        if sign not in ("up", "down"):
            self.fail(f"{value[:80]!r} is not OUTCOME=up or OUTCOME=down", param, ctx)
        try:
            found = find_outcome(outcome).name
        except OutcomeError as error:
            self.fail(str(error), param, ctx)
        return found, sign

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer outcomes with either sign."""
        from sim.measures import package_outcomes

        offered = (f"{name}={sign}" for name in package_outcomes() for sign in ("up", "down"))
        return [CompletionItem(text) for text in offered if text.startswith(incomplete)]


class StateName(click.types.StringParamType):
    """A state's code or name; the shell completes the code."""

    name = "state"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code, or fail with the nearest and all that there are."""
        from sim.explain.words import find_state

        try:
            return find_state(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the codes, with the names that they stand for."""
        from sim.scenario.states import STATE_NAMES
        from sim.world.state import STATES

        before, comma, begun = incomplete.rpartition(",")
        return [
            CompletionItem(f"{before}{comma}{code}", help=STATE_NAMES[code])
            for code in STATES
            if code.startswith(begun.strip().upper())
        ]


class StateNames(StateName):
    """States' codes or names, or regions, between commas; the shell completes the last code."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the codes, or fail with the nearest and all that there are."""
        from sim.explain.words import find_states

        try:
            return find_states(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class PathValue(click.types.StringParamType):
    """``PATH=VALUE``; the shell completes the path of a parameter or of a quantity of the start.

    Parameters
    ----------
    keys : sequence of str
        Other keys of a scenario that are taken.
    """

    name = "path"

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self.keys = keys

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer sections first, then the paths in them, with what they mean."""
        from sim.analysis.design import allowed_ranges

        sections = "." not in incomplete
        found: dict[str, str] = {}
        for path, allowed in allowed_ranges().items():
            if path.startswith(incomplete):
                section = f"{path.partition('.')[0]}."
                found.setdefault(section if sections else f"{path}=", "" if sections else allowed.told)
        found |= {f"{key}=": "" for key in self.keys if key.startswith(incomplete)}
        return [CompletionItem(text, help=told) for text, told in found.items()]


class Pattern(click.ParamType[Any]):
    """A regular expression in which capitals do not count."""

    name = "pattern"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the compiled pattern, or fail with what is wrong in it."""
        try:
            return value if isinstance(value, re.Pattern) else re.compile(value, re.IGNORECASE)
        except re.error as error:
            self.fail(f"{value[:80]!r} is no pattern: {error}", param, ctx)


class ClaimId(click.types.StringParamType):
    """The id of a claim; the shell completes it.

    Parameters
    ----------
    added : bool
        Whether it may be of any shipped thesis; otherwise those of the scenarios named before are offered.
    """

    name = "claim"

    def __init__(self, *, added: bool) -> None:
        self.added = added

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer ids with what they claim: of the scenarios that are named, or of all shipped theses."""
        from sim.errors import SimError
        from sim.scenario import load, shipped_claims

        known = {claim.id: claim.claim for claim, _ in shipped_claims().values()}
        named = [] if self.added else _scenarios_named(ctx)
        own: dict[str, str] = {}
        for source in named:
            with suppress(SimError):  # half a name, or a file with a fault
                own |= {claim.id: claim.claim for claim in load(source).claims}
        offered = (own or known).items()
        return [
            CompletionItem(claim, help=told)
            for claim, told in offered
            if claim.upper().startswith(incomplete.upper())
        ]


def _scenarios_named(ctx: click.Context) -> list[str]:
    """Return the scenarios that are typed before an option; click leaves them aside where it has no value."""
    arguments = [item for item in ctx.command.params if isinstance(item, click.Argument)]
    scenarios = [ctx.params.get(str(item.name)) for item in arguments if item.type.name == "scenario"]
    flat = [each if isinstance(each, tuple | list) else (each,) for each in scenarios]
    return [str(name) for names in (*flat, ctx.args) for name in names if name]


class MonthName(click.types.StringParamType):
    """A month, as ``2014-03``."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the month, or fail with how one is written."""
        from sim.months import Month

        try:
            return value if isinstance(value, Month) else Month.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Names(click.types.StringParamType):
    """Names between commas; the shell completes the last.

    Parameters
    ----------
    what : str
        ``outcome``, ``outcome or end state``, ``thesis``, ``figure`` or ``scenario``; a scenario's name is
        not completed, since results may hold any.
    """

    def __init__(self, what: str) -> None:
        self.name = what

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the names that go on from what is typed after the last comma."""
        before, comma, begun = incomplete.rpartition(",")
        return [CompletionItem(f"{before}{comma}{name}") for name in self._known() if name.startswith(begun)]

    def _known(self) -> Sequence[str]:
        if self.name == "outcome":
            from sim.measures import OUTCOMES

            return list(OUTCOMES)
        if self.name == "outcome or end state":
            from sim.measures import OUTCOMES
            from sim.measures.end_state import END_STATES

            return [*OUTCOMES, *END_STATES]
        if self.name == "thesis":
            from sim.scenario import thesis_names

            return thesis_names()
        if self.name == "figure":
            from sim.figures.registry import names

            return names()
        return ()
