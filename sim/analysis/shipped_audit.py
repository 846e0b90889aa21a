"""The shipped audit: which differences between the shipped theses and the shared world are assumed.

It is the output of ``sim claims --audit --out results/audit``, and holds for the scenarios that it
was made from: each is known by its fingerprint, so a scenario that anyone has changed is not labelled.
A user's own audit of such a scenario is read alike, see `sim.analysis.own_audit`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.audit import ASSUMED, EMERGENT
from sim.analysis.deciding import NUMBERS
from sim.analysis.written import ASSUMED_OVER_WHOLE_RUNS, UNAUDITED
from sim.measures import OUTCOMES, find_outcome, package_outcomes
from sim.measures.definition import definition_keys
from sim.measures.end_state import resting_on
from sim.scenario import SHARED_WORLD, fingerprint
from sim.scenario.library import shipped_folder
from sim.scenario.stored import keep, known

if TYPE_CHECKING:
    from sim.analysis.audit import AuditPlan
    from sim.experiment.results import Results
    from sim.scenario import Scenario

CELLS, ABOUT = "audit.csv", "about.json"
"""Files of an audit."""

AUDITS = "audits"
"""Folder of results that holds audits of a user's own, each in a folder."""

_NUMBERS = ("difference", "low", "high", "share", "share_low", "share_high", *NUMBERS)

NOT_AUDITED = "not audited"
NOT_SEEN = "no visible effect in the audit"
"""What is said of a difference that the audit neither calls assumed nor emergent."""

Cells = frozenset[tuple[str, str]]
"""Pairs of a scenario's name and an outcome."""

Stated = Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]
"""Ids of claims by scenario, outcome and the direction in which they say that it moves."""


@dataclass(frozen=True)
class Audit:
    """What ``sim claims --audit`` wrote: the shipped audit, or one of a user's own.

    Parameters
    ----------
    about : dict
        With ``fingerprints`` and ``definitions``: for what it holds.
    cells : DataFrame
        As `sim.analysis.audit.audit_cells` makes it.
    """

    about: dict[str, Any]
    cells: pd.DataFrame

    @classmethod
    def read(cls, folder: Path) -> Audit:
        """Read the files of an audit."""
        undefined = {name: [""] for name in _NUMBERS}
        return cls(
            dict(json.loads((folder / ABOUT).read_text(encoding="utf-8"))),
            pd.read_csv(folder / CELLS, keep_default_na=False, na_values=undefined),
        )

    @property
    def shared(self) -> str | None:
        """The fingerprint of the shared world that it holds theses against."""
        known: dict[str, str] = self.about.get("fingerprints", {})
        return known.get(SHARED_WORLD)

    def name_of(self, text: str) -> str | None:
        """Return what is audited by the name that it has here, by its fingerprint; None if it is not."""
        known = self.about.get("fingerprints", {})
        return next((name for name, its in known.items() if its == text and name != SHARED_WORLD), None)

    @property
    def outdated(self) -> frozenset[str]:
        """Outcomes that are new, or defined otherwise than when it was made."""
        then = self.about.get("definitions", {})
        return frozenset(name for name, key in definitions().items() if then.get(name) != key)

    def labels(self, name: str) -> dict[str, str]:
        """Return the label of each outcome of what is audited, by its name here, as far as it holds."""
        mine = self.cells[(self.cells["thesis"] == name) & ~self.cells["outcome"].isin(self.outdated)]
        return dict(zip(mine["outcome"], mine["label"], strict=True))


def audit_folder() -> Path:
    """Return the folder of the shipped audit."""
    return shipped_folder() / "audit"


def shipped_cells() -> pd.DataFrame:
    """Return the shipped audit, as `sim.analysis.audit.audit_cells` makes it."""
    return Audit.read(audit_folder()).cells


@cache
def shipped_about() -> dict[str, Any]:
    """Return what made the shipped audit, with what it holds for; empty if none is shipped."""
    file = audit_folder() / ABOUT
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def shipped_audit() -> Audit | None:
    """Return the shipped audit; None if none is shipped."""
    return Audit.read(audit_folder()) if shipped_about() else None


def definitions() -> dict[str, str]:
    """Return what labels hang on beside runs, by outcome: how it is defined, and what sets it directly."""
    outcomes = package_outcomes()
    keys = definition_keys(outcomes)
    texts = {
        name: " ".join([keys[name], *sorted(outcome.parameterised_by)]) for name, outcome in outcomes.items()
    }
    return {name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in texts.items()}


def fingerprints(plan: AuditPlan) -> dict[str, str]:
    """Return the fingerprint of the shared world and of each thesis in full, by scenario."""
    kept = {SHARED_WORLD, *(audited.scenario.name for audited in plan.audited)}
    return {scenario.name: fingerprint(scenario) for scenario in plan.scenarios if scenario.name in kept}


@dataclass(frozen=True, slots=True)
class AuditMarks:
    """What the shipped audit, or a user's own, says of differences between scenarios and a baseline.

    Parameters
    ----------
    assumed : frozenset of (scenario, outcome)
        Differences that it labels assumed.
    unaudited : tuple of str
        Scenarios of whose differences it says nothing, such as a thesis with a changed parameter; all of them
        where the baseline is not the audited shared world.
    outdated : frozenset of str
        Outcomes that are new, or defined otherwise than when the audit was made, so that it does not hold.
    stated : mapping of (scenario, outcome) to dict
        What claims of a scenario say of an outcome, and the baseline's do not: ids of claims by ``up`` and
        ``down``. That is known without any audit.
    emergent : frozenset of (scenario, outcome)
        Differences that it labels emergent.
    whole : frozenset of (scenario, outcome)
        Differences that it labels assumed over whole runs, where outcomes are measured over some months.
    """

    assumed: Cells = frozenset()
    unaudited: tuple[str, ...] = ()
    outdated: frozenset[str] = frozenset()
    stated: Stated = field(default_factory=dict)
    emergent: Cells = frozenset()
    whole: Cells = frozenset()

    def over_months(self, scenarios: Iterable[str]) -> AuditMarks:
        """Return what is left of it where outcomes are measured over some months: it is of whole runs.

        Parameters
        ----------
        scenarios : iterable of str
            Those that are held against the baseline.
        """
        names = tuple(scenarios)
        whole = frozenset((name, outcome) for name, outcome in self.assumed if name in names)
        return AuditMarks(unaudited=names, stated=self.stated, whole=whole)

    def audited(self, scenario: str, outcome: str) -> bool:
        """Whether the audit says anything of a difference."""
        entry = find_outcome(outcome)
        return scenario not in self.unaudited and not entry.own and entry.name not in self.outdated

    def said(self, scenario: str, outcome: str) -> str:
        """Return what the audit says of a difference, in words; that it says nothing, if it does not."""
        if not self.audited(scenario, outcome):
            return NOT_AUDITED
        if (scenario, outcome) in self.assumed:
            return ASSUMED
        return EMERGENT if (scenario, outcome) in self.emergent else NOT_SEEN

    def over_whole_runs(
        self, scenarios: Sequence[str], outcomes: Iterable[str], end_states: Sequence[str] = ()
    ) -> str:
        """Return what is assumed over whole runs, where outcomes are measured over some months.

        Parameters
        ----------
        scenarios : sequence of str
            Those that are shown.
        outcomes : iterable of str
            The same.
        end_states : sequence of str
            The same; those whose rule reads an outcome that is assumed are named.
        """
        shown = [name for name in outcomes if name in OUTCOMES]
        rest = resting_on(self.whole)
        found = {
            name: [OUTCOMES[outcome].label for outcome in shown if (name, outcome) in self.whole]
            + [f"share of {state}" for state in end_states if (name, state) in rest]
            for name in scenarios
        }
        parts = [f"{name}: {', '.join(labels)}" for name, labels in found.items() if labels]
        return f"{ASSUMED_OVER_WHOLE_RUNS} {'; '.join(parts)}." if parts else ""

    def note(
        self,
        scenarios: Sequence[str],
        baseline: str,
        outcomes: Iterable[str] = (),
        end_states: Sequence[str] = (),
    ) -> str:
        """Return what was not audited, and what of it is assumed over whole runs; empty where all was.

        Parameters
        ----------
        scenarios : sequence of str
            Those that are shown.
        baseline : str
            Which of them the others are held against.
        outcomes, end_states : iterable of str
            Those that are shown.
        """
        compared = [name for name in scenarios if name != baseline]
        unknown = [name for name in compared if name in self.unaudited]
        shown = [name for name in outcomes if name in OUTCOMES] if compared else []
        whole = self.over_whole_runs(compared, shown, end_states)
        own = [name for name in shown if OUTCOMES[name].own]
        old = [name for name in shown if name in self.outdated] if len(unknown) < len(compared) else []
        if not (unknown or own or old):
            return ""
        parts = [f"any difference of {', '.join(unknown)} from {baseline}"] if unknown else []
        parts += [f"any difference in {', '.join(OUTCOMES[name].label for name in own)}"] if own else []
        if old:
            labels = ", ".join(OUTCOMES[name].label for name in old)
            parts.append(f"any difference in {labels}, new or defined otherwise since the audit")
        return f"{UNAUDITED} {'; '.join(parts)}. {whole}".strip()


def audit_of(results: Results, baseline: str) -> AuditMarks:
    """Return what audits say of stored scenarios; nothing where their files are gone.

    The shipped one, and those of a user's own that the results hold.
    """
    scenarios = stored_scenarios(results)
    if len(scenarios) < len(results.scenarios):
        return AuditMarks(unaudited=tuple(name for name in results.scenarios if name != baseline))
    return audit_marks(scenarios, baseline, kept_audits(results.path))


def stored_scenarios(results: Results) -> list[Scenario]:
    """Return the scenarios of a results folder whose files are there."""
    files = [results.path / "scenarios" / f"{name}.yaml" for name in results.scenarios]
    return [_read(file) for file in files if file.is_file()]


def _read(file: Path) -> Scenario:
    """Return a stored scenario, parsed only if this process has neither written nor read it."""
    from sim.scenario import load  # noqa: PLC0415 - it loads what reads YAML

    text = file.read_text(encoding="utf-8")
    found = known(text)
    if found is None:
        found = load(file)
        keep(text, found)
    return found


def kept_audits(folder: Path) -> list[Audit]:
    """Return a user's own audits that a results folder holds, see `sim.analysis.own_audit`."""
    return [Audit.read(file.parent) for file in sorted((folder / AUDITS).glob(f"*/{ABOUT}"))]


def audit_marks(scenarios: Iterable[Scenario], baseline: str, own: Sequence[Audit] = ()) -> AuditMarks:
    """Return what audits say of the differences from a baseline.

    Parameters
    ----------
    scenarios : iterable of Scenario
        The baseline among them.
    baseline : str
        Name of the scenario that the others are held against.
    own : sequence of Audit
        Of a user's own: each goes before the shipped one where both know a scenario.

    Returns
    -------
    AuditMarks
        Each scenario is known by its fingerprint, whatever its name.
    """
    scenarios = list(scenarios)
    known = {scenario.name: fingerprint(scenario) for scenario in scenarios}
    against = known.get(baseline)
    audits = [audit for audit in known_audits(own) if audit.shared is not None and audit.shared == against]
    labels = {name: labels_of(audits, text) for name, text in known.items() if name != baseline}
    found = {
        label: frozenset(
            (name, outcome)
            for name, (cells, _) in labels.items()
            for outcome, its in cells.items()
            if its == label
        )
        for label in (ASSUMED, EMERGENT)
    }
    return AuditMarks(
        found[ASSUMED],
        tuple(name for name, (cells, _) in labels.items() if not cells),
        frozenset().union(*(outdated for _, outdated in labels.values())),
        stated_by_claims(scenarios, baseline),
        found[EMERGENT],
    )


def known_audits(own: Sequence[Audit] = ()) -> list[Audit]:
    """Return some audits of a user's own, and the shipped one after them."""
    shipped = shipped_audit()
    return [*own, *([shipped] if shipped is not None else [])]


def labels_of(audits: Sequence[Audit], text: str) -> tuple[dict[str, str], frozenset[str]]:
    """Return what audits say of a scenario, by its fingerprint.

    Parameters
    ----------
    audits : sequence of Audit
        The first that knows it counts.
    text : str

    Returns
    -------
    labels : dict of str to str
        By outcome, as far as they hold; empty if no audit knows it.
    outdated : frozenset of str
        Outcomes that are defined otherwise since.
    """
    for audit in audits:
        if (name := audit.name_of(text)) is not None:
            return audit.labels(name), audit.outdated
    return {}, frozenset()


def stated_by_claims(scenarios: Sequence[Scenario], baseline: str) -> Stated:
    """Return which claims say themselves that an outcome differs from the baseline's, as `AuditMarks` has it.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The baseline among them: what its claims say too is in both, and no difference. What they alone say
        is a difference of the others in the other direction.
    baseline : str
        Its name.
    """
    theirs = next((item.claims for item in scenarios if item.name == baseline), ())
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for item in scenarios:
        if item.name == baseline:
            continue
        for claims, others, turned in ((item.claims, theirs, False), (theirs, item.claims, True)):
            shared = {claim.id for claim in others}
            for claim in claims:
                effect = claim.effect
                if effect is None or effect.versus is not None or claim.id in shared:
                    continue  # held against something else than the same without the claim
                sign = {"up": "down", "down": "up"}[effect.sign] if turned else effect.sign
                by_sign = found.setdefault((item.name, effect.outcome), {})
                by_sign[sign] = (*by_sign.get(sign, ()), claim.id)
    return found
