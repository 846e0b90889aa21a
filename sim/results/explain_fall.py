"""Why a regime fell: from the months before to the line of its successor."""

from __future__ import annotations

import math

from sim.results.background import Section, crowd, earlier, opening, stocks
from sim.results.challenges import Challenge, EventRow
from sim.results.explain_challenge import answer, at_defection, moscow, services
from sim.results.one_run import OneRun
from sim.results.sentences import sentence
from sim.results.words import LEANINGS, listed, number, percent

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
    leaning = LEANINGS.get(event["detail"], event["detail"])
    head = f"The successor {leaning}: it seeks an alignment of {line:+.2f}, after {before:+.2f}."
    why = event["why"]
    programme, weight = number(why, "programme"), number(why, "weight")
    if math.isnan(programme):
        old = number(why, "old line of")
        kept = p.old_line_kept_by_elites * old
        return [
            head,
            f"Elites kept {p.old_line_kept_by_elites:.0%} of the old line of {old:+.2f}, which gives "
            f"{kept:+.2f}; luck gives {line - kept:+.2f}.",
        ]
    attitude, old = number(why, "attitude to Moscow"), number(why, "old line")
    dependence = number(why, "dependence")
    helped = sum(_RUNGS.get(e["detail"], 0) for e in challenge.of_kind("instrument")) if challenge else 0
    sponsor = p.sponsor_reaction * (dependence + helped / 4)
    west = p.crowd_voice * attitude - sponsor - programme
    rest = (1 - weight) * p.old_line_kept * old
    held = ", and help in the challenge" if helped else ""
    return [
        head,
        f"The street's programme was {programme:+.2f}: {p.crowd_voice * attitude:+.2f} for the crowd's own "
        f"attitude to Moscow ({attitude:+.2f}), {-sponsor:+.2f} for Moscow's sponsorship of the fallen "
        f"regime (dependence {dependence:.2f}{held}), and {-west:+.2f} for ties to the West and whoever "
        "helped from there.",
        f"It has a weight of {weight:.0%}, which gives {weight * programme:+.2f}; what is kept of the old "
        f"line of {old:+.2f} gives {rest:+.2f}; luck gives {line - weight * programme - rest:+.2f}.",
    ]
