"""Moscow's instruments in words: what each does, where it stands on the ladder of help, what counts it."""

from __future__ import annotations

from sim.explain.words import capital
from sim.instruments import HIGHEST_RUNG, TABLE

COLUMNS = ("instrument", "what Moscow does", "help in a challenge", "counted by")
"""Of a row of `instruments_in_words`."""


def instruments_in_words() -> list[tuple[str, ...]]:
    """Return a row for each instrument, as `COLUMNS` says, in the order of `sim.instruments.TABLE`."""
    rows: list[tuple[str, ...]] = []
    for entry in TABLE:
        deeds = [
            deed.format(whom)
            for deed, whom in ((entry.on_state, "a state"), (entry.on_territory, _object(entry.kind)))
            if deed
        ]
        rung = f"rung {entry.rung} of {HIGHEST_RUNG}" if entry.rung else "no"
        rows.append((entry.name, capital("; ".join(deeds)), rung, f"used_{entry.name}"))
    return rows


def _object(kind: str) -> str:
    """Return to what an instrument of a kind is put that no single state's regime is."""
    return {"mediation": "two states that clash", "war": "a state"}.get(kind, "a territory")
