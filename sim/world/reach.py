"""How far the West, China and Turkey reach into a state."""

from __future__ import annotations

from typing import Any

from sim.world.scales import bounded, great_circle_km, ramp
from sim.world.snapshot import Snapshot
from sim.world.state import Estimate

BRUSSELS, BEIJING, ANKARA = (50.85, 4.35), (39.90, 116.40), (39.93, 32.86)


def place(snapshot: Snapshot, state: str) -> dict[str, Any]:
    """Return the row of ``states.csv``."""
    return next(row for row in snapshot.record.rows["states"] if row["state"] == state)


def capital(snapshot: Snapshot, state: str) -> tuple[float, float]:
    """Latitude and longitude of the capital, degrees."""
    row = place(snapshot, state)
    return float(row["latitude"]), float(row["longitude"])


def west_exposure(snapshot: Snapshot, state: str) -> Estimate:
    """Reach of the EU, NATO and the US.

    0.10 + 0.35 nearness to Brussels (5,000 to 1,500 km) + ties, at most 0.45: Eastern Partnership 0.10,
    EU association 0.15, candidate 0.10, EU 0.25, NATO 0.20 times the course toward it. sd 0.08.
    """
    held = snapshot.memberships(state)
    ties = (
        0.10 * ("Eastern Partnership" in held)
        + 0.15 * ("EU association" in held)
        + 0.10 * ("EU candidate" in held)
        + 0.25 * ("EU" in held)
        + 0.20 * nato_course(snapshot, state).mean
    )
    nearness = ramp(great_circle_km(capital(snapshot, state), BRUSSELS), 5000, 1500)
    mean = 0.10 + 0.35 * nearness + min(ties, 0.45)
    return bounded(mean, 0.08, "proxy: distance to Brussels, memberships, course toward NATO")


def china_exposure(snapshot: Snapshot, state: str) -> Estimate:
    """Reach of China: trend (0.35 + 0.30 border + 0.30 nearness to Beijing, 6,500 to 3,000 km).

    ``trend`` rises from 0.05 in 1992 to 1 in 2024, in step with China's share of the world economy, which
    grew from about 2 to about 17 %. sd 0.08.
    """
    trend = 0.05 + 0.95 * ramp(snapshot.start.year + snapshot.start.month / 12, 1992, 2024)
    border = bool(place(snapshot, state)["border_china_km"])
    nearness = ramp(great_circle_km(capital(snapshot, state), BEIJING), 6500, 3000)
    mean = trend * (0.35 + 0.30 * border + 0.30 * nearness)
    return bounded(mean, 0.08, "proxy: land border, distance to Beijing, China's growth")


def turkey_exposure(snapshot: Snapshot, state: str) -> Estimate:
    """Reach of Turkey: 0.05 + 0.35 Turkic + 0.15 Muslim majority + 0.25 nearness to Ankara + 0.10 border.

    Nearness falls from 1 at 800 km to 0 at 3,500 km; the border counts for a third where Turkey keeps it shut
    to the host's rival claims, which the record does not tell, so that it counts as open. sd 0.08.
    """
    row = place(snapshot, state)
    mean = (
        0.05
        + 0.35 * (row["language_branch"] == "Turkic")
        + 0.15 * str(row["majority_religion"]).endswith("Muslim")
        + 0.25 * ramp(great_circle_km(capital(snapshot, state), ANKARA), 3500, 800)
        + 0.10 * bool(row["border_turkey_km"])
    )
    return bounded(mean, 0.08, "proxy: language, religion, distance to Ankara, border")


def nato_course(snapshot: Snapshot, state: str) -> Estimate:
    """Progress toward NATO, 0-1; 1 is a member, 0.5 the Bucharest pledge. sd 0.05 between 0 and 1."""
    spell = snapshot.spell("nato_path", state)
    course = float(spell["course"]) if spell else 0.0
    source = f"nato_path.csv: {spell['note']}" if spell else "no step toward NATO in nato_path.csv"
    return bounded(course, 0.05 if 0 < course < 1 else 0.0, source)
