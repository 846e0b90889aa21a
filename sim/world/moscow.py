"""Moscow at the start month: its leader, its means, its war."""

from __future__ import annotations

from sim.months import Month
from sim.world.record import Record, Snapshot, bounded
from sim.world.rulers import leader
from sim.world.state import MEANS, Estimate, MoscowRecord

_BUDGET_SHARE = 0.003  # of GDP: about the order of loans, discounts on energy and aid to neighbours


def moscow_record(snapshot: Snapshot) -> MoscowRecord:
    """Build Moscow's record.

    Troops are those deployable abroad before the war in Ukraine takes its share: the model draws that down
    by the war's load. Money is 0.3 % of Russia's GDP in dollars of the last completed year, sd 30 %.
    """
    ruler = leader(snapshot, "RUS")
    capacity = snapshot.past(snapshot.record.rows["moscow_capacity"], key="start")[-1]
    economy = {int(row["year"]): row["gdp_billion_usd"] for row in snapshot.record.rows["russia_economy"]}
    known = max(year for year, gdp in economy.items() if year <= snapshot.year and gdp != "")
    money = _BUDGET_SHARE * float(economy[known])
    troops = float(capacity["troops_thousand"])
    load = war_load(snapshot)
    return MoscowRecord(
        leader=ruler.name,
        leader_age=ruler.age,
        leader_tenure=ruler.tenure,
        troops=_estimate(
            "troops", troops, troops * float(capacity["relative_error"]),
            "moscow_capacity.csv: an order of magnitude",
        ),
        money=_estimate(
            "money", money, 0.3 * money, f"0.3 % of Russia's GDP of {known} (russia_economy.csv)"
        ),
        attention=_estimate("attention", 3.0, 0.5, "judgement: challenges Moscow can handle at once"),
        war_load=_estimate("war_load", load, 0.05 if load > 0 else 0.0, "war_load.csv"),
    )  # fmt: skip


def _estimate(name: str, mean: float, sd: float, source: str) -> Estimate:
    return bounded(mean, sd, source=source, low=MEANS[name].low, high=MEANS[name].high)


def war_load(snapshot: Snapshot) -> float:
    """Load of the war in Ukraine on the first day of the start month, 0-1."""
    past = snapshot.past(snapshot.record.rows["war_load"])
    return float(past[-1]["load"]) if past else 0.0


def war_state(record: Record) -> str:
    """Return the state in which that war is fought."""
    (state,) = {str(row["state"]) for row in record.rows["war_load"]}
    return state


def war_history(record: Record) -> tuple[tuple[Month, float], ...]:
    """Load of the war in Ukraine from each month on, as recorded."""
    return tuple((Month.parse(row["date"][:7]), float(row["load"])) for row in record.rows["war_load"])
