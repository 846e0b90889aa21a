"""mesa-frames: the citizens as an agent set on a Polars data frame."""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from benchmarks.citizens.setting import News, Setting
from benchmarks.citizens.vectorised import Rule


class Citizens(AgentSetPolars):
    """All citizens; columns state and place tell where they live."""

    agents: pl.DataFrame

    def __init__(self, model: ModelDF, setting: Setting) -> None:
        super().__init__(model)
        people = setting.population()
        columns = {
            name: getattr(people, name)
            for name in ("hardship", "risk_aversion", "attitude", "succession", "jail")
        }
        size = people.hardship.size
        self.add(
            pl.DataFrame(
                {
                    "unique_id": np.arange(size),
                    **columns,
                    "state": np.repeat(np.arange(setting.states), setting.citizens),
                    "place": setting.places(),
                }
            )
        )
        self.rule = Rule(setting)

    def step(self) -> None:
        """Nothing: months come from outside."""

    def live(self, news: News) -> None:
        """Cohorts, attitude, jail, grievance, as one Polars expression each."""
        rule, p = self.rule, self.rule.parameters
        before = _by(rule.replaced, "state")
        rule.replaced = rule.replaced + news.replacement * (1 - rule.replaced)
        now = _by(rule.replaced, "state")
        youth = _by(1.5 * news.drift + news.jolt, "state")
        elder = _by(0.5 * news.drift + news.jolt, "state")
        young = pl.col("succession") < now
        heir = young & (pl.col("succession") >= before)
        moved = pl.col("attitude") + pl.when(young).then(youth).otherwise(elder)
        moved = moved - pl.when(heir).then(pl.lit(p.cohort_gap, pl.Float32)).otherwise(0.0)
        self.agents = self.agents.with_columns(
            attitude=moved.clip(-1, 1), jail=pl.max_horizontal("jail", pl.lit(1, pl.UInt8)) - 1
        )
        at_odds = _by(-news.salience * news.alignment, "state") * pl.col("attitude")
        relief = pl.lit(p.congruence_relief, pl.Float32)
        grievance = pl.col("hardship") * _by(1 - news.legitimacy, "state")
        grievance = grievance + pl.when(at_odds > 0).then(at_odds).otherwise(at_odds * relief)
        self.agents = self.agents.with_columns(
            motive=pl.when(pl.col("jail") > 0).then(pl.lit(-9, pl.Float32)).otherwise(grievance)
        )

    def cascade(self, news: News) -> list[float]:
        """Sweep from nobody to the least fixed point; return participation by state."""
        counts = np.zeros(self.rule.place_size.size)
        while True:
            bars, fears = self.rule.bars(news, counts)
            net = pl.col("motive") - pl.col("risk_aversion") * _by(fears, "place")
            self.agents = self.agents.with_columns(act=net >= _by(bars, "place"))
            after = (
                self.agents.group_by("place", maintain_order=True).agg(pl.col("act").sum())["act"].to_numpy()
            )
            if (after == counts).all():
                acting = after.reshape(self.rule.states, -1).sum(axis=1)
                return [float(share) for share in acting / self.rule.citizens]
            counts = after.astype(float)


def _by(values: np.ndarray[tuple[int], np.dtype[np.floating]], column: str) -> pl.Expr:
    """Give each citizen the number of his state or place."""
    return pl.lit(pl.Series(np.asarray(values, dtype=np.float32))).gather(pl.col(column))


class MesaFrames:
    """A `mesa_frames.ModelDF` with one agent set."""

    def __init__(self, setting: Setting) -> None:
        self.model = ModelDF()
        self.citizens = Citizens(self.model, setting)

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        self.citizens.live(news)
        return self.citizens.cascade(news)
