"""A Sphinx extension: what stands in a page as ``<!-- made: NAME -->`` is made when the site is built."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pygments.lexers.special import TextLexer

from docs.site import agents, tables

if TYPE_CHECKING:
    import click
    from sphinx.application import Sphinx

MADE: dict[str, Callable[[], str]] = {
    "scenario keys": tables.keys_of_a_scenario,
    "thesis keys": tables.keys_of_a_thesis,
    "vocabulary": tables.vocabulary,
    "states": tables.states,
    "instruments": tables.instruments,
    "events": tables.events,
    "events of a run": tables.events_of_a_run,
    "facts of events": tables.facts_of_events,
    "figures": tables.figures,
    "gallery": tables.gallery,
    "steps": tables.steps,
    "agents": agents.agents,
    "golden": tables.golden,
    "forecasts": tables.forecasts,
}
"""What can be made, by the name in its mark."""

MARK = re.compile(r"<!-- made: ([\w ]+) -->")


FILE_NAMED = re.compile(r"\[`?[\w./-]+\.md`?\]\((?!https?:)([^)]+)\)")
"""A link that names a page by its file, as is plain in a folder."""


def filled(text: str) -> str:
    """Return a page with what its marks name, and with links that name a page by its title.

    Raises
    ------
    KeyError
        If a mark names what cannot be made.
    """
    return FILE_NAMED.sub(r"[](\1)", MARK.sub(lambda mark: MADE[mark[1]](), text))


def _fill(app: Sphinx, page: str, source: list[str]) -> None:
    del app, page
    source[0] = filled(source[0])


def _examples(app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Put a command's examples under its help, where a terminal shows them too."""
    del app
    if examples := getattr(context.command, "examples", ()):
        lines += ["**Examples**", "", ".. code-block:: bash", "", *(f"   {line}" for line in examples), ""]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_lexer("csv", TextLexer)  # of a recipe; Pygments knows none
    app.connect("source-read", _fill)
    app.connect("sphinx-click-process-epilog", _examples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
