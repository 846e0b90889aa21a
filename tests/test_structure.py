"""What keeps the code easy to walk through: no import circles, no long files."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 400  # lines
FOLDERS = ("sim", "calibration", "docs/remake", "tests", "benchmarks")


def modules(root: Path, packages: tuple[str, ...] = ("sim", "calibration")) -> dict[str, Path]:
    """Return every module of some packages, by name."""
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for package in packages
        for path in sorted((root / package).rglob("*.py"))
    }


def imports(node: ast.AST, *, late: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield import statements but those for type checkers, with those in functions if they are to count."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from imports(other, late=late)
        elif isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child
        elif late or not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from imports(child, late=late)


def graph(known: Mapping[str, Path], *, late: bool) -> dict[str, set[str]]:
    """Return which modules each imports; a name taken from a package is the module of that name, if any."""
    found: dict[str, set[str]] = {}
    for module, path in known.items():
        named = set()
        for statement in imports(ast.parse(path.read_bytes()), late=late):
            if isinstance(statement, ast.Import):
                named |= {alias.name for alias in statement.names}
                continue
            assert not statement.level, f"{path}:{statement.lineno}: name the module in full"
            for alias in statement.names:
                full = f"{statement.module}.{alias.name}"
                named.add(full if full in known else str(statement.module))
        found[module] = (named & known.keys()) - {module}
    return found


def circle(known: Mapping[str, Path], *, late: bool) -> list[str]:
    """Return the modules of one import circle, in order; none if there is none."""
    try:
        TopologicalSorter(graph(known, late=late)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("late", [False, True], ids=["modules", "functions"])
def test_there_is_no_import_circle(late):
    known = modules(ROOT)
    assert {"sim", "sim.model.model", "calibration.fit.posterior"} <= known.keys()
    assert circle(known, late=late) == []


def test_a_circle_would_be_found(tmp_path):
    (tmp_path / "sim").mkdir()
    texts = {
        "__init__": "",
        "first": "from sim import second\n",
        "second": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.first import x\n",
        "third": "def late():\n    from sim.fourth import x\n",
        "fourth": "import sim.third\n",
    }
    for name, text in texts.items():
        (tmp_path / "sim" / f"{name}.py").write_text(text)
    known = modules(tmp_path, ("sim",))
    assert circle(known, late=False) == []
    assert set(circle(known, late=True)) == {"sim.third", "sim.fourth"}
    (tmp_path / "sim" / "second.py").write_text("class Early:\n    from sim.first import x\n")
    assert set(circle(known, late=False)) == {"sim.first", "sim.second"}


def test_no_file_is_long():
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 500
    lines = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in files}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}
