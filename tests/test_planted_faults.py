"""Mutation check: each fault of planted_faults.toml, planted in the package, is caught."""

import tomllib
from pathlib import Path

import pytest
from forked import CHECKOUT, WarmProcess

FAULTS = tomllib.loads(Path(__file__).with_name("planted_faults.toml").read_text())["fault"]
TESTS = sorted({test for fault in FAULTS for test in fault["caught_by"]})
ALL_PASSED, SOME_FAILED = 0, 1  # pytest's exit codes; 2 and more mean that the tests could not be run


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


@pytest.fixture(scope="module")
def warm():
    """Return a process in which faults are planted."""
    with WarmProcess(sorted({test.split("::")[0] for test in TESTS})) as process:
        yield process


def check_that_it_is_caught(fault, warm, place):
    """Raise AssertionError unless every test that should notice a fault does."""
    for number, test in enumerate(fault["caught_by"]):
        folder = place / str(number)
        folder.mkdir()
        code, said = warm.run([test], fault["file"], faulty_text(fault, CHECKOUT), folder)
        assert code == SOME_FAILED, f"{test} did not notice “{fault['name']}”:\n{said}"
        assert "AttributeError" not in said, said  # caught by what it says and not by a name gone missing


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault["name"])
def test_a_planted_fault_is_caught(fault, warm, tmp_path):
    check_that_it_is_caught(fault, warm, tmp_path)


@pytest.mark.slow
def test_the_planting_itself_is_not_what_is_caught(warm, tmp_path):
    file = "sim/model/citizens/kernels.py"  # whose kernels are compiled anew, as for a fault in them
    code, said = warm.run(TESTS, file, f"{(CHECKOUT / file).read_text()}# nothing is wrong\n", tmp_path)
    assert code == ALL_PASSED, said


@pytest.mark.slow
def test_a_fault_that_no_test_notices_is_told(warm, tmp_path):
    inert = {**FAULTS[-1], "name": "inert"}
    inert["after"] = inert["before"]
    with pytest.raises(AssertionError, match="did not notice “inert”"):
        check_that_it_is_caught(inert, warm, tmp_path)


@pytest.mark.slow
def test_a_fault_in_a_file_that_the_test_does_not_import_is_told(warm, tmp_path):
    file = "benchmarks/__init__.py"
    whole = (CHECKOUT / file).read_text()
    elsewhere = {**FAULTS[-1], "name": "elsewhere", "file": file, "before": whole, "after": whole}
    with pytest.raises(AssertionError, match="did not notice “elsewhere”"):
        check_that_it_is_caught(elsewhere, warm, tmp_path)


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
