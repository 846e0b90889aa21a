"""How alignment moves: the regime's line, the public, rivals in a vacuum, the course toward NATO."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.randomness import Process
from sim.model.regimes.regime import NEUTRAL_BAND, clamp, classify
from sim.model.region.powers import strongest
from sim.model.region.territory import LATENT

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

ACCESSION_COURSE = 0.9  # course at which NATO may take a state in, as `rivals.accession_hazard` states
MOST_COURSE = 0.95  # short of membership, which is 1
NOTABLE_PULL = 0.05  # alignment: below it no rival is told to have gained
DECEMBER = 12
HYSTERESIS = 0.05  # a class changes only when alignment is this far inside the new one


def realign(space: PostSovietSpace) -> None:
    """Move every state's alignment by one month."""
    p = space.parameters.rivals
    missing = space.moscow.absence
    pulls = [(power.name, power.pulls) for power in space.powers]
    for regime in space.regimes:
        regime.drawn_by, regime.drawn = "", 0.0
        if regime.alignment > p.vacuum_until:
            regime.drawn_by, pull = strongest(pulls, regime.index)
            regime.drawn = p.vacuum * (missing + p.presence * regime.unguarded) * pull
        regime.pushed = p.public_pull * regime.openness * (regime.attitude - regime.starting_attitude)
        aim = regime.line - regime.drawn + regime.pushed
        regime.alignment += p.adjustment * (aim - regime.alignment)
        if not -1.0 <= regime.alignment <= 1.0:
            regime.alignment = clamp(regime.alignment, -1.0, 1.0)


def accession(space: PostSovietSpace) -> None:
    """Move every state's course toward NATO; states whose course is far enough may be taken in."""
    for regime in space.regimes:
        _advance_to_nato(space, regime)


def note_classes(space: PostSovietSpace) -> None:
    """Note each December whose alignment class has changed over the year, and who gains."""
    if space.month.month == DECEMBER:
        for regime in space.regimes:
            _note_change(space, regime)


def _advance_to_nato(space: PostSovietSpace, regime: Regime) -> None:
    """Move the course toward NATO: forward for states that head for it, back for states with Moscow."""
    if "NATO" in regime.memberships:
        regime.nato_course = 1.0
        return
    p = space.parameters.rivals
    if regime.nato_course >= ACCESSION_COURSE and invited(space, regime):
        joins = space.numbers.draw(Process.ACCESSION, space.tick, regime.index, len(space.regimes))
        if joins < p.accession_hazard:
            space.alliance.join(regime, "NATO", "accession", nato_course=regime.nato_course)
            return
    if regime.heads_for_nato == (regime.alignment > 0):  # neither, or both at once
        _declare(space, regime)
    if regime.alignment < p.course_from and regime.heads_for_nato:
        course = regime.nato_course + p.nato_advance * space.west.pull(regime)
        if course > p.course_disputed and _disputed(space, regime):
            course = p.course_disputed
        regime.nato_course = max(regime.nato_course, min(course, MOST_COURSE))
    elif regime.alignment > 0:
        regime.nato_course -= p.nato_advance
    regime.nato_course = clamp(regime.nato_course, 0.0, MOST_COURSE)


def _declare(space: PostSovietSpace, regime: Regime) -> None:
    """Let a state declare for NATO: merely unfriendly ones need not (claims M3, M4).

    One far enough against Moscow and within the West's reach does by hazard, and holds to it until it is with
    Moscow.
    """
    p = space.parameters.rivals
    if regime.alignment > 0:
        regime.heads_for_nato = False
    elif (
        not regime.heads_for_nato
        and regime.alignment < p.course_from
        and space.west.pull(regime) >= p.course_exposure
    ):
        uniform = space.numbers.draw(Process.COURSE, space.tick, regime.index, len(space.regimes))
        if uniform < p.course_hazard:
            regime.heads_for_nato = True
            regime.nato_course = max(regime.nato_course, p.course_declared)


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
