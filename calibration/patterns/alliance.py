"""The alliance's members, and clashes between states (patterns 12 and 16)."""

from __future__ import annotations

from calibration.history import ObservedHistory
from calibration.statistic import Statistic, count, level, undefined

KARABAKH = "ARM-AZE"


def members_at_end(history: ObservedHistory) -> Statistic:
    """Members of the alliance (CSTO), Russia included, at the end of the window."""
    return (
        level(history.members[history.window.last]) if history.window.last in history.members else undefined()
    )


def members_in_mean(history: ObservedHistory) -> Statistic:
    """Members of the alliance, Russia included, at the ends of the window's years, on average."""
    if not history.members:
        return undefined()
    return level(sum(history.members.values()) / len(history.members))


def entries(history: ObservedHistory) -> Statistic:
    """Entries into the alliance."""
    return count(sum(fact.detail == "joined" for fact in history.memberships))


def exits(history: ObservedHistory) -> Statistic:
    """Exits from the alliance."""
    return count(sum(fact.detail == "left" for fact in history.memberships))


def karabakh_clash_years(history: ObservedHistory) -> Statistic:
    """Years in which Armenia and Azerbaijan clash."""
    return count(len({fact.month.year for fact in history.clashes if fact.subject == KARABAKH}))


def other_clash_years(history: ObservedHistory) -> Statistic:
    """Years in which two other states clash, summed over the pairs."""
    return count(
        len({(fact.subject, fact.month.year) for fact in history.clashes if fact.subject != KARABAKH})
    )
