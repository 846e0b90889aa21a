"""What citizens see of their regime and of Moscow, state by state, and how it moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT, rule
from sim.model.regimes.movement import efficacy
from sim.model.rows import Numbers, RowArray

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace

LAST_OLD = 0.02  # share of the old below which they are replaced no faster: keeps the rate finite
USUAL_LOYALTY = 0.7  # at which force equals density: a unit, not a level


@rule
def perceived_alignment(row: Numbers, p: Numbers) -> float:
    """Return how closely citizens see the regime tied to Moscow, -1 to 1 (docs/MODEL.md, formula 2)."""
    if row.alignment > 0:
        seen = p.dependence_seen
        tied: float = (1 - seen) * row.alignment + seen * row.dependence
        return tied
    untied: float = p.unfriendly_alignment_weight * row.alignment
    return untied


@rule
def grievance_salience(row: Numbers, p: Numbers) -> float:
    """Return how much alignment matters: less where clans, not parties, compete (claims M6, M10)."""
    by_party, by_clan = p.alignment_grievance, p.alignment_grievance_clan
    salience: float = by_party + row.clan_politics * (by_clan - by_party)
    return salience


@rule
def force(row: Numbers, p: Numbers) -> float:
    """Return the repressive capacity that the street faces: density by loyalty."""
    density = row.security_density * p.force_scale
    faced: float = density * (row.security_loyalty / USUAL_LOYALTY)
    return faced


@rule
def deterrence(row: Numbers, rules: Numbers, cover: float) -> float:
    """Return the weight of repression: the heavier the punishment, and if troops may come (claim M7).

    Parameters
    ----------
    row : RegimeRow
    rules : Parameters
    cover : float
        Chance of troops that the state reckons with, 0-1 (`Alliance.cover`).
    """
    severe = rules.citizens.severity * severity(row.repression)
    feared: float = rules.citizens.deterrence * (1 + severe)
    weight: float = feared * (1 + rules.alliance.precedent_deterrence * cover)
    return weight


@rule
def severity(repression: float) -> float:
    """Return how harsh punishment is, 0-1: none in the milder half of states (Opp and Roehl 1990).

    Parameters
    ----------
    repression : float
        Index of repression, 0-1 (`sim.world.rulers.repression`).
    """
    return 2 * repression - 1 if repression > 0.5 else 0.0


# -- the citizens of all states, as the two stages of the month want them --------------------------


def citizens_live(space: PostSovietSpace) -> None:
    """Cohorts replace each other, attitudes to Moscow drift (docs/MODEL.md; claims P1, P3)."""
    rows, people = space.rows.regimes, space.population
    drift, jolt, replacement = _moves(
        rows, space.rules, space.wars.load, people.young_share, space.jolts, np.empty((3, rows.size))
    )
    people.live(space.parameters.citizens, drift, jolt, replacement)
    rows["attitude"] = people.mean_attitude


def citizens_watch(space: PostSovietSpace) -> None:
    """Run every state's cascade for the month (formulas 1 and 2) and let turnout speak (Lohmann 1994)."""
    rows, p, people = space.rows, space.parameters.citizens, space.population
    covers = space.alliance.covers
    left, salience, alignment, deterrences, forces = _outlook(
        rows.regimes, rows.movements, space.rules, covers, np.empty((5, covers.size))
    )
    people.watch(p, left, salience, alignment, deterrences, forces)
    expected = rows.regimes["expected_turnout"]
    change = p.turnout_expectation * (people.participation - expected)
    for challenged in space.challenges.open:
        change[challenged] = 0.0  # they learn week by week
    expected += change


@numba.njit(cache=KEPT, nogil=True)
def _moves(
    rows: RowArray,
    rules: RowArray,
    war_load: float,
    young_share: NDArray[np.float64],
    jolts: NDArray[np.float64],
    out: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Fill in how attitudes drift and jump, and how many are replaced: shape (3, states), as `live` takes it.

    What was to come with the next month's news has then come.

    Parameters
    ----------
    war_load : float
        Of all of Moscow's wars, 0-1.
    young_share, jolts : ndarray, shape (states,)
    out : ndarray, shape (3, states)
    """
    p = rules[0].citizens
    # in full where a regime that depends wholly on Moscow has a legitimacy of one half
    most_blame, most_revulsion = p.sponsorship_blame * 2, p.war_revulsion * war_load
    for state in range(rows.size):
        row, young = rows[state], young_share[state]
        blame = most_blame * row.dependence * (1 - row.legitimacy)
        revulsion = most_revulsion * (1 - p.clan_indifference * row.clan_politics)
        out[0, state] = -blame - revulsion
        home = row.home_attitude - p.cohort_gap * (young - row.home_young_share)
        out[1, state] = p.attitude_return * (home - row.attitude) + jolts[state]
        jolts[state] = 0.0
        growth = row.young_share_growth / 12
        old = 1 - young
        out[2, state] = growth / (old if old > LAST_OLD else LAST_OLD)
    return out


@numba.njit(cache=KEPT, nogil=True)
def _outlook(
    rows: RowArray,
    movements: RowArray,
    rules: RowArray,
    covers: NDArray[np.float64],
    out: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Fill in what citizens decide by: shape (5, states), as `watch` takes it.

    Parameters
    ----------
    covers : ndarray, shape (states,)
        As `deterrence` takes it.
    out : ndarray, shape (5, states)
    """
    p = rules[0].citizens
    for state in range(rows.size):
        row = rows[state]
        left = row.legitimacy - row.spark - efficacy(movements[state], rules[0].learning)
        out[0, state] = left if left > 0.0 else 0.0
        out[1, state] = grievance_salience(row, p)
        out[2, state] = perceived_alignment(row, p)
        out[3, state] = deterrence(row, rules[0], covers[state])
        out[4, state] = force(row, rules[0].regimes)
    return out
