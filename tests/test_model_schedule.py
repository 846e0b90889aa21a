"""A month runs the stages of docs/MODEL.md, each once and in that order."""

from sim.model import model
from sim.model.citizens import kernels
from sim.model.moscow import acts, aims
from sim.model.regimes import succession
from sim.model.region import clashes

STAGES = [  # rows of the table in docs/MODEL.md: what is looked at, and by what name it is called
    (1, "timeline", "apply"),
    (2, "wars", "run_month"),
    (3, "moscow", "begin_month"),
    (4, kernels, "live_a_month"),
    (5, "first regime", "drift"),
    (5, "first movement", "organise"),
    (6, succession, "elite_politics"),
    (7, "focal_events", "gather"),
    (8, kernels, "watch_all"),
    (8, "crises", "begin"),
    (9, "crises", "run_month"),
    (10, clashes, "clashes"),
    (11, acts, "consider"),
    (12, clashes, "left_alone"),
    (12, aims, "returns"),
    (13, model, "realign"),
    (14, "alliance", "review_membership"),
    (15, "recorder", "record"),
]


def test_a_month_runs_every_stage_once_and_in_order(situation, monkeypatch):
    space = situation()
    seen = []

    def spy(owner, name, row):
        stage = getattr(owner, name)

        def told(*arguments):
            seen.append((row, name))
            return stage(*arguments)

        monkeypatch.setattr(owner, name, told)

    firsts = {"first regime": space.regimes[0], "first movement": space.movements[0]}
    for row, owner, name in STAGES:
        spy(firsts.get(owner) or getattr(space, owner) if isinstance(owner, str) else owner, name, row)
    space.step()
    assert seen == [(row, name) for row, _, name in STAGES]
    assert [row for row, _ in seen] == sorted(row for row, _ in seen)
    seen.clear()
    space.step()
    assert len(seen) == len(STAGES)


def test_a_month_passes_with_each_step(situation):
    space = situation(start="2010-11")
    for tick, month in enumerate(["2010-11", "2010-12", "2011-01"]):
        assert (space.tick, str(space.month)) == (tick, month)
        space.step()


def test_regimes_know_their_publics_attitude_of_the_month(situation):
    space = situation(parameters={"citizens.war_revulsion": 0.02}, start="2022-03")
    before = [regime.attitude for regime in space.regimes]
    space.step()
    after = [float(space.population.attitude[space.population.of(r.index)].mean()) for r in space.regimes]
    assert max(abs(now - was) for now, was in zip(after, before, strict=True)) > 0.005
    for regime, attitude in zip(space.regimes, after, strict=True):
        assert abs(regime.attitude - attitude) < 0.002  # help within the month may move it once more
