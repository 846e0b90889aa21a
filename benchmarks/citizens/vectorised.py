"""The rule on whole NumPy arrays: what a user of an array framework writes, all states at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.citizens.setting import News, Setting

Column = NDArray[Any]


class Rule:
    """The month's formulas over columns of citizens.

    Parameters
    ----------
    setting : Setting
    """

    def __init__(self, setting: Setting) -> None:
        self.parameters = setting.rule
        self.citizens, self.states = setting.citizens, setting.states
        self.places = setting.places()
        self.localities = setting.exposure.localities
        self.place_size = np.bincount(self.places).astype(float)
        self.replaced = np.full(setting.states, 0.4)

    def live(self, news: News, attitude: Column, succession: Column, jail: Column) -> tuple[Column, Column]:
        """Return attitude and jail after a month."""
        before = np.repeat(self.replaced.astype(np.float32), self.citizens)
        self.replaced += news.replacement * (1 - self.replaced)
        now = np.repeat(self.replaced.astype(np.float32), self.citizens)
        young = succession < now
        youth, elder = (self._each(k * news.drift + news.jolt) for k in (1.5, 0.5))
        gap = np.float32(self.parameters.cohort_gap)
        heirs = young & (succession >= before)
        view = attitude - gap * heirs + np.where(young, youth, elder)
        return np.clip(view, -1, 1), np.maximum(jail, 1) - 1

    def motive(self, news: News, hardship: Column, attitude: Column, jail: Column) -> Column:
        """Return grievance; that of the jailed is below every bar."""
        at_odds = self._each(-news.salience * news.alignment) * attitude
        relief = np.float32(self.parameters.congruence_relief)
        grievance = hardship * self._each(1 - news.legitimacy) + np.where(
            at_odds > 0, at_odds, at_odds * relief
        )
        return np.where(jail > 0, np.float32(-9), grievance)

    def bars(self, news: News, counts: Column) -> tuple[Column, Column]:
        """Return each locality's bar and fear, given how many act in each."""
        p = self.parameters
        total = counts.reshape(self.states, -1).sum(axis=1) / self.citizens
        seen = p.national_exposure * np.repeat(total, self.localities)
        seen = seen + (1 - p.national_exposure) * counts / self.place_size
        force = np.repeat(news.force, self.localities)
        deterrence = np.repeat(news.deterrence, self.localities)
        risk = 1 - np.exp(-p.arrest_constant * force / np.maximum(seen, 1 / self.citizens))
        return (p.threshold - p.conformity * seen).astype(np.float32), (deterrence * risk).astype(np.float32)

    def cascade(self, news: News, motive: Column, risk_aversion: Column) -> Column:
        """Return who acts at the least fixed point, swept from nobody."""
        counts: Column = np.zeros(self.place_size.size)
        while True:
            bars, fears = self.bars(news, counts)
            act: Column = motive - risk_aversion * fears[self.places] >= bars[self.places]
            after = np.bincount(self.places, weights=act)
            if (after == counts).all():
                return act
            counts = after

    def participation(self, act: Column) -> list[float]:
        """Return the share who act, by state."""
        shares: list[float] = act.reshape(self.states, -1).mean(axis=1).tolist()
        return shares

    def _each(self, by_state: Column) -> Column:
        """Give each citizen the number of his state."""
        return np.repeat(by_state.astype(np.float32), self.citizens)


class Vectorised:
    """NumPy alone, without a framework."""

    def __init__(self, setting: Setting) -> None:
        self.rule, self.people = Rule(setting), setting.population()

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        p, rule = self.people, self.rule
        p.attitude, p.jail = rule.live(news, p.attitude, p.succession, p.jail)
        motive = rule.motive(news, p.hardship, p.attitude, p.jail)
        return rule.participation(rule.cascade(news, motive, p.risk_aversion))
