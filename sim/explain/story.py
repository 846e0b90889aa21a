"""One run's history, told in plain dated sentences."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from sim.explain import words
from sim.explain.sentences import dated, narrated, reason, reason_of_fall, with_reason
from sim.model.record_followed import world_at
from sim.scenario.states import STATE_NAMES

if TYPE_CHECKING:
    from sim.explain.one_run import OneRun, Rise
    from sim.model.trace import Event


def story(run: OneRun, *, full: bool = False, states: Collection[str] = ()) -> list[str]:
    """Tell one run.

    Parameters
    ----------
    run : OneRun
    full : bool
        A sentence for every event, everyday ones too. Without it, what belongs together is one sentence and
        elections that change nothing are left out.
    states : collection of str
        Codes of the states whose events are told, as `concerning` finds them; all events without it.

    Returns
    -------
    list of str
        In order of time: the month, what happened, and why. The last one is `ending`, unless only some states
        are told: the class in which a run ends is the region's.
    """
    events = concerning(run, states) if states else run.events
    lines = [run.sentence(event) for event in events] if full else tell(run, events)
    return lines if states else [*lines, *ending(run)]


def ending(run: OneRun) -> list[str]:
    """Tell the class in which a run ends, and the figures that put it there; nothing where it is unknown."""
    end = run.end
    if end is None:
        return []
    what = f"the run ends here, and its end state is {end.name}"
    return [dated(str(run.scenario.last), with_reason(what, f"over the whole run: {end.reason}"))]


def concerning(run: OneRun, states: Collection[str]) -> list[Event]:
    """Return the events in which some states act or are acted on, their territories and pairs of them too.

    Parameters
    ----------
    run : OneRun
    states : collection of str
        Codes.
    """
    hosts = {place.name: place.host for place in world_at(run.scenario.start).territories}

    def parties(event: Event) -> set[str]:
        named = (event.actor, event.target)
        return {hosts.get(name, name) for name in named}.union(*(name.split("-") for name in named))

    wanted = set(states)
    return [event for event in run.events if parties(event) & wanted]


def tell(run: OneRun, events: Sequence[Event]) -> list[str]:
    """Tell some events of a run, in order; what belongs together is one sentence."""
    return _Teller(run, events).lines()


def answers(rise: Rise, *, looking_back: bool = False) -> str:
    """Return how a regime answered, response by response in the order of their first use, with their weeks.

    Returns
    -------
    str
        Such as ``answers with repression (6 weeks) and makes concessions (1 week)``; the weeks are left out
        where there was one response.
    """
    weeks: dict[str, int] = {}
    for response in rise.answers:
        weeks[response] = weeks.get(response, 0) + 1
    spans = [f" ({words.counted(count, 'week')})" if len(weeks) > 1 else "" for count in weeks.values()]
    phrases = [words.RESPONSES[response][looking_back] for response in weeks]
    return words.listed([phrase + span for phrase, span in zip(phrases, spans, strict=True)])


class _Teller:
    """Merges events that belong together."""

    def __init__(self, run: OneRun, events: Sequence[Event]) -> None:
        self.run = run
        self.events = events
        self.told: set[int] = set()  # identities of events that another's sentence has told
        over = [rise for rise in run.rises if rise.ended is not None and rise.answers]
        self.of_ending = {id(rise.ended): rise for rise in over}
        self.of_opening = {id(rise.opened): rise for rise in over}
        for rise in over:
            self.told.update(id(event) for event in rise.of_kind("response"))

    def lines(self) -> list[str]:
        """Return the sentences."""
        lines: list[str] = []
        for place, event in enumerate(self.events):
            if id(event) in self.told:
                continue
            tell_it = _TELL.get(event.kind)
            line = self.run.sentence(event) if tell_it is None else tell_it(self, place, event)
            if line and line not in lines[-3:]:  # the same call, week after week
                lines.append(line)
        return lines

    def dated(self, event: Event, what: str, why: str = "") -> str:
        """Return a sentence on what happened in the month of an event, and why."""
        return dated(self.run.month(event.tick), with_reason(what, why))

    def reason(self, event: Event) -> str:
        """Return why an event happened, where its sentence does not say it."""
        return reason(event, self.run.entries)

    def later(self, place: int, kind: str, target: str) -> Event | None:
        """Return the next event of a kind in the same month, and count it as told; None if there is none."""
        now = self.events[place]
        for event in self.events[place + 1 :]:
            if event.tick != now.tick:
                return None
            if event.kind == kind and event.target == target and id(event) not in self.told:
                self.told.add(id(event))
                return event
        return None


def _leaning(successor: Event) -> str:
    return words.leaning(successor.detail, successor.value)


def _opening(teller: _Teller, place: int, event: Event) -> str:
    """Tell an opening; where all is over within the month and nothing fell, the whole challenge."""
    del place
    rise = teller.of_opening.get(id(event))
    kinds = {"challenge", "flare", "response", "challenge_ended"}
    if rise is None or rise.ended is None or len(rise.months) > 1 or {e.kind for e in rise.events} - kinds:
        return teller.run.sentence(event)
    teller.told.add(id(rise.ended))
    what = with_reason(narrated(event), teller.reason(event))
    end = f"{words.ENDINGS[rise.ended.detail]} {teller.reason(rise.ended)}"
    return teller.dated(event, f"{what}; the regime {answers(rise)}, and it {end}")


def _challenge_ended(teller: _Teller, place: int, event: Event) -> str:
    del place
    if event.detail == "fall":
        return ""  # the fall's own sentence has told it
    rise = teller.of_ending.get(id(event))
    if rise is None:
        return teller.run.sentence(event)
    which = "renewed challenge" if rise.renewed else "challenge"
    end = f"{words.ENDINGS[event.detail]} {teller.reason(event)} and a peak of {words.percent(event.value)}"
    what = f"the {which} in {words.name(event.target)} {end} of citizens"
    return teller.dated(event, f"{what}; the regime {answers(rise, looking_back=True)}")


def _defection(teller: _Teller, place: int, event: Event) -> str:
    """Tell a defection together with the fall that follows within the month."""
    fall = teller.later(place, "fall", event.target)
    if fall is None:
        return teller.run.sentence(event)
    start = with_reason(narrated(event), teller.reason(event))
    what = f"{start}, and the incumbent falls to the {fall.detail}"
    return _with_successor(teller, place, fall, with_reason(what, reason_of_fall(fall, after_defection=True)))


def _fall(teller: _Teller, place: int, event: Event) -> str:
    return _with_successor(teller, place, event, with_reason(narrated(event), teller.reason(event)))


def _with_successor(teller: _Teller, place: int, fall: Event, what: str) -> str:
    successor = teller.later(place, "successor", fall.target)
    if successor is None:
        return teller.dated(fall, what)
    return teller.dated(fall, f"{what}; the successor {_leaning(successor)}", teller.reason(successor))


def _succession(teller: _Teller, place: int, event: Event) -> str:
    successor = None if event.detail == "lame duck" else teller.later(place, "successor", event.target)
    if successor is None:
        return teller.run.sentence(event)
    return teller.dated(event, f"{narrated(event)}, and the heir {_leaning(successor)}", teller.reason(event))


def _election(teller: _Teller, place: int, event: Event) -> str:
    if event.detail in ("held", "parliamentary"):
        return ""  # a vote that matters is the trigger of the challenge it sets off
    successor = teller.later(place, "successor", event.target)
    if successor is None:
        return teller.run.sentence(event)
    why = f"{teller.reason(event)}; {teller.reason(successor)}"
    return teller.dated(event, f"{narrated(event)}, and the winner {_leaning(successor)}", why)


def _request(teller: _Teller, place: int, event: Event) -> str:
    refusal = teller.later(place, "refusal", event.actor)
    if refusal is None:
        return teller.run.sentence(event)
    return teller.dated(
        event, f"{narrated(event)}, and Moscow leaves the call unanswered", teller.reason(refusal)
    )


def _instrument(teller: _Teller, place: int, event: Event) -> str:
    """Tell an act of Moscow once: a war or an accession is told by its own event."""
    accession = event.detail == "economic_integration" and event.target in STATE_NAMES
    if event.detail == "war" or accession:
        return ""
    changed = teller.later(place, "territory", event.target)
    if changed is None:
        return teller.run.sentence(event)
    follows = words.STATUS_CHANGES[changed.detail]
    return teller.dated(event, f"{narrated(event)}, which {follows}", teller.reason(event))


_TELL: dict[str, Callable[[_Teller, int, Event], str]] = {
    "challenge": _opening,
    "challenge_ended": _challenge_ended,
    "defection": _defection,
    "election": _election,
    "fall": _fall,
    "flare": _opening,
    "instrument": _instrument,
    "request": _request,
    "succession": _succession,
}
