"""Why a regime fell: from the months before to the line of its successor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.explain.challenge import (
    Section,
    answer,
    at_defection,
    crowd,
    earlier,
    moscow,
    opening,
    services,
    stocks,
)
from sim.explain.one_run import OneRun
from sim.explain.sentences import sentence
from sim.explain.words import leaning, listed, number, percent
from sim.measures.challenges import Challenge, EventRow

_SCALE_END = 0.995  # alignments end at -1 and 1
_ROUNDING = 0.02  # the ledger's reasons have two decimals, and so have the parts
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
    """Tell where the successor stands, and the parts of its line by the model's rule."""
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
    line, aligned, p = float(event["value"]), float(fall["value"]), run.parameters.succession
    why = event["why"]
    programme, weight = number(why, "programme"), number(why, "weight")
    by_elites = math.isnan(programme)
    old = number(why, "old line of" if by_elites else "old line")
    head = (
        f"The successor {leaning(event['detail'])}: it seeks an alignment of {line:+.2f}. The line before, "
        f"which the fallen leader sought, was {old:+.2f}; the state stood at {aligned:+.2f} by then."
    )
    if by_elites:
        share = p.old_line_kept_by_elites
        kept = _Part(share * old, f"of the line before ({share:.3f} × {old:+.2f})")
        return [head, f"What elites kept {kept.told}; {_luck(line, [kept], p.successor_noise)}"]
    attitude, dependence = number(why, "attitude to Moscow"), number(why, "dependence")
    helped = sum(_RUNGS.get(e["detail"], 0) for e in challenge.of_kind("instrument")) if challenge else 0
    backing = f"dependence {dependence:.2f}"
    backing = f"({backing} + {helped} rungs of help / 4)" if helped else backing
    crowd_says = _Part(
        p.crowd_voice * attitude,
        f"the crowd's own attitude to Moscow ({p.crowd_voice:.3f} × {attitude:+.2f})",
    )
    sponsor = _Part(
        -p.sponsor_reaction * (dependence + helped / 4),
        f"Moscow's sponsorship of the fallen regime (-{p.sponsor_reaction:.3f} × {backing})",
    )
    share = (1 - weight) * p.old_line_kept
    wanted = _Part(weight * programme, f"the programme ({weight:.2f} × {programme:+.2f})")
    kept = _Part(share * old, f"the line before ({1 - weight:.2f} × {p.old_line_kept:.3f} kept × {old:+.2f})")
    return [
        head,
        _programme(programme, crowd_says, sponsor),
        f"The new line: {wanted.told}; {kept.told}; {_luck(line, [wanted, kept], p.successor_noise)}",
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """One term of a sum as it is told: rounded first, so that what is told adds up."""

    exact: float
    what: str

    @property
    def value(self) -> float:
        """To two decimals."""
        return round(self.exact, 2)

    @property
    def told(self) -> str:
        """What it is, and what it gives."""
        return f"{self.what} gives {self.value:+.2f}"


def _programme(programme: float, crowd: _Part, sponsor: _Part) -> str:
    """Tell the parts of the street's programme; the last is what the others leave."""
    parts = f"The street's programme was {programme:+.2f}: {crowd.told}; {sponsor.told}; "
    others = "ties to the West and whoever helped from there"
    if abs(programme) >= _SCALE_END:
        return f"{parts}the rest is {others}, and a sum beyond the scale is cut to its end."
    return f"{parts}{others} give the rest, {programme - crowd.value - sponsor.value:+.2f}."


def _luck(line: float, parts: Sequence[_Part], noise: float) -> str:
    """Tell what of a line is luck; the scale may cut it, or what coercion left open."""
    rest = round(line, 2) - sum(part.value for part in parts)
    cut = abs(line) >= _SCALE_END or abs(rest) > noise + _ROUNDING
    limits = f" (at most {noise:.2f} either way{', cut to what is possible' if cut else ''})"
    return f"luck{limits} gives {rest:+.2f}. Together {line:+.2f}."
