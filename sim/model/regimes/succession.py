"""How leaders leave, and where their successors take the state."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numba
import numpy as np
from numpy.typing import NDArray

from sim.model.compiled import BEYOND_COMPILED, KEPT, rule
from sim.model.randomness import Process
from sim.model.regimes.calendar import EXECUTIVE
from sim.model.regimes.regime import CLOSED, EVERYDAY_TURNOUT, Regime, aged, clamp, classify
from sim.model.rows import Numbers, RowArray

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.challenge import OpenChallenge

CLASS_NAMES = {-1: "anti", 0: "neutral", 1: "pro"}
LONG_RULE = 180  # months: after 15 years a leader is expected to go
OLD_AGE = 70  # years
OVERDUE = 4.0  # times as likely a lame duck by then, as `regimes.lame_duck_hazard` states
OPEN_TO_CHANGE = 0.25  # openness from which elections can be lost, as `regimes.turnover_ease` states


def unit(value: float) -> float:
    """Return a value held to the range of alignments, [-1, 1]."""
    return clamp(value, -1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Programme:
    """The alignment that those want who bring a new leader in, by its parts.

    Parameters
    ----------
    attitude_part : float
        Of their view of Moscow.
    ties_part : float
        Of ties to the West, 0 or less.
    campaign_part : float
        Of help from the West to the movement, 0 or less.
    sponsor_part : float
        Of Moscow's backing of the fallen regime, 0 or less.
    """

    attitude_part: float
    ties_part: float
    campaign_part: float = 0.0
    sponsor_part: float = 0.0

    @property
    def line(self) -> float:
        """The sum of the parts, held to -1 to 1."""
        return unit(self.attitude_part + self.ties_part + self.campaign_part + self.sponsor_part)


def programme_of_the_street(
    space: PostSovietSpace, regime: Regime, crowd: float, help_received: float
) -> Programme:
    """Return the alignment that a challenge wants.

    The crowd's own view of Moscow, the pull of ties to the West (Levitsky and Way 2010), and the turn
    against whoever sponsored the fallen regime (claims P3, P5).

    Parameters
    ----------
    crowd : float
        Mean attitude to Moscow of those who act.
    help_received : float
        Rungs of help that Moscow gave the regime in this challenge.
    """
    p = space.parameters.succession
    movement = space.movements[regime.index]
    backed = space.parameters.rivals.campaign_alignment * movement.outside_help * space.west.engaged(regime)
    sponsored = p.sponsor_reaction * (regime.dependence + help_received / 4)
    public = public_programme(space, regime, crowd)
    return Programme(public.attitude_part, public.ties_part, -backed, -sponsored)


def public_programme(space: PostSovietSpace, regime: Regime, attitude: float) -> Programme:
    """Return the alignment that people with a given mean attitude to Moscow would choose.

    Their view of Moscow, and the pull of ties to the West (Levitsky and Way 2010), which clans feel less.
    """
    p = space.parameters.succession
    felt = 1 - p.clan_linkage_discount * regime.clan_politics
    return Programme(p.crowd_voice * attitude, -(p.western_linkage * space.west.pull(regime) * felt))


def line_parts(old_line: float, old_kept: float, programme: float, weight: float) -> tuple[float, float]:
    """Return what the old line and what a programme give to a new leader's line, before chance.

    Parameters
    ----------
    old_line, programme : float
        Alignments, -1 to 1.
    old_kept : float
        Share of the old line that is kept.
    weight : float
        Of the programme, 0-1.
    """
    return (1 - weight) * old_kept * old_line, weight * programme


def fall(
    space: PostSovietSpace,
    regime: Regime,
    *,
    led_by: str,
    within: OpenChallenge | None,
    cause: str,
    chance: float,
    **facts: float,
) -> None:
    """Bring a regime down and install its successor.

    Parameters
    ----------
    led_by : str
        ``street`` or ``elite``.
    within : OpenChallenge or None
        The challenge it fell in, if any.
    cause : str
        A cause of the event ``fall``.
    chance : float
        With which it was drawn.
    **facts
        Other facts of the event.
    """
    p = space.parameters.succession
    uniform = space.numbers.draw(Process.SUCCESSOR, space.tick, regime.index, len(space.regimes), 2)
    noise = p.successor_noise * (2 * uniform - 1)
    space.ledger.note(
        "fall", led_by, regime.code, led_by, regime.alignment, cause=cause, chance=chance,
        cohesion=regime.cohesion, **facts,
    )  # fmt: skip
    old_kept, wanted, weight = p.old_line_kept_by_elites, 0.0, 0.0
    parts: dict[str, float] = {}
    if led_by == "street" and within is not None:
        crowd = space.crowd_attitude(regime.index)
        programme = programme_of_the_street(space, regime, crowd, within.help_received)
        wanted = programme.line
        weight = p.programme_weight_party + regime.clan_politics * (
            p.programme_weight_clan - p.programme_weight_party
        )
        old_kept = p.old_line_kept
        parts = {
            **asdict(programme), "programme": wanted, "weight": weight, "attitude": crowd,
            "dependence": regime.dependence, "help_rungs": within.help_received,
        }  # fmt: skip
    of_old, of_programme = line_parts(regime.line, old_kept, wanted, weight)
    line = of_old + of_programme + noise
    if within is not None:
        parts["challenge"] = within.record.number
    old_line = regime.line
    regime.install(line, legitimacy=space.parameters.regimes.honeymoon, at_once=True)
    _note_successor(space, regime, led_by, old_line, chance_part=noise, old_kept=old_kept, **parts)
    if within is None:
        space.challenges.settle(regime)
    else:
        record = within.record
        record.falls.append(led_by)
        record.fall_ticks.append(space.tick)
        record.successors.append(CLASS_NAMES[classify(regime.line)])
        record.successor_lines.append(regime.line)


def _note_successor(
    space: PostSovietSpace, regime: Regime, cause: str, old_line: float, **facts: float
) -> None:
    """Note the new leader, who has just been put in place, and where the line comes from."""
    space.ledger.note(
        "successor", regime.code, regime.code, CLASS_NAMES[classify(regime.line)], regime.line, cause=cause,
        old_line=old_line, line_limit=regime.kept_line, **facts,
    )  # fmt: skip


@rule
def coup_chance(p: Numbers, cohesion: float, openness: float, dual_power: bool, lame_duck: bool) -> float:
    """Return the chance of a month that split elites remove a leader in quiet times (Hale 2005, 2015).

    Parameters
    ----------
    p : RegimeParameters
    cohesion, openness : float
        Of the regime, 0-1.
    dual_power : bool
        Whether two centres of power stand against each other.
    lame_duck : bool
        Whether the leader is expected to go.
    """
    weakened = (1 - cohesion) ** 2 * (p.dual_power_opening if dual_power else 1.0)
    weakened *= p.lame_duck_opening if lame_duck else 1.0
    chance: float = p.palace_coup_hazard * weakened * (1 - openness)
    return chance


@rule
def death_chance(row: Numbers, p: Numbers) -> float:
    """Return the chance of a month that a leader dies."""
    death: float = p.death_hazard * aged(row.leader_age)
    return death if row.openness < CLOSED else p.death_in_open * death


@rule
def lame_duck_chance(row: Numbers, p: Numbers) -> float:
    """Return the chance of a month that the leader of a closed regime is expected to go; 0 in open ones."""
    if row.openness >= CLOSED:
        return 0.0
    overdue = row.tenure > LONG_RULE or row.leader_age > OLD_AGE
    chance: float = p.lame_duck_hazard * (OVERDUE if overdue else 1.0)
    return chance


@numba.njit(cache=KEPT, nogil=True)
def stirred(
    rows: RowArray, rules: RowArray, exits: NDArray[np.float64], coups: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the states whose elites may do something this month.

    Parameters
    ----------
    exits, coups : ndarray, shape (states,)
        Draws of `LEADER_EXIT` and `PALACE_COUP`.
    """
    p = rules[0].regimes
    found, count = np.empty(rows.size, np.int64), 0
    for i in range(rows.size):
        row = rows[i]
        leaves = death_chance(row, p) + lame_duck_chance(row, p)
        ousted = coup_chance(p, row.cohesion, row.openness, row.dual_power > 0, row.lame_duck > 0)
        may_go = exits[i] < leaves * BEYOND_COMPILED or coups[i] < ousted * BEYOND_COMPILED
        if may_go or row.lame_duck > 0:
            found[count] = i
            count += 1
    return found[:count]


def elite_politics(space: PostSovietSpace) -> None:
    """Let leaders die, and those of closed regimes become lame ducks, be removed or hand over (Hale 2015)."""
    p = space.parameters.regimes
    states = len(space.regimes)
    numbers = space.numbers
    asked = stirred(
        space.rows.regimes, space.rules, numbers.month(Process.LEADER_EXIT, space.tick, states, 2),
        numbers.month(Process.PALACE_COUP, space.tick, states),
    )  # fmt: skip
    for regime in [space.regimes[i] for i in asked.tolist()]:
        i = regime.index
        exits, ousts = (
            numbers.draw(Process.LEADER_EXIT, space.tick, i, states, 2),
            numbers.draw(Process.PALACE_COUP, space.tick, i, states),
        )
        coup = coup_chance(p, regime.cohesion, regime.openness, regime.dual_power > 0, regime.lame_duck > 0)
        if ousts < coup:
            standing = {
                "openness": regime.openness, "dual_power": regime.dual_power, "lame_duck": regime.lame_duck,
            }  # fmt: skip
            space.ledger.note(
                "defection", "elites", regime.code, "", regime.cohesion, chance=coup,
                cohesion=regime.cohesion, **standing,
            )  # fmt: skip
            fall(space, regime, led_by="elite", within=None, cause="palace coup", chance=coup, **standing)
        elif regime.lame_duck > 0:
            regime.lame_duck -= 1
            if regime.lame_duck == 0:
                hand_over(space, regime, _heir(space, regime), died=False, cause="due")
        elif exits < (death := death_chance(regime, p)):
            hand_over(space, regime, _heir(space, regime), died=True, cause="drawn", chance=death)
        elif exits < (chance := death + lame_duck_chance(regime, p)):
            regime.lame_duck = round(p.lame_duck_months)
            space.focal_events.succession(regime)
            space.ledger.note(
                "succession", regime.code, regime.code, "lame duck", regime.cohesion, cause="drawn",
                chance=chance - death, tenure=regime.tenure / 12, age=regime.leader_age,
            )  # fmt: skip


def _heir(space: PostSovietSpace, regime: Regime) -> float:
    """Return the draw of an heir's line."""
    return space.numbers.draw(Process.LEADER_EXIT, space.tick, regime.index, len(space.regimes), 2, 1)


def hand_over(
    space: PostSovietSpace,
    regime: Regime,
    uniform: float,
    *,
    died: bool,
    cause: str,
    line: float | None = None,
    **facts: float,
) -> None:
    """Replace a leader by a chosen heir; one who lives on keeps a second centre of power (claim G5).

    Parameters
    ----------
    uniform : float
        Draw in (0, 1) of the heir's line.
    died : bool
    cause : str
        A cause of the event ``succession``.
    line : float, optional
        Alignment the heir seeks, where a scenario sets it.
    **facts
        Other facts of the event.
    """
    p = space.parameters
    detail = "death" if died else "managed"
    leader = {"tenure": regime.tenure / 12, "age": regime.leader_age}
    old_line, parts = regime.line, {}
    if line is None:
        noise = 0.5 * p.succession.successor_noise * (2 * uniform - 1)  # half, as that states
        line = p.succession.old_line_kept_by_heirs * regime.line + noise
        parts = {"chance_part": noise, "old_kept": p.succession.old_line_kept_by_heirs}
    regime.install(line, legitimacy=max(regime.legitimacy, p.succession.heir_legitimacy), at_once=False)
    regime.dual_power = 0 if died else round(p.regimes.dual_power_months)
    space.focal_events.succession(regime)
    space.ledger.note(
        "succession", regime.code, regime.code, detail, regime.line, cause=cause, **leader, **facts
    )
    _note_successor(space, regime, "heir", old_line, **leader, **parts)


def hold_election(
    space: PostSovietSpace, regime: Regime, draws: list[float], *, line: float | None, turnover: bool | None
) -> bool:
    """Hold an election of the chief executive; return whether the incumbent lost.

    Open elections can be lost, the likelier the less legitimate the incumbent; closed ones cannot, and
    become focal points (Tucker 2007). In a divided public the winner's camp sets the line (claim M10).

    Parameters
    ----------
    draws : list of float
        Two uniforms: the result, and the winner's camp.
    line : float or None
        Alignment the winner seeks, where a scenario sets it.
    turnover : bool or None
        Result, where a scenario sets it.
    """
    p = space.parameters
    regime.months_since_election = 0
    space.calendar.held(regime, EXECUTIVE)
    regime.expected_turnout = max(regime.expected_turnout, EVERYDAY_TURNOUT)
    chance = min(max((regime.openness - OPEN_TO_CHANGE) * p.regimes.turnover_ease, 0.0), 1.0) * (
        1 - regime.legitimacy
    )
    lost = turnover if turnover is not None else (line is not None or draws[0] < chance)
    cause = "calendar" if line is None and turnover is None else "scenario"
    if not lost:
        space.ledger.note("election", regime.code, regime.code, "held", chance, cause=cause, chance=chance)
        return False
    old_line, parts = regime.line, {}
    if line is None:
        swing = p.succession.electoral_swing
        public = public_programme(space, regime, regime.attitude)
        camp = regime.polarisation * (2 * draws[1] - 1)
        of_old, of_programme = line_parts(regime.line, 1.0, public.line, swing)
        line = of_old + of_programme + camp * swing
        parts = {
            **asdict(public), "programme": public.line, "weight": swing, "old_kept": 1.0,
            "chance_part": camp * swing,
        }  # fmt: skip
    space.challenges.settle(regime)  # the challenged incumbent is gone
    regime.install(line, legitimacy=max(regime.legitimacy, p.regimes.honeymoon), at_once=False)
    space.ledger.note(
        "election", regime.code, regime.code, "turnover", regime.line, cause=cause, chance=chance
    )
    _note_successor(space, regime, "election", old_line, attitude=regime.attitude, **parts)
    return True
