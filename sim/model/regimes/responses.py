"""How a regime answers a challenge: one small class a response."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

from sim.model.regimes.challenge import WEEKS, OpenChallenge
from sim.model.region.alliance import ALLIANCE
from sim.model.region.powers import rival_gain
from sim.scenario.vocabulary import MOSCOW

if TYPE_CHECKING:
    from sim.model.model import PostSovietSpace
    from sim.model.regimes.regime import Regime

HOPELESS = 0.05  # chance of an answer below which no regime asks: a refusal in public would be all it got


class Response(Protocol):
    """One way to answer a challenge."""

    name: str

    def gain(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Return what it adds to survival, in log-odds; minus infinity where it cannot be done."""
        ...

    def cost(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Return what it costs the regime, in the same unit."""
        ...

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """Do it for one week."""
        ...


class Repress:
    """Use the security services: effective while they are loyal, paid for in legitimacy (Davenport 2007)."""

    name = "repress"

    def gain(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """More with loyal services, less against a large crowd."""
        p = space.parameters.regimes
        beyond = challenge.participation - p.overwhelmed_from
        overwhelmed = beyond if beyond > 0.0 else 0.0
        return p.repression_gain * (challenge.regime.security_loyalty - overwhelmed)

    def cost(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Open regimes pay more."""
        p = space.parameters.regimes
        return p.repression_price + p.repression_price_open * challenge.regime.openness

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """Legitimacy falls; the movement loses resources, and a crowd that has not formed its spark."""
        p = space.parameters.regimes
        challenge.regime.legitimacy -= p.repression_cost
        if challenge.weeks == 0:
            challenge.spark *= 1 - p.early_repression
        challenge.movement.repressed()


class BuyOff:
    """Spend rents on the discontented (Ross 2001)."""

    name = "buy off"

    def gain(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """As much as there is to spend."""
        return space.parameters.regimes.buy_off_gain * challenge.regime.rents

    def cost(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Money that is gone."""
        del challenge
        return space.parameters.regimes.buy_off_price

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """Rents fall, the spark fades."""
        p = space.parameters.regimes
        challenge.spark *= 1 - 0.5 * p.concession_relief * challenge.regime.rents  # half, as that states
        challenge.regime.rents *= 1 - p.buy_off_cost


class Concede:
    """Give way: credible from open regimes, a sign of weakness to elites (Acemoglu and Robinson 2001)."""

    name = "concede"

    def gain(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """More where institutions make promises credible."""
        return space.parameters.regimes.concession_gain + challenge.regime.openness

    def cost(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Elites of closed regimes see weakness."""
        p = space.parameters.regimes
        return p.concession_price + p.concession_price_closed * (1 - challenge.regime.openness)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """The spark fades and legitimacy recovers; cohesion suffers."""
        p = space.parameters.regimes
        challenge.spark *= 1 - p.concession_relief
        challenge.regime.legitimacy += p.concession_legitimacy
        challenge.regime.cohesion -= p.concession_strain


class CallMoscow:
    """Ask Moscow for help: worth what the regime expects of it (claims M1, G7)."""

    name = "call Moscow"

    @staticmethod
    def expected(regime: Regime, space: PostSovietSpace) -> float:
        """Return the chance of an answer as the regime sees it: past answers, Moscow's evident interest.

        Past answers are its own, or the alliance's record if that promises more (claim M7).
        """
        hope = max(regime.expects_help, space.alliance.cover(regime))
        certain = space.parameters.regimes.evident_interest
        return hope * min(max(space.moscow.worth(regime), 0.0) / certain, 1.0)

    def gain(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Expected help, by belief from past answers; only a regime on Moscow's side asks."""
        regime = challenge.regime
        if (
            challenge.help is not None
            or regime.alignment <= 0
            or (challenge.requested and not challenge.answered)
        ):
            return -math.inf
        expected = self.expected(regime, space)
        if expected < HOPELESS:
            return -math.inf
        ladder = space.parameters.instruments
        hoped = ladder.deployment_gain if ALLIANCE in regime.memberships else ladder.security_gain
        return expected * hoped * space.challenges.danger(challenge) * space.moscow.standing

    def cost(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """Autonomy, the dearer the less aligned the regime and the less it depends on Moscow already."""
        regime = challenge.regime
        closeness = 0.5 * (regime.alignment + regime.dependence)  # the mean of both
        p = space.parameters.regimes
        return p.call_price + p.autonomy_cost * (1 - closeness)

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """The request goes to Moscow, which weighs it against all others."""
        challenge.requested, challenge.answered = True, False
        challenge.record.requests.append(space.tick)
        regime = challenge.regime
        space.ledger.note(
            "request", regime.code, MOSCOW, "", challenge.participation,
            challenge=challenge.record.number, expected=self.expected(regime, space),
        )  # fmt: skip


class Hedge:
    """Turn to another power: takes the sting from a crowd that resents Moscow (claim K5; Hale 2015)."""

    name = "hedge"

    def gain(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """As far as another power reaches and the crowd is at odds with the alignment."""
        regime = challenge.regime
        resented = max(-regime.attitude, 0.0) * max(regime.alignment, 0.0)
        p = space.parameters.regimes
        reach = rival_gain(space.powers, regime)[1]
        return p.hedge_gain * (reach + p.hedge_resentment * resented)

    def cost(self, challenge: OpenChallenge, space: PostSovietSpace) -> float:
        """A regime that depends on Moscow risks its sponsor."""
        p = space.parameters.regimes
        return p.hedge_price + p.hedge_price_dependent * challenge.regime.dependence

    def carry_out(self, challenge: OpenChallenge, space: PostSovietSpace) -> None:
        """The line moves away from Moscow, a month's worth in four weeks."""
        p = space.parameters.regimes
        challenge.regime.line -= p.hedge_shift / WEEKS
        challenge.regime.dependence *= 1 - p.hedge_dependence


RESPONSES: tuple[Response, ...] = (Repress(), BuyOff(), Concede(), CallMoscow(), Hedge())


def choose(challenge: OpenChallenge, space: PostSovietSpace, uniform: float) -> tuple[Response, float]:
    """Choose a response by quantal response (McKelvey and Palfrey 1995).

    Parameters
    ----------
    uniform : float
        Draw in (0, 1).

    Returns
    -------
    response : Response
    gain : float
        What it adds to survival, log-odds.
    """
    rationality = space.parameters.regimes.rationality
    possible: list[tuple[Response, float]] = []
    appeal: list[float] = []
    for response in RESPONSES:
        gain = response.gain(challenge, space)
        if gain > -math.inf:
            possible.append((response, gain))
            appeal.append(rationality * (gain - response.cost(challenge, space)))
    best = max(appeal)
    weights = [math.exp(a - best) for a in appeal]
    target = uniform * math.fsum(weights)
    for chosen, weight in zip(possible, weights, strict=True):
        target -= weight
        if target <= 0:
            return chosen
    return possible[-1]
