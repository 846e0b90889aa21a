"""Check a wheel and a source archive: what they must hold is there, and nothing else is.

``python .ci/archives.py FOLDER`` takes a folder with one of each, as ``python -m build`` makes it.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_SHIPPED = "sim/shipped/"  # where a wheel has the scenarios


def in_the_checkout() -> list[str]:
    """Return the files that git tracks, by their paths from the root."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name]


def of_a_wheel(tracked: Collection[str]) -> set[str]:
    """Return what a wheel must hold: the two packages with their tables and templates, and the scenarios."""
    packages = {name for name in tracked if name.startswith(("sim/", "calibration/"))}
    return packages | {
        _SHIPPED + name.removeprefix("scenarios/") for name in tracked if name.startswith("scenarios/")
    }


def of_a_source_archive(tracked: Collection[str]) -> set[str]:
    """Return what a source archive must hold: all that is tracked, without hidden files but one."""
    return {name for name in tracked if not name.startswith(".")} | {".gitignore", "PKG-INFO"}


def faults(kind: str, wanted: Collection[str], held: Collection[str]) -> Iterator[str]:
    """Yield one line for each file that is missing or does not belong there."""
    yield from (f"{kind}: {name} is missing" for name in sorted({*wanted} - {*held}))
    yield from (f"{kind}: {name} does not belong there" for name in sorted({*held} - {*wanted}))


def in_wheel(path: Path, licences: Collection[str]) -> Iterator[str]:
    """Yield the faults of a wheel, of its licence files too."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
    about = {name.partition("/")[2] for name in names if name.partition("/")[0].endswith(".dist-info")}
    yield from faults(
        "wheel", {f"licenses/{name}" for name in licences}, {name for name in about if "licenses/" in name}
    )
    held = {name for name in names if not name.partition("/")[0].endswith(".dist-info")}
    yield from faults("wheel", of_a_wheel(in_the_checkout()), held)


def in_source_archive(path: Path) -> Iterator[str]:
    """Yield the faults of a source archive."""
    with tarfile.open(path) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    yield from faults("source archive", of_a_source_archive(in_the_checkout()), held)


def main(folder: Path) -> int:
    """Print the faults of the archives in a folder; return 1 if there are any."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    found = [*in_wheel(wheel, project["license-files"]), *in_source_archive(source)]
    sys.stdout.write("\n".join(found or [f"{wheel.name} and {source.name} hold what they must"]) + "\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
