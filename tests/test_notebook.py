"""What a notebook shows: short, escaped, and the same numbers as elsewhere."""

import inspect
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim
from sim.errors import RequestError, SimError
from sim.experiment import progress
from sim.experiment.record import Tally
from sim.figures import registry
from sim.parameters import catalogue

HOSTILE = "<script>alert('x')</script> & <b>bold</b>"
LONGEST_REPR = 400


@pytest.fixture(scope="module")
def mine():
    return sim.Scenario.build(
        "mine", title=HOSTILE, question=HOSTILE, extends="dubnov", asked_by="<i>me</i>",
        parameters={"moscow.keep_weight": {"prior": 2.0, "tag": "user", "source": HOSTILE}},
        initial={"KGZ.alignment": 0.5},
        timeline=[
            {"name": HOSTILE, "when": {"variable": "alignment", "state": "KAZ", "below": 0.9},
             "event": "engage", "power": "China", "engagement": 2.0, "states": ["KAZ"]},
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def comparison(mine, tmp_path_factory):
    return sim.compare(
        ["baseline", mine, "kuzio"], runs=3, workers=1, changes=["citizens=50", "years=3"], baseline_too=True,
        out=tmp_path_factory.mktemp("notebook") / "here",
    )  # fmt: skip


class Tags(HTMLParser):
    """The tags of a text of HTML, and which stay open."""

    def __init__(self, text):
        super().__init__()
        self.seen, self.open = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def shown(thing):
    """Return what a notebook shows of a thing, once it is seen to be whole and harmless."""
    html = thing._repr_html_()
    tags = Tags(html)
    assert not tags.open
    assert tags.seen <= {"p", "b", "small", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
    assert HOSTILE not in html
    assert "<i>" not in html
    return html


def test_everything_has_a_short_repr(mine, comparison):
    for thing in (mine, sim.load("milosevic"), comparison, comparison.results, catalogue()["war.window"]):
        assert "\n" not in repr(thing)
        assert len(repr(thing)) < LONGEST_REPR
    assert repr(mine).startswith("Scenario(mine: ")
    assert repr(catalogue()["war.window"]).startswith("Parameter(war.window = ")


def test_a_scenario_shows_what_differs(mine):
    html = shown(mine)
    assert "&lt;script&gt;" in html
    for text in (
        "moscow.keep_weight",
        "KGZ.alignment",
        "the engagement of China in KAZ",
        "D2",
        str(mine.start),
    ):
        assert text in html
    assert "and " in shown(sim.load("milosevic"))  # it sets more than the table shows


def test_results_show_their_runs(comparison):
    html = shown(comparison.results)
    assert "&lt;script&gt;" in html
    assert html.count('<td style="text-align: left">3</td>') == 3


def test_a_comparison_shows_its_words_and_its_numbers(comparison):
    html = shown(comparison)
    rows = re.findall(r"<tr>(<td.*?)</tr>", html)
    assert len(rows) == len(comparison.shown) * 3
    assert all(line.split(":")[0] in html for line in comparison.in_words())
    assert "less baseline (95 %)" in html


def test_a_parameter_shows_its_source():
    html = shown(catalogue()["war.window"])
    for text in ("per month", "0 to 1", "assumed"):
        assert text in html


def test_months_are_dates_where_that_is_asked_for(comparison):
    results = comparison.results
    columns, filters = ["scenario", "month", "influence"], [("state", "==", "RUS")]
    texts = results.read("trajectories", columns, filters)
    dated = results.read("trajectories", columns, filters, dates=True)
    assert texts["month"].dtype == object or pd.api.types.is_string_dtype(texts["month"])
    assert pd.api.types.is_datetime64_any_dtype(dated["month"])
    assert dated["month"].dt.strftime("%Y-%m").tolist() == texts["month"].tolist()
    yearly = dated.groupby(["scenario", dated["month"].dt.year])["influence"].mean()
    assert len(yearly) == 3 * 3
    assert "month" not in results.read("outcomes", dates=True)


def test_results_compare_as_the_call_that_made_them(comparison):
    again = comparison.results.compare()
    pd.testing.assert_frame_equal(again.values, comparison.values)
    assert (again.baseline, again.shown) == (comparison.baseline, comparison.shown)
    later = str(sim.load("baseline").start + 12)
    other = comparison.results.compare("kuzio", ["integrated"], since=later)
    assert (other.baseline, other.shown, str(other.window.since)) == ("kuzio", ("integrated",), later)
    left = comparison.values.loc[("kuzio", "influence_change"), "difference"]
    right = comparison.results.compare("kuzio").values.loc[("baseline", "influence_change"), "difference"]
    np.testing.assert_allclose(left, -right)
    few = comparison.results.compare(only_different=True)
    assert few.shown == comparison.different
    with pytest.raises(SimError, match="did you mean kuzio"):
        comparison.results.compare("kuzo")


def test_every_shipped_figure_is_a_method_with_words(comparison):
    plot = comparison.results.plot
    for name in registry.names():
        entry = registry.find(name)
        if set(entry.needs) <= {*registry.RESULTS}:
            assert name in dir(plot)
            method = getattr(plot, name)
            assert method.__name__ == name
            assert entry.title in method.__doc__ or inspect.getdoc(entry.function) in method.__doc__
        else:
            assert name not in dir(plot)
            with pytest.raises(RequestError, match="makes it"):
                getattr(plot, name)
    assert "influence" in repr(plot)


@pytest.mark.slow
def test_figures_are_drawn_and_shown(comparison):
    plot = comparison.results.plot
    for figure in (plot.end_states(), plot.alignment("kuzio"), plot.influence(scenarios=["kuzio"])):
        assert isinstance(figure, Figure)
        assert figure._repr_png_().startswith(b"\x89PNG")
    assert len(plot.end_states(caption=False)._repr_png_()) < len(plot.end_states()._repr_png_())
    drawn = plot.parameter_effect("moscow.keep_weight", "challenges")
    assert drawn._repr_png_().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_told(comparison):
    plot = comparison.results.plot
    with pytest.raises(RequestError, match="is drawn in parts; give one of: baseline, "):
        plot.alignment()
    with pytest.raises(RequestError, match="has no part 'kuzo'"):
        plot.alignment("kuzo")
    with pytest.raises(AttributeError, match="did you mean influence"):
        _ = plot.influnce
    with pytest.raises(
        RequestError, match="missing a required argument: 'outcome'; it takes parameter, outcome"
    ):
        plot.parameter_effect("moscow.keep_weight")
    assert not hasattr(plot, "_ipython_display_")


def test_a_notebook_gets_a_bar_unless_it_wants_none(monkeypatch):
    shown_texts = []

    class Place:
        def update(self, text):
            shown_texts.append(text)

    kind = progress.PageBar

    def bar(total):
        made = kind.__new__(kind)
        made.total, made._html, made._told, made._place = total, str, -1e9, Place()
        return made

    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(progress, "PageBar", bar)
    for wanted in (None, True):
        shown_texts.clear()
        with progress.reported_to(wanted, 10) as tell:
            tell(Tally("<b>mine</b>", 10, 0, 4, 1))
        assert '<progress value="4" max="10"' in shown_texts[0]
        assert "4 of 10 runs: &lt;b&gt;mine&lt;/b&gt; (1 failed)" in shown_texts[0]
        assert shown_texts[-1] == ""  # gone when the work is
    shown_texts.clear()
    with progress.reported_to(False, 10) as tell:
        tell(Tally("mine", 10, 0, 4, 0))
    assert shown_texts == []


def test_elsewhere_there_is_no_bar_unless_it_is_asked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(progress, "in_notebook", lambda: False)
    bar = progress.progress_bar
    monkeypatch.setattr(
        progress, "progress_bar", lambda total, shown: asked.append(shown) or bar(total, shown=shown)
    )
    for wanted in (None, True, False):
        with progress.reported_to(wanted, 3):
            pass
    assert asked == [False, True, False]
