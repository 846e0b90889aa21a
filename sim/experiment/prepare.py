"""Scenarios made ready to be run together: with the changes asked for, one seed, and a name each."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.errors import RequestError
from sim.naming import set_path, set_twice, several
from sim.renamed import among

if TYPE_CHECKING:
    from sim.scenario import Scenario

Source: TypeAlias = "Scenario | str | Path"
"""A scenario, a shipped one's name, or a file."""

FRAME = ("runs", "seed", "start", "years", "mode", "citizens")
"""Keys that say how scenarios are run. In a comparison they are set in all, and no name tells of them."""

_TEXTS = ("name", "title", "question", "asked_by")
_MOST_DIFFERENCES = 2  # that a name tells of
_LONGEST = 100  # characters of a name


# -- changes to scenarios, and the names that tell of them -----------------------------------------


@dataclass(frozen=True, slots=True)
class Changes:
    """What the user changes in scenarios: ``--set``, ``--without`` and ``--with``.

    Parameters
    ----------
    settings : tuple of str
        As ``path=value``; see `sim.scenario.layers.override_layer`.
    without, with_ : tuple of str
        Ids of claims that are switched off and on.

    Raises
    ------
    RequestError
        If a path is set twice, or a claim switched twice.
    """

    settings: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    with_: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for path in set_twice(self.settings):
            raise RequestError(f"{path} is set twice: give it one value")
        for claim in (*self.without, *self.with_):
            if (*self.without, *self.with_).count(claim) > 1:
                raise RequestError(f"claim {claim} is switched twice: give it once, --without or --with")

    @classmethod
    def of(
        cls,
        changes: Mapping[str, Any] | Sequence[str] = (),
        without: str | Sequence[str] = (),
        with_: str | Sequence[str] = (),
    ) -> Changes:
        """Return changes as Python code gives them: values by path, or texts ``path=value``.

        Raises
        ------
        RequestError
            If something else is given, or a path is set twice.
        """
        if isinstance(changes, Mapping):
            changes = _texts(changes)
        texts = several(changes, "changes", "texts as path=value")
        off, on = several(without, "without", "ids of claims"), several(with_, "with_", "ids of claims")
        return cls(tuple(texts), tuple(off), tuple(on))

    def and_set(self, values: Mapping[str, Any]) -> Changes:
        """Return these changes and some more settings, by path.

        Raises
        ------
        RequestError
            If one is set already, or has a value that it cannot have.
        """
        from sim.scenario import ScenarioError  # noqa: PLC0415 - help stays fast
        from sim.scenario.layers import OPTION, override_layer  # noqa: PLC0415

        for text in _texts(values):
            try:
                override_layer(text)
            except ScenarioError as error:  # these come from arguments of their own, such as runs
                raise RequestError(str(error).removeprefix(f"{OPTION}: ")) from None
        return dataclasses.replace(self, settings=(*self.settings, *_texts(values)))

    def parted(self, defaults: Mapping[str, int]) -> dict[str, Any]:
        """Return whole numbers by path, the defaults where they are not set, and the other ``settings``.

        Raises
        ------
        RequestError
            If one of them is no whole number.
        """
        found: dict[str, Any] = dict(defaults)
        for text in self.settings:
            if (path := set_path(text)) in defaults:
                try:
                    found[path] = int(text.partition("=")[2])
                except ValueError:
                    raise RequestError(f"{text[:80]}: give {path} as a whole number") from None
        others = [text for text in self.settings if set_path(text) not in defaults]
        return found | {"settings": others}

    @property
    def frame(self) -> Changes:
        """Those that say how scenarios are run, see `FRAME`."""
        return Changes(tuple(text for text in self.settings if set_path(text) in FRAME))

    @property
    def suffix(self) -> str:
        """What tells a changed scenario from the one it was made of, as part of its name; may be empty."""
        words = [*(f"without-{claim}" for claim in self.without), *(f"with-{claim}" for claim in self.with_)]
        told = [text for text in self.settings if set_path(text) not in (*FRAME, *_TEXTS)]
        return "-".join([*words, *(_in_a_name(*text.partition("=")[::2]) for text in told)])

    def only(self, claims: Iterable[str]) -> Changes:
        """Return the changes with claims switched off that are among ``claims``, and no others."""
        return dataclasses.replace(self, without=tuple(claim for claim in self.without if claim in claims))

    def apply(self, source: Source) -> Scenario:
        """Return a scenario with the changes made, and named so.

        Raises
        ------
        ScenarioError
            If the source or a change is wrong.
        """
        changed = _set(source, self.settings)
        changed = changed.with_claims(*self.with_) if self.with_ else changed
        changed = changed.without_claims(*self.without) if self.without else changed
        if not self.suffix or any(set_path(text) == "name" for text in self.settings):
            return changed
        title = changed.title and f"{changed.title} ({self.suffix})"
        return dataclasses.replace(changed, name=self.name_of(changed.name), title=title)

    def name_of(self, name: str) -> str:
        """Return the name of what a scenario of some name is changed to."""
        return _shortened(f"{name}-{self.suffix}") if self.suffix else name

    def apply_to_all(self, sources: Sequence[Source]) -> list[Scenario]:
        """Change several scenarios; a claim is switched off wherever it is on.

        Raises
        ------
        ScenarioError
            If a source or a change is wrong, or a claim to be switched off is on in none of them.
        """
        if not self.without:
            return [self.apply(source) for source in sources]
        plain = [_set(source, self.settings) for source in sources]
        on = [{*self.with_, *(claim.id for claim in scenario.claims)} for scenario in plain]
        nowhere = {claim for claim in self.without if not any(claim in ids for ids in on)}
        return [self.only(ids | nowhere).apply(source) for source, ids in zip(sources, on, strict=True)]

    def beside(self, sources: Sequence[Source], baseline: str | None = None) -> list[Scenario]:
        """Change every scenario but the baseline; one alone is kept beside what it is changed to.

        What says how scenarios are run is set in the baseline too, or pairs of runs could not be compared.

        Parameters
        ----------
        sources : sequence of Scenario, str or Path
            At least one.
        baseline : str or None
            Name; the shared world if it is there, or else the first without it.

        Raises
        ------
        ScenarioError
            As for `apply_to_all`.
        """
        plain = [self.frame.apply(source) for source in sources]
        if self == self.frame:
            return plain
        place = _place_of(baseline, plain)
        others = [source for number, source in enumerate(sources) if number != place]
        changed = self.apply_to_all(others or [sources[place]])
        return [*changed[:place], plain[place], *changed[place:]]

    def made_in(
        self, sources: Source | Sequence[Source], comparing: bool, baseline: str | None, baseline_too: bool
    ) -> tuple[list[Scenario], str | None]:
        """Return scenarios with the changes made, and the name of the baseline if one is asked for.

        Parameters
        ----------
        sources : sequence of Scenario, str or Path
        comparing : bool
            Leave the baseline as it is, see `beside`, unless ``baseline_too``.
        baseline : str or None
            Its name before the changes.
        baseline_too : bool

        Raises
        ------
        RequestError
            If there are no scenarios.
        ScenarioError
            As for `apply_to_all`.
        """
        sources = sources_of(sources)
        if comparing and not sources:
            raise RequestError("give at least one scenario to compare")
        if comparing and not baseline_too:
            changed = self.beside(sources, baseline)
        else:
            changed = self.apply_to_all(sources)
        if comparing and baseline_too:
            plain = [self.frame.apply(source) for source in sources]
            place = _place_of(baseline, plain)
            if baseline is None or among("scenario", baseline, [plain[place].name]) == plain[place].name:
                return changed, changed[place].name
        if baseline is not None:
            baseline = among("scenario", baseline, [scenario.name for scenario in changed])
        return changed, baseline


def sources_of(given: Source | Iterable[Source]) -> list[Source]:
    """Return scenarios as Python code gives them, a single one as a list; RequestError if it is neither."""
    if isinstance(given, str | Path) or hasattr(given, "inputs"):
        return [given]  # type: ignore[list-item]
    if not isinstance(given, Iterable):
        raise RequestError(f"{given!r:.80} is no scenario, and no list of scenarios")
    return list(given)


def _place_of(baseline: str | None, scenarios: Sequence[Scenario]) -> int:
    """Return which scenario is the baseline: the one named so, the shared world, or else the first."""
    from sim.scenario.library import is_shared_world  # noqa: PLC0415 - help stays fast

    names = [scenario.name for scenario in scenarios]
    if baseline is not None:
        wanted = among("scenario", baseline, names)
        return names.index(wanted) if wanted in names else 0
    return next((place for place, name in enumerate(names) if is_shared_world(name)), 0)


def _texts(values: Mapping[str, Any]) -> list[str]:
    from sim.parameters import Prior  # noqa: PLC0415 - help stays fast
    from sim.scenario.describe import plain  # noqa: PLC0415
    from sim.scenario.settings import prior_data  # noqa: PLC0415

    data = {
        path: prior_data(item) if isinstance(item, Prior) else plain(item) for path, item in values.items()
    }
    return [f"{path}={json.dumps(item)}" for path, item in data.items()]


def _set(source: Source, settings: Sequence[str]) -> Scenario:
    from sim.scenario import load  # noqa: PLC0415 - help stays fast

    if isinstance(source, str | Path):
        return load(source, settings)
    if not hasattr(source, "inputs"):
        raise RequestError(f"{source!r:.80} is no scenario: give one, a shipped one's name, or a file")
    scenario: Scenario = source
    for text in settings:
        scenario = _set_one(scenario, text)
    return scenario


def _set_one(scenario: Scenario, text: str) -> Scenario:
    from sim.scenario.layers import override_layer  # noqa: PLC0415 - help stays fast

    ((key, value),) = override_layer(text).document.data.items()
    if key == "parameters":
        return scenario.with_parameters(value)
    if key == "initial":
        return scenario.with_initial(value)
    return scenario.replace(**{key: value})


def _in_a_name(path: str, value: str) -> str:
    """Write a change as part of a name that every shell and disk takes."""
    plain = re.sub(r"[^A-Za-z0-9_.+-]+", "-", value.strip())
    return f"{set_path(path)}={re.sub(r'^-(?![0-9.])|-$', '', plain)}"


def _shortened(name: str) -> str:
    """Cut a long name, so that names that differ still do."""
    if len(name) <= _LONGEST:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[:_LONGEST]}-{mark}"


# -- scenarios that are run together: one seed, one number of runs, a name each --------------------


class Note(str):
    """A sentence on what was done to scenarios although nobody asked for it.

    Parameters
    ----------
    about : str
        What it is of: ``seed``, ``runs``, ``span`` or ``name``.
    text : str
    """

    __slots__ = ("about",)
    about: str

    def __new__(cls, about: str, text: str) -> Note:
        """Make a text that knows what it is of."""
        note = super().__new__(cls, text)
        note.about = about
        return note


def prepare(scenarios: Sequence[Scenario]) -> tuple[list[Scenario], list[Note]]:
    """Give scenarios the first one's seed and number of runs, so that replicates pair up, and distinct names.

    Parameters
    ----------
    scenarios : sequence of Scenario

    Returns
    -------
    scenarios : list of Scenario
    notes : list of Note
        What was changed although nobody asked for it.
    """
    if not scenarios:
        return [], []
    first = scenarios[0]
    notes: list[Note] = []
    if len({scenario.seed for scenario in scenarios}) > 1:
        notes.append(Note("seed", f"the scenarios' seeds differ; all use that of {first.name}, {first.seed}"))
    if len({scenario.runs for scenario in scenarios}) > 1:
        notes.append(
            Note("runs", f"the scenarios' numbers of runs differ; all use that of {first.name}, {first.runs}")
        )
    if spans := unequal_spans((item.name, str(item.start), item.years) for item in scenarios):
        notes.append(Note("span", spans))
    named: dict[str, Scenario] = {}
    for scenario in scenarios:
        name = scenario.name
        if name in named:
            name = _other_name(named[name], scenario, named)
            notes.append(Note("name", f"a second scenario named {scenario.name} is called {name}"))
        named[name] = dataclasses.replace(scenario, name=name, runs=first.runs, seed=first.seed)
    return list(named.values()), notes


def unequal_spans(spans: Iterable[tuple[str, str, int]]) -> str:
    """Warn of scenarios that start in different months or run for different times.

    Parameters
    ----------
    spans : iterable of (name, start, years)
        Of each scenario.

    Returns
    -------
    str
        A sentence without its first capital; empty if all are of one start and length.
    """
    known = list(spans)
    if len({(start, years) for _, start, years in known}) < 2:
        return ""
    told = ", ".join(f"{name} {start}, {years} years" for name, start, years in known)
    return (
        f"the scenarios' spans differ ({told}): counts over unequal spans are not comparable, and the "
        "same replicate meets other months; better compare scenarios of one start and length"
    )


def _other_name(first: Scenario, second: Scenario, taken: Mapping[str, Scenario]) -> str:
    """Return a name for the second scenario of a name, by what differs from the first if it is little."""
    from sim.scenario import Scenario, difference  # noqa: PLC0415 - help stays fast

    if isinstance(first, Scenario) and isinstance(second, Scenario):
        rows = [row for row in difference(first, second) if row[0] not in (*FRAME, *_TEXTS)]
        if 0 < len(rows) <= _MOST_DIFFERENCES:
            told = [_in_a_name(path, str(theirs)) for path, _, theirs in rows]
            name = _shortened("-".join([second.name, *told]))
            if name not in taken:
                return name
    number = 2
    while f"{second.name}-{number}" in taken:
        number += 1
    return f"{second.name}-{number}"
