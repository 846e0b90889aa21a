"""What a wheel and a source archive must hold, and the oldest dependencies that are permitted."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TRACKED = ("sim/x.py", "calibration/t.csv", "scenarios/d.yaml", "tests/test_x.py", "LICENSE", ".ci/run")

pytestmark = pytest.mark.skipif(not (ROOT / ".ci").is_dir(), reason="a source archive leaves .ci out")


@pytest.fixture
def load():
    """Return a function that loads a script of `.ci`."""

    def script(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return script


def build(folder: Path, wheel: list[str], source: list[str]) -> None:
    """Write a wheel and a source archive with these files, all empty."""
    with zipfile.ZipFile(folder / "p-1-py3-none-any.whl", "w") as archive:
        for name in wheel:
            archive.writestr(name, "")
    with tarfile.open(folder / "p-1.tar.gz", "w:gz") as packed:
        for name in source:
            packed.addfile(tarfile.TarInfo(f"p-1/{name}"))


def test_a_file_that_an_archive_lacks_or_should_not_have_is_named(tmp_path, load, monkeypatch, capsys):
    archives = load("archives")
    monkeypatch.setattr(archives, "in_the_checkout", lambda: list(TRACKED))
    licences = [f"p-1.dist-info/licenses/{name}" for name in PROJECT["project"]["license-files"]]
    wheel = ["sim/x.py", "calibration/t.csv", "sim/shipped/d.yaml", "p-1.dist-info/METADATA", *licences]
    source = [*TRACKED[:-1], ".gitignore", "PKG-INFO"]
    build(tmp_path, wheel, source)
    assert archives.main(tmp_path) == 0
    build(tmp_path, [*wheel[1:-1], "tests/test_x.py"], [*source[1:], "results/about.json"])
    capsys.readouterr()
    assert archives.main(tmp_path) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"wheel: licenses/{PROJECT['project']['license-files'][-1]} is missing",
        "wheel: sim/x.py is missing",
        "wheel: tests/test_x.py does not belong there",
        "source archive: sim/x.py is missing",
        "source archive: results/about.json does not belong there",
    ]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository")
def test_a_source_archive_takes_all_that_is_tracked() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.partition("/")[0] for line in listed.splitlines() if not line.startswith(".")}
    taken = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert {f"/{name}" for name in top} - {"/pyproject.toml"} == set(taken)  # hatch takes that by itself


def test_the_oldest_dependencies_are_permitted_by_all_that_ask_for_them(load):
    project = PROJECT["project"]
    extras = tuple(project["optional-dependencies"])
    oldest = dict(line.split("==") for line in load("oldest").oldest(extras))
    asked = [
        *project["dependencies"],
        *(line for of in project["optional-dependencies"].values() for line in of),
    ]
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(oldest[requirement.name]), requirement


def test_the_workflow_installs_what_it_has_built() -> None:
    text = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert re.search(r"python \.ci/archives\.py dist", text)
    for version in ("3.11", "3.12", "3.13", "3.14"):
        assert text.count(f'"{version}"') >= 2
