"""Keep the numbers of steps whose code has changed, where the code of both commits makes the same ones small.

A faster loop or a moved function makes every step old, though none of its numbers has moved. To make all of
them anew takes hours. Here both codes remake the steps small, each in a folder of its own; a step whose
tables, values, figures and files are the same, byte for byte, is kept under the key of the present code. That
is a sample and no proof: it is asked for by name, written down with the numbers, and refused where a golden
history has changed in between, or where a step's commands, sizes or scenarios are others. A new parameter
that moves nothing changes no history, only the list of what each run drew.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs.remake.running import STEPS, depends_of, identity_of
from docs.remake.sizes import FULL
from docs.remake.steps import Place
from docs.remake.stored import ABOUT, ROOT, Tree
from sim.experiment.files import write_text

GOLDEN = "tests/golden/histories.json"
NOT_OF_IT = "what is stored is not of that commit"

_NO_NUMBERS = {
    "made", "identity", "depends", "commands", "seconds", "adopted", "figures", "files",
    "model", "code", "fingerprints", "definitions", "started", "workers", "python", "versions", "interrupted",
}  # fmt: skip
"""What `about.json` says of how numbers were made; all else in it is compared."""

_KEYS = """
import json
from pathlib import Path
from docs.remake.running import STEPS, depends_of, identity_of
from docs.remake.sizes import FULL
from docs.remake.steps import Place
place = Place(Path(), FULL, 1)
print(json.dumps({name: [identity_of(step, place), depends_of(step, place)] for name, step in STEPS.items()}))
"""

_SMALL = """
import sys
import calibration.ensemble.scenarios
calibration.ensemble.scenarios.model_fingerprint = lambda: "either"
from docs.remake.__main__ import main
main(sys.argv[1:])
"""
"""Makes steps small, with one name for the model of both codes: figures and forecasts bear it."""

Key = tuple[str, Mapping[str, Any]]
"""Of all that a step's numbers depend on, and the same in parts."""


class AdoptError(Exception):
    """What hinders the comparison as a whole."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the numbers of a step are kept.

    Parameters
    ----------
    step : str
    why_not : str
        Empty if they are.
    """

    step: str
    why_not: str


def adopt(commit: str, names: Sequence[str], out: Path, workers: int) -> list[Verdict]:
    """Keep what is stored of some steps where the present code makes, small, what that of a commit makes.

    Parameters
    ----------
    commit : str
        One under whose code the stored numbers are current.
    names : sequence of str
        Steps, those that others need before them and with them.
    out : Path
        Folder for both codes' small remakes.
    workers : int

    Returns
    -------
    list of Verdict
        One for each step that the present code makes old.

    Raises
    ------
    AdoptError
        If there is no such commit, a golden history has changed since, or a small remake fails.
    """
    earlier = _histories(_git("show", f"{commit}:{GOLDEN}"))
    present = _histories((ROOT / GOLDEN).read_bytes())
    if any(present.get(part) != value for part, value in earlier.items()):
        raise AdoptError(f"golden histories have changed since {commit}: numbers have moved, make them anew")
    then = out / "code"
    _unpack(commit, then)
    before: dict[str, Key] = json.loads(_python(then, "-c", _KEYS))
    place = Place(ROOT, FULL, 1)
    now = {name: (identity_of(STEPS[name], place), depends_of(STEPS[name], place)) for name in names}
    asked = {
        name: hindrance(Tree(ROOT).about(name), before.get(name), now[name])
        for name in names
        if Tree(ROOT).about(name).get("identity") != now[name][0]
    }
    if compared := [name for name, why_not in asked.items() if not why_not]:
        for code, folder in ((then, "then"), (ROOT, "now")):
            words = ("small", *compared, "--out", str(out / folder), "--workers", str(workers))
            _python(code, "-c", _SMALL, *words)
        whole = _git("rev-parse", commit).decode().strip()
        for name in compared:
            asked[name] = difference(name, Tree(out / "then"), Tree(out / "now"), (Tree(then), Tree(ROOT)))
            moved = [need for need in STEPS[name].needs if asked.get(need)]
            if moved and not asked[name]:
                asked[name] = f"{moved[0]} is to be made first"
            if not asked[name]:
                keep(Tree(ROOT), name, now[name], whole)
    return [Verdict(name, why_not) for name, why_not in asked.items()]


def hindrance(about: Mapping[str, Any], then: Key | None, now: Key) -> str:
    """Return why the numbers of a step need not be compared; empty if they may.

    Parameters
    ----------
    about : mapping
        As stored.
    then, now : Key
        The step's key, and the same in parts, by the code of the commit (None without such a step) and now.
    """
    if then is None or about.get("identity") != then[0]:
        return NOT_OF_IT
    others = [part for part in ("commands", "scenarios") if then[1][part] != now[1][part]]
    return f"its {' and '.join(others)} are others" if others else ""


def difference(step: str, then: Tree, now: Tree, stored: tuple[Tree, Tree]) -> str:
    """Return in what two remakes of a step differ first; empty if in nothing.

    Parameters
    ----------
    step : str
    then, now : Tree
        What was remade.
    stored : tuple of Tree
        What both codes had before: a figure of a step that was current there is not drawn again.
    """
    first, second = ({name: told for name, told in tree.about(step).items() if name not in _NO_NUMBERS}
                     for tree in (then, now))  # fmt: skip
    if first != second:
        names = sorted(name for name in first | second if first.get(name) != second.get(name))
        return f"other values: {', '.join(names)}"
    made = sorted({*_tables(then.folder(step)), *_tables(now.folder(step))})
    about = now.about(step)
    paths = [(tree.folder(step) / name for tree in (then, now)) for name in made]
    paths += [
        (_drawn(f"{name}.png", tree, had) for tree, had in zip((then, now), stored, strict=True))
        for name in about["figures"]
    ]
    paths += [(tree.root / name for tree in (then, now)) for name in about["files"]]
    for old, new in paths:
        if not (old.is_file() and new.is_file() and old.read_bytes() == new.read_bytes()):
            return f"{new.name} is another"
    return ""


def keep(tree: Tree, step: str, now: Key, commit: str) -> None:
    """Write down that the present code makes the numbers of a step too, and what that was judged by."""
    about = tree.about(step)
    judged = {"from": about["identity"], "commit": commit, "compared": "a small remake by both codes"}
    about |= {"identity": now[0], "depends": dict(now[1]), "adopted": [*about.get("adopted", []), judged]}
    write_text(tree.folder(step) / ABOUT, json.dumps(about, indent=2) + "\n")


def _histories(goldens: bytes) -> dict[tuple[str, str], Any]:
    """Return by case and part what goldens hold of its runs, without the parameters that they drew."""
    cases = json.loads(goldens)["cases"]
    held = {(case, part): value for case, parts in cases.items() for part, value in parts.items()}
    return {(case, part): value for (case, part), value in held.items() if not part.startswith("draws/")}


def _drawn(name: str, tree: Tree, before: Tree) -> Path:
    new = tree.figures / name
    return new if new.is_file() else before.figures / name


def _tables(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.glob("*.csv"))


def _unpack(commit: str, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
        archive.extractall(folder, filter="data")


def _git(*words: str) -> bytes:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise AdoptError(f"git {' '.join(words)}: {done.stderr.decode().strip().splitlines()[0]}")
    return done.stdout


def _python(code: Path, *words: str) -> str:
    """Run the interpreter with the packages of a checkout; return what it prints."""
    done = subprocess.run(
        [sys.executable, *words], cwd=code, env={**os.environ, "PYTHONPATH": str(code)},
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AdoptError(
            f"in {code}: {' '.join(words[2:]) or 'keys'}: ended with exit code {done.returncode}"
        )
    return done.stdout
