"""How large the code is, and how it hangs together: ``python tests/structure.py`` reports it.

`tests/test_structure.py` says what must hold.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("sim", "calibration", "docs", "tests", "benchmarks")
"""What is reported on; import circles are looked for in the first two."""

_RECIPE = re.compile(r"^### \d+\. (.+?)\n(.*?)(?=^### |\Z)", re.DOTALL | re.MULTILINE)
_TOUCHED = re.compile(r"^# file: (\S+) \(", re.MULTILINE)


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


def length(path: Path) -> int:
    """Return how many lines a file has."""
    return len(path.read_bytes().splitlines())


def touched(text: str) -> dict[str, int]:
    """Return how many files each recipe of CONTRIBUTING.md touches."""
    return {title: len(set(_TOUCHED.findall(steps))) for title, steps in _RECIPE.findall(text)}


def report(root: Path) -> list[str]:
    """Return modules, lines and the longest file by package, an import circle, and places to touch."""
    lines = [f"{'package':<12} {'modules':>7} {'lines':>7}  longest file"]
    for package in PACKAGES:
        sizes = {path: length(path) for path in modules(root, (package,)).values()}
        longest = max(sizes, key=lambda path: sizes[path])
        named = f"{longest.relative_to(root).as_posix()}, {sizes[longest]}"
        lines.append(f"{package:<12} {len(sizes):>7} {sum(sizes.values()):>7}  {named}")
    found = " -> ".join(circle(modules(root), late=True)) or "none"
    recipes = touched((root / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    lines += ["", f"import circle: {found}", "", "files that a recipe of CONTRIBUTING.md touches"]
    return lines + [f"{title:<30} {files}" for title, files in recipes.items()]


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(ROOT)) + "\n")
