"""The means of repression: how much, how loyal, how well prepared."""

from __future__ import annotations

from sim.world.regime import closedness
from sim.world.scales import bounded, log_ramp, ramp, root_sum_square
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate


def repression(snapshot: Snapshot, state: str) -> float:
    """How repressive the state is, 0-1.

    0.6 of V-Dem civil-society repression (from 2.9, none, to -2.2), 0.2 of Fariss's latent protection of
    physical integrity (from 3.0 to -1.5), 0.2 of the autonomy opposition parties lack (from 2.7 to -3.1).
    The ends are those of the record from 1991 on, Russia left out.
    """
    society = ramp(snapshot.value("civil_society_freedom", state), 2.9, -2.2)
    bodies = ramp(snapshot.value("physical_integrity", state), 3.0, -1.5)
    parties = ramp(snapshot.value("party_autonomy", state), 2.7, -3.1)
    return 0.6 * society + 0.2 * bodies + 0.2 * parties


def density(snapshot: Snapshot, state: str) -> Estimate:
    """Repressive capacity against the street, about 0.025 to 0.11: will times means.

    0.025 + 0.10 repression² (0.5 + 0.5 means), means rising with GDP a head from 2,500 to 20,000 dollars.
    Squared, because a small force can police a free country but not silence a closed one. The scale is that
    of the model's rule of deterrence and has no unit in the record. sd 20 %, more where data are carried.
    """
    will = repression(snapshot, state)
    means = log_ramp(snapshot.value("gdp_per_head", state), 2500, 20_000)
    mean = 0.025 + 0.10 * will**2 * (0.5 + 0.5 * means)
    carried = snapshot.carried_error(
        state,
        {"civil_society_freedom": 0.6 / 5.1, "physical_integrity": 0.2 / 4.5, "party_autonomy": 0.2 / 5.8},
    )
    sd = root_sum_square((0.2 * mean, 0.2 * will * carried))
    source = "proxy: V-Dem repression and party autonomy, Fariss protection, GDP a head"
    return bounded(mean, sd, source, low=0.005, high=0.15)


def loyalty(cohesion: Estimate, dependence: Estimate) -> Estimate:
    """Loyalty of the security services: 0.4 + 0.4 cohesion + 0.1 dependence, the model's own resting point.

    sd 0.08. Officers follow elites who look united, and a patron's guarantee adds to it.
    """
    mean = 0.4 + 0.4 * cohesion.mean + 0.1 * dependence.mean
    return bounded(mean, 0.08, "proxy: elite cohesion and dependence on Moscow")


def preparedness(snapshot: Snapshot, state: str) -> Estimate:
    """Measures against an uprising: 0.10 + 0.12 repression + 0.18 closed learned.

    ``learned`` rises from 0 at the start of 2004 to 1 at the end of 2006: closed regimes studied the colour
    revolutions of 2003 to 2005 (Beissinger 2007). sd 0.08.
    """
    learned = ramp(snapshot.start.year + snapshot.start.month / 12, 2004, 2007)
    mean = 0.10 + 0.12 * repression(snapshot, state) + 0.18 * closedness(snapshot, state) * learned
    return bounded(mean, 0.08, "proxy: repression, closedness, years since the colour revolutions")
