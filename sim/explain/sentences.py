"""One event as one plain dated sentence: what happened, from its codes, and why, from its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError
from sim.explain import words
from sim.explain.words import counted, percent
from sim.instruments import BY_NAME
from sim.scenario.states import STATE_NAMES
from sim.world.places import CLASH_MONTHS

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.model.trace import Event
    from sim.scenario import Scenario

Entries = Mapping[tuple[str, str], str]
"""What the scenario's own events and its claims are, in words, by kind of event and name."""


def entries_in_words(scenario: Scenario) -> Entries:
    """Return what a scenario's own events and its claims are, in words, by kind of event and name."""
    return {
        **{("claim", claim.id): claim.claim for claim in scenario.claims},
        **{("timeline", entry.name): entry.in_words(words.in_words) for entry in scenario.timeline},
    }


def sentences_of(results: Results, rows: pd.DataFrame) -> pd.Series[str]:
    """Tell rows of a results folder's events, as `sim.experiment.results.Results.sentences` does."""
    import pandas as pd  # noqa: PLC0415 - slow to load, as the others
    import pyarrow as pa  # noqa: PLC0415

    from sim.experiment.columns import EVENTS, check_schema, events_of  # noqa: PLC0415
    from sim.scenario import load  # noqa: PLC0415

    if not isinstance(rows, pd.DataFrame):
        raise RequestError(f"give rows of the results' events, not {rows!r:.80}")
    check_schema(list(rows.columns), EVENTS, f"the table of events of {results.path}")
    files = {name: results.path / "scenarios" / f"{name}.yaml" for name in results.scenarios}
    entries = {name: entries_in_words(load(file)) for name, file in files.items()}
    events = events_of(pa.Table.from_pandas(rows, EVENTS, preserve_index=False))
    told = [
        sentence(event, month, entries[scenario])
        for event, month, scenario in zip(events, rows["month"], rows["scenario"], strict=True)
    ]
    return pd.Series(told, index=rows.index, dtype=str)


def sentence(event: Event, month: str, entries: Entries) -> str:
    """Tell one event: the month, what happened, and why.

    Parameters
    ----------
    event : Event
    month : str
        As ``2010-01``.
    entries : Entries
        Of the scenario; without one, its own events go by their names alone.
    """
    return dated(month, with_reason(narrated(event), reason(event, entries)))


def dated(month: str, what: str) -> str:
    """Return a sentence that begins with its month: ``January 2010. ...``."""
    return f"{words.month_name(month)}. {words.capital(what)}."


def with_reason(what: str, why: str) -> str:
    """Return what happened with its reason in brackets, if there is one."""
    return f"{what} ({why})" if why else what


# -- what happened ---------------------------------------------------------------------------------


def narrated(event: Event) -> str:
    """Tell one event without its month and reason, as part of a sentence."""
    return _TOLD[event.kind](event)


def _actor(event: Event) -> str:
    return words.name(event.actor)


def _target(event: Event) -> str:
    return words.name(event.target)


def _challenge(event: Event) -> str:
    return (
        f"a mass challenge to the regime opens in {_target(event)} after {words.triggers(event.detail)}, "
        f"{percent(event.value)} of citizens in open opposition"
    )


def _flare(event: Event) -> str:
    return (
        f"the challenge in {_target(event)} flares up again after {words.triggers(event.detail)}, "
        f"{percent(event.value)} of citizens in open opposition"
    )


def _challenge_ended(event: Event) -> str:
    end = words.ENDINGS[event.detail]
    return f"the challenge in {_target(event)} {end} after a peak of {percent(event.value)} of citizens"


def _succession(event: Event) -> str:
    how = {
        "managed": "power is handed over in {}",
        "death": "the leader of {} dies in office",
        "lame duck": "the succession opens in {}, and the leader becomes a lame duck",
    }
    if event.facts["cause"] == "scenario":  # which says that the leader goes, and not how
        return f"the leader of {_target(event)} leaves office"
    return how[event.detail].format(_target(event))


def _election(event: Event) -> str:
    result = {
        "held": "the incumbent side keeps power in an election",
        "parliamentary": "a parliamentary election is held",
        "turnover": "the incumbent side loses an election",
    }
    return f"in {_target(event)}, {result[event.detail]}"


def _instrument(event: Event) -> str:
    act = BY_NAME[event.detail]
    on_state = event.target in STATE_NAMES
    phrase = (act.on_state or act.on_territory) if on_state else (act.on_territory or act.on_state)
    return phrase.format(_target(event))


def _realignment(event: Event) -> str:
    way = {"away": "away from Moscow", "toward": "toward Moscow"}[event.detail]
    gains = f", to the gain of {_actor(event)}" if event.detail == "away" and event.actor != "nobody" else ""
    return f"{_target(event)} realigns {way}{gains}"


def _garrison(event: Event) -> str:
    troops = f"{event.value:.2f} thousand"
    if event.detail == "withdrawn":
        return f"Russian troops leave {_target(event)}, {troops} are left"
    return f"{troops} Russian troops enter {_target(event)}"


def _war(event: Event) -> str:
    what = {
        "started": "goes to war in",
        "ended": "ends its war in",
        "setback": "suffers a setback in its war in",
    }
    return f"Moscow {what[event.detail]} {_target(event)}"


def _moscow_leader(event: Event) -> str:
    how = {"death": ", the old one dies", "managed": ", by a managed succession"}
    told = "" if event.facts["cause"] == "scenario" else how[event.detail]  # a scenario does not say how
    return f"a new leader takes over in Moscow{told}"


def _timeline(event: Event) -> str:
    where = f" ({_target(event)})" if event.target else ""
    return f"as the scenario sets it: {event.detail}{where}"


_TOLD: dict[str, Callable[[Event], str]] = {
    "challenge": _challenge,
    "flare": _flare,
    "challenge_ended": _challenge_ended,
    "response": lambda event: f"the regime of {_actor(event)} {words.RESPONSES[event.detail][0]}",
    "defection": lambda event: f"the {event.actor} of {_target(event)} turn on the regime",
    "fall": lambda event: f"the incumbent of {_target(event)} falls to the {event.detail}",
    "succession": _succession,
    "successor": lambda event: (
        f"a new leader takes over in {_target(event)}, who {words.leaning(event.detail, event.value)}"
    ),
    "election": _election,
    "request": lambda event: f"{_actor(event)} asks Moscow for help",
    "instrument": _instrument,
    "refusal": lambda event: f"Moscow leaves the call of {_target(event)} unanswered",
    "realignment": _realignment,
    "membership": lambda event: (
        f"{_actor(event)} {'joins' if event.detail == 'joined' else 'leaves'} {_target(event)}"
    ),
    "territory": lambda event: f"{_target(event)} {words.STATUS_CHANGES[event.detail]}",
    "clash": lambda event: f"{_actor(event)} and {_target(event)} clash",
    "garrison": _garrison,
    "war": _war,
    "moscow_leader": _moscow_leader,
    "campaign": lambda event: f"outside organisers help the movement of {_target(event)}",
    "purge": lambda event: f"the rescued regime of {_target(event)} purges its rivals",
    "claim": lambda event: f"claim {event.detail} of the thesis begins to hold",
    "timeline": _timeline,
}


# -- and why ---------------------------------------------------------------------------------------

_SCENARIO = "set by the scenario"


def reason(event: Event, entries: Entries) -> str:
    """Return why an event happened, beyond what its own sentence says; empty where that says it all.

    Parameters
    ----------
    event : Event
    entries : Entries
        Of the scenario.
    """
    if event.kind in ("timeline", "claim"):
        return entries.get((event.kind, event.detail), "")
    if event.facts.get("cause") == "scenario" and event.kind != "war":
        return _SCENARIO
    return _REASONS[event.kind](event, event.facts)


_Facts = Mapping[str, Any]  # numbers and words, as `sim.model.events` declares them for the kind


def _opening(event: Event, facts: _Facts) -> str:
    del event
    return (
        f"legitimacy {facts['legitimacy']:.2f}, spark {facts['spark']:.2f}, movement's resources "
        f"{facts['resources']:.2f}"
    )


def _coup(facts: _Facts) -> str:
    centres = ", two centres of power" if facts["dual_power"] else ""
    return f"elite cohesion {facts['cohesion']:.2f}{centres}"


def _defected(event: Event, facts: _Facts) -> str:
    if event.actor == "elites":
        return _coup(facts)
    return f"elite cohesion {facts['cohesion']:.2f}, loyalty {facts['loyalty']:.2f}"


def reason_of_fall(fall: Event, *, after_defection: bool = False) -> str:
    """Return how an incumbent came to fall.

    Parameters
    ----------
    fall : Event
    after_defection : bool
        Whether the sentence has told of the defection before it, so that what is known of that is left out.
    """
    facts: _Facts = fall.facts
    if facts["cause"] == "palace coup":
        return "" if after_defection else _coup(facts)
    weeks = int(facts["weeks"])
    week = "its first week" if weeks == 1 else f"the last of {weeks} weeks"
    crowd = f"{percent(facts['participation'])} in open opposition in {week}"
    how = {
        "services turned": "" if after_defection else "; security services had turned",
        "rival clans": "; rival clans moved",
        "resignation": "; the leader resigned",
    }
    return crowd + how[facts["cause"]]


def _leader(event: Event, facts: _Facts) -> str:
    years = f"{counted(round(facts['tenure']), 'year')} in office, age {facts['age']:.0f}"
    return years if event.detail == "lame duck" else f"after {years}"


def _line(event: Event, facts: _Facts) -> str:
    if facts["cause"] == "heir":
        return _leader(event, facts)
    if facts["cause"] == "election":
        return f"public attitude {facts['attitude']:.2f}"
    if facts["cause"] == "elite":
        return f"elites kept the old line of {facts['old_line']:.2f}"
    return (
        f"the crowd's attitude to Moscow {facts['attitude']:.2f}, its programme {facts['programme']:.2f} "
        f"with weight {facts['weight']:.2f}, the old line {facts['old_line']:.2f}, "
        f"dependence {facts['dependence']:.2f}"
    )


def _vote(event: Event, facts: _Facts) -> str:
    return "" if event.detail == "parliamentary" else f"chance of losing {percent(facts['chance'])}"


def _act(event: Event, facts: _Facts) -> str:
    if BY_NAME[event.detail].rung:
        return f"expected to lower the risk of a fall by {percent(facts['saved'])}"
    return f"weight on restoration {facts['restoration']:.2f}, free capacity {facts['free_capacity']:.2f}"


def _refused(event: Event, facts: _Facts) -> str:
    return (
        f"worth {event.value:.2f}; attention left {facts['attention_left']:.1f}, money left "
        f"{facts['money_left']:.1f}, troops free {facts['troops_free']:.0f}"
    )


def _realigned(event: Event, facts: _Facts) -> str:
    return (
        f"alignment {event.value:.2f}, line {facts['line']:.2f}, public attitude {facts['attitude']:.2f}, "
        f"Moscow's free capacity {facts['free_capacity']:.2f}"
    )


def _membership(event: Event, facts: _Facts) -> str:
    alignment = f"alignment {event.value:.2f}"
    if facts["cause"] == "integration":
        return f"{alignment}, line {facts['line']:.2f}"
    if facts["cause"] == "accession":
        return f"course {facts['nato_course']:.2f}, nothing in dispute"
    if facts["cause"] == "wary":
        return f"trust {facts['trust']:.2f}, {alignment}"
    return f"lapsed at {alignment}" if facts["cause"] == "lapsed" else alignment


def _status(event: Event, facts: _Facts) -> str:
    cause = facts["cause"]
    if cause == "step":
        return (
            f"weight on restoration {facts['restoration']:.2f}, host's alignment {facts['alignment']:.2f}, "
            f"net value {facts['net']:.2f}"
        )
    if cause == "war":
        return "taken in war" if event.detail == "integrated" else "broke away in war"
    if cause == "uncovered":
        return f"Moscow's capacity and standing short by {percent(facts['absence'])}"
    if cause == "clash":
        return f"retaken by {_actor(event)} in a clash"
    known = {
        "mediation": "peacekeepers after mediation",
        "no patron": "settles for autonomy: it has no patron",
    }
    return known[cause]


def _clash(event: Event, facts: _Facts) -> str:
    arms = f", arms built up to {facts['build_up']:.2f}" if facts["build_up"] else ""
    certain = ", so certain" if event.value >= 1 else ""
    return (
        f"hazard {event.value:.4f} a month{certain}, again in {CLASH_MONTHS} months at the earliest; free "
        f"capacity {facts['free_capacity']:.2f}, garrisons {facts['first_garrison']:.1f} and "
        f"{facts['second_garrison']:.1f} thousand{arms}"
    )


def _course_of_war(event: Event, facts: _Facts) -> str:
    if event.detail == "setback":
        return f"standing {facts['standing']:.2f}"
    given = {"record": "as recorded", "scenario": _SCENARIO}.get(facts["cause"], "")
    if event.detail == "ended":
        # The month of its start is not known of a war that was going on when the run began.
        of_the_run = " of the run" if facts["months"] > event.tick else ""
        return given or f"after {counted(facts['months'], 'month')}{of_the_run}"
    why = given or f"course toward NATO {facts['nato_course']:.2f}, net value {facts['net']:.2f}"
    return f"{facts['scale']}: {why}"


_REASONS: dict[str, Callable[[Event, _Facts], str]] = {
    "challenge": _opening,
    "flare": _opening,
    "challenge_ended": lambda _, facts: f"after {counted(facts['weeks'], 'week')}",
    "response": lambda _, facts: f"loyalty {facts['loyalty']:.2f}, rents {facts['rents']:.2f}",
    "defection": _defected,
    "fall": lambda event, _: reason_of_fall(event),
    "succession": _leader,
    "successor": _line,
    "election": _vote,
    "request": lambda event, facts: (
        f"{percent(event.value)} in open opposition that week; expects an answer with probability "
        f"{facts['expected']:.2f}"
    ),
    "instrument": _act,
    "refusal": _refused,
    "realignment": _realigned,
    "membership": _membership,
    "territory": _status,
    "clash": _clash,
    "garrison": lambda _, facts: "recalled to the front" if facts["cause"] == "front" else "peacekeepers",
    "war": _course_of_war,
    "moscow_leader": lambda event, facts: f"hazard {facts['chance']:.4f} a month at age {event.value:.0f}",
    "campaign": lambda _, facts: f"{facts['campaign_rate']:.2f} a year at its preparedness and opposition",
    "purge": lambda event, _: (
        f"rescued by {words.instrument(event.detail)}; elite cohesion now {event.value:.2f}"
    ),
}
