"""Differences between effects under theses as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from sim.analysis.effects import Effects, Part
from sim.analysis.effects_in_words import HOW_READ, TITLE, difference_parts, heading, label
from sim.cli.tables import outcome_tables
from sim.explain.words import state_title


@dataclass(frozen=True, slots=True, eq=False)
class _Difference:
    """Differences between the effects of a scenario under two theses."""

    effects: Effects
    part: Part
    scenario: str
    thesis: str

    @property
    def heading(self) -> str:
        """What stands over it."""
        return heading(self.effects, self.scenario, self.thesis)

    def cell(self, outcome: str) -> Text:
        """Return a difference with its interval, and below it what it rests on."""
        row = self.part.rows[self.scenario, self.thesis, outcome]
        told, *below = difference_parts(
            self.part, outcome, row, self.effects.pairs(self.scenario, self.thesis)
        )
        cell = Text(told, style="bold" if row["visible"] else "dim")
        for each in filter(None, below):
            cell.append(f"\n{each}", style="dim")
        return cell


def effect_tables(effects: Effects, width: int) -> Iterator[Table]:
    """Yield by how much effects differ between theses: of the region, then of each state asked about.

    Parameters
    ----------
    effects : Effects
    width : int
        Characters a line.
    """
    window = effects.comparisons[0].window
    for part in effects.parts:
        where = f" in {state_title(part.state)}" if part.state else ""
        title = f"{TITLE}{where}{f' {window}' if window else ''}"
        columns = [_Difference(effects, part, *laid) for laid in effects.laid]
        if names := effects.rows(part):  # where only what differs is shown the words say that nothing does
            labels = {name: label(part, name, units=True) for name in names}
            yield from outcome_tables(title, columns, labels, width)


def effect_legend(effects: Effects) -> str:
    """Return how to read a cell of `effect_tables`."""
    return (
        f"What a scenario adds under a thesis, less what it adds under {effects.against}, in the same "
        f"replicates [95 % interval]; star, pairs and ties are as above. {HOW_READ}"
    )
