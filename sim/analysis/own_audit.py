"""A user's own audit: what ``sim claims FILE --audit`` wrote, kept beside the runs that it speaks of."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.analysis.audit import DEFAULT_RUNS, shared_world_of, why_not_audited
from sim.analysis.shipped_audit import (
    ABOUT,
    AUDITS,
    CELLS,
    Audit,
    known_audits,
    labels_of,
    stored_scenarios,
)
from sim.errors import ResultsError
from sim.experiment.files import replacing
from sim.experiment.identity import code_key
from sim.experiment.place import path_given
from sim.experiment.run import STANDARD
from sim.explain.words import listed
from sim.naming import several
from sim.scenario import SHARED_WORLD, fingerprint

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.scenario import Scenario

CODE = "code"
"""Key of ``about.json`` under which an audit says by what code its runs were made."""


def own_audits(folders: str | Path | Sequence[str | Path], scenarios: Sequence[Scenario]) -> list[Path]:
    """Check audits of a user's own before anything is run.

    Parameters
    ----------
    folders : sequence of str or Path
        Results of ``sim claims FILE --audit``.
    scenarios : sequence of Scenario
        That are to be compared, the baseline among them.

    Returns
    -------
    list of Path

    Raises
    ------
    ResultsError
        If a folder holds no audit, one by another version of the code, or one of none of the scenarios.
    """
    known = {fingerprint(scenario): scenario for scenario in scenarios}
    listed = several(folders, "audit", "folders", (str, Path))
    found = [path_given(folder, "folder of an audit") for folder in listed]
    for folder in found:
        if not (folder / CELLS).is_file() or not (folder / ABOUT).is_file():
            raise ResultsError(f"{folder} holds no audit: give a folder that `sim claims FILE --audit` wrote")
        audit = Audit.read(folder)
        if audit.about.get(CODE) != code_key(STANDARD):
            raise ResultsError(f"{folder} was made by another version of the code: make the audit again")
        its = audit.about.get("fingerprints", {})
        names = [name for name in its if name != SHARED_WORLD]
        if not any(its[name] in known for name in names):
            raise ResultsError(
                f"{folder} audits none of these scenarios: {', '.join(names)} there has other numbers, or "
                "another start, length or number of citizens"
            )
        if audit.shared not in known:
            raise ResultsError(
                f"{folder} audits {', '.join(names)} against the shared world of the same start and length, "
                "which is none of these scenarios: add baseline"
            )
    return found


def keep_audits(folder: Path, audits: Sequence[Path]) -> None:
    """Keep audits beside the runs that they speak of, in place of those of an earlier call.

    Parameters
    ----------
    folder : Path
        The results folder.
    audits : sequence of Path
        As `own_audits` returns them.
    """
    held = [{name: (audit / name).read_bytes() for name in (CELLS, ABOUT)} for audit in audits]
    shutil.rmtree(folder / AUDITS, ignore_errors=True)
    for place, files in enumerate(held, 1):
        target = folder / AUDITS / str(place)
        target.mkdir(parents=True)
        for name, content in files.items():
            with replacing(target / name) as partial:
                partial.write_bytes(content)


def how_to_audit(comparison: Comparison) -> list[str]:
    """Return, for each scenario that is not audited, the command that audits it, or why none can.

    Over some months only what whole runs would say is told: whether an audit could speak at all.

    Parameters
    ----------
    comparison : Comparison
    """
    if not comparison.audit.unaudited:
        return []
    stored = {scenario.name: scenario for scenario in stored_scenarios(comparison.results)}
    against = stored.get(comparison.baseline)
    if against is None:  # the files of the scenarios are gone
        return []
    unknown = [stored[name] for name in comparison.audit.unaudited if name in stored]
    known_as = fingerprint(against)
    elsewhere = [scenario.name for scenario in unknown if fingerprint(shared_world_of(scenario)) != known_as]
    said = []
    if elsewhere:
        said.append(
            f"No audit marks what is assumed of {listed(elsewhere)} here: an audit is of differences from "
            f"the shared world, and these are from {against.name}."
        )
    here = [scenario for scenario in unknown if scenario.name not in elsewhere]
    whys = {scenario.name: why_not_audited(scenario) for scenario in here}
    told = [f"{name} cannot be audited: {why}." if why else "" for name, why in whys.items()]
    if not comparison.window:
        return said + [why or _how(comparison, scenario) for why, scenario in zip(told, here, strict=True)]
    if "" in told:
        said.append("Audits are of whole runs: compare without --from and --by to see what they say.")
    return said + list(filter(None, told))


def _how(comparison: Comparison, scenario: Scenario) -> str:
    name = scenario.name
    file = shlex.quote(str(comparison.results.path / "scenarios" / f"{name}.yaml"))
    out = shlex.quote(f"results/audit-{name}")
    runs = max(scenario.runs, DEFAULT_RUNS)  # with fewer than were compared, labels say less than the table
    return (
        f"To audit {name}: `sim claims {file} --audit --runs {runs} --out {out}`, then this comparison again "
        f"with `--audit {out}`."
    )


def audited_by(scenarios: Sequence[Scenario], own: Sequence[Audit]) -> dict[str, dict[str, str]]:
    """Return the labels of each scenario's differences from the shared world of its start and length.

    The shared world need not be among them. It has no label, since it differs from itself in nothing.

    Parameters
    ----------
    scenarios : sequence of Scenario
    own : sequence of Audit

    Returns
    -------
    dict of str to dict
        Labels by outcome, by scenario; those that no audit knows are left out.
    """
    audits = known_audits(own)
    found: dict[str, dict[str, str]] = {}
    for scenario in scenarios:
        text = fingerprint(scenario)
        labels, _ = labels_of(audits, text)
        if labels or any(audit.shared == text for audit in audits):
            found[scenario.name] = labels
    return found
