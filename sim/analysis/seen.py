"""A file of what has been seen, with the line of what is wrong in it.

.. code-block:: yaml

    until: 2011-12
    seen:
      - fall:street KGZ >= 1
      - war:started = 0
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.analysis.observables import Statement
from sim.errors import RequestError
from sim.experiment.results import Results
from sim.months import Month
from sim.naming import nearest
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.reader import read_file

_KEYS = ("until", "seen")


@dataclass(frozen=True, slots=True)
class Seen:
    """What has been seen, until the end of a month.

    Parameters
    ----------
    statements : tuple of Statement
    until : Month
        The last month that is known.
    """

    statements: tuple[Statement, ...]
    until: Month

    def months_from(self, results: Results, since: Month | None = None) -> int:
        """Return how many months of stored runs it covers.

        Parameters
        ----------
        results : Results
        since : Month, optional
            The first of them; the start of the runs without it.

        Raises
        ------
        RequestError
            If it ends before the first, or after the runs end.
        """
        first = Month.parse(str(results.about["scenarios"][0]["start"]))
        longest = 12 * max(int(item["years"]) for item in results.about["scenarios"])
        if not 1 <= self.until - first + 1 <= longest:
            last = first + (longest - 1)
            raise RequestError(f"until {self.until} is outside the runs, which go from {first} to {last}")
        if since is not None and since > self.until:
            raise RequestError(f"until {self.until} comes before {since}, from which on events are counted")
        return self.until - (since or first) + 1


def read_seen(path: Path) -> Seen:
    """Read a file of what has been seen.

    Raises
    ------
    ScenarioError
        If it cannot be read or something in it is wrong, with every fault and its line.
    """
    document = read_file(path)
    faults: list[Problem] = []
    for key in document.data:
        if key not in _KEYS:
            faults.append(
                document.problem(
                    (key,), "unknown key", at_key=True, allowed=", ".join(_KEYS), nearest=nearest(key, _KEYS)
                )
            )
    until, statements = None, []
    try:
        until = Month.parse(str(document.data.get("until", "")))
    except ValueError as error:
        faults.append(document.problem(("until",), str(error), allowed="the last month that is known"))
    listed = document.data.get("seen")
    if not isinstance(listed, list) or not listed:
        faults.append(
            document.problem(("seen",), "is no list of statements", allowed="- fall:street KGZ >= 1")
        )
        listed = []
    for place, text in enumerate(listed):
        try:
            statements.append(Statement.parse(str(text)))
        except RequestError as error:
            faults.append(document.problem(("seen", place), str(error)))
    if faults or until is None:
        raise ScenarioError(faults)
    return Seen(tuple(statements), until)
