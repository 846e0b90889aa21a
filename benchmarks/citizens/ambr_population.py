"""ambr: the citizens as a population of columns, stepped vectorised."""

from __future__ import annotations

from typing import Any

import ambr

from benchmarks.citizens.setting import News, Setting
from benchmarks.citizens.vectorised import Rule

TRAITS = ("hardship", "risk_aversion", "attitude", "succession", "jail")


class Citizens(ambr.Model):
    """A model whose agents are the citizens."""

    def setup(self) -> None:
        """Add all citizens at once."""
        people = self.setting.population()
        columns = {name: getattr(people, name) for name in TRAITS}
        self.add_agents(people.hardship.size, **columns)

    def column(self, name: str) -> Any:
        """Return one column of all citizens."""
        return getattr(self.agents, name).to_numpy()

    def step_vectorized(self) -> None:
        """Live the month that `news` describes."""
        rule, news = self.rule, self.news
        attitude, jail = rule.live(news, *(self.column(name) for name in ("attitude", "succession", "jail")))
        self.agents.attitude, self.agents.jail = attitude, jail
        motive = rule.motive(news, self.column("hardship"), attitude, jail)
        self.participation = rule.participation(rule.cascade(news, motive, self.column("risk_aversion")))


class AmbrPopulation:
    """The model, stepped by hand."""

    def __init__(self, setting: Setting) -> None:
        self.model = Citizens({"steps": 10**6, "seed": 1, "show_progress": False}).cpu(mode="vectorized")
        self.model.setting, self.model.rule = setting, Rule(setting)
        self.model.setup()

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        self.model.news = news
        self.model.step_vectorized()
        participation: list[float] = self.model.participation
        return participation
