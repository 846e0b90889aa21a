"""Reference tables that are made from the program and the stored numbers; `docs.remake.made` says where."""

from __future__ import annotations

import hashlib
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML

from docs.remake.stored import ROOT, Tree
from docs.remake.words import markdown
from sim.experiment.limits import time_text
from sim.explain.instruments import COLUMNS, instruments_in_words
from sim.figures.registry import find
from sim.figures.registry import names as figure_names
from sim.instruments import INSTRUMENTS
from sim.model.events import EVENT_KINDS
from sim.model.facts import FACTS
from sim.scenario import json_schema, load, names, thesis_schema
from sim.scenario.entry import TimelineEntry
from sim.scenario.states import STATE_NAMES
from sim.scenario.timeline import EVENTS, own_keys
from sim.scenario.vocabulary import MOSCOW, ORGANISATIONS, POWERS, REGIONS, TERRITORIES
from sim.series import MOSCOW_SERIES, STATE_SERIES

_MANY = 8  # of allowed words, more are told by their first
_FREE = dict.fromkeys(("parameters", "initial"), "dotted paths or nested: a number or a prior each")

FIGURES = {
    "influence": ("gallery", "Moscow's influence over time, by thesis: median and bands over runs"),
    "support_levels": ("support", "Falls and challenges by level of Moscow's support, under each thesis"),
    "audit": ("audit", "Which effects of which thesis repeat an assumption, and which emerge"),
    "reliability": ("questions", "Whether the odds that signposts give come true: odds given, and came true"),
    "odds": ("odds", "Which theses the record speaks for, and against which other"),
    "confusion": ("odds", "How often synthetic histories are given to the thesis that made them"),
    "fit_posterior": ("fit", "What the record says of the shared parameters: priors and posterior"),
    "fit_checks": ("fit", "New histories under the fitted parameters beside the record"),
    "backtest_scores": ("backtest", "Who would have predicted it: scores of forecasts, thesis by thesis"),
    "forecast_challenge": ("published", "The published forecast: a challenge to each regime from 2025 on"),
    "placebo": ("placebo", "How often random theses win as much as the real ones"),
    "placebo_backtest": ("placebo_backtest", "Scores of random theses in the back-test, beside real ones"),
    "benchmarks": ("", "Time of a month's citizen stage, beside other frameworks"),
}  # fmt: skip
"""What each figure of ``docs/figures`` shows, and the step of the pipeline that makes it."""


def keys_of_a_scenario() -> str:
    """Return the keys of a scenario file, then those of what its values may be."""
    schema = json_schema()
    return "\n\n".join([
        keys(schema, schema),
        "### Conditions",
        "`when`, of an event or a claim:",
        keys(schema["$defs"]["Condition"], schema),
        "A number with its tag and source, where a number or a prior may stand:",
        keys(schema["$defs"]["FullSetting"], schema),
    ])  # fmt: skip


def keys_of_a_thesis() -> str:
    """Return the keys of a thesis file, of a claim, and of what claims hold."""
    schema = thesis_schema()
    told = [keys(schema, schema)]
    for name, heading in (
        ("Claim", "A claim"), ("ClaimSetting", "A parameter of a claim"), ("Effect", "`effect`"),
        ("Speaker", "`speaker`"), ("YearsOn", "`from`, as years since a month"),
        ("Occurrence", "`when`, by an event"),
        ("LeftOut", "What is left out"),
    ):  # fmt: skip
        told += [
            f"### {heading}",
            str(schema["$defs"][name]["description"]),
            keys(schema["$defs"][name], schema),
        ]
    return "\n\n".join(told)


def keys(model: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return a table of the keys that a part of a schema describes."""
    required = set(model.get("required", ()))
    rows = []
    for key, value in model["properties"].items():
        told = _one_line(value.get("description", ""))
        rows.append(
            (f"`{key}`", _FREE.get(key) or _allowed(value, schema), _default(value, key in required), told)
        )
    return markdown(("key", "what may stand there", "if left out", "what it means"), rows)


def states() -> str:
    """Return the code of each state around Moscow with its name."""
    return ", ".join(f"`{code}` {name}" for code, name in STATE_NAMES.items() if code != MOSCOW)


def vocabulary() -> str:
    """Return the words that keys take: states, territories, powers, instruments and the like."""
    rows = [("states", states()), ("Moscow, where an event may befall it", f"`{MOSCOW}`")]
    for told, words in (
        ("regions", REGIONS), ("territories", TERRITORIES), ("powers", POWERS),
        ("organisations", ORGANISATIONS), ("instruments of Moscow, explained below", INSTRUMENTS),
        ("series of a state", tuple(STATE_SERIES)), ("series of Moscow", tuple(MOSCOW_SERIES)),
    ):  # fmt: skip
        rows.append((told, ", ".join(f"`{word}`" for word in words)))
    return markdown(("of", "words"), rows)


def instruments() -> str:
    """Return a table of Moscow's instruments: what each does, its rung, and the outcome that counts it."""
    rows = [(f"`{name}`", does, rung, f"`{counted}`") for name, does, rung, counted in instruments_in_words()]
    return markdown(COLUMNS, rows)


def events() -> str:
    """Return a section for each event of a timeline: what it does, its keys, and a shipped use of it."""
    return "\n".join(_events())


def events_of_a_run() -> str:
    """Return a table of the kinds of events that a run notes, with what stands where and the facts."""
    rows = []
    for name, kind in EVENT_KINDS.items():
        facts = [f"`{fact}`" for fact in kind.always]
        facts += [f"(`{fact}`)" for fact in kind.also]
        rows.append((f"`{name}`", kind.meaning, kind.actor, kind.target, kind.value, ", ".join(facts)))
    return markdown(("kind", "what happens", "actor", "target", "value", "facts"), rows)


def facts_of_events() -> str:
    """Return a table of the facts that events of a run carry."""
    rows = [(f"`{name}`", fact.meaning, fact.unit or "a word") for name, fact in FACTS.items()]
    return markdown(("fact", "what it means", "unit"), rows)


def _events() -> Iterator[str]:
    schema, used = json_schema(), _uses()
    for name, kind in EVENTS.items():
        model = schema["$defs"][kind.__name__]
        own = {key: model["properties"][key] for key in own_keys(kind)}
        yield f"\n### {name}\n"
        yield _one_line(kind.__doc__ or "") + "\n"
        yield keys({"properties": own, "required": model["required"]}, schema)
        if name in used:
            where, entry = used[name]
            yield f"\nIn the shipped `{where}`:\n"
            yield f"```yaml\n{_as_yaml(entry)}```"


def _uses() -> dict[str, tuple[str, TimelineEntry]]:
    """Return the first shipped scenario that has each event, with its entry."""
    found: dict[str, tuple[str, TimelineEntry]] = {}
    for name in names():
        for entry in load(name).timeline:
            found.setdefault(entry.event, (name, entry))
    return found


def _as_yaml(entry: TimelineEntry) -> str:
    """Return an event as it stands in a file."""
    held = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    first = {key: held.pop(key) for key in ("name", "at", "when", "event") if key in held}
    written = io.StringIO()
    YAML().dump({"timeline": [{**first, **held}]}, written)
    return written.getvalue()


def figures() -> str:
    """Return the table of every figure that `sim` draws: what it shows, from what, and by which command."""
    rows = [
        (f"`{each.name}`", each.title, ", ".join(each.needs), f"`{each.command}`")
        for each in map(find, figure_names())
    ]
    return markdown(("name", "what it shows", "drawn from", "made by"), rows)


def gallery() -> str:
    """Return every figure of the documents with the command that makes it."""
    return "\n".join(_gallery())


def _gallery() -> Iterator[str]:
    there = sorted(path.stem for path in (ROOT / "docs" / "figures").glob("*.png"))
    if unknown := [name for name in there if name not in FIGURES]:
        raise ValueError(f"docs/remake/reference.py does not say what the figure {unknown[0]} shows")
    for name, (step, shown) in FIGURES.items():
        if name not in there:
            continue
        yield f"\n### {shown.partition(':')[0]}\n"
        yield f"![{shown}](figures/{name}.png)\n"
        yield f"{shown}.\n"
        yield f"```bash\n{_command(step)}\n```"


def _command(step: str) -> str:
    """Return the command that makes a figure, and the runs that it rests on."""
    if not step:
        return "python -m benchmarks"
    commands = Tree(ROOT).about(step).get("commands", [])
    return "\n".join([f"python -m docs.remake full {step}", *(f"# {command}" for command in commands)])


# -- what was made, and its hashes ------------------------------------------------------------------


def steps() -> str:
    """Return a table of the pipeline's steps: time, identity, hash of what they made; and their commands."""
    tree = Tree(ROOT)
    rows, commands = [], []
    for name in (
        "audit",
        *sorted(path.parent.name for path in (ROOT / "docs" / "numbers").glob("*/about.json")),
    ):
        about = tree.about(name)
        seconds = math.fsum(about.get("seconds", {}).values())
        rows.append((
            f"`{name}`", time_text(seconds) if seconds else "", _version_of(about),
            f"`{about.get('identity') or 'none'}`", _hash_of_tables(tree, name),
        ))  # fmt: skip
        commands += [f"# {name}", *about.get("commands", [])]
    table = markdown(("step", "time", "version", "identity", "tables"), rows)
    return "\n".join([table, "", "The commands of each step:", "", "```bash", *commands, "```"])


def _version_of(about: Mapping[str, Any]) -> str:
    """Return the version that made a step's numbers, and whether they were only taken over from it."""
    version = re.search(r"\d+\.\d+\.\d\S*", str(about["made"]))
    taken = ", as printed" if "taken over" in about["made"] else ""
    return f"{version[0].rstrip(',') if version else about['made']}{taken}"


def _hash_of_tables(tree: Tree, step: str) -> str:
    """Return the first digits of the hash of a step's tables, one after the other by name."""
    tables = sorted(tree.folder(step).glob("*.csv"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in tables))
    return f"`{digest.hexdigest()[:12]}`" if tables else "none"


def golden() -> str:
    """Say how many golden histories there are, and on what they are compared bit for bit."""
    held = json.loads((ROOT / "tests" / "golden" / "histories.json").read_text(encoding="utf-8"))
    reference = ", ".join(f"{name} {value}" for name, value in held["reference"].items())
    return (
        f"{len(held['cases'])} cases, compared bit for bit on their reference ({reference}), and elsewhere"
        f" within a stated tolerance. They were last renewed on {held['renewals'][-1]['date']}:"
        f" {held['renewals'][-1]['reason']}"
    )


def forecasts() -> str:
    """Return a table of the published forecasts and their hashes."""
    rows = [
        (f"`{name}`", f"`{digest}`")
        for path in sorted((ROOT / "docs" / "forecasts").glob("*.sha256"))
        for digest, name in [path.read_text(encoding="utf-8").split()]
    ]
    return markdown(("file", "SHA-256"), rows)


# -- a key in words --------------------------------------------------------------------------------


def _allowed(value: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Say what a key may hold."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        if name.endswith("Prior"):
            return "a [prior](scenario-files.md#priors)"
        target = schema["$defs"][name]
        return _linked(name) if target.get("type") == "object" else _allowed(target, schema)
    if "enum" in value:
        words = [f"`{word}`" for word in value["enum"]]
        many = f"one of {len(words)} [words](scenario-files.md#words-that-keys-may-hold), such as {words[0]}"
        return " or ".join(words) if len(words) <= _MANY else many
    if "const" in value:
        return f"`{value['const']}`"
    for several in ("anyOf", "oneOf"):
        if several in value and "type" not in value:
            kinds = [_allowed(each, schema) for each in value[several] if each.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    kind = value.get("type", "object")
    kinds = [each for each in (kind if isinstance(kind, list) else [kind]) if each != "null"]
    return _of_kind(kinds[0], value, schema)


def _of_kind(kind: str, value: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if kind == "array":
        items = value.get("items", {})
        if len(items.get("oneOf", ())) > _MANY:
            return "a list of [events](events.md)"
        return f"a list, each {_allowed(items, schema)}"
    if kind in {"number", "integer"}:
        what = "a number" if kind == "number" else "a whole number"
        if "minimum" in value and "maximum" in value:
            return f"{what}, {value['minimum']:,} to {value['maximum']:,}"
        return what
    if kind == "string":
        return "a month, YYYY-MM" if r"\d{4}-" in value.get("pattern", "") else "text"
    return {"boolean": "true or false", "object": "keys and values"}.get(kind, kind)


PARTS = {
    "Thesis": "a [thesis](thesis-files.md)",
    "Claim": "a [claim](thesis-files.md#a-claim)",
    "Effect": "an [effect](thesis-files.md#effect)",
    "Speaker": "a [speaker](thesis-files.md#speaker)",
    "YearsOn": "[years since a month](thesis-files.md#from-as-years-since-a-month)",
    "Condition": "a [condition](scenario-files.md#conditions)",
    "Occurrence": "an [event](thesis-files.md#when-by-an-event)",
    "LeftOut": "[what is left out](thesis-files.md#what-is-left-out)",
}
"""Parts of the schema that have a table of their own."""


def _linked(name: str) -> str:
    """Return the name of a part of the schema, with the place of its table."""
    return PARTS.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower())


def _default(value: Mapping[str, Any], required: bool) -> str:
    if required and "default" not in value:
        return "required"
    held = value.get("default")
    return "" if held in (None, "", [], {}) else f"`{json.dumps(held)}`"


def _one_line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
