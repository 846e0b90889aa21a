"""The registry of outcomes: one entry each, from which names, labels, keys and tables follow."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial

import pytest
from test_runs_fakes import WORLD, event, history

import sim
from sim.errors import SimError
from sim.instruments import BY_NAME, INSTRUMENTS, Instrument
from sim.measures import (
    OUTCOMES,
    STATE_OUTCOMES,
    OutcomeError,
    chosen_outcomes,
    find_outcome,
    key_outcomes,
    measure,
    package_outcomes,
    registry,
)
from sim.measures.definition import definition_key, definition_keys
from sim.measures.end_state import RULES_READ
from sim.measures.history import RunHistory
from sim.model.moscow.instruments import RESCUE_LADDER, check
from sim.parameters import catalogue
from sim.scenario.schema import thesis_schema


@pytest.fixture
def own():
    """Take outcomes that a test registers out of the registry again."""
    before = dict(OUTCOMES)
    yield
    OUTCOMES.clear()
    OUTCOMES.update(before)


def past(*events) -> RunHistory:
    return RunHistory(history(24, list(events)), WORLD)


def test_every_outcome_is_whole():
    for entry in (*OUTCOMES.values(), *STATE_OUTCOMES.values()):
        assert entry.label, entry.name
        assert entry.unit, entry.name
        assert re.fullmatch(r"[A-Z][^{}]+[^.]", entry.definition), entry
        assert callable(entry.compute)
        assert set(entry.parameterised_by) <= set(catalogue()), entry.name
        assert not entry.own


def test_what_is_said_of_windows_is_what_is_computed():
    assert "At most 6 months after" in OUTCOMES["falls_near_election"].definition


def test_every_instrument_is_counted_and_says_what_its_choice_rests_on():
    for name in INSTRUMENTS:
        assert OUTCOMES[f"used_{name}"].parameterised_by, name


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("advice", "needs instruments.advice_gain and instruments.advice_price: no such parameter"),
        ("security", "has no class in sim/model/moscow/instruments.py"),
    ],
)
def test_a_rung_without_its_parameters_or_class_is_refused(key, told):
    with pytest.raises(LookupError, match=re.escape(told)):
        check(Instrument("police", "police", "means", rung=3, key=key))
    for entry in BY_NAME.values():
        check(entry)


def test_every_rung_of_the_table_is_checked_when_the_model_is_imported():
    code = (
        "import sim.instruments as table\n"
        "more = table.Instrument('police', 'police', 'means', rung=3, key='police')\n"
        "table.TABLE = (*table.TABLE, more)\n"
        "import sim.model.moscow.instruments"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "LookupError: the instrument police of sim/instruments.py needs" in done.stderr


class Read:
    """Stands in for `Parameters` and notes the path of every number that is read."""

    def __init__(self, paths, prefix=""):
        self.paths, self.prefix = paths, prefix

    def __getattr__(self, name):
        path = f"{self.prefix}{name}"
        if path not in catalogue():
            return Read(self.paths, f"{path}.")
        self.paths.add(path)
        return catalogue()[path].default


@pytest.mark.parametrize("rung", RESCUE_LADDER, ids=lambda rung: rung.name)
def test_what_a_class_of_help_reads_is_what_its_entry_lists(rung):
    read = set()
    rung.gain(Read(read)), rung.price(Read(read)), rung.cost(Read(read))
    elsewhere = {
        "moscow.first_deployment_price", "alliance.precedent_relief",  # of the alliance's first time
        "moscow.recognition",  # of a disputed vote, which Moscow reckons for itself
    }  # fmt: skip
    listed = BY_NAME[rung.name].own_parameters
    assert read == set(listed) - elsewhere
    assert set(listed) <= set(OUTCOMES[f"used_{rung.name}"].parameterised_by) <= set(catalogue())


def test_what_rules_of_end_states_read_is_there():
    assert {name for read in RULES_READ.values() for name in read} <= set(OUTCOMES)


def test_files_may_name_the_outcomes_of_the_package(own):
    sim.outcome(label="mine")(lambda_free)
    text = str(thesis_schema())
    assert all(f"'{name}'" in text for name in package_outcomes())
    assert "'lambda_free'" not in text


def lambda_free(past):
    """Nothing."""
    return past.months


def test_the_key_outcomes_are_those_that_tables_show(own):
    before = list(key_outcomes())
    sim.outcome(label="months")(lambda_free)
    assert list(key_outcomes()) == [*before, "lambda_free"]
    assert list(key_outcomes(own=False)) == before
    assert registry.themes()["own"] == ["lambda_free"]


def test_an_own_outcome_may_be_defined_again_but_not_in_place_of_the_packages(own):
    sim.outcome(label="one")(lambda_free)
    sim.outcome(label="two")(lambda_free)
    assert OUTCOMES["lambda_free"].label == "two"
    for name in ("falls", "replicate", "two words", "end_state"):
        with pytest.raises(OutcomeError, match="name"):
            sim.outcome(name=name)(lambda_free)
    registry.remove_outcome("lambda_free")
    assert "lambda_free" not in OUTCOMES
    with pytest.raises(OutcomeError, match="stays"):
        registry.remove_outcome("falls")


def test_an_own_outcome_that_fails_says_which(own):
    @sim.outcome()
    def broken(past):
        return past.series["moods"]

    with pytest.raises(OutcomeError, match="outcome broken: KeyError: 'moods'"):
        OUTCOMES["broken"].value(past())
    assert OUTCOMES["broken"].label == "broken"

    @sim.outcome()
    def nothing(past):
        del past

    with pytest.raises(OutcomeError, match="outcome nothing: TypeError"):
        OUTCOMES["nothing"].value(past())


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (lambda past: len(past.falls("streets", ("KGZ",))), "no way to fall 'streets'; did you mean street?"),
        (lambda past: len(past.falls("street", ("KGZZ",))), "no state 'KGZZ'; did you mean KGZ?"),
        (lambda past: past.count("fal"), "no kind of event 'fal'; did you mean fall?"),
        (lambda past: past.count("fall", "streets"), "no detail of fall 'streets'; did you mean street?"),
        (lambda past: past.count("fall", targets=("KGZZ",)), "no target 'KGZZ'; did you mean KGZ?"),
        (lambda past: past.count("fall", targets=("Kyrgyzstan",)), "did you mean KGZ?"),
        (lambda past: past.count("instrument", actors=["RUSS"]), "no actor 'RUSS'; did you mean RUS?"),
        (lambda past: len(past.challenged(("kgz",))), "no state 'kgz'; did you mean KGZ?"),
        (lambda past: past.path("alignmen", "KGZ")[0], "'alignmen'; did you mean alignment?"),
        (lambda past: past.path("alignment", "KGX")[0], "no state 'KGX'; did you mean KGZ?"),
        (lambda past: past.of_region("alignmen").sum(), "'alignmen'; did you mean alignment?"),
        (lambda past: len(past.members_at_end("CTSO")), "no organisation 'CTSO'; did you mean CSTO?"),
        (lambda past: len(past.frame("event")), "no part of a run 'event'; did you mean events?"),
        (lambda past: past.preceded(past.events[0], ["elections"], 3), "did you mean election?"),
    ],
)
def test_an_own_outcome_that_names_what_is_not_there_does_not_count_nothing(own, compute, message):
    sim.outcome(name="asks")(compute)
    with pytest.raises(OutcomeError, match=re.escape(message)) as raised:
        OUTCOMES["asks"].value(past(event(1, "challenge", "KGZ")))
    assert str(raised.value).startswith("outcome asks: no ")


def test_an_own_outcome_counts_what_is_there_and_what_might_have_been(own):
    seen = past(event(1, "challenge", "KGZ"), event(3, "fall", "KGZ", "street"))
    for compute, expected in (
        (lambda history: len(history.falls("street", history.region)), 1),
        (lambda history: history.count("fall", "street", targets="KGZ"), 1),  # one name counts as a list
        (lambda history: history.count("fall", "elite", targets=("GEO",)), 0),
        (lambda history: history.count("membership", targets=("EAEU",)), 0),
        (lambda history: history.count("territory", targets=("Abkhazia",)), 0),
        (lambda history: history.count("campaign", actors=("West",)), 0),
        (lambda history: history.count("clash", "anywhere"), 0),  # nobody can list these
    ):
        sim.outcome(name="asks")(compute)
        assert OUTCOMES["asks"].value(seen) == expected


def test_workers_compute_none_of_the_users(own):
    sim.outcome()(lambda_free)
    assert list(measure(past())) == list(package_outcomes())


def test_a_wrong_name_is_told_with_the_nearest():
    with pytest.raises(OutcomeError, match="no outcome 'influense_change'; did you mean influence_change"):
        find_outcome("influense_change")
    with pytest.raises(SimError, match="outcomes takes names, or functions of a run's history, not None"):
        chosen_outcomes([None])
    with pytest.raises(OutcomeError, match="no outcome 'None'"):
        find_outcome(None)
    assert chosen_outcomes("wars") == chosen_outcomes(["wars"]) == ("wars",)


def test_functions_may_be_given_in_place_of_names(own):
    assert chosen_outcomes(["wars", lambda_free]) == ("wars", "lambda_free")
    assert chosen_outcomes([lambda_free]) == ("lambda_free",)


# -- the key of a definition -----------------------------------------------------------------------

LIMIT = 0.1


def above(values):
    return (values > LIMIT).sum()


def crowded(past):
    """Months with a crowd."""
    return above(past.series["participation"].max(axis=1))


def key_of(text: str, name: str = "crowded", **known) -> str:
    """Return the key of a function in a module of its own."""
    space = {"__name__": "somewhere", **known}
    file = f"/somewhere/{abs(hash(text))}.py"
    import linecache  # noqa: PLC0415 - as a notebook does

    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), space)
    return definition_key(space[name])


WRITTEN = '''
LIMIT = 0.1

def above(values):
    return (values > LIMIT).sum()

def crowded(past):
    """Months with a crowd."""
    # in any state
    return above(past.series["participation"].max(axis=1))
'''


def test_words_and_comments_do_not_change_a_definition_and_all_else_does():
    key = key_of(WRITTEN)
    assert key
    assert key_of(WRITTEN.replace("Months with a crowd.", "Other words.").replace("in any", "of no")) == key
    assert key_of(WRITTEN.replace("def crowded(past):", "def crowded(past: object) -> float:")) == key
    assert key_of(WRITTEN + "\n\ndef other():\n    return 1\n") == key
    for before, after in (("LIMIT = 0.1", "LIMIT = 0.2"), (".sum()", ".mean()"), ("axis=1", "axis=0")):
        assert key_of(WRITTEN.replace(before, after)) != key, after


def test_what_a_closure_holds_and_what_is_bound_belong_to_a_definition():
    def counting(kind):
        def counted(past):
            return past.count(kind)

        return counted

    keys = {definition_key(counting(kind)) for kind in ("war", "clash", "war")}
    assert len(keys) == 2
    assert len({definition_key(partial(above, values)) for values in (1, 2)}) == 2


def test_a_method_of_the_history_belongs_to_the_definitions_that_use_it(monkeypatch):
    before = {name: definition_key(OUTCOMES[name].compute) for name in ("street_falls", "alignment_end")}

    def falls(self, how, states):
        return self.of("fall", how, targets=states)[1:]

    monkeypatch.setattr(RunHistory, "falls", falls)
    assert definition_key(OUTCOMES["street_falls"].compute) != before["street_falls"]
    assert definition_key(OUTCOMES["alignment_end"].compute) == before["alignment_end"]


def test_what_cannot_be_described_is_not_kept():
    key = key_of("def crowded(past):\n    return next(STREAM)\n", STREAM=(i for i in range(3)))
    assert key == ""


def test_every_outcome_has_a_key_of_its_own():
    keys = definition_keys(OUTCOMES)
    assert all(keys.values())
    assert len(set(keys.values())) == len(keys)


def test_a_function_typed_at_a_prompt_has_a_key_too():
    space = {"__name__": "__main__"}
    exec("def crowded(past):\n    return 1\ndef other(past):\n    return 2\n", space)
    assert definition_key(space["crowded"]) not in ("", definition_key(space["other"]))


# -- what a function sees --------------------------------------------------------------------------


def test_a_history_counts_in_one_place():
    seen = past(
        event(1, "challenge", "KGZ"),
        event(2, "instrument", "KGZ", "loan"),
        event(3, "fall", "KGZ", "street"),
        event(5, "challenge", "EST"),
    )
    assert seen.region == ("GEO", "KGZ")
    assert seen.baltic == ("EST",)
    assert [challenge.help for challenge in seen.challenged(seen.region)] == [["loan"]]
    assert len(seen.falls("street", seen.region)) == 1
    assert seen.members_at_start("CSTO") == seen.members_at_end("CSTO") == {"KGZ"}


def test_a_history_gives_tables():
    seen = past(event(1, "challenge", "KGZ"))
    assert list(seen.frame("alignment")) == ["EST", "GEO", "KGZ"]
    assert seen.frame("alignment").index[[0, -1]].tolist() == ["2010-01", "2011-12"]
    assert seen.frame("moscow")["influence"].iloc[0] == 0
    assert list(seen.frame("territories")) == ["Abkhazia", "Karabakh"]
    assert seen.frame("events")["kind"].tolist() == ["challenge"]
    assert seen.path("alignment", "KGZ").shape == (24,)
    with pytest.raises(KeyError):
        seen.frame("moods")


def test_names_and_labels_load_nothing_heavy():
    code = "import sys; from sim.measures import OUTCOMES; print(len(OUTCOMES), 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(package_outcomes())), "False"]


def test_an_outcome_is_registered_without_brackets():
    @sim.outcome
    def rescued_twice(history):
        """Rescues."""
        return 2 * history.count("rescue")

    try:
        entry = sim.measures.OUTCOMES["rescued_twice"]
        assert entry.own
        assert entry.compute is rescued_twice
        assert (entry.label, entry.key) == ("rescued twice", True)
    finally:
        sim.measures.registry.remove_outcome("rescued_twice")
