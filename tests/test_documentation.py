"""Every command and code block of the README, the docs and the commands' own help runs as it is written.

Only the number of runs is made small, and a command that draws what another has drawn leaves its figures
out; that all shipped scenarios fit into them is seen by `.ci/run`. Commands that differ in their number of
runs and seed alone are run once. What no test can run is listed with the reason.
"""

import ast
import importlib
import re
import shlex
import shutil
from dataclasses import replace
from itertools import chain, takewhile

import pytest
from click.testing import CliRunner

import sim
from calibration.cli.main import main as calibrate
from sim.cli.main import main
from sim.experiment import chunk, identity
from sim.experiment.record import FailedRun
from sim.measures import OUTCOMES
from tests import documentation
from tests.documentation import ROOT

pytestmark = pytest.mark.slow

NOT_RUN = {
    r"^pip install \. && sim compare scenarios/\*\.yaml$": "CI runs it in a new environment",
    r"^pip install '\.\[test\]' && pytest$": "CI runs it in a new environment",
    r"^python3 -m venv": "CI makes an environment of its own",
    r"^pip install \.$": "CI installs the package",
    r"sphinx-build": "CI builds the site",
    r"^python tests/golden": "tests/test_golden_histories.py compares them",
    r"^pip install '(post-soviet-scenarios|\.)\[[\w,]+\]'": "CI installs everything that the tests need",
    r"^dask (scheduler|worker) |--cluster tcp://": "tests/test_runs_cluster.py has a cluster of its own",
    r"^python -m benchmarks": "takes long; its parts have tests of their own",
    r"^python -m docs\.remake": "tests/test_remake.py runs it, small",
    r"^python -m calibration\.patterns": "tests/test_calibration_command.py runs it",
    r"^calibrate ": "tests/test_calibration_*.py run them, on small ensembles",
    r"^sim explore": "serves until Ctrl-C; tests/test_explore_browser.py opens it",
    r"^sim rank results/": "takes twenty runs or more; tests/test_rank.py ranks stored ones",
    r"^sim compare .*--audit ": "takes an audit of one's own; tests/test_own_audit.py has one",
    r"^sim signposts .*--check": "takes more runs; tests/test_signposts_command.py has some",
    r"^sim signposts .*--seen ": "takes many runs that fit; tests/test_signposts_command.py has some",
    r"^sim claims --audit": "takes ten minutes; the audit of one thesis is run",
    r"^python -m calibration.end_states": "for results that it tells to readers; tests of its own run it",
}
"""Commands that are not run here, as patterns, and why."""

RUNS = 2
TAKES_RUNS = ("run", "compare", "claims", "variance", "sweep")
DRAW_NOTHING = {
    "--runs",
    "--workers",
    "--out",
    "--force",
    "--until",
    "--set",
    "--state",
    "--from",
    "--by",
    "--outcomes",
    "--only-different",
    "--with",
    "--without",
    "--under",
    "--baseline",
    "--baseline-too",
}
"""Options that change numbers, or what is printed, and not which figures there are."""


def examples():
    """Return the examples at the end of every command's help."""
    groups = [command.commands.values() for command in main.commands.values() if hasattr(command, "commands")]
    lines = [line for command in chain(main.commands.values(), *groups) for line in command.examples]
    return [line for line in lines if line not in documentation.commands()]


def run_here(commands, *before):
    """Return those that are run here, without those that are run already among `before`."""
    known = {same(c) for others in before for c in others}
    return [c for c in commands if c.startswith("sim ") and not why_not(c) and same(c) not in known]


def names_alone(command):
    """Whether running text gives the name of a command without any words to it; its help is shown then."""
    return len(command.split()) == 2


def same(command):
    """Return a command without its number of runs and its seed."""
    return re.sub(r" (--runs|-n|--seed) \d+", "", command)


def why_not(command):
    return next((why for pattern, why in NOT_RUN.items() if re.search(pattern, command)), "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a user's folder: the shipped scenarios, and the files that the documentation speaks of."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    named = {
        b.text.split()[1]: b.text for b in documentation.blocks("yaml") if re.match(r"# \S+\.yaml$", b.first)
    }
    for name in ("my-scenario.yaml", "mine.yaml"):
        named[name] = named["my-question.yaml"]
    for name, text in named.items():
        (folder / name).write_text(text, encoding="utf-8")
    thesis = next(b for b in documentation.blocks("yaml") if b.text.startswith("thesis:"))
    (folder / "my-thesis.yaml").write_text(thesis.text, encoding="utf-8")
    return folder


MADE = {}
"""Runs that a command has made, for the others that ask for the same."""


@pytest.fixture(scope="module", autouse=True)
def runs_are_shared():
    """Make each run once: a dozen commands ask for the same few, and each stores and tells them itself."""
    make = chunk.run_one

    def shared(recipe, scenario, replicate):
        key = (recipe, identity.scenario_key(scenario), replicate, tuple(OUTCOMES))
        if key not in MADE:
            made = make(recipe, scenario, replicate)
            if isinstance(made, FailedRun):
                return made
            MADE[key] = made
        thesis = scenario.thesis.name if scenario.thesis else "none"
        return replace(MADE[key], scenario=scenario.name, thesis=thesis)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(chunk, "run_one", shared)
        yield
    MADE.clear()


def run(command, folder, monkeypatch, runs=RUNS):
    """Run one `sim` command in this process and return its result."""
    monkeypatch.chdir(folder)
    known = dict(MADE)
    if command.startswith("sim verify "):  # which makes runs again
        MADE.clear()
    words = shlex.split(command)
    output = words[words.index(">") + 1] if ">" in words else None
    words = words[: words.index(">")] if output else words
    arguments = []
    for word in words[1:]:
        found = sorted(str(path) for path in folder.glob(word)) if "*" in word else []
        arguments += found or [word]
    if arguments[0] in TAKES_RUNS or "--design" in arguments or "signposts baseline" in command:
        for flag in ("--runs", "-n"):
            if flag in arguments:
                del arguments[arguments.index(flag) : arguments.index(flag) + 2]
        arguments += ["--runs", str(runs), "--workers", "1"]
    if is_drawn_already(arguments):
        arguments.append("--no-figures")
    if command.startswith("sim plot ") and "--figures" not in arguments:
        arguments += ["--figures", "influence,differences"]  # `sim compare` has drawn all
    result = CliRunner().invoke(main, arguments)
    MADE.update(known)
    if output:
        (folder / output).write_text(result.stdout, encoding="utf-8")
    return result


DRAWN = set()


def is_drawn_already(arguments):
    """Whether a command before this one drew its figures: of one scenario, or of several, and as it asks."""
    if arguments[0] not in {"run", "compare"} or "--no-figures" in arguments or "--help" in arguments:
        return False
    sources = list(takewhile(lambda word: not word.startswith("-"), arguments[1:]))
    several = len(sources) > 1 or bool({"--without", "--under"} & set(arguments))
    options = {word for word in arguments if word.startswith("--")} - DRAW_NOTHING
    kind = (several, frozenset(options))
    known = kind in DRAWN
    DRAWN.add(kind)
    return known


def check(command, folder, monkeypatch, runs=RUNS):
    result = run(command, folder, monkeypatch, runs)
    assert result.exit_code == 0, f"{command}\n{result.output}"
    assert result.output.strip(), command


@pytest.fixture(scope="module")
def results(folder):
    """Make the results folders that the documentation goes on from."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for command in (
            "sim compare baseline dubnov --runs 40 --out results/two --no-figures",
            "sim compare baseline dubnov kuzio --out results/compare --no-figures",
        ):
            check(command, folder, monkeypatch, runs=4)  # the documentation speaks of replicate 3
    return folder


@pytest.fixture(scope="module")
def ensemble(folder):
    """Make the small ensemble that the documentation of the calibration reads."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.chdir(folder)
        words = "ensemble --draws 1 --origins all --citizens 50 --workers 1 --thesis baseline --thesis dubnov"
        result = CliRunner().invoke(calibrate, [*words.split(), "--out", "results/ensemble"])
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize("command", run_here(documentation.commands()))
def test_a_command_of_the_documentation_runs(command, results, monkeypatch):
    if "--out results/two" in command:
        command += " --force"  # the fixture has made it already, for the commands that go on from it
    check(command, results, monkeypatch, runs=4 if "--out results/two" in command else RUNS)


@pytest.mark.parametrize("command", run_here(documentation.mentions(), documentation.commands()))
def test_a_command_in_running_text_runs(command, results, monkeypatch):
    if names_alone(command):
        command += " --help"
    check(command, results, monkeypatch)


@pytest.mark.parametrize(
    "command",
    run_here(
        examples(), documentation.commands(), [c for c in documentation.mentions() if not names_alone(c)]
    ),
)
def test_an_example_of_the_help_runs(command, results, monkeypatch):
    check(command.replace("--fall 2", "--fall 1"), results, monkeypatch)


def test_what_is_not_run_is_listed():
    for command in [*documentation.commands(), *documentation.mentions(), *examples()]:
        known = command.startswith(("sim ", "#"))
        assert known or why_not(command), command


@pytest.mark.parametrize("block", documentation.blocks("yaml"), ids=str)
def test_a_scenario_of_the_documentation_is_valid(block, folder, monkeypatch):
    path = folder / "block.yaml"
    path.write_text(block.text, encoding="utf-8")
    is_thesis = block.text.startswith("thesis:")
    command = "sim claims block.yaml --quiet" if is_thesis else "sim check block.yaml"
    check(command, folder, monkeypatch)


def needs_a_cluster(block):
    return block.page == "docs/CLUSTERS.md"


@pytest.mark.parametrize(
    "block", [b for b in documentation.blocks("python") if not needs_a_cluster(b)], ids=str
)
def test_a_python_block_runs(block, results, ensemble, monkeypatch):
    monkeypatch.chdir(results)
    before = dict(OUTCOMES)
    try:
        exec(compile(block.text, str(block), "exec"), known(block))  # the documentation's own code
    finally:
        OUTCOMES.clear()
        OUTCOMES.update(before)


def known(block):
    """Return what a block finds there: the one that goes on with results finds them opened."""
    if "import sim" in block.text or "results" not in block.text:
        return {}
    return {"sim": sim, "results": sim.open_results("results/two")}


@pytest.mark.parametrize("block", [b for b in documentation.blocks("python") if needs_a_cluster(b)], ids=str)
def test_a_block_that_needs_a_cluster_names_what_there_is(block):
    tree = ast.parse(block.text)
    for line in tree.body:
        if isinstance(line, ast.ImportFrom) and line.module.startswith("sim."):
            module = importlib.import_module(line.module)
            assert all(hasattr(module, name.name) for name in line.names)
