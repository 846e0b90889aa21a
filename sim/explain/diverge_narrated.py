"""Where two runs part ways, in plain sentences, and which rule of the model is at work there."""

from __future__ import annotations

from dataclasses import dataclass

from sim.explain.diverge import Divergence, EventGap, Gap
from sim.explain.one_run import OneRun
from sim.explain.words import capital, counted, listed, month_name, name
from sim.instruments import RESCUE_INSTRUMENTS
from sim.model.month import MONTH
from sim.model.trace import Event
from sim.scenario.vocabulary import MOSCOW

# -- which rule of the model moves each series and notes each kind of event ------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the model: a stage of the month (`sim.model.month.MONTH`), or a part of one.

    Parameters
    ----------
    stage : int
        Its place in the month, from 1.
    what : str
        In plain words.
    section : str
        Heading of the page "The model in short" (docs/MODEL.md).
    """

    stage: int
    what: str
    section: str

    def __str__(self) -> str:
        return f"stage {self.stage} of the month, {self.what} (page 'The model in short', {self.section})"


_RULES = {
    stage.name: Rule(place, stage.what.split(":")[0], stage.section) for place, stage in enumerate(MONTH, 1)
}
_CHALLENGE = _RULES["challenges"]
_HELP = Rule(_CHALLENGE.stage, "Moscow weighs help for all challenges together", "Moscow")

SERIES_RULES: dict[str, Rule] = {series: _RULES[stage.name] for stage in MONTH for series in stage.moves}
"""The rule that moves each series in a month without events; several move most of them."""

EVENT_RULES: dict[str, tuple[Rule, ...]] = {
    kind: tuple(_RULES[stage.name] for stage in MONTH if kind in stage.notes)
    for kind in dict.fromkeys(kind for stage in MONTH for kind in stage.notes)
}
"""The rules that may note each kind of event, in the order of the month."""

_BY_CAUSE = {
    ("succession", "scenario"): "timeline", ("moscow_leader", "scenario"): "timeline",
    ("election", "scenario"): "timeline", ("membership", "scenario"): "timeline",
    ("territory", "scenario"): "timeline", ("garrison", "scenario"): "timeline",
    ("war", "scenario"): "timeline", ("war", "decision"): "acts",
    ("successor", "election"): "elections",
    ("membership", "integration"): "acts", ("membership", "accession"): "accession",
    ("territory", "step"): "acts", ("territory", "mediation"): "acts", ("garrison", "mediation"): "acts",
    ("territory", "clash"): "left alone", ("territory", "war"): "acts",
}  # fmt: skip
"""The stage that notes an event of a kind with a cause, where several note the kind."""

_ELSE = {
    "defection": "elites", "fall": "elites", "succession": "elites", "successor": "elites",
    "election": "elections", "instrument": "acts", "membership": "memberships", "territory": "returns",
    "garrison": "wars", "war": "wars", "moscow_leader": "means",
}  # fmt: skip
"""The stage that notes what is in no challenge, and has no other cause."""


def series_rule(series: str, *, challenged: bool) -> Rule:
    """Return the rule behind a difference in a series; an open challenge moves a regime's standing too."""
    rule = SERIES_RULES[series]
    return _CHALLENGE if challenged and rule == _RULES["regimes"] else rule


def rule_of(event: Event) -> Rule:
    """Return the rule behind an event; help in a challenge has its own.

    Where an event does not tell which of several stages noted it, this is the latest of them: what ends a
    challenge from outside, takes a territory in war or brings an heir has an event of its own in the month.
    """
    rules = EVENT_RULES[event.kind]
    if event.kind == "refusal" or (event.kind == "instrument" and event.detail in RESCUE_INSTRUMENTS):
        return _HELP
    if len(rules) == 1:
        return rules[0]
    if event.detail == "overtaken":
        return _RULES["elections"]
    if "challenge" in event.facts:
        return _CHALLENGE
    return _RULES[_BY_CAUSE.get((event.kind, str(event.facts.get("cause"))), _ELSE[event.kind])]


# -- where two runs part ways ----------------------------------------------------------------------

_LABELS = {
    "security_loyalty": "loyalty of the services",
    "cohesion": "elite cohesion",
    "young_share": "young share",
}
_NAMED = 3  # gaps or events named; the others are counted


def parting(first: OneRun, second: OneRun, found: Divergence) -> list[str]:
    """Tell where two runs part ways.

    Parameters
    ----------
    first, second : OneRun
    found : Divergence
        Of the two.

    Returns
    -------
    list of str
        Sentences; one alone where they never do.
    """
    names = first.scenario.name, second.scenario.name
    if found.never:
        return [
            f"They never part: over {counted(found.months, 'month')} every series and every event is the "
            "same, bit for bit."
        ]
    lines = []
    if found.tick is None:
        lines.append("No series ever differs, only what the ledger says of events.")
    else:
        same_month = found.event is not None and found.event.tick == found.tick
        rules = _rules(found.event) if found.event is not None and same_month else []
        lines += _series(
            first.month(found.tick), found.series, rules, _challenged((first, second), found.tick)
        )
    if found.visible is not None:
        tick, gap = found.visible
        lines.append(
            f"The first wide gap, above .1, is in {month_name(first.month(tick))}: {_gap(gap, names)}."
        )
    elif found.tick is not None:
        lines.append("No series of a state ever differs by more than .1.")
    if found.numbers is not None and (found.event is None or found.numbers[0].tick <= found.event.tick):
        ours, theirs = found.numbers
        lines.append("The first event with other numbers:")
        lines += [f"{names[0]}: {first.sentence(ours)}", f"{names[1]}: {second.sentence(theirs)}"]
    if found.event is None:
        lines.append("Every event that one has the other has too.")
    else:
        lines += _events((first, second), found.event)
    return lines


def _challenged(runs: tuple[OneRun, OneRun], tick: int) -> set[str]:
    """Return the states with an open challenge in a month, in either run."""
    return {challenge.state for run in runs for challenge in run.challenges if challenge.is_open_at(tick)}


def _series(month: str, gaps: tuple[Gap, ...], events: list[Rule], challenged: set[str]) -> list[str]:
    """Tell the first month of difference.

    Parameters
    ----------
    events : list of Rule
        Those of events that differ in the month.
    challenged : set of str
        States whose regimes' standing an open challenge moves too.
    """
    rules = [series_rule(gap.what, challenged=gap.state in challenged) for gap in gaps]
    earliest = min(rules, key=lambda rule: rule.stage)
    moved = [gap for gap, rule in zip(gaps, rules, strict=True) if rule == earliest]
    kinds = listed([_label(kind) for kind in dict.fromkeys(gap.what for gap in moved)])
    states = list(dict.fromkeys(name(gap.state) for gap in moved if gap.state != MOSCOW))
    where = (
        f" in {listed(states)}"
        if 0 < len(states) <= _NAMED
        else f" in {len(states)} states"
        if states
        else ""
    )
    widest = moved[0]
    rule = min([earliest, *events], key=lambda one: one.stage)
    lines = [
        f"The first month in which any series differs, be it by a bit, is {month_name(month)}. The "
        f"earliest rule of the month at work: {rule}.",
        f"By the end of the month it shows in {kinds}{where}, by up to {widest.size:.2g}"
        + (f" ({name(widest.state)})." if len(states) > 1 else "."),
    ]
    later = [gap for gap in gaps if gap not in moved]
    if later:
        largest = max(later, key=lambda gap: gap.size)
        what = listed([_label(kind) for kind in dict.fromkeys(gap.what for gap in later)])
        lines.append(
            f"So do {what}, the widest by {largest.size:.2g} "
            f"({_label(largest.what)} of {_whose(largest.state)})."
        )
    return lines


def _events(runs: tuple[OneRun, OneRun], gap: EventGap) -> list[str]:
    rule = min(_rules(gap), key=lambda rule: rule.stage)
    month = month_name(runs[0].month(gap.tick))
    lines = [f"The first events that only one has are in {month}. The rule: {rule}."]
    for run, events in zip(runs, (gap.first, gap.second), strict=True):
        who = run.scenario.name
        if not events:
            lines.append(f"{who}: nothing of the kind.")
        lines += [f"{who}: {run.sentence(event)}" for event in events[:_NAMED]]
        if len(events) > _NAMED:
            lines.append(f"{who}: and {counted(len(events) - _NAMED, 'more event')} that month.")
    return lines


def _rules(gap: EventGap) -> list[Rule]:
    return [rule_of(event) for event in (*gap.first, *gap.second)]


def _gap(gap: Gap, names: tuple[str, str]) -> str:
    return (
        f"{_label(gap.what)} of {_whose(gap.state)} is {gap.first:.2f} under {names[0]} and {gap.second:.2f} "
        f"under {names[1]}"
    )


def _label(series: str) -> str:
    return _LABELS.get(series, series.replace("_", " ").replace("csto", "CSTO"))


def _whose(state: str) -> str:
    return "Moscow" if state == MOSCOW else name(state)


def different_start(found: Divergence) -> str:
    """Tell which start quantities differ, the widest first."""
    if not found.start:
        return "The start state is the same in all states."
    shown = [
        f"{gap.what.replace('_', ' ')} of {name(gap.state)} ({gap.first:.2f} and {gap.second:.2f})"
        for gap in found.start[:_NAMED]
    ]
    more = f", and {len(found.start) - _NAMED} more" if len(found.start) > _NAMED else ""
    return capital(f"the start state differs: {', '.join(shown)}{more}.")
