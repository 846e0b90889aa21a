"""Every claim that states an effect does what its author says, by a test of its sign.

*Test.* One-sided sign-flip permutation test on the paired differences of the claim's outcome (same replicate,
so same random numbers; with the claim less without it, or less what its `effect` names), at alpha = 0.01
for each claim. After each eighth of the pairs but the first it stops where the effect is seen, which saves
half of the runs; so that all looks together keep alpha, each takes a part of it (Wang and Tsiatis 1987, with
`SHAPE` between boundaries that are even and those that spare alpha for the last look), and there are a few
pairs more, `FOR_LOOKS`.

*False alarm.* If a claim did nothing to its outcome, it would pass here by chance in 1 of 100 seeds. The seed
is fixed, so a test that passes keeps passing until the model's code or numbers change; after a change that
leaves the effect as it is, a claim fails by chance in 1 of 20, the power being 0.95 (0.80 for weak ones,
less for the few that `MOST` bounds).

*Pairs.* Chosen before this seed was looked at, from the effect that another seed (`PILOT_SEED`) showed; when
to look, later, from the theory of such looks alone.

*Findings.* Claims whose effect the model does not show are marked `finding` in their thesis file. Their test
has power 0.95 for an effect of `VISIBLE` standard deviations, and fails if one has become visible: then the
mark must go. For a claim without any effect that is a false alarm in less than 1 of 100 seeds. It stops where
hardly anything is seen (p above `IDLE`) after a third or two thirds of the pairs, which saves half of the
runs and costs a little power; so there are a few pairs more (Lan, Simon and Halperin 1982).
"""

from __future__ import annotations

import math
from functools import cache, lru_cache
from statistics import NormalDist

import numpy as np
import pytest

from sim.analysis.claims import Contrast, plan_claims
from sim.experiment.chunk import run_one
from sim.experiment.record import FailedRun
from sim.experiment.run import STANDARD
from sim.scenario import load_thesis, shipped_claims, thesis_names

ALPHA, POWER, POWER_IF_WEAK = 0.01, 0.95, 0.80
LOOKS, SHAPE = 8, 0.4
BOUNDARY = 2.633  # standard errors at the last look, so that the alpha of any look is `ALPHA`
FOR_LOOKS = 1.107  # pairs, over those of a test with one look and the same power

PILOT_SEED, TEST_SEED = 77103, 61_803_398
FEWEST = 8  # pairs; below 7 no sign-flip test can reach alpha
FLIPS = 20_000
VISIBLE = 0.6  # standard deviations of the paired differences from which a finding would be seen
IDLE = (0.30, 0.15)  # p after a third and two thirds of the pairs, above which a finding is still none
MORE = 1.08  # pairs of a finding, over those without such looks

PILOT = {
    "D1": 0.30, "D3": 0.54, "D5": 0.42, "D6": 0.25, "D7": 0.63, "D8": 0.80, "D9": 1.14, "V2": 0.62,
    "V3": 0.31, "G1": 0.85, "G2": 0.28, "G3": 0.20, "G4": 0.11, "G5": 0.34, "K1": 0.44,
    "K2": 0.99, "K3": 1.22, "K4": 1.17, "K5": 1.28, "K6": 0.63, "K8": 0.36, "K9": 0.64, "M2": 0.16,
    "M3": 0.78, "M4": 1.55, "M5": 0.72, "M7": 0.20, "M11": 0.12, "P3": 1.56, "P4": 1.04, "P5": 0.51,
    "P6": 1.12, "P8": 0.75,
}  # fmt: skip
"""By claim: mean paired difference over its standard deviation, toward the claimed sign, less one standard
error, in the 60 runs of `sim claims --seed 77103` (a first look overstates what it picks), made anew when the
rules for where people rise became the shared world. Those under .2 are weak: `MOST` bounds their power. D1
showed .56 there and failed with the pairs for that: on the seed of the test one pair in ten has peacekeepers,
on a dozen other seeds one in four. It has the most pairs, and is visible with them."""

MOST = 130  # pairs; beyond it a test would take minutes, so the weakest claims have less power than stated

WEAK = 0.4
"""Below this many standard deviations the power is `POWER_IF_WEAK`, since the pairs grow by its square."""

FINDINGS = ("D2", "D4", "V1", "G6", "G7", "M1", "M6", "M10", "P1", "P7")
RECORD = {  # what no comparison of runs can show, and where it is tested instead
    "P2": "test_claims_record.py", "K7": "test_claims_record.py",
    "M8": "test_calibration_record.py", "M9": "test_calibration_record.py",
}  # fmt: skip

PLAN = plan_claims([load_thesis(name) for name in thesis_names()], runs=1, seed=TEST_SEED)
SCENARIOS = {scenario.name: scenario for scenario in PLAN.scenarios}
CONTRASTS = {contrast.claim.id: contrast for contrast in PLAN.contrasts}


def pairs_needed(effect: float) -> int:
    """Return the pairs that show an effect, in standard deviations, with the stated power in one look."""
    power = NormalDist().inv_cdf(POWER if effect >= WEAK else POWER_IF_WEAK)
    alpha = NormalDist().inv_cdf(1 - ALPHA)
    return math.ceil(((alpha + power) / effect) ** 2 + alpha**2 / 2)


def pairs_of(claim: str) -> int:
    """Return the pairs that the last look at a claim's effect has."""
    return min(max(math.ceil(FOR_LOOKS * pairs_needed(PILOT[claim])), FEWEST), MOST)


@cache
def run(scenario: str, replicate: int):
    """Return a run's outcomes; a thesis in full is run once for all its claims."""
    record = run_one(STANDARD, SCENARIOS[scenario], replicate)
    assert not isinstance(record, FailedRun), record
    return record.outcomes


def differences(contrast: Contrast, pairs: int) -> np.ndarray:
    """Return the first so many paired differences in which both sides have the outcome, towards the claim."""
    effect = contrast.claim.effect
    found: list[float] = []
    for replicate in range(3 * pairs):
        here = run(contrast.seen_in, replicate)[effect.outcome]
        there = run(contrast.against, replicate)[effect.outcome] if contrast.against else 0.0
        if math.isfinite(here - there):
            found.append(here - there)
        if len(found) == pairs:
            return np.array(found) * {"up": 1, "down": -1}[effect.sign]
    raise AssertionError(f"{effect.outcome} is undefined in most runs: {len(found)} pairs of {pairs}")


def looks(pairs: int) -> tuple[tuple[int, float], ...]:
    """Return how many pairs are looked at, and the alpha of each look."""
    shares = [look / LOOKS for look in range(2, LOOKS + 1)]
    at = {math.ceil(pairs * share): BOUNDARY * share ** (SHAPE - 0.5) for share in shares}
    return tuple((some, 1 - NormalDist().cdf(z)) for some, z in at.items())


def looks_at_a_finding() -> tuple[tuple[int, float], ...]:
    """Return how many pairs are looked at, and the p from which on a finding is not seen."""
    pairs = math.ceil(MORE * pairs_needed(VISIBLE))
    return (math.ceil(pairs / 3), IDLE[0]), (math.ceil(2 * pairs / 3), IDLE[1]), (pairs, ALPHA)


@lru_cache(maxsize=LOOKS)
def flips(pairs: int) -> np.ndarray:
    """Return signs at random, a row for each time that they are flipped."""
    return np.random.default_rng(1).integers(0, 2, (FLIPS, pairs)) * 2.0 - 1


def chance(values: np.ndarray) -> float:
    """Return the one-sided p-value of a mean above 0, by flipping signs at random (Fisher 1935)."""
    flipped = flips(len(values)) @ values
    return float((1 + (flipped >= values.sum() - 1e-12).sum()) / (1 + FLIPS))


def test_every_claim_is_held_by_exactly_one_kind_of_test():
    claims = {name: claim for name, (claim, _) in shipped_claims().items()}
    assert {name for name, claim in claims.items() if claim.finding} == set(FINDINGS)
    assert {name for name, claim in claims.items() if claim.effect is None} == set(RECORD)
    assert sorted([*PILOT, *FINDINGS, *RECORD]) == sorted(claims)
    for name, file in RECORD.items():
        assert f"tests/{file}" in claims[name].note


def test_all_looks_together_keep_alpha_and_power():
    rng = np.random.default_rng(5)
    share = np.arange(1, LOOKS + 1) / LOOKS
    chances = rng.normal(0, LOOKS**-0.5, (200_000, LOOKS)).cumsum(axis=1) / np.sqrt(share)
    boundary = np.array([np.inf, *(NormalDist().inv_cdf(1 - alpha) for _, alpha in looks(8 * LOOKS))])
    needed = (NormalDist().inv_cdf(1 - ALPHA) + NormalDist().inv_cdf(POWER)) * FOR_LOOKS**0.5
    assert np.mean((chances >= boundary).any(axis=1)) == pytest.approx(ALPHA, abs=0.001)
    assert np.mean((chances + needed * np.sqrt(share) >= boundary).any(axis=1)) == pytest.approx(
        POWER, abs=0.003
    )


def test_the_test_of_a_sign_keeps_its_false_alarm_rate_and_its_power():
    rng = np.random.default_rng(3)
    pairs = math.ceil(FOR_LOOKS * pairs_needed(1.0))

    def alarm(mean):
        values = rng.normal(mean, 1, pairs)
        return any(chance(values[:some]) < alpha for some, alpha in looks(pairs))

    idle = [alarm(0) for _ in range(300)]
    moved = [alarm(1) for _ in range(300)]
    assert np.mean(idle) < 0.03
    assert np.mean(moved) > 0.9


def test_the_test_of_a_finding_keeps_its_false_alarm_rate_and_its_power():
    rng = np.random.default_rng(4)
    (*_, (pairs, _)) = looks_at_a_finding()

    def seen(mean):
        values = rng.normal(mean, 1, pairs)
        return all(chance(values[:some]) < p for some, p in looks_at_a_finding())

    assert np.mean([seen(0) for _ in range(300)]) < 0.03
    assert np.mean([seen(VISIBLE) for _ in range(600)]) > 0.92  # 0.95, less three standard errors


@pytest.mark.slow
@pytest.mark.parametrize("claim", PILOT)
def test_a_claim_moves_its_outcome_as_its_author_says(claim):
    for pairs, alpha in looks(pairs_of(claim)):
        found = differences(CONTRASTS[claim], pairs)
        p = chance(found)
        if p < alpha:
            break
    assert p < alpha, f"mean {found.mean():.3g} toward the claim in {len(found)} pairs, p = {p:.3f}"


@pytest.mark.slow
@pytest.mark.parametrize("claim", FINDINGS)
def test_a_claim_marked_as_a_finding_is_still_not_seen(claim):
    for pairs, idle in looks_at_a_finding():
        p = chance(differences(CONTRASTS[claim], pairs))
        if p >= idle:
            break
    assert p >= idle, f"{claim} has become visible (p = {p:.4f}): take `finding` out of its thesis file"
