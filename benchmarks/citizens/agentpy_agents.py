"""agentpy: an agent per citizen in an `AgentList`."""

from __future__ import annotations

from typing import Any

import agentpy

from benchmarks.citizens.objects import CitizenRule, Streets, traits
from benchmarks.citizens.setting import News, Setting


class Citizen(CitizenRule, agentpy.Agent):
    """One citizen."""

    def setup(self, rule: Any, values: Any) -> None:
        """Take the next citizen's attributes."""
        self.rule, self.motive, self.act = rule, 0.0, False
        self.__dict__.update(next(values))


class AgentpyAgents:
    """An `agentpy.Model` whose agents are the citizens."""

    def __init__(self, setting: Setting) -> None:
        self.streets = Streets(setting)
        self.model = agentpy.Model()
        values = traits(setting, self.streets)
        self.agents = agentpy.AgentList(
            self.model, len(values), Citizen, rule=setting.rule, values=iter(values)
        )

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        streets = self.streets
        streets.begin(news)
        self.agents.live()
        before = -1
        while (now := streets.look()) != before:
            before = now
            self.agents.decide()
        return streets.participation()
