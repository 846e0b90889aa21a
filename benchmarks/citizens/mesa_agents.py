"""Plain Mesa: an agent per citizen, activated in order (shuffling would take twice as long)."""

from __future__ import annotations

from typing import Any

import mesa

from benchmarks.citizens.objects import CitizenRule, Streets, traits
from benchmarks.citizens.setting import News, Setting


class Citizen(CitizenRule, mesa.Agent):
    """One citizen."""

    def __init__(self, model: mesa.Model, rule: Any, values: dict[str, Any]) -> None:
        super().__init__(model)
        self.rule, self.motive, self.act = rule, 0.0, False
        self.__dict__.update(values)


class MesaAgents:
    """A `mesa.Model` whose agents are the citizens."""

    def __init__(self, setting: Setting) -> None:
        self.streets = Streets(setting)
        self.model = mesa.Model(rng=1)
        for values in traits(setting, self.streets):
            Citizen(self.model, setting.rule, values)

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        agents, streets = self.model.agents, self.streets
        streets.begin(news)
        agents.do("live")
        before = -1
        while (now := streets.look()) != before:
            before = now
            agents.do("decide")
        return streets.participation()
