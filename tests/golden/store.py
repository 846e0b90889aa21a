"""The file of golden histories, its reference, and the rule that a change of it has a reason."""

from __future__ import annotations

import json
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("histories.json")
NUMERICAL = ("numpy", "numba", "llvmlite", "mesa", "pandas")
"""Dependencies whose versions may show in the last bits."""

Stored = dict[str, Any]
"""``reference``, ``renewals`` and ``cases``: parts by case."""

EMPTY: Stored = {"reference": {}, "renewals": [], "cases": {}}


def here() -> dict[str, str]:
    """Return the Python, machine and numerical dependencies that run this."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "implementation": platform.python_implementation(),
        "machine": f"{platform.system()} {platform.machine()}",
        **{name: version(name) for name in NUMERICAL},
    }


def not_the_reference(reference: dict[str, str]) -> str:
    """Return in what this is not the reference, or the empty string."""
    return ", ".join(
        f"{name} {value} (reference: {reference.get(name, 'none')})"
        for name, value in here().items()
        if reference.get(name) != value
    )


def read(path: Path = FILE) -> Stored:
    """Return what is stored; an empty store if there is no file."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else EMPTY


def text(stored: Stored) -> str:
    """Return the file's text: a part a line, so that a difference can be read."""
    cases = ",\n".join(
        f"  {json.dumps(name)}: {{\n"
        + ",\n".join(f"   {json.dumps(key)}: {json.dumps(parts[key])}" for key in parts)
        + "\n  }"
        for name, parts in stored["cases"].items()
    )
    reference, renewals = (json.dumps(stored[key], indent=1) for key in ("reference", "renewals"))
    return f'{{\n"reference": {reference},\n"renewals": {renewals},\n"cases": {{\n{cases}\n}}\n}}\n'


def changed(before: Stored, now: Stored) -> dict[str, list[str]]:
    """Return the groups of parts (``series``, ``events``) of each case that changed or went.

    What is only new is left out: it takes no reason, as it contradicts nothing.
    """
    found = {}
    for case, parts in before["cases"].items():
        kept = now["cases"].get(case, {})
        groups = sorted({name.split("/")[0] for name, value in parts.items() if kept.get(name) != value})
        if groups:
            found[case] = groups
    return found


def unexplained(before: Stored, now: Stored) -> list[str]:
    """Return what changed between two versions of the file without a renewal that gives a reason.

    Parameters
    ----------
    before, now : dict
        The file as it was in the commit before, and as it is.

    Returns
    -------
    list of str
        One line for each fault; empty if every change has its reason.
    """
    old, new = before["renewals"], now["renewals"][len(before["renewals"]) :]
    faults = []
    if now["renewals"][: len(old)] != old:
        faults.append("earlier renewals were changed or removed")
        new = []
    faults += [
        f"the renewal of {entry['date']} has no reason" for entry in new if not entry["reason"].strip()
    ]
    with_reason = [entry for entry in new if entry["reason"].strip()]
    told = {
        (case, group)
        for entry in with_reason
        for case in entry["changed"]
        for group in entry["changed"][case]
    }
    for case, groups in changed(before, now).items():
        silent = [group for group in groups if (case, group) not in told]
        if silent:
            faults.append(f"{case}: {', '.join(silent)} changed, and no new renewal says why")
    if before["reference"] not in ({}, now["reference"]) and not with_reason:
        faults.append("the reference changed, and no new renewal says why")
    return faults


def in_commit(commit: str, path: Path = FILE) -> Stored | None:
    """Return the file as it was in a commit; None where there was none.

    Raises
    ------
    LookupError
        If this is no git checkout, or the commit is not in it (a shallow clone).
    """
    folder = path.parent

    def git(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    try:
        tracked = git("ls-files", "--error-unmatch", "--", path.name)
    except OSError as error:
        raise LookupError("git is not installed") from error
    if tracked.returncode:
        raise LookupError("this is no git checkout with the file in it")
    if git("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").returncode:
        raise LookupError(f"{commit} is not in this clone")
    shown = git("show", f"{commit}:./{path.name}")
    return json.loads(shown.stdout) if shown.returncode == 0 else None
