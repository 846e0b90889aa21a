"""Signposts about some states alone, and what had happened before a window."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from test_signposts import made
from test_signposts_command import hold
from test_signposts_seen import two_years

from sim.analysis.signposts import signposts
from sim.analysis.stored_signposts import cautions_of, windows_of
from sim.analysis.telling import before_window
from sim.cli.main import main
from sim.errors import SimError
from sim.figures import what_to_watch


def call(*words):
    done = CliRunner().invoke(main, ["signposts", *words])
    return done, " ".join(done.output.split())


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """Return a folder in which `stored` holds runs with a war in the first year, and falls in the second."""
    return hold(monkeypatch, tmp_path, two_years(200))


def test_only_signposts_about_the_states_asked_for_count_and_the_best_of_them_by_chance():
    results = made(100)
    every = signposts(results, years=1)
    assert "about" not in every
    own = signposts(results, years=1, states=["Kyrgyzstan, MDA"])
    assert set(own["observable"]) == {name for name in every["observable"] if name.endswith(("KGZ", "MDA"))}
    assert set(own["about"]) == {"MDA, KGZ"} or set(own["about"]) == {"KGZ, MDA"}
    assert own["chance"][0] <= every["chance"][0]
    shared = every.set_index("observable")["bits"].reindex(own["observable"])
    assert own["bits"].tolist() == pytest.approx(shared.tolist())
    assert signposts(results, years=1, states="UKR").empty
    with pytest.raises(SimError, match="did you mean MDA"):
        signposts(results, years=1, states="Moldva")


def test_the_command_takes_states(opened):
    done, told = call("stored", "--state", "Georgia", "--years", "1", "--out", "out", "--figure")
    assert done.exit_code == 0, told
    assert "observables about Georgia exceed chance" in told
    assert set(pd.read_csv("out/signposts.csv")["about"]) == {"GEO"}
    done, told = call(
        "stored", "--state", "KGZ", "--from", "2011-03", "--years", "1", "--out", "o", "--figure"
    )
    assert (opened / "o/figures/signposts_2011-03_1y_KGZ.png").is_file()
    done, told = call("stored", "--state", "UKR")
    assert done.exit_code == 0
    assert "There is nothing to watch" in told
    (opened / "seen.yaml").write_text("until: 2010-12\nseen:\n  - war:started GEO >= 1\n")
    for others, what in (
        (("--check",), "--check"),
        (("--seen", "seen.yaml"), "--seen without a later --from"),
    ):
        done, told = call("stored", "--state", "KGZ", *others)
        assert done.exit_code == 2
        assert f"--state chooses signposts, and {what} shows none" in told
    for others in ((), ("--seen", "seen.yaml", "--from", "2011-03")):
        done, told = call("stored", "--error", "0.1", *others)
        assert done.exit_code == 2
        assert "--error belongs to odds" in told


def left_before():
    """Return results in which troops have left under torn, for a year, and leave under calm in the second."""
    results = made(60, {"calm": (0.5, 0.5, 0.5), "torn": (0.5, 0.5, 0.5)})
    ticks = {"calm": 20, "torn": 5}
    left = results.outcomes[["scenario", "replicate"]].assign(
        kind="garrison", detail="withdrawn", target="ARM", actor="RUS"
    )
    left["tick"] = left["scenario"].map(ticks)
    still = results.read
    results.read = lambda name, columns, **rows: left[columns] if name == "events" else still(name, columns)
    return results


def test_a_later_window_says_what_had_happened_before_it(monkeypatch, opened):
    table = signposts(left_before(), years=1, since="2011-03").set_index("observable")
    row = table.loc["garrison:withdrawn ARM"]
    assert (row["share: calm"], row["share: torn"]) == (1, 0)
    assert (row["before: calm"], row["before: torn"]) == (0, 1)
    first = signposts(left_before(), years=1)
    assert not [name for name in first if name.startswith("before")]
    monkeypatch.setattr("sim.experiment.results.open_results", lambda path: left_before())
    _, told = call("stored", "--from", "2011-03", "--years", "1")
    assert "before 2011-03: 100%" in told
    assert "Before: share of runs in which it had happened already" in told
    _, told = call("stored", "--years", "1")
    assert "Before: share" not in told


def test_before_a_window_one_event_counts_but_as_many_governments_as_the_signpost_has():
    counts = pd.DataFrame({"side:with": [1, 3], "fall": [1, 3]})
    posts = pd.DataFrame({"observable": ["side:with", "fall", "war"], "threshold": [3, 3, 1]})
    found = before_window(counts, posts, np.array([0, 1]), ("calm", "torn"))
    assert found.to_dict("list") == {"before: calm": [0, 1, 0], "before: torn": [1, 1, 0]}


def test_the_figure_of_a_later_window_warns():
    for words, warns in (({"since": "2011-03"}, True), ({}, False)):
        drawn = what_to_watch(signposts(left_before(), years=1, **words))
        texts = " ".join(" ".join(text.get_text() for text in drawn.texts).split())
        assert ("not what to watch after a given past" in texts) is warns


def test_what_is_stored_is_told_with_its_warning_and_about_the_states_asked_for():
    results = left_before()
    stored = signposts(results, years=1, since="2011-03").assign(
        exceeds=lambda table: table["exceeds"].astype(str)
    )
    warned, means = cautions_of(stored, results)
    assert warned.startswith("All runs are used, whatever happened in them before 2011-03.")
    assert means.startswith("Before: share")
    assert cautions_of(signposts(results, years=1), results) == []
    assert cautions_of(stored.iloc[:0], results) == []
    (title, rows), (own, others) = windows_of(stored, ["KGZ"])
    assert (title, own) == ("1 year from 2011-03", "1 year from 2011-03 about Kyrgyzstan")
    assert any("Before 2011-03: 100% torn; 0% calm" in cell for row in rows for cell in row)
    assert len(others) == 1
    alone = signposts(results, years=1, states="ARM")
    assert [title for title, _ in windows_of(alone, ["KGZ"])] == ["1 year from 2010-01 about Armenia"]
