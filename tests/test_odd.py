"""The ODD description says what the code says."""

import importlib.util
from pathlib import Path

import pytest

from sim.parameters import catalogue

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_tables_are_current(generator):
    assert generator.main(["--check"]) == 0, "run: python docs/generate.py"


def test_every_parameter_is_in_the_table_with_its_source(generator):
    text = (DOCS / "ODD.md").read_text(encoding="utf-8")
    for path, spec in catalogue().items():
        name = path.split(".")[1]
        line = next(line for line in text.splitlines() if line.startswith(f"| `{name}` | {spec.prior} |"))
        assert f"| {spec.tag} |" in line
        assert " ".join(spec.source.split()) in line


def test_a_stale_table_is_renewed(generator):
    stale = "a\n<!-- generated: series -->\nold\n<!-- end -->\nb\n"
    renewed = generator.generate(stale)
    assert "old" not in renewed
    assert "`alignment`" in renewed
    assert renewed == generator.generate(renewed)


def test_a_mark_that_names_no_table_is_an_error(generator):
    with pytest.raises(KeyError):
        generator.generate("<!-- generated: nothing -->\n<!-- end -->")
