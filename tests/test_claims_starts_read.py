"""Which parameters act at the start of a run alone: those that no rule reads later."""

import inspect
import sys

import sim.model.model
from sim.model.simulate import build
from sim.scenario import load
from sim.scenario.starts import ONLY_AT_THE_START


class Reading:
    """Parameters that note which of them are read."""

    def __init__(self, known, notes, prefix=""):
        self.known, self.notes, self.prefix = known, notes, prefix

    def __getattr__(self, name):
        value = getattr(self.known, name)
        if isinstance(value, float):
            self.notes.add(f"{self.prefix}{name}")
            return value
        return value if callable(value) else Reading(value, self.notes, f"{name}.")


def uncompiled(monkeypatch):
    """Run as Python, on the parameters themselves, every compiled loop that is given rules."""
    loops = 0
    model = [module for name, module in sys.modules.items() if name.startswith("sim.model.")]
    for module in model:
        for name, function in list(vars(module).items()):
            plain = getattr(function, "py_func", None)
            if plain is not None and "rules" in inspect.signature(plain).parameters:
                monkeypatch.setattr(module, name, plain)
                loops += 1
    assert loops > 3
    monkeypatch.setattr("sim.model.model.rules_of", lambda parameters: [parameters])


def test_what_acts_at_the_start_alone_is_what_no_rule_reads_later(monkeypatch):
    uncompiled(monkeypatch)
    notes: set[str] = set()
    drawn = sim.model.model.draw_parameters

    def noted(numbers, priors):
        parameters, values = drawn(numbers, priors)
        return Reading(parameters, notes), values

    monkeypatch.setattr("sim.model.model.draw_parameters", noted)
    at_the_start, later = set(), set()
    for name, start in (("what-if/war-as-recorded", "2010-01"), ("baseline", "1996-01")):
        notes.clear()
        space = build(load(name, ["citizens=100", f"start={start}", "years=14"]), 0)
        at_the_start |= notes
        notes.clear()
        space.run()
        later |= notes
    assert at_the_start - later == set(ONLY_AT_THE_START)
