"""Shipped scenarios and theses with something in them changed, moved, renamed, doubled or lost."""

# ruff: noqa: SIM905  lists of odd values are easier to read in whole lines

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fuzzing import fuzzed
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, load, load_thesis
from sim.scenario.library import shipped_folder
from sim.scenario.reader import read_file

SHIPPED = {
    file.relative_to(shipped_folder()).as_posix(): read_file(file).data
    for file in sorted(shipped_folder().rglob("*.yaml"))
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(
        "null baseline dubnov KGZ alignment 2010-01 1899-12 2030-13 challenge uprising up down zero none "
        "West CSTO ../x.yaml /etc/passwd theses/dubnov.yaml P1 [red] $x^2$ \x1b[31m \u202e ../ . .. "
        "C:\\x con".split()
    ),
    st.sampled_from([[], {}, [[]], {"": {}}, [None], 10**400, -(10**400), 1e308, "x" * 6_000, "9" * 5_000]),
    st.recursive(st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)),
)
Path_ = tuple[str | int, ...]


def places(data: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Yield the path of every value in plain data, top first."""
    yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def value_at(data: Any, path: Path_) -> Any:
    """Return the value at a path."""
    for key in path:
        data = data[key]
    return data


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a shipped file's name, and its data with one to four changes."""
    name = draw(st.sampled_from(sorted(SHIPPED)))
    data = copy.deepcopy(SHIPPED[name])
    for _ in range(draw(st.integers(1, 4))):
        found = [path for path in places(data) if path]
        if not found:
            break
        *above, key = draw(st.sampled_from(found))
        holder = value_at(data, tuple(above))
        match draw(st.sampled_from(("replace", "delete", "rename", "double", "graft"))):
            case "replace":
                holder[key] = draw(ODD)
            case "delete":
                del holder[key]
            case "rename" if isinstance(holder, dict):
                holder[draw(st.text(max_size=12)) or f"{key}x"] = holder.pop(key)
            case "double" if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            case _:
                other = SHIPPED[draw(st.sampled_from(sorted(SHIPPED)))]
                holder[key] = copy.deepcopy(value_at(other, draw(st.sampled_from(list(places(other))))))
    return name, data


@fuzzed(ordinarily=200)
@given(case=damaged())
@pytest.mark.slow
def test_a_damaged_shipped_file_loads_or_is_refused(
    case: tuple[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name, data = case
    folder = tmp_path_factory.getbasetemp() / "damaged"
    (folder / "theses").mkdir(parents=True, exist_ok=True)
    file = folder / ("theses/t.yaml" if name.startswith("theses/") else "s.yaml")
    file.write_text(json.dumps(data), encoding="utf-8")  # JSON is YAML
    try:
        loaded = load_thesis(file) if name.startswith("theses/") else load(file)
    except ScenarioError as error:
        text = str(error)
        assert len(text) < 60_000
        assert all(line.isprintable() for line in text.splitlines()), text
        assert 1 <= len(error.problems) <= 20
    else:
        if isinstance(loaded, Scenario):
            again = folder / "again.yaml"
            again.write_text(loaded.to_yaml(), encoding="utf-8")
            assert load(again).to_yaml().replace("again", "") == loaded.to_yaml().replace("again", "")
