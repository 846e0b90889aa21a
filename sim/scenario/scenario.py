"""A scenario in canonical form: everything resolved, nothing inherited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.months import Month
from sim.parameters.priors import Prior
from sim.scenario.setting import Setting
from sim.scenario.thesis import Claim, Thesis, active_claims

if TYPE_CHECKING:
    from sim.scenario.timeline import AnyEvent

FIRST_MONTH = Month.of(2010, 1)
"""Start of the shipped scenarios."""

Number = float | Prior | Setting | Mapping[str, Any]
"""What Python code may set: a number, a prior, a `Setting`, or what a file would hold."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario, checked. Use `sim.scenario.load` or `Scenario.build`, which check, to make one.

    Parameters
    ----------
    name : str
        Name in results.
    title, question, asked_by : str
        What it asks in plain words, and who raises it; may be empty.
    thesis : Thesis or None
        With all its claims, those that are off included.
    without : tuple of str
        Ids of the thesis's claims that are switched off.
    with_ : tuple of Claim
        Claims of other theses that are switched on; ``with`` in a file.
    start : Month
        First month of the run.
    years : int
        Length of the run.
    mode : str
        ``free``, or ``historical``: elections and the war in Ukraine as recorded.
    citizens : int
        In each state.
    runs : int
        Replicates.
    seed : int
    parameters : dict of str to Setting
        By dotted path: what the active claims set, an added claim over the thesis's own, overridden by what
        the scenario sets. Others keep the shared prior.
    initial : dict of str to Setting
        By ``STATE.quantity``. Others come from the record.
    timeline : tuple of AnyEvent
        Events, see `sim.scenario.timeline`.
    """

    name: str
    title: str = ""
    question: str = ""
    asked_by: str = ""
    thesis: Thesis | None = None
    without: tuple[str, ...] = ()
    with_: tuple[Claim, ...] = ()
    start: Month = FIRST_MONTH
    years: int = 20
    mode: str = "free"
    citizens: int = 1_000
    runs: int = 100
    seed: int = 20_100_101
    parameters: dict[str, Setting] = field(default_factory=dict)
    initial: dict[str, Setting] = field(default_factory=dict)
    timeline: tuple[AnyEvent, ...] = ()

    @classmethod
    def build(
        cls,
        name: str,
        *,
        extends: str | Path | None = None,
        thesis: str | Path | Thesis | Mapping[str, Any] | None = None,
        without: Sequence[str] | None = None,
        with_: Sequence[str | Claim] | None = None,
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
            "extends": extends, "thesis": thesis, "without": without, "with": with_, "start": start,
            "parameters": parameters, "initial": initial, "timeline": timeline,
        }  # fmt: skip
        return _checked(
            {"name": name, **{key: item for key, item in given.items() if item is not None}, **keys}
        )

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
        """Parameters that two active claims set: path, the claim that counts, and the one that does not."""
        setters: dict[str, str] = {}
        rows: list[tuple[str, str, str]] = []
        for claim in self.claims:
            rows += [(path, claim.id, setters[path]) for path in claim.parameters if path in setters]
            setters |= dict.fromkeys(claim.parameters, claim.id)
        return rows

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
        from sim.scenario.canonical import plain  # noqa: PLC0415  keeps `import sim.scenario` light

        data, entry = self._data(), plain(event)
        names = [other["name"] for other in data["timeline"]]
        entries = list(data["timeline"])
        if isinstance(entry, dict) and entry.get("name") in names:
            entries[names.index(entry["name"])] = entry
        else:
            entries.append(entry)
        return _checked({**data, "name": name or self.name, "timeline": entries})

    def to_yaml(self) -> str:
        """Return the scenario as YAML that needs no other file; loaded again, it gives an equal scenario."""
        from sim.scenario.canonical import to_yaml  # noqa: PLC0415  keeps `import sim.scenario` light

        return to_yaml(self._data())

    def debug(self) -> str:
        """Return the scenario told in plain words, over several lines."""
        from sim.scenario.telling import told  # noqa: PLC0415  keeps `import sim.scenario` light

        return told(self)

    def _data(self) -> dict[str, Any]:
        from sim.scenario.canonical import scenario_data  # noqa: PLC0415  keeps `import sim.scenario` light

        return scenario_data(self)


def _checked(data: Mapping[str, Any]) -> Scenario:
    from sim.scenario.canonical import plain  # noqa: PLC0415  keeps `import sim.scenario` light
    from sim.scenario.resolve import from_data  # noqa: PLC0415  it needs Scenario

    return from_data(plain(data), label=f"scenario {str(data['name'])[:80]!r}")
