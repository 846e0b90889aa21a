"""The rule for one citizen as an object, shared by the frameworks that hold an object a citizen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from benchmarks.citizens.setting import News, Setting


@dataclass(slots=True)
class State:
    """What the citizens of a state have in common this month."""

    young_before: float = 0.0
    young: float = 0.4
    youth: float = 0.0
    elder: float = 0.0
    deprivation: float = 0.0
    weight: float = 0.0
    deterrence: float = 0.0
    force: float = 0.0
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """A locality: what its citizens see, and how many of them act."""

    state: State
    size: int = 0
    bar: float = 0.0
    fear: float = 0.0
    acting: int = 0


class CitizenRule:
    """A citizen's two methods; a framework's agent class is mixed in.

    Attributes: hardship, risk_aversion, attitude, succession, jail, place, rule; motive, act.
    """

    def live(self: Any) -> None:
        """Cohort, attitude, jail, and what is resented now."""
        place, rule = self.place, self.rule
        state = place.state
        view = self.attitude
        if self.succession < state.young:
            if self.succession >= state.young_before:
                view -= rule.cohort_gap
            view += state.youth
        else:
            view += state.elder
        self.attitude = view = min(max(view, -1.0), 1.0)
        if self.jail:
            self.jail -= 1
        at_odds = state.weight * view
        self.motive = self.hardship * state.deprivation + (
            at_odds if at_odds > 0 else at_odds * rule.congruence_relief
        )
        self.act = False

    def decide(self: Any) -> None:
        """Act or stay silent, given what is seen; opposition never shrinks within a cascade."""
        if self.act or self.jail:
            return
        place = self.place
        if self.motive - self.risk_aversion * place.fear >= place.bar:
            self.act = True
            place.acting += 1


class Streets:
    """States and localities, and the loop of the cascade over them.

    Parameters
    ----------
    setting : Setting
    """

    def __init__(self, setting: Setting) -> None:
        self.rule, self.citizens = setting.rule, setting.citizens
        self.states = [State() for _ in range(setting.states)]
        for state in self.states:
            state.places = [Place(state) for _ in range(setting.exposure.localities)]
        self.places = [place for state in self.states for place in state.places]

    def begin(self, news: News) -> None:
        """Tell every state its news."""
        for i, state in enumerate(self.states):
            state.young_before = state.young
            state.young += float(news.replacement[i]) * (1 - state.young)
            state.youth = float(1.5 * news.drift[i] + news.jolt[i])
            state.elder = float(0.5 * news.drift[i] + news.jolt[i])
            state.deprivation = float(1 - news.legitimacy[i])
            state.weight = float(-news.salience[i] * news.alignment[i])
            state.deterrence = float(news.deterrence[i])
            state.force = float(news.force[i])
        for place in self.places:
            place.acting = 0

    def look(self) -> int:
        """Let every locality see who acts now; return how many do."""
        p = self.rule
        everywhere = 0
        for state in self.states:
            total = sum(place.acting for place in state.places)
            everywhere += total
            for place in state.places:
                seen = p.national_exposure * total / self.citizens
                seen += (1 - p.national_exposure) * place.acting / place.size
                risk = 1 - math.exp(-p.arrest_constant * state.force / max(seen, 1 / self.citizens))
                place.bar, place.fear = p.threshold - p.conformity * seen, state.deterrence * risk
        return everywhere

    def participation(self) -> list[float]:
        """Return the share who act, by state."""
        return [sum(place.acting for place in state.places) / self.citizens for state in self.states]


def traits(setting: Setting, streets: Streets) -> list[dict[str, Any]]:
    """Return every citizen's attributes as Python numbers."""
    people = setting.population()
    columns = {
        name: getattr(people, name).tolist()
        for name in ("hardship", "risk_aversion", "attitude", "succession", "jail")
    }
    out = []
    for i, number in enumerate(setting.places().tolist()):
        place = streets.places[number]
        place.size += 1
        out.append({name: column[i] for name, column in columns.items()} | {"place": place})
    return out
