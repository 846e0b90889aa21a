"""How a run of the shipped model is made and summed up."""

from __future__ import annotations

from sim.model.simulate import simulate
from sim.results.summary import summarise
from sim.runs.chunk import Recipe
from sim.world.build import build_world

STANDARD = Recipe(simulate, summarise, build_world)
