"""No size is hidden in the model's code: each is a parameter, or a constant with a name and a reason."""

import ast
import itertools
from pathlib import Path

import pytest

import sim.model

FILES = sorted(Path(sim.model.__file__).parent.glob("*.py"))
PURE_NUMERICS = {"randomness.py"}  # bits of words, not sizes of anything in the world
PLAIN = {0.0, 0.5, 1.0}  # nothing, the middle, the whole: parts of formulas


def hidden(source):
    """Return the fractions that stand bare in functions, or at the top without a word of why.

    A comment gives the reason on its line, or above a block of constants.
    """
    lines = source.splitlines()

    def told(number):
        above = itertools.takewhile(bool, reversed(lines[: number - 1]))
        return "#" in lines[number - 1] or any(line.startswith("#") for line in above)

    found = []
    for statement in ast.parse(source).body:
        at_top = isinstance(statement, ast.Assign | ast.AnnAssign)
        for node in ast.walk(statement):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                size = node.value
                fraction = size not in PLAIN and not (size.is_integer() and not at_top)
                if fraction and not (at_top and told(statement.lineno)):
                    found.append(f"line {node.lineno}: {lines[node.lineno - 1].strip()}")
    return found


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.name not in PURE_NUMERICS], ids=lambda p: p.name
)
def test_no_fraction_stands_bare_in_the_model(path):
    assert hidden(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    ["def f(x):\n    return 0.3 * x\n", "RATE = 0.3\n", "@dataclass\nclass A:\n    rate: float = 0.3\n"],
)
def test_a_hidden_fraction_is_found(source):
    assert len(hidden(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "RATE = 0.3  # as `war.rate` states\n",
        "# Reference levels\nA = 0.3\nB = 0.6\n",
        "def f():\n    return 0.5\n",
    ],
)
def test_a_constant_with_a_reason_is_not_hidden(source):
    assert hidden(source) == []
