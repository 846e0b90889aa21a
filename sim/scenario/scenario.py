"""A scenario, resolved: every reference followed, nothing inherited."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field
from pydantic.dataclasses import dataclass

from sim.errors import RequestError
from sim.months import Month
from sim.naming import set_twice, several
from sim.parameters import catalogue
from sim.parameters.priors import Prior
from sim.scenario import describe, library
from sim.scenario.fields import ScenarioName
from sim.scenario.layers import OPTION, Layer, data_chain, override_layer, read_chain
from sim.scenario.posterior import fitted_settings
from sim.scenario.problems import Faults, Problem, ScenarioError
from sim.scenario.resolve import resolve
from sim.scenario.settings import Setting
from sim.scenario.specification import KEYS, Claim, Draft, Thesis, active_claims, start_in
from sim.scenario.starts import Onset, Start
from sim.scenario.stored import keep
from sim.scenario.timeline import AnyEvent

Number = float | Prior | Setting | Mapping[str, Any]
"""What Python code may set: a number, a prior, a `Setting`, or what a file would hold."""


@dataclass(frozen=True, slots=True, kw_only=True, config=KEYS)
class Scenario(Draft):
    """One scenario in full. `load` reads it from a file, `Scenario.build` makes it in Python.

    The other keys are those of a file, see `sim.scenario.specification.Draft`.

    Parameters
    ----------
    name : str
        Name in results.
    extends : None
        What a file extends is merged into it.
    thesis : Thesis or None
        With all its claims, those that are off included.
    without : tuple of str
        Ids of the thesis's claims that are switched off.
    with_ : tuple of Claim
        Claims of other theses that are switched on; ``with`` in a file.
    parameters : dict of str to Setting
        By dotted path: what the active claims set, an added claim over the thesis's own, overridden by what
        the scenario sets. Others keep the shared prior. Where a claim begins later, `Setting.before` holds
        until then.
    initial : dict of str to Setting
        By ``STATE.quantity``. Others come from the record.
    timeline : tuple of AnyEvent
        Events, see `sim.scenario.timeline`.
    """

    name: ScenarioName
    extends: None = None
    thesis: Thesis | None = None
    with_: Annotated[tuple[Claim, ...], Field(alias="with")] = ()

    @classmethod
    def build(
        cls,
        name: str,
        *,
        extends: str | Path | None = None,
        thesis: str | Path | Thesis | Mapping[str, Any] | None = None,
        without: str | Sequence[str] | None = None,
        with_: str | Sequence[str | Claim] | None = None,
        start: str | Month | None = None,
        parameters: Mapping[str, Number | Mapping[str, Number]] | None = None,
        initial: Mapping[str, Number | Mapping[str, Number]] | None = None,
        timeline: Sequence[AnyEvent | Mapping[str, Any]] | None = None,
        **keys: str | int,
    ) -> Scenario:
        """Make a scenario in Python, through the same checks as a file.

        Parameters
        ----------
        name : str
        extends : str or Path, optional
            A shipped scenario's name, or a .yaml file.
        thesis : str, Path, Thesis or mapping, optional
            A shipped thesis's name, a .yaml file, or a thesis.
        without, with_ : sequence, optional
            Claims to switch off, by id, and on, by id or in full.
        start : str or Month, optional
        parameters, initial : mapping, optional
            By dotted path, or nested.
        timeline : sequence, optional
            Events, as models or as a file would hold them.
        **keys
            Any other key of a scenario file: title, question, asked_by, years, mode, citizens, runs, seed.

        Raises
        ------
        ScenarioError
            If anything is wrong.

        Examples
        --------
        >>> scenario = Scenario.build("keep", years=5, parameters={"moscow.keep_weight": 1.5})
        >>> scenario.months
        60
        """
        given = {
            "extends": extends, "thesis": thesis, "start": start,
            "without": [without] if isinstance(without, str) else without,
            "with": [with_] if isinstance(with_, str) else with_,
            "parameters": parameters, "initial": initial, "timeline": timeline,
        }  # fmt: skip
        return _checked(
            {"name": name, **{key: item for key, item in given.items() if item is not None}, **keys}
        )

    def __repr__(self) -> str:
        thesis = f"; thesis {self.thesis_name}" if self.claims else ""
        numbers = len(self.parameters) + len(self.initial)
        told = f"numbers set: {numbers}; events: {len(self.timeline)}"
        return f"Scenario({self.name}: {self.start} to {self.last}{thesis}; {told})"

    def _repr_html_(self) -> str:
        from sim.notebook import of_scenario  # noqa: PLC0415 - it reads scenarios

        return of_scenario(self)

    @property
    def thesis_name(self) -> str:
        """Name of its thesis; empty if it has none."""
        return self.thesis.name if self.thesis else ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Claims that are on, those of the thesis first."""
        return active_claims(self.thesis, self.without, self.with_)

    @property
    def overruled(self) -> list[tuple[str, str, str]]:
        """Parameters that two active claims set: path, id of the claim that counts, and of the other one."""
        setters: dict[str, str] = {}
        rows: list[tuple[str, str, str]] = []
        for claim in self.claims:
            rows += [(path, claim.id, setters[path]) for path in claim.parameters if path in setters]
            setters |= dict.fromkeys(claim.parameters, claim.id)
        return rows

    @property
    def priors(self) -> dict[str, Prior]:
        """What parameters are drawn from at the start, by dotted path; others keep the prior set by hand."""
        settings = {path: setting.at_the_start for path, setting in self.parameters.items()}
        own = {path: setting for path, setting in settings.items() if setting is not None}
        return {path: setting.prior for path, setting in (self.fitted | own).items()}

    def shared(self, path: str) -> Setting:
        """Return what a parameter, by dotted path, is drawn from where neither claim nor scenario sets it.

        KeyError if there is none.
        """
        spec = catalogue()[path]
        return self.fitted.get(path) or Setting(spec.prior, spec.tag, spec.source)

    @property
    def fitted(self) -> dict[str, Setting]:
        """Parameters of the shared world that are fitted to the record, by dotted path."""
        return dict(fitted_settings()) if self.shared_priors == "fitted" else {}

    @property
    def onsets(self) -> tuple[Onset, ...]:
        """Claims that begin to hold later, in the order of `claims`: where two hold, the last one counts."""
        later: dict[str, dict[str, Prior]] = {}
        for path, setting in self.parameters.items():
            for each in setting.later:
                later.setdefault(str(each.claim), {})[path] = each.prior
        claims = [claim for claim in self.claims if claim.id in later]
        starts = {claim.id: start_in(self.thesis, claim) or Start() for claim in claims}
        return tuple(start.onset(claim, later[claim]) for claim, start in starts.items())

    @property
    def months(self) -> int:
        """Length of the run in months."""
        return self.years * 12

    @property
    def last(self) -> Month:
        """Last month of the run."""
        return self.start + (self.months - 1)

    def replace(self, **keys: Any) -> Scenario:
        """Return a copy with some keys of a scenario file replaced, checked again.

        ``parameters`` and ``initial`` replace all that the scenario itself sets; to change some of them use
        `with_parameters` and `with_initial`.

        Raises
        ------
        ScenarioError
            If anything is wrong.
        """
        return _checked({**self._data(), **keys})

    def with_parameters(self, changes: Mapping[str, Number], *, name: str | None = None) -> Scenario:
        """Return a copy with some parameters changed.

        Parameters
        ----------
        changes : mapping of str to number, Prior or Setting
            By dotted path.
        name : str, optional
            Name of the copy.

        Raises
        ------
        ScenarioError
            If a path is unknown or a number out of range.
        """
        data = self._data()
        return _checked({**data, "name": name or self.name, "parameters": {**data["parameters"], **changes}})

    def with_claims(self, *ids: str, name: str | None = None) -> Scenario:
        """Return a copy with some claims switched on, by id.

        Parameters
        ----------
        *ids : str
            Claims of its thesis that are off, or of any shipped thesis. Where one sets a parameter that
            another claim sets too, it wins; `overruled` tells.
        name : str, optional
            Name of the copy.

        Raises
        ------
        ScenarioError
            If an id is unknown.
        """
        data = self._data()
        without = [claim for claim in data.get("without", []) if claim not in ids]
        present = {claim.id for claim in self.claims}
        added = [*data.get("with", []), *(claim for claim in dict.fromkeys(ids) if claim not in present)]
        return _checked({**data, "name": name or self.name, "without": without, "with": added})

    def without_claims(self, *ids: str, name: str | None = None) -> Scenario:
        """Return a copy with some claims switched off, by id.

        Parameters
        ----------
        *ids : str
            Claims of its thesis, or claims that were added.
        name : str, optional
            Name of the copy.

        Raises
        ------
        ScenarioError
            If it has no such claim.
        """
        data = self._data()
        added = [claim.id for claim in self.with_]
        off = [claim for claim in ids if claim not in added]
        kept = [claim for claim in data.get("with", []) if claim["id"] not in ids]
        without = list(dict.fromkeys([*self.without, *off]))
        return _checked({**data, "name": name or self.name, "without": without, "with": kept})

    def with_initial(self, changes: Mapping[str, Number], *, name: str | None = None) -> Scenario:
        """Return a copy with some of the start state changed; as `with_parameters`, by ``STATE.quantity``."""
        data = self._data()
        return _checked({**data, "name": name or self.name, "initial": {**data["initial"], **changes}})

    def with_event(self, event: AnyEvent | Mapping[str, Any], *, name: str | None = None) -> Scenario:
        """Return a copy with one more event; it replaces an event of the same name.

        Parameters
        ----------
        event : AnyEvent or mapping
            For example ``{"name": "Bishkek", "at": "2020-10", "event": "leader_exit", "state": "KGZ"}``.
        name : str, optional
            Name of the copy.

        Raises
        ------
        ScenarioError
            If the event is wrong.
        """
        data, entry = self._data(), event if isinstance(event, Mapping) else describe.plain(event)
        names = [other["name"] for other in data["timeline"]]
        entries = list(data["timeline"])
        if isinstance(entry, dict) and entry.get("name") in names:
            entries[names.index(entry["name"])] = entry
        else:
            entries.append(entry)
        return _checked({**data, "name": name or self.name, "timeline": entries})

    def to_yaml(self) -> str:
        """Return the scenario as YAML that needs no other file; loaded again, it gives an equal scenario."""
        return keep(describe.to_yaml(self._data()), self)

    def inputs(self) -> dict[str, Any]:
        """Return all that its runs depend on but code and replicate: values, and no name or sentence."""
        return describe.inputs(self)

    def debug(self) -> str:
        """Return the scenario told in plain words, over several lines."""
        return describe.in_words(self)

    def _data(self) -> dict[str, Any]:
        return describe.scenario_data(self)


def load(source: str | Path, overrides: str | Iterable[str] = ()) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    source : str or Path
        Name of a shipped scenario (see `sim.scenario.names`), or path of a .yaml file.
    overrides : str or iterable of str
        Changes as ``path=value``, applied last, each path once; see `sim.scenario.layers.override_layer`.

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        If anything is wrong, with every fault found in the file, in those it rests on, and in ``overrides``.
    RequestError
        If the source is neither a name nor a file, or the overrides are no texts.

    Examples
    --------
    >>> load("dubnov", ["runs=20", "moscow.keep_weight=1.5"]).runs  # doctest: +SKIP
    20
    """
    if not isinstance(source, str | Path):
        raise RequestError(f"{source!r:.80} is no scenario: give a shipped one's name, or a file")
    overrides = several(overrides, "overrides", "texts as path=value")
    faults = Faults()
    chain: list[Layer] = []
    changes: list[Layer] = []
    with faults.gathered():
        chain = read_chain(_file(source), faults)
    for path in set_twice(overrides):
        faults.add(Problem(OPTION, "is set twice: give it one value", path=path))
    for text in overrides:
        with faults.gathered():
            changes.append(override_layer(text))
    if not chain:
        faults.tell()
    return Scenario(**resolve(chain, changes, faults))


def _file(source: str | Path) -> Path:
    if isinstance(source, Path) or library.is_path(source):
        return Path(source)
    try:
        return library.find(source)
    except ScenarioError:
        with suppress(OSError, ValueError):  # a text that can be no path
            if Path(source).exists():
                message = "is neither the name of a shipped scenario nor a .yaml file"
                raise ScenarioError([Problem(source, message)]) from None
        raise


def _checked(data: Mapping[str, Any]) -> Scenario:
    """Check and resolve data of Python code; paths in them are relative to the working folder."""
    faults = Faults()
    chain = data_chain(_as_in_a_file(data), f"scenario {str(data['name'])[:80]!r}", faults)
    return Scenario(**resolve(chain, (), faults))


def _as_in_a_file(value: Any) -> Any:
    """Return a value of Python code with its numbers, paths and mappings as reading a file gives them."""
    match value:
        case Mapping():
            result: Any = {str(key): _as_in_a_file(item) for key, item in value.items()}
        case list() | tuple():
            result = [_as_in_a_file(item) for item in value]
        case Enum():
            result = value.value
        case Path():
            result = str(value)
        case bool():
            result = value
        case numbers.Integral():  # numpy's, too
            result = int(value)
        case numbers.Real():
            result = float(value)
        case _:
            result = value
    return result
