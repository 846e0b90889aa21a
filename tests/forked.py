"""Run tests against the package with one of its files changed, each time in a fork of one warm process.

A new interpreter for every changed copy of the package spends most of its time on imports that no change
touches. Here one process imports everything once and forks; the fork forgets the package, imports it again
with the changed text in place of the file's, and runs the tests. Nothing in the checkout is written.

What reads scenarios and the record takes a second to import and imports nothing that runs the model. A fork
keeps it, as it was when it had just been imported, unless the changed file is part of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

CHECKOUT = Path(__file__).parent.parent
NOT_IMPORTED = 64  # beyond pytest's exit codes
_OURS = ("sim", "calibration", "docs")
_KEPT: dict[str, tuple[ModuleType, dict[str, object]]] = {}
"""Modules of ours that read scenarios and the record, and what each held when it had been imported."""


class Outcome(NamedTuple):
    """Pytest's exit code, and what it said."""

    code: int
    said: str


class WarmProcess:
    """A process that has imported what tests need; a context manager.

    Parameters
    ----------
    tests : iterable of str
        Files in the folder of tests, whose imports are made once.
    """

    def __init__(self, tests: Iterable[str]) -> None:
        self._tests = list(tests)

    def __enter__(self) -> WarmProcess:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        self._process = subprocess.Popen(
            [sys.executable, __file__, *self._tests],
            cwd=CHECKOUT, env=environment | {"PYTHONPATH": str(CHECKOUT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, tests: list[str], file: str, text: str, place: Path) -> Outcome:
        """Run tests as if a file of the package held a text.

        Parameters
        ----------
        tests : sequence of str
            Names, as pytest takes them within the folder of tests; the first that fails ends it.
        file : str
            In the checkout.
        text : str
        place : Path
            An empty folder for what the tests write.
        """
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps([tests, file, text, str(place)]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the warm process has died"
        return Outcome(*json.loads(answer))


class _Changed(SourceFileLoader, MetaPathFinder):
    """Import one file as if it held another text."""

    def __init__(self, file: Path, text: str) -> None:
        self.path, self.text, self.used = str(file), text, False

    def find_spec(self, name, path=None, target=None):
        spec = PathFinder.find_spec(name, path, target)
        if spec is None or spec.origin != self.path:
            return None
        self.name, self.used, spec.loader = name, True, self
        return spec

    def get_code(self, name):
        return compile(self.text, self.path, "exec", dont_inherit=True)


def _pytest(*options: str) -> int:
    import pytest  # noqa: PLC0415

    return int(pytest.main(["-n", "0", "-q", "-p", "no:cacheprovider", *options]))


def _import_what_is_kept() -> None:
    import sim.scenario.scenario  # noqa: F401, PLC0415
    from sim.world.record import load_record  # noqa: PLC0415

    load_record()
    ours = [name for name in sys.modules if name.split(".")[0] in _OURS]
    _KEPT.update({name: (sys.modules[name], dict(vars(sys.modules[name]))) for name in ours})


def _forget_ours(file: str) -> None:
    """Have the package and its tests imported anew, but for what is kept where the file is no part of it."""
    tests = str(Path(__file__).parent)
    for name, module in list(sys.modules.items()):
        of_tests = (getattr(module, "__file__", None) or "").startswith(tests) and name != "__main__"
        if name.split(".")[0] in _OURS or of_tests:
            del sys.modules[name]
    if file not in {module.__file__ for module, _ in _KEPT.values()}:
        for name, (module, held) in _KEPT.items():
            vars(module).clear()  # of a package, also the modules of it that were imported since
            vars(module).update(held)
            sys.modules[name] = module


def _run(tests: list[str], file: str, text: str, place: str) -> int:
    """Run tests against a changed file, in a fork."""
    changed = _Changed(CHECKOUT / file, text)
    _forget_ours(changed.path)
    sys.meta_path.insert(0, changed)
    if "sim.model.compiled" in text:  # Numba takes what is compiled for that of the file on the disk
        import numba  # noqa: PLC0415

        os.environ["NUMBA_CACHE_DIR"] = f"{place}/compiled"
        os.environ["NUMBA_OPT"] = "0"  # each fault compiles for one test: the machine code need not be quick
        numba.config.reload_config()
    code = _pytest("-x", f"--basetemp={place}/tests", *(f"tests/{test}" for test in tests))
    if changed.used:
        return code
    sys.stdout.write(f"{file} was never imported\n")
    return NOT_IMPORTED


def _serve(tests: list[str]) -> None:
    """Answer requests until there are no more; only the answers go to standard output."""
    answers = os.fdopen(os.dup(1), "w")
    with tempfile.TemporaryFile("w+") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        import scoringrules  # noqa: F401, PLC0415 - compiles for seconds, which a fork would do each time

        _import_what_is_kept()
        warm = _pytest("--collect-only", *(f"tests/{test}" for test in tests))
        for line in sys.stdin:
            said.seek(0)
            said.truncate()
            code = warm or _in_fork(json.loads(line))
            sys.stdout.flush()
            said.seek(0)
            answers.write(json.dumps([code, said.read()]) + "\n")
            answers.flush()


def _in_fork(request: list) -> int:
    if not hasattr(os, "fork"):  # Windows: a new interpreter after all
        command = [sys.executable, __file__]
        return subprocess.run(command, input=json.dumps(request), text=True, check=False).returncode
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = _run(*request)
            sys.stdout.flush()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    if sys.argv[1:]:
        _serve(sys.argv[1:])
    else:
        sys.exit(_run(*json.load(sys.stdin)))
