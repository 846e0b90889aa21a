"""What the site makes when it is built, and the check of its links; `.ci/run` builds it whole."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import sim
from calibration.cli.main import main as calibrate
from docs.remake import reference as tables
from docs.remake.made import END, MADE, MARK, filled
from docs.site.links import faults
from sim.cli.main import main
from sim.figures.registry import names as figure_names
from sim.instruments import INSTRUMENTS, TABLE
from sim.measures import OUTCOMES
from sim.measures.history import RunHistory
from sim.model.events import EVENT_KINDS
from sim.model.facts import FACTS
from sim.model.trace import Challenge, Event
from sim.scenario import json_schema, thesis_schema
from sim.scenario.timeline import EVENTS, own_keys
from sim.series import MOSCOW_SERIES, STATE_SERIES

DOCS = Path(__file__).parent.parent / "docs"


def rows(table: str) -> list[list[str]]:
    """Return the cells of a table in Markdown, without its head."""
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_every_key_of_a_scenario_and_a_thesis_is_told() -> None:
    for told, schema in (
        (tables.keys_of_a_scenario(), json_schema()),
        (tables.keys_of_a_thesis(), thesis_schema()),
    ):
        assert {f"`{key}`" for key in schema["properties"]} <= {row[0] for row in rows(told)}
    claim = tables.keys(thesis_schema()["$defs"]["Claim"], thesis_schema())
    by_key = {row[0]: row for row in rows(claim)}
    assert by_key["`id`"][2] == "required"
    assert by_key["`auxiliary`"][1:3] == ["true or false", "`false`"]


def test_a_key_says_what_may_stand_there() -> None:
    told = {row[0]: row[1:] for row in rows(tables.keys_of_a_scenario())}
    assert told["`years`"][:2] == ["a whole number, 1 to 50", "`15`"]
    assert told["`mode`"][0] == "`free` or `historical`"
    assert told["`timeline`"][0] == "a list of [events](events.md)"
    assert told["`variable`"][0].startswith(f"one of {len(STATE_SERIES) + len(MOSCOW_SERIES)} [words]")


def test_every_event_is_told_with_its_keys_and_a_use_that_can_be_read() -> None:
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", tables.events(), re.DOTALL | re.MULTILINE))
    assert set(parts) == set(EVENTS)
    page = (DOCS / "reference" / "events.md").read_text(encoding="utf-8")
    for name, kind in EVENTS.items():
        assert {row[0] for row in rows(parts[name])} == {f"`{key}`" for key in own_keys(kind)}
        shown = re.search(r"```yaml\n(.*?)```", parts[name], re.DOTALL)
        if shown:
            (entry,) = YAML(typ="safe").load(shown[1])["timeline"]
            assert entry["event"] == name
        else:
            assert f"event: {name}" in page, (
                f"no shipped scenario uses {name}: show it in docs/reference/events.md"
            )


def test_every_key_of_an_event_says_what_it_means() -> None:
    told = [row for row in rows(tables.events().replace("\n### ", "\n\n### ")) if row[0].startswith("`")]
    assert not [row[0] for row in told if not row[3]]
    assert {key for kind in EVENTS.values() for key in own_keys(kind)} == {row[0].strip("`") for row in told}


def test_every_kind_of_event_of_a_run_is_told_with_its_facts() -> None:
    told = {row[0].strip("`"): row for row in rows(tables.events_of_a_run())}
    assert list(told) == list(EVENT_KINDS)
    for name, kind in EVENT_KINDS.items():
        assert set(re.findall(r"`(\w+)`", told[name][5])) == kind.known, name
        assert set(re.findall(r"\(`(\w+)`\)", told[name][5])) == kind.known - kind.required, name
    meant = rows(tables.facts_of_events())
    assert {row[0].strip("`") for row in meant} == set(FACTS)
    page = filled((DOCS / "reference" / "events.md").read_text(encoding="utf-8"))
    assert all(f"| `{name}` |" in page for name in (*EVENT_KINDS, *FACTS))


def test_every_instrument_is_told_in_full() -> None:
    told = rows(tables.instruments())
    assert [row[0].strip("`") for row in told] == list(INSTRUMENTS)
    assert [row[2] for row in told] == [
        f"rung {entry.rung} of 4" if entry.rung else "no" for entry in TABLE
    ]  # the highest rung, however many instruments share one
    assert all(cell and "{" not in cell for row in told for cell in row)
    assert {row[3].strip("`") for row in told} <= set(OUTCOMES)


def test_the_words_that_keys_may_hold_are_told_in_full() -> None:
    told = tables.vocabulary()
    assert ", ".join(f"`{name}`" for name in INSTRUMENTS) in told
    assert all(f"`{name}`" in told for name in (*STATE_SERIES, *MOSCOW_SERIES, "KGZ", "RUS", "Abkhazia"))


def test_every_figure_is_in_the_gallery() -> None:
    assert {path.stem for path in (DOCS / "figures").glob("*.png")} <= set(tables.FIGURES)
    assert [row[0] for row in rows(tables.figures())] == [f"`{name}`" for name in figure_names()]
    assert "# sim compare baseline" in tables.gallery()


def test_a_figure_that_nobody_describes_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(tables.FIGURES, "influence")
    with pytest.raises(ValueError, match="influence"):
        tables.gallery()


def test_every_step_is_told_with_the_hash_of_its_tables() -> None:
    told = {row[0].strip("`"): row for row in rows(tables.steps())}
    assert {"audit", "claims", "fit", "gallery"} <= set(told)
    assert re.fullmatch(r"`[0-9a-f]{12}`", told["claims"][4])
    assert told["gallery"][4] == "none"  # it keeps a figure alone
    assert re.search(r"^# gallery\nsim compare baseline", tables.steps(), re.MULTILINE)
    assert "bit for bit" in tables.golden()
    assert re.search(r"`[0-9a-f]{64}`", tables.forecasts())


def test_every_public_name_is_in_the_reference_of_python() -> None:
    page = (DOCS / "reference" / "python.rst").read_text(encoding="utf-8")
    told = set(re.findall(r"^\.\. auto\w+:: ([\w.]+)$", page, re.MULTILINE))
    assert set(sim.__all__) - {"figures"} <= told
    assert "sim.figures" in told


def test_what_a_users_outcome_is_given_is_in_the_reference_of_python() -> None:
    page = (DOCS / "reference" / "python.rst").read_text(encoding="utf-8")
    for given in (RunHistory, Event, Challenge):
        assert re.search(rf"^\.\. autoclass:: ([\w.]+\.)?{given.__qualname__}$", page, re.MULTILINE)
    history = inspect.getdoc(RunHistory) or ""  # alike on every Python: from 3.13 on docstrings come dedented
    for name in ("central_asia", "series", "events", "challenges", "territories", "draws", "world"):
        assert re.search(rf"^.*\b{name}\b.* : ", history, re.MULTILINE), name
    assert "facts : " in (Event.__doc__ or "")
    assert 'event.facts["cause"]' in (DOCS / "guides" / "results-in-python.md").read_text(encoding="utf-8")


def test_every_page_stands_in_a_list_of_contents() -> None:
    pages = {
        path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*") if path.suffix in {".md", ".rst"}
    }
    listed = {Path("index")}
    for page in DOCS.rglob("*.md"):
        for block in re.findall(
            r"^:::\{toctree\}\n(.*?)^:::$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            entries = [line for line in block.splitlines() if line and not line.startswith(":")]
            listed |= {(page.parent / entry).resolve().relative_to(DOCS) for entry in entries}
    assert pages <= listed


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.html").write_text('<h1 id="here">Other</h1>', encoding="utf-8")
    page = tmp_path / "page.html"
    good = '<a href="other.html#here">a</a><a href="#top">b</a><p id="top"></p><a href="https://example.org/x">c</a>'
    page.write_text(good, encoding="utf-8")
    assert list(faults(tmp_path)) == []
    page.write_text(
        f'{good}<a href="none.html">d</a><a href="other.html#there">e</a><img src="none.png">'
        '<script src="https://example.org/x.js"></script>',
        encoding="utf-8",
    )
    told = " ".join(faults(tmp_path))
    for fault in (
        "no file none.html",
        "no place other.html#there",
        "no file none.png",
        "loads https://example.org/x.js",
    ):
        assert fault in told


def test_all_that_can_be_made_stands_in_some_page() -> None:
    marks = [mark for path in DOCS.rglob("*.md") for mark in MARK.findall(path.read_text(encoding="utf-8"))]
    assert sorted(marks) == sorted(MADE)


def test_what_a_mark_names_is_made_anew_and_nothing_else() -> None:
    page = f"before\n\n<!-- made: states -->\nold\n{END}\n\nafter\n"
    once = filled(page)
    assert once.startswith("before\n") and once.endswith("\n\nafter\n")
    assert "`KGZ` Kyrgyzstan" in once and "\nold\n" not in once
    assert filled(once) == once
    with pytest.raises(KeyError, match="stats"):
        filled(page.replace("states", "stats"))
    with pytest.raises(ValueError, match="no line"):
        filled("<!-- made: states -->\n\nafter\n")


def test_links_that_name_a_file_name_its_title_on_the_site() -> None:
    pages = pytest.importorskip("docs.site.pages")  # where Sphinx's Pygments is installed
    assert pages.titled("as [MODEL.md](../MODEL.md#citizens) says") == "as [](../MODEL.md#citizens) says"
    other = "[a page](x.md), [x.md](https://example.org/x.md)"
    assert pages.titled(other) == other


def test_every_command_says_what_it_does() -> None:
    for group in (main, calibrate):
        for name, command in group.commands.items():
            assert command.help, name
