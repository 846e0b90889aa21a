"""Which parameters carry a thesis's effects, and whether an effect is assumed or emerges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.analysis.claims import thesis_scenario
from sim.analysis.intervals import bootstrap_means, bootstrap_ratios
from sim.experiment.prepare import FRAME, Changes
from sim.measures import OUTCOMES, package_outcomes
from sim.scenario import SHARED_WORLD, ScenarioError, fingerprint, load
from sim.scenario.describe import scenario_data
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.scenario import Claim, Scenario, Thesis


# -- which runs show what carries a thesis's effects: the thesis in full, and with parameters taken back ---


@dataclass(frozen=True, slots=True)
class Audited:
    """One thesis, and the runs in which parameters of it are back at the shared world's priors.

    Parameters
    ----------
    scenario : Scenario
        The thesis in full, or a scenario of a user's.
    less : dict of frozenset of str to str
        Name of the scenario without some of its parameters, by their paths. Without all of them it is the
        shared world.
    parameters : tuple of str
        What is taken back, by dotted path: what the thesis sets, and of a scenario what it sets itself, too.
    """

    scenario: Scenario
    less: dict[frozenset[str], str]
    parameters: tuple[str, ...]

    @property
    def shared(self) -> str:
        """Name of the shared world, with the changes made in it too."""
        return self.less[frozenset(self.parameters)]

    def parameterising(self, outcome: str) -> tuple[str, ...]:
        """Return those of the parameters that set an outcome directly."""
        return tuple(path for path in self.parameters if path in OUTCOMES[outcome].parameterised_by)


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What is to be run, each scenario once, and for which theses."""

    scenarios: tuple[Scenario, ...]
    audited: tuple[Audited, ...]


def thesis_parameters(scenario: Scenario) -> tuple[str, ...]:
    """Return the parameters that a scenario's claims set and it does not set itself."""
    return tuple(path for path, setting in scenario.parameters.items() if setting.claim is not None)


def plan_audit(theses: Sequence[Thesis], *, runs: int, seed: int, settings: Iterable[str] = ()) -> AuditPlan:
    """Plan the runs that audit some theses.

    Each parameter is taken back alone; so are, for each outcome, all together that set it directly.

    Parameters
    ----------
    theses : sequence of Thesis
    runs : int
        Replicates of each scenario.
    seed : int
        The same for all, so that replicates pair up.
    settings : iterable of str
        Changes to every scenario, as ``path=value``.

    Raises
    ------
    ScenarioError
        If none of the theses moves a parameter.
    """
    changes = Changes.of(list(settings)).and_set({"runs": runs, "seed": seed})
    shared = changes.apply(SHARED_WORLD)
    scenarios = [shared]
    audited = []
    for thesis in theses:
        name = "-".join(filter(None, [thesis.name, changes.suffix]))
        full = thesis_scenario(thesis, name, changes.settings)
        if paths := thesis_parameters(full):
            audited.append(_audited(full, paths, shared, scenarios))
    if not audited:
        raise ScenarioError([Problem(", ".join(thesis.name for thesis in theses), "moves no parameter")])
    return AuditPlan(tuple(scenarios), tuple(audited))


def plan_scenario_audit(
    scenario: Scenario, *, runs: int, seed: int, settings: Iterable[str] = ()
) -> AuditPlan:
    """Plan the runs that audit one scenario against the shared world of its start and length.

    What its claims set and what it sets itself is taken back alike.

    Parameters
    ----------
    scenario : Scenario
    runs, seed, settings
        As for `plan_audit`.

    Raises
    ------
    ScenarioError
        If `why_not_audited` says why it cannot be.
    """
    changes = Changes.of(list(settings)).and_set({"runs": runs, "seed": seed})
    full, shared = changes.apply(scenario), changes.apply(shared_world_of(scenario))
    if why := why_not_audited(full):
        raise ScenarioError([Problem(full.name, f"cannot be audited: {why}")])
    scenarios = [shared]
    audited = _audited(full, tuple(full.parameters), shared, scenarios)
    return AuditPlan(tuple(scenarios), (audited,))


def shared_world_of(scenario: Scenario) -> Scenario:
    """Return the shared world of a scenario's start, length and citizens, which it may be held against."""
    return load(SHARED_WORLD).replace(**{key: getattr(scenario, key) for key in FRAME})


def why_not_audited(scenario: Scenario) -> str:
    """Return why no audit of a scenario can say what is assumed; empty where one can.

    Only parameters can be taken back. What else a scenario sets, such as an event, its author assumes.
    """
    shared = shared_world_of(scenario)
    if scenario.name == shared.name:
        return "its name is that of the shared world; give it another"
    if fingerprint(scenario) == fingerprint(shared):
        return "it is the shared world, so there is nothing to audit"
    paths = frozenset(scenario.parameters)
    if paths and fingerprint(_without(scenario, paths, scenario.name)) == fingerprint(shared):
        return ""
    beyond = {"timeline": "events", "initial": "numbers of the start"}
    told = [words for key, words in beyond.items() if getattr(scenario, key) != getattr(shared, key)]
    return (
        f"it sets {' and '.join(told) or 'more'}, and only parameters can be taken back one by one; the rest "
        "is its author's assumption"
    )


def _audited(full: Scenario, paths: tuple[str, ...], shared: Scenario, scenarios: list[Scenario]) -> Audited:
    """Return what is audited, and add the scenarios that this takes to the others."""
    less: dict[frozenset[str], str] = {frozenset(paths): shared.name}
    scenarios.append(full)
    for words, group in _groups(paths):
        if group and group not in less:
            less[group] = f"{full.name} less {words}"
            scenarios.append(_without(full, group, less[group]))
    return Audited(full, less, paths)


def _groups(paths: tuple[str, ...]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each parameter alone, then those that together set an outcome directly, with words for them."""
    for path in paths:
        yield path, frozenset({path})
    for name, outcome in package_outcomes().items():
        yield f"what parameterises {name}", frozenset(paths) & frozenset(outcome.parameterised_by)


def _without(scenario: Scenario, group: frozenset[str], name: str) -> Scenario:
    """Return a scenario that leaves some parameters at the shared world's priors, fitted or not."""
    own = {path: item for path, item in scenario_data(scenario)["parameters"].items() if path not in group}
    changed: dict[str, Any] = {"name": name, "parameters": own}
    changed["with"] = _claims_without(scenario.with_, group)
    if (thesis := scenario.thesis) is not None:
        changed["thesis"] = thesis.model_copy(update={"claims": _claims_without(thesis.claims, group)})
    return scenario.replace(**changed)


def _claims_without(claims: Iterable[Claim], group: frozenset[str]) -> tuple[Claim, ...]:
    found = []
    for claim in claims:
        kept = {path: setting for path, setting in claim.parameters.items() if path not in group}
        note = claim.note or ("" if kept else "its parameters are back at the shared world's priors")
        found.append(claim.model_copy(update={"parameters": kept, "note": note}))
    return tuple(found)


# -- which parameters carry a thesis's effects, and whether an effect is assumed or emerges --------

DEFAULT_RUNS = 40
"""Replicates of each scenario: all theses in about ten minutes on two cores."""

CARRIES = 2 / 3
"""Share of an effect from which a parameter carries it: without it at most half of that much is left."""

ASSUMED, EMERGENT, NO_EFFECT = "assumed", "emergent", "no effect"
LABELS = (ASSUMED, EMERGENT, NO_EFFECT)
"""What a (thesis, outcome) cell may be."""

WIDEST = 2.0
"""Width of the 95 % interval of a share beyond which it says nothing, unless it carries anyhow."""

TOGETHER = " + "
"""Between parameters that were taken back together."""


def resolved(low: float, high: float) -> bool:
    """Whether the runs tell what share of an effect is lost, by the share's 95 % interval."""
    return high - low <= WIDEST or low >= CARRIES


def of_effects(drops: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the drops that say something: whose interval excludes 0, of an effect whose interval does.

    Parameters
    ----------
    drops : DataFrame
        As `audit_drops` returns it.
    cells : DataFrame
        As `audit_cells` returns it.
    """
    effects = pd.MultiIndex.from_frame(cells.loc[cells["label"] != NO_EFFECT, ["thesis", "outcome"]])
    seen = pd.MultiIndex.from_frame(drops[["thesis", "outcome"]]).isin(effects)
    return drops[seen & ((drops["low"] > 0) | (drops["high"] < 0))]


def audit_drops(plan: AuditPlan, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Measure what of each effect is lost as parameters go back to the shared world.

    Parameters
    ----------
    plan : AuditPlan
    outcomes : DataFrame
        As `sim.experiment.experiment.Experiment.outcomes` returns it for the plan's scenarios.

    Returns
    -------
    DataFrame
        One row a thesis, outcome, and parameter or group of parameters that was taken back:

        ``thesis``, ``outcome``
            The thesis's name, with what is changed.
        ``less``
            The parameters, joined by `` + ``.
        ``parameters``
            How many.
        ``parameterises``
            Whether they set the outcome directly.
        ``pairs``
            Replicates in which the outcome is defined in all three kinds of run.
        ``share``, ``low``, ``high``
            Part of the thesis's effect that is lost without them, with a 95 % bootstrap interval. Above 1
            where other parameters work against the effect, below 0 where these do.
    """
    parts = [part for audited in plan.audited for part in _drops(audited, outcomes)]
    return pd.concat(parts, ignore_index=True)


def audit_cells(plan: AuditPlan, outcomes: pd.DataFrame, drops: pd.DataFrame) -> pd.DataFrame:
    """Label every cell.

    Parameters
    ----------
    plan : AuditPlan
    outcomes : DataFrame
        As `sim.experiment.experiment.Experiment.outcomes` returns it.
    drops : DataFrame
        As `audit_drops` returns it.

    Returns
    -------
    DataFrame
        One row a thesis and outcome:

        ``thesis``, ``outcome``
            The thesis's name, with what is changed.
        ``pairs``, ``difference``, ``low``, ``high``
            The thesis less the shared world, pair by pair, with a 95 % bootstrap interval.
        ``label``
            One of `LABELS`.
        ``carrier``
            What carries the effect: a parameter, or all that set the outcome directly, joined by `` + ``.
            Empty where it is spread over several.
        ``share``, ``share_low``, ``share_high``
            Part of the effect that is lost without the carrier; where there is none, without the parameter
            that matters most.
        ``most``
            That parameter; the same as ``carrier`` where one parameter carries the effect.
    """
    by_cell = dict(iter(drops.groupby(["thesis", "outcome"], sort=False)))
    rows = []
    for audited in plan.audited:
        effects = _effects(audited, outcomes)
        for outcome in package_outcomes():
            cell = effects[outcome]
            found = by_cell[audited.scenario.name, outcome]
            rows.append({"thesis": audited.scenario.name, "outcome": outcome, **cell, **_label(cell, found)})
    return pd.DataFrame(rows).astype({"pairs": int})


def _wide(outcomes: pd.DataFrame, scenario: str, replicates: pd.Index[Any]) -> np.ndarray[Any, Any]:
    rows = outcomes.loc[scenario] if scenario in outcomes.index.get_level_values(0) else outcomes.iloc[:0]
    if rows.index.nlevels > 1:
        rows = rows.droplevel(0)
    return rows.reindex(replicates)[list(package_outcomes())].to_numpy(float)


def _replicates(audited: Audited, outcomes: pd.DataFrame) -> pd.Index[Any]:
    return outcomes.loc[[audited.scenario.name]].index.get_level_values("replicate")


def _effects(audited: Audited, outcomes: pd.DataFrame) -> dict[str, dict[str, float]]:
    replicates = _replicates(audited, outcomes)
    full, shared = (_wide(outcomes, name, replicates) for name in (audited.scenario.name, audited.shared))
    differences = full - shared
    low, high = bootstrap_means(differences)
    pairs = np.isfinite(differences).sum(axis=0)
    means = np.divide(np.nansum(differences, axis=0), pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    rows = zip(pairs, means, low, high, strict=True)
    keys = ("pairs", "difference", "low", "high")
    return {
        name: dict(zip(keys, row, strict=True)) for name, row in zip(package_outcomes(), rows, strict=True)
    }


def _drops(audited: Audited, outcomes: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield, for each variant, every outcome for which it is one parameter or all that set it directly."""
    replicates = _replicates(audited, outcomes)
    full = _wide(outcomes, audited.scenario.name, replicates)
    effect = full - _wide(outcomes, audited.shared, replicates)
    known = list(package_outcomes())
    parameterising = {outcome: frozenset(audited.parameterising(outcome)) for outcome in known}
    for group, name in audited.less.items():
        asked = [i for i, outcome in enumerate(known) if len(group) == 1 or parameterising[outcome] == group]
        if not asked:
            continue
        lost = (full - _wide(outcomes, name, replicates))[:, asked]
        whole = np.where(np.isfinite(lost), effect[:, asked], np.nan)
        lost = np.where(np.isfinite(whole), lost, np.nan)
        pairs = np.isfinite(lost).sum(axis=0)
        top, bottom = np.nansum(lost, axis=0), np.nansum(whole, axis=0)
        low, high = bootstrap_ratios(lost, whole)
        names = [known[i] for i in asked]
        yield pd.DataFrame(
            {
                "thesis": audited.scenario.name,
                "outcome": names,
                "less": TOGETHER.join(path for path in audited.parameters if path in group),
                "parameters": len(group),
                "parameterises": [group <= set(OUTCOMES[outcome].parameterised_by) for outcome in names],
                "pairs": pairs,
                "share": np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0),
                "low": low,
                "high": high,
            }
        )


def _label(cell: dict[str, float], drops: pd.DataFrame) -> dict[str, Any]:
    """Say what a cell is, and what carries it."""
    if not (cell["low"] > 0 or cell["high"] < 0):
        return _named(NO_EFFECT, None, None)
    carrying = drops[(drops["share"] >= CARRIES) & (drops["low"] > 0)]
    alone = drops[drops["parameters"] == 1]
    ranked = alone.dropna(subset="share").sort_values("share", ascending=False)
    most = ranked.iloc[0] if len(ranked) else None
    direct = carrying[carrying["parameterises"]].sort_values(["parameters", "share"], ascending=[True, False])
    if len(direct):  # one that parameterises the outcome, or failing that all of them
        return _named(ASSUMED, direct.iloc[0], most)
    single = carrying[carrying["parameters"] == 1].sort_values("share", ascending=False)
    return _named(EMERGENT, single.iloc[0] if len(single) else None, most)


def _named(label: str, carrier: pd.Series[Any] | None, most: pd.Series[Any] | None) -> dict[str, Any]:
    shown = most if carrier is None else carrier
    numbers = ("share", "low", "high")
    share, low, high = (np.nan,) * 3 if shown is None else (float(shown[key]) for key in numbers)
    return {
        "label": label,
        "carrier": "" if carrier is None else str(carrier["less"]),
        "share": share,
        "share_low": low,
        "share_high": high,
        "most": "" if most is None else str(most["less"]),
    }
