"""Whether an effect differs between theses: what a scenario adds under one, less what it adds under another.

A star under one thesis and none under another does not tell the two apart (Gelman and Stern 2006, The
American Statistician 60, 328-331). So the difference is taken run by run, over the four runs of a replicate:
each scenario and its baseline, under both theses.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sim.analysis.by_state import state_outcomes
from sim.analysis.compare import Comparison, named
from sim.analysis.ends import with_ends
from sim.analysis.in_words import spread
from sim.analysis.intervals import paired, visible
from sim.errors import RequestError
from sim.explain.words import find_states
from sim.measures import OUTCOMES, STATE_OUTCOMES, Outcome

COLUMNS = ("sd", "pairs", "difference", "low", "high", "above", "tied", "visible", "against")
"""Columns of a table of differences between effects, in order."""

_Runs = Callable[[str], pd.DataFrame]  # of a scenario, by its name: one row a replicate

_ROUNDING = 1e-9  # of the larger number: less is the machine's error, as where numbers are written


@dataclass(frozen=True)
class Part:
    """Differences between effects of the region, or of one state.

    Parameters
    ----------
    state : str
        Its code; empty for the region.
    values : DataFrame
        By scenario, thesis and outcome, as in `Effects`.
    names : tuple of str
        Its outcomes that words tell of.
    entries : mapping of str to Outcome
        What they are; an end state has none.
    """

    state: str
    values: pd.DataFrame
    names: tuple[str, ...]
    entries: Mapping[str, Outcome]

    @cached_property
    def rows(self) -> dict[tuple[str, str, str], dict[str, float]]:
        """Every row by scenario, thesis and outcome."""
        numbers = self.values.drop(columns="against").astype(float)
        return dict(zip(self.values.index, numbers.to_dict("records"), strict=True))

    @property
    def different(self) -> tuple[str, ...]:
        """Those of `names` of which some difference is visible."""
        there = set(self.values.index[self.values["visible"]].get_level_values("outcome"))
        return tuple(name for name in self.names if name in there)


@dataclass(frozen=True)
class Effects:
    """By how much effects of scenarios differ between theses.

    Parameters
    ----------
    comparisons : tuple of Comparison
        One a thesis. The others are held against the first.
    values : DataFrame
        One row a scenario, thesis and outcome, in that index; an end state is called ``ends in NAME``:

        ``sd``
            Of the outcome over runs of the scenario, of both theses together: a unit of size.
        ``pairs``
            Replicates in which all four runs have the outcome.
        ``difference``, ``low``, ``high``
            Mean of the effect under the thesis less that under the other one, with a 95 % bootstrap
            interval. An effect is the scenario less its baseline, under one thesis.
        ``above``, ``tied``
            Share of these replicates in which the effect is larger than under the other thesis, and in which
            they are equal.
        ``visible``
            Whether it bears a star; see `sim.analysis.intervals.visible`.
        ``against``
            The other thesis.
    shown : tuple of str
        Outcomes that words and tables tell of; end states come behind them.
    states : tuple of str
        Codes of the states of which they tell, too.
    only_different : bool
        Whether tables have only rows of which some difference is visible.
    """

    comparisons: tuple[Comparison, ...]
    values: pd.DataFrame
    shown: tuple[str, ...]
    states: tuple[str, ...] = ()
    only_different: bool = False

    def __str__(self) -> str:
        return "\n".join(self.in_words())

    def __repr__(self) -> str:
        return f"Effects({', '.join(self.scenarios)}; {', '.join(self.theses)} less {self.against})"

    @property
    def against(self) -> str:
        """The thesis that the others are held against."""
        return self.comparisons[0].under

    @property
    def theses(self) -> tuple[str, ...]:
        """The others."""
        return tuple(self.values.index.unique("thesis"))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """What is laid over the theses, by the names that it has without them."""
        return tuple(self.values.index.unique("scenario"))

    @property
    def laid(self) -> tuple[tuple[str, str], ...]:
        """Each scenario with each thesis that it is told of."""
        return tuple(dict.fromkeys((scenario, thesis) for scenario, thesis, _ in self.values.index))

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome and end state, shown or not."""
        return tuple(self.values.index.unique("outcome"))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What words and tables tell of: the region, then each of `states`."""
        ends = [name for name in self.outcomes if name not in OUTCOMES]
        found = [Part("", self.values, (*self.shown, *ends), OUTCOMES)]
        for state in self.states:
            mine = self.of_states.index.get_level_values("state") == state
            values = self.of_states[mine].droplevel("state")
            found.append(Part(state, values, tuple(STATE_OUTCOMES), STATE_OUTCOMES))
        return tuple(found)

    def rows(self, part: Part) -> tuple[str, ...]:
        """Return the outcomes of the region, or of a state, that tables have."""
        return part.different if self.only_different else part.names

    @cached_property
    def of_states(self) -> pd.DataFrame:
        """The same in each of `states`, as `by_state` returns it."""
        return self.by_state(self.states)

    def by_state(self, states: str | Sequence[str]) -> pd.DataFrame:
        """Return by how much effects on single states differ between the theses.

        Parameters
        ----------
        states : sequence of str
            Codes, names or regions, as for `Comparison.by_state`.

        Returns
        -------
        DataFrame
            One row a scenario, thesis, state and outcome of `sim.measures.STATE_OUTCOMES`, in that index;
            columns as in ``values``.

        Raises
        ------
        RequestError
            If there is no such state.
        """
        codes = tuple(dict.fromkeys(find_states(states)))
        first = self.comparisons[0]
        runs = state_outcomes(first.results, codes, first.window)
        parts = {
            key: part.droplevel(["scenario", "state"]) for key, part in runs.groupby(["scenario", "state"])
        }
        tables = {state: _differences(self.comparisons, _of_state(parts, state)) for state in codes}
        index = ["scenario", "thesis", "state", "outcome"]
        found = pd.concat(tables, names=["state"]).reorder_levels(index)
        return found.loc[
            [(*laid, state, name) for laid in self.laid for state in codes for name in STATE_OUTCOMES]
        ]

    def pairs(self, scenario: str, thesis: str) -> int:
        """Return how many replicates a scenario has under both theses, with its baselines."""
        return int(max(self.parts[0].rows[scenario, thesis, name]["pairs"] for name in self.outcomes))

    def in_words(self) -> list[str]:
        """Return a line for each scenario and thesis whose effect differs visibly, or one that none does."""
        from sim.analysis.effects_in_words import lines  # noqa: PLC0415 - it reads effects

        return lines(self)

    def to_markdown(self) -> str:
        """Return the differences in words, then as Markdown tables, and how to read them."""
        from sim.analysis.effects_in_words import markdown  # noqa: PLC0415 - it reads effects

        return markdown(self)


def compare_effects(
    comparisons: Sequence[Comparison],
    against: str | None = None,
    *,
    shown: Sequence[str] | None = None,
    only_different: bool = False,
) -> Effects:
    """Hold the effects of scenarios under theses against those under one of them.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One a thesis, of one results folder and over the same months.
    against : str, optional
        A thesis; the first without it.
    shown : sequence of str, optional
        Outcomes that words and tables tell of; those of the comparisons without it.
    only_different : bool
        Show only rows of which some difference is visible.

    Raises
    ------
    RequestError
        If there are not two theses or more with a scenario laid over them.
    ResultsError
        If ``against`` is none of them, with the nearest.
    """
    laid = [item for item in comparisons if item.under]
    if len(laid) < 2:
        told = f"here is {laid[0].under} alone" if laid else "here is none"
        raise RequestError(
            f"effects differ between two theses or more, and {told}: lay scenarios over several, as in "
            "`sim compare SCENARIO --under THESIS,THESIS`"
        )
    wanted = named("thesis", against, [item.under for item in laid]) if against else laid[0].under
    ordered = sorted(laid, key=lambda item: item.under != wanted)  # which keeps the order of the others
    if not can_be_held(ordered):
        raise RequestError(
            f"no scenario was run under {wanted} and another thesis: there are baselines alone"
        )
    runs = _runs(ordered[0])
    values = _differences(ordered, lambda name: runs[name])
    return Effects(
        tuple(ordered), values, tuple(ordered[0].shown if shown is None else shown),
        ordered[0].states, only_different,
    )  # fmt: skip


def can_be_held(comparisons: Sequence[Comparison]) -> bool:
    """Return whether some scenario has runs under the first of several theses and under another."""
    laid = [item for item in comparisons if item.under]
    return len(laid) > 1 and any(True for _ in _matched(laid))


def paired_effects(
    these: pd.DataFrame, their_baseline: pd.DataFrame, those: pd.DataFrame, those_baseline: pd.DataFrame
) -> pd.DataFrame:
    """Return by how much one effect is larger than another, over replicates that have all four runs.

    Parameters
    ----------
    these, their_baseline : DataFrame
        Of a scenario and its baseline under the thesis: one row a replicate, one column an outcome.
    those, those_baseline : DataFrame
        The same under the thesis that it is held against.

    Returns
    -------
    DataFrame
        One row an outcome; columns as in the ``values`` of `Effects`, but for ``against``.
    """
    four = [these, their_baseline, those, those_baseline]
    shared = these.index
    for frame in four[1:]:
        shared = shared.intersection(frame.index)
    one, its, other, its_too = (frame.loc[shared].astype(float) for frame in four)
    effect, held_against = one - its, other - its_too
    # Equal effects on unequal numbers differ by the machine's error, always in one direction: no tie, a star.
    size = pd.concat([frame.abs() for frame in (one, its, other, its_too)]).groupby(level=0).max()
    same = (effect - held_against).abs() <= _ROUNDING * size.loc[shared]
    table = paired(effect.mask(same, held_against), held_against)
    return table.assign(sd=spread(one.std(), other.std()), visible=visible(table))


def _runs(item: Comparison) -> dict[str, pd.DataFrame]:
    """Return what `sim.analysis.compare.compare` compares: outcomes and end states of each run."""
    rows = item.results.outcomes_within(item.window) if item.window else item.results.outcomes
    outcomes = [name for name in OUTCOMES if name in rows]
    return {
        str(name): with_ends(part.set_index("replicate"), outcomes)
        for name, part in rows.groupby("scenario", sort=False)
    }


def _of_state(
    parts: Mapping[tuple[Hashable, ...], pd.DataFrame], state: str
) -> Callable[[str], pd.DataFrame]:
    """Return what happens to a state in the runs of a scenario, by its name."""
    return lambda name: parts[name, state]


def _differences(comparisons: Sequence[Comparison], runs: _Runs) -> pd.DataFrame:
    """Return every scenario under every thesis but the first, held against it under the first."""
    first = comparisons[0]
    found = {
        (plain, item.under): paired_effects(
            runs(name), runs(item.baseline), runs(held_against), runs(first.baseline)
        ).assign(against=first.under)
        for plain, held_against, item, name in _matched(comparisons)
    }
    return pd.concat(found, names=["scenario", "thesis", "outcome"])[list(COLUMNS)]


def _matched(comparisons: Sequence[Comparison]) -> Iterator[tuple[str, str, Comparison, str]]:
    """Yield what is laid over the first thesis and another: its plain name, its name, the other, its name."""
    first, *others = comparisons
    names = [{_plain(item, name): name for name in item.ordered[1:]} for item in others]
    for held_against in first.ordered[1:]:
        plain = _plain(first, held_against)
        for item, known in zip(others, names, strict=True):
            if plain in known:
                yield plain, held_against, item, known[plain]


def _plain(item: Comparison, name: str) -> str:
    """Return what a scenario is called without its thesis; what tells it from another may stand behind it."""
    before, _, after = name.rpartition(f"-under-{item.under}")
    return before + after
