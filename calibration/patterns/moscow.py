"""What successors want of Moscow and what Moscow does (patterns 4 and 9-11)."""

from __future__ import annotations

from calibration.history import BALTIC, REGION, ObservedHistory
from calibration.statistic import Statistic, count, share

GIVEN_WAR = "UKR"
"""The war here is given from the record in historical runs, so it tests nothing."""


def anti_successors(history: ObservedHistory) -> Statistic:
    """Share of successors after street falls who turn from Moscow at onset."""
    return _orientation(history, "anti")


def neutral_successors(history: ObservedHistory) -> Statistic:
    """Share of successors after street falls who turn neither way at onset."""
    return _orientation(history, "neutral")


def pro_successors(history: ObservedHistory) -> Statistic:
    """Share of successors after street falls who turn to Moscow at onset."""
    return _orientation(history, "pro")


def wars(history: ObservedHistory) -> Statistic:
    """Onsets of large-scale force by Moscow against a state of the region other than Ukraine."""
    return count(sum(war.subject in REGION and war.subject != GIVEN_WAR for war in history.wars))


def wars_in_ukraine(history: ObservedHistory) -> Statistic:
    """Onsets of large-scale force by Moscow against Ukraine."""
    return count(sum(war.subject == GIVEN_WAR for war in history.wars))


def wars_on_baltic_states(history: ObservedHistory) -> Statistic:
    """Onsets of large-scale force by Moscow against a Baltic state."""
    return count(sum(war.subject in BALTIC for war in history.wars))


def territories_integrated(history: ObservedHistory) -> Statistic:
    """Territories that Moscow recognises or annexes."""
    return _territories(history, "integrated")


def territories_lost(history: ObservedHistory) -> Statistic:
    """De facto territories that return to their host."""
    return _territories(history, "lost")


def territories_arisen(history: ObservedHistory) -> Statistic:
    """Regions that become de facto states."""
    return _territories(history, "arose")


def deployments(history: ObservedHistory) -> Statistic:
    """Deployments of the alliance's troops to save a regime."""
    return count(len(history.deployments))


def refusals(history: ObservedHistory) -> Statistic:
    """Requests for help that Moscow does not meet."""
    return count(len(history.refusals))


def challenges_with_support(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges in which Moscow openly backs the incumbent, by words or more."""
    return _support(history, ("words", "means"))


def challenges_with_means(history: ObservedHistory) -> Statistic:
    """Share of the region's challenges in which Moscow gives the incumbent money, arms or troops."""
    return _support(history, ("means",))


def _orientation(history: ObservedHistory, orientation: str) -> Statistic:
    classes = [successor.detail for successor in history.successors if successor.subject in REGION]
    return share(classes.count(orientation), len(classes))


def _territories(history: ObservedHistory, change: str) -> Statistic:
    return count(sum(fact.detail == change for fact in history.territories))


def _support(history: ObservedHistory, kinds: tuple[str, ...]) -> Statistic:
    challenges = [challenge for challenge in history.challenges if challenge.state in REGION]
    return share(sum(challenge.support in kinds for challenge in challenges), len(challenges))
