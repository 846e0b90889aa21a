"""The outcomes of one run, computed from its history alone; `OUTCOMES` defines each."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from sim.instruments import INSTRUMENTS, RESCUE_INSTRUMENTS
from sim.measures.challenges import client_challenges, emulation_ratio
from sim.measures.definitions import (
    CLANS_RULE,
    CLIENT_ALIGNMENT,
    CONTAGION_WINDOW,
    DEFECTION_WINDOW,
    NEAR_ELECTION,
    OUTCOMES,
    WAR_LOAD,
)
from sim.model.trace import Event, History
from sim.series import INTEGRATED, INTEGRATED_WEIGHT
from sim.world.state import World

_NAN = float("nan")
ALLIANCE = "CSTO"
_MOSCOWS_CLUBS = ("CIS", "CSTO", "EAEU")


def outcomes(history: History, world: World) -> dict[str, float]:
    """Sum up one run.

    Parameters
    ----------
    history : History
    world : World
        Read for the states' regions, kinds of opposition and memberships at the start.

    Returns
    -------
    dict of str to float
        Every name of `OUTCOMES`, in its order; NaN where an outcome is undefined.
    """
    baltic = {state.code for state in world.states if state.region == "Baltic"}
    region = [code for code in history.states if code not in baltic]
    ledger = _Ledger(history.events)
    values: dict[str, float] = {
        **_uprisings(ledger, region, _length(history)),
        "member_uprising_rate": _member_uprising_rate(ledger, world, _length(history)),
        "baltic_falls": ledger.count("fall", targets=baltic),
        **_successors(ledger, region),
        **_realignments(ledger),
        **_alignment(history, region),
        **_acts(ledger),
        "instrument_variety": _instrument_variety(ledger),
        **_campaigns(ledger, world),
        **_clients(history, region),
        **_wars(history, ledger),
        **_rest(history, ledger),
    }
    return {name: float(values[name]) for name in OUTCOMES}


@dataclass(frozen=True, slots=True)
class _Ledger:
    events: list[Event]

    def of(
        self, kind: str, *details: str, targets: Collection[str] | None = None, actors: Collection[str] = ()
    ) -> list[Event]:
        """Return events of a kind, with one of the details, targets and actors where any are given."""
        return [
            event
            for event in self.events
            if event.kind == kind
            and (not details or event.detail in details)
            and (targets is None or event.target in targets)
            and (not actors or event.actor in actors)
        ]

    def count(
        self, kind: str, *details: str, targets: Collection[str] | None = None, actors: Collection[str] = ()
    ) -> int:
        """Return how many events `of` finds."""
        return len(self.of(kind, *details, targets=targets, actors=actors))

    def precedes(self, later: Event, kinds: Collection[str], window: int) -> bool:
        """Whether an event of some kind came before a fall or challenge in its state, that many months."""
        for event in self.events:
            if event is later:
                return False
            if (
                event.kind in kinds
                and event.target == later.target
                and 0 <= later.tick - event.tick <= window
            ):
                return True
        return False


def _length(history: History) -> int:
    return len(history.moscow["influence"])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else _NAN


def _uprisings(ledger: _Ledger, region: list[str], months: int) -> dict[str, float]:
    state_years = len(region) * months / 12
    begun = ledger.of("challenge", targets=region)
    challenges = len(begun)
    falls = ledger.of("fall", "street", targets=region)
    elite = ledger.count("fall", "elite", targets=region)
    near = sum(ledger.precedes(fall, ("election", "succession"), NEAR_ELECTION) for fall in falls)
    begun_near = sum(ledger.precedes(event, ("election", "succession"), NEAR_ELECTION) for event in begun)
    defected = sum(ledger.precedes(fall, ("defection",), DEFECTION_WINDOW) for fall in falls)
    by_state = Counter(fall.target for fall in falls)
    return {
        "challenges": challenges,
        "uprising_rate": _share(challenges, state_years),
        "street_falls": len(falls),
        "elite_falls": elite,
        "falls": len(falls) + elite,
        "fall_rate": _share(len(falls), state_years),
        "success_ratio": _share(len(falls), challenges),
        "months_to_first_fall": falls[0].tick if falls else months,
        "falls_near_election": _share(near, len(falls)),
        "contagion_ratio": contagion_ratio([fall.tick for fall in falls], months),
        "challenges_near_election": _share(begun_near, challenges),
        "emulation_ratio": emulation_ratio(begun, falls, region, months),
        "defection_before_fall": _share(defected, len(falls)),
        "top_state_share": _share(max(by_state.values(), default=0), len(falls)),
    }


def _member_uprising_rate(ledger: _Ledger, world: World, months: int) -> float:
    """Count challenges to members of the alliance per year of membership; a month counts as it began."""
    joined = {state.code: 0 for state in world.states if ALLIANCE in state.memberships}
    challenges = member_months = 0
    for event in ledger.events:
        if event.kind == "challenge":
            challenges += event.target in joined
        elif event.kind == "membership" and event.target == ALLIANCE:
            if event.detail == "joined":
                joined.setdefault(event.actor, event.tick + 1)
            elif event.actor in joined:
                member_months += event.tick + 1 - joined.pop(event.actor)
    member_months += sum(months - since for since in joined.values())
    return _share(challenges, member_months / 12)


def contagion_ratio(ticks: list[int], months: int) -> float:
    """Return the rate of falls soon after a fall, over the rate at other times.

    Parameters
    ----------
    ticks : list of int
        Months of the falls, 0 to ``months - 1``.
    months : int
        Length of the run.

    Returns
    -------
    float
        1 where falls ignore one another; NaN without a fall or without a month in its wake.
    """
    falls = np.bincount(ticks, minlength=months)[:months] if ticks else np.zeros(months, int)
    wake = np.zeros(months, bool)
    for tick in ticks:
        wake[tick + 1 : tick + 1 + CONTAGION_WINDOW] = True
    inside, outside = falls[wake], falls[~wake]
    if not inside.size or not outside.sum():
        return _NAN
    return float(inside.mean() / outside.mean())


def _successors(ledger: _Ledger, region: list[str]) -> dict[str, float]:
    """Count the new leaders who follow a fall, in its month or the next."""
    classes: Counter[str] = Counter()
    fallen: dict[str, int] = {}
    for event in ledger.events:
        if event.kind == "fall" and event.target in region:
            fallen[event.target] = event.tick
        elif event.kind == "successor" and event.tick - fallen.pop(event.target, -9) <= 1:
            classes[event.detail] += 1
    return {f"successors_{name}": classes[name] for name in ("anti", "neutral", "pro")} | {
        "successors_anti_share": _share(classes["anti"], classes.total()),
        "turnovers": ledger.count("election", "turnover", targets=region),
    }


def _realignments(ledger: _Ledger) -> dict[str, int]:
    return {
        "realignments_away": ledger.count("realignment", "away"),
        "realignments_toward": ledger.count("realignment", "toward"),
        "realignments_to_west": ledger.count("realignment", "away", actors=("West",)),
        "realignments_to_rivals": ledger.count("realignment", "away", actors=("China", "Turkey")),
    }


def _alignment(history: History, region: list[str]) -> dict[str, float]:
    columns = [history.states.index(code) for code in region]
    alignment = history.series["alignment"][:, columns]
    attitude = history.series["attitude"][:, columns].mean(axis=1)
    influence = history.moscow["influence"]
    weighted = influence - INTEGRATED_WEIGHT * sum(
        (status == INTEGRATED for status in history.territories.values()), start=np.zeros(len(influence))
    )
    return {
        "alignment_end": alignment[-1].mean(),
        "clients_start": int((alignment[0] > CLIENT_ALIGNMENT).sum()),
        "clients_end": int((alignment[-1] > CLIENT_ALIGNMENT).sum()),
        "influence_end": influence[-1],
        "influence_change": influence[-1] - influence[0],
        "weighted_alignment_change": weighted[-1] - weighted[0],
        "mean_attitude_end": attitude[-1],
        "attitude_change": attitude[-1] - attitude[0],
    }


def _acts(ledger: _Ledger) -> dict[str, float]:
    used = Counter(event.detail for event in ledger.of("instrument"))
    requests, refusals = ledger.count("request"), ledger.count("refusal")
    return {f"used_{name}": used[name] for name in INSTRUMENTS} | {
        "requests": requests,
        "refusals": refusals,
        "unanswered_share": _share(refusals, requests),
    }


def _instrument_variety(ledger: _Ledger) -> float:
    """Return Simpson's diversity of the strongest help, over the challenges that got any."""
    now: dict[str, int] = {}  # rung of the strongest help so far, by state under challenge
    strongest: list[int] = []

    def settle(state: str) -> None:
        if rung := now.pop(state, 0):
            strongest.append(rung)

    for event in ledger.events:
        if event.kind == "challenge":
            settle(event.target)
        elif event.kind == "instrument" and event.detail in RESCUE_INSTRUMENTS:
            rung = RESCUE_INSTRUMENTS.index(event.detail) + 1
            now[event.target] = max(now.get(event.target, 0), rung)
    for state in list(now):
        settle(state)
    cases = len(strongest)
    alike = sum(count * (count - 1) for count in Counter(strongest).values())
    return 1 - alike / (cases * (cases - 1)) if cases > 1 else _NAN


def _campaigns(ledger: _Ledger, world: World) -> dict[str, float]:
    clans = {state.code for state in world.states if state.clan_politics > CLANS_RULE}
    campaigns = ledger.count("campaign")
    return {
        "campaigns": campaigns,
        "campaigns_clan_share": _share(ledger.count("campaign", targets=clans), campaigns),
    }


def _clients(history: History, region: list[str]) -> dict[str, float]:
    challenges = client_challenges(history, region)
    at_war = [challenge for challenge in challenges if challenge.at_war]
    return {
        "clients_unhelped": _share(sum(not c.helped for c in challenges), len(challenges)),
        "clients_unhelped_at_war": _share(sum(not c.helped for c in at_war), len(at_war)),
        "client_success_ratio": _share(sum(c.fell for c in challenges), len(challenges)),
    }


def _wars(history: History, ledger: _Ledger) -> dict[str, int]:
    months = _length(history)
    at_war = history.moscow["war_load"] > WAR_LOAD
    begun: dict[str, int] = {}
    for event in ledger.of("war", "started", "ended"):
        if event.detail == "started":
            begun.setdefault(event.target, event.tick)
        elif event.target in begun:
            at_war[begun.pop(event.target) : event.tick] = True
    for tick in begun.values():
        at_war[tick:months] = True
    return {"wars": ledger.count("war", "started"), "war_months": int(at_war.sum())}


def _rest(history: History, ledger: _Ledger) -> dict[str, float]:
    left = ledger.of("membership", "left", targets=_MOSCOWS_CLUBS)
    return {
        "free_capacity_mean": history.moscow["free_capacity"].mean(),
        "troops_free_mean": history.moscow["troops_free"].mean(),
        "money_free_mean": history.moscow["money_free"].mean(),
        "standing_mean": history.moscow["standing"].mean(),
        "garrison_end": history.series["garrison"][-1].sum(),
        "integrated": ledger.count("territory", "integrated"),
        "integrated_mean": math.fsum(
            float((status == INTEGRATED).mean()) for status in history.territories.values()
        ),
        "lost": ledger.count("territory", "lost"),
        "arose": ledger.count("territory", "arose"),
        "clashes": ledger.count("clash"),
        "csto_members_end": history.moscow["csto_members"][-1],
        "csto_trust_end": history.moscow["csto_trust"][-1],
        "csto_exits": sum(event.target == "CSTO" for event in left),
        "memberships_left": len(left),
    }
