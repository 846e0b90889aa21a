"""One run's history, told in plain dated sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiment.results import ResultsError
from sim.explain import words
from sim.explain.reasons import with_reasons
from sim.explain.sentences import dated, sentence, told
from sim.measures.challenges import OPENINGS, Challenge, EventRow, challenges

if TYPE_CHECKING:
    from sim.scenario.timeline import AnyEvent

__all__ = ["answers", "sentence", "story", "tell"]


def story(
    events: pd.DataFrame,
    scenario: str,
    replicate: int,
    *,
    full: bool = False,
    timeline: Iterable[AnyEvent] = (),
) -> list[str]:
    """Tell one run.

    Parameters
    ----------
    events : DataFrame
        Rows of ``events.parquet``.
    scenario : str
    replicate : int
    full : bool
        A sentence for every event, everyday ones too. Without it, what belongs together is one sentence and
        elections that change nothing are left out.
    timeline : iterable of AnyEvent
        Of the scenario: what its own events are; without it they go by their names.

    Returns
    -------
    list of str
        In order of time: the month, what happened, and why.

    Raises
    ------
    ResultsError
        If the run left no events.
    """
    rows = events[(events["scenario"] == scenario) & (events["replicate"] == replicate)]
    if rows.empty:
        raise ResultsError(f"no events of {scenario}, replicate {replicate}")
    ledger = with_reasons(rows, timeline)
    return [sentence(event) for event in ledger] if full else tell(ledger)


def tell(ledger: list[EventRow]) -> list[str]:
    """Tell some events of one run, in order; what belongs together is one sentence."""
    return _Teller(ledger).lines()


def answers(challenge: Challenge) -> str:
    """Return how a regime answered a challenge: its responses in their order, with their months.

    Returns
    -------
    str
        Such as ``answers with repression (3 months) and makes concessions``.
    """
    months: dict[str, int] = {}
    for event in challenge.of_kind("response"):
        months[event["detail"]] = months.get(event["detail"], 0) + 1
    in_order = [
        words.RESPONSES.get(response, response) + (f" ({count} months)" if count > 1 else "")
        for response, count in months.items()
    ]
    return words.listed(in_order) + (" at first" if challenge.turned_course else "")


class _Teller:
    """Merges the events of a ledger that belong together."""

    def __init__(self, ledger: list[EventRow]) -> None:
        self.ledger = ledger
        self.told: set[int] = set()  # identities of events that another's sentence has told
        self.of_ending = {id(c.ended): c for c in challenges(ledger) if c.ended is not None}
        self.of_opening = {id(c.opened): c for c in self.of_ending.values()}
        for challenge in self.of_ending.values():
            self.told.update(id(event) for event in challenge.of_kind("response"))

    def lines(self) -> list[str]:
        """Return the sentences."""
        lines: list[str] = []
        for place, event in enumerate(self.ledger):
            if id(event) in self.told:
                continue
            line = _TELL.get(event["kind"], _plain)(self, place, event)
            if line and line not in lines[-3:]:  # the same call, week after week
                lines.append(line)
        return lines

    def later(self, place: int, kind: str, target: str) -> EventRow | None:
        """Return the next event of a kind in the same month, and count it as told; None if there is none."""
        now = self.ledger[place]
        for event in self.ledger[place + 1 :]:
            if event["tick"] != now["tick"]:
                return None
            if event["kind"] == kind and event["target"] == target and id(event) not in self.told:
                self.told.add(id(event))
                return event
        return None


def _plain(teller: _Teller, place: int, event: EventRow) -> str:
    del teller, place
    return sentence(event)


def _why(event: EventRow) -> str:
    return words.reason(event["kind"], event["detail"], event["why"])


def _leaning(successor: EventRow) -> str:
    return words.leaning(successor["detail"], float(successor["value"]))


def _with_reason(*parts: str, why: str) -> str:
    return "".join(parts) + (f" ({why})" if why else "")


def _challenge(teller: _Teller, place: int, event: EventRow) -> str:
    """Tell an opening; where all is over within the month and nothing fell, the whole challenge."""
    del place
    challenge = teller.of_opening.get(id(event))
    if challenge is None or challenge.ended is None or challenge.months > 1 or challenge.felled:
        return sentence(event)
    short = all(e["kind"] in (*OPENINGS, "response", "challenge_ended") for e in challenge.events)
    if not short:
        return sentence(event)
    teller.told.add(id(challenge.ended))
    what = _with_reason(told(event), why=_why(event))
    return dated(event["month"], f"{what}; the regime {answers(challenge)}, and it {_end(challenge.ended)}")


def _end(ended: EventRow) -> str:
    end = {
        "repressed": "is repressed",
        "bought off": "is bought off",
        "conceded": "ends in concessions",
        "ebbed": "ebbs away",
        "overtaken": "is overtaken by a change of power",
    }.get(ended["detail"], ended["detail"])
    return f"{end} {_why(ended)}".strip()


def _challenge_ended(teller: _Teller, place: int, event: EventRow) -> str:
    del place
    challenge = teller.of_ending.get(id(event))
    if challenge is None:
        return sentence(event)
    if event["detail"] == "fall":
        return ""  # the fall's own sentence has told it
    which = "renewed challenge" if challenge.renewed else "challenge"
    what = f"the {which} in {words.name(event['target'])} {_end(event)} and a peak of "
    return dated(
        event["month"], f"{what}{words.percent(challenge.peak)} of citizens; the regime {_past(challenge)}"
    )


def _past(challenge: Challenge) -> str:
    """Return how the regime answered, looking back."""
    text = answers(challenge)
    for now, then in (
        ("answers with", "answered with"), ("tries to", "tried to"), ("makes", "made"),
        ("calls on", "called on"), ("turns to", "turned to"),
    ):  # fmt: skip
        text = text.replace(now, then)
    return text


def _defection(teller: _Teller, place: int, event: EventRow) -> str:
    """Tell a defection together with the fall that follows within the month."""
    fall = teller.later(place, "fall", event["target"])
    if fall is None:
        return sentence(event)
    start = _with_reason(told(event), why=_why(event))
    return _tell_fall(teller, place, fall, f"{start}, and ")


def _fall(teller: _Teller, place: int, event: EventRow) -> str:
    return _tell_fall(teller, place, event, "")


def _tell_fall(teller: _Teller, place: int, fall: EventRow, before: str) -> str:
    successor = teller.later(place, "successor", fall["target"])
    what, why = told(fall), _why(fall)
    if before:  # the defection's sentence has named the state and what turned
        what = what.replace(f" of {words.name(fall['target'])}", "")
        why = "" if why.startswith("elite cohesion") else why.removesuffix("; security services had turned")
    text = _with_reason(before, what, why=why)
    if successor is not None:
        text += f"; the successor {_leaning(successor)}"
        text = _with_reason(text, why=successor["why"])
    return dated(fall["month"], text)


def _succession(teller: _Teller, place: int, event: EventRow) -> str:
    successor = None if event["detail"] == "lame duck" else teller.later(place, "successor", event["target"])
    if successor is None:
        return sentence(event)
    leaning = _leaning(successor)
    return dated(event["month"], _with_reason(f"{told(event)}, and the heir {leaning}", why=_why(event)))


def _election(teller: _Teller, place: int, event: EventRow) -> str:
    if event["detail"] in ("held", "parliamentary"):
        return ""  # a vote that matters is the trigger of the challenge it sets off
    successor = teller.later(place, "successor", event["target"])
    if successor is None:
        return sentence(event)
    leaning = _leaning(successor)
    why = "; ".join(reason for reason in (event["why"], successor["why"]) if reason)
    return dated(event["month"], _with_reason(f"{told(event)}, and the winner {leaning}", why=why))


def _request(teller: _Teller, place: int, event: EventRow) -> str:
    refusal = teller.later(place, "refusal", event["actor"])
    if refusal is None:
        return sentence(event)
    what = f"{told(event)}, and Moscow leaves the call unanswered"
    return dated(event["month"], _with_reason(what, why=_why(refusal)))


def _instrument(teller: _Teller, place: int, event: EventRow) -> str:
    """Tell an act of Moscow once: a war or an accession is told by its own event."""
    if event["detail"] == "war" or (
        event["detail"] == "economic_integration" and event["target"] in words.STATE_NAMES
    ):
        return ""
    changed = teller.later(place, "territory", event["target"])
    if changed is None:
        return sentence(event)
    follows = told(changed).removeprefix(f"{words.name(event['target'])} ")
    return dated(event["month"], _with_reason(f"{told(event)}, which {follows}", why=_why(event)))


_TELL: dict[str, Callable[[_Teller, int, EventRow], str]] = {
    "challenge": _challenge,
    "challenge_ended": _challenge_ended,
    "defection": _defection,
    "election": _election,
    "fall": _fall,
    "flare": _challenge,
    "instrument": _instrument,
    "request": _request,
    "succession": _succession,
}
