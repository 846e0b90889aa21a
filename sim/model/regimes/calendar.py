"""The calendar of national votes: as recorded in historical runs, by the terms in force in free ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.randomness import Process

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime
    from sim.months import Month

EXECUTIVE, PARLIAMENT = "executive", "parliament"
KINDS = (EXECUTIVE, PARLIAMENT)
OVERDUE = 3  # months after which a vote that is due and not announced is taken as put off: a judgement
AFTER_WAR = 3  # months after a war's end in which a vote that fell due in it is held: a judgement


class Calendar:
    """When votes on the chief executive, and on a parliament that does not choose it, are due.

    Attributes
    ----------
    called : dict of (int, str) to int
        Ticks of votes that were called before they were due, by state and kind.
    """

    def __init__(self, space: PostSovietSpace) -> None:
        self.space = space
        self.called: dict[tuple[int, str], int] = {}
        self._peace_since: dict[int, int] = {}
        self._parliament_terms = [start.record.parliament_term for start in space.starts]
        for regime, start in zip(space.regimes, space.starts, strict=True):
            for kind, month in start.record.announced_votes:
                self.called[regime.index, kind] = month - space.world.start
        if space.parameters.regimes.calendar_in_force and not space.historical:
            self._take_up()

    def is_due(self, regime: Regime, kind: str) -> bool:
        """Return whether a vote of a kind is held this month."""
        space = self.space
        if space.historical:
            return space.month in self._recorded(kind).get(regime.code, ())
        if not space.parameters.regimes.calendar_in_force:
            since, term = regime.months_since_election, regime.election_term
            return since >= term if kind == EXECUTIVE else since == term // 2
        if space.wars.active and self._at_war(regime):
            return False
        if (regime.index, kind) not in self.called and self._is_running(regime, kind):
            return False
        return self._months_left(regime, kind) == 0

    def terms_over(self) -> list[Regime]:
        """Return the states where a vote may be due this month: most months, in most states all terms run.

        States at war are among them, as their calendar has to know of it.
        """
        space = self.space
        if space.historical:
            return space.regimes
        if not space.parameters.regimes.calendar_in_force:
            return [
                regime
                for regime in space.regimes
                if regime.months_since_election >= regime.election_term
                or regime.months_since_election == regime.election_term // 2
            ]
        called, at_war = {state for state, _ in self.called}, space.wars.active
        return [
            regime
            for regime, term in zip(space.regimes, self._parliament_terms, strict=True)
            if regime.months_since_election >= regime.election_term
            or 0 < term <= regime.months_since_parliament
            or regime.index in called
            or regime.code in at_war
        ]

    def call_early(self) -> None:
        """Let some votes be called before they are due."""
        space = self.space
        p = space.parameters.regimes
        if space.historical or not p.calendar_in_force:
            return
        states, hazard = len(space.regimes), p.early_vote_hazard
        lowest = [space.numbers.lowest(Process.EARLY_VOTE, space.tick, states, len(KINDS), i) for i in (0, 1)]
        if min(lowest) >= hazard:
            return
        draws = space.numbers.draws(Process.EARLY_VOTE, space.tick, states, len(KINDS))
        notice = round(p.early_vote_notice)
        for regime in space.regimes:
            for kind, uniform in zip(KINDS, draws[regime.index], strict=True):
                left = self._months_left(regime, kind)
                if left is None or left <= notice or regime.code in space.wars.active:
                    continue
                if uniform < hazard:
                    self.called[regime.index, kind] = space.tick + notice

    def held(self, regime: Regime, kind: str) -> None:
        """Note that a vote was held: the next is due a term later."""
        self.called.pop((regime.index, kind), None)
        if kind == PARLIAMENT:
            regime.months_since_parliament = 0

    def months_to_vote(self, regime: Regime) -> int:
        """Return the months until the next national vote that all can foresee, of either kind, 0 or more.

        The run's length and more where none is on the recorded calendar.
        """
        space = self.space
        if space.historical:
            ahead = [
                vote - space.month for kind in KINDS for vote in self._recorded(kind).get(regime.code, ())
            ]
            return min((months for months in ahead if months >= 0), default=space.months + 1)
        if not space.parameters.regimes.calendar_in_force:
            since, term = regime.months_since_election, regime.election_term
            return term // 2 - since if since <= term // 2 else max(term - since, 0)
        left = [self._months_left(regime, kind) for kind in KINDS]
        return min(months for months in left if months is not None)

    def _take_up(self) -> None:
        """Count from the votes on record as the month does, and take a vote long overdue as put off.

        A month adds one before its votes are held. Where a vote fell due long before the start and none was
        announced, the term was extended: the next falls due a whole term later. War excuses a delay.
        """
        at_war = self.space.starting_budget["war_load"] > 0
        for regime, parliament in zip(self.space.regimes, self._parliament_terms, strict=True):
            regime.months_since_election -= 1
            regime.months_since_parliament -= 1
            if at_war and regime.code == self.space.world.war_state:
                continue
            if regime.months_since_election >= regime.election_term + OVERDUE:
                regime.months_since_election %= regime.election_term
            if parliament and regime.months_since_parliament >= parliament + OVERDUE:
                regime.months_since_parliament %= parliament

    def _is_running(self, regime: Regime, kind: str) -> bool:
        """Return whether the term for which the last vote of a kind was held still runs."""
        if kind == EXECUTIVE:
            return regime.months_since_election < regime.election_term
        return regime.months_since_parliament < self._parliament_terms[regime.index]

    def _months_left(self, regime: Regime, kind: str) -> int | None:
        """Return the months until a vote of a kind is held; None where there is no such vote."""
        if kind == EXECUTIVE:
            left = regime.election_term - regime.months_since_election
        elif term := self._parliament_terms[regime.index]:
            left = term - regime.months_since_parliament
        else:
            return None
        called = self.called.get((regime.index, kind))
        if called is not None:
            left = called - self.space.tick
        # what fell due in a war is held some months after it
        after_war = self._peace_since.get(regime.index, 0) - self.space.tick
        return max(left, after_war, 0)

    def _at_war(self, regime: Regime) -> bool:
        """Return whether martial law forbids votes; what falls due waits until some months after the war."""
        at_war = regime.code in self.space.wars.active
        if at_war:
            self._peace_since[regime.index] = self.space.tick + AFTER_WAR
        return at_war

    def _recorded(self, kind: str) -> dict[str, tuple[Month, ...]]:
        world = self.space.world
        return world.elections if kind == EXECUTIVE else world.parliamentary_elections
