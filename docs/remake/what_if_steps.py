"""Steps that hold end states against the theses, and what-ifs against what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pandas as pd

import sim
from calibration.end_states.expected import as_expected, end_state_shares
from calibration.what_ifs.facts import largest_crowds, load_facts, scenarios, shares
from docs.remake.crowds import crowd_counts
from docs.remake.sizes import Size
from docs.remake.steps import Collected, Part, Place, Step
from sim.scenario import SHARED_WORLD, load, names


@cache
def _end_state_parts(size: Size) -> list[Part]:
    shipped = [name for name in names() if "/" not in name]
    words = ("sim", "compare", *shipped, "--runs", str(size.end_states), "--no-figures")
    settings = (*size.settings, f"runs={size.end_states}")
    words += tuple(word for setting in size.settings for word in ("--set", setting))
    return [
        Part("end-states", words, scenarios=tuple(load(name, settings) for name in shipped), goes_on=True)
    ]


def _end_states(place: Place, folders: Mapping[str, Path]) -> Collected:
    results = sim.open_results(folders["end-states"])
    first = load(results.scenarios[0], place.size.settings)
    found = end_state_shares(results.outcomes)
    about = {
        "runs": place.size.end_states, "seed": first.seed, "start": str(first.start), "years": first.years,
    }  # fmt: skip
    tables = {
        "end_states": found, "expected": as_expected(found, SHARED_WORLD),
        "crowds": crowd_counts(results.outcomes, results.challenges),
    }  # fmt: skip
    return Collected(tables, about)


@cache
def _what_if_parts(size: Size) -> list[Part]:
    settings = size.claims_settings  # long enough in every size for what the scenarios set
    changes = tuple(word for setting in settings for word in ("--set", setting))
    return [
        Part(
            name,
            ("sim", "run", f"what-if/{name}", "--runs", str(size.what_ifs), "--no-figures", *changes),
            scenarios=(load(f"what-if/{name}", [*settings, f"runs={size.what_ifs}"]),),
            goes_on=True,
        )
        for name in scenarios(load_facts())
    ]


def _what_ifs(place: Place, folders: Mapping[str, Path]) -> Collected:
    held, crowds = [], []
    for name, folder in folders.items():
        results = sim.open_results(folder)
        scenario = load(f"what-if/{name}", place.size.claims_settings)
        last = scenario.start + (12 * scenario.years - 1)
        own = [fact for fact in load_facts() if fact.scenario == name]
        runs = results.outcomes["replicate"].tolist()
        held.append(shares(results.events, runs, own, last).assign(thesis=scenario.thesis_name))
        crowds.append(largest_crowds(results.events, runs, own, last))
    tables = {"what_ifs": pd.concat(held), "crowds": pd.concat(crowds)}
    return Collected(tables, {"runs": place.size.what_ifs})


_OUTCOMES = "sim.measures"

STEPS: Sequence[Step] = (
    Step("end_states", _end_state_parts, _end_states, (_OUTCOMES, end_state_shares, crowd_counts)),
    Step("whatifs", _what_if_parts, _what_ifs, (shares,)),
)
