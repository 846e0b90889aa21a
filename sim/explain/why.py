"""Why a regime fell, or survived: the chain of causes in one run, from its own events and series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.errors import ResultsError
from sim.explain.course import (
    Section,
    answer,
    at_defection,
    crowd,
    earlier,
    ending,
    gravest,
    moscow,
    rescue,
    risk,
    services,
    stocks,
    weeks,
    worst_month,
)
from sim.explain.one_run import OneRun, Rise, check_state
from sim.explain.story import tell
from sim.explain.words import capital, counted, leaning, listed, month_name, percent, times
from sim.measures.falls import falls_among
from sim.model.regimes.succession import coup_chance, line_parts
from sim.model.regimes.week import defection_risk
from sim.model.trace import Event
from sim.scenario.states import STATE_NAMES


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a regime fell, or survived.

    Parameters
    ----------
    title : str
    sections : tuple of Section
        From the months before to the successor, or to what saved the regime.
    """

    title: str
    sections: tuple[Section, ...]


def explain(run: OneRun, state: str | None = None, fall: int = 1) -> Explanation:
    """Explain why a regime fell, or survived.

    Parameters
    ----------
    run : OneRun
    state : str, optional
        A code or a name; without it the state that fell first, or that came nearest.
    fall : int
        Which of the state's falls, from 1.

    Returns
    -------
    Explanation

    Raises
    ------
    ResultsError
        If there is no such state, or it fell fewer times.
    """
    code = check_state(run, state) if state is not None else _most_telling(run)
    name, which = STATE_NAMES[code], f"{run.scenario.name}, replicate {run.replicate}"
    falls = falls_among(run.events, states=(code,))
    mine = [rise for rise in run.rises if rise.state == code]
    if fall > max(len(falls), 1):
        fell = f"fell {times(len(falls))}" if falls else "did not fall"
        raise ResultsError(f"{name} {fell} in {which}: there is no fall {fall}")
    if not falls:
        span = f"from {month_name(run.month(0))} to {month_name(str(run.scenario.last))}"
        title = f"The regime of {name} did not fall {span} ({which})"
        return Explanation(title, _survival(run, code, mine))
    event = falls[fall - 1]
    by = "the street" if event.detail == "street" else "its elite"
    title = f"The incumbent of {name} fell to {by} in {month_name(run.month(event.tick))} ({which})"
    rise = next((rise for rise in mine if any(e is event for e in rise.events)), None)
    return Explanation(title, (*_fall(run, code, event, rise), *_others(run, falls, fall)))


def _most_telling(run: OneRun) -> str:
    """Return the state that fell first; where none fell, the one nearest to it."""
    first = next(iter(falls_among(run.events)), None)
    if first is not None:
        return first.target
    if run.rises:
        return gravest(run, run.rises).state
    return max(run.states, key=lambda code: float(run.series[code]["participation"].max()))


def _others(run: OneRun, falls: Sequence[Event], told: int) -> tuple[Section, ...]:
    others = [
        f"{month_name(run.month(event.tick))} (to the {event.detail}; --fall {number})"
        for number, event in enumerate(falls, 1)
        if number != told
    ]
    return (Section("Other falls", (capital(f"it also fell in {listed(others)}."),)),) if others else ()


# -- why a regime survived: the rise of the street that came nearest, and what saved it -------------


def _survival(run: OneRun, state: str, mine: Sequence[Rise]) -> tuple[Section, ...]:
    """Tell a survival.

    Parameters
    ----------
    run : OneRun
    state : str
    mine : sequence of Rise
        The state's, in order.
    """
    changes = Section("Changes of power", tuple(_changes(run, state)))
    shown = (changes,) if changes.sentences else ()
    if not mine:
        return (*_never_challenged(run, state), *shown)
    nearest = gravest(run, mine)
    tick = worst_month(run, nearest)
    first, last = nearest.months[0], nearest.months[-1]
    return (
        Section("The challenges", (_count(run, mine, nearest),)),
        Section("The months before", (*stocks(run, state, max(first - 1, 0)), *earlier(run, state, first))),
        Section("The trigger", (run.sentence(nearest.opened), crowd(run, state, first, last))),
        Section("The regime's answer", tuple(answer(run, nearest))),
        Section("Moscow", tuple(moscow(run, nearest))),
        Section("What saved it", (*services(run, nearest, tick), *_saved(run, nearest, tick))),
        *shown,
    )


def _count(run: OneRun, mine: Sequence[Rise], nearest: Rise) -> str:
    flares = sum(rise.renewed for rise in mine)
    again = f", and the street came back soon after {times(flares)}" if flares else ""
    return (
        f"It was challenged {times(len(mine) - flares)}{again}; the one that began in "
        f"{month_name(run.month(nearest.opened.tick))} came nearest to turning the services."
    )


def _saved(run: OneRun, rise: Rise, tick: int) -> list[str]:
    """Tell what decided: help, services that held, or chance; and how the challenge ended."""
    lines = []
    helped = rescue(rise)
    if helped:
        lines.append(f"{helped}.")
    if rise.first("defection") is not None:
        weekly = run.parameters_in(tick).challenges.fall_after_defection
        lines.append(
            f"The services did turn, after which a regime falls with a chance of {percent(weekly)} a week; "
            "that the street went home first was chance."
        )
    else:
        turned = defection_risk(risk(run, rise.state, tick), weeks(rise))
        how = "as good as certain" if turned < 0.05 else "likely" if turned < 0.5 else "unlikely"
        lines.append(f"That the services held was {how}.")
    return [*lines, ending(run, rise)]


def _never_challenged(run: OneRun, state: str) -> tuple[Section, ...]:
    series = run.series[state]
    tick = int(series["participation"].to_numpy().argmax())
    level = run.parameters_in(tick).challenges.challenge_level
    month = month_name(run.month(tick))
    open_share, silent = (run.value(state, name, tick) for name in ("participation", "falsification"))
    return (
        Section(
            "The challenges",
            (
                f"There was none: open opposition never reached the {percent(level)} that make a challenge. "
                f"It came nearest in {month}, with {percent(open_share)}, while {percent(silent)} opposed "
                "the regime in private and kept silent.",
            ),
        ),
        Section("What kept people at home", tuple(stocks(run, state, tick))),
    )


def _changes(run: OneRun, state: str) -> list[str]:
    """Tell how power changed hands without a fall."""
    kinds = ("election", "succession", "successor")
    return tell(run, [e for e in run.events if e.kind in kinds and e.target == state])


# -- why a regime fell: from the months before to the line of its successor -------------------------

_ROUNDING = 0.005  # what is told has two decimals


def _fall(run: OneRun, state: str, fall: Event, rise: Rise | None) -> tuple[Section, ...]:
    """Tell a fall.

    Parameters
    ----------
    run : OneRun
    state : str
    fall : Event
    rise : Rise or None
        Of the street, in which the regime fell; None if its elite removed it in quiet times.
    """
    tick = fall.tick
    first = rise.months[0] if rise else tick
    before = Section(
        "The months before", (*stocks(run, state, max(first - 1, 0)), *earlier(run, state, first))
    )
    end = Section("The fall", (_end(run, state, fall),))
    after = Section("The successor", tuple(_successor(run, fall)))
    if rise is None:
        return before, Section("The elite", (_elite(run, fall),)), end, after
    return (
        before,
        Section("The trigger", (run.sentence(rise.opened), crowd(run, state, first, tick))),
        Section("The regime's answer", tuple(answer(run, rise))),
        Section("Moscow", tuple(moscow(run, rise))),
        Section("The services", (*services(run, rise, tick), *_turned(run, rise))),
        end,
        after,
    )


def _turned(run: OneRun, rise: Rise) -> list[str]:
    event = rise.first("defection")
    if event is None or at_defection(rise) is None:
        return ["They did not turn."]
    weekly = run.parameters_in(event.tick).challenges.fall_after_defection
    return [run.sentence(event), f"Once they turn, a regime falls with a chance of {percent(weekly)} a week."]


def _end(run: OneRun, state: str, fall: Event) -> str:
    line = run.sentence(fall)
    if fall.facts["cause"] == "rival clans":
        clans = run.start[state].record.clan_politics
        return f"{line} Rival clans used the discontent to settle accounts (clan politics {clans:g})."
    if fall.facts["cause"] == "resignation":
        return f"{line} It went without a defection, which is rare."
    return line


def _elite(run: OneRun, fall: Event) -> str:
    """Tell a removal in quiet times: its monthly chance, and what it would have been without an opening."""
    monthly, cohesion, openness = (float(fall.facts[name]) for name in ("chance", "cohesion", "openness"))
    openings = []
    if fall.facts["lame_duck"]:
        openings.append("the leader was a lame duck")
    if fall.facts["dual_power"]:
        openings.append("two centres of power stood against each other")
    usual = coup_chance(
        run.parameters_in(fall.tick).regimes, cohesion, openness, dual_power=False, lame_duck=False
    )
    year, usually = (1 - (1 - chance) ** 12 for chance in (monthly, usual))
    more = f", above its usual {percent(usually)} a year because {listed(openings)}" if openings else ""
    return (
        f"Split elites removed the leader while the street was quiet: with elite cohesion {cohesion:.2f} and "
        f"openness {openness:.2f} the chance was {percent(monthly)} a month, {percent(year)} a year{more}."
    )


def _successor(run: OneRun, fall: Event) -> list[str]:
    """Tell where the successor stands, and the parts of its line by the model's rule."""
    event = next(
        e for e in run.events if e.kind == "successor" and e.target == fall.target and e.tick == fall.tick
    )
    facts = {name: value for name, value in event.facts.items() if not isinstance(value, str)}
    old, kept_share = facts["old_line"], facts["old_kept"]
    head = (
        f"The successor {leaning(event.detail)}: it seeks an alignment of {event.value:+.2f}. The line "
        f"before, which the fallen leader sought, was {old:+.2f}; the state stood at {fall.value:+.2f} by "
        "then."
    )
    if "programme" not in facts:
        kept, _ = line_parts(old, kept_share, 0.0, 0.0)
        before = {f"of the line before ({kept_share:.3f} × {old:+.2f})": kept}
        return [head, f"What elites kept {_line(run, event, before)}"]
    programme, weight = facts["programme"], facts["weight"]
    kept, wanted = line_parts(old, kept_share, programme, weight)
    parts = {
        f"the programme ({weight:.2f} × {programme:+.2f})": wanted,
        f"the line before ({1 - weight:.2f} × {kept_share:.3f} kept × {old:+.2f})": kept,
    }
    return [head, _programme(run, event.tick, facts), f"The new line: {_line(run, event, parts)}"]


def _programme(run: OneRun, tick: int, facts: Mapping[str, float]) -> str:
    """Tell the parts of what the street wanted, and whether their sum is cut to the end of the scale."""
    p = run.parameters_in(tick).succession
    rungs = round(facts["help_rungs"])
    backing = f"dependence {facts['dependence']:.2f}"
    backing = f"({backing} + {counted(rungs, 'rung')} of help / 4)" if rungs else backing
    parts = {
        f"the crowd's own attitude to Moscow ({p.crowd_voice:.3f} × {facts['attitude']:+.2f})": (
            facts["attitude_part"]
        ),
        f"Moscow's sponsorship of the fallen regime (-{p.sponsor_reaction:.3f} × {backing})": (
            facts["sponsor_part"]
        ),
        "the pull of the West": facts["ties_part"],
    }
    if abs(facts["campaign_part"]) > _ROUNDING:
        parts["its help to the movement"] = facts["campaign_part"]
    total, wanted = sum(parts.values()), facts["programme"]
    cut = f", cut to the end of the scale from {total:+.2f}" if abs(total - wanted) > _ROUNDING else ""
    return f"The street's programme was {wanted:+.2f}{cut}: {_told(parts)}."


def _line(run: OneRun, event: Event, parts: Mapping[str, float]) -> str:
    """Tell a line by its parts and chance; the scale may cut the sum, or what coercion left open."""
    most = run.parameters_in(event.tick).succession.successor_noise
    summed = {**parts, f"chance (at most {most:.2f} either way)": float(event.facts["chance_part"])}
    total = sum(summed.values())
    cut = f", cut to what is possible: {event.value:+.2f}" if abs(total - event.value) > _ROUNDING else ""
    return f"{_told(summed)}. Together {total:+.2f}{cut}."


def _told(parts: Mapping[str, float]) -> str:
    """Tell the parts of a sum; the last takes up the rounding, so that what is told adds up."""
    shown = [round(size, 2) for size in parts.values()]
    shown[-1] = round(sum(parts.values()), 2) - sum(shown[:-1])
    return "; ".join(
        f"{what} gives {round(size, 2) + 0.0:+.2f}"  # no minus before a zero
        for what, size in zip(parts, shown, strict=True)
    )
