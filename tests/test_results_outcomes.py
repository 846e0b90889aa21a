"""Outcomes of hand-made histories, each counted by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from test_runs_fakes import WORLD, event, history, recorded

from sim.instruments import INSTRUMENTS
from sim.measures import OUTCOMES, STATE_OUTCOMES, measure
from sim.measures.history import RunHistory
from sim.measures.outcomes_of_challenges import rate_after_falls, rate_after_falls_elsewhere
from sim.model.events import EVENT_KINDS


def values(events=(), months=24, **series):
    past = history(months, list(events))
    for name, numbers in series.items():
        where = past.series if name in past.series else past.moscow
        where[name] = np.asarray(numbers, np.float32)
    return measure(RunHistory(past, WORLD))


def test_every_outcome_is_defined_and_in_order():
    assert list(values()) == list(OUTCOMES)
    assert all(outcome.definition and outcome.unit and outcome.label for outcome in OUTCOMES.values())
    assert set(INSTRUMENTS) == {name.removeprefix("used_") for name in OUTCOMES if name.startswith("used_")}


def test_an_uneventful_run():
    quiet = values()
    undefined = {name for name, value in quiet.items() if math.isnan(value)}
    assert undefined == {
        "success_ratio",
        "falls_near_election",
        "contagion_ratio",
        "defection_before_fall",
        "top_state_share",
        "challenges_near_election",
        "emulation_ratio",
        "unanswered_share",
        "successors_anti_share",
        "instrument_variety",
        "campaigns_clan_share",
        "clients_unhelped",
        "clients_unhelped_at_war",
        "client_success_ratio",
    }
    assert quiet["months_to_first_fall"] == 24
    levels = {value for name, value in quiet.items() if name not in undefined}
    assert levels == {0.0, 1.0, 24.0}  # one territory is integrated throughout


def test_challenges_and_falls_are_the_regions():
    got = values(
        [
            event(1, "challenge", "KGZ"),
            event(3, "challenge", "KGZ"),
            event(3, "fall", "KGZ", "street"),
            event(5, "challenge", "GEO"),
            event(6, "fall", "GEO", "elite"),
            event(7, "challenge", "EST"),
            event(7, "fall", "EST", "street"),
        ]
    )
    assert got["challenges"] == 3
    assert got["challenge_rate"] == pytest.approx(3 / (2 * 2))  # two states, two years
    assert (got["street_falls"], got["elite_falls"], got["falls"]) == (1, 1, 2)
    assert got["fall_rate"] == pytest.approx(1 / 4)
    assert got["success_ratio"] == pytest.approx(1 / 3)
    assert got["months_to_first_fall"] == 3
    assert got["baltic_falls"] == 1
    assert got["top_state_share"] == 1


def test_falls_near_elections_and_after_defections():
    got = values(
        [
            event(0, "election", "GEO", "held"),
            event(4, "defection", "GEO", actor="security services"),
            event(6, "fall", "GEO", "street"),  # 6 months after the vote, 2 after the defection: both count
            event(7, "fall", "KGZ", "street"),  # neither: those were in Georgia
            event(8, "defection", "KGZ", actor="elites"),
            event(12, "fall", "KGZ", "street"),  # 4 months after the defection: too long
            event(12, "election", "KGZ", "held"),  # after the fall
            event(19, "fall", "KGZ", "street"),  # 7 months after the vote: too long
        ]
    )
    assert got["falls_near_election"] == pytest.approx(1 / 4)
    assert got["defection_before_fall"] == pytest.approx(1 / 4)
    assert got["top_state_share"] == pytest.approx(3 / 4)


def test_contagion_ratio_by_hand():
    # The wake of a fall in month 10 is months 11 to 34; of 100 months, 24 + 24 + ... are in a wake.
    assert rate_after_falls([10], 100) == 0  # none in the 24 months after, one in the 76 others
    # Falls at 10 and 20: wake 11-44 (34 months) holds one; the other 66 hold one.
    assert rate_after_falls([10, 20], 100) == pytest.approx((1 / 34) / (1 / 66))
    assert math.isnan(rate_after_falls([], 100))
    assert math.isnan(rate_after_falls([99], 100))  # no month left in which to follow


def test_challenges_near_a_vote_by_hand():
    got = values(
        [
            event(1, "election", "GEO", "parliamentary"),
            event(7, "challenge", "GEO"),  # 6 months after: near
            event(7, "challenge", "KGZ"),  # the vote was in Georgia
            event(8, "succession", "KGZ", "managed"),
            event(8, "challenge", "KGZ"),
            event(15, "challenge", "KGZ"),  # 7 months after
            event(16, "challenge", "EST"),  # not of the region
        ]
    )
    assert got["challenges_near_election"] == pytest.approx(2 / 4)


def test_emulation_ratio_by_hand():
    # Georgia falls in month 4. Kyrgyzstan's months 5-16 are its wake (12 state-months, with the challenges
    # of months 5 and 16); the other 12 of Kyrgyzstan and all 24 of Georgia are not, with 3 challenges.
    begun = [(5, "KGZ"), (16, "KGZ"), (17, "KGZ"), (4, "GEO"), (6, "GEO")]
    falls = [event(4, "fall", "GEO", "street")]
    challenges = [event(tick, "challenge", code) for tick, code in begun]
    openings, fallen = [(code, tick) for tick, code in begun], [("GEO", 4)]
    expected = (2 / 12) / (3 / 36)
    assert rate_after_falls_elsewhere(openings, fallen, ["GEO", "KGZ"], 24) == pytest.approx(expected)
    assert values(sorted([*falls, *challenges], key=lambda e: e.tick))["emulation_ratio"] == pytest.approx(
        expected
    )
    assert math.isnan(rate_after_falls_elsewhere(openings, [], ["GEO", "KGZ"], 24))
    assert math.isnan(rate_after_falls_elsewhere(openings[:2], fallen, ["GEO", "KGZ"], 24))


def test_clients_left_alone_by_hand():
    alignment = np.zeros((24, 3))
    alignment[:, 2] = 0.5  # Kyrgyzstan is a client until month 20
    alignment[20:, 2] = 0.0
    alignment[:, 1] = 0.2  # Georgia is not
    got = values(
        [
            event(2, "challenge", "KGZ"),
            event(3, "instrument", "KGZ", "loan"),
            event(3, "fall", "KGZ", "street"),
            event(5, "challenge", "GEO"),
            event(6, "challenge", "KGZ"),
            event(7, "instrument", "GEO", "loan"),
            event(9, "instrument", "KGZ", "economic_integration"),  # no help to a challenged regime
            event(12, "challenge", "KGZ"),
            event(13, "flare", "KGZ"),
            event(13, "instrument", "KGZ", "political_support"),  # in a flare-up of the same
            event(15, "challenge", "KGZ"),
            event(16, "fall", "KGZ", "elite"),
            event(21, "challenge", "KGZ"),  # no client any more
        ],
        alignment=alignment,
        war_load=np.arange(24) >= 12,
    )
    assert got["clients_unhelped"] == pytest.approx(2 / 4)
    assert got["clients_unhelped_at_war"] == pytest.approx(1 / 2)
    assert got["client_success_ratio"] == pytest.approx(1 / 4)


def test_successors_are_those_who_follow_a_fall():
    got = values(
        [
            event(2, "fall", "KGZ", "street"),
            event(2, "successor", "KGZ", "anti"),
            event(5, "fall", "GEO", "elite"),
            event(6, "successor", "GEO", "pro"),
            event(9, "election", "GEO", "turnover"),
            event(9, "successor", "GEO", "neutral"),  # elected, not after a fall
            event(9, "fall", "EST", "street"),
            event(9, "successor", "EST", "anti"),  # not of the region
        ]
    )
    assert [got[f"successors_{name}"] for name in ("anti", "neutral", "pro")] == [1, 0, 1]
    assert got["turnovers"] == 1
    assert got["successors_anti_share"] == pytest.approx(1 / 2)


def test_acts_of_moscow():
    used = [event(1, "instrument", "KGZ", name) for name in INSTRUMENTS]
    got = values(
        [
            *used,
            event(2, "instrument", "KGZ", "loan"),
            *[event(3, "request", "RUS", actor="KGZ")] * 4,
            event(3, "refusal", "KGZ"),
        ]
    )
    assert {name: got[f"used_{name}"] for name in INSTRUMENTS} == dict.fromkeys(INSTRUMENTS, 1) | {"loan": 2}
    assert (got["requests"], got["refusals"], got["unanswered_share"]) == (4, 1, 0.25)


def test_variety_is_the_chance_that_two_helped_challenges_differ():
    def helped(tick, state, *instruments):
        return [event(tick, "challenge", state), *[event(tick, "instrument", state, n) for n in instruments]]

    cases = [
        *helped(1, "KGZ", "political_support", "loan"),  # strongest: a loan
        *helped(5, "KGZ", "loan"),
        *helped(6, "GEO"),  # no help: no case
        *helped(9, "KGZ", "csto_deployment", "political_support"),
    ]
    loans, troops = 2, 1
    assert values(cases)["instrument_variety"] == pytest.approx(2 * loans * troops / (3 * 2))
    assert values(cases[:5])["instrument_variety"] == 0  # two loans
    assert math.isnan(values(cases[:3])["instrument_variety"])
    passports = event(2, "instrument", "KGZ", "passports")
    assert math.isnan(values([*cases[:3], passports])["instrument_variety"])  # no help to a regime


def test_campaigns_are_told_by_the_kind_of_opposition():
    got = values([event(1, "campaign", code, actor="West") for code in ("GEO", "KGZ", "GEO", "EST")])
    assert (got["campaigns"], got["campaigns_clan_share"]) == (4, 1 / 4)


def test_the_challenge_rate_of_members_counts_their_time_as_members():
    got = values(
        [
            event(2, "challenge", "KGZ"),
            event(3, "challenge", "GEO"),  # not yet a member
            event(5, "membership", "CSTO", "joined", actor="GEO"),
            event(7, "challenge", "GEO"),
            event(11, "membership", "CSTO", "left", actor="KGZ"),
            event(12, "challenge", "KGZ"),  # no longer one
            event(13, "membership", "EAEU", "left", actor="GEO"),
        ]
    )
    assert got["member_challenge_rate"] == pytest.approx(2 / ((12 + 18) / 12))  # of 24 months
    left = [event(3, "membership", "CSTO", "left", actor="KGZ")]
    assert values(left)["member_challenge_rate"] == 0
    before = [event(-1, "membership", "CSTO", "left", actor="KGZ")]  # as if it had left before the start
    assert math.isnan(values(before)["member_challenge_rate"])


def test_means_of_moscows_series():
    got = values(money_free=np.linspace(2, 4, 24), standing=np.r_[np.full(12, 1.0), np.full(12, 0.5)])
    assert got["money_free_mean"] == pytest.approx(3)
    assert got["standing_mean"] == pytest.approx(0.75)


def test_realignments_and_memberships():
    got = values(
        [
            event(1, "realignment", "KGZ", "away", actor="China"),
            event(2, "realignment", "GEO", "away", actor="West"),
            event(3, "realignment", "GEO", "away", actor="GEO"),
            event(4, "realignment", "GEO", "toward", actor="RUS"),
            event(5, "membership", "CSTO", "left", actor="KGZ"),
            event(5, "membership", "CIS", "left", actor="GEO"),
            event(5, "membership", "NATO", "left", actor="GEO"),
            event(5, "membership", "EAEU", "joined", actor="GEO"),
        ]
    )
    assert (got["realignments_away"], got["realignments_toward"]) == (3, 1)
    assert (got["realignments_to_west"], got["realignments_to_rivals"]) == (1, 1)
    assert (got["csto_exits"], got["memberships_left"]) == (1, 2)


def test_months_at_war_count_ledger_and_load_once():
    load = np.zeros(24)
    load[0:3] = 0.4
    got = values(
        [
            event(2, "war", "GEO", "started"),
            event(5, "war", "GEO", "ended"),
            event(20, "war", "UKR", "started"),
        ],
        war_load=load,
    )
    assert (got["wars"], got["wars_elsewhere"]) == (2, 1)
    assert got["war_months"] == 2 + 3 + 4  # load alone, Georgia, and from 20 to the end


@pytest.mark.parametrize(("state", "elsewhere"), [("GEO", 1), ("UKR", 0)])
def test_a_war_in_ukraine_is_none_elsewhere(state, elsewhere):
    got = values([event(2, "war", state, "started")])
    assert (got["wars"], got["wars_elsewhere"]) == (1, elsewhere)


def test_territories_and_clashes():
    got = values(
        [
            event(1, "territory", "Abkhazia", "integrated"),
            event(2, "territory", "Karabakh", "lost"),
            event(2, "territory", "Crimea", "arose"),
            event(2, "territory", "Crimea", "upgraded"),
            event(3, "clash", "TJK", actor="KGZ"),
        ]
    )
    assert (got["integrated"], got["lost"], got["arose"], got["clashes"]) == (1, 1, 1, 1)


def test_what_becomes_of_a_states_own_territories():
    past = history(
        24,
        [
            event(1, "territory", "Abkhazia", "integrated", actor="GEO"),
            event(2, "territory", "Karabakh", "lost", actor="AZE"),
            event(3, "territory", "Adjara", "arose", actor="GEO"),
            event(4, "territory", "Adjara", "lost", actor="GEO"),
            event(5, "territory", "Adjara", "arose", actor="GEO"),
        ],
    )
    past.territories["Adjara"] = np.ones(24, np.int8)
    past.territories["Karabakh"][2:] = 0
    hosts = {"Abkhazia": "GEO", "Adjara": "GEO", "Karabakh": "AZE"}
    records = [SimpleNamespace(name=name, host=host) for name, host in hosts.items()]
    seen = RunHistory(past, SimpleNamespace(**{**vars(WORLD), "territories": records}))
    asked = ("integrated", "returned", "arose", "outside_end")
    of = {
        state: [STATE_OUTCOMES[name].value(seen, state) for name in asked] for state in ("GEO", "AZE", "KGZ")
    }
    assert of == {"GEO": [1, 1, 2, 2], "AZE": [0, 1, 0, 0], "KGZ": [0, 0, 0, 0]}


def test_the_mean_of_integrated_territories_counts_their_months():
    past = history(24, [])
    past.territories["Karabakh"][18:] = 3  # besides Abkhazia, which is integrated throughout
    assert measure(RunHistory(past, WORLD))["integrated_mean"] == pytest.approx(1 + 6 / 24)


def test_levels_leave_the_baltic_states_out():
    start, end = [-0.9, 0.3, 0.5], [-0.9, -0.5, 0.7]
    path = np.linspace(start, end, 24)
    influence = np.linspace(0.1, -0.2, 24)
    got = values(alignment=path, attitude=path, influence=influence, garrison=np.ones((24, 3)))
    assert got["alignment_end"] == pytest.approx(0.1)
    assert got["mean_attitude_end"] == pytest.approx(0.1)
    assert got["attitude_change"] == pytest.approx(0.1 - 0.4)
    assert (got["clients_start"], got["clients_end"]) == (2, 1)
    assert got["influence_end"] == pytest.approx(-0.2)
    assert got["influence_change"] == pytest.approx(-0.3)
    assert got["garrison_end"] == 3


def test_every_event_kind_is_accepted():
    events = [event(1, kind, "GEO", "x", actor="KGZ") for kind in EVENT_KINDS]
    assert list(values(events)) == list(OUTCOMES)


def test_made_up_challenges_end_and_flare_up_as_their_events_say():
    told = [event(3, "challenge"), event(5, "challenge_ended", detail="ebbed"), event(8, "flare")]
    (challenge,) = recorded(told)
    assert challenge.is_open
    assert (challenge.flares, challenge.ends, challenge.endings) == ([8], [5], ["ebbed"])
    (challenge,) = recorded([*told, event(9, "challenge_ended", detail="fall")])
    assert (challenge.is_open, challenge.end, challenge.ending) == (False, 9, "fall")
