"""What can happen in a run: every kind of event, its codes, and the facts that it carries.

This is the one declaration: the ledger refuses what is not here. Facts are described in `sim.model.facts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from sim.instruments import TABLE
from sim.series import Meanings, Words

# -- kinds of events ---------------------------------------------------------------------------------


_NOTHING: Meanings = {"": "nothing more to say"}


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event.

    Parameters
    ----------
    meaning : str
    actor, target : str
        Whose codes stand there.
    details : mapping of str to str, or None
        Codes that ``detail`` may have, with their meanings; None where it is a name that nobody can list.
    value : str
        What the value is; empty where there is none.
    causes : mapping of str to str
        Codes that the fact ``cause`` may have, with their meanings.
    always : iterable of str
        Facts that every event of the kind carries.
    also : iterable of str
        Facts that some carry.
    """

    meaning: Words
    actor: Words
    target: Words
    details: Meanings | None = field(default_factory=lambda: _NOTHING)
    value: Words = ""
    causes: Meanings = field(default_factory=dict)
    always: Iterable[str] = ()
    also: Iterable[str] = ()
    required: frozenset[str] = field(init=False)
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "required", frozenset(self.always))
        object.__setattr__(self, "known", self.required | frozenset(self.also))

    def fault(self, detail: str, facts: Mapping[str, float | str]) -> str:
        """Return what of an event of this kind is not declared, or lacking; empty if all is well."""
        if self.details is not None and detail not in self.details:
            return f"no detail {detail!r}"
        if not facts.keys() >= self.required:
            return f"lacks {', '.join(sorted(self.required - facts.keys()))}"
        if not facts.keys() <= self.known:
            return f"carries no {', '.join(sorted(facts.keys() - self.known))}"
        if self.causes and facts["cause"] not in self.causes:
            return f"no cause {facts['cause']!r}"
        return ""


AND = " and "
"""Joins the codes of several triggers of one challenge."""

_TRIGGERS = (
    ("election", "parliamentary election"),
    ("succession",),
    ("outside campaign",),
    ("shock", "the example of others"),
)
TRIGGERS: Meanings = {
    "election": "an election of the chief executive",
    "parliamentary election": "an election of a parliament that does not choose the executive",
    "succession": "a succession in sight or done",
    "outside campaign": "outside organisers call people out",
    "shock": "a price rise, a scandal, a death",
    "the example of others": "a shock, made likelier by success elsewhere",
    "set by the scenario": "a focal event of the scenario's author",
    "open before": "on record it was open before the first month",
    "everyday grievance": "no focal event",
}
"""What sets a challenge off; several are joined by `AND`."""

_SEVERAL: Words = "several at once"
_TRIGGER_DETAILS = {
    **TRIGGERS,
    **{
        AND.join(filter(None, several)): _SEVERAL
        for several in product(*(("", *choice) for choice in _TRIGGERS))
        if len(list(filter(None, several))) > 1
    },
}
_SCENARIO: Meanings = {"scenario": "the scenario's author set it"}
_HELP = {entry.name: entry.noun for entry in TABLE if entry.rung}


def _opening(meaning: Words) -> EventKind:
    return EventKind(
        meaning,
        "movement", "state",
        _TRIGGER_DETAILS,
        "share of citizens in open opposition",
        always=(
            "challenge", "legitimacy", "settled_legitimacy", "performance", "rent_support", "spark",
            "efficacy", "resources", "outside_help", "alignment", "worth",
        ),
    )  # fmt: skip


EVENT_KINDS: Mapping[str, EventKind] = {
    "challenge": _opening("a mass challenge opens"),
    "flare": _opening(
        "a challenge that ended under six months ago flares up again; it counts with that one"
    ),
    "challenge_ended": EventKind(
        "a challenge ends, at least for now",
        "state", "state",
        {
            "fall": "the incumbent falls in it", "repressed": "repressed in most weeks",
            "bought off": "bought off in most weeks", "conceded": "concessions in most weeks",
            "ebbed": "no answer of these", "overtaken": "the incumbent is gone by another way",
        },
        "highest share of citizens in open opposition since it opened or flared up",
        always=("challenge", "weeks"),
    ),
    "response": EventKind(
        "the regime's answer in the first week of a month",
        "state", "state",
        {
            "repress": "uses its services", "buy off": "spends rents", "concede": "gives way",
            "call Moscow": "asks for help", "hedge": "turns to another power",
        },
        "share of citizens in open opposition",
        always=("challenge", "loyalty", "rents", "answer_gain"),
    ),
    "defection": EventKind(
        "services or elites turn on the regime",
        "security services, elites", "state",
        value="services: share of citizens in open opposition; elites: their cohesion",
        always=("cohesion", "openness", "chance"),
        also=(
            "challenge", "loyalty", "preparedness", "dependence", "log_odds", "answer_gain", "backing",
            "dual_power", "lame_duck",
        ),
    ),
    "fall": EventKind(
        "the incumbent falls",
        "street, elite", "state",
        {"street": "to the street", "elite": "to its elite"},
        "alignment before",
        {
            "services turned": "after a defection", "resignation": "with no defection",
            "rival clans": "rivals used the challenge", "palace coup": "split elites, in quiet times",
        },
        ("cause", "chance", "cohesion"),
        ("challenge", "participation", "weeks", "openness", "dual_power", "lame_duck"),
    ),
    "succession": EventKind(
        "a leader goes, or is about to, without a fall",
        "state", "state",
        {
            "managed": "hands over to an heir",
            "death": "dies in office, or leaves it by a scenario",
            "lame duck": "is expected to go: the succession is open",
        },
        "line of the heir; for a lame duck, cohesion of the elite",
        {"drawn": "its chance of the month", "due": "a lame duck's time is up", **_SCENARIO},
        ("cause", "tenure", "age"),
        ("chance",),
    ),
    "campaign": EventKind(
        "outside organisers help a movement",
        "West", "state",
        {"alone": "in one state", "joint": "in several at once, and call people out"},
        "help that the movement then has",
        always=("campaign_rate",),
    ),
    "successor": EventKind(
        "a new leader takes over",
        "state", "state",
        {"anti": "against Moscow", "neutral": "between", "pro": "with Moscow"},
        "line that the new leader seeks",
        {
            "street": "after a fall to the street", "elite": "chosen by the elite after a fall",
            "heir": "chosen by the leader who is gone", "election": "elected",
        },
        ("cause", "old_line", "line_limit"),
        (
            "challenge", "chance_part", "old_kept", "programme", "weight", "attitude", "attitude_part",
            "ties_part", "campaign_part", "sponsor_part", "dependence", "help_rungs", "tenure", "age",
        ),
    ),
    "election": EventKind(
        "a national election",
        "state", "state",
        {
            "held": "the incumbent side wins", "turnover": "it loses",
            "parliamentary": "of a parliament that does not choose the executive",
        },
        "held: chance of losing; turnover: line of the winner",
        {"calendar": "due", **_SCENARIO},
        ("cause",),
        ("chance",),
    ),
    "request": EventKind(
        "a regime asks Moscow for help",
        "state", "RUS",
        value="share of citizens in open opposition",
        always=("challenge", "expected"),
    ),
    "instrument": EventKind(
        "Moscow acts",
        "RUS", "state, pair of states or territory",
        {entry.name: entry.noun for entry in TABLE},
        "net value to Moscow",
        always=("means",),
        also=(
            "challenge", "participation", "worth", "saved", "price", "help_gain", "restoration",
            "free_capacity",
        ),
    ),
    "refusal": EventKind(
        "Moscow leaves a request unanswered",
        "RUS", "state",
        value="worth of keeping the regime to Moscow",
        always=("challenge", "attention_left", "money_left", "troops_free"),
    ),
    "realignment": EventKind(
        "a state's class of alignment has changed by the end of a year",
        "who gains: a power, Moscow or nobody", "state",
        {"away": "from Moscow", "toward": "Moscow"},
        "alignment",
        always=("line", "attitude", "free_capacity", "drawn", "public"),
    ),
    "membership": EventKind(
        "a state joins or leaves an organisation",
        "state", "organisation",
        {"joined": "", "left": ""},
        "alignment",
        {
            "close": "aligned closely enough to enter the alliance", "integration": "drawn in by Moscow",
            "accession": "NATO takes it in: its course is far and nothing is in dispute",
            "wary": "trust in the alliance is gone", "lapsed": "no longer aligned enough to stay",
            "estranged": "turned from Moscow", **_SCENARIO,
        },
        ("cause",),
        ("trust", "line", "nato_course"),
    ),
    "territory": EventKind(
        "a territory changes its status",
        "host state", "territory",
        {
            "arose": "becomes a de facto state", "upgraded": "comes under passports or peacekeepers",
            "integrated": "is recognised or annexed", "lost": "returns to its host",
        },
        "status it then has, 0-3",
        {
            "step": "Moscow took a step", "war": "taken, or broken away, in war",
            "mediation": "peacekeepers after a clash", "uncovered": "Moscow was not there to cover it",
            "no patron": "settled for autonomy", "clash": "retaken by its host", **_SCENARIO,
        },
        ("cause",),
        ("restoration", "alignment", "net", "absence"),
    ),
    "clash": EventKind(
        "two states clash",
        "state", "state",
        None,  # the territory in dispute, or `border`
        "hazard of a clash in the month",
        always=("free_capacity", "first_garrison", "second_garrison", "build_up"),
    ),
    "garrison": EventKind(
        "Russian troops move",
        "RUS", "state",
        {"withdrawn": "to fewer than a thousand, or by a scenario", "placed": "peacekeepers"},
        "withdrawn: thousand troops that are left; placed: thousand that come",
        {"front": "recalled to the front", "mediation": "peacekeepers after a clash", **_SCENARIO},
        ("cause",),
    ),
    "war": EventKind(
        "Moscow's war in a state",
        "RUS", "state",
        {"started": "or widened", "ended": "", "setback": ""},
        "load on Moscow",
        {
            "decision": "Moscow weighed it and went", "record": "as recorded",
            "drawn": "its chance of the month", **_SCENARIO,
        },
        ("cause",),
        ("scale", "nato_course", "net", "months", "standing"),
    ),
    "moscow_leader": EventKind(
        "a new leader in Moscow",
        "RUS", "RUS",
        {"death": "the old one dies or falls", "managed": "hands over"},
        "age of the old one",
        {"drawn": "its chance of the month", **_SCENARIO},
        ("cause",),
        ("chance",),
    ),
    "purge": EventKind(
        "a rescued regime purges its rivals",
        "state", "state",
        _HELP,
        "cohesion of the elite after it",
        always=("challenge", "loyalty", "line"),
    ),
    "claim": EventKind(
        "a claim of the thesis begins to hold",
        "thesis", "none",
        None,  # its id
    ),
    "timeline": EventKind(
        "an event that the scenario's author set",
        "scenario", "state, if there is one",
        None,  # its name in the scenario
        always=("entry",),
    ),
}  # fmt: skip
"""Every kind of event."""
