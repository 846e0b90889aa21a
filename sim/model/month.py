"""The month as data: every stage in order, what it does, and what it moves and notes.

`PostSovietSpace.step` runs the stages one after another. `sim show --month` and docs/MODEL.md print them,
and `sim diverge` says from them which rule stands behind a difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.model.citizens.outlook import citizens_live, citizens_watch
from sim.model.moscow.acts import consider
from sim.model.moscow.aims import possible_acts, returns
from sim.model.randomness import Process
from sim.model.record_followed import follow_record
from sim.model.regimes.movement import organise_all
from sim.model.regimes.regime import drift_all
from sim.model.regimes.succession import elite_politics
from sim.model.region.clashes import clashes, left_alone
from sim.model.region.realignment import accession, note_classes, realign
from sim.series import Words

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the month.

    Parameters
    ----------
    name : str
        In a word or two.
    run : callable
        Takes the model and returns nothing.
    what : str
        What it does, in a phrase.
    where : str
        File in ``sim/model`` that holds it.
    section : str
        Heading in docs/MODEL.md.
    moves : tuple of str
        Series that it moves in a month without events (`sim.series`).
    notes : tuple of str
        Kinds of event that it may note (`sim.model.events.EVENT_KINDS`); others may note them too.
    """

    name: str
    run: Callable[[PostSovietSpace], None]
    what: Words
    where: str
    section: Words
    moves: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


# -- stages that concern several parts of the model ------------------------------------------------


def regimes_drift(space: PostSovietSpace) -> None:
    """Every regime's standing drifts by one month, with the month's shock to its performance."""
    moscow = space.moscow
    shocks = space.numbers.normals(Process.PERFORMANCE, space.tick, len(space.regimes))
    drift_all(space.rows.regimes, space.rules, moscow.free_capacity, moscow.standing, shocks)


def movements_organise(space: PostSovietSpace) -> None:
    """Every movement's resources move toward what can be supported."""
    organise_all(space.rows.movements, space.rows.regimes, space.rules)


def territories_depend(space: PostSovietSpace) -> None:
    """Economic ties of territories to Moscow build up or fade."""
    for territory in space.territories:
        territory.depend()


def moscow_acts(space: PostSovietSpace) -> None:
    """Moscow weighs all that it could do outside challenges together."""
    consider(space, [*possible_acts(space), *space.mediations])


# -- the schedule ----------------------------------------------------------------------------------

MONTH: tuple[Stage, ...] = (
    Stage(
        "record", follow_record, "in historical runs, each January: fundamentals as recorded",
        "record_followed.py", "The month",
    ),
    Stage(
        "claims", lambda space: space.onsets.begin(), "claims begin to hold whose start has come",
        "onsets.py", "The month", notes=("claim",),
    ),
    Stage(
        "timeline", lambda space: space.timeline.apply(), "the scenario's own events",
        "timeline.py", "The month",
        notes=(
            "timeline", "challenge_ended", "election", "succession", "successor", "membership", "territory",
            "garrison", "war", "moscow_leader",
        ),
    ),
    Stage(
        "wars", lambda space: space.wars.run_month(),
        "wars drain Moscow and send garrisons home: setbacks, unease of partners, recall, end",
        "moscow/wars.py", "Moscow",
        moves=("war_load", "ukraine_war_load", "other_wars_load", "free_capacity", "garrison"),
        notes=("war", "territory", "garrison"),
    ),
    Stage(
        "means", lambda space: space.moscow.begin_month(space.wars.load),
        "Moscow takes stock of its means: capacity, standing, budgets, the leader's age",
        "moscow/moscow.py", "Moscow", moves=("standing",), notes=("moscow_leader",),
    ),
    Stage(
        "attitudes", citizens_live, "citizens' attitudes and cohorts move",
        "citizens/outlook.py", "Citizens", moves=("attitude", "young_share"),
    ),
    Stage(
        "regimes", regimes_drift, "the regime's standing drifts", "regimes/regime.py", "Regimes",
        moves=("legitimacy", "cohesion", "security_loyalty", "preparedness", "dependence"),
    ),
    Stage("movements", movements_organise, "movements organise", "regimes/movement.py", "Regimes"),
    Stage(
        "territories", territories_depend, "economic ties bind territories to Moscow",
        "region/territory.py", "Alignment, arms, campaigns",
    ),
    Stage(
        "elites", elite_politics, "elites remove leaders or hand over", "regimes/succession.py", "Regimes",
        notes=("succession", "defection", "fall", "successor", "challenge_ended"),
    ),
    Stage(
        "campaigns", lambda space: space.focal_events.campaign(), "outside organisers help movements",
        "regimes/focal_events.py", "Regimes", notes=("campaign",),
    ),
    Stage(
        "elections", lambda space: space.focal_events.vote_where_due(), "elections that fall due are held",
        "regimes/focal_events.py", "Regimes", notes=("election", "successor", "challenge_ended"),
    ),
    Stage(
        "sparks", lambda space: space.focal_events.gather(),
        "elections and other focal events give sparks", "regimes/focal_events.py", "Regimes",
    ),
    Stage(
        "cascade", citizens_watch, "citizens decide whether to oppose in public",
        "citizens/outlook.py", "Citizens", moves=("falsification", "participation"),
    ),
    Stage(
        "openings", lambda space: space.challenges.begin(), "a challenge opens where enough of them do",
        "regimes/challenges.py", "Citizens", notes=("challenge", "flare"),
    ),
    Stage(
        "challenges", lambda space: space.challenges.run_month(),
        "open challenges run week by week, and Moscow weighs help for all of them together",
        "regimes/challenges.py", "Regimes",
        notes=(
            "challenge_ended", "response", "request", "instrument", "refusal", "defection", "fall",
            "successor", "purge",
        ),
    ),
    Stage(
        "clashes", clashes, "states clash where nobody arbitrates",
        "region/clashes.py", "Alignment, arms, campaigns",
        notes=("clash",),
    ),
    Stage(
        "acts", moscow_acts,
        "Moscow weighs its other acts together: territories, integration, war, mediation",
        "moscow/acts.py", "Moscow",
        moves=("troops_free", "money_free"),
        notes=("instrument", "membership", "territory", "garrison", "war"),
    ),
    Stage(
        "left alone", left_alone, "whom Moscow left alone in a clash turns away", "region/clashes.py",
        "Alignment, arms, campaigns", notes=("territory",),
    ),
    Stage(
        "returns", returns, "hosts retake territories that Moscow no longer covers", "moscow/aims.py",
        "Alignment, arms, campaigns", notes=("territory",),
    ),
    Stage(
        "alignment", realign, "alignment moves toward the regime's line", "region/realignment.py",
        "Alignment, arms, campaigns", moves=("alignment", "influence"),
    ),
    Stage(
        "accession", accession, "states move toward NATO, and may be taken in", "region/realignment.py",
        "Alignment, arms, campaigns", notes=("membership",),
    ),
    Stage(
        "classes", note_classes, "each December, changes of a state's alignment class are noted",
        "region/realignment.py", "Alignment, arms, campaigns", notes=("realignment",),
    ),
    Stage(
        "memberships", lambda space: space.alliance.review_membership(),
        "states join and leave organisations", "region/alliance.py", "Alignment, arms, campaigns",
        moves=("csto_members", "csto_trust"), notes=("membership",),
    ),
    Stage(
        "recording", lambda space: space.recorder.record(), "the month is written down",
        "recorder.py", "The month",
    ),
)  # fmt: skip
"""Every stage of a month, in order. Inside ``challenges`` each week has stages of its own
(`sim.model.regimes.challenges.WEEK`)."""


def stage(name: str) -> Stage:
    """Return a stage of the month by its name."""
    return next(stage for stage in MONTH if stage.name == name)
