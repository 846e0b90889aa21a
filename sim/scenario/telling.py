"""A scenario told in plain words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import sim.parameters
from sim.parameters.priors import Sample
from sim.scenario.prior_text import joint_text, prior_text
from sim.world.state import STATES

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.setting import Setting
    from sim.scenario.thesis import Thesis
    from sim.scenario.timeline import AnyEvent

_WIDTH = 100


def told(scenario: Scenario) -> str:
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
        *_section("Parameters that differ from the shared world", _parameters(scenario.parameters)),
        *_section("Start state that differs from the record", map(_initial, *_items(scenario.initial))),
        *_section("Timeline", [_event(event) for event in scenario.timeline]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _items(settings: dict[str, Setting]) -> tuple[list[str], list[Setting]]:
    return list(settings), list(settings.values())


def _thesis(thesis: Thesis | None) -> str:
    if thesis is None:
        return "none, the shared world"
    counted = f"{len(thesis.claims)} claims, {len(thesis.parameters)} parameters"
    who = f"{thesis.author}; " if thesis.author else ""
    return f"{thesis.name}, {thesis.title} ({who}{counted})"


def _parameters(settings: dict[str, Setting]) -> Iterator[list[str]]:
    """Yield what to say of each parameter; the source of a joint sample once, above its parameters."""
    joint: dict[str, list[str]] = {}
    for path, setting in settings.items():
        if isinstance(setting.prior, Sample):
            joint.setdefault(setting.prior.of, []).append(path)
        else:
            yield _parameter(path, setting, f"; {_whence(setting)}")
    for paths in joint.values():
        first = settings[paths[0]]
        assert isinstance(first.prior, Sample)
        yield textwrap.wrap(f"{joint_text(first.prior, len(paths))}; {_whence(first)}:", _WIDTH)
        for path in paths:
            yield [f"  {line}" for line in _parameter(path, settings[path], "")]


def _parameter(path: str, setting: Setting, whence: str) -> list[str]:
    spec = sim.parameters.catalogue()[path]
    return [
        f"{path} = {prior_text(setting.prior)} (shared world: {prior_text(spec.prior)})",
        f"    {spec.meaning}{whence}",
    ]


def _whence(setting: Setting) -> str:
    who = f"claim {setting.claim}, " if setting.claim else ""
    return f"{who}{setting.tag}: {setting.source}"


def _initial(path: str, setting: Setting) -> list[str]:
    return [f"{path} = {prior_text(setting.prior)}; {setting.tag}: {setting.source}"]


def _event(event: AnyEvent) -> list[str]:
    when = f"{event.at}" if event.at is not None else f"The first month in which {event.when}"
    return [f"{when}: {event.name}", f"    {event.told()}"]


def _section(title: str, entries: Iterable[list[str]]) -> list[str]:
    lines = [f"    {line}" for entry in entries for line in entry]
    return [f"  {title}:", *(lines or ["    none"]), ""]


def _wrapped(label: str, text: str) -> list[str]:
    if not text:
        return []
    return textwrap.wrap(f"{label}{text}", _WIDTH, initial_indent="  ", subsequent_indent="    ")
