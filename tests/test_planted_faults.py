"""Mutation check: each fault of planted_faults.toml, planted in a copy of the package, is caught."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
FAULTS = tomllib.loads(Path(__file__).with_name("planted_faults.toml").read_text())["fault"]
COPIED = ("sim", "scenarios", "calibration", "tests", "docs", "pyproject.toml", "README.md")
ALL_PASSED, SOME_FAILED = 0, 1  # pytest's exit codes; 2 and more mean that the tests could not be run


def copy_of(folder, target, *, faulty=False):
    """Copy what tests need; compiled kernels are kept only where they are still those of the source."""
    skipped = shutil.ignore_patterns("*.nbi", "*.nbc") if faulty else None
    target.mkdir()
    for name in COPIED:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, target / name, ignore=skipped)
        else:
            shutil.copy2(folder / name, target / name)


def faulty_text(fault, folder):
    """Return a file's text with one small mistake."""
    path = folder / fault["file"]
    text = path.read_text()
    found = text.count(fault["before"])
    assert found == 1, (
        f"cannot plant “{fault['name']}”: its `before` stands {found} times in {fault['file']}, not once; "
        f"mend tests/planted_faults.toml:\n{fault['before']}"
    )
    changed = text.replace(fault["before"], fault["after"])
    compile(changed, path, "exec")  # a fault is a mistake of meaning and not of grammar
    return changed


def run_tests(folder, tests, *options):
    """Run some tests against the package in a folder and return pytest's exit code and what it said."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *options]
    done = subprocess.run(
        [*command, *(f"tests/{test}" for test in tests)],
        cwd=folder, env={"PYTHONPATH": str(folder), "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Return a copy without faults, in which every test named in the list passes."""
    folder = tmp_path_factory.mktemp("planted") / "sound"
    copy_of(CHECKOUT, folder)
    code, said = run_tests(folder, sorted({test for fault in FAULTS for test in fault["caught_by"]}))
    assert code == ALL_PASSED, said
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_a_planted_fault_is_caught(fault, sound, tmp_path):
    folder = tmp_path / "faulty"
    copy_of(sound, folder, faulty="numba" in (sound / fault["file"]).read_text())
    (folder / fault["file"]).write_text(faulty_text(fault, folder))
    for test in fault["caught_by"]:
        code, said = run_tests(folder, [test], "-x")
        assert code == SOME_FAILED, f"{test} did not notice “{fault['name']}”:\n{said}"
        assert "AttributeError" not in said, said  # caught by what it says and not by a name gone missing


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_the_list_keeps_up_with_the_code(fault):
    assert faulty_text(fault, CHECKOUT)
    for test in fault["caught_by"]:
        file, name = test.split("::")
        text = (CHECKOUT / "tests" / file).read_text()
        assert f"def {name.split('[')[0]}(" in text, f"{test} is gone; mend tests/planted_faults.toml"


def test_a_fault_whose_place_is_gone_is_told():
    with pytest.raises(AssertionError, match=r"stands 0 times in sim/model/model.py, not once; mend"):
        faulty_text({**FAULTS[0], "file": "sim/model/model.py"}, CHECKOUT)


def test_the_list_holds_faults_of_every_kind():
    assert len({fault["name"] for fault in FAULTS}) == len(FAULTS) >= 16
    assert len({fault["file"] for fault in FAULTS}) > 8
