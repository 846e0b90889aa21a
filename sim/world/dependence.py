"""Dependence of a regime on Moscow: security, trade, wages earned in Russia."""

from __future__ import annotations

from sim.world.scales import bounded, log_ramp, ramp, root_sum_square
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

_DEFAULT_TRADE_SHARE = 15.0  # % where the record is too far away in time; about the median of the record


def dependence(snapshot: Snapshot, state: str) -> Estimate:
    """Dependence on Moscow, 0-1.

    reach (0.20 alliance + 0.10 union + 0.05 customs + 0.15 garrison + 0.20 trade + 0.15 wages + 0.12 poverty)

    ``alliance`` is 1 in the CSTO, 0.25 while frozen; ``union`` the Union State; ``customs`` the customs union
    or EAEU; ``garrison`` 1 for consented units, 0.4 for facilities; ``trade`` rises with Russia's share from
    5 to 45 %; ``wages`` with remittances from 0 to 30 % of GDP; ``poverty`` as GDP a head falls from 20,000
    to 2,000 dollars. ``reach`` is 1 in the CSTO, 0.6 in the CIS alone, 0.3 for an associate and 0 outside:
    trade gives no hold over a regime that has left Moscow's clubs. Remittances are taken as coming from
    Russia, which holds for most of them in these clubs. sd 0.10; 0.03 outside.
    """
    held = snapshot.memberships(state)
    frozen = "CSTO frozen" in held
    reach = 1.0 if "CSTO" in held else 0.6 if "CIS" in held else 0.3 if "CIS associate" in held else 0.0
    if reach == 0:
        return bounded(0.0, 0.03, "outside Moscow's clubs (memberships.csv)")
    alliance = 0.0 if "CSTO" not in held else 0.25 if frozen else 1.0
    mean = reach * (
        0.20 * alliance
        + 0.10 * ("Union State" in held)
        + 0.05 * ("EAEU" in held)
        + 0.15 * _garrison(snapshot, state)
        + 0.20 * ramp(trade_share(snapshot, state), 5, 45)
        + 0.15 * ramp(remittances(snapshot, state), 0, 30)
        + 0.12 * log_ramp(snapshot.value("gdp_per_head", state), 20_000, 2_000)
    )
    carried = snapshot.carried_error(state, {"russia_trade_share": 0.20 / 40, "remittances": 0.15 / 30})
    sd = root_sum_square((0.10, reach * carried))
    return bounded(mean, sd, "proxy: alliance, garrison, trade, remittances, poverty")


def trade_share(snapshot: Snapshot, state: str) -> float:
    """Russia's share in trade, %; 15 where the record is silent."""
    reading = snapshot.reading("russia_trade_share", state)
    return _DEFAULT_TRADE_SHARE if reading is None else reading.value


def remittances(snapshot: Snapshot, state: str) -> float:
    """Remittances, % of GDP; 0 where no figure is within reach (TKM; the 1990s before reporting began)."""
    reading = snapshot.reading("remittances", state)
    return 0.0 if reading is None else reading.value


def _garrison(snapshot: Snapshot, state: str) -> float:
    garrison = snapshot.spell("garrisons", state)
    if garrison is None or not garrison["consented"]:
        return 0.0
    return 1.0 if garrison["presence"] > 1 else 0.4
