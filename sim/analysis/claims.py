"""What each claim of a thesis does to the outcome that it speaks of, and whether that is what it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import bootstrap_means
from sim.experiment.prepare import Changes, unequal_spans
from sim.scenario import SHARED_WORLD, ScenarioError, load, names
from sim.scenario.describe import saying
from sim.scenario.problems import Problem

if TYPE_CHECKING:
    from sim.scenario import Claim, Scenario, Thesis


# -- the scenario in which a thesis is seen --------------------------------------------------------


def thesis_scenario(
    thesis: Thesis, name: str, settings: Iterable[str] = (), *, place: str | None = None
) -> Scenario:
    """Return a scenario with a thesis in it.

    Parameters
    ----------
    thesis : Thesis
    name : str
        Of the scenario returned.
    settings : iterable of str
        Changes to it, as ``path=value``.
    place : str, optional
        The scenario without the thesis. If not given, the shipped one that bears the thesis's name, or else
        the shared world.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or a change is wrong.
    """
    own = thesis.name if thesis.name in names() else SHARED_WORLD
    return load(place or own, settings).replace(name=name, thesis=thesis)


# -- which runs show what the claims of theses do: each thesis in full, and without each of its claims ---

ZERO = "zero"
"""``versus`` of an effect that is held against nothing rather than against other runs."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """One claim, and the runs that show its effect.

    Parameters
    ----------
    thesis : Thesis
    claim : Claim
    seen_in : str
        Scenario with the claim; empty if the claim states no effect.
    against : str
        Scenario that it is held against; empty if that is zero.
    """

    thesis: Thesis
    claim: Claim
    seen_in: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, each scenario once, and what is to be read from it."""

    scenarios: tuple[Scenario, ...]
    contrasts: tuple[Contrast, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that the claims speak of."""
        effects = (contrast.claim.effect for contrast in self.contrasts)
        return tuple(dict.fromkeys(effect.outcome for effect in effects if effect is not None))


def plan_claims(theses: Sequence[Thesis], *, runs: int, seed: int, settings: Iterable[str] = ()) -> Plan:
    """Plan the runs for every claim of some theses.

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
        If an effect names no scenario or one of another span, or the theses make no claim.
    """
    changes = Changes.of(list(settings))
    common = [*changes.settings, f"runs={runs}", f"seed={seed}"]
    scenarios: dict[str, Scenario] = {}
    contrasts: list[Contrast] = []

    def planned(thesis: Thesis, place: str | None, without: str = "") -> str:
        """Return the name of a thesis in a scenario, one claim perhaps off, and plan its runs."""
        inside = f"-in-{place}" if place not in (None, thesis.name) else ""
        words = [f"{thesis.name}{inside}", changes.suffix, f"without-{without}" if without else ""]
        name = "-".join(filter(None, words))
        if name not in scenarios:
            scenario = thesis_scenario(thesis, name, common, place=place)
            scenarios[name] = scenario.without_claims(without) if without else scenario
        return name

    for thesis in theses:
        for claim in thesis.claims:
            effect = claim.effect
            if effect is None:
                contrasts.append(Contrast(thesis, claim))
                continue
            seen_in = planned(thesis, effect.scenario)
            if effect.versus is None:
                against = planned(thesis, effect.scenario, claim.id)
            else:
                against = "" if effect.versus == ZERO else planned(thesis, effect.versus)
            contrasts.append(Contrast(thesis, claim, seen_in, against))
    _check_spans(contrasts, scenarios)
    if not contrasts:
        raise ScenarioError([Problem(", ".join(thesis.name for thesis in theses), "makes no claim")])
    return Plan(tuple(scenarios.values()), tuple(contrasts))


def _check_spans(contrasts: Iterable[Contrast], scenarios: Mapping[str, Scenario]) -> None:
    """Refuse to hold a claim against runs of another span: their counts say nothing of it."""
    for contrast in contrasts:
        sides = [scenarios[name] for name in (contrast.seen_in, contrast.against) if name]
        if spans := unequal_spans((side.name, str(side.start), side.years) for side in sides):
            raise ScenarioError([Problem(contrast.thesis.name, f"claim {contrast.claim.id}: {spans}")])


# -- what each claim does to the outcome that it speaks of, and whether that is what it says -------

DEFAULT_RUNS = 60
"""Replicates of each scenario: all theses in some minutes on two cores."""

FRESH_SEED = 19911226
"""Seed of the runs: not that of the shipped scenarios, on which the numbers were judged."""

AS_CLAIMED, NOT_VISIBLE, OPPOSITE = "as claimed", "no visible effect", "opposite"
NOT_COMPARED = "not compared"
VERDICTS = (AS_CLAIMED, NOT_VISIBLE, OPPOSITE, NOT_COMPARED)
"""What may come out; the last where a claim states no effect on an outcome."""

THE_THESIS_WITHOUT_IT, ANOTHER_SCENARIO = "without the claim", "another scenario"
"""What a claim may be held against, beside `ZERO`. Another scenario has the claim too. Against zero, that
something happens at all, a claim can hardly fail."""

_NUMBERS = ("mean", "reference", "difference", "low", "high", "above", "tied", "scale")
_NO_NUMBERS: dict[str, float] = {"pairs": 0, **dict.fromkeys(_NUMBERS, np.nan)}


def judge(plan: Plan, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Hold every claim against its runs.

    Parameters
    ----------
    plan : Plan
    outcomes : DataFrame
        As `sim.experiment.experiment.Experiment.outcomes` returns it.

    Returns
    -------
    DataFrame
        One row a claim:

        ``thesis``, ``claim``, ``text``, ``source``, ``parameters``, ``note``
            What it says, and what it moves.
        ``said``, ``holds``
            Who says it where and how firmly, as far as is noted; and when it holds.
        ``finding``
            Why the model is known not to show its effect; empty where it shows it.
        ``outcome``, ``sign``, ``seen_in``, ``against``
            What it should do to what, and in which runs; empty where it is not compared.
        ``held_against``
            Of which kind ``against`` is: `THE_THESIS_WITHOUT_IT`, `ANOTHER_SCENARIO` or `ZERO`.
        ``pairs``
            Replicates in which both sides have the outcome.
        ``mean``, ``reference``
            Mean of the outcome on each side over these pairs.
        ``difference``, ``low``, ``high``
            Mean paired difference, with a 95 % bootstrap interval.
        ``above``, ``tied``
            Share of pairs in which the outcome is higher with the claim, and in which it is the same.
        ``scale``
            Standard deviation of the outcome, pooled over both sides, by which a figure may divide.
        ``verdict``
            One of `VERDICTS`.
    """
    return pd.DataFrame([_row(contrast, outcomes) for contrast in plan.contrasts])


def verdict(sign: str, low: float, high: float) -> str:
    """Return what an interval says of a claim.

    Parameters
    ----------
    sign : str
        ``up`` or ``down``: where the claim moves its outcome.
    low, high : float
        Interval of the difference that it makes; NaN if there is none.
    """
    towards = {"up": low > 0, "down": high < 0}[sign]
    away = {"up": high < 0, "down": low > 0}[sign]
    return AS_CLAIMED if towards else OPPOSITE if away else NOT_VISIBLE


def _row(contrast: Contrast, outcomes: pd.DataFrame) -> dict[str, Any]:
    claim = contrast.claim
    row: dict[str, Any] = {
        "thesis": contrast.thesis.name,
        "claim": claim.id,
        "text": claim.claim,
        "source": claim.source or contrast.thesis.source,
        "said": saying(claim),
        "holds": str(contrast.thesis.start_of(claim) or "always"),
        "parameters": " ".join(claim.parameters),
        "note": claim.note,
        "finding": claim.finding,
        "outcome": "",
        "sign": "",
        "seen_in": contrast.seen_in,
        "against": contrast.against,
        "held_against": "",
    }
    if claim.effect is None:
        return row | _NO_NUMBERS | {"verdict": NOT_COMPARED}
    name, sign = claim.effect.outcome, claim.effect.sign
    these = _of(outcomes, contrast.seen_in, name)
    those = _of(outcomes, contrast.against, name) if contrast.against else these * 0.0
    numbers = _difference(these, those)
    found = verdict(sign, numbers["low"], numbers["high"])
    versus = {"against": contrast.against or "0", "held_against": _kind(contrast)}
    return row | {"outcome": name, "sign": sign} | versus | numbers | {"verdict": found}


def _kind(contrast: Contrast) -> str:
    if not contrast.against:
        return ZERO
    usual = f"{contrast.seen_in}-without-{contrast.claim.id}"
    return THE_THESIS_WITHOUT_IT if contrast.against == usual else ANOTHER_SCENARIO


def _of(outcomes: pd.DataFrame, scenario: str, name: str) -> pd.Series[float]:
    ran = outcomes.index.get_level_values("scenario") == scenario
    return outcomes.loc[ran, name].droplevel("scenario").astype(float)


def _difference(these: pd.Series[float], those: pd.Series[float]) -> dict[str, float]:
    """Describe the paired difference between one outcome's values on two sides, by replicate."""
    both = pd.concat([these, those], axis=1, join="inner").dropna().to_numpy(float)
    pairs = len(both)
    if not pairs:
        return _NO_NUMBERS
    differences: NDArray[np.float64] = both[:, 0] - both[:, 1]
    low, high = bootstrap_means(differences[:, None])[:, 0]
    return {
        "pairs": pairs,
        "mean": float(both[:, 0].mean()),
        "reference": float(both[:, 1].mean()),
        "difference": float(differences.mean()),
        "low": float(low),
        "high": float(high),
        "above": float((differences > 0).mean()),
        "tied": float((differences == 0).mean()),
        "scale": float(np.sqrt(both.var(axis=0).mean())),
    }
