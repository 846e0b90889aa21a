"""How alignment moves: the regime's line, the public, rivals in a vacuum, the course toward NATO."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import KEPT
from sim.model.randomness import Process
from sim.model.regimes.regime import NEUTRAL_BAND, NOBODY, clamp, classify, unguarded
from sim.model.region.powers import strongest
from sim.model.rows import RowArray
from sim.series import LATENT

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

ACCESSION_COURSE = 0.9  # course at which NATO may take a state in, as `rivals.accession_hazard` states
MOST_COURSE = 0.95  # short of membership, which is 1
OUTSIDE, TAKEN_IN, MEMBER = range(3)  # a state's place with NATO
NOTABLE_PULL = 0.05  # alignment: below it no rival is told to have gained
DECEMBER = 12
HYSTERESIS = 0.05  # a class changes only when alignment is this far inside the new one


def realign(space: PostSovietSpace) -> None:
    """Move every state's alignment by one month."""
    _realign(space.rows.regimes, space.rules, space.pulls, space.moscow.absence)


@numba.njit(cache=KEPT, nogil=True)
def _realign(rows: RowArray, rules: RowArray, pulls: NDArray[np.float64], missing: float) -> None:
    """Move every state's alignment toward its line, less what rivals draw, and what the public adds.

    Parameters
    ----------
    pulls : ndarray, shape (powers, states)
    missing : float
        How far Moscow is not there, 0-1.
    """
    p = rules[0].rivals
    for state in range(rows.size):
        row = rows[state]
        row.drawn_to, row.drawn = NOBODY, 0.0
        if row.alignment > p.vacuum_until:
            row.drawn_to, pull = strongest(pulls, state)
            row.drawn = p.vacuum * (missing + p.presence * unguarded(row, p)) * pull
        row.pushed = p.public_pull * row.openness * (row.attitude - row.starting_attitude)
        aim = row.line - row.drawn + row.pushed
        row.alignment += p.adjustment * (aim - row.alignment)
        row.alignment = clamp(row.alignment, -1.0, 1.0)


def accession(space: PostSovietSpace) -> None:
    """Move every state's course toward NATO; states whose course is far enough may be taken in."""
    p, states = space.parameters.rivals, len(space.regimes)
    place = np.zeros(states, np.int8)
    for regime in space.regimes:
        if "NATO" in regime.memberships:
            place[regime.index] = MEMBER
    if space.numbers.lowest(Process.ACCESSION, space.tick, states) < p.accession_hazard:
        for regime in space.regimes:
            if not place[regime.index] and _taken_in(space, regime):
                place[regime.index] = TAKEN_IN
    uniforms = space.numbers.month(Process.COURSE, space.tick, states)
    _advance(space.rows.regimes, space.rules, space.pulls[0], place, _in_dispute(space), uniforms)


def _taken_in(space: PostSovietSpace, regime: Regime) -> bool:
    """Take a state into NATO that is about to be, by hazard; return whether it is."""
    if not invited(space, regime):
        return False
    joins = space.numbers.draw(Process.ACCESSION, space.tick, regime.index, len(space.regimes))
    if joins >= space.parameters.rivals.accession_hazard:
        return False
    space.alliance.join(regime, "NATO", "accession", nato_course=regime.nato_course)
    return True


@numba.njit(cache=KEPT, nogil=True)
def _advance(
    rows: RowArray,
    rules: RowArray,
    west: NDArray[np.float64],
    place: NDArray[np.int8],
    disputed: NDArray[np.bool_],
    uniforms: NDArray[np.float64],
) -> None:
    """Move the course toward NATO: forward for states that head for it, back for states with Moscow.

    Merely unfriendly states need not declare for it (claims M3, M4): one far enough against Moscow and within
    the West's reach does by hazard, and holds to it until it is with Moscow.

    Parameters
    ----------
    west : ndarray, shape (states,)
        Its pull on each.
    place, disputed : ndarray, shape (states,)
        OUTSIDE, TAKEN_IN this month or MEMBER; whether a dispute keeps NATO from taking a state in.
    uniforms : ndarray, shape (states,)
        Draws that say which states declare.
    """
    p = rules[0].rivals
    for state in range(rows.size):
        row, pull = rows[state], west[state]
        if place[state] == MEMBER:
            row.nato_course = 1.0
        if place[state] != OUTSIDE:
            continue
        if row.alignment > 0:
            row.heads_for_nato = False
        elif not row.heads_for_nato:
            free = row.alignment < p.course_from and pull >= p.course_exposure
            if free and uniforms[state] < p.course_hazard:
                row.heads_for_nato = True
                row.nato_course = max(row.nato_course, p.course_declared)
        if row.alignment < p.course_from and row.heads_for_nato:
            course = row.nato_course + p.nato_advance * pull
            if course > p.course_disputed and disputed[state]:
                course = p.course_disputed
            row.nato_course = max(row.nato_course, min(course, MOST_COURSE))
        elif row.alignment > 0:
            row.nato_course -= p.nato_advance
        row.nato_course = clamp(row.nato_course, 0.0, MOST_COURSE)


def note_classes(space: PostSovietSpace) -> None:
    """Note each December whose alignment class has changed over the year, and who gains."""
    if space.month.month == DECEMBER:
        for regime in space.regimes:
            _note_change(space, regime)


def invited(space: PostSovietSpace, regime: Regime) -> bool:
    """Return whether NATO is about to take a state in: its course is far and nothing is in dispute."""
    return regime.nato_course >= ACCESSION_COURSE and not _disputed(space, regime)


def nearness_to_nato(space: PostSovietSpace, regime: Regime) -> float:
    """Return how far a state has come from Moscow's red line to NATO's door, 0-1; 0 with a dispute open."""
    red_line = space.parameters.war.red_line
    if red_line >= ACCESSION_COURSE or _disputed(space, regime):
        return 0.0
    return clamp((regime.nato_course - red_line) / (ACCESSION_COURSE - red_line), 0.0, 1.0)


def _disputed(space: PostSovietSpace, regime: Regime) -> bool:
    """Return whether war or an unsettled territory keeps NATO from taking a state in."""
    if regime.code in space.wars.active:
        return True
    return any(t.host is regime and t.status != LATENT for t in space.territories)


def _in_dispute(space: PostSovietSpace) -> NDArray[np.bool_]:
    """Return where a state is `_disputed`, shape (states,)."""
    disputed = np.zeros(len(space.regimes), np.bool_)
    for territory in space.territories:
        if territory.status != LATENT:
            disputed[territory.host.index] = True
    for code in space.wars.active:
        disputed[space.regime(code).index] = True
    return disputed


def _note_change(space: PostSovietSpace, regime: Regime) -> None:
    """Note a change of class, and who gains: a rival only if it drew the state away by a notable amount."""
    now = classify(regime.alignment)
    was = regime.alignment_class
    edge = min(abs(regime.alignment - NEUTRAL_BAND), abs(regime.alignment + NEUTRAL_BAND))
    if now == was or edge < HYSTERESIS:
        return
    regime.alignment_class = now
    if now > was:
        gains = "Moscow"
    elif regime.drawn > NOTABLE_PULL:
        gains = regime.drawn_by
    else:
        gains = "West" if now < 0 else "nobody"
    space.ledger.note(
        "realignment", gains, regime.code, "toward" if now > was else "away", regime.alignment,
        line=regime.line, attitude=regime.attitude, free_capacity=space.moscow.free_capacity,
        drawn=regime.drawn, public=regime.pushed,
    )  # fmt: skip


def turned_by_coercion(space: PostSovietSpace, regime: Regime, loss: float) -> None:
    """Turn a state's line away after Moscow's coercion; part of the turn is kept for good (claim P7).

    Parameters
    ----------
    loss : float
        In units of alignment.
    """
    regime.line = max(regime.line - loss, -1.0)
    regime.kept_line = max(regime.kept_line - space.parameters.rivals.ratchet * loss, -1.0)
