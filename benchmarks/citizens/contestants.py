"""Everyone who takes part, by name; those not installed are named as such."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.citizens.setting import Contestant


@dataclass(frozen=True, slots=True)
class Entry:
    """A contestant's name, its adapter, and whether it holds an object a citizen."""

    name: str
    adapter: str
    objects: bool = False


OURS = "shipped model"
C = "C, -O3 -march=native"
MESA = "Mesa, an agent a citizen"
NOT_PEERS = (OURS, C, "C, -ffast-math too", MESA, "NumPy")

ENTRIES = (
    Entry(OURS, "ours.Shipped"),
    Entry(C, "compiled.Compiled"),
    Entry("C, -ffast-math too", "compiled.CompiledFastMath"),
    Entry("NumPy", "vectorised.Vectorised"),
    Entry(MESA, "mesa_agents.MesaAgents", objects=True),
    Entry("agentpy", "agentpy_agents.AgentpyAgents", objects=True),
    Entry("mesa-frames", "mesa_frames_set.MesaFrames"),
    Entry("ambr", "ambr_population.AmbrPopulation"),
    Entry("starsim", "starsim_people.StarsimPeople"),
)


def installed() -> Iterator[tuple[Entry, type[Contestant] | ImportError]]:
    """Yield each entry with its class, or with why it cannot take part."""
    for entry in ENTRIES:
        module, name = entry.adapter.split(".")
        try:
            yield entry, getattr(importlib.import_module(f"benchmarks.citizens.{module}"), name)
        except ImportError as error:
            yield entry, error
