"""Scenarios side by side: distributions, paired differences, and who exceeds whom how often."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.by_state import compare_states
from sim.analysis.ends import apart, assumed_ends, with_ends
from sim.analysis.intervals import against, rows_of, visible
from sim.analysis.shipped_audit import AuditMarks
from sim.errors import ResultsError
from sim.experiment.place import check_results, path_given
from sim.experiment.prepare import unequal_spans
from sim.experiment.under import Group
from sim.explain.words import find_states
from sim.measures import OUTCOMES, OutcomeError, chosen_outcomes, find_outcome
from sim.measures.end_state import END_STATES
from sim.measures.window import WHOLE, Window
from sim.naming import nearest, printable, several
from sim.renamed import among
from sim.scenario.library import is_shared_world

if TYPE_CHECKING:
    from sim.experiment.results import Results

Function = Callable[..., Any]
"""Of a run's history; see `sim.measures.history.RunHistory`."""


@dataclass(frozen=True)
class Comparison:
    """Every outcome of every scenario against the baseline.

    Parameters
    ----------
    results : Results
        What it was made from.
    scenarios : tuple of str
    baseline : str
    values : DataFrame
        One row a scenario and outcome, in that index:

        ``runs``
            Runs in which the outcome is defined.
        ``mean``, ``sd``, ``median``, ``q05``, ``q95``
            Of their distribution.
        ``pairs``
            Replicates in which both this scenario and the baseline have it.
        ``difference``, ``low``, ``high``
            Mean difference from the baseline over these pairs, with a 95 % bootstrap interval.
        ``above``, ``tied``
            Share of pairs in which this scenario exceeds the baseline, and in which they are equal.
    end_states : DataFrame
        One row a scenario and end state, in that index: ``runs`` that end so, their ``share``, and its 95 %
        Wilson interval ``low``, ``high``; ``difference``, ``difference_low``, ``difference_high``,
        ``difference_pairs`` and ``difference_tied`` of that share, as ``values`` has them of an outcome.
    audit : AuditMarks
        Which differences the shipped audit labels assumed, and of which it says nothing.
    shown : tuple of str
        Outcomes that tables show unless others are asked for.
    window : Window
        The months over which outcomes are measured.
    under : str
        The thesis that all scenarios have in common, if they were laid over several.
    chosen : bool
        Whether the outcomes shown were asked for by name, so that the words say that they are of these alone.
    states : tuple of str
        Codes of the states of which tables show what happens to each.
    alike : frozenset of (str, str)
        States and outcomes that tables leave out.
    """

    results: Results
    scenarios: tuple[str, ...]
    baseline: str
    values: pd.DataFrame
    end_states: pd.DataFrame
    audit: AuditMarks = field(default_factory=AuditMarks)
    shown: tuple[str, ...] = ()
    window: Window = WHOLE
    under: str = ""
    chosen: bool = False
    states: tuple[str, ...] = ()
    alike: frozenset[tuple[str, str]] = frozenset()

    def __str__(self) -> str:
        return "\n".join(self.in_words())

    def __repr__(self) -> str:
        return f"Comparison({', '.join(self.scenarios)}; baseline {self.baseline})"

    def _repr_html_(self) -> str:
        from sim.notebook import of_comparison  # noqa: PLC0415 - it reads comparisons

        return of_comparison(self)

    @property
    def ordered(self) -> tuple[str, ...]:
        """The scenarios with the one that the others are held against in front."""
        return self.baseline, *_others(self.scenarios, self.baseline)

    @property
    def different(self) -> tuple[str, ...]:
        """Outcomes that are shown of which some scenario's difference excludes 0."""
        sure = visible(self.values)
        there = set(self.values.index[sure].get_level_values("outcome"))
        return tuple(name for name in self.shown if name in there)

    def in_words(self) -> list[str]:
        """Return a sentence or more on each scenario: how it ends, how it differs, what is not audited."""
        from sim.analysis.in_words import lines  # noqa: PLC0415 - it reads comparisons

        return lines(self)

    def export(self, folder: str | Path, kinds: str | Sequence[str] = ("xlsx",)) -> list[Path]:
        """Write the comparison as tables for a paper, as `sim.analysis.export.export` does.

        Parameters
        ----------
        folder : str or Path
            Made if need be.
        kinds : sequence of str
            Of ``xlsx``, ``tex``, ``md`` and ``html``, which a word processor takes.
        """
        from sim.analysis.export import export  # noqa: PLC0415 - it reads comparisons
        from sim.experiment.folder import make_folder  # noqa: PLC0415

        make_folder(path := path_given(folder, "folder for tables"))
        return export([self], path, kinds)

    def table(self, outcomes: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Return some outcomes, scenario by scenario within each; columns as in `labelled`.

        Parameters
        ----------
        outcomes : sequence of str, optional
            `shown` without it.

        Raises
        ------
        OutcomeError
            If a name is no outcome, with the nearest.
        """
        chosen = self._known(self.shown if outcomes is None else outcomes)
        order = pd.MultiIndex.from_product([chosen, self.scenarios], names=["outcome", "scenario"])
        return self.labelled().swaplevel().reindex(order)

    def outcome(self, scenario: str, name: str) -> dict[str, float]:
        """Return one outcome's row of `values`.

        Raises
        ------
        ResultsError
            If there is no such scenario.
        OutcomeError
            If there is no such outcome.
        """
        (name,) = self._known([name])
        return dict(self._rows[self._compared(scenario), name])

    def end_state(self, scenario: str, name: str) -> dict[str, float]:
        """Return one end state's row of `end_states`.

        Raises
        ------
        ResultsError
            If there is no such scenario or end state.
        """
        return dict(self._shares[self._compared(scenario), named("end state", name, END_STATES)])

    @cached_property
    def _rows(self) -> dict[tuple[str, str], dict[str, float]]:
        """`values` row by row: words ask for many single ones, each slow to find in a table."""
        return rows_of(self.values)

    @cached_property
    def _shares(self) -> dict[tuple[str, str], dict[str, float]]:
        return rows_of(self.end_states)

    @cached_property
    def of_states(self) -> pd.DataFrame:
        """What happens to each of `states`, as `by_state` returns it."""
        return self.by_state(self.states)

    @cached_property
    def _outcomes(self) -> frozenset[str]:
        return frozenset(self.values.index.get_level_values("outcome"))

    def _known(self, outcomes: str | Sequence[str]) -> tuple[str, ...]:
        """Return names of outcomes, all of which this comparison has."""
        names = tuple(find_outcome(name).name for name in several(outcomes, "outcomes"))
        for name in names:
            if name not in self._outcomes:
                raise OutcomeError(f"{name} is not in this comparison: it was made before, so compare again")
        return names

    def _compared(self, scenario: str) -> str:
        return named("scenario", scenario, self.scenarios)

    @property
    def assumed(self) -> frozenset[tuple[str, str]]:
        """Scenarios and outcomes whose difference the shipped audit labels assumed."""
        return self.audit.assumed

    def unaudited(self, outcomes: str | Sequence[str] | None = None) -> str:
        """Return a sentence on the differences that were not audited; empty if all were.

        Parameters
        ----------
        outcomes : sequence of str, optional
            Those that are shown; `shown` without it.
        """
        shown = self._known(self.shown if outcomes is None else outcomes)
        return self.audit.note(self.scenarios, self.baseline, shown, END_STATES)

    @cached_property
    def assumed_end_states(self) -> frozenset[tuple[str, str]]:
        """Scenarios and end states whose share differs from the baseline's by an assumption, at least partly.

        Those whose rule reads an outcome that the shipped audit labels assumed; see
        `sim.measures.end_state.RULES_READ`.
        """
        return assumed_ends(self.end_states["share"], self.baseline, self.assumed)

    @property
    def caution(self) -> str:
        """Warning that the scenarios' spans differ; empty if they do not."""
        told = self.results.about["scenarios"]
        return unequal_spans(
            (item["name"], item["start"], item["years"]) for item in told if item["name"] in self.scenarios
        )

    def pairs(self, scenario: str) -> int:
        """Return how many replicates a scenario shares with the baseline."""
        return int(self.values.loc[scenario]["pairs"].max())

    def by_state(self, states: str | Sequence[str]) -> pd.DataFrame:
        """Return what happens to single states, scenario against baseline.

        Parameters
        ----------
        states : sequence of str
            Codes, names or regions, such as ``KGZ``, ``Kyrgyzstan`` or ``Central Asia``; one text may hold
            several with commas between.

        Returns
        -------
        DataFrame
            One row a scenario, state and outcome of `sim.measures.STATE_OUTCOMES`, in that index;
            columns as in ``values``.

        Raises
        ------
        RequestError
            If there is no such state.
        """
        codes = find_states(states)
        return compare_states(self.results, codes, self.scenarios, self.baseline, self.window)

    def labelled(self) -> pd.DataFrame:
        """Return `values` with two more columns, on the difference from the baseline.

        ``assumed``
            Whether the shipped audit labels it so.
        ``audited``
            Whether it says anything of it: where not, the difference may be assumed too.
        """
        keys = list(self.values.index)
        return self.values.assign(
            assumed=[key in self.assumed for key in keys], audited=[self.audit.audited(*key) for key in keys]
        )

    def to_markdown(self, outcomes: str | Sequence[str] | None = None) -> str:
        """Return the comparison in words, then `table` as a Markdown table, then the end states.

        Parameters
        ----------
        outcomes : sequence of str, optional
            `shown` without it.

        Raises
        ------
        OutcomeError
            If a name is no outcome, with the nearest.
        """
        from sim.analysis.in_markdown import markdown  # noqa: PLC0415 - it reads comparisons

        return markdown(self, None if outcomes is None else self._known(outcomes))


def named(what: str, name: str, known: Sequence[str]) -> str:
    """Return a name that is known.

    Raises
    ------
    ResultsError
        If it is not, with the nearest and all that there are.
    """
    if name in known:
        return name
    close = nearest(name, known)
    hint = f"did you mean {close}? " if close else ""
    raise ResultsError(f"no {what} {printable(name)[:80]!r}; {hint}there are: {', '.join(known)}")


def compare(
    results: Results,
    baseline: str | None = None,
    outcomes: str | Function | Sequence[str | Function] | None = None,
    *,
    window: Window = WHOLE,
    group: Group | None = None,
    only_different: bool = False,
) -> Comparison:
    """Compare the scenarios of a results folder.

    Parameters
    ----------
    results : Results
    baseline : str, optional
        A scenario; without it what they were compared with when they were run, ``baseline`` if that is not
        known, or else the first.
    outcomes : sequence of str or callable, optional
        What tables show: names, or functions of a run's history, which are registered as `sim.outcome` does.
        Without it the key outcomes, and those that a user has registered.
    window : Window
        The months over which outcomes are measured; the whole run without it.
    group : Group, optional
        Some of the scenarios, with their own baseline; all of them without it.
    only_different : bool
        Show only outcomes of which a scenario's difference excludes 0.

    Raises
    ------
    ResultsError
        If the baseline was not run, or no run was finished.
    RequestError
        If the runs do not reach over the window.
    OutcomeError
        If there is no such outcome, or a user's fails.
    """
    check_results(results)
    shown = chosen_outcomes(outcomes)
    rows = results.outcomes_within(window) if window else results.outcomes
    ran = set(rows["scenario"]) if len(rows) else set()
    asked = results.scenarios if group is None else group.scenarios
    scenarios = tuple(name for name in asked if name in ran)
    if not scenarios:
        why = f"; the first failed with {results.failures['error'].iloc[0]}" if len(results.failures) else ""
        raise ResultsError(f"{results.path} holds no finished run{why}")
    baseline = chosen_baseline(scenarios, baseline or (group.baseline if group else results.baseline))
    named("scenario", baseline, results.scenarios)
    if baseline not in scenarios:
        raise ResultsError(f"{baseline} has no finished run here; there are: {', '.join(scenarios)}")
    names = [name for name in OUTCOMES if name in rows]
    shown = tuple(name for name in shown if name in names) if outcomes is None else shown
    by_scenario = {
        name: with_ends(rows[rows["scenario"] == name].set_index("replicate"), names) for name in scenarios
    }
    found = pd.concat(
        {name: against(by_scenario[name], by_scenario[baseline]) for name in scenarios},
        names=["scenario", "outcome"],
    )
    values, ends = apart(found)
    comparison = Comparison(
        results, scenarios, baseline, values, ends,
        _audit(results, scenarios, baseline, window), shown, window, group.under if group else "",
        outcomes is not None,
    )  # fmt: skip
    return dataclasses.replace(comparison, shown=comparison.different) if only_different else comparison


def _audit(results: Results, scenarios: Sequence[str], baseline: str, window: Window) -> AuditMarks:
    """Return what the shipped audit says of some scenarios; it is of whole runs."""
    marks = results.audit(baseline)
    if window:
        return marks.over_months(_others(scenarios, baseline))
    return dataclasses.replace(
        marks,
        assumed=frozenset((name, outcome) for name, outcome in marks.assumed if name in scenarios),
        unaudited=tuple(name for name in marks.unaudited if name in scenarios),
    )


def _others(scenarios: Sequence[str], baseline: str) -> tuple[str, ...]:
    return tuple(name for name in scenarios if name != baseline)


def chosen_baseline(scenarios: Sequence[str], baseline: str | None = None) -> str:
    """Return the baseline asked for; without one the shared world if it is there, otherwise the first."""
    if baseline:
        return among("scenario", baseline, scenarios)
    return next((name for name in scenarios if is_shared_world(name)), scenarios[0])
