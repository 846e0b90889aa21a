"""What a page asks for, read from its message: every key is checked, since a page may send anything."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.compare import chosen_baseline
from sim.analysis.design import allowed_ranges
from sim.errors import RequestError
from sim.experiment.prepare import Changes
from sim.naming import nearest, set_path
from sim.scenario import ScenarioError

if TYPE_CHECKING:
    from sim.explore.offered import Offered
    from sim.scenario import Scenario

MOST_SCENARIOS = 8
"""On one page; `sim compare` takes more."""

MINE = "mine"
"""What is added to the name of a scenario that the page changes."""

WHOLE_NUMBERS = {"runs": "1 or more", "years": "1 to 50", "citizens": "50 or more", "seed": "0 or more"}
"""Fields of the form that hold a whole number, and which ones are allowed in words."""

MOST_REPLICATES = 2**31
"""Of a scenario, as `sim explain` has it."""

_LONGEST = 2_000  # characters of a field


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be run.

    Parameters
    ----------
    scenarios : tuple of Scenario
        Changed as the page says, with a name each.
    baseline : str
        Name of the one that the others are held against.
    chosen : dict of str to Scenario
        As the page has it, by the key that it was chosen by: where it is changed, what it is changed to.
    changed : tuple of str
        Names of those that the page changed.
    options : dict
        ``runs``, ``seed`` and ``changes`` of `sim.experiment.options.Options`.
    """

    scenarios: tuple[Scenario, ...]
    baseline: str
    chosen: dict[str, Scenario]
    changed: tuple[str, ...]
    options: dict[str, Any]

    @property
    def command(self) -> str:
        """The command that makes the same runs, once changed scenarios are saved as files."""
        words = ["sim", "compare"]
        words += [f"{item.name}.yaml" if item.name in self.changed else item.name for item in self.scenarios]
        words += ["--baseline", self.baseline]
        for key in ("runs", "seed"):
            words += [f"--{key}", str(self.options[key])] if key in self.options else []
        for path, value in self.options["changes"].items():
            words += ["--set", f"{path}={value}"]
        return shlex.join(words)

    def whole(self, key: object) -> Scenario:
        """Return a chosen scenario as it is run: with the years, citizens, seed and number of runs of all.

        Parameters
        ----------
        key : object
            Of `chosen`.

        Raises
        ------
        RequestError
            If none of that key is chosen.
        ScenarioError
            If years or citizens are out of range.
        """
        if not isinstance(key, str) or key not in self.chosen:
            raise RequestError(f"{key!r:.80} is not among the scenarios chosen")
        first = self.scenarios[0]  # whose seed and number of runs all have, so that they pair up
        own = {key: value for key, value in self.options.items() if key != "changes"}
        return self.chosen[key].replace(
            **{"runs": first.runs, "seed": first.seed, **own, **self.options["changes"]}
        )


def read(message: Mapping[str, Any], offered: Offered) -> Asked:
    """Return what a page asks for.

    Parameters
    ----------
    message : mapping
        ``scenarios``: keys of `Offered.offers`; ``changes``: by key, values by path; ``more``: by key, lines
        ``path=value``; ``baseline``: a key, or empty; ``beside``: whether a changed scenario is also run as
        it was; and texts for `WHOLE_NUMBERS`, empty for the scenario's own.
    offered : Offered

    Raises
    ------
    RequestError, ScenarioError
        If anything of it cannot be used.
    """
    keys = message.get("scenarios")
    if not isinstance(keys, list) or not keys:
        raise RequestError("choose at least one scenario")
    if len(keys) > MOST_SCENARIOS:
        raise RequestError(f"choose {MOST_SCENARIOS} scenarios at most; `sim compare` takes more")
    plain = {key: offered.scenario(key) for key in keys}
    baseline = message.get("baseline") or ""
    if baseline and not (isinstance(baseline, str) and baseline in plain):
        raise RequestError(f"the baseline {baseline!r:.80} is not among the scenarios chosen")
    against = plain[baseline].name if baseline else chosen_baseline([item.name for item in plain.values()])
    beside = message.get("beside") is not False
    scenarios: list[Scenario] = []
    chosen = dict(plain)
    changed: list[str] = []
    for key, scenario in plain.items():
        settings = _settings(message, key)
        if not settings or beside or scenario.name == against:
            scenarios.append(scenario)
        if settings:
            chosen[key] = _changed(scenario, settings)
            scenarios.append(chosen[key])
            changed.append(chosen[key].name)
    names = [scenario.name for scenario in scenarios]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise RequestError(f"two of the scenarios chosen are named {twice}: choose one of them")
    whole = {key: _whole(key, message.get(key)) for key in WHOLE_NUMBERS}
    given = {key: value for key, value in whole.items() if value is not None}
    options: dict[str, Any] = {key: given.pop(key) for key in ("runs", "seed") if key in given}
    return Asked(tuple(scenarios), against, chosen, tuple(changed), {**options, "changes": given})


def _settings(message: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the changes of one scenario, as ``path=value``.

    Raises
    ------
    RequestError
        If a path is none that a page may set: files are named by no page.
    """
    moved, more = (_of(message, name, key) for name in ("changes", "more"))
    lines = [f"{path}={value}" for path, value in moved.items()] if isinstance(moved, dict) else []
    lines += [line.strip() for line in more.splitlines() if line.strip()] if isinstance(more, str) else []
    known = allowed_ranges()
    for line in lines:
        if len(line) > _LONGEST:
            raise RequestError(f"{line[:40]}... is too long for a change")
        path = set_path(line)
        if path not in known:
            close = nearest(path, known)
            hint = f"; did you mean {close}?" if close else ""
            raise RequestError(
                f"{line[:80]!r} sets no parameter{hint} (allowed: path=value, such as "
                "moscow.keep_weight=1.2 or initial.KGZ.alignment=0.5)"
            )
    return tuple(lines)


def _of(message: Mapping[str, Any], name: str, key: str) -> Any:
    held = message.get(name)
    return held.get(key) if isinstance(held, dict) else None


def _changed(scenario: Scenario, settings: tuple[str, ...]) -> Scenario:
    try:
        changed = Changes(settings).apply(scenario)
    except ScenarioError as error:  # which names the command line's option
        problems = [dataclasses.replace(problem, file=scenario.name) for problem in error.problems]
        raise ScenarioError(problems, error.more) from None
    return changed.replace(name=f"{scenario.name[:100]}-{MINE}")


def _whole(key: str, given: object, called: str = "") -> int | None:
    """Return a whole number that a field holds; None where it is empty."""
    name = called or key
    text = "" if given is None else str(given).strip()
    if not text:
        return None
    told = f"{name}: {text[:40]!r} is not a whole number (allowed: {WHOLE_NUMBERS[key]})"
    try:
        number = int(text) if len(text) < 20 else None
    except ValueError:
        number = None
    if number is None:
        raise RequestError(told)
    if number < 0 or (number == 0 and key != "seed"):
        raise RequestError(f"{name}: {number} is out of range (allowed: {WHOLE_NUMBERS[key]})")
    return number


def replicate(message: Mapping[str, Any]) -> int:
    """Return which run a page asks for, from 0.

    Raises
    ------
    RequestError
        If it is no whole number, or too large.
    """
    number = _whole("seed", message.get("replicate"), "run") or 0
    if number >= MOST_REPLICATES:
        raise RequestError(f"run: {number} is out of range (allowed: 0 to {MOST_REPLICATES - 1})")
    return number
