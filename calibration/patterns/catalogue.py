"""What a pattern is, and every one of them, in the order of the model's design.

Left out, because a simulated run offers no observable for them: votes in the United Nations (13) and approval
of Moscow in polls (14), of which the model knows only the hidden alignment and attitude; and cohorts (15),
which are an input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from calibration.history import ObservedHistory
from calibration.patterns import alliance, challenges, moscow
from calibration.statistic import Statistic


@dataclass(frozen=True, slots=True)
class Pattern:
    """One statistic that the record and the model are compared on.

    Parameters
    ----------
    number : str
        Of the pattern in the model's design, with a letter where one is split.
    label : str
        Short, with its unit.
    compute : callable
        From the history of a window, and from nothing hidden; its documentation is the definition.
    caution : str
        What to bear in mind when reading it.
    """

    number: str
    label: str
    compute: Callable[[ObservedHistory], Statistic]
    caution: str = ""

    @property
    def name(self) -> str:
        """Name for columns and files."""
        return self.compute.__name__


PATTERNS: tuple[Pattern, ...] = (
    Pattern("1", "street falls per state-year", challenges.fall_rate),
    Pattern(
        "1b",
        "falls to elites or rebels per state-year",
        challenges.elite_fall_rate,
        "the model has no rebels, so only the record's falls can be theirs",
    ),
    Pattern(
        "2",
        "challenges per state-year",
        challenges.challenge_rate,
        "the record misses small ones, most in the 1990s",
    ),
    Pattern("3", "challenges that succeed", challenges.success_share),
    Pattern("3b", "challenges with concessions", challenges.concession_share, "coded by judgement"),
    Pattern("4a", "successors anti-Moscow", moscow.anti_successors, "coded by judgement"),
    Pattern("4b", "successors neutral", moscow.neutral_successors, "coded by judgement"),
    Pattern("4c", "successors pro-Moscow", moscow.pro_successors, "coded by judgement"),
    Pattern("5a", "falls in the top state", challenges.top_state_share),
    Pattern("5b", "falls in Kyrgyzstan", challenges.kyrgyz_share),
    Pattern("5c", "states without a fall, of 11", challenges.states_without_fall),
    Pattern("5d", "challenges in the top state", challenges.top_state_challenge_share),
    Pattern("5e", "states without a challenge, of 11", challenges.states_without_challenge),
    Pattern("5f", "challenges in the 4 most closed states", challenges.closed_challenge_share),
    Pattern("5g", "falls in the 4 most closed states", challenges.closed_fall_share),
    Pattern("6a", "Baltic street falls", challenges.baltic_falls),
    Pattern("6b", "Baltic challenges per state-year", challenges.baltic_challenge_rate),
    Pattern("7", "falls near a vote", challenges.falls_near_vote),
    Pattern("8a", "falls a year, variance/mean", challenges.fall_dispersion),
    Pattern("8b", "falls soon after a fall, rate ratio", challenges.contagion_ratio),
    Pattern("8c", "challenges a year, variance/mean", challenges.challenge_dispersion),
    Pattern("9a", "wars in the region but Ukraine", moscow.wars),
    Pattern("9b", "wars in Ukraine", moscow.wars_in_ukraine, "given in historical runs"),
    Pattern("9c", "wars on Baltic states", moscow.wars_on_baltic_states),
    Pattern("10a", "territories integrated", moscow.territories_integrated, "some taken in a given war"),
    Pattern("10b", "territories lost", moscow.territories_lost),
    Pattern("10c", "territories arisen", moscow.territories_arisen),
    Pattern("11a", "CSTO deployments", moscow.deployments),
    Pattern("11b", "requests unmet", moscow.refusals, "the record knows notable public requests only"),
    Pattern(
        "11c",
        "challenges where Moscow backs the regime",
        moscow.challenges_with_support,
        "coded by judgement",
    ),
    Pattern("11d", "challenges where it gives means", moscow.challenges_with_means, "coded by judgement"),
    Pattern("12a", "CSTO members at the end", alliance.members_at_end),
    Pattern("12b", "CSTO members, mean of years", alliance.members_in_mean),
    Pattern("12c", "entries into the CSTO", alliance.entries),
    Pattern("12d", "exits from the CSTO", alliance.exits),
    Pattern("16a", "years with Karabakh clashes", alliance.karabakh_clash_years),
    Pattern("16b", "years with other clashes", alliance.other_clash_years),
)
"""All patterns."""
