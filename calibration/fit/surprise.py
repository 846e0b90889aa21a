"""Could the model have written the record at all? Its place among the model's own histories."""

from __future__ import annotations

import numpy as np

from calibration.fit.sample import Array, Sample, Scale


def surprise(sample: Sample, record: Array) -> float:
    """Return the share of runs that are at least as far from the cloud of runs as the record is.

    The distance is Mahalanobis's, with a shrunk covariance; each run is judged like the record, as one of the
    cloud. Near 0 the record is unlike anything the model writes, and a posterior is an extrapolation.

    Parameters
    ----------
    sample : Sample
    record : ndarray, shape (statistics,)
    """
    scale = Scale.of(sample.statistics)
    cloud = scale.apply(sample.statistics)
    covariance = np.cov(cloud.T) + 0.05 * np.eye(cloud.shape[1])
    inverse = np.linalg.inv(covariance)
    runs = np.einsum("ij,jk,ik->i", cloud, inverse, cloud)
    place = scale.apply(record)[0]
    return float((runs >= place @ inverse @ place).mean())
