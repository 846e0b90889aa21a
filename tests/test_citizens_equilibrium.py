"""The cascade reaches the least fixed point of the rule, whatever the order, and moves the right way."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.citizens import kernels

DEFAULTS = {
    "legitimacy": 0.4, "salience": 0.3, "alignment": 0.5, "congruence_relief": 0.4, "threshold": 0.3,
    "conformity": 0.3, "deterrence": 1.0, "arrest_constant": 2.3, "force": 0.05, "national": 0.7,
    "localities": 5,
}  # fmt: skip


class Crowd:
    """A few citizens drawn at random."""

    def __init__(self, seed, size=60, jailed=0.1):
        rng = np.random.default_rng(seed)
        self.hardship = rng.random(size, dtype=np.float32)
        self.risk_aversion = rng.random(size, dtype=np.float32)
        self.attitude = rng.uniform(-1, 1, size).astype(np.float32)
        self.jail = (rng.random(size) < jailed).astype(np.uint8) * np.uint8(3)

    def motive(self, rule):
        out = np.empty_like(self.hardship)
        kernels.motives(
            self.hardship, self.attitude, rule["legitimacy"], rule["salience"], rule["alignment"],
            rule["congruence_relief"], out,
        )  # fmt: skip
        return out

    def acts(self, **changes):
        """Return who acts at the equilibrium of the shipped kernel."""
        rule = {**DEFAULTS, **changes}
        act = np.zeros(self.hardship.size, dtype=np.uint8)
        share = kernels.cascade(
            self.motive(rule), self.risk_aversion, self.jail, rule["threshold"], rule["conformity"],
            rule["deterrence"], rule["arrest_constant"], rule["force"], rule["national"],
            rule["localities"], act,
        )  # fmt: skip
        assert share == act.sum() / act.size
        return act.astype(bool)


def wants_to_act(crowd, acting, i, rule):
    """Return whether citizen i acts given who else does: formula 1 with 2 of docs/MODEL.md, written anew."""
    size = crowd.hardship.size
    block = next(b for b in blocks(size, rule["localities"]) if i in b)
    local = np.mean([acting[j] for j in block])
    seen = rule["national"] * np.mean(acting) + (1 - rule["national"]) * local
    risk = 1 - np.exp(-rule["arrest_constant"] * rule["force"] / max(seen, 1 / size))
    at_odds = -rule["salience"] * rule["alignment"] * float(crowd.attitude[i])
    felt = at_odds if at_odds > 0 else rule["congruence_relief"] * at_odds
    grievance = float(crowd.hardship[i]) * (1 - rule["legitimacy"]) + felt
    fear = rule["deterrence"] * risk * float(crowd.risk_aversion[i])
    return crowd.jail[i] == 0 and grievance + rule["conformity"] * seen - fear >= rule["threshold"]


def blocks(size, localities):
    """Return the citizens of each locality."""
    edges = [place * size // localities for place in range(localities + 1)]
    return [range(first, last) for first, last in itertools.pairwise(edges)]


@pytest.mark.parametrize("seed", range(30))
def test_asynchronous_updates_in_random_order_reach_the_same_crowd(seed):
    rng = np.random.default_rng(1_000 + seed)
    crowd = Crowd(seed)
    rule = {
        **DEFAULTS, "legitimacy": rng.uniform(0, 0.6), "conformity": rng.uniform(0, 1.5),
        "force": rng.uniform(0, 0.1), "alignment": rng.uniform(-1, 1), "national": rng.random(),
    }  # fmt: skip
    acting = np.zeros(60, dtype=bool)
    changed = True
    while changed:
        changed = False
        for i in rng.permutation(60):
            if not acting[i] and wants_to_act(crowd, acting, i, rule):
                acting[i] = changed = True
    np.testing.assert_array_equal(crowd.acts(**rule), acting)


def test_the_random_crowds_are_neither_all_silent_nor_all_out():
    shares = [Crowd(seed).acts().mean() for seed in range(30)]
    assert min(shares) > 0
    assert max(shares) < 0.9
    assert max(shares) > 0.5
    assert sorted(shares)[10] < 0.2


@pytest.mark.parametrize("seed", range(8))
def test_it_is_the_least_of_all_fixed_points(seed):
    crowd = Crowd(seed, size=9, jailed=0.0)
    rule = {**DEFAULTS, "localities": 3, "conformity": 1.2, "legitimacy": 0.5, "force": 0.01}
    found = crowd.acts(**rule)
    fixed = []
    for acting in itertools.product([False, True], repeat=9):
        if all(wants_to_act(crowd, acting, i, rule) == acting[i] for i in range(9)):
            fixed.append(np.array(acting))
    assert any((found == other).all() for other in fixed)
    assert all((found <= other).all() for other in fixed)


def test_some_crowds_have_more_than_one_fixed_point():
    crowd = Crowd(0)
    crowd.jail[:] = 0
    rule = {**DEFAULTS, "conformity": 1.9, "deterrence": 0.2, "threshold": 0.8, "national": 1.0}
    assert not crowd.acts(**rule).any()
    everyone = np.ones(60, dtype=bool)
    assert all(wants_to_act(crowd, everyone, i, rule) for i in range(60))


SEEDS = st.integers(0, 10_000)
MOVES = {  # a change of the rule, and whether it brings more people out
    "legitimacy": (0.0, 1.0, False),
    "conformity": (0.0, 2.0, True),
    "force": (0.0, 0.5, False),
    "deterrence": (0.0, 5.0, False),
    "threshold": (0.0, 1.0, False),
    "arrest_constant": (0.1, 10.0, False),
}


@pytest.mark.parametrize("name", MOVES)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=SEEDS, data=st.data())
def test_participation_moves_one_way_with_the_rule(name, seed, data):
    low, high, more = MOVES[name]
    values = st.floats(low, high)
    small, large = sorted([data.draw(values), data.draw(values)])
    crowd = Crowd(seed)
    before, after = crowd.acts(**{name: small}), crowd.acts(**{name: large})
    assert (before <= after).all() if more else (before >= after).all()


@pytest.mark.parametrize("name", MOVES)
def test_participation_does_move_with_the_rule(name):
    low, high, _ = MOVES[name]
    crowd = Crowd(1)
    assert crowd.acts(**{name: low}).sum() != crowd.acts(**{name: high}).sum()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=SEEDS, rise=st.floats(0, 1), who=st.integers(0, 59))
def test_hardship_of_one_citizen_never_keeps_others_at_home(seed, rise, who):
    crowd, worse = Crowd(seed), Crowd(seed)
    worse.hardship[who] += np.float32(rise)
    assert (crowd.acts() <= worse.acts()).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(seed=SEEDS, rise=st.floats(0, 1), who=st.integers(0, 59))
def test_risk_aversion_of_one_citizen_never_brings_others_out(seed, rise, who):
    crowd, afraid = Crowd(seed), Crowd(seed)
    afraid.risk_aversion[who] += np.float32(rise)
    assert (crowd.acts() >= afraid.acts()).all()


def test_hardship_and_risk_aversion_decide_who_acts():
    poor, calm = Crowd(1), Crowd(1)
    poor.hardship[:] = 1
    calm.risk_aversion[:] = 0
    assert poor.acts().sum() > Crowd(1).acts().sum()
    assert calm.acts().sum() > Crowd(1).acts().sum()


def test_attitude_at_odds_with_alignment_brings_people_out():
    friends, foes = Crowd(1), Crowd(1)
    friends.attitude[:], foes.attitude[:] = 0.8, -0.8
    assert foes.acts(alignment=0.8).sum() > friends.acts(alignment=0.8).sum()
    assert foes.acts(alignment=-0.8).sum() < friends.acts(alignment=-0.8).sum()
    assert foes.acts(alignment=0.8, salience=0.0).sum() == friends.acts(alignment=0.8, salience=0.0).sum()


def test_relief_of_the_congruent_is_the_stated_share_of_the_grievance_of_those_at_odds():
    hardship = np.zeros(2, dtype=np.float32)
    attitude = np.array([-0.5, 0.5], dtype=np.float32)
    out = np.empty(2, dtype=np.float32)
    kernels.motives(hardship, attitude, 0.5, 0.4, 0.5, 0.25, out)
    assert out == pytest.approx([0.1, -0.025])


@pytest.mark.parametrize("seed", range(10))
def test_the_jailed_never_act(seed):
    crowd = Crowd(seed, jailed=0.5)
    crowd.hardship[:] = 1
    crowd.risk_aversion[:] = 0
    act = crowd.acts(legitimacy=0.0, conformity=2.0)
    np.testing.assert_array_equal(act, crowd.jail == 0)


@pytest.mark.parametrize("seed", range(10))
def test_localities_do_not_matter_to_those_who_see_only_the_nation(seed):
    crowd = Crowd(seed)
    alone = crowd.acts(national=1.0, localities=1)
    for localities in (2, 7, 60):
        np.testing.assert_array_equal(alone, crowd.acts(national=1.0, localities=localities))


def test_a_neighbourhood_in_uproar_carries_those_who_see_it():
    crowd = Crowd(3, jailed=0.0)
    crowd.hardship[:6], crowd.hardship[6:] = 1.0, 0.3
    crowd.risk_aversion[:] = 0
    crowd.attitude[:] = 0
    crowd.hardship[6:12] = 0.35
    rule = {"localities": 5, "threshold": 0.35, "conformity": 0.4}
    near, far = crowd.acts(national=0.0, **rule), crowd.acts(national=1.0, **rule)
    assert near[:12].all()
    assert not near[12:].any()
    assert not far[6:].any()
