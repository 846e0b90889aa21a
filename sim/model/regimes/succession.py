"""How leaders leave, and where their successors take the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.randomness import Process
from sim.model.regimes.regime import CLOSED, EVERYDAY_TURNOUT, Regime, aged, clamp, classify

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.crisis import Crisis

CLASS_NAMES = {-1: "anti", 0: "neutral", 1: "pro"}
LONG_RULE = 180  # months: after 15 years a leader is expected to go
OLD_AGE = 70  # years
OVERDUE = 4.0  # times as likely a lame duck by then, as `regimes.lame_duck_hazard` states
OPEN_TO_CHANGE = 0.25  # openness from which elections can be lost, as `regimes.turnover_ease` states


def unit(value: float) -> float:
    """Return a value held to the range of alignments, [-1, 1]."""
    return clamp(value, -1.0, 1.0)


def programme_of_the_street(
    space: PostSovietSpace, regime: Regime, crowd: float, help_received: float
) -> float:
    """Return the alignment that an uprising wants, -1 to 1.

    The crowd's own view of Moscow, the pull of ties to the West (Levitsky and Way 2010), and the turn
    against whoever sponsored the fallen regime (claims P3, P5).

    Parameters
    ----------
    crowd : float
        Mean attitude to Moscow of those who act.
    help_received : float
        Rungs of help that Moscow gave the regime in this crisis.
    """
    p = space.parameters.succession
    movement = space.movements[regime.index]
    backed = space.parameters.rivals.campaign_alignment * movement.outside_help * space.west.engagement
    sponsored = p.sponsor_reaction * (regime.dependence + help_received / 4)
    return unit(public_programme(space, regime, crowd) - backed - sponsored)


def public_programme(space: PostSovietSpace, regime: Regime, attitude: float) -> float:
    """Return the alignment that people with a given mean attitude to Moscow would choose.

    Their view of Moscow, and the pull of ties to the West (Levitsky and Way 2010), which clans feel less.
    """
    p = space.parameters.succession
    felt = 1 - p.clan_linkage_discount * regime.clan_politics
    return p.crowd_voice * attitude - p.western_linkage * space.west.pull(regime) * felt


def fall(space: PostSovietSpace, regime: Regime, *, led_by: str, crisis: Crisis | None, why: str) -> None:
    """Bring a regime down and install its successor.

    Parameters
    ----------
    led_by : str
        ``street`` or ``elite``.
    crisis : Crisis or None
        The challenge it fell in, if any.
    """
    p = space.parameters.succession
    uniform = space.luck.draws(Process.SUCCESSOR, space.tick, len(space.regimes), 2)[regime.index][0]
    noise = p.successor_noise * (2 * uniform - 1)
    before = regime.alignment
    space.ledger.note("fall", led_by, regime.code, led_by, before, why)
    line = p.old_line_kept_by_elites * regime.line + noise
    reason = f"elites kept the old line of {regime.line:.2f}"
    if led_by == "street" and crisis is not None:
        crowd = space.crowd_attitude(regime.index)
        programme = programme_of_the_street(space, regime, crowd, crisis.help_received)
        weight = p.programme_weight_party + regime.clan_politics * (
            p.programme_weight_clan - p.programme_weight_party
        )
        line = weight * programme + (1 - weight) * p.old_line_kept * regime.line + noise
        reason = (
            f"the crowd's attitude to Moscow {crowd:.2f}, its programme {programme:.2f} "
            f"with weight {weight:.2f}, the old line {regime.line:.2f}, dependence {regime.dependence:.2f}"
        )
    regime.install(line, legitimacy=space.parameters.regimes.honeymoon, at_once=True)
    space.ledger.note(
        "successor", regime.code, regime.code, CLASS_NAMES[classify(regime.line)], regime.line, reason
    )
    if crisis is None:
        space.crises.settle(regime)


def elite_politics(space: PostSovietSpace) -> None:
    """Let leaders of closed regimes become lame ducks, be removed or hand over (Hale 2005, 2015)."""
    p = space.parameters.regimes
    states = len(space.regimes)
    leaving = space.luck.draws(Process.LEADER_EXIT, space.tick, states, 2)
    coups = space.luck.draws(Process.PALACE_COUP, space.tick, states)
    for regime in space.regimes:
        i = regime.index
        weakened = (1 - regime.cohesion) ** 2 * (p.dual_power_opening if regime.dual_power else 1.0)
        weakened *= p.lame_duck_opening if regime.lame_duck else 1.0
        closed = regime.openness < CLOSED
        if coups[i][0] < p.palace_coup_hazard * weakened * (1 - regime.openness):
            why = f"elite cohesion {regime.cohesion:.2f}" + (
                ", two centres of power" if regime.dual_power else ""
            )
            space.ledger.note("defection", "elites", regime.code, "", regime.cohesion, why)
            fall(space, regime, led_by="elite", crisis=None, why=why)
        elif regime.lame_duck > 0:
            regime.lame_duck -= 1
            if regime.lame_duck == 0:
                hand_over(space, regime, leaving[i][1], died=False)
        elif closed:
            overdue = regime.tenure > LONG_RULE or regime.leader_age > OLD_AGE
            death = p.death_hazard * aged(regime.leader_age)
            if leaving[i][0] < death:
                hand_over(space, regime, leaving[i][1], died=True)
            elif leaving[i][0] < death + p.lame_duck_hazard * (OVERDUE if overdue else 1.0):
                regime.lame_duck = round(p.lame_duck_months)
                space.focal_events.succession(regime)
                space.ledger.note(
                    "succession", regime.code, regime.code, "lame duck", regime.cohesion,
                    f"{regime.tenure / 12:.0f} years in office, age {regime.leader_age:.0f}",
                )  # fmt: skip


def hand_over(
    space: PostSovietSpace, regime: Regime, uniform: float, *, died: bool, line: float | None = None
) -> None:
    """Replace a leader by a chosen heir; one who lives on keeps a second centre of power (claim G5)."""
    p = space.parameters
    detail = "death" if died else "managed"
    why = f"after {regime.tenure / 12:.0f} years in office, age {regime.leader_age:.0f}"
    if line is None:
        noise = 0.5 * p.succession.successor_noise * (2 * uniform - 1)  # half, as that states
        line = p.succession.old_line_kept_by_heirs * regime.line + noise
    regime.install(line, legitimacy=max(regime.legitimacy, p.succession.heir_legitimacy), at_once=False)
    regime.dual_power = 0 if died else round(p.regimes.dual_power_months)
    space.focal_events.succession(regime)
    space.ledger.note("succession", regime.code, regime.code, detail, regime.line, why)
    space.ledger.note(
        "successor", regime.code, regime.code, CLASS_NAMES[classify(regime.line)], regime.line, why
    )


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
    regime.expected_turnout = max(regime.expected_turnout, EVERYDAY_TURNOUT)
    chance = min(max((regime.openness - OPEN_TO_CHANGE) * p.regimes.turnover_ease, 0.0), 1.0) * (
        1 - regime.legitimacy
    )
    lost = turnover if turnover is not None else (line is not None or draws[0] < chance)
    if not lost:
        space.ledger.note(
            "election", regime.code, regime.code, "held", chance, f"chance of losing {chance:.0%}"
        )
        return False
    if line is None:
        swing = p.succession.electoral_swing
        public = unit(public_programme(space, regime, regime.attitude))
        camp = regime.polarisation * (2 * draws[1] - 1)
        line = (1 - swing) * regime.line + swing * public + camp * swing
    space.crises.settle(regime)  # the challenged incumbent is gone
    regime.install(line, legitimacy=max(regime.legitimacy, p.regimes.honeymoon), at_once=False)
    space.ledger.note(
        "election", regime.code, regime.code, "turnover", regime.line, f"chance of losing {chance:.0%}"
    )
    space.ledger.note(
        "successor", regime.code, regime.code, CLASS_NAMES[classify(regime.line)], regime.line,
        f"public attitude {regime.attitude:.2f}",
    )  # fmt: skip
    return True
