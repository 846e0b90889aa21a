"""What tests do to a small model: open challenges by hand, change parameters, read the ledger."""

import yaml

from sim.model.moscow.instruments import RESCUE_LADDER
from sim.model.regimes.challenge import OpenChallenge
from sim.model.regimes.responses import Around
from sim.model.region.alliance import ALLIANCE
from sim.model.region.powers import strongest
from sim.model.trace import Challenge
from sim.scenario import library

_RUNGS = {rung.name: rung for rung in RESCUE_LADDER}
SUPPORT, LOAN = _RUNGS["political_support"], _RUNGS["loan"]
SECURITY, DEPLOYMENT = _RUNGS["security_help"], _RUNGS["csto_deployment"]

FIRST_VERSION = yaml.safe_load(library.find("first-version").read_text())["parameters"]
"""Parameters of the shared world of version 0.1, as a scenario file gives them: no later rule is on."""


def open_challenge(space, code="KAZ", spark=0.4, participation=None):
    """Open a challenge in a state by hand and return it."""
    regime = space.regime(code)
    record = Challenge(len(space.challenges.records), code, space.tick, "shock")
    space.challenges.records.append(record)
    challenge = OpenChallenge(regime, space.movements[regime.index], spark, record, space.tick)
    challenge.take_to_the_street(space)
    if participation is not None:
        challenge.participation = participation
    space.challenges.open[regime.index] = challenge
    return challenge


def gain(response, challenge, space):
    """Return what a response adds to survival, log-odds."""
    regime = challenge.regime
    around = Around(
        space.alliance.cover(regime), ALLIANCE in regime.memberships,
        strongest([power.pulls for power in space.powers], regime.index)[1], space.moscow.standing,
    )  # fmt: skip
    return response.gain(challenge, regime, around, space.parameters)


def cost(response, challenge, space):
    """Return what a response costs the regime, log-odds."""
    return response.cost(challenge.regime, space.parameters.regimes)


def change(space, **values):
    """Set parameters given as section__name."""
    space.parameters = space.parameters.replace(
        {name.replace("__", "."): value for name, value in values.items()}
    )


def kinds(space):
    return [event.kind for event in space.ledger.events]


EAGER = {  # Moscow helps whom it can: nothing has a price, and it does not err
    "moscow__decisiveness": 200.0, "moscow__keep_weight": 5.0, "moscow__observation_error": 0.0,
    "moscow__price_of_resources": 0.0, "moscow__first_deployment_price": 0.0, "moscow__burden_aversion": 0.0,
    "instruments__support_price": 0.0, "instruments__loan_price": 0.0, "instruments__security_price": 0.0,
    "instruments__deployment_price": 0.0, "moscow__most_attention": 1.0,
}  # fmt: skip


def eager(situation, *codes, **keys):
    """Return an eager Moscow, and a friendly regime in danger that has called it for each code."""
    space = situation(**keys)
    change(space, **EAGER)
    space.moscow.begin_month(0.0)
    challenges = []
    for code in codes:
        challenge = open_challenge(space, code, participation=0.4)
        challenge.requested = True
        regime = challenge.regime
        regime.alignment, regime.strategic_value, regime.dependence = 0.7, 0.8, 0.6
        regime.cohesion, regime.security_loyalty, regime.openness, regime.preparedness = 0.4, 0.4, 0.2, 0.0
        regime.memberships.add("CSTO")
        challenges.append(challenge)
    return space, challenges


def net_value(space, instrument, challenge):
    danger = space.moscow._danger(challenge, 0.0)
    return space.moscow._net_value(space.moscow._offer(instrument, challenge, danger))


def sent(space):
    """Return what Moscow did, as (state, instrument)."""
    return [(e.target, e.detail) for e in space.ledger.events if e.kind == "instrument"]


def refused(space):
    return [event.target for event in space.ledger.events if event.kind == "refusal"]


def gather_sparks(space):
    """Run the stages that bring people out: campaigns, elections, other focal events."""
    space.focal_events.campaign()
    space.focal_events.vote_where_due()
    space.focal_events.gather()
