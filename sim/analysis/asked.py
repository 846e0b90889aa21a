"""What is compared with what in a results folder, and what of it is shown. Later commands go by it too."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.beside import beside
from sim.analysis.by_state import alike
from sim.analysis.compare import Comparison, chosen_baseline, compare, named
from sim.analysis.effects import Effects, can_be_held, compare_effects
from sim.analysis.effects_in_words import section
from sim.analysis.ends import labelled as ends_labelled
from sim.analysis.in_markdown import summary
from sim.experiment.files import replacing, write_csv, write_text
from sim.experiment.under import Group
from sim.measures import OUTCOMES, chosen_outcomes
from sim.measures.window import WHOLE, Window
from sim.world.state import STATES

if TYPE_CHECKING:
    from pathlib import Path

    from sim.experiment.results import Results

FILE = "comparison.json"
SUMMARY = "summary.md"
"""Files of a results folder: what was asked, and the comparison in words and tables."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared with what, over which months, and which outcomes are shown.

    Parameters
    ----------
    groups : tuple of Group
        Scenarios, each group with its baseline.
    outcomes : tuple of str, optional
        The key outcomes, and those that a user has registered, if not given.
    window : Window
    only_different : bool
        Of these, and of those of single states, only those of which some scenario's difference is visible.
    states : tuple of str
        Codes of the states of which it is shown what happens to each.
    """

    groups: tuple[Group, ...]
    outcomes: tuple[str, ...] | None = None
    window: Window = WHOLE
    only_different: bool = False
    states: tuple[str, ...] = ()

    @classmethod
    def read(cls, results: Results) -> Asked:
        """Return what was asked when a results folder was made; of a single scenario, or an old one, all.

        But for ``only_different``: what is handed on has every row unless it is asked to leave some out.
        """
        path = results.path / FILE
        held: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        groups = [
            Group(item["baseline"], tuple(item["scenarios"]), item["under"])
            for item in held.get("groups", ())
        ]
        there = set(results.scenarios)
        if not groups or {name for group in groups for name in group.scenarios} != there:
            groups = [Group(chosen_baseline(results.scenarios, results.baseline), tuple(results.scenarios))]
        chosen = held.get("outcomes")
        # An outcome of the user's own may not be registered now.
        outcomes = None if chosen is None else tuple(name for name in chosen if name in OUTCOMES)
        window = Window.of(held.get("from"), held.get("by"))
        states = tuple(code for code in held.get("states", ()) if code in STATES)
        return cls(tuple(groups), outcomes or None, window, states=states)

    def changed(
        self,
        *,
        scenarios: Sequence[str] = (),
        baseline: str | None = None,
        outcomes: Sequence[str] = (),
        window: Window = WHOLE,
        only_different: bool = False,
        states: Sequence[str] = (),
    ) -> Asked:
        """Return what is asked now: as before, but for what is given.

        Parameters
        ----------
        scenarios : sequence of str
            These alone, in this order; a group's baseline stays if another of its scenarios does.
        baseline : str, optional
            Of all scenarios, in one group.
        outcomes : sequence of str
        window : Window
        only_different : bool
        states : sequence of str
            Codes.

        Raises
        ------
        ResultsError
            If there is no such scenario.
        """
        known = [name for group in self.groups for name in group.scenarios]
        groups = self.groups
        if baseline is not None:
            groups = (Group(named("scenario", baseline, known), tuple(known)),)
        if scenarios:
            wanted = [named("scenario", name, known) for name in scenarios]
            groups = tuple(kept for group in groups if (kept := _of_group(group, wanted)) is not None)
        return dataclasses.replace(
            self,
            groups=groups,
            outcomes=tuple(outcomes) or self.outcomes,
            window=window or self.window,
            only_different=only_different or self.only_different,
            states=tuple(dict.fromkeys(states)) or self.states,
        )

    def compare(self, results: Results) -> list[Comparison]:
        """Compare the scenarios of each group with its baseline.

        Raises
        ------
        ResultsError
            If no run of a group was finished.
        RequestError
            If the runs do not reach over the window.
        OutcomeError
            If there is no such outcome, or a user's fails.
        """
        made = [
            compare(results, None, self.outcomes, window=self.window, group=group) for group in self.groups
        ]
        found = [dataclasses.replace(comparison, states=self.states) for comparison in made]
        if not self.only_different:
            return found
        different = {name for comparison in found for name in comparison.different}
        shown = tuple(name for name in found[0].shown if name in different)
        same = alike(found, self.states) if self.states else frozenset()
        made = [dataclasses.replace(comparison, shown=shown, alike=same) for comparison in found]
        if self.states:
            for item, before in zip(made, found, strict=True):
                vars(item)["of_states"] = before.of_states  # every history was read for it: not again
        return made

    def effects(self, comparisons: Sequence[Comparison], against: str | None = None) -> Effects:
        """Hold the effects under each thesis against those under one of them.

        Parameters
        ----------
        comparisons : sequence of Comparison
            As `compare` returns them.
        against : str, optional
            A thesis; the first without it.

        Raises
        ------
        RequestError, ResultsError
            As for `sim.analysis.effects.compare_effects`.
        """
        # Those that are left out since no effect is visible may differ between theses all the same.
        there = {name for item in comparisons for name in item.values.index.unique("outcome")}
        shown = tuple(name for name in chosen_outcomes(self.outcomes) if name in there)
        return compare_effects(comparisons, against, shown=shown, only_different=self.only_different)

    def effects_if_any(self, comparisons: Sequence[Comparison]) -> Effects | None:
        """Return the same, and nothing where no scenario was laid over several theses."""
        return self.effects(comparisons) if can_be_held(comparisons) else None

    def data(self) -> dict[str, Any]:
        """Return it as ``comparison.json`` holds it."""
        window = {"from": self.window.since, "by": self.window.by}
        return {
            "groups": [dataclasses.asdict(group) for group in self.groups],
            "outcomes": self.outcomes,
            **{key: None if month is None else str(month) for key, month in window.items()},
            "only_different": self.only_different,
            "states": self.states,
        }


def _of_group(group: Group, wanted: Sequence[str]) -> Group | None:
    mine = [name for name in wanted if name in group.scenarios]
    if not mine:
        return None
    return dataclasses.replace(group, scenarios=tuple(dict.fromkeys([group.baseline, *mine])))


def write_comparison(
    folder: Path, comparisons: Sequence[Comparison], asked: Asked
) -> tuple[list[Comparison], Effects | None]:
    """Write a comparison beside its runs, as tables, in words, and what was asked.

    Parameters
    ----------
    folder : Path
        The results folder: ``comparison.csv`` and ``.parquet``, those ``_end_states``, those ``_by_state``
        and ``_of_effects`` if there are any, ``comparison.json`` and ``summary.md`` are written; what an
        earlier call left of them is replaced.
    comparisons : sequence of Comparison
    asked : Asked

    Returns
    -------
    side_by_side : list of Comparison
        The theses side by side, as `sim.analysis.beside.beside` returns them.
    effects : Effects, optional
        By how much effects differ between theses, where there are several.
    """
    by_state = [item.of_states for item in comparisons if item.states]
    whole = pd.concat([item.labelled().assign(baseline=item.baseline) for item in comparisons])
    ends = pd.concat([ends_labelled(item) for item in comparisons])
    effects = asked.effects_if_any(comparisons)
    for name, table in {
        "comparison": whole,
        "comparison_end_states": ends,
        "comparison_by_state": pd.concat(by_state) if by_state else None,
        "comparison_of_effects": effects.values if effects else None,
        "comparison_of_effects_by_state": effects.of_states if effects and effects.states else None,
    }.items():
        csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        if table is None:  # one of an earlier call would be of other runs
            csv.unlink(missing_ok=True)
            parquet.unlink(missing_ok=True)
            continue
        write_csv(csv, table, index=True)
        with replacing(parquet) as partial:
            table.to_parquet(partial)
    write_text(folder / FILE, json.dumps(asked.data(), indent=2, ensure_ascii=False) + "\n")
    side_by_side = beside(comparisons)
    text = summary([*comparisons, *side_by_side])
    if effects:
        text += section(effects)
    write_text(folder / SUMMARY, text)
    return side_by_side, effects
