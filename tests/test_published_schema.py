"""The schemas in docs/ are those that the program would print today."""

import json
from pathlib import Path

import pytest

from sim.scenario import json_schema, thesis_schema

FOLDER = Path(__file__).parent.parent / "docs" / "schema"


@pytest.mark.parametrize(("name", "schema"), [("scenario", json_schema), ("thesis", thesis_schema)])
def test_published_schema_is_current(name, schema):
    published = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), f"run `sim schema` into docs/schema/{name}.schema.json"
