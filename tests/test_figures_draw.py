"""Figures of made-up results: they draw, fit, repeat to the byte, and never fail for want of data."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from sim import figures
from sim.analysis.shipped_audit import AuditMarks
from sim.errors import ResultsError
from sim.figures import style
from sim.figures.draw import SKIPPED, chosen, file_names, planned
from sim.figures.labels import STATE_NAMES
from sim.instruments import INSTRUMENTS
from sim.measures.end_state import END_STATES
from sim.measures.registry import themes

SEVEN = ("baseline", "piontkovsky", "gorevoy", "dubnov", "kuzio", "kaznacheyev", "milosevic")
AWKWARD = "what if the CSTO_stays home & $2.5bn of loans <never> come: a$b"


THEMES = themes()


def plan(made: Any) -> list[tuple[str, Any]]:
    return list(planned(made, chosen()))


REPEATED = {f"alignment_{name}" for name in SEVEN[2:]}  # nothing new after the first against the baseline


def results(names: Sequence[str], runs: int = 6, months: int = 24) -> Any:
    """Return made-up results with the columns of a real folder."""
    rng = np.random.default_rng(5)
    month = [f"{2010 + m // 12}-{m % 12 + 1:02d}" for m in range(months)]
    outcomes, trajectories, events = [], [], []
    for name in names:
        for replicate in range(runs):
            key = {"scenario": name, "replicate": replicate}
            outcomes.append(
                {
                    **key,
                    "thesis": name,
                    "street_falls": float(rng.poisson(3)),
                    "influence_change": rng.normal(),
                    "unanswered_share": rng.random() if replicate % 2 else np.nan,
                    "wars": np.nan,
                    "end_state": END_STATES[rng.integers(5)],
                }
            )
            alignment = np.clip(rng.normal(0, 0.1, (months, 14)).cumsum(axis=0), -1, 1)
            for state, path in zip(STATE_NAMES, alignment.T, strict=True):
                trajectories.append(pd.DataFrame({**key, "month": month, "state": state, "alignment": path}))
            moscow = {**key, "month": month, "state": "RUS", "influence": alignment.mean(axis=1)}
            trajectories.append(pd.DataFrame(moscow))
            kinds = [("fall", "street"), ("fall", "elite"), *(("instrument", i) for i in INSTRUMENTS)]
            for kind, detail in kinds:
                event = {"month": month[rng.integers(months)], "kind": kind, "detail": detail}
                events.append({**key, **event, "target": list(STATE_NAMES)[rng.integers(14)]})
    tables = {"trajectories": pd.concat(trajectories, ignore_index=True)}
    return SimpleNamespace(
        about={"seed": 3, "versions": {"post-soviet-scenarios": "0.1.0"}},
        scenarios=list(names),
        outcomes=pd.DataFrame(outcomes),
        events=pd.DataFrame(events),
        draws=pd.DataFrame(
            {
                "scenario": np.repeat(names, runs),
                "replicate": np.tile(np.arange(runs), len(names)),
                "moscow.keep_weight": rng.random(runs * len(names)),
                "moscow.fixed": 1.0,
            }
        ),
        read=lambda table, columns=None: tables[table][columns],
        audit=lambda _: AuditMarks(frozenset({(names[-1], "street_falls"), (names[-1], "used_loan")})),
    )


def problems(figure: Any) -> list[str]:
    """Return texts that lie outside the figure, once it is laid out."""
    canvas = FigureCanvasAgg(figure)
    figure.draw_without_rendering()  # where texts lie needs no pixels
    width, height = canvas.get_width_height()
    outside = []
    for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text") and artist.get_visible()):
        box = text.get_window_extent(canvas.get_renderer()) if text.get_text() else None
        if box is not None and (box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1):
            outside.append(text.get_text())
    return outside


@pytest.mark.parametrize("names", [("dubnov",), ("baseline", AWKWARD), SEVEN], ids=["1", "2", "7"])
def test_every_figure_has_title_and_source_and_keeps_its_text_inside(names: Sequence[str]) -> None:
    for name, draw in plan(results(names)):
        if (name.startswith("differences") and len(names) == 1) or name in REPEATED:
            continue
        figure = draw()
        words = {text.get_gid(): text.get_text() for text in figure.texts}
        assert len(words["title"]) > 10, name
        assert "post-soviet-scenarios 0.1.0; seed 3; 6 runs per scenario" in words["source"], name
        if name.startswith("alignment_"):
            assert "differences of a state between scenarios are not audited" in " ".join(
                words["source"].split()
            )
        hidden = [label for axis in figure.axes for label in axis.get_xticklabels() + axis.get_yticklabels()]
        ticks = {label.get_text() for label in hidden}  # some stand beyond the axis and are not drawn
        assert [text for text in problems(figure) if text not in ticks] == [], name


@pytest.mark.slow
def test_draw_all_writes_every_figure_and_repeats_to_the_byte(tmp_path: Path) -> None:
    made = results(("baseline", AWKWARD))
    first = figures.draw_all(made, tmp_path / "a", dpi=30)
    second = figures.draw_all(made, tmp_path / "b", dpi=30)
    assert [path.name for path in first] == [
        "alignment_baseline.png", "alignment_what-if-the-CSTO_stays-home-2-5bn-of-loans-never-come-a-b.png",
        "alignment_map.png", "differences_challenges.png", "differences_moscow.png", "differences_map.png",
        "end_states.png", "fall_probability.png", "influence.png", "instruments.png",
        "outcomes_challenges.png", "outcomes_moscow.png",
    ]  # fmt: skip
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert not (tmp_path / "a" / SKIPPED).exists()


def test_figures_with_a_row_a_scenario_fit_a_page() -> None:
    made = results([f"s{i}" for i in range(20)], runs=2, months=12)
    for name, draw in plan(made):
        if name.startswith(("outcomes", "differences")):
            assert draw().get_size_inches()[1] <= style.PAGE, name


def test_the_colour_of_a_class_spans_its_panel_so_that_it_is_not_read_as_a_share() -> None:
    figure = figures.end_states(pd.DataFrame({"scenario": ["baseline"] * 2, "end_state": ["vacuum"] * 2}))
    for axis in figure.axes[1:]:
        key = next(line for line in axis.lines if line.get_linewidth() == 4)
        assert tuple(key.get_xdata()) == axis.get_xlim()


def test_end_states_that_rest_on_an_assumption_are_marked() -> None:
    made = results(["baseline", "dubnov"])
    made.outcomes["end_state"] = ["status quo"] * 6 + ["disintegration"] * 5 + ["status quo"]
    source = figures.source_of(made.outcomes, made.about)
    marked = figures.end_states(made.outcomes, source, AuditMarks(frozenset({("dubnov", "street_falls")})))
    titles = [
        axis.get_title(loc="left") for axis in marked.axes if any(t.get_text() == "†" for t in axis.texts)
    ]
    assert titles == ["Disintegration"]  # not the status quo: it is what is left
    assert any("†: the rule" in text.get_text().replace("\n", " ") for text in marked.texts)
    plain = figures.end_states(made.outcomes, source, AuditMarks(frozenset({("dubnov", "integrated")})))
    assert not any(t.get_text() == "†" for axis in plain.axes for t in axis.texts)  # no share differs


_ELSEWHERE = """
import sys
from pathlib import Path
from sim.figures.draw import chosen, planned
from sim.figures.saving import save_all
from tests.test_figures_draw import results
for name, draw in planned(results(("dubnov",), runs=2, months=12), chosen()):
    if name != "outcomes_moscow" and not name.startswith("differences"):  # drawn as the others are
        save_all(draw(), Path(sys.argv[1]), name, sys.argv[2:])
"""


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):  # of the hashes that order sets
        command = [sys.executable, "-c", _ELSEWHERE, str(tmp_path / seed), "pdf", "svg"]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run(command, check=True, env=environment)
    files = sorted(path.name for path in (tmp_path / "1").iterdir())
    assert len(files) == 14
    assert [
        name for name in files if (tmp_path / "1" / name).read_bytes() != (tmp_path / "2" / name).read_bytes()
    ] == []


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_each_format_repeats_to_the_byte(tmp_path: Path, kind: str) -> None:
    outcomes = results(("baseline",)).outcomes
    paths = [
        figures.save(figures.plot_outcome(outcomes, "street_falls"), tmp_path / f"{i}.{kind}") for i in (1, 2)
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_figures_hold_scenarios_against_the_baseline_that_was_compared_with(tmp_path: Path) -> None:
    made = results(["baseline", "dubnov", "kuzio"])
    asked = []
    made.audit = lambda baseline: asked.append(baseline) or AuditMarks(unaudited=("kuzio",))
    made.about["baseline"] = "dubnov"
    source = figures.source_of(made.outcomes, made.about)

    def title(figure: Any) -> str:
        return figure.texts[0].get_text()

    assert "differences from dubnov" in title(figures.outcome_differences(made.outcomes, source=source))
    assert "differences from kuzio" in title(
        figures.outcome_differences(made.outcomes, None, "kuzio", source)
    )
    without = figures.outcome_differences(
        made.outcomes[made.outcomes["scenario"] != "dubnov"], source=source.only(["baseline", "kuzio"])
    )
    assert "differences from baseline" in title(without)  # it is not shown
    marked = made.audit("dubnov")
    columns = ["scenario", "replicate", "month", "state", "influence"]
    for figure in (
        figures.outcome_distributions(made.outcomes, source=source, audit=marked),
        figures.end_states(made.outcomes, source, marked),
        figures.instrument_uses(made.events, source, marked),
        figures.influence_fans(made.read("trajectories", columns), source, audit=marked),
    ):
        foot = " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
        assert "any difference of kuzio from dubnov" in foot
    asked.clear()
    figures.draw_all(made, tmp_path, dpi=30, only=["differences"])
    figures.draw_all(made, tmp_path, dpi=30, only=["differences"], baseline="kuzio")
    assert asked == ["dubnov", "kuzio"]
    with pytest.raises(ResultsError, match="did you mean kuzio"):
        figures.draw_all(made, tmp_path, baseline="kuzi")


def test_a_dagger_marks_what_is_assumed_and_says_what_it_means(tmp_path: Path) -> None:
    made = results(["baseline", "dubnov"])
    marked = made.audit("baseline")
    assert marked.assumed == {("dubnov", "street_falls"), ("dubnov", "used_loan")}
    source = figures.source_of(made.outcomes, made.about)
    for figure, cells in (
        (figures.outcome_differences(made.outcomes, source=source, audit=marked), 1),
        (figures.outcome_distributions(made.outcomes, source=source, audit=marked), 1),
        (figures.instrument_uses(made.events, source, marked), 1),
    ):
        beside = [text.get_text() for axis in figure.axes for text in axis.texts if "†" in text.get_text()]
        assert len(beside) == cells
        assert any(
            "† assumed: carried by parameters" in text.get_text().replace("\n", " ") for text in figure.texts
        )
    plain = figures.outcome_differences(made.outcomes, source=source)
    assert not any("†" in text.get_text() for text in [*plain.texts, *plain.axes[0].texts])


def test_one_scenario_skips_the_differences_and_says_why(tmp_path: Path) -> None:
    written = figures.draw_all(results(("dubnov",)), tmp_path, dpi=30)
    assert not [path for path in written if path.name.startswith("differences")]
    assert len(written) == 8
    assert (tmp_path / SKIPPED).read_text() == "".join(
        f"differences_{which}: differences need two scenarios, and there is only one\n"
        for which in [*THEMES, "map"]
    )


def test_missing_tables_cost_only_their_figures(tmp_path: Path) -> None:
    made = results(("baseline", "dubnov"))

    def read(table: str, columns: object = None) -> pd.DataFrame:
        raise ValueError(f"the folder has no {table}.parquet")

    made.read = read
    names = {path.stem for path in figures.draw_all(made, tmp_path, dpi=30)}
    assert names == {
        *(f"{kind}_{theme}" for kind in ("outcomes", "differences") for theme in THEMES),
        "end_states",
        "instruments",
    }
    assert "influence: the folder has no trajectories.parquet" in (tmp_path / SKIPPED).read_text()


def test_no_finished_run_draws_nothing_and_fails_at_nothing(tmp_path: Path) -> None:
    made = results(("baseline",))
    made.outcomes = made.outcomes[:0]
    assert figures.draw_all(made, tmp_path) == []
    assert (tmp_path / SKIPPED).read_text() == "every figure: no run was finished\n"


@pytest.mark.slow
def test_one_run_a_scenario_is_enough(tmp_path: Path) -> None:
    assert len(figures.draw_all(results(("baseline", "dubnov"), runs=1, months=12), tmp_path, dpi=30)) == 12


def test_unknown_format_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown format jpeg: use png, pdf, svg"):
        figures.draw_all(results(("baseline",)), tmp_path, formats=("jpeg",))


def test_dollar_signs_and_underscores_are_printed_as_they_stand() -> None:
    figure = figures.plot_outcome(results(("baseline", AWKWARD)).outcomes, "street_falls")
    FigureCanvasAgg(figure).draw()
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert any(r"a\$b" in label for label in labels)  # escaped: a lone $ would open mathematics


def test_plain_text_keeps_to_one_line_and_escapes_dollars() -> None:
    assert style.plain("a$b\n$c$") == r"a\$b \$c\$"


def test_short_names_fit_and_stay_different() -> None:
    names = [AWKWARD, AWKWARD + " again", "baseline"]
    short = style.short_names(names, width=20)
    assert len(set(short.values())) == 3
    assert short["baseline"] == "baseline"
    (label,) = style.short_names(["vote-in-2026-of-the-pro-moscow-opposition-under-kuzio"]).values()
    assert label.endswith("-under-kuzio")  # what differs stands at the end
    assert max(len(line.replace("\\", "")) for label in short.values() for line in label.split("\n")) <= 20


def test_scenario_colours_are_stable_different_and_grey_for_the_baseline() -> None:
    colours = style.scenario_colours(SEVEN)
    assert colours["baseline"] == style.BASELINE_COLOUR
    assert len(set(colours.values())) == 7
    assert style.scenario_colours(SEVEN[:3])["gorevoy"] == colours["gorevoy"]
    assert len(style.scenario_colours([f"s{i}" for i in range(40)])) == 40


def test_file_names_are_safe_and_different() -> None:
    assert file_names(["a/b", "a b", "A-B", "../x", "$"]) == ["a-b", "a-b-2", "A-B-3", "x", "scenario"]


def test_parameter_effect_draws_every_pair_and_refuses_a_fixed_parameter() -> None:
    made = results(("baseline", "dubnov"), runs=20)
    figure = figures.plot_parameter_effect(made.draws, made.outcomes, "moscow.keep_weight", "street_falls")
    dots = [line for line in figure.axes[0].lines if line.get_linestyle() == "None"]
    assert sum(len(line.get_xdata()) for line in dots) == 40
    with pytest.raises(ValueError, match="same in every run"):
        figures.plot_parameter_effect(made.draws, made.outcomes, "moscow.fixed", "street_falls")
    with pytest.raises(ValueError, match=r"no parameter 'moscow\.nothing'"):
        figures.plot_parameter_effect(made.draws, made.outcomes, "moscow.nothing", "street_falls")


def test_unknown_outcome_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no outcome 'falls' in numbers; there are: street_falls"):
        figures.plot_outcome(results(("baseline",)).outcomes, "falls")


def test_importing_figures_does_not_load_matplotlib() -> None:
    code = "import sys, sim, sim.figures; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_drawing_leaves_no_global_state() -> None:
    figures.plot_outcome(results(("baseline",)).outcomes, "street_falls")
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
