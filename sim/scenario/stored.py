"""Scenarios as results folders hold them: what this process has written or read once it need not parse again.

A page that shows its runs as they are made writes and reads the same files at every stage.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

_KEPT = 64
_known: OrderedDict[str, Scenario] = OrderedDict()


def keep(text: str, scenario: Scenario) -> str:
    """Remember what scenario a text is, and return the text; it is one of `Scenario.to_yaml`."""
    _known[text] = scenario
    _known.move_to_end(text)
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return text


def known(text: str) -> Scenario | None:
    """Return the scenario of a text that is remembered; None if it is not."""
    return _known.get(text)
