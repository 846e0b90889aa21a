"""Which shared parameters the record is asked about, and the wide priors they are drawn from.

A prior of the shared world says how far its author would still go; most are 15 % wide by habit. To let the
record speak, the parameters below are drawn from wider ones. All others are nuisance and keep their prior.
A parameter is here because theory ties it to a statistic that is on record; the fit then says which of them
the record can in fact recover.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sim.parameters import catalogue
from sim.parameters.parameter import Tag
from sim.parameters.priors import LogNormal, Normal, Prior
from sim.scenario import Scenario, Setting

SOURCE = "wide prior of the calibration"


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter that the record is asked about.

    Parameters
    ----------
    path : str
        Dotted path.
    spread : float
        Sigma of the lognormal prior around the shared default; standard deviation where the default is
        not positive.
    because : str
        What on record it should move.
    """

    path: str
    spread: float
    because: str

    @property
    def prior(self) -> Prior:
        """The wide prior, centred on the shared default."""
        default = catalogue()[self.path].default
        return LogNormal(default, self.spread) if default > 0 else Normal(default, self.spread)


ASKED: tuple[Asked, ...] = (
    Asked("citizens.threshold", 0.12, "how often challenges start"),
    Asked("citizens.conformity", 0.4, "how large challenges grow, and so whether they succeed"),
    Asked("citizens.congruence_relief", 0.4, "where challenges start: under which alignment"),
    Asked("challenges.focal_rate", 0.4, "how often challenges start, away from votes"),
    Asked("challenges.spark_scale", 0.4, "how often challenges start, away from votes"),
    Asked("challenges.theft_spark", 0.4, "how often challenges start, near votes"),
    Asked("challenges.defection_base", 0.6, "how often challenges bring the incumbent down"),
    Asked("challenges.defection_by_turnout", 0.4, "how often large challenges do"),
    Asked("challenges.defection_by_openness", 0.4, "where they do"),
    Asked("regimes.force_scale", 0.2, "how far repressive states are spared challenges"),
    Asked("regimes.concession_price", 0.4, "how often challenges end in concessions"),
    Asked("regimes.palace_coup_hazard", 0.5, "how often elites remove a leader"),
    Asked("regimes.turnover_ease", 0.3, "how often incumbents lose elections"),
    Asked("learning.emulation_rate", 0.5, "how far challenges come in waves"),
    Asked("succession.western_linkage", 0.4, "whom successors turn to"),
    Asked("succession.sponsor_reaction", 0.4, "whom successors turn to"),
    Asked("moscow.keep_weight", 0.4, "how often Moscow helps challenged regimes"),
    Asked("instruments.support_price", 0.5, "how often it backs them in words"),
    Asked("moscow.restoration_weight", 0.4, "territories integrated"),
    Asked("territories.loss_hazard", 0.6, "territories lost"),
    Asked("territories.autonomy_hazard", 0.6, "territories lost that have no patron"),
    Asked("war.window", 0.5, "wars"),
    Asked("alliance.entry_hazard", 0.5, "entries into the alliance"),
    Asked("alliance.lapse_hazard", 0.5, "exits from the alliance"),
    Asked("clashes.arbiter_effect", 0.4, "clashes between states"),
    Asked("rivals.adjustment", 0.4, "how fast alignment changes"),
)
"""In the order of the model."""


def widened(scenario: Scenario, asked: tuple[Asked, ...] = ASKED) -> Scenario:
    """Return a scenario with the wide priors where neither its thesis nor the scenario sets the parameter.

    A thesis's own prior on a parameter is its claim, and is left as it is; where the claim begins later, the
    wide prior holds until then.

    Raises
    ------
    ValueError
        If a path names no parameter of the model.
    """
    unknown = sorted({item.path for item in asked} - set(catalogue()))
    if unknown:
        raise ValueError(f"the model has no parameter {', '.join(unknown)}: mend {__name__}")
    settings = dict(scenario.parameters)
    for item in asked:
        wide = Setting(item.prior, Tag.ASSUMED, SOURCE)
        settings[item.path] = settings[item.path].over(wide) if item.path in settings else wide
    return dataclasses.replace(scenario, parameters=settings)
