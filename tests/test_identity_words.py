"""Words that a run's key leaves out: nothing is decided by them, and without them the runs are the same."""

from __future__ import annotations

import ast
import csv
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_runs import ENVIRONMENT

import sim
from sim.experiment import sources
from tests.counted import BARE, COUNTED, ENSEMBLE, bare, nodes


def prose_in(node: ast.AST) -> bool:
    """Whether an expression reads a text that does not count; a method of such a name is no text."""
    called = {id(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}
    return any(
        (isinstance(inner, ast.Name) and inner.id in sources.PROSE)
        or (isinstance(inner, ast.Attribute) and inner.attr in sources.PROSE and id(inner) not in called)
        or (isinstance(inner, ast.Subscript) and getattr(inner.slice, "value", None) in sources.PROSE)
        for inner in ast.walk(node)
    )


def sentences_that_count(path: Path) -> set[str]:
    """Return the texts of three words or more of a module that are part of what it does."""
    tree = ast.parse(path.read_bytes())
    silent = set(map(id, sources.prose(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or sources._says_nothing(node, words=True):
            silent |= set(map(id, ast.walk(node)))
        elif isinstance(node, ast.Assert):
            silent.add(id(node.msg))
        elif isinstance(node, ast.keyword) and node.arg == "unit":
            silent.add(id(node.value))
    texts = (node for node in ast.walk(tree) if sources._is_text(node) and id(node) not in silent)
    return {node.value for node in texts if len(node.value.split()) > 2}


CODES = {
    "IProgress not found",  # of another package's warning, which is silenced
    "the example of others", "set by the scenario",  # triggers
    "challenge successor blocked",  # as the record has it
    "in the shared world",  # a label of a notebook's table, by which it is laid out
}  # fmt: skip


def test_no_sentence_counts():
    counted = COUNTED | sources.modules_behind(*ENSEMBLE)
    assert len(counted) > len(COUNTED)
    found = {module.path.name: sentences_that_count(module.path) - CODES for module in counted.values()}
    assert {name: texts for name, texts in found.items() if texts} == {}


TOLD = """
from sim.series import Meanings, Words

NOTE: Words = "a note"
CODES: Meanings = {"code": "what it means"}
RULE = "a rule"

class Entry:
    what: Words
    name: str

ENTRY = Entry("a phrase", "a name")

def told(many: int) -> Words:
    def inner():
        return "not told"
    if many > 1:
        return f"{many:.2f} of them" if many < 9 else "very " + "many"
    return "one"

def estimate(share):
    source: Words = f"table of {share + 0.5} shares" if share > 0.25 else "none"
    return bounded(share, 0.1, source=f"column {share * 3}")
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"a note"', '"another note"', True),
        ('"what it means"', '"what it says"', True),
        ('"code"', '"other"', False),
        ('"a rule"', '"another rule"', False),
        ('"a phrase"', '"a sentence"', True),
        ('"a name"', '"another name"', False),
        ("of them", "of these", True),
        ('"very "', '"rather "', True),
        ('"one"', '"a single one"', True),
        ("many < 9", "many < 8", False),
        ("{many:.2f}", "{many:.3f}", False),
        ("{many:.2f}", "{(many := 3):.2f}", False),
        ('"not told"', '"told"', False),
        ("table of", "a table of", True),
        ('"none"', '"no table"', True),
        ("share + 0.5", "share + 0.6", False),
        ("share > 0.25", "share > 0.5", False),
        ("column", "a column", True),
        ("share * 3", "share * 4", False),
        ("bounded(share, 0.1", "bounded(share, 0.2", False),
    ],
)
def test_of_what_is_put_together_the_texts_alone_do_not_count(tmp_path, old, new, same):
    assert TOLD.count(old) == 1

    def digest(text: str) -> str:
        path = tmp_path / "told.py"
        path.write_text(text)
        return sources._read("told", path, len(text), hash(text)).digest

    assert (digest(TOLD) == digest(TOLD.replace(old, new))) is same


def test_nothing_is_decided_or_computed_from_a_sentence():
    """Arguments and columns that do not count are handed on, and no more."""
    decisions = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Match)
    tests = (ast.If, ast.IfExp, ast.While, ast.Assert)
    decided = {place for place, node in nodes(decisions) if prose_in(node)}
    decided |= {place for place, node in nodes(tests) if prose_in(node.test)}
    decided |= {place for place, node in nodes(ast.comprehension) if any(map(prose_in, node.ifs))}
    assert decided <= {"sim.world.record.check_documented"}  # that there is a source and a licence at all


HASH = """
import hashlib, pickle, sys
from sim.model.simulate import simulate
from sim.world.build import build_world
digest = hashlib.sha256()
for replicate in range(3):
    run = simulate(scenario, replicate, build_world(scenario.start))
    history = run.history
    for part in (history.series, history.moscow, history.territories):
        for name, values in part.items():
            digest.update(name.encode() + values.tobytes())
    digest.update(repr([history.events, history.challenges, run.draws]).encode())
print(sim.__file__, digest.hexdigest())
"""


class Blanked(ast.NodeTransformer):
    """A module without a word that does not count."""

    def __init__(self, tree):
        self.prose = set(map(id, sources.prose(tree)))
        self.raised = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Raise)
            for inner in ast.walk(node)
            if sources._is_text(inner)
        }

    def visit_Expr(self, node):
        return ast.Pass() if sources._is_text(node.value) else self.generic_visit(node)

    def visit_JoinedStr(self, node):
        node.values = [ast.Constant("x") if id(part) in self.prose else part for part in node.values]
        return node

    def visit_Constant(self, node):
        return ast.Constant("x") if id(node) in self.prose | self.raised else node


@pytest.mark.slow
def test_without_any_word_that_does_not_count_the_runs_are_the_same(tmp_path):
    """What is left out of the key is blotted out of a copy of the code: not a bit of a run may change."""
    root = tmp_path / "sim"
    shutil.copytree(Path(sim.__file__).parent, root, ignore=shutil.ignore_patterns("__pycache__"))
    blotted = 0
    for module in COUNTED.values():
        path = root / module.path.relative_to(Path(sim.__file__).parent)
        tree = ast.parse(path.read_bytes())
        blanked = Blanked(tree)
        blotted += len(blanked.prose | blanked.raised)
        future = "from __future__ import annotations\n"
        text = ast.unparse(ast.fix_missing_locations(blanked.visit(tree))).replace(future, "")
        path.write_text(f"{future}{text}\n")
    for path in root.rglob("*.csv"):
        header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
        rows = [
            ["x" if name in sources.PROSE else cell for name, cell in zip(header, row, strict=False)]
            for row in rows
        ]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    assert blotted > 500
    values = pickle.dumps(bare("kazakhstan-january", years=4, citizens=100))
    hashes = []
    for place in (tmp_path, Path(sim.__file__).parent.parent):
        environment = {**ENVIRONMENT, "PYTHONPATH": str(place)}
        words = [sys.executable, "-c", BARE + "import sim" + HASH]
        done = subprocess.run(
            words, input=values, capture_output=True, env=environment, cwd=place, check=True
        )
        file, digest = done.stdout.decode().split()
        assert Path(file).parent.parent == place
        hashes.append(digest)
    assert hashes[0] == hashes[1]
