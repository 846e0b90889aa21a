"""starsim: the citizens as people whose states are arrays of a module."""

from __future__ import annotations

import starsim

from benchmarks.citizens.setting import News, Setting
from benchmarks.citizens.vectorised import Rule

TRAITS = ("hardship", "risk_aversion", "attitude", "succession", "jail")


class Citizens(starsim.Module):
    """The citizens' rule as a module."""

    def __init__(self) -> None:
        super().__init__()
        self.define_states(*(starsim.FloatArr(name) for name in TRAITS), starsim.BoolState("act"))

    def month(self, rule: Rule, news: News) -> list[float]:
        """Live one month; return participation by state."""
        self.attitude[:], self.jail[:] = rule.live(
            news, self.attitude.values, self.succession.values, self.jail.values
        )
        motive = rule.motive(news, self.hardship.values, self.attitude.values, self.jail.values)
        self.act[:] = rule.cascade(news, motive, self.risk_aversion.values)
        return rule.participation(self.act.values)


class StarsimPeople:
    """A `starsim.Sim` with one module."""

    def __init__(self, setting: Setting) -> None:
        self.rule = Rule(setting)
        people = setting.population()
        self.citizens = Citizens()
        self.sim = starsim.Sim(
            n_agents=people.hardship.size, modules=self.citizens, verbose=0, copy_inputs=False
        )
        self.sim.init()
        for name in TRAITS:
            getattr(self.citizens, name)[:] = getattr(people, name)

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        return self.citizens.month(self.rule, news)
