"""Which commands made the runs of a results folder, as its log tells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.experiment.folder import LOG

_ENTRY = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* [A-Z]+ ", re.MULTILINE)
_STARTED = re.compile(r"started: (.+)", re.DOTALL)
_ASKED = re.compile(r"(\d+) runs asked for, (\d+) of them there already")


def commands_of(folder: Path, about: dict[str, Any]) -> list[str]:
    """Return the commands that made the runs in a folder, in their order, each once.

    Those that found all runs there made none, and are left out; but the last one stays, by which results
    are shown.

    Parameters
    ----------
    folder : Path
    about : dict
        What is told of the results; its command stands alone where there is no log.
    """
    log = folder / LOG
    text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
    made: list[str] = []
    last = ""
    for entry in _ENTRY.split(text):
        if started := _STARTED.match(entry):
            last = started[1].strip()
        elif (asked := _ASKED.match(entry)) and int(asked[1]) > int(asked[2]):
            made.append(last)
    return list(dict.fromkeys(filter(None, (*made, last)))) or [str(about["command"])]
