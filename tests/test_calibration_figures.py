"""Figures of the calibration say where they come from, and nothing in them lies on anything else."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from calibration.ensemble.plan import Plan
from calibration.ensemble.priors import ASKED
from calibration.fit.figures import calibration_figure, posterior_figure, recovery_figure
from calibration.fit.inference import infer
from calibration.fit.sample import Sample
from calibration.record.figures import alignment_figure, timeline_figure
from calibration.record.observed import RECORD, observed_record
from calibration.record.yearly import alignments
from calibration.source import CalibrationSource
from calibration.statistics import NAMES

SOURCE = CalibrationSource(Plan(150, fingerprint="0123456789abcdef"), 150, ("baseline",), "wide", seed=3)


@pytest.fixture(scope="module")
def inference():
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(150, 8))
    seen = np.zeros((150, len(NAMES)))
    seen[:, :8] = scores + rng.normal(size=scores.shape) * [0.3, 0.4, 0.5, 0.6, 1.6, 1.6, 1.6, 9]
    asked = ASKED[:8]
    return infer(Sample(tuple(item.path for item in asked), scores, seen), asked, np.zeros(len(NAMES)))


def test_the_source_names_model_draws_seeds_and_coding():
    line = SOURCE.line
    made = ("model 0123456789abcdef", "150 draws of baseline", "seed 19911226", "seed 3", "coding wide")
    for words in made:
        assert words in line
    assert "150 draws a thesis" in CalibrationSource(SOURCE.plan, 150, ("baseline", "kuzio")).line
    assert "draws" not in CalibrationSource(coding="wide").line


@pytest.mark.parametrize("draw", [posterior_figure, calibration_figure, recovery_figure])
def test_title_legend_panels_and_source_do_not_lie_on_each_other(inference, draw):
    figure = draw(inference, SOURCE)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    assert any("0123456789abcdef" in text.get_text() for text in figure.texts)
    parts = [*figure.legends, *figure.texts, *(axis for axis in figure.axes if axis.get_visible())]
    assert figure.legends
    places = [part.get_tightbbox(canvas.get_renderer()).padded(-1) for part in parts]
    for (one, here), (other, there) in combinations(zip(parts, places, strict=True), 2):
        assert not here.overlaps(there), (one, other)
    whole = figure.bbox.padded(5)
    assert all(whole.x0 <= place.x0 and place.x1 <= whole.x1 for place in places)


def test_the_record_is_drawn_with_names_and_says_how_to_read_it():
    timeline = timeline_figure(observed_record())
    assert [text.get_text() for text in timeline.axes[0].get_yticklabels()][-1] == "Estonia"
    note = next(text.get_text() for text in timeline.texts if text.get_gid() == "source")
    for word in ("Dots:", "cross", "Above:", "below:", "Shaded:"):
        assert word in note
    alignment = alignment_figure(alignments(RECORD))
    assert alignment.axes[0].get_title(loc="left") == "Estonia"
    note = next(text.get_text() for text in alignment.texts if text.get_gid() == "source")
    assert "Line:" in note
    assert "Band:" in note


def test_the_record_says_its_coding():
    figure = timeline_figure(observed_record("wide"), CalibrationSource(coding="wide"))
    assert any("coding wide" in text.get_text() for text in figure.texts)
