"""Made-up histories in which everything happens at known rates, stored as an ensemble is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.ensemble.origins import RECORD_PERIOD, THESES, Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.store import CHUNK, EnsembleStore, StoredRun
from calibration.history import Challenge, Observation, ObservedHistory, Window
from sim.months import Month
from sim.world.state import STATES


def history(rng: np.random.Generator, window: Window, rates: Mapping[str, float]) -> ObservedHistory:
    """Return a history with yearly rates of challenges, falls and departures from the alliance."""
    facts: dict[str, list] = {name: [] for name in ("challenges", "falls", "memberships", "interventions")}
    alignment, crowds, crowded = {}, {}, {}
    for state in STATES:
        level = rng.uniform(-0.5, 0.5)
        for year in range(window.first, window.last + 1):
            month = Month.of(year, int(rng.integers(1, 13)))
            level = min(max(level + rng.normal(0, rates.get("drift", 0.05)), -1.0), 1.0)
            alignment[state, year], crowds[state, year], crowded[state, year] = level, 0.0, 0
            if rng.random() < rates["challenges"]:
                fell = rng.random() < rates["falls"]
                facts["challenges"].append(Challenge(month, state, "fell" if fell else "survived", "words"))
                facts["interventions"].append(Observation(month, state, "words"))
                if fell:
                    facts["falls"].append(Observation(month, state, "street"))
            if rng.random() < rates["left"]:
                facts["memberships"].append(Observation(month, state, "left"))
    years = range(window.first, window.last + 1)
    return ObservedHistory(
        window,
        members=dict.fromkeys(years, 6),
        alignment=alignment,
        crowds=crowds,
        crowded_months=crowded,
        **{name: tuple(found) for name, found in facts.items()},
    )


def window_of(origin: Origin) -> Window:
    """Return the full calendar years of runs from an origin."""
    first = origin.month.year + (origin.month.month > 1)
    return Window(first, (origin.month + (12 * origin.years - 1)).year - (origin.month.month > 1))


def store_of(
    folder, rates: Mapping[str, Mapping[str, float]], origins=(RECORD_PERIOD,), draws: int = 12
) -> EnsembleStore:
    """Write an ensemble of made-up runs; theses without rates of their own get those of ``baseline``."""
    store = EnsembleStore(folder)
    store.open(Plan(draws, THESES, tuple(origins)))
    for place, thesis in enumerate(THESES):
        for origin in origins:
            runs = []
            for draw in range(draws):
                rng = np.random.default_rng((place, origin.month.ordinal, draw))
                made = history(rng, window_of(origin), rates.get(thesis, rates["baseline"]))
                runs.append(StoredRun(draw, 0, made, {"citizens.threshold": 0.1}))
            for first in range(0, draws, CHUNK):
                store.write(
                    thesis, origin, range(first, min(first + CHUNK, draws)), runs[first : first + CHUNK]
                )
    return store
