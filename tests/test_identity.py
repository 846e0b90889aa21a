"""A run's key: all that makes its numbers and nothing else, by changes both ways in a copy of the code."""

from __future__ import annotations

import ast
import functools
import pickle
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_runs import ENVIRONMENT

import sim
from calibration.ensemble.scenarios import model_fingerprint, scenario_of
from sim.analysis.variance import RESAMPLED, resampled
from sim.experiment import identity, sources
from sim.experiment.chunk import Recipe
from sim.experiment.identity import code_key, scenario_key
from sim.experiment.run import STANDARD
from sim.experiment.sources import imported_packages, modules_behind
from sim.scenario import Scenario
from sim.world.build import build_world
from tests.counted import BARE, COUNTED, ENSEMBLE, bare, nodes

NO_NUMBERS = {"annotated_types", "pyarrow", "pydantic", "pydantic_core"}
"""Packages that the model imports and that compute nothing: they check what is asked, and keep results."""

# -- what counts is what is imported ---------------------------------------------------------------

RUNS = {
    "a run": """
from sim.model.simulate import simulate
from sim.world.build import build_world
simulate(scenario, 3, build_world(scenario.start))
""",
    "a run of the ensemble": """
from calibration.ensemble.simulate import Simulate
from calibration.ensemble.tables import facts_table, years_table
from sim.world.build import build_world
history = Simulate(1, 1)(scenario, 3, build_world(scenario.start)).history
facts_table([({}, history)]), years_table([({}, history)])
""",
}


@pytest.mark.parametrize(
    ("what", "counted"), [("a run", COUNTED), ("a run of the ensemble", modules_behind(*ENSEMBLE))]
)
def test_every_module_that_is_imported_when_a_run_is_made_counts(what, counted):
    """The scenario is handed over as bare values, as its own key covers it and how it was read."""
    values = bare("kazakhstan-january", years=2, citizens=50)
    say = 'print(*(name for name in sys.modules if name.partition(".")[0] in ("sim", "calibration")))'
    words = [sys.executable, "-c", BARE + RUNS[what] + say]
    done = subprocess.run(words, input=pickle.dumps(values), capture_output=True, env=ENVIRONMENT, check=True)
    imported = set(done.stdout.decode().split())
    assert len(imported) > 40
    assert imported - set(counted) == set()


def test_the_ensembles_fingerprint_is_that_of_the_code_and_of_every_thesis(monkeypatch):
    before = model_fingerprint()
    model_fingerprint.cache_clear()
    shorter = functools.partial(scenario_of, citizens=999)
    monkeypatch.setattr("calibration.ensemble.scenarios.scenario_of", shorter)
    try:
        assert model_fingerprint() != before
    finally:
        model_fingerprint.cache_clear()
    form = {"sim.experiment", "sim.experiment.columns", "sim.experiment.record"}
    rooms = {name.split(".")[1] for name in modules_behind(*ENSEMBLE).keys() - form if "sim." in name}
    assert rooms & {"analysis", "cli", "explain", "figures", "measures", "experiment"} == set()


def test_what_shows_measures_and_reads_does_not_count():
    rooms = ("analysis", "cli", "explain", "figures", "measures")
    shown = [name for name in COUNTED if name.split(".")[1:2] and name.split(".")[1] in rooms]
    assert shown == []
    assert {"sim.scenario.resolve", "sim.scenario.scenario", "sim.experiment.run"} & set(COUNTED) == set()


def test_every_package_either_computes_or_does_not():
    assert imported_packages(COUNTED) <= {*identity.NUMERICAL, *NO_NUMBERS}


def test_nothing_is_loaded_or_read_past_the_import_statements():
    reading = {"import_module", "__import__", "exec", "eval", "open", "read_text", "read_bytes", "read_csv"}
    called = {
        place
        for place, node in nodes(ast.Call)
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in reading
    }
    lazily = {"sim.__getattr__", "sim.scenario.__getattr__"}  # names of a package
    tables = {"sim.world.record.load_record", "sim.scenario.vocabulary._column"}  # count as a whole
    note = {"sim.model.compiled._tell_of"}  # a file that says where compiled code is kept
    assert called <= lazily | tables | note
    assert not [place for place, node in nodes(ast.Name) if node.id == "__file__"]


# -- changes in a copy of the code -----------------------------------------------------------------


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """Return a function that gives the key of a copy of the package, which tests may change."""
    root = tmp_path_factory.mktemp("copy") / "sim"
    shutil.copytree(Path(sim.__file__).parent, root, ignore=shutil.ignore_patterns("__pycache__"))
    place = functools.lru_cache(sources._place.__wrapped__)

    def in_copy(top: str) -> Path | None:
        return root / "__init__.py" if top == "sim" else place(top)

    def key() -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sources, "_place", in_copy)
            identity.parts_of.cache_clear()
            try:
                return code_key(STANDARD)
            finally:
                identity.parts_of.cache_clear()

    return SimpleNamespace(root=root, key=key)


@functools.lru_cache(maxsize=64)
def constants(path: Path, kind: type) -> list[ast.Constant]:
    """Return the numbers, or the texts, of a module that are part of what it does."""
    tree = ast.parse(path.read_bytes())
    silent: set[int] = set()
    for node in ast.walk(tree):
        said = isinstance(node, (ast.Raise, ast.JoinedStr, ast.Assert)) or sources._is_typing(node)
        said |= isinstance(node, ast.Expr) and sources._is_text(node.value)
        said |= isinstance(node, ast.keyword) and node.arg in sources.PROSE
        silent |= {id(inner) for inner in ast.walk(node)} if said else set()
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) is kind and id(node) not in silent
    ]


def changed(path: Path, node: ast.Constant, text: str) -> str:
    """Return a module's text with one constant replaced."""
    lines = path.read_bytes().splitlines(keepends=True)
    first, last = node.lineno - 1, node.end_lineno - 1
    before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    return b"".join([*lines[:first], before + text.encode() + after, *lines[last + 1 :]]).decode()


FILES = sorted(module.path.relative_to(Path(sim.__file__).parent) for module in COUNTED.values())
WITH_NUMBERS = [path for path in FILES if constants(Path(sim.__file__).parent / path, float)]
TRIES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.slow
@TRIES
@given(st.data())
def test_another_number_anywhere_is_another_key(copied, data):
    path = copied.root / data.draw(st.sampled_from(WITH_NUMBERS))
    node = data.draw(st.sampled_from(constants(path, float)))
    before, text = copied.key(), path.read_text()
    try:
        path.write_text(changed(path, node, repr(node.value * 1.25 + 0.001)))
        assert copied.key() != before, (path, node.lineno)
    finally:
        path.write_text(text)
    assert copied.key() == before


@pytest.mark.slow
@TRIES
@given(st.sampled_from(FILES), st.sampled_from(["# A remark\n", '"""Words."""\n', "\n\n"]))
def test_remarks_and_empty_lines_are_no_change(copied, path, remark):
    path = copied.root / path
    before, text = copied.key(), path.read_text()
    try:
        path.write_text(text + remark)
        assert copied.key() == before
        path.write_text(text.replace('"""', '"""Said otherwise. ', 1))
        assert copied.key() == before
    finally:
        path.write_text(text)


@pytest.mark.parametrize(
    ("path", "old", "new", "same"),
    [
        ("parameters/costs.py", 'meaning="attention that a loan takes"', 'meaning="what a loan takes"', True),
        ("parameters/costs.py", 'source="judgement: words are cheap"', 'source="Nye 2004"', True),
        ("parameters/costs.py", "(\n        0.3", "(\n        0.4", False),
        ("parameters/costs.py", "0.3, low=0, high=3", "0.3, low=0, high=4", False),
        ("parameters/parameter.py", '"""Declare one parameter', '"""Say one parameter', True),
        ("parameters/parameter.py", 'Error(f"default {default} is', 'Error(f"{default} is', True),
        ("model/trace.py", "import math", "import math  # for NaN", True),
        ("parameters/costs.py", "times: {shares('money')}", "in shares: {shares('money')}", True),
        ("parameters/costs.py", "{shares('money')}", "{shares('attention')}", False),
        ("instruments.py", '0.3, "integration of a state"', '0.3, "a union"', True),
        ("instruments.py", '0.3, "integration of a state"', '0.2, "integration of a state"', False),
        ("model/month.py", '"citizens\' attitudes and cohorts move"', '"attitudes move"', True),
        ("model/month.py", 'clashes.py", "Alignment, arms, campaigns"', 'clashes.py", "Clashes"', True),
        ("model/month.py", '"movements", movements_organise', '"movements", territories_depend', False),
        ("model/month.py", 'notes=("clash",)', 'notes=("clashes",)', False),
        ("model/compiled.py", "compiled code is not kept", "nothing is kept", True),
        ("model/compiled.py", '_VARIABLE = "NUMBA_CACHE_DIR"', '_VARIABLE = "NUMBA_CACHE"', False),
        ("errors.py", "brings it", "has it", True),
        ("errors.py", '"altair": "report"', '"altair": "reports"', False),
        ("world/ties.py", "proxy: distance to Brussels", "proxy: how far from Brussels", True),
        ("world/ties.py", '0.08, source="proxy: land', '0.09, source="proxy: land', False),
        ("world/ties.py", "no step toward NATO in", "nothing in", True),
        ("world/ties.py", "0.05 if 0 < course < 1", "0.06 if 0 < course < 1", False),
        ("world/rulers.py", "proxy: corruption, growth", "proxy: growth", True),
        ("world/rulers.py", "{column} (V-Dem)", "{column} of V-Dem", True),
        ("world/rulers.py", "{column} (V-Dem)", "{error} (V-Dem)", False),
        ("world/rulers.py", '"political_corruption", 0.03', '"political_corruption", 0.04', False),
        ("world/tables/clashes.csv", "ARM,AZE,1991,UCDP", "ARM,AZE,1991,UCDP 24.1", True),
        ("world/tables/clashes.csv", "ARM,AZE,1991,UCDP", "ARM,AZE,1990,UCDP", False),
        ("world/tables/columns.csv", "text,ISO 3166", "text,ISO", True),
        ("figures/style.py", "import", "import math\nimport", True),
        ("explain/words.py", "import", "import math\nimport", True),
        ("cli/run.py", "import", "import math\nimport", True),
        ("analysis/compare.py", "import", "import math\nimport", True),
    ],
)  # fmt: skip
def test_single_changes(copied, path, old, new, same):
    path = copied.root / path
    before, text = copied.key(), path.read_text()
    assert old in text
    try:
        path.write_text(text.replace(old, new, 1))
        assert (copied.key() == before) is same
    finally:
        path.write_text(text)


def test_a_rule_moved_to_a_module_of_its_own_counts_there(copied):
    rule, home = copied.root / "model" / "own_rule.py", copied.root / "model" / "draw.py"
    text = home.read_text()
    try:
        for statement in ("from sim.model import own_rule\n", "def late():\n    import sim.model.own_rule\n"):
            home.write_text(text + statement)
            keys = []
            for number in (1, 2):
                rule.write_text(f'"""A rule."""\nFACTOR = {number}\n')
                keys.append(copied.key())
            assert len({*keys}) == 2
    finally:
        home.write_text(text)
        rule.unlink()


def test_what_only_type_checkers_import_does_not_count(copied):
    home = copied.root / "model" / "draw.py"
    before, text = copied.key(), home.read_text()
    try:
        home.write_text(f"{text}\nif TYPE_CHECKING:\n    from sim.figures import style\n")
        assert copied.key() == before
    finally:
        home.write_text(text)


# -- scenarios, recipes and time -------------------------------------------------------------------


def test_no_sentence_or_name_of_a_scenario_counts_and_every_number_does():
    known = sim.load("dubnov").replace(start="2010-01", years=20)
    key = scenario_key(known)
    other = {"claim": "Otherwise", "note": "said"}
    claims = tuple(claim.model_copy(update=other) for claim in known.thesis.claims)
    told = known.thesis.model_copy(update={"title": "Another", "source": "Elsewhere", "claims": claims})
    sources = {path: replace(item, source="Elsewhere") for path, item in known.parameters.items()}
    for same in (
        replace(known, title="Another", question="Why?", asked_by="She", name="other", runs=3),
        replace(known, thesis=told, parameters=sources),
    ):
        assert scenario_key(same) == key
    others = [
        known.replace(years=19),
        known.replace(citizens=999),
        known.replace(seed=2),
        known.replace(start="2010-02"),
        known.replace(years=14, mode="historical"),
        known.replace(years=14),
        known.with_parameters({"moscow.keep_weight": 1.0}),
        known.with_initial({"KGZ.alignment": 0.1}),
        known.with_event({"name": "out", "at": "2020-10", "event": "leader_exit", "state": "KGZ"}),
        known.without_claims(known.thesis.claims[0].id),
    ]
    assert len({key, *map(scenario_key, others)}) == len(others) + 1


def test_what_is_resampled_is_part_of_the_key_of_a_variant():
    known = Scenario.build("short", years=1)
    keys = {scenario_key(resampled(known, variant)) for variant in ("nothing", "random numbers", "assumed")}
    assert len({scenario_key(known), *keys}) == 4
    assert code_key(RESAMPLED) != code_key(STANDARD)


def test_a_function_typed_in_counts_by_what_it_does():
    def typed(source: str):
        names: dict[str, object] = {"__name__": "nowhere"}
        exec(source, names)
        return names["simulate"]

    source = "def simulate(scenario, replicate, world): return {}"
    recipes = [Recipe(typed(source.format(number)), build_world) for number in (1, 2)]
    assert len({*map(code_key, recipes)}) == 2


def test_the_key_is_quick_and_the_same_in_another_process():
    code = (
        "import time\nfrom sim.experiment.identity import code_key\nfrom sim.experiment.run import STANDARD\n"
        "start = time.process_time()\nkey = code_key(STANDARD)\nprint(key, time.process_time() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=ENVIRONMENT, check=True)
    key, seconds = done.stdout.decode().split()
    assert key == code_key(STANDARD)
    assert float(seconds) < 1.5  # 0.2 on a quiet machine
