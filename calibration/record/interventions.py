"""What Moscow openly did in or to a state, from several tables, in the words of `INTERVENTIONS`.

Mediation between two states is not in the record: no list of it was at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from calibration.history import Challenge, Observation
from sim.months import Month
from sim.world.record import load_record


def interventions(
    challenges: Iterable[Challenge],
    deployments: Iterable[Observation],
    territories: Iterable[Observation],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Iterator[Observation]:
    """Yield what Moscow did.

    Parameters
    ----------
    challenges : iterable of Challenge
        With the support that the incumbent got.
    deployments : iterable of Observation
        Of the alliance.
    territories : iterable of Observation
        Changes of status, by territory.
    tables : mapping of str to rows
        ``interventions`` and ``memberships``.
    """
    for challenge in challenges:
        if challenge.support != "none":
            yield Observation(challenge.month, challenge.state, challenge.support)
    for deployment in deployments:
        yield Observation(deployment.month, deployment.subject, "troops")
    for row in tables["interventions"]:
        in_civil_war = "territory" if row["territory"] else "troops"
        kind = "war" if row["kind"] == "war" else in_civil_war
        yield Observation(Month.parse(str(row["start"])[:7]), str(row["state"]), kind)
    places = load_record().rows["territories"]
    hosts = {str(row["territory"]): str(row["host"]) for row in places}
    patrons = {str(row["territory"]): str(row["patron"]) for row in places}
    for change in territories:
        if change.detail in ("upgraded", "integrated") and patrons[change.subject] == "RUS":
            yield Observation(change.month, hosts[change.subject], "territory")
    for spell in tables["memberships"]:
        if spell["organisation"] == "EAEU":
            yield Observation(Month.parse(str(spell["start"])[:7]), str(spell["state"]), "integration")
