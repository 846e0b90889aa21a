"""How many cases the fuzz tests try: few in an ordinary run, as many as SIM_FUZZ_CASES says otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings


def fuzzed(ordinarily: int) -> Callable[[Any], Any]:
    """Return hypothesis settings for one test: always the same cases, and more of them when asked.

    Parameters
    ----------
    ordinarily : int
        Cases where the environment variable SIM_FUZZ_CASES is not set; otherwise that many.
    """
    return settings(
        max_examples=int(os.environ.get("SIM_FUZZ_CASES", ordinarily)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
