"""Parts of pages that are made from the program: what stands between ``<!-- made: NAME -->`` and `END`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from docs.remake import agents, reference
from docs.remake.stored import ROOT

MADE: dict[str, Callable[[], str]] = {
    "scenario keys": reference.keys_of_a_scenario,
    "thesis keys": reference.keys_of_a_thesis,
    "vocabulary": reference.vocabulary,
    "states": reference.states,
    "instruments": reference.instruments,
    "events": reference.events,
    "events of a run": reference.events_of_a_run,
    "facts of events": reference.facts_of_events,
    "figures": reference.figures,
    "gallery": reference.gallery,
    "steps": reference.steps,
    "agents": agents.agents,
    "golden": reference.golden,
    "forecasts": reference.forecasts,
}
"""What can be made, by the name in its mark."""

_BEGIN, END = "<!-- made: ", "<!-- end -->"
MARK = re.compile(rf"{_BEGIN}([\w ]+) -->\n.*?^{END}$", re.DOTALL | re.MULTILINE)
"""From a mark to its end, with what was made last."""


def filled(text: str) -> str:
    """Return a page with all that its marks name made anew.

    Raises
    ------
    KeyError
        If a mark names what cannot be made.
    ValueError
        If a mark has no end.
    """
    if text.count(_BEGIN) != len(MARK.findall(text)):
        raise ValueError(f"a mark {_BEGIN}NAME --> has no line {END}")
    return MARK.sub(lambda mark: f"{_BEGIN}{mark[1]} -->\n\n{MADE[mark[1]]().strip()}\n\n{END}", text)


def pages() -> Iterator[tuple[str, str]]:
    """Yield the pages of ``docs/`` that have marks: path from the root, and current text."""
    for path in sorted((ROOT / "docs").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        if _BEGIN in text:
            yield str(path.relative_to(ROOT)), filled(text)
