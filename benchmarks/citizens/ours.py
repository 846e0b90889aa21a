"""The shipped model's own citizen stage, called as its month calls it."""

from __future__ import annotations

from benchmarks.citizens.setting import News, Setting


class Shipped:
    """`sim.model.citizens.population.Population`."""

    def __init__(self, setting: Setting) -> None:
        self.people = setting.population()
        self.rule = setting.rule

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        self.people.live(self.rule, news.drift, news.jolt, news.replacement)
        self.people.watch(
            self.rule, news.legitimacy, news.salience, news.alignment, news.deterrence, news.force
        )
        return self.people.participation.tolist()
