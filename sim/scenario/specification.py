"""What scenario and thesis files hold: one class a concept, each with its keys, their meaning and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    WrapValidator,
    model_serializer,
    model_validator,
)
from pydantic import Tag as Form
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from sim.measures import package_outcomes
from sim.months import Month
from sim.renamed import current
from sim.scenario.checking import IN_FULL, NAMED, UnfitError, fit, refused
from sim.scenario.fields import (
    AS_TUPLE,
    MonthField,
    Name,
    OneOf,
    Paragraphs,
    Places,
    Reference,
    ScenarioName,
    Strict,
    Text,
    Whole,
)
from sim.scenario.library import OLD_NULL
from sim.scenario.problems import MOST_TOLD, Location, Misfit
from sim.scenario.settings import ClaimParameters, OwnInitial, OwnParameters, Setting
from sim.scenario.starts import ONLY_AT_THE_START, FromField, Start, TriggerField
from sim.scenario.timeline import TimelineEvent

EARLIEST = Month.of(1992, 1)
LATEST = Month.of(2024, 12)
"""The record covers these months."""

LATEST_START = LATEST + 1
"""A run may start in any of them, or just after."""

FIRST_MONTH = Month.of(2025, 1)
"""Start of the shipped scenarios."""


def _null_is_a_name(value: Any) -> Any:
    """Read YAML's null as the scenario or thesis that was called so."""
    return OLD_NULL if value is None else value


def _thesis_name(value: Any) -> Any:
    name = _null_is_a_name(value)
    return current("thesis", name) if isinstance(name, str) else name


def _outcome_name(value: Any) -> Any:
    return current("outcome", value) if isinstance(value, str) else value


def _none_is_no_effect(value: Any) -> Any:
    return None if value == "none" else value


class Effect(Strict):
    """What must be seen on an outcome if the claim does what it says."""

    outcome: Annotated[str, BeforeValidator(_outcome_name), OneOf(tuple(package_outcomes()))]
    """Outcome of a run, such as `street_falls`."""
    sign: Literal["up", "down"]
    """Whether the claim raises or lowers it."""
    scenario: Reference | None = None
    """Shipped scenario in which it can be seen; the thesis's own if not given."""
    versus: Reference | None = None
    """What it is held against: the same without the claim if not given; else another shipped scenario, or
    `zero`."""


class Speaker(Strict):
    """Who says something in an article."""

    role: Literal["author", "reporter", "quoted"]
    """`author`: who holds the thesis; `reporter`: a gloss of who reports it; `quoted`: somebody else."""
    name: Text = ""
    """Who that is."""

    @model_validator(mode="after")
    def _check_name(self) -> Speaker:
        if self.role == "quoted" and not self.name:
            raise PydanticCustomError("rule", "somebody else is quoted: give the `name`")
        return self

    def __str__(self) -> str:
        roles = {"author": "the author", "reporter": "a gloss of the reporter", "quoted": "as quoted"}
        return f"{self.name}, {roles[self.role]}" if self.name else roles[self.role]


class Statement(Strict):
    """What an article says, and who says it."""

    claim: Text
    """It, paraphrased."""
    speaker: Speaker | None = None
    """Who says it: `role` and `name`."""
    paragraphs: Paragraphs = ()
    """Where in the article: paragraphs, from 1."""
    condition: Text = ""
    """Under what condition, if any."""
    places: Places = ()
    """Of which states or regions; of all if not given."""
    strength: Literal["fact", "certain", "likely", "possible"] | None = None
    """`fact`: said to have happened; `certain`: will or must; `likely`; `possible`: may."""

    @model_serializer(mode="wrap")
    def _written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Write what it gives, its id first."""
        data: dict[str, Any] = handler(self)
        given = {key: item for key, item in data.items() if item not in ("", False, [], ())}
        return {"id": given.pop("id"), **given} if "id" in given else given


class LeftOut(Statement):
    """What a thesis says and no claim of it expresses."""

    why: Annotated[Text, Field(min_length=1)]
    """Why not."""


class Claim(Statement):
    """One claim of a thesis, with the parameters it moves."""

    id: Name
    """Identifier, such as P1."""
    sign: Text = ""
    """What must happen to which outcome when the claim is switched on."""
    source: Text = ""
    """Where it is made, if not in the thesis's source."""
    note: Text = ""
    """Which mechanism of the shared world expresses it, where it moves no parameter."""
    effect: Annotated[Effect | None, BeforeValidator(_none_is_no_effect)] = None
    """What `sign` means in numbers, or `none` where no comparison of runs can show it, with a `note` why."""
    finding: Text = ""
    """Where the model does not show the effect: why not."""
    auxiliary: bool = False
    """In no sentence of the article: it only lets the thesis run. `without` switches it off."""
    from_: FromField | None = Field(default=None, alias="from")
    """When it begins to hold: a month, or `years` and `since`; as its thesis if it says nothing itself."""
    when: TriggerField | None = None
    """What comes first in a free run that begins before `from`: a `variable` beyond a level, an `event`."""
    parameters: ClaimParameters = Field(default_factory=dict)
    """Parameters that it moves, each with `prior`, `tag` and `source`."""

    @property
    def start(self) -> Start | None:
        """When it begins to hold by its own keys; None if it gives none."""
        return _start(self.from_, self.when)

    @model_validator(mode="after")
    def _check_note(self) -> Claim:
        if self.effect is None and "effect" in self.model_fields_set and not self.note:
            raise PydanticCustomError("rule", "has no effect to be seen, so it needs a `note` that says why")
        if self.finding and self.effect is None:
            raise PydanticCustomError("rule", "has a `finding`, so it needs the `effect` that is not shown")
        if not self.parameters and not self.note:
            raise PydanticCustomError(
                "rule", "moves no parameter, so it needs a `note` on the mechanism that expresses it"
            )
        if found := _never_later(self, self.start):
            raise refused(found)
        return self

    def from_thesis(self, thesis: Thesis) -> Claim:
        """Return the claim as it stands outside its thesis: with a source and a start of its own."""
        start = thesis.start_of(self) or Start()
        own = {"source": self.source or thesis.source, "from_": start.since, "when": start.when}
        return self.model_copy(update=own)


def _start(since: Any, when: Any) -> Start | None:
    return None if since is None and when is None else Start(since, when)


def _never_later(claim: Claim, start: Start | None, location: Location = ()) -> list[Misfit]:
    """Return what is wrong with a claim that may begin later and moves what acts at a run's start alone."""
    if start is None or start.has_come_by(EARLIEST):
        return []
    return [
        Misfit(
            (*location, "parameters", path),
            f"{path} acts at the start of a run alone ({ONLY_AT_THE_START[path]}), so no claim with `from` "
            "or `when` can move it",
            at_key=True,
        )
        for path in claim.parameters
        if path in ONLY_AT_THE_START
    ]


def _apart(value: Any, read: Callable[[Any], tuple[Claim, ...]]) -> tuple[Claim, ...]:
    """Read the claims of a thesis one by one; no two may have one id or move one parameter."""
    if not isinstance(value, list | tuple):
        return read(value)  # it says what is wrong
    claims: dict[str, Claim] = {}
    movers: dict[str, str] = {}
    found: list[Misfit] = []
    for index, item in enumerate(value):
        try:
            claim = fit(Claim, item, (index,))
        except UnfitError as error:
            found += error.misfits
            if len(found) > MOST_TOLD:
                break
            continue
        if claim.id in claims:
            found.append(Misfit((index, "id"), f"another claim is {claim.id[:80]}"))
        for path in claim.parameters:
            if path in movers:
                message = f"{path} is already moved by claim {movers[path][:80]}"
                found.append(Misfit((index, "parameters", path), message, at_key=True))
            movers[path] = claim.id
        claims[claim.id] = claim
    if found:
        raise refused(found)
    return tuple(claims.values())


class Thesis(Strict):
    """A thesis: claims, each with priors on the parameters it moves."""

    name: Annotated[Name, BeforeValidator(_thesis_name), Field(alias="thesis")]
    """Its short name."""
    title: Text
    """Its title."""
    author: Text = ""
    """Who holds it."""
    source: Text = ""
    """Where it is stated."""
    from_: FromField | None = Field(default=None, alias="from")
    """When its claims begin to hold, but for those that say so themselves; always if not given."""
    when: TriggerField | None = None
    """What comes first in a free run that begins before `from`: a `variable` beyond a level, an `event`."""
    claims: Annotated[tuple[Claim, ...], AS_TUPLE, WrapValidator(_apart)] = ()
    """Its claims; no two may move the same parameter."""
    left_out: Annotated[tuple[LeftOut, ...], AS_TUPLE] = ()
    """What its article says and no claim expresses, with `why`."""

    @model_validator(mode="after")
    def _check_starts(self) -> Thesis:
        found = [
            fault
            for place, claim in enumerate(self.claims)
            for fault in _never_later(claim, self.start_of(claim), ("claims", place))
        ]
        if found:
            raise refused(found)
        return self

    def start_of(self, claim: Claim) -> Start | None:
        """Return when a claim of the thesis begins to hold; None if it always does."""
        return claim.start or _start(self.from_, self.when)

    @property
    def parameters(self) -> dict[str, Setting]:
        """What the claims set, by dotted path."""
        return {path: setting for claim in self.claims for path, setting in claim.parameters.items()}


def active_claims(thesis: Thesis | None, without: Iterable[str], added: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims that are on, those added last; where two move one parameter, the later wins."""
    off = set(without)
    return (*(claim for claim in (thesis.claims if thesis else ()) if claim.id not in off), *added)


def start_in(thesis: Thesis | None, claim: Claim) -> Start | None:
    """Return when an active claim begins to hold: as its thesis says, or as it says itself if it is added."""
    own = thesis is not None and claim in thesis.claims
    return thesis.start_of(claim) if thesis is not None and own else claim.start


def _named_or_in_full(value: Any) -> str:
    return IN_FULL if isinstance(value, dict | Strict) else NAMED


_EITHER = Discriminator(_named_or_in_full)

ThesisGiven = Annotated[Annotated[Reference, Form(NAMED)] | Annotated[Thesis, Form(IN_FULL)], _EITHER]
ClaimGiven = Annotated[Annotated[Name, Form(NAMED)] | Annotated[Claim, Form(IN_FULL)], _EITHER]

KEYS = ConfigDict(extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, populate_by_name=True)
"""No unknown keys. A dataclass cannot be strict and read from a mapping; its numbers and texts are."""


HAND_SET = "hand-set"
"""Shared priors that no fit has touched."""


@dataclass(frozen=True, slots=True, kw_only=True, config=KEYS)
class Draft:
    """A scenario: a thesis, a start, a horizon, changes to parameters and to the start state, events."""

    name: ScenarioName | None = None
    """Its name in results; the file's name without .yaml if not given."""
    title: Text = ""
    """A short title."""
    question: Text = ""
    """The question it asks, in plain words."""
    asked_by: Text = ""
    """Who raises the question."""
    extends: Annotated[Reference | None, BeforeValidator(_null_is_a_name)] = None
    """Scenario that this one changes: a name, or the path of a .yaml file relative to this one."""
    thesis: Annotated[ThesisGiven | None, BeforeValidator(_null_is_a_name)] = None
    """Thesis: a name, the path of a .yaml file relative to this one, or the thesis in full."""
    without: Annotated[tuple[Name, ...], AS_TUPLE] = ()
    """Claims of the thesis that are switched off, by id."""
    with_: Annotated[tuple[ClaimGiven, ...], AS_TUPLE, Field(alias="with")] = ()
    """Claims that are switched on: an id of any shipped thesis, or a claim in full."""
    start: MonthField = FIRST_MONTH
    """First month of the run, 1992-01 to 2025-01."""
    years: Annotated[Whole, Field(ge=1, le=50)] = 15
    """Length of the run."""
    mode: Literal["free", "historical"] = "free"
    """`historical` takes elections and the war in Ukraine from the record, so it must end by 2024-12."""
    citizens: Annotated[Whole, Field(ge=50, le=100_000)] = 1_000
    """Citizens in each state."""
    runs: Annotated[Whole, Field(ge=1, le=10**12)] = 100
    """Replicates; what would take too long is refused when it is to be run."""
    seed: Annotated[Whole, Field(ge=0, le=2**63 - 1)] = 20_250_101
    """Seed of all random numbers."""
    shared_priors: Literal["fitted", "hand-set"] = "fitted"
    """Priors of the shared world: fitted where the record speaks (docs/HISTORY.md), or all set by hand."""
    parameters: OwnParameters = field(default_factory=dict)
    """Parameters that differ from the thesis and the shared world, by dotted path or nested.

    `posterior` names a file that `calibrate fit` wrote; it stands in for the shared priors.
    """
    initial: OwnInitial = field(default_factory=dict)
    """The start state of one state, by dotted path such as KGZ.alignment, or nested."""
    timeline: Annotated[tuple[TimelineEvent, ...], AS_TUPLE] = ()
    """Events, by month or by condition."""
