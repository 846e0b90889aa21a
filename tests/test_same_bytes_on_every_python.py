"""Nothing in the model depends on the version of Python.

The built-in ``sum`` of floats rounds differently from Python 3.12 on (it compensates), so the same seed
would give other bytes. `math.fsum` is exact, and the same everywhere.
"""

import ast
from pathlib import Path

import pytest

import sim

FILES = [file for folder in ("model", "world") for file in Path(sim.__file__).parent.glob(f"{folder}/*.py")]


def calls_of_sum(source):
    return [
        node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and node.id == "sum"
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_the_model_never_sums_with_the_builtin(file):
    assert calls_of_sum(file.read_text(encoding="utf-8")) == []


def test_a_builtin_sum_would_be_found():
    assert calls_of_sum("import math\nx = math.fsum([.1, .2])\ny = sum([.1, .2])\n") == [3]
