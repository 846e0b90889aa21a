"""The yearly error of alignment: found where it is planted, and small on record."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.record.alignment_error import yearly_error
from calibration.record.observed import RECORD
from calibration.record.yearly import alignments
from calibration.statistics.measurement import Measurement
from sim.world.state import STATES


def walks(error: float, seed: int) -> np.ndarray:
    """Return 33 years of 14 states that walk at random, measured with an error."""
    rng = np.random.default_rng(seed)
    paths: np.ndarray = rng.normal(0, 0.04, (33, 14)).cumsum(axis=0)
    return paths + rng.normal(0, error, paths.shape)


@pytest.mark.parametrize("error", [0.02, 0.03])
def test_a_planted_error_is_found(error: float) -> None:
    """Within 15 %, in the mean of 40 records; errors cut with the jumps make it a little small."""
    found = np.mean([yearly_error(walks(error, seed)) for seed in range(40)])
    assert found == pytest.approx(error, rel=0.15)


def test_without_an_error_little_is_found() -> None:
    """Chance alone finds some, since what is below 0 counts as 0: less than half of the smallest planted."""
    assert np.mean([yearly_error(walks(0, seed)) for seed in range(40)]) < 0.01


def test_a_lasting_error_is_none() -> None:
    paths = walks(0.03, 7)
    lasting = np.random.default_rng(8).normal(0, 0.2, 14)
    assert yearly_error(paths + lasting) == pytest.approx(yearly_error(paths))


def test_jumps_are_no_errors() -> None:
    paths = walks(0, 5)
    paths[10:20, 3] -= 0.5  # there and back within ten years
    paths[15, 6] += 0.5  # and for a year only
    assert yearly_error(paths) == pytest.approx(yearly_error(walks(0, 5)), abs=0.01)


def test_the_measurement_errs_as_the_record_does() -> None:
    """The number that is applied to runs is the record's own, to the next half of a hundredth."""
    found = alignments(RECORD)
    years = range(RECORD.first, RECORD.last + 1)
    levels = np.array([[found[state, year].mean for state in STATES] for year in years])
    error = yearly_error(levels)
    assert 0.01 < error <= Measurement().alignment_sd < error + 0.005
