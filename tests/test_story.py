"""One run's history in plain sentences: every event in full, or what belongs together in one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from test_runs_fakes import event

import sim
from sim.cli.main import main
from sim.experiment.results import ResultsError
from sim.explain.one_run import OneRun, from_results, run_replicate
from sim.explain.sentences import narrated, sentence
from sim.explain.story import answers, concerning, ending, story, tell
from sim.explain.words import ENDINGS, RESPONSES, TRIGGERS, percent, triggers
from sim.instruments import BY_NAME
from sim.measures.end_state import end_state
from sim.model import events as declared
from sim.model.events import EVENT_KINDS
from sim.model.facts import FACTS
from sim.model.trace import Challenge
from sim.parameters import Parameters
from sim.scenario import Scenario, load
from sim.scenario.states import STATE_NAMES
from sim.world.places import CLASH_MONTHS

SCENARIO = Scenario.build("one", years=8, citizens=200, start="2014-01")
MARCH = 2  # ticks since January 2014


def made(kind, target="KGZ", detail="", *, actor="RUS", value=0.5, tick=MARCH, **facts):
    """Return an event with every fact that its kind always carries: a half, unless given."""
    blank = {name: "" if FACTS[name].is_word else 0.5 for name in EVENT_KINDS[kind].required}
    return event(tick, kind, target, detail, actor, value=value, facts=blank | facts)


def one_run(*events, challenges=()):
    return OneRun(SCENARIO, 0, list(events), list(challenges), {}, Parameters(), {})


def lines_of(*events, challenges=(), full=False):
    return story(one_run(*events, challenges=challenges), full=full)


@pytest.fixture(scope="module")
def lived():
    return run_replicate(SCENARIO, 0)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (
            made(
                "challenge", detail="election and shock", value=0.12, legitimacy=0.4, spark=0.2,
                resources=0.3,
            ),
            "A mass challenge to the regime opens in Kyrgyzstan after an election and a shock, 12% of "
            "citizens in open opposition (legitimacy 0.40, spark 0.20, movement's resources 0.30).",
        ),
        (
            made("challenge_ended", detail="ebbed", value=0.3, weeks=1),
            "The challenge in Kyrgyzstan ebbs away after a peak of 30% of citizens (after 1 week).",
        ),
        (
            made("response", "BLR", "repress", actor="BLR", loyalty=0.7, rents=0.1),
            "The regime of Belarus answers with repression (loyalty 0.70, rents 0.10).",
        ),
        (
            made("instrument", detail="csto_deployment", saved=0.25),
            "Moscow sends troops of the CSTO to Kyrgyzstan (expected to lower the risk of a fall by 25%).",
        ),
        (
            made("instrument", "Narva", "separatism", restoration=0.3, free_capacity=1.0),
            "Moscow backs separatists in Narva (weight on restoration 0.30, free capacity 1.00).",
        ),
        (
            made("instrument", "ARM-AZE", "mediation", restoration=0.3, free_capacity=1.0),
            "Moscow steps in between Armenia and Azerbaijan (weight on restoration 0.30, free capacity "
            "1.00).",
        ),
        (
            made("realignment", "ARM", "away", actor="West"),
            "Armenia realigns away from Moscow, to the gain of the West (alignment 0.50, line 0.50, public "
            "attitude 0.50, Moscow's free capacity 0.50).",
        ),
        (
            made("membership", "CSTO", "left", actor="ARM", value=0.1, cause="wary", trust=0.2),
            "Armenia leaves the CSTO (trust 0.20, alignment 0.10).",
        ),
        (
            made("clash", "TJK", "border", actor="KGZ", value=0.01),
            f"Kyrgyzstan and Tajikistan clash (hazard 0.0100 a month, again in {CLASH_MONTHS} months at the "
            "earliest; free capacity 0.50, garrisons 0.5 and 0.5 thousand, arms built up to 0.50).",
        ),
        (
            made("garrison", "ARM", "withdrawn", value=0.95, cause="front"),
            "Russian troops leave Armenia, 0.95 thousand are left (recalled to the front).",
        ),
        (
            made("garrison", "AZE", "placed", value=2.0, cause="mediation"),
            "2.00 thousand Russian troops enter Azerbaijan (peacekeepers).",
        ),
        (
            made("territory", "Abkhazia", "integrated", cause="war"),
            "Abkhazia is integrated by Moscow (taken in war).",
        ),
        (
            made("territory", "Abkhazia", "lost", cause="scenario"),
            "Abkhazia is taken back by its host (set by the scenario).",
        ),
        (
            made("succession", "KAZ", "death", tenure=1.2, age=53.3, cause="drawn"),
            "The leader of Kazakhstan dies in office (after 1 year in office, age 53).",
        ),
        (
            made("succession", "KAZ", "death", tenure=1.2, age=53.3, cause="scenario"),
            "The leader of Kazakhstan leaves office (set by the scenario).",
        ),
        (
            made("election", "TJK", "parliamentary", cause="calendar"),
            "In Tajikistan, a parliamentary election is held.",
        ),
        (
            made("election", "TJK", "turnover", cause="scenario", chance=0.01),
            "In Tajikistan, the incumbent side loses an election (set by the scenario).",
        ),
        (
            made("war", "UKR", "started", cause="scenario", scale="full"),
            "Moscow goes to war in Ukraine (full: set by the scenario).",
        ),
        (
            made("war", "UKR", "ended", cause="drawn", months=MARCH),
            "Moscow ends its war in Ukraine (after 2 months).",
        ),
        (  # it was going on before the first month: months of it are counted from the run's start
            made("war", "UKR", "ended", cause="drawn", months=MARCH + 1),
            "Moscow ends its war in Ukraine (after 3 months of the run).",
        ),
        (
            made("fall", detail="street", cause="resignation", participation=0.3, weeks=1),
            "The incumbent of Kyrgyzstan falls to the street (30% in open opposition in its first week; the "
            "leader resigned).",
        ),
        (
            made("purge", detail="security_help", value=0.6),
            "The rescued regime of Kyrgyzstan purges its rivals (rescued by help for the security services; "
            "elite cohesion now 0.60).",
        ),
    ],
)  # fmt: skip
def test_sentences(given, text):
    assert sentence(given, "2014-03", {}) == f"March 2014. {text}"


def test_shares_of_citizens_are_rounded_halves_up_as_shares_of_runs_are():
    assert [percent(share) for share in (0.125, 0.625, 0.005, 0.0001, 0.0)] == [
        "13%", "63%", "0.5%", "under 0.1%", "0%",
    ]  # fmt: skip


def test_a_real_war_that_was_going_on_at_the_start_is_told_in_months_of_the_run():
    ended = load("baseline", ["years=1", "citizens=60", "parameters.war.full_end=1"])
    assert "February 2025. Moscow ends its war in Ukraine (after 2 months of the run)." in story(
        run_replicate(ended, 0)
    )


def test_the_scenarios_own_events_are_told_in_words():
    barred = {"name": "home", "at": "2014-03", "event": "abstain", "instruments": ["csto_deployment"],
              "states": ["KAZ", "KGZ"], "months": 6}  # fmt: skip
    run = OneRun(SCENARIO.with_event(barred), 0, [], [], {}, Parameters(), {})
    assert run.sentence(made("timeline", "", "home", entry="abstain")) == (
        "March 2014. As the scenario sets it: home (Moscow does not use troops of the CSTO in Kazakhstan or "
        "Kyrgyzstan for 6 months)."
    )


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_every_code_of_every_kind_has_a_sentence(kind):
    for detail in EVENT_KINDS[kind].details or ("Karabakh",):
        text = narrated(made(kind, detail=detail, actor="elites" if kind == "defection" else "RUS"))
        assert text
        assert not re.search(r"KGZ|RUS|_|\{", text)


def test_every_code_has_words():
    assert set(TRIGGERS) == set(declared.TRIGGERS)
    assert set(RESPONSES) == set(EVENT_KINDS["response"].details)
    assert set(ENDINGS) == set(EVENT_KINDS["challenge_ended"].details)
    assert set(BY_NAME) == set(EVENT_KINDS["instrument"].details)
    assert triggers(f"election{declared.AND}succession{declared.AND}shock") == (
        "an election, a succession and a shock"
    )


def test_a_full_story_has_every_event_and_a_short_one_fewer(lived):
    full, short = story(lived, full=True), story(lived)
    assert len(full) == len(lived.events) + len(ending(lived))
    assert len(short) < 0.6 * len(full)
    assert short == story(lived)
    assert [line.split(". ")[0].split()[1] for line in full] == [
        *(lived.month(e.tick)[:4] for e in lived.events), "2021"
    ]  # fmt: skip


def test_a_story_closes_with_the_end_state_and_why_unless_only_some_states_are_told(lived):
    end = end_state(lived.outcomes)
    closing = f"December 2021. The run ends here, and its end state is {end.name} (over the whole run: "
    for full in (False, True):
        assert story(lived, full=full)[-1] == f"{closing}{end.reason})."
    assert not any("end state" in line for line in story(lived, states=["KGZ", "UKR"]))
    assert ending(one_run()) == []


def test_no_code_and_nothing_said_twice_is_left_in_a_real_story(lived):
    for line in story(lived) + story(lived, full=True):
        assert not re.search(r"\b(" + "|".join(STATE_NAMES) + r")\b|_|\bnan\b|\(due\)|\(\)|  ", line), line


def test_a_story_of_some_states_is_what_concerns_them_in_the_same_words(lived):
    whole = story(lived)
    for code, name in STATE_NAMES.items():
        if code in lived.states:
            own = story(lived, states=[code])
            assert set(own) <= set(whole)
            assert {line for line in whole if name in line} <= set(own), name
    assert 0 < len(story(lived, states=["KGZ"])) < len(whole)
    assert len(story(lived, full=True, states=["KGZ"])) == len(concerning(lived, ["KGZ"]))


def test_what_befalls_a_states_territory_and_its_pairs_concerns_it():
    events = [
        made("instrument", "Transnistria", "passports"),
        made("instrument", "ARM-AZE", "mediation"),
        made("clash", "TJK", actor="KGZ"),
        made("moscow_leader", "RUS"),
    ]
    run = one_run(*events)
    for state, own in (("MDA", [0]), ("AZE", [1]), ("ARM", [1]), ("TJK", [2]), ("GEO", [])):
        assert concerning(run, [state]) == [events[place] for place in own]
    assert concerning(run, ["MDA", "KGZ"]) == [events[0], events[2]]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--story", "--state", "kyrgyzstan"], 0, "Kyrgyzstan"),
        (["--story", "--state", "Kyrgystan"], 2, "did you mean KGZ (Kyrgyzstan)?"),
        (["--state", "KGZ"], 2, "--state needs --story: add it"),
        (["--story", "--state", "EST", "--set", "years=1"], 0, "of this run concerns Estonia"),
    ],
)
def test_a_story_is_asked_of_one_state(words, code, told):
    done = CliRunner().invoke(main, ["show", "baseline", "--set", "citizens=60", *words])
    assert done.exit_code == code, done.output
    assert told in done.output
    assert "Ukraine" not in (done.stdout if not code else "")


def test_a_stored_story_and_one_run_anew_are_the_same(lived, tmp_path):
    results = sim.run(SCENARIO.replace(runs=1), out=tmp_path / "results", workers=1)
    stored = from_results(results, None, 0)
    assert list(map(str, stored.events)) == list(map(str, lived.events))  # NaN equals itself as text
    assert stored.challenges == lived.challenges
    assert story(stored) == story(lived)
    with pytest.raises(ResultsError, match="has no replicate 99 of one"):
        from_results(results, None, 99)
    assert results.sentences().tolist() == story(lived, full=True)[:-1]
    row = results.outcomes.iloc[0]
    assert f" {row['end_state']} (over the whole run: {row['end_state_reason']})." in story(stored)[-1]
    falls = results.events.query("kind == 'fall'")
    assert results.sentences(falls).index.equals(falls.index)
    assert all("falls to the" in line for line in results.sentences(falls))


def test_what_belongs_together_is_one_sentence():
    moldova = {"target": "MDA", "challenge": 0}
    answers_given = [("repress", 2), ("repress", 3), ("concede", 4)]
    lines = lines_of(
        made("challenge", detail="election", actor="movement", value=0.2, legitimacy=0.4, **moldova),
        *(made("response", detail=name, actor="MDA", tick=tick, **moldova) for name, tick in answers_given),
        made("challenge_ended", detail="conceded", actor="MDA", value=0.3, tick=4, weeks=9, **moldova),
        challenges=[Challenge(0, "MDA", 2, "election", answers=["repress"] * 7 + ["concede"] * 2)],
    )
    assert lines == [
        "March 2014. A mass challenge to the regime opens in Moldova after an election, 20% of citizens in "
        "open opposition (legitimacy 0.40, spark 0.50, movement's resources 0.50).",
        "May 2014. The challenge in Moldova ends in concessions after 9 weeks and a peak of 30% of citizens; "
        "the regime answered with repression (7 weeks) and made concessions (2 weeks).",
    ]


def test_a_challenge_that_is_over_within_its_month_is_one_sentence():
    lines = lines_of(
        made("flare", detail="shock", actor="movement", value=0.2, challenge=0),
        made("response", detail="repress", actor="KGZ", challenge=0),
        made("challenge_ended", detail="repressed", actor="KGZ", value=0.3, weeks=2, challenge=0),
        challenges=[Challenge(0, "KGZ", 0, "shock", answers=["repress"] * 2, flares=[2])],
    )
    (line,) = lines
    assert line.endswith("; the regime answers with repression, and it is repressed after 2 weeks.")


def test_a_fall_is_told_with_its_defection_and_successor():
    lines = lines_of(
        made("challenge", actor="movement", detail="shock", challenge=0),
        made("response", detail="repress", actor="KGZ", challenge=0),
        made("defection", actor="security services", loyalty=0.4, challenge=0),
        made("fall", detail="street", actor="street", cause="services turned", participation=0.2, weeks=2,
             challenge=0),
        made("successor", detail="anti", actor="KGZ", value=-0.4, cause="street", attitude=0.1,
             programme=-0.2, weight=0.7, old_line=0.6, dependence=0.7, challenge=0),
        made("challenge_ended", detail="fall", actor="KGZ", value=0.2, weeks=2, challenge=0),
        challenges=[Challenge(0, "KGZ", 2, "shock", answers=["repress"] * 2)],
    )  # fmt: skip
    assert lines[1:] == [
        "March 2014. The security services of Kyrgyzstan turn on the regime (elite cohesion 0.50, loyalty "
        "0.40), and the incumbent falls to the street (20% in open opposition in the last of 2 weeks); "
        "the successor is against Moscow, seeking -0.40 (the crowd's attitude to Moscow 0.10, its programme "
        "-0.20 with weight 0.70, the old line 0.60, dependence 0.70)."
    ]


def test_everyday_votes_are_left_out_and_changes_of_power_are_not():
    held = made("election", "EST", "held", cause="calendar", chance=0.4)
    lost = made("election", "LVA", "turnover", cause="calendar", chance=0.3)
    winner = made("successor", "LVA", "anti", value=-0.5, cause="election", attitude=-0.2)
    assert lines_of(held, lost, winner) == [
        "March 2014. In Latvia, the incumbent side loses an election, and the winner is against Moscow, "
        "seeking -0.50 (chance of losing 30%; public attitude -0.20)."
    ]
    assert len(lines_of(held, lost, winner, full=True)) == 3


def test_a_call_and_its_refusal_are_one_sentence():
    call = made("request", "RUS", actor="ARM", value=0.14, challenge=0)
    refusal = made("refusal", "ARM", value=0.15, attention_left=2.6, challenge=0)
    opened = made("challenge", "ARM", "shock", challenge=0)
    run = one_run(opened, call, refusal, challenges=[Challenge(0, "ARM", 2, "shock")])
    again = [replace(event) for event in (call, refusal)]
    (line,) = tell(run, [call, refusal, *again])
    assert line.startswith(
        "March 2014. Armenia asks Moscow for help, and Moscow leaves the call unanswered (worth 0.15; "
        "attention left 2.6"
    )


def test_an_elites_own_move_ends_a_challenge_without_being_part_of_it():
    run = one_run(
        made("challenge", detail="shock", challenge=0),
        made("response", detail="repress", actor="KGZ", challenge=0),
        made("defection", actor="elites", dual_power=0, lame_duck=0),
        made("fall", detail="elite", actor="elite", cause="palace coup", dual_power=0, lame_duck=0),
        made("successor", detail="pro", actor="KGZ", cause="elite"),
        made("challenge_ended", detail="overtaken", actor="KGZ", challenge=0, weeks=1),
        challenges=[Challenge(0, "KGZ", 2, "shock", answers=["repress"])],
    )
    (rise,) = run.rises
    assert [one.kind for one in rise.events] == ["challenge", "response", "challenge_ended"]
    assert (len(rise.months), rise.renewed, rise.ended.detail) == (1, False, "overtaken")
    assert any(line.endswith("is overtaken by a change of power after 1 week.") for line in story(run))


def test_every_rise_of_a_real_run_is_whole(lived):
    kinds = [one.kind for one in lived.events]
    assert sum(rise.ended is not None for rise in lived.rises) == kinds.count("challenge_ended")
    assert sum(not rise.renewed for rise in lived.rises) == kinds.count("challenge")
    assert sum(rise.renewed for rise in lived.rises) == kinds.count("flare")
    assert all(answers(rise) for rise in lived.rises)
    for challenge in lived.challenges:
        own = [rise for rise in lived.rises if rise.opened.facts["challenge"] == challenge.number]
        assert [response for rise in own for response in rise.answers] == challenge.answers
        assert {rise.state for rise in own} == {challenge.state}
        assert [rise.months[0] for rise in own] == [challenge.start, *challenge.flares]


def test_percentages_say_something_however_small():
    assert [percent(x) for x in (0.163, 0.004, 0.0001, 0.0)] == ["16%", "0.4%", "under 0.1%", "0%"]
