"""What there is to name: the lists, searches in them, and what the shell completes."""

import dataclasses

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from sim.analysis.observables import observables
from sim.analysis.signpost_words import told as described
from sim.cli.main import main
from sim.cli.options import PLAIN_KEYS
from sim.parameters import catalogue
from sim.scenario import Scenario, load, shipped_claims
from sim.scenario.timeline import EVENTS
from sim.scenario.vocabulary import POWERS, SHOCK_VARIABLES
from sim.series import MOSCOW_SERIES, STATE_SERIES
from sim.world import build_world
from sim.world.state import STATES


def call(*arguments):
    done = CliRunner().invoke(main, arguments, env={"COLUMNS": "400"})
    assert "Traceback" not in done.output
    return done


def offered(words, typed):
    completer = ShellComplete(main, {}, "sim", "_SIM_COMPLETE")
    return [item.value for item in completer.get_completions(words, typed)]


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("--parameters", list(catalogue())),
        ("--series", [*STATE_SERIES, *MOSCOW_SERIES]),
        ("--claims", list(shipped_claims())),
        ("--events", list(EVENTS)),
    ],
)
def test_a_list_names_all_that_there_is_once(option, names):
    done = call("list", option)
    assert done.exit_code == 0
    shown = done.stdout.partition("\nWords that a key takes")[0]  # one key is called as its event
    first = [line.split(" ")[0] for line in shown.splitlines()]
    assert [name for name in first if name in names] == names


def test_the_list_of_signposts_has_every_name_without_a_state_in_words():
    told = " ".join(call("list", "--signposts").stdout.split())
    names = [name for name in observables() if not name.endswith(STATES) and " and " not in name]
    assert len(names) > 50
    assert all(f"{name} {described(name)}" in told for name in names)


def test_the_list_of_events_has_the_words_that_their_keys_take():
    told = " ".join(call("list", "--events").stdout.split())
    assert f"variable shock {', '.join(SHOCK_VARIABLES)}" in told
    assert f"power engage {', '.join(POWERS)}" in told


def test_two_lists_are_refused():
    done = call("list", "--series", "--claims")
    assert done.exit_code == 2
    assert "--series and --claims are different lists" in done.stderr


def test_a_search_shows_the_rows_of_every_table_that_match():
    done = call("show", "dubnov", "--grep", "D2|KGZ.RENTS|^war.window$")
    rows = {line.split(" ")[0] for line in done.stdout.splitlines()}
    assert {"D2", "KGZ.rents", "war.window"} <= rows
    own = {path for path, item in load("dubnov").parameters.items() if item.claim == "D2"}
    assert own <= rows  # whose source names the claim
    assert not {"D3", "KGZ.openness", "war.capacity_drain"} & rows


def test_a_search_puts_names_first_and_whole_words_before_parts():
    done = call("show", "baseline", "--initial", "--grep", "war|ERS")
    rows = [line.split(" ")[0] for line in done.stdout.splitlines()[2:]]
    assert rows[:2] == ["RUS.war_load", "EST.legitimacy"]  # a name; whole words of a source
    assert rows.index("TJK.legitimacy") < rows.index("EST.west_exposure")  # "toward" and "memberships"
    assert call("show", "baseline", "--initial", "--grep", "(?i)war").exit_code == 0
    named = call("show", "baseline", "--initial", "--grep", "moldova").stdout
    coded = call("show", "baseline", "--initial", "--grep", r"^MDA\.").stdout
    assert "MDA.legitimacy" in named
    first = [{line.split(" ")[0] for line in text.splitlines()} for text in (coded, named)]
    assert len(first[0]) > 5
    assert first[0] <= first[1]


def test_the_start_state_ends_with_territories_and_garrisons():
    told = [line.split() for line in call("show", "baseline", "--initial").stdout.splitlines()]
    assert ["Transnistria", "MDA", "passports", "or", "peacekeepers", "RUS"] in told
    assert [row[0] for row in told[[row[:1] for row in told].index(["state"]) + 1 :]] == [
        each.code for each in build_world(load("baseline").start).states if each.garrison
    ]
    assert "Transnistria" in call("show", "baseline", "--initial", "--grep", "moldova").stdout


def test_a_search_keeps_to_the_tables_asked_for():
    done = call("show", "dubnov", "--claims", "--grep", "passports")
    assert "D5" in done.stdout
    assert "assumed" not in done.stdout


def test_a_search_of_a_story_keeps_its_sentences():
    small = ("--set", "start=2010-01", "--set", "years=1", "--set", "citizens=60")
    whole = call("show", "baseline", "--story", "--full", *small).stdout.splitlines()
    (found, *_) = (line for line in whole if "2010." in line)
    part = call("show", "baseline", "--story", "--full", *small, "--grep", found[:30].upper()).stdout
    assert part.splitlines()[0] == found
    assert set(part.splitlines()[:1]) < set(whole)


def test_a_search_that_finds_nothing_says_so():
    done = call("show", "dubnov", "--grep", "no such words")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "nothing matches 'no such words'" in done.stderr


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("campain", "nothing matches 'campain'; did you mean campaign?"),
        ("Campain|allliance", "nothing matches 'Campain|allliance'; did you mean campaign and alliance?"),
        ("campaign xqzxqz", "nothing matches 'campaign xqzxqz'"),
        ("xqzxqz", "nothing matches 'xqzxqz'"),
    ],
)
def test_a_search_that_finds_nothing_tells_the_nearest_words(pattern, told):
    done = call("show", "gorevoy", "--grep", pattern)
    assert (done.exit_code, done.stdout) == (0, "")
    assert told in done.stderr.replace("\n", " ")
    assert ("did you mean" in done.stderr) == ("did you mean" in told)


def test_a_pattern_that_is_none_is_refused():
    done = call("show", "dubnov", "--grep", "(")
    assert done.exit_code == 2
    assert "'(' is no pattern" in done.stderr
    done = call("show", "--month", "--grep", "war")
    assert done.exit_code == 2
    assert "leave out --grep" in done.stderr


def test_the_month_says_which_series_each_stage_moves():
    done = call("show", "--month")
    assert done.exit_code == 0
    assert all(name in done.stdout for name in (*STATE_SERIES, *MOSCOW_SERIES))


def test_the_shell_completes_claims_of_what_is_named():
    own = [claim.id for claim in load("dubnov").claims]
    for command in ("run", "show", "diff", "compare"):
        assert offered([command, "dubnov", "--without"], "") == own
    assert offered(["run", "dubnov", "--without", own[0], "--without"], own[0].lower()) == [own[0]]
    assert offered(["run", "dubnov", "--with"], "") == list(shipped_claims())
    assert offered(["run", "dubno", "--without"], "") == list(shipped_claims())  # of no scenario


def test_the_shell_completes_what_set_takes():
    assert "moscow." in offered(["run", "dubnov", "--set"], "mo")
    assert "moscow.keep_weight=" in offered(["show", "dubnov", "--set"], "moscow.keep")
    assert offered(["new", "scenario", "mine", "--set"], "yea") == ["years="]
    assert "years=" not in offered(["sweep", "dubnov", "--vary"], "yea")


def test_the_keys_offered_are_a_scenarios_own():
    assert set(PLAIN_KEYS) < {field.name for field in dataclasses.fields(Scenario)}
    load("baseline", ["start=2012-01", "years=3", "mode=historical", "citizens=60", "runs=1", "seed=2"])


def test_the_shell_completes_the_last_of_several_states():
    assert offered(["compare", "--state"], "KGZ,k") == ["KGZ,KAZ", "KGZ,KGZ"]
