"""Why a regime fell: from the months before to the line of its successor."""

from __future__ import annotations

import math

from sim.results.background import Section, crowd, earlier, opening, stocks
from sim.results.challenges import Challenge, EventRow
from sim.results.explain_challenge import answer, at_defection, moscow, services
from sim.results.one_run import OneRun
from sim.results.sentences import sentence
from sim.results.words import leaning, listed, number, percent

_SCALE_END = 0.995  # alignments end at -1 and 1
_ROUNDING = 0.01  # the ledger's reasons have two decimals
_AND_HELP = ", and help in the challenge"
_RUNGS = {"political_support": 1, "loan": 2, "security_help": 3, "csto_deployment": 4}


def sections(run: OneRun, state: str, fall: EventRow, challenge: Challenge | None) -> tuple[Section, ...]:
    """Tell a fall.

    Parameters
    ----------
    run : OneRun
    state : str
    fall : dict
        Its row of ``events.parquet``.
    challenge : Challenge or None
        In which the regime fell; None if its elite removed it in quiet times.
    """
    tick = int(fall["tick"])
    first = int(challenge.opened["tick"]) if challenge else tick
    before = Section(
        "The months before",
        (*stocks(run, state, max(first - 1, 0)), *earlier(run, state, first, challenge)),
    )
    end = Section("The fall", (_fall(run, state, fall, challenge),))
    after = Section("The successor", tuple(_successor(run, state, fall, challenge)))
    if challenge is None:
        return before, Section("The elite", tuple(_elite(run, state, fall))), end, after
    return (
        before,
        Section("The trigger", (opening(challenge), crowd(run, state, first, tick))),
        Section("The regime's answer", tuple(answer(run, challenge))),
        Section("Moscow", tuple(moscow(run, challenge))),
        Section("The services", (*services(run, challenge, tick), *_turned(run, challenge))),
        end,
        after,
    )


def _turned(run: OneRun, challenge: Challenge) -> list[str]:
    event = challenge.first("defection")
    if event is None:
        return ["They did not turn."]
    weekly = run.parameters.crises.fall_after_defection
    return [sentence(event), f"Once they turn, a regime falls with a chance of {weekly:.0%} a week."]


def _fall(run: OneRun, state: str, fall: EventRow, challenge: Challenge | None) -> str:
    line = sentence(fall)
    if challenge is None or at_defection(run, challenge) is not None:
        return line
    if fall["detail"] == "elite":
        clans = run.start[state].record.clan_politics
        return f"{line} Rival clans used the discontent to settle accounts (clan politics {clans:g})."
    return f"{line} It went without a defection, which is rare."


def _elite(run: OneRun, state: str, fall: EventRow) -> list[str]:
    """Tell a removal in quiet times: its monthly chance by the model's rule."""
    tick = int(fall["tick"])
    cohesion = number(fall["why"], "elite cohesion")
    if math.isnan(cohesion):
        cohesion = run.value(state, "cohesion", tick - 1)
    openness = run.openness(state, tick)
    base = run.parameters.regimes.palace_coup_hazard * (1 - cohesion) ** 2 * (1 - openness)
    doubled = ["the leader was a lame duck"] if _lame_duck(run, state, tick) else []
    if "two centres of power" in fall["why"]:
        doubled.append("two centres of power stood against each other")
    more = f", more because {listed(doubled)}" if doubled else ""
    year = 1 - (1 - base) ** 12
    return [
        f"Split elites removed the leader while the street was quiet: with elite cohesion {cohesion:.2f} and "
        f"openness {openness:.2f} the chance was {percent(base)} a month, {percent(year)} a year{more}."
    ]


def _lame_duck(run: OneRun, state: str, tick: int) -> bool:
    """Whether a succession was open: the last event of the leader's term opened it."""
    last = ""
    for event in run.events:
        if event["target"] == state and event["tick"] < tick and event["kind"] in ("succession", "successor"):
            last = "lame duck" if event["detail"] == "lame duck" else ""
    return bool(last)


def _successor(run: OneRun, state: str, fall: EventRow, challenge: Challenge | None) -> list[str]:
    """Tell where the successor turns, and the parts of its line by the model's rule."""
    event = next(
        (
            e
            for e in run.events
            if e["kind"] == "successor" and e["target"] == state and e["tick"] == fall["tick"]
        ),
        None,
    )
    if event is None:
        return []
    line, before, p = float(event["value"]), float(fall["value"]), run.parameters.succession
    turns = leaning(event["detail"])
    head = f"The successor {turns}: it seeks an alignment of {line:+.2f}, after {before:+.2f}."
    why = event["why"]
    programme, weight = number(why, "programme"), number(why, "weight")
    if math.isnan(programme):
        old = number(why, "old line of")
        kept = p.old_line_kept_by_elites * old
        return [
            head,
            f"Elites kept {p.old_line_kept_by_elites:.0%} of the old line of {old:+.2f}, which gives "
            f"{kept:+.2f}; " + _luck(line - kept, line, p.successor_noise),
        ]
    dependence, old = number(why, "dependence"), number(why, "old line")
    helped = sum(_RUNGS.get(e["detail"], 0) for e in challenge.of_kind("instrument")) if challenge else 0
    crowd_says = p.crowd_voice * number(why, "attitude to Moscow")
    sponsor = p.sponsor_reaction * (dependence + helped / 4)
    kept = (1 - weight) * p.old_line_kept * old
    return [
        head,
        _programme(
            programme, crowd_says, sponsor, f"dependence {dependence:.2f}{_AND_HELP if helped else ''}"
        ),
        f"It has a weight of {weight:.0%}, which gives {weight * programme:+.2f}; what is kept of the old "
        f"line of {old:+.2f} gives {kept:+.2f}; "
        + _luck(line - weight * programme - kept, line, p.successor_noise),
    ]


def _programme(programme: float, crowd_says: float, sponsor: float, why: str) -> str:
    """Tell the parts of the street's programme; the last is what the others leave."""
    parts = (
        f"The street's programme was {programme:+.2f}: {crowd_says:+.2f} for the crowd's own attitude to "
        f"Moscow, {-sponsor:+.2f} for Moscow's sponsorship of the fallen regime ({why}), and "
    )
    if abs(programme) >= _SCALE_END:
        return parts + "ties to the West; more than the scale holds, so the sum is cut to its end."
    west = programme - crowd_says + sponsor
    return parts + f"{west:+.2f} for ties to the West and whoever helped from there."


def _luck(rest: float, line: float, noise: float) -> str:
    """Tell what of a line is luck; the scale may cut it, or what coercion left open."""
    cut = abs(line) >= _SCALE_END or abs(rest) > noise + _ROUNDING
    return f"luck{', cut to what is possible,' if cut else ''} gives {rest:+.2f}."
