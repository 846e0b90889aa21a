"""A figure is one file: whoever draws, lists or chooses figures finds it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from matplotlib.figure import Figure
from test_figures_draw import results

from sim import figures
from sim.analysis.shipped_audit import AuditMarks
from sim.cli.main import main
from sim.figures import gallery, registry
from sim.figures.draw import chosen, planned
from sim.instruments import INSTRUMENTS
from sim.measures import OUTCOMES, outcome
from sim.measures.registry import themes
from sim.world.state import STATES

NEW = '''
"""Crowds."""

from sim.figures import style
from sim.figures.registry import figure


def _draw(tables, _):
    return crowds(tables.source)


@figure(title="Crowds", needs=("outcomes",), draw=_draw)
def crowds(source):
    drawn = style.new_figure(2.0)
    style.frame(drawn, "Crowds", source)
    return drawn
'''


@pytest.fixture
def added(tmp_path, monkeypatch):
    """Add a file to the gallery."""
    (tmp_path / "crowds.py").write_text(NEW, encoding="utf-8")
    monkeypatch.setattr(gallery, "__path__", [*gallery.__path__, str(tmp_path)])
    yield
    registry._FIGURES.pop("crowds", None)
    sys.modules.pop("sim.figures.gallery.crowds", None)


def words(figure: Figure) -> str:
    """Return the note and source line of a figure."""
    return " ".join(" ".join(text.get_text().split()) for text in figure.texts)


def test_every_file_of_the_gallery_is_one_figure():
    files = {path.stem for path in Path(gallery.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(figures.names()) == files
    for name in figures.names():
        entry = registry.find(name)
        assert entry.name == name
        assert entry.title
        if entry.command.startswith("python "):
            example = Path(__file__).parent.parent / entry.command.removeprefix("python ")
            assert f"figures.{entry.function.__name__}(" in example.read_text(encoding="utf-8")
        else:
            assert entry.command.startswith(("sim ", f"sim.figures.{entry.function.__name__}("))
        from_results = set(entry.needs) <= {*registry.RESULTS}
        assert from_results or entry.draw is None, name
        assert getattr(figures, entry.function.__name__) is entry.function


def test_a_new_file_is_drawn_listed_and_chosen(added, tmp_path):
    assert "crowds" in figures.names()
    drawn = figures.draw_all(results(("baseline",), runs=2, months=12), tmp_path / "figures", dpi=30)
    assert "crowds.png" in {path.name for path in drawn}
    listed = CliRunner().invoke(main, ["list", "--figures"])
    assert "crowds" in listed.output
    assert "Crowds" in listed.output
    only = figures.draw_all(
        results(("baseline",), runs=2, months=12), tmp_path / "one", dpi=30, only=["crowds", "end_states"]
    )
    assert [path.name for path in only] == ["crowds.png", "end_states.png"]


def test_a_figure_of_a_script_is_drawn_with_the_others(tmp_path):
    @figures.figure(
        name="mine", title="Mine", needs=("outcomes",), draw=lambda tables, _: mine(tables.source)
    )
    def mine(source):
        drawn = Figure()
        drawn.text(0, 0, ", ".join(source.scenarios))
        return drawn

    try:
        assert "mine" in figures.names()
        drawn = figures.draw_all(results(("baseline",), runs=2, months=12), tmp_path, dpi=30, only=["mine"])
        assert [path.name for path in drawn] == ["mine.png"]
    finally:
        registry._FIGURES.pop("mine")


def test_a_wrong_name_is_told_with_the_nearest():
    with pytest.raises(ValueError, match="no figure 'influnce'; did you mean influence"):
        chosen(["influnce"])
    with pytest.raises(ValueError, match=r"drawn from claims\.csv: sim claims --figure makes it"):
        chosen(["claims"])
    done = CliRunner().invoke(main, ["plot", "here", "--figure", "influnce"])
    assert done.exit_code == 2
    assert "did you mean influence?" in done.output


def test_names_are_listed_without_matplotlib():
    import subprocess  # noqa: PLC0415

    code = "import sys; from sim.figures import names; print(len(names()), 'matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split()[1] == "False"
    assert int(done.stdout.split()[0]) > 10


def test_a_path_may_be_a_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    figure = figures.plot_outcome(results(("baseline",)).outcomes, "street_falls")
    assert figures.save(figure, "x.png") == Path("x.png")
    assert figures.save_all(figure, "here", "y", ["svg"]) == [Path("here/y.svg")]
    assert Path("here/y.svg").stat().st_size
    with pytest.raises(ValueError, match="use png, pdf, svg"):
        figures.save(figure, "x.jpeg")


def test_states_and_instruments_are_those_of_their_tables(monkeypatch):
    made = results(("baseline", "dubnov"), runs=2, months=12)
    source = figures.source_of(made.outcomes, made.about)
    assert len(figures.instrument_uses(made.events, source).axes) >= len(INSTRUMENTS)
    monkeypatch.setattr("sim.figures.gallery.instruments.INSTRUMENTS", INSTRUMENTS[:7])
    few = figures.instrument_uses(made.events, source)
    assert sum(axis.get_visible() for axis in few.axes) == 7
    assert [axis.get_xlabel() for axis in few.axes if axis.get_xlabel()] == ["uses per run"]
    labels = {f"State {code}": code for code in STATES[:5]}
    monkeypatch.setattr("sim.figures.labels.STATE_NAMES", {code: name for name, code in labels.items()})
    heat = figures.fall_heat_map(made.events, source, range(2010, 2011))
    assert [tick.get_text() for tick in heat.axes[0].get_yticklabels()] == list(labels)
    fans = figures.alignment_fans(
        made.read("trajectories", ["scenario", "replicate", "month", "state", "alignment"]),
        source,
        ["baseline"],
    )
    assert sum(bool(axis.get_title(loc="left")) for axis in fans.axes) == 5


def test_what_was_not_audited_is_said_in_every_figure_of_differences():
    made = results(("baseline", "my-question", "dubnov"))
    made.audit = lambda _: AuditMarks(frozenset({("dubnov", "street_falls")}), ("my-question",))
    checked = set()
    for name, draw in planned(made, chosen()):
        if name.startswith(("outcomes", "differences", "end_states", "influence", "instruments")):
            assert "Not audited, so it may only repeat an assumption: any difference of my-question" in words(
                draw()
            ), name
            checked.add(name.partition("_")[0])
    assert checked == {"outcomes", "differences", "end", "influence", "instruments"}


def test_audited_differences_bear_no_such_note_and_unknown_ones_say_so():
    made = results(("baseline", "dubnov"))
    source = figures.source_of(made.outcomes, made.about)
    audited = figures.outcome_differences(made.outcomes, source=source, audit=AuditMarks())
    assert "Not audited" not in words(audited)
    assert "not looked up" not in words(audited)
    assert "Whether differences are assumed was not looked up." in words(
        figures.outcome_differences(made.outcomes, source=source)
    )
    alone = figures.outcome_distributions(results(("dubnov",)).outcomes)
    assert "not looked up" not in words(alone)


def test_own_outcomes_have_labels_a_figure_and_a_note(tmp_path):
    before = dict(OUTCOMES)
    try:

        @outcome(label="quiet months", unit="months")
        def quiet(history):
            """Months without a crowd."""
            return history.months

        assert themes()["own"] == ["quiet"]
        made = results(("baseline", "dubnov"))
        made.outcomes["quiet"] = range(len(made.outcomes))
        drawn = dict(planned(made, chosen(["differences", "outcomes"])))
        figure = drawn["differences_own"]()
        assert figure.axes[0].get_title(loc="left") == "Quiet months"
        assert "Own outcomes: differences from baseline" in words(figure)
        assert "Quiet months: Months without a crowd." in words(figure)
        assert "any difference in quiet months" in words(figure)
        alone = figures.plot_outcome(made.outcomes, "quiet")
        assert alone.axes[0].get_xlabel() == "Quiet months (months)"
        assert "any difference in quiet months" in words(alone)
        assert "Whether differences are assumed was not looked up." in words(
            figures.plot_outcome(made.outcomes, "street_falls")
        )
    finally:
        OUTCOMES.clear()
        OUTCOMES.update(before)
