"""The record, and the initial state it gives at any start month."""

from sim.world.build import build_world, describe
from sim.world.state import STATES, World

__all__ = ["STATES", "World", "build_world", "describe"]
