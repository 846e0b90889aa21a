"""Why a regime survived: the challenge that came nearest, and what saved it."""

from __future__ import annotations

from collections.abc import Sequence

from sim.results.background import Section, crowd, earlier, opening, stocks
from sim.results.challenges import Challenge
from sim.results.explain_challenge import answer, ending, moscow, rescue, services, weeks
from sim.results.one_run import OneRun
from sim.results.pressure import chance, gravest, risk, worst_month
from sim.results.story import tell
from sim.results.words import month_name, percent, times


def sections(run: OneRun, state: str, mine: Sequence[Challenge]) -> tuple[Section, ...]:
    """Tell a survival.

    Parameters
    ----------
    run : OneRun
    state : str
    mine : sequence of Challenge
        The state's challenges, in order.
    """
    changes = Section("Changes of power", tuple(_changes(run, state)))
    shown = (changes,) if changes.sentences else ()
    if not mine:
        return (*_never_challenged(run, state), *shown)
    nearest = gravest(run, mine)
    tick = worst_month(run, nearest)
    first = int(nearest.opened["tick"])
    last = int(nearest.events[-1]["tick"])
    return (
        Section("The challenges", (_count(mine, nearest),)),
        Section(
            "The months before",
            (*stocks(run, state, max(first - 1, 0)), *earlier(run, state, first, nearest)),
        ),
        Section("The trigger", (opening(nearest), crowd(run, state, first, last))),
        Section("The regime's answer", tuple(answer(run, nearest))),
        Section("Moscow", tuple(moscow(run, nearest))),
        Section("What saved it", (*services(run, nearest, tick), *_saved(run, nearest, tick))),
        *shown,
    )


def _count(mine: Sequence[Challenge], nearest: Challenge) -> str:
    flares = sum(challenge.renewed for challenge in mine)
    again = f", and the street came back soon after {times(flares)}" if flares else ""
    return (
        f"It was challenged {times(len(mine) - flares)}{again}; the one that began in "
        f"{month_name(nearest.opened['month'])} came nearest to turning the services."
    )


def _saved(run: OneRun, challenge: Challenge, tick: int) -> list[str]:
    """Tell what decided: help, services that held, or luck; and how the challenge ended."""
    lines = []
    helped = rescue(run, challenge)
    if helped:
        lines.append(f"{helped}.")
    if challenge.first("defection") is not None:
        weekly = run.parameters.crises.fall_after_defection
        lines.append(
            f"The services did turn, after which a regime falls with a chance of {weekly:.0%} a week; that "
            "the street went home first was luck."
        )
    else:
        turned = chance(risk(run, challenge.state, tick), weeks(challenge))
        how = "as good as certain" if turned < 0.05 else "likely" if turned < 0.5 else "good luck"
        lines.append(f"That the services held was {how}.")
    return [*lines, ending(challenge)]


def _never_challenged(run: OneRun, state: str) -> tuple[Section, ...]:
    series = run.series[state]
    tick = int(series["participation"].to_numpy().argmax())
    level = run.parameters.crises.challenge_level
    month = month_name(run.month(tick))
    open_share, silent = (run.value(state, name, tick) for name in ("participation", "falsification"))
    return (
        Section(
            "The challenges",
            (
                f"There was none: open opposition never reached the {level:.0%} that make a challenge. It "
                f"came nearest in {month}, with {percent(open_share)}, while {percent(silent)} opposed the "
                "regime in private and kept silent.",
            ),
        ),
        Section("What kept people at home", tuple(stocks(run, state, tick))),
    )


def _changes(run: OneRun, state: str) -> list[str]:
    """Tell how power changed hands without a fall."""
    kinds = ("election", "succession", "successor")
    return tell([e for e in run.events if e["kind"] in kinds and e["target"] == state])
