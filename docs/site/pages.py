"""A Sphinx extension: links that name a page by its file, and the examples of each command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    import click
    from sphinx.application import Sphinx

FILE_NAMED = re.compile(r"\[`?[\w./-]+\.md`?\]\((?!https?:)([^)]+)\)")
"""A link that names a page by its file, as is plain in a folder."""


def titled(text: str) -> str:
    """Return a page whose links name a page by its title, where they name its file."""
    return FILE_NAMED.sub(r"[](\1)", text)


def _title(app: Sphinx, page: str, source: list[str]) -> None:
    del app, page
    source[0] = titled(source[0])


def _examples(app: Sphinx, context: click.Context, lines: list[str]) -> None:
    """Put a command's examples under its help, where a terminal shows them too."""
    del app
    if examples := getattr(context.command, "examples", ()):
        lines += ["**Examples**", "", ".. code-block:: bash", "", *(f"   {line}" for line in examples), ""]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_lexer("csv", TextLexer)  # of a recipe; Pygments knows none
    app.connect("source-read", _title)
    app.connect("sphinx-click-process-epilog", _examples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
