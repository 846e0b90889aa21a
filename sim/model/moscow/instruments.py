"""Moscow's instruments for a regime in danger: one small class a rung of the ladder (claim M1)."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from sim.instruments import BY_NAME, RESCUE_INSTRUMENTS, TABLE, Instrument
from sim.model.regimes.regime import NEUTRAL_BAND
from sim.model.region.alliance import ALLIANCE
from sim.parameters import Parameters, catalogue

if TYPE_CHECKING:
    from sim.model.regimes.challenge import OpenChallenge

DEEP_DEPENDENCE = 0.5  # from which services work together anyhow, as `instruments.security_gain` states


class Cost(NamedTuple):
    """What an act takes from Moscow's budgets.

    Parameters
    ----------
    troops : float
        Thousand.
    money : float
        Billion dollars.
    attention : float
        Challenges' worth.
    months : int
        How long troops stay committed.
    """

    troops: float = 0.0
    money: float = 0.0
    attention: float = 0.0
    months: int = 0


_CLASSES: dict[str, type[Rescue]] = {}  # by the name of their entry


class Rescue:
    """One step of the ladder of help for a regime in danger.

    A subclass names its entry in `sim.instruments.TABLE`, and says what it takes and when it can be used.

    Attributes
    ----------
    name : str
        Of its entry.
    collective : bool
        Whether it is the alliance that acts: the first time has a price of its own, each sets a precedent,
        and no unconditional support makes it cheap.
    recognises : bool
        Whether it declares a disputed vote valid, which is worth something in itself.
    rung : int
        How much help it is, where rules count rungs. Several may share one: which step of the ladder it is,
        its place in `RESCUE_LADDER` says.
    """

    name: ClassVar[str]
    collective: ClassVar[bool] = False
    recognises: ClassVar[bool] = False
    rung: ClassVar[int]
    _gain: ClassVar[Callable[[Parameters], float]]
    _price: ClassVar[Callable[[Parameters], float]]

    def __init_subclass__(cls) -> None:
        entry = BY_NAME[cls.name]
        cls.rung, cls._gain, cls._price = entry.rung, attrgetter(entry.gain), attrgetter(entry.price)
        _CLASSES[cls.name] = cls

    def gain(self, parameters: Parameters) -> float:
        """Return what it adds to the regime's survival, in log-odds."""
        return type(self)._gain(parameters)

    def price(self, parameters: Parameters) -> float:
        """Return its political price, in units of value."""
        return type(self)._price(parameters)

    def cost(self, parameters: Parameters) -> Cost:
        """Return what it takes."""
        raise NotImplementedError

    def possible(self, challenge: OpenChallenge) -> bool:
        """Return whether it can be used in this challenge."""
        raise NotImplementedError


class PoliticalSupport(Rescue):
    """Recognition, statements, advisers: needs no request (Ukraine 2004, Belarus 2020)."""

    name, recognises = "political_support", True

    def cost(self, parameters: Parameters) -> Cost:
        """A little attention."""
        return Cost(attention=parameters.costs.support_attention)

    def possible(self, challenge: OpenChallenge) -> bool:
        """Always."""
        del challenge
        return True


class Loan(Rescue):
    """Money (Ukraine 2013, Belarus 2020: 1.5 billion dollars)."""

    name = "loan"

    def cost(self, parameters: Parameters) -> Cost:
        """Money above all: what is not expected back."""
        spent = parameters.instruments.loan_cost * parameters.instruments.loan_grant
        return Cost(money=spent, attention=parameters.costs.loan_attention)

    def possible(self, challenge: OpenChallenge) -> bool:
        """On request, or offered to a friend (Ukraine 2013)."""
        return challenge.requested or challenge.regime.alignment > NEUTRAL_BAND


class SecurityHelp(Rescue):
    """Police reserves, advisers, intelligence (Belarus 2020: a reserve stood ready)."""

    name = "security_help"

    def cost(self, parameters: Parameters) -> Cost:
        """A few men, some attention."""
        costs = parameters.costs
        return Cost(
            costs.security_troops, costs.help_money, costs.security_attention, round(costs.help_troop_months)
        )

    def possible(self, challenge: OpenChallenge) -> bool:
        """On request, where services already work together: in the alliance, or in deep dependence."""
        regime = challenge.regime
        deep = regime.dependence > DEEP_DEPENDENCE
        return challenge.requested and (ALLIANCE in regime.memberships or deep)


class CSTODeployment(Rescue):
    """Troops of the alliance (Kazakhstan 2022: some 2,500; claims M1, M7)."""

    name, collective = "csto_deployment", True

    def cost(self, parameters: Parameters) -> Cost:
        """Troops and a challenge's worth of attention."""
        costs = parameters.costs
        return Cost(
            troops=parameters.instruments.deployment_troops,
            money=0.5 * costs.help_money,  # it is short
            attention=1.0,  # a challenge's worth: the unit
            months=round(costs.help_troop_months),
        )

    def possible(self, challenge: OpenChallenge) -> bool:
        """On a member's request."""
        return challenge.requested and ALLIANCE in challenge.regime.memberships


def check(entry: Instrument) -> None:
    """See that all is there that an entry of `sim.instruments.TABLE` names.

    Raises
    ------
    LookupError
        If a parameter or the class of a rung is not.
    """
    named = f"the instrument {entry.name} of sim/instruments.py"
    if lacking := [path for path in entry.own_parameters if path not in catalogue()]:
        raise LookupError(
            f"{named} needs {' and '.join(lacking)}: no such parameter is declared in sim/parameters"
        )
    if entry.rung and entry.name not in _CLASSES:
        raise LookupError(f"{named} is a rung of help, and has no class in sim/model/moscow/instruments.py")


for _entry in TABLE:
    check(_entry)

RESCUE_LADDER: tuple[Rescue, ...] = tuple(_CLASSES[name]() for name in RESCUE_INSTRUMENTS)
"""Help for a regime in danger, step by step: by rung, and within a rung in the order of the table."""

NO_HELP = 0
"""In place of a place in `RESCUE_LADDER`, which are counted from 1."""
