"""The page of ``sim explore`` without a browser: what it offers, what it may be asked, and by whom."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import pytest
from click.testing import CliRunner
from markupsafe import escape

from sim.cli.main import main
from sim.errors import RequestError, SimError, TooLargeError
from sim.explain.story import story
from sim.explain.why import explain
from sim.explain.words import in_words, month_name
from sim.explore.asked import MOST_SCENARIOS, read, replicate
from sim.explore.guard import headers, refusal
from sim.explore.numbers import numbers, otherwise, rounded_outwards
from sim.explore.offered import offered
from sim.explore.played import Played
from sim.explore.running import Running, Stopped, stages
from sim.explore.shown import page, shown, sliders
from sim.scenario import difference, load
from sim.scenario.states import STATE_NAMES

HOSTILE = "</script><img src=x onerror='window.hostile = 1'>{{ 1 + 1 }}"
SMALL = {"runs": "2", "years": "1", "citizens": "60"}


@pytest.fixture
def folder(tmp_path):
    """Return a folder of scenario files, one of them wrong, and one that leads out of it."""
    mine = tmp_path / "mine"
    (mine / "below").mkdir(parents=True)
    (mine / "ours.yaml").write_text('{"extends": "dubnov", "title": "Ours", "runs": 5}')
    (mine / "wrong.yaml").write_text("years: many\n")
    (mine / "below" / "hidden.yaml").write_text("extends: dubnov\n")
    (mine / ".pre-commit-config.yaml").write_text("repos: []\n")  # of a tool
    (tmp_path / "outside.yaml").write_text("extends: dubnov\n")
    (mine / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    return mine


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    return offered(tmp_path_factory.mktemp("empty"))


# -- what it offers --------------------------------------------------------------------------------


def test_shipped_scenarios_and_the_files_of_the_folder_are_offered(folder):
    found = offered(folder)
    assert {"baseline", "dubnov", "what-if/china-steps-in", "ours.yaml"} <= set(found.offers)
    assert found.scenario("ours.yaml").title == "Ours"
    assert not {"link.yaml", "hidden.yaml", "outside.yaml"} & set(found.offers)
    (fault,) = found.faults
    assert fault.startswith("wrong.yaml, line 1: years: 'many' is not a whole number")
    assert str(folder) not in fault


@pytest.mark.parametrize(
    "key", ["/etc/passwd", "../outside.yaml", "link.yaml", "below/hidden.yaml", 7, None, [], {}]
)
def test_nothing_else_can_be_chosen(folder, key):
    with pytest.raises(RequestError, match="is no scenario of this page"):
        read({"scenarios": [key]}, offered(folder))


def test_the_page_escapes_names(shipped):
    offer = shipped.offers["dubnov"]
    hostile = replace(offer, key=HOSTILE, group=HOSTILE, scenario=offer.scenario.replace(title=HOSTILE))
    html = page(replace(shipped, offers={HOSTILE: hostile}, faults=(HOSTILE,)))
    assert "<img" not in html
    assert html.count("{{ 1 + 1 }}") == 5  # group, key as value and text, title, fault
    assert "<img" not in sliders({HOSTILE: hostile.scenario}, shipped.scenario("baseline"))


def test_a_scenario_that_others_are_compared_with_can_be_moved_too(shipped):
    ours, theirs = shipped.scenario("dubnov"), shipped.scenario("baseline")
    beside = sliders({"dubnov": ours}, theirs)
    alone = sliders({"dubnov": ours}, ours)  # its own numbers are held against the shared world
    assert alone == beside
    assert alone.count('class="number"') > 5
    assert "; in baseline: " in alone
    assert "baseline: changes no number" in sliders({"baseline": theirs}, theirs)
    other = sliders({"dubnov": ours, "kuzio": shipped.scenario("kuzio")}, ours)
    assert "; in dubnov: " in other
    asked = read({"scenarios": ["dubnov"], "changes": {"dubnov": {"moscow.keep_weight": "1.5"}}}, shipped)
    assert [item.name for item in asked.scenarios] == ["dubnov", "dubnov-mine"]
    assert asked.baseline == "dubnov"


# -- sliders ---------------------------------------------------------------------------------------


def test_sliders_are_of_the_numbers_that_differ(shipped):
    ours, theirs = shipped.scenario("dubnov"), shipped.scenario("baseline")
    found = [number for group in numbers(ours, theirs).values() for number in group]
    wanted = {path.removeprefix("parameters.") for path, _, _ in difference(theirs, ours) if "." in path}
    assert {number.path for number in found} == wanted
    for number in found:
        prior = ours.parameters[number.path].prior
        assert number.low <= prior.draw(0.05) < prior.draw(0.95) <= number.high
        assert number.allowed[0] <= number.low <= number.centre <= number.high <= number.allowed[1]
        assert number.unit
        assert number.source == ours.parameters[number.path].source
    order = [claim.partition(":")[0] for claim in numbers(ours, theirs)]
    assert order == [claim.id for claim in ours.claims if claim.id in order]


def test_what_else_differs_is_told(shipped):
    held = shipped.scenario("baseline")
    assert otherwise(held, held) == []
    sooner = held.replace(start=str(held.start + -12), years=held.years + 1)
    assert otherwise(sooner, held) == [
        f"start {sooner.start}, baseline {held.start}",
        f"years {sooner.years}, baseline {held.years}",
    ]
    (event,) = shipped.scenario("what-if/support-none").timeline
    (told,) = otherwise(shipped.scenario("what-if/support-none"), held)
    assert told == f"{event.at}: {event.in_words(in_words)}"


def test_a_start_that_a_scenario_sets_has_a_slider(shipped):
    ours = shipped.scenario("baseline").with_initial({"KGZ.alignment": 0.6})
    ((number,),) = numbers(ours, shipped.scenario("baseline")).values()
    assert (number.path, number.meaning) == ("initial.KGZ.alignment", "alignment of Kyrgyzstan at the start")
    assert number.there == "as the record has it"
    assert number.low < number.centre == 0.6 < number.high


@pytest.mark.parametrize("ends", [(0.123, 0.871), (-3.0, 5.0), (0.0, 0.0), (2e-5, 3e-5), (900.0, 1000.0)])
def test_sliders_end_at_round_numbers(ends):
    low, high, step = rounded_outwards(*ends, -10, 1000)
    assert low <= ends[0] <= ends[1] <= high <= 1000
    assert 100 <= round((high - low) / step) <= 260
    assert abs((high - low) / step - round((high - low) / step)) < 1e-6


# -- what may be asked -----------------------------------------------------------------------------


def test_a_changed_scenario_stands_beside_what_it_was(shipped):
    moved = {"scenarios": ["baseline", "dubnov"], "changes": {"dubnov": {"moscow.keep_weight": "1.5"}}}
    asked = read({**moved, **SMALL}, shipped)
    assert [item.name for item in asked.scenarios] == ["baseline", "dubnov", "dubnov-mine"]
    assert (asked.baseline, asked.changed) == ("baseline", ("dubnov-mine",))
    assert asked.scenarios[2].priors["moscow.keep_weight"].centre == 1.5
    assert asked.command == (
        "sim compare baseline dubnov dubnov-mine.yaml --baseline baseline --runs 2 --set years=1 "
        "--set citizens=60"
    )
    alone = read({**moved, "beside": False}, shipped)
    assert [item.name for item in alone.scenarios] == ["baseline", "dubnov-mine"]
    changed = read(
        {
            "scenarios": ["baseline"],
            "more": {"baseline": "\nmoscow.keep_weight={normal: {mean: 1, sd: 1}}\n"},
        },
        shipped,
    )
    assert [item.name for item in changed.scenarios] == ["baseline", "baseline-mine"]


def test_a_saved_scenario_is_the_one_that_is_run(shipped, tmp_path):
    asked = read(
        {"scenarios": ["dubnov"], "changes": {"dubnov": {"moscow.keep_weight": "1.5"}}, **SMALL, "seed": "7"},
        shipped,
    )
    file = tmp_path / "dubnov-mine.yaml"
    file.write_text(asked.whole("dubnov").to_yaml(), encoding="utf-8")
    done = CliRunner().invoke(main, ["check", str(file)])
    assert done.output == f"{file}: fine\n"
    again = load(file)
    assert (again.runs, again.years, again.citizens, again.seed) == (2, 1, 60, 7)
    running = Running(asked, tmp_path / "results")
    assert again.inputs() == next(item for item in running.scenarios if item.name == "dubnov-mine").inputs()
    with pytest.raises(RequestError, match="'nobody' is not among the scenarios"):
        asked.whole("nobody")


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"scenarios": []}, "choose at least one scenario"),
        ({"scenarios": "baseline"}, "choose at least one scenario"),
        ({"scenarios": None}, "choose at least one scenario"),
        ({"scenarios": ["baseline"] * (MOST_SCENARIOS + 1)}, f"choose {MOST_SCENARIOS} scenarios at most"),
        ({"scenarios": ["dubnof"]}, "did you mean dubnov"),
        ({"baseline": "kuzio"}, "the baseline 'kuzio' is not among"),
        ({"baseline": ["kuzio"]}, "is not among"),
        ({"runs": "many"}, "runs: 'many' is not a whole number"),
        ({"runs": "0"}, "runs: 0 is out of range"),
        ({"runs": "9" * 5000}, "runs: '9+' is not a whole number"),
        ({"runs": {"a": 1}}, "is not a whole number"),
        ({"changes": {"dubnov": {"moscow.keep_weight": "99"}}}, r"dubnov: .*: 99 is out of range \(all"),
        ({"changes": {"dubnov": {"moscow.keep_weight": "much"}}}, "'much' is not a number or a prior"),
        ({"changes": {"dubnov": {"moscow.keep_weight": "nan"}}}, "'nan' is not a number"),
        ({"changes": {"dubnov": {"moscow.keep_wait": "1"}}}, "did you mean moscow.keep_weight"),
        ({"changes": {"dubnov": {"extends": "/etc/passwd"}}}, "sets no parameter"),
        ({"more": {"dubnov": "thesis=../secret.yaml"}}, "sets no parameter"),
        ({"more": {"dubnov": "timeline=[]"}}, "sets no parameter"),
        ({"more": {"dubnov": "moscow.keep_weight=" + "9" * 5000}}, "is too long"),
        ({"more": {"dubnov": "moscow.keep_weight=1\nmoscow.keep_weight=2"}}, "is set twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(message, told, shipped):
    with pytest.raises(SimError, match=told):
        read({"scenarios": ["baseline", "dubnov"], **message}, shipped)


def test_absurd_requests_are_refused_before_anything_is_written(shipped, tmp_path):
    asked = read({"scenarios": ["baseline", "dubnov"], "runs": "1000000"}, shipped)
    with pytest.raises(TooLargeError, match="2,000,000 runs would take about"):
        Running(asked, tmp_path / "results")
    assert not (tmp_path / "results").exists()


# -- runs ------------------------------------------------------------------------------------------


def test_results_are_shown_from_few_runs_on():
    assert list(stages(100)) == [8, 100]
    assert list(stages(1_000)) == [8, 32, 128, 1_000]
    assert list(stages(8)) == [8]
    assert list(stages(3)) == [3]


@pytest.mark.slow
def test_runs_are_used_again_and_stop_when_asked(shipped, tmp_path):
    message = {"scenarios": ["baseline", "dubnov"], **SMALL}
    first = Running(read(message, shipped), tmp_path / "1")
    tallies = []
    ((number, results),) = first.stages(tallies.append)
    assert number == 2
    assert (tallies[0].kept, tallies[-1].finished) == (0, 4)
    said = shown(results, HOSTILE)
    assert [chart["key"] for chart in said["charts"]] == ["end-states", "map", "fans", "differences"]
    assert "<img" not in said["html"]
    moved = {**message, "changes": {"dubnov": {"territories.window": "0.02"}}}
    second = Running(read(moved, shipped), tmp_path / "2", first)
    tallies.clear()
    ((_, again),) = second.stages(tallies.append)
    assert (tallies[0].kept, tallies[-1].finished) == (4, 6)
    outcomes, before = (item.outcomes.set_index(["scenario", "replicate"]) for item in (again, results))
    assert outcomes.loc[before.index].equals(before)
    third = Running(read({**message, "runs": "4"}, shipped), tmp_path / "3")
    third.stop()
    with pytest.raises(Stopped):
        next(third.stages(tallies.append))
    assert not (tmp_path / "3").exists()
    fourth = Running(read({**message, "runs": "4"}, shipped), tmp_path / "3")
    with pytest.raises(Stopped):
        next(fourth.stages(lambda tally: fourth.stop()))
    fourth.remove()
    assert not (tmp_path / "3").exists()


# -- one run ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(shipped):
    message = {"scenarios": ["piontkovsky"], "years": "6", "citizens": "100", "replicate": "1"}
    return Played.make(read(message, shipped).whole("piontkovsky"), replicate(message))


@pytest.mark.slow
def test_a_run_is_told_month_by_month(played):
    told = played.told()
    assert told["title"] == "piontkovsky, run 1"
    start = played.run.scenario.start
    assert told["months"] == [month_name(str(start + tick)) for tick in range(72)]
    assert len(told["ledger"]) == 72
    line = next(line for line in story(played.run) if "challenge" in line)
    month, _, rest = line.partition(". ")
    assert rest in told["ledger"][told["months"].index(month)]
    assert [name for _, name, _ in told["states"]] == [STATE_NAMES[code] for code in played.run.states]
    falls = [event.target for event in played.run.events if event.kind == "fall"]
    assert {code: fallen for code, _, fallen in told["states"] if fallen} == dict(Counter(falls))
    assert [chart["key"] for chart in told["charts"]] == ["map", "series"]
    keys, rows = (told["charts"][1]["datasets"]["series"][name] for name in ("keys", "rows"))
    row = dict(zip(keys, rows[keys.index("state")], strict=True))
    held = played.run.series[row["state"]].iloc[row["tick"]]
    assert row["participation"] == pytest.approx(held["participation"], abs=1e-4)


def test_a_state_is_explained_as_sim_explain_does(played):
    for code in played.run.states:
        said = played.why(code, None)
        assert said["state"] == code
        assert str(escape(explain(played.run, code).title)) in said["html"]
    for state, fall in (("XXX", None), (None, None), ("KGZ", "1"), ("KGZ", 0), ("KGZ", True), ("KGZ", 99)):
        with pytest.raises(SimError):
            played.why(state, fall)


def test_months_in_which_the_street_is_risen_are_marked(played):
    risen = played._risen()
    for rise in played.run.rises:
        assert all(risen[rise.state][tick] for tick in rise.months)
    assert sum(map(sum, risen.values())) <= sum(len(rise.months) for rise in played.run.rises) + 72
    with pytest.raises(RequestError, match="run: 2147483648 is out of range"):
        replicate({"replicate": 2**31})


# -- who may ask -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "origin", "allowed"),
    [
        ("127.0.0.1:80", "http://127.0.0.1:80", True),
        ("localhost:8765", "http://localhost:8765", True),
        ("[::1]:8765", "http://[::1]:8765", True),
        ("127.0.0.1:80", "http://localhost:80", False),
        ("127.0.0.1:80", "http://127.0.0.1:81", False),
        ("127.0.0.1:80", "https://127.0.0.1:80", False),
        ("127.0.0.1:80", "http://evil.example", False),
        ("127.0.0.1:80", "http://127.0.0.1:80.evil.example", False),
        ("127.0.0.1:80", "null", False),
        ("127.0.0.1:80", "", False),
        ("evil.example:80", "http://evil.example:80", False),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example", False),
        ("", "", False),
    ],
)
def test_only_the_page_itself_may_ask(host, origin, allowed):
    assert (refusal([("host", host), ("origin", origin)], live=True) is None) == allowed


def test_a_connection_names_its_page_and_everything_its_host():
    assert refusal([("host", "localhost:1")], live=False) is None
    assert refusal([("host", "localhost:1")], live=True)
    assert refusal([], live=False)
    assert refusal([("host", "localhost"), ("host", "evil.example")], live=False)
    assert "'unsafe-eval'" not in headers()["content-security-policy"]


# -- the command -----------------------------------------------------------------------------------


def test_help_has_examples():
    done = CliRunner().invoke(main, ["explore", "--help"])
    assert done.exit_code == 0
    assert "sim explore --port 8765 --no-open" in done.output


@pytest.mark.parametrize("module", ["starlette", "uvicorn"])
def test_a_missing_extra_is_named(module, monkeypatch):
    for name in [name for name in sys.modules if name.startswith((f"{module}.", "sim.explore.server"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    done = CliRunner().invoke(main, ["explore", "--no-open"])
    assert done.exit_code == 2
    assert done.output.count("\n") == 1
    assert "pip install 'post-soviet-scenarios[explore]' brings it" in done.output


def test_a_wrong_folder_or_port_is_told(tmp_path):
    import socket  # noqa: PLC0415

    done = CliRunner().invoke(main, ["explore", "--no-open", "--folder", str(tmp_path / "none")])
    assert (done.exit_code, done.output) == (2, f"Error: {tmp_path / 'none'} is no folder\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(
            main, ["explore", "--no-open", "--port", str(port), "--folder", str(tmp_path)]
        )
    assert done.exit_code == 2
    assert done.output.startswith(f"Error: port {port} cannot be had (")
