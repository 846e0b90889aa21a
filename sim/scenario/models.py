"""The keys of scenario and thesis files."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sim.months import Month
from sim.scenario.fields import (
    MonthField,
    Name,
    Outcome,
    Reference,
    ScenarioName,
    Settings,
    Strict,
    Text,
    empty_list,
)
from sim.scenario.library import SHARED_WORLD
from sim.scenario.scenario import FIRST_MONTH
from sim.scenario.timeline import TimelineEvent

EARLIEST = Month.of(1992, 1)
LATEST = Month.of(2024, 12)
"""The record covers these months, so a run may start in any of them."""

POSTERIOR = "posterior"
"""Key of `parameters` that names the file of a posterior."""

THESIS_NAMED, THESIS_IN_FULL = "thesis by name", "thesis in full"
CLAIM_NAMED, CLAIM_IN_FULL = "claim by id", "claim in full"
"""Tags of the two ways to give a thesis or a claim; they are not keys of the file."""


def _null_is_a_name(value: Any) -> Any:
    """Read YAML's null as the scenario or thesis that is called so."""
    return SHARED_WORLD if value is None else value


def _none_is_no_effect(value: Any) -> Any:
    return None if value == "none" else value


class EffectFile(Strict):
    """What must be seen on an outcome if the claim does what it says."""

    outcome: Outcome
    """Outcome of a run, such as `street_falls`."""
    sign: Literal["up", "down"]
    """Whether the claim raises or lowers it."""
    scenario: Reference | None = None
    """Shipped scenario in which it can be seen; the thesis's own if not given."""
    versus: Reference | None = None
    """What it is held against: the same without the claim if not given; else another shipped scenario, or
    `zero`."""


class ClaimFile(Strict):
    """One claim of a thesis, with the parameters it moves."""

    id: Name
    """Identifier, such as P1."""
    claim: Text
    """The claim, paraphrased."""
    sign: Text = ""
    """What must happen to which outcome when the claim is switched on."""
    source: Text = ""
    """Where it is made, if not in the thesis's source."""
    note: Text = ""
    """Which mechanism of the shared world expresses it, where it moves no parameter."""
    effect: Annotated[EffectFile | None, BeforeValidator(_none_is_no_effect)] = None
    """What `sign` means in numbers, or `none` where no comparison of runs can show it, with a `note` why."""
    finding: Text = ""
    """Where the model does not show the effect: why not."""
    parameters: Settings = Field(default_factory=dict)
    """Parameters that it moves, each with `prior`, `tag` and `source`."""

    @model_validator(mode="after")
    def _check_note(self) -> ClaimFile:
        if self.effect is None and "effect" in self.model_fields_set and not self.note:
            raise PydanticCustomError("rule", "has no effect to be seen, so it needs a `note` that says why")
        if self.finding and self.effect is None:
            raise PydanticCustomError("rule", "has a `finding`, so it needs the `effect` that is not shown")
        if not self.parameters and not self.note:
            raise PydanticCustomError(
                "rule", "moves no parameter, so it needs a `note` on the mechanism that expresses it"
            )
        return self


class ThesisFile(Strict):
    """A thesis: claims, each with priors on the parameters it moves."""

    thesis: Annotated[Name, BeforeValidator(_null_is_a_name)]
    """Its short name."""
    title: Text
    """Its title."""
    author: Text = ""
    """Who holds it."""
    source: Text = ""
    """Where it is stated."""
    claims: Annotated[list[ClaimFile], empty_list] = Field(default_factory=list)
    """Its claims; no two may move the same parameter."""


def _thesis_kind(value: Any) -> str:
    return THESIS_IN_FULL if isinstance(value, dict) else THESIS_NAMED


ThesisField = Annotated[
    Annotated[Reference, Tag(THESIS_NAMED)] | Annotated[ThesisFile, Tag(THESIS_IN_FULL)],
    Discriminator(_thesis_kind),
]


def _claim_kind(value: Any) -> str:
    return CLAIM_IN_FULL if isinstance(value, dict) else CLAIM_NAMED


AddedClaim = Annotated[
    Annotated[Name, Tag(CLAIM_NAMED)] | Annotated[ClaimFile, Tag(CLAIM_IN_FULL)],
    Discriminator(_claim_kind),
]


def _file_alone(value: Any) -> Any:
    """Read a text in place of the parameters as the file of a posterior."""
    return {POSTERIOR: value} if isinstance(value, str) else value


class ScenarioFile(Strict):
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
    thesis: Annotated[ThesisField | None, BeforeValidator(_null_is_a_name)] = None
    """Thesis: a name, the path of a .yaml file relative to this one, or the thesis in full."""
    without: Annotated[list[Name], empty_list] = Field(default_factory=list)
    """Claims of the thesis that are switched off, by id."""
    with_: Annotated[list[AddedClaim], empty_list] = Field(default_factory=list, alias="with")
    """Claims that are switched on: an id of any shipped thesis, or a claim in full."""
    start: MonthField = FIRST_MONTH
    """First month of the run, 1992-01 to 2024-12."""
    years: Annotated[int, Field(ge=1, le=50)] = 20
    """Length of the run."""
    mode: Literal["free", "historical"] = "free"
    """`historical` takes elections and the war in Ukraine from the record, so it must end by 2024-12."""
    citizens: Annotated[int, Field(ge=50, le=100_000)] = 1_000
    """Citizens in each state."""
    runs: Annotated[int, Field(ge=1, le=10**12)] = 100
    """Replicates; what would take too long is refused when it is to be run."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 20_100_101
    """Seed of all luck."""
    parameters: Annotated[Settings, BeforeValidator(_file_alone)] = Field(default_factory=dict)
    """Parameters that differ from the thesis and the shared world, by dotted path or nested.

    `posterior` names a file that `calibrate fit` wrote; it stands in for the shared priors.
    """
    initial: Settings = Field(default_factory=dict)
    """The start state of one state, by dotted path such as KGZ.alignment, or nested."""
    timeline: Annotated[list[TimelineEvent], empty_list] = Field(default_factory=list)
    """Events, by month or by condition."""
