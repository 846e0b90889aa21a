"""New scenario and thesis files: templates with remarks, right as they stand and ready to be changed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.errors import RequestError
from sim.naming import set_path, set_twice
from sim.parameters import catalogue, prior_text
from sim.scenario.layers import override_layer
from sim.scenario.library import SHARED_WORLD, SUFFIXES, THESES, names, thesis_names
from sim.scenario.lines import commands, remark, text_of, value_of
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.ranges import Range, initial_ranges, parameter_ranges
from sim.scenario.resolve import shipped_claims
from sim.scenario.scenario import Scenario, load
from sim.scenario.schema import json_schema, thesis_schema

SCENARIO_SCHEMA, THESIS_SCHEMA = "scenario.schema.json", "thesis.schema.json"

_WHAT_REMARKS_ARE = "# Lines that begin with # do nothing: remarks, and examples that count without their #."
_EXAMPLE = "moscow.keep_weight"  # a parameter of the shared world that many theses speak of
_LIKELY = 0.3  # spread of a prior that stands for "likely", as the guide to theses has it


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a new file before its author writes it.

    Parameters
    ----------
    name : str
        Of the scenario or thesis, perhaps with a folder before it and ``.yaml`` after it.
    title, question, asked_by, author, source, claim : str
        Sentences of the keys of those names; empty where they are left to be written.
    extends : str
        Scenario that the new one changes.
    thesis : str
        Thesis under which a scenario is asked; empty for that of ``extends``.
    start : str
        First month; that of ``extends`` where it is empty.
    years : int or None
    effect : tuple of (str, str)
        Outcome that shows a new thesis's first claim, with ``up`` or ``down``; empty if not known.
    changes : tuple of str
        Numbers that are set, as ``path=value``.
    """

    name: str
    title: str = ""
    question: str = ""
    asked_by: str = ""
    extends: str = SHARED_WORLD
    thesis: str = ""
    start: str = ""
    years: int | None = None
    author: str = ""
    source: str = ""
    claim: str = ""
    effect: tuple[str, str] | tuple[()] = ()
    changes: tuple[str, ...] = ()
    base: Scenario = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", load(self.extends))

    @property
    def file(self) -> Path:
        """The scenario's file."""
        path = Path(self.name)
        return path if path.suffix in SUFFIXES else path.with_name(f"{path.name}.yaml")

    @property
    def heading(self) -> str:
        """Its title, or else one made of its name."""
        words = re.sub(r"[-_]+", " ", self.file.stem).strip()
        return self.title or words[:1].upper() + words[1:]


def new_scenario(wanted: Wanted) -> list[Path]:
    """Write a scenario file and, where there is none, the schema by which editors check it.

    Returns
    -------
    list of Path
        Files written, the scenario first.

    Raises
    ------
    RequestError
        If there is such a file already.
    ScenarioError
        If what is wanted makes no valid scenario; nothing is left behind then.
    """
    changes = _changed(wanted.changes)
    return _written({wanted.file: _scenario(wanted, changes)}, {SCENARIO_SCHEMA: wanted.file.parent})


def new_thesis(wanted: Wanted) -> list[Path]:
    """Write a thesis file in a folder ``theses``, and beside that the scenario in which it is seen.

    Returns
    -------
    list of Path
        Files written, the thesis first.

    Raises
    ------
    RequestError
        If there is such a file already, or a change is of no parameter.
    ScenarioError
        If what is wanted makes no valid thesis; nothing is left behind then.
    """
    changes = _changed(wanted.changes)
    for path in (*changes.keys, *(f"initial.{path}" for path in changes.initial)):
        raise RequestError(f"a claim moves parameters alone, and {path} is none (`sim list --parameters`)")
    folder, stem = wanted.file.parent, wanted.file.stem
    thesis = folder / THESES / f"{stem}.yaml"
    files = {thesis: _thesis(wanted, changes), wanted.file: _seen_in(wanted, stem)}
    return _written(files, {THESIS_SCHEMA: folder, SCENARIO_SCHEMA: folder})


# -- what is set -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Changes:
    """Values as they stand in a file, by path, and other keys of a scenario."""

    parameters: dict[str, Any]
    initial: dict[str, Any]
    keys: dict[str, Any]


def _changed(texts: Sequence[str]) -> _Changes:
    """Read changes as ``path=value``; raises what `sim.scenario.layers.override_layer` raises."""
    found = _Changes({}, {}, {})
    twice = set_twice(texts)
    if twice:
        raise ScenarioError([Problem("--set", "is set twice: give it one value", path=twice[0])])
    for text in texts:
        data = override_layer(text).document.data
        for key, value in data.items():
            if key == "parameters" and isinstance(value, Mapping):
                found.parameters[set_path(text)] = next(iter(value.values()))
            elif key == "initial" and isinstance(value, Mapping):
                found.initial.update(value)
            else:
                found.keys[key] = value
    return found


# -- the text of files -----------------------------------------------------------------------------


def _scenario(wanted: Wanted, changes: _Changes) -> str:
    base, file = wanted.base, shlex.quote(str(wanted.file))
    span = {"start": wanted.start or None, "years": wanted.years, **changes.keys}
    span_keys = ("start", "years")
    own = {key: span[key] for key in span_keys if span.get(key) is not None}
    against = wanted.thesis if wanted.thesis in names() else wanted.extends
    also = "".join(f" --set {key}={value}" for key, value in own.items()) + (" --baseline-too" if own else "")
    first = _in_the_run(wanted, own)
    lines = [
        f"# yaml-language-server: $schema={SCENARIO_SCHEMA}",
        *remark(wanted.question or "What do you want to know? Say it here and below in one sentence."),
        "#",
        *commands(
            (f"sim check {file}", "is it well formed?"),
            (f"sim show {file}", "every number, with its source"),
            (f"sim compare {against} {file} --runs 20{also}", "what does it change?"),
        ),
        "#",
        _WHAT_REMARKS_ARE,
        "# `sim list --parameters`, `--events`, `--claims` and `--series` name all that may stand here.",
        "",
        f"title: {text_of(wanted.heading)}",
        f"question: {text_of(wanted.question)}",
        f"asked_by: {text_of(wanted.asked_by)}" + ("" if wanted.asked_by else "    # who raises it"),
        "",
        f"extends: {text_of(wanted.extends)}    # what it changes: one of `sim list`, or a file beside it",
    ]
    if wanted.thesis:
        lines.append(f"thesis: {text_of(wanted.thesis)}")
    else:
        other = next((name for name in thesis_names() if name != SHARED_WORLD), SHARED_WORLD)
        lines.append(f"# thesis: {other}    # asked under one thesis; without it, under that of the above")
    lines += ["# without: []    # ids of its claims that are off (`sim list --claims`)", ""]
    lines += ["# Compare only scenarios of one start and length."]
    for key, held in (("start", base.start), ("years", base.years)):
        given = own.get(key)
        as_it_is = f"# {key}: {held}    # as {wanted.extends}"
        lines.append(as_it_is if given is None else f"{key}: {value_of(given)}")
    lines += [f"{key}: {value_of(value)}" for key, value in changes.keys.items() if key not in span_keys]
    lines += ["", "# What differs from it: a number, or a distribution from which each run draws."]
    lines += ["parameters:"]
    lines += _settings(changes.parameters, parameter_ranges())
    lines += [] if changes.parameters else [*remark(_told(_EXAMPLE), "  # "), f"  # {_EXAMPLE}: {_nearby()}"]
    if "citizens.cohort_gap" not in changes.parameters:
        lines += remark(_told("citizens.cohort_gap"), "  # ")
        lines += ["  # citizens.cohort_gap: {normal: {mean: 0.3, sd: 0.1}}"]
    lines += ["", "# What differs in the first month; the rest is as recorded (`sim show NAME --initial`)."]
    lines += ["initial:", *_settings(changes.initial, initial_ranges())]
    if not changes.initial:
        lines += ["  # KGZ.alignment: 0.6    # -1 against Moscow to 1 with it"]
    if "timeline" not in changes.keys:
        lines += [
            "",
            "# What happens on the way, in a month or once a condition holds (`sim list --events`).",
            "timeline:",
            "  # - name: an election in Kyrgyzstan",
            f"  #   at: {first}",
            "  #   event: election",
            "  #   state: KGZ",
            "  #   alignment: 0.8",
            "  #   turnover: true",
            "  # - name: China steps in",
            "  #   when: {variable: alignment, state: KAZ, below: 0.3}",
            "  #   event: engage",
            "  #   power: China",
            "  #   engagement: 2.0",
        ]
    return "\n".join(lines) + "\n"


def _thesis(wanted: Wanted, changes: _Changes) -> str:
    file, stem = shlex.quote(str(wanted.file)), wanted.file.stem
    own = shlex.quote(str(wanted.file.parent / THESES / f"{stem}.yaml"))
    effect = wanted.effect or ("realignments_away", "up")
    free = "" if wanted.effect else "# "
    lines = [
        f"# yaml-language-server: $schema=../{THESIS_SCHEMA}",
        *remark(f"{wanted.heading}{f', by {wanted.author}' if wanted.author else ''}"),
        "#",
        *commands(
            (f"sim check {own} {file}", "is it well formed, and the scenario in which it is seen?"),
            (f"sim claims {own} --runs 20", "what does each claim do?"),
            (f"sim compare {SHARED_WORLD} {file} --runs 20", "what does it change?"),
        ),
        "#",
        "# A thesis is a list of claims: sentences of an article in your own words (never copy one), each",
        '# with parameters that it moves. The page "From an article to a thesis" goes through all steps.',
        _WHAT_REMARKS_ARE,
        "",
        f"thesis: {text_of(stem)}",
        f"title: {text_of(wanted.heading)}",
        f"author: {text_of(wanted.author)}" + ("" if wanted.author else "    # who holds it"),
        f"source: {text_of(wanted.source)}" + ("" if wanted.source else "    # author, title, outlet, date"),
        "# from: 2022-03    # from when its claims hold; without it, always",
        "",
        "claims:",
        f"  - id: {_claim_id(stem)}",
        f"    claim: {text_of(wanted.claim or 'What the article says, in your own words')}",
        "    # speaker: {role: author, name: A Name}    # author, reporter (a gloss), or quoted",
        "    # paragraphs: [3]    # of the article, from 1",
        "    # condition: Moscow leaves its call unanswered",
        "    # places: [KGZ, TJK]    # states or regions; of all without it",
        "    # strength: likely    # fact, certain, likely or possible",
        '    sign: ""    # what must happen to which outcome, if the claim is right',
        f"    {free}effect: {{outcome: {effect[0]}, sign: {effect[1]}}}    # of `sim list --outcomes`",
    ]
    if not changes.parameters:
        lines += ["    note: to be written; this claim moves no parameter yet"]
    lines += ["    parameters:    # `sim list --parameters`"]
    given: Mapping[str, Any] = changes.parameters or {
        _EXAMPLE: {"lognormal": {"median": _nearby(), "sigma": _LIKELY}}
    }
    mark = "" if changes.parameters else "# "
    for path, value in given.items():
        lines += [
            *remark(_told(path), "      # "),
            f"      {mark}{path}:",
            f"      {mark}  prior: {value_of(value)}",
            f"      {mark}  tag: assumed    # or cited, if the source states the number",
            f'      {mark}  source: "direction from the article; size a judgement"',
        ]
    lines += [
        "",
        "# What the article says and no claim expresses.",
        "left_out:",
        "  # - claim: What it says, in your own words",
        "  #   paragraphs: [5]",
        "  #   why: nothing in the model stands for it",
    ]
    return "\n".join(lines) + "\n"


def _seen_in(wanted: Wanted, thesis: str) -> str:
    """Return the scenario in which a new thesis is seen: the shared world with it."""
    inside = Wanted(
        wanted.name, wanted.heading, wanted.question, wanted.asked_by or wanted.author, wanted.extends,
        start=wanted.start, years=wanted.years,
    )  # fmt: skip
    own = {"start": wanted.start, "years": wanted.years}
    lines = [
        f"# yaml-language-server: $schema={SCENARIO_SCHEMA}",
        *remark(wanted.question or f"What does the thesis {THESES}/{inside.file.name} make of the world?"),
        f"title: {text_of(inside.heading)}",
        f"question: {text_of(wanted.question)}",
        f"asked_by: {text_of(inside.asked_by)}",
        f"extends: {text_of(wanted.extends)}    # its start, length, runs and seed",
        f"thesis: {text_of(thesis)}",
        *(f"{key}: {value_of(value)}" for key, value in own.items() if value),
    ]
    return "\n".join(lines) + "\n"


def _settings(values: Mapping[str, Any], ranges: Mapping[str, Range]) -> list[str]:
    """Return lines of values, each under what it is and between what it may lie."""
    told = {path: _told(path) if path in catalogue() else str(ranges.get(path, "")) for path in values}
    return [
        line
        for path, value in values.items()
        for line in (*remark(told[path], "  # "), f"  {path}: {value_of(value)}")
    ]


def _told(path: str) -> str:
    """Return what a parameter means, its range, and what it is in the shared world."""
    spec = catalogue()[path]
    return f"{spec.meaning}; {spec.low:g} to {spec.high:g}, in the shared world {prior_text(spec.prior)}"


def _nearby() -> float:
    """Return a value of the parameter of examples that differs from the shared world's."""
    spec = catalogue()[_EXAMPLE]
    return round(min(1.5 * spec.default, spec.high), 2)


def _in_the_run(wanted: Wanted, own: Mapping[str, Any]) -> str:
    """Return a month two years into the run, or the first of a shorter one."""
    start = override_layer(f"start={own.get('start', wanted.base.start)}").draft.start
    return str(start + (24 if int(own.get("years", wanted.base.years)) > 2 else 0))


def _claim_id(stem: str) -> str:
    """Return an id for a first claim, of letters of the thesis's name, that no shipped claim has."""
    letters = "".join(character for character in stem.upper() if character.isalnum() and character.isascii())
    known = {claim.rstrip("0123456789") for claim in shipped_claims()}
    begun = (letters[:size] for size in range(1, len(letters) + 1))
    return f"{next((start for start in begun if start not in known), 'OWN')}1"


# -- onto the disk ---------------------------------------------------------------------------------


def _written(files: Mapping[Path, str], schemas: Mapping[str, Path]) -> list[Path]:
    """Write new files, check the last, and add schemas that are not there; all or nothing."""
    for path in files:
        if path.exists():
            raise RequestError(f"{path} is there already: choose another name, or remove it")
    made: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as stream:  # "x": never over a file that has come since
                made.append(path)
                stream.write(text)
        load(list(files)[-1])
        for name, folder in schemas.items():
            if not (folder / name).exists():
                schema = thesis_schema() if name == THESIS_SCHEMA else json_schema()
                (folder / name).write_text(json.dumps(schema, indent=1, ensure_ascii=False), encoding="utf-8")
                made.append(folder / name)
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, ScenarioError):
            raise ScenarioError([_asked(problem) for problem in error.problems], error.more) from None
        raise
    return made


def _asked(problem: Problem) -> Problem:
    """Return a fault of a file that is gone again, told of what was asked for."""
    return replace(problem, file="what is asked for", line=None, column=None)
