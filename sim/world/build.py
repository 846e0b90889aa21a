"""The world at any start month, from the record, and as a table."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sim.months import Month
from sim.world.elections import (
    announced_votes,
    election_term,
    executive_elections,
    months_since_election,
    months_since_parliament,
    parliament_term,
    parliamentary_elections,
)
from sim.world.moscow import moscow_record, war_history, war_state
from sim.world.people import closeness, russian_share, titular_attitude, young_share
from sim.world.places import dyad_records, territory_records
from sim.world.record import Snapshot, load_record
from sim.world.rulers import (
    challenge_open,
    civil_society,
    cohesion,
    corruption,
    density,
    leader,
    legitimacy,
    loyalty,
    months_quiet,
    openness,
    passing_cohesion,
    passing_legitimacy,
    past_challenges,
    preparedness,
    recent_challenges,
    rents,
    severity_of_repression,
    tenure_bond,
    unfair_votes,
    unseen_corruption,
)
from sim.world.state import STATES, Estimate, MoscowRecord, StateRecord, World
from sim.world.ties import (
    alignment,
    burden,
    china_exposure,
    dependence,
    nato_course,
    past_alignment_change,
    place,
    strategic_value,
    turkey_exposure,
    west_exposure,
)

if TYPE_CHECKING:
    import pandas as pd


# -- the world at any start month, from the record -------------------------------------------------

FIRST, LAST = Month.of(1992, 1), Month.of(2025, 1)
"""Months on whose first day the world is known: those of the record, and the one after."""

ORGANISATIONS = frozenset({"CIS", "CSTO", "EAEU", "GUAM", "EU", "NATO", "SCO"})


def build_world(start: Month) -> World:
    """Return everything the record says on the first day of a month.

    Parameters
    ----------
    start : Month
        1992-01 to 2025-01.

    Raises
    ------
    ValueError
        If the start is outside the record.
    """
    if not FIRST <= start <= LAST:
        raise ValueError(f"start {start} is outside the record: {FIRST} to {LAST}")
    snapshot = Snapshot(load_record(), start)
    return World(
        start=start,
        states=tuple(_state(snapshot, code) for code in STATES),
        territories=territory_records(snapshot),
        dyads=dyad_records(snapshot),
        moscow=moscow_record(snapshot),
        closeness=closeness(snapshot),
        elections=executive_elections(snapshot.record),
        parliamentary_elections=parliamentary_elections(snapshot.record),
        war_history=war_history(snapshot.record),
        war_state=war_state(snapshot.record),
    )


def _state(snapshot: Snapshot, code: str) -> StateRecord:
    row = place(snapshot, code)
    ruler = leader(snapshot, code)
    garrison = snapshot.spell("garrisons", code)
    unity, reliance = cohesion(snapshot, code), dependence(snapshot, code)
    young, growth = young_share(snapshot, code)
    return StateRecord(
        code=code,
        name=str(row["name"]),
        region=str(row["region"]),
        population=snapshot.value("population_million", code),
        openness=openness(snapshot, code),
        corruption=corruption(snapshot, code),
        legitimacy=legitimacy(snapshot, code),
        cohesion=unity,
        passing_legitimacy=passing_legitimacy(snapshot, code),
        passing_cohesion=passing_cohesion(snapshot, code),
        tenure_bond=tenure_bond(snapshot, code),
        security_loyalty=loyalty(unity, reliance),
        civil_society=civil_society(snapshot, code),
        repression=severity_of_repression(snapshot, code),
        unfair_votes=unfair_votes(snapshot, code),
        unseen_corruption=unseen_corruption(snapshot, code),
        past_challenges=past_challenges(snapshot, code),
        recent_challenges=recent_challenges(snapshot, code),
        months_quiet=months_quiet(snapshot, code),
        challenge_open=challenge_open(snapshot, code),
        security_density=density(snapshot, code),
        rents=rents(snapshot, code),
        preparedness=preparedness(snapshot, code),
        dependence=reliance,
        alignment=alignment(snapshot, code),
        past_alignment_change=past_alignment_change(snapshot, code),
        titular_attitude=titular_attitude(snapshot, code),
        russian_share=russian_share(snapshot, code),
        young_share=young,
        young_share_growth=growth,
        clan_politics=float(row["clan_politics"]),
        strategic_value=strategic_value(snapshot, code),
        burden=burden(snapshot, code),
        west_exposure=west_exposure(snapshot, code),
        china_exposure=china_exposure(snapshot, code),
        turkey_exposure=turkey_exposure(snapshot, code),
        nato_course=nato_course(snapshot, code),
        leader=ruler.name,
        leader_age=ruler.age,
        leader_tenure=ruler.tenure,
        election_term=election_term(snapshot, code),
        months_since_election=months_since_election(snapshot, code),
        parliament_term=parliament_term(snapshot, code),
        months_since_parliament=months_since_parliament(snapshot, code),
        announced_votes=announced_votes(snapshot, code),
        memberships=snapshot.memberships(code) & ORGANISATIONS,
        garrison=float(garrison["thousand_troops"]) if garrison else 0.0,
        garrison_consented=bool(garrison["consented"]) if garrison else True,
    )


# -- the initial state as a table, for `sim show` --------------------------------------------------


def describe(world: World) -> pd.DataFrame:
    """Return one row a state (or Moscow, RUS) and estimated quantity.

    Returns
    -------
    DataFrame
        Columns state, quantity, mean, sd, low, high, tag, source.
    """
    import pandas as pd  # noqa: PLC0415 - importing the package stays fast

    owners: list[tuple[str, StateRecord | MoscowRecord]] = [
        *((state.code, state) for state in world.states),
        ("RUS", world.moscow),
    ]
    rows = []
    for code, owner in owners:
        for item in fields(owner):
            value = getattr(owner, item.name)
            if isinstance(value, Estimate):
                rows.append(
                    (
                        code,
                        item.name,
                        value.mean,
                        value.sd,
                        value.low,
                        value.high,
                        str(value.tag),
                        value.source,
                    )
                )
    return pd.DataFrame(rows, columns=["state", "quantity", "mean", "sd", "low", "high", "tag", "source"])
