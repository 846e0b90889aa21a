"""A resolved scenario as data, as YAML, as a fingerprint, beside another scenario, and in plain words."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pydantic_core
from ruamel.yaml import YAML

import sim.parameters
from sim.parameters import keyed_path
from sim.parameters.priors import Prior, Sample, joint_text, prior_text
from sim.scenario.settings import Setting, setting_data
from sim.scenario.specification import Claim, Statement, Thesis, start_in
from sim.world.state import STATES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.timeline import AnyEvent

_KEYS = (
    "title", "question", "asked_by", "start", "years", "mode", "citizens", "runs", "seed", "shared_priors",
)  # fmt: skip
_WIDTH = 100


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as a file would hold it: nothing inherited, nothing left out."""
    data = plain(scenario)
    starts = {path: setting.at_the_start for path, setting in sorted(scenario.parameters.items())}
    own = {path: setting for path, setting in starts.items() if setting is not None and setting.claim is None}
    data["parameters"] = {path: setting_data(setting) for path, setting in own.items()}
    return {key: item for key, item in data.items() if item or key not in ("without", "with")}


def plain(value: Any) -> Any:
    """Return a scenario, a thesis, a claim, an event or a list of them as a file would hold it."""
    return pydantic_core.to_jsonable_python(value, by_alias=True, exclude_none=True)


def to_yaml(data: Mapping[str, Any]) -> str:
    """Return plain data as YAML 1.2. Where nothing but ``runs`` is another, it is not written out anew."""
    if "runs" not in data:
        return _written(json.dumps(data))
    text = _written(json.dumps({**data, "runs": 0}))
    return re.sub(r"^runs: 0$", f"runs: {data['runs']}", text, count=1, flags=re.MULTILINE)


@lru_cache(maxsize=64)
def _written(text: str) -> str:
    """Return data in JSON as YAML: a page writes the same scenario for each number of its runs."""
    data = json.loads(text)
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def inputs(scenario: Scenario) -> dict[str, Any]:
    """Return what the model is given of a scenario, as plain values; see `sim.model.simulate.build`.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    dict of str to list, dict, str or number
        Seed, span, citizens, the priors that it sets, and the timeline.
    """
    return {
        "seed": scenario.seed,
        "span": [str(scenario.start), scenario.months, scenario.mode],
        "citizens": scenario.citizens,
        "parameters": _keyed(scenario.priors),
        "initial": _priors(scenario.initial),
        "timeline": plain(scenario.timeline),
        **_later(scenario),
    }


def fingerprint(scenario: Scenario) -> str:
    """Return a text that is the same for scenarios that differ in nothing but names, runs and seed.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    str
        16 hexadecimal digits, from the span, the citizens, every parameter's prior and range (those of the
        shared world included), the start state and the timeline.
    """
    own = scenario.priors
    content = {
        "span": [str(scenario.start), scenario.years, scenario.mode, scenario.citizens],
        "parameters": {
            keyed_path(path): [_numbers(own.get(path, spec.prior)), spec.low, spec.high]
            for path, spec in sim.parameters.catalogue().items()
        },
        "initial": _priors(scenario.initial),
        "timeline": plain(scenario.timeline),
        **_later(scenario),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def _later(scenario: Scenario) -> dict[str, Any]:
    """Return what claims that begin later put in place; nothing where there are none."""
    later = [
        {
            "month": str(onset.month),
            "condition": plain(onset.condition),
            "occurrence": plain(onset.occurrence),
            "priors": _keyed(onset.priors),
        }
        for onset in scenario.onsets
    ]
    return {"later": later} if later else {}


def _priors(settings: Mapping[str, Setting]) -> dict[str, list[object]]:
    return _keyed({path: setting.prior for path, setting in settings.items()})


def _keyed(priors: Mapping[str, Prior]) -> dict[str, list[object]]:
    return {keyed_path(path): _numbers(prior) for path, prior in sorted(priors.items())}


def _numbers(prior: object) -> list[object]:
    fields = dataclasses.fields(prior)  # type: ignore[arg-type]
    numbers = [getattr(prior, field.name) for field in fields]  # `astuple` would copy each draw of a sample
    return [type(prior).__name__, *numbers]


def difference(a: Scenario, b: Scenario) -> list[tuple[str, Any, Any]]:
    """Return what differs between two scenarios.

    A parameter that one of them does not set has the shared world's prior there. Tags and sources are not
    compared.

    Parameters
    ----------
    a, b : Scenario

    Returns
    -------
    list of (str, object, object)
        Path, value in ``a``, value in ``b``. Paths are keys of a scenario file (``years``), ``parameters.``
        or ``initial.`` and a dotted path (values are priors), ``later.``, a claim and a parameter (a prior
        and when it begins to hold), or ``timeline.``, an event's name and its key. None stands for what a
        scenario lacks: an event, or a start state that differs from the record.
    """
    left, right = _flat(a), _flat(b)
    catalogue = sim.parameters.catalogue()
    rows: list[tuple[str, Any, Any]] = []
    for path in [*left, *(path for path in right if path not in left)]:
        section, _, name = path.partition(".")
        shared: Prior | None = catalogue[name].prior if section == "parameters" else None
        ours, theirs = left.get(path, shared), right.get(path, shared)
        if ours != theirs:
            rows.append((path, ours, theirs))
    return rows


def setters(path: str, *scenarios: Scenario) -> list[tuple[Claim, str]]:
    """Return the claims that set what a row of `difference` is about, each with the parameter's dotted path.

    Parameters
    ----------
    path : str
        Of the row.
    *scenarios : Scenario
        Those that were compared.
    """
    found: dict[tuple[str, str], tuple[Claim, str]] = {}
    for scenario in scenarios:
        set_here = {
            f"parameters.{name}": (one.at_the_start, name) for name, one in scenario.parameters.items()
        }
        set_here |= {
            f"later.{one.claim}.{name}": (one, name)
            for name, last in scenario.parameters.items()
            for one in last.later
        }
        setting, name = set_here.get(path, (None, ""))
        named = {claim.id: (claim, name) for claim in scenario.claims}
        if setting is not None and setting.claim in named:
            claim, _ = named[setting.claim]
            found[claim.id, claim.claim] = claim, name  # two theses of a user's may call a claim alike
    return list(found.values())


def _flat(scenario: Scenario) -> dict[str, Any]:
    flat: dict[str, Any] = {"thesis": scenario.thesis.name if scenario.thesis else None}
    flat |= {
        "without": ", ".join(scenario.without) or None,
        "with": ", ".join(claim.id for claim in scenario.with_) or None,
    }
    flat |= {key: getattr(scenario, key) for key in _KEYS}
    flat |= {f"parameters.{path}": prior for path, prior in sorted(scenario.priors.items())}
    flat |= {
        f"later.{setting.claim}.{path}": f"{prior_text(setting.prior)}, {setting.start}"
        for path, last in scenario.parameters.items()
        for setting in last.later
    }
    flat |= {f"initial.{path}": setting.prior for path, setting in sorted(scenario.initial.items())}
    for event in scenario.timeline:
        given = {key: value for key, value in event if key != "name" and value is not None}
        flat |= {f"timeline.{event.name}.{key}": value for key, value in given.items()}
    return flat


def in_words(scenario: Scenario) -> str:
    """Return what a scenario asks, assumes and lets happen, over several lines."""
    heading = f"Scenario {scenario.name}"
    lines = [f"{heading}: {scenario.title}" if scenario.title else heading]
    lines += _wrapped("Question: ", scenario.question) + _wrapped("Asked by: ", scenario.asked_by)
    lines += _wrapped("Thesis: ", _thesis(scenario.thesis))
    lines += _wrapped("Without claims: ", ", ".join(scenario.without))
    for claim in scenario.with_:
        lines += _wrapped(f"With claim {claim.id}: ", f"{claim.claim} ({claim.source})")
    for path, winner, loser in scenario.overruled:
        lines.append(f"  {path}: claim {winner} takes the place of claim {loser}.")
    lines += _wrapped("Shared priors: ", _shared(scenario))
    later: dict[str, list[str]] = {}
    for onset in scenario.onsets:
        claim = next(each for each in scenario.claims if each.id == onset.claim)
        later.setdefault(holding(scenario, claim), []).append(claim.id)
    for when, claims in later.items():
        who = f"Claim {claims[0]} holds" if len(claims) == 1 else f"Claims {', '.join(claims)} hold"
        lines += _wrapped(f"{who} ", f"{when}.")
    world = (
        "elections and the war in Ukraine as recorded"
        if scenario.mode == "historical"
        else "history runs freely"
    )
    lines += [
        f"  From {scenario.start} to {scenario.last} ({scenario.years} years); {world}.",
        f"  {scenario.citizens:,} citizens in each of {len(STATES)} states; "
        f"{scenario.runs:,} runs from seed {scenario.seed}.",
        "",
        *_section("Parameters that differ from the shared world", _parameters(scenario)),
        *_section("Start state that differs from the record", map(_initial, *_items(scenario.initial))),
        *_section("Timeline", [_event(event) for event in scenario.timeline]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def holding(scenario: Scenario, claim: Claim) -> str:
    """Return when a claim of a scenario holds, and what that means for its runs; empty if it always does."""
    start = start_in(scenario.thesis, claim)
    if start is None:
        return ""
    if start.has_come_by(scenario.start):
        return f"from {start.since}: all through this run"
    if start.awaits_event(historical=scenario.mode == "historical"):
        return str(start)
    never = start.month is None or start.month > scenario.last
    return f"{start}: never in this run" if never else str(start)


def _items(settings: dict[str, Setting]) -> tuple[list[str], list[Setting]]:
    return list(settings), list(settings.values())


PLACES_MEAN = "Said of: places of which the article speaks. A claim's numbers act on every state."
"""What the places in `saying` mean."""


def saying(statement: Statement) -> str:
    """Return who says something and where, how firmly, of what places and under what condition.

    >>> said = {"claim": "It falls", "speaker": {"role": "author"}, "paragraphs": [3, 5], "places": ["KGZ"]}
    >>> saying(Statement.model_validate(said))
    'the author, paragraphs 3 and 5; said of KGZ'
    """
    who = str(statement.speaker) if statement.speaker else ""
    *most, last = map(str, statement.paragraphs or ("",))
    numbers = f"{', '.join(most)} and {last}" if most else last
    where = f"paragraph{'s' if most else ''} {numbers}" if last else ""
    parts = [
        ", ".join(filter(None, (who, where))),
        statement.strength or "",
        f"said of {', '.join(statement.places)}" if statement.places else "",
        f"if {statement.condition}" if statement.condition else "",
        "auxiliary: in no sentence of it" if isinstance(statement, Claim) and statement.auxiliary else "",
    ]
    return "; ".join(filter(None, parts))


def _thesis(thesis: Thesis | None) -> str:
    if thesis is None:
        return "none, the shared world"
    counted = f"{len(thesis.claims)} claims, {len(thesis.parameters)} parameters"
    who = f"{thesis.author}; " if thesis.author else ""
    return f"{thesis.name}, {thesis.title} ({who}{counted})"


def _shared(scenario: Scenario) -> str:
    """Return where the shared world's priors come from, and what claims take out of a joint sample."""
    fitted = scenario.fitted
    if not fitted:
        return scenario.shared_priors
    first = next(iter(fitted.values()))
    assert isinstance(first.prior, Sample)
    told = f"{scenario.shared_priors}; {joint_text(first.prior, len(fitted))}; {first.source}"
    if own := [path for path in fitted if path in scenario.parameters]:
        told += f"; {len(own)} of them are set here instead ({', '.join(own)}), the others keep their rows"
    return told


def _parameters(scenario: Scenario) -> Iterator[list[str]]:
    """Yield what to say of each parameter that is set; the source of a joint sample once, above its own."""
    settings = scenario.parameters
    joint: dict[str, list[str]] = {}
    for path, setting in settings.items():
        if isinstance(setting.prior, Sample):
            joint.setdefault(setting.prior.of, []).append(path)
        else:
            yield _parameter(scenario, path, f"; {_whence(setting)}")
    for paths in joint.values():
        first = settings[paths[0]]
        assert isinstance(first.prior, Sample)
        yield textwrap.wrap(f"{joint_text(first.prior, len(paths))}; {_whence(first)}:", _WIDTH)
        for path in paths:
            yield [f"  {line}" for line in _parameter(scenario, path, "")]


def _parameter(scenario: Scenario, path: str, whence: str) -> list[str]:
    spec, setting = sim.parameters.catalogue()[path], scenario.parameters[path]
    shared = f"shared world: {prior_text(scenario.shared(path).prior)}"
    held, before = shared, setting.before
    if setting.start is not None:
        earlier = f"{prior_text(before.prior)}, {_whence(before)}; " if before is not None else ""
        held = f"once claim {setting.claim} holds; before, {earlier}{shared}"
    return [
        f"{path} = {prior_text(setting.prior)} ({held})",
        f"    {spec.meaning}{whence}",
    ]


def _whence(setting: Setting) -> str:
    who = f"claim {setting.claim}, " if setting.claim else ""
    return f"{who}{setting.tag}: {setting.source}"


def _initial(path: str, setting: Setting) -> list[str]:
    return [f"{path} = {prior_text(setting.prior)}; {setting.tag}: {setting.source}"]


def _event(event: AnyEvent) -> list[str]:
    return [f"{when(event)}: {event.name}", f"    {event.in_words()}"]


def when(event: AnyEvent) -> str:
    """Return when a scenario's event happens: its month, or its condition in words."""
    return f"{event.at}" if event.at is not None else f"The first month in which {event.when}"


def _section(title: str, entries: Iterable[list[str]]) -> list[str]:
    lines = [f"    {line}" for entry in entries for line in entry]
    return [f"  {title}:", *(lines or ["    none"]), ""]


def _wrapped(label: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(f"{label}{text}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
