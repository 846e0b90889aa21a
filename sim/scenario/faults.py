"""Faults gathered while the checking goes on, so that an author mends them in one go."""

from __future__ import annotations

from types import TracebackType

from sim.scenario.problems import Problem, ScenarioError

MOST_TOLD = 20
"""More faults than these are not looked for: a page is enough to mend, and a hostile file has thousands."""


class Faults:
    """The faults found so far.

    Examples
    --------
    >>> faults = Faults()
    >>> with faults.gathered():
    ...     raise ScenarioError([Problem("a.yaml", "is empty")])
    >>> bool(faults)
    True
    """

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, problem: Problem) -> None:
        """Note a fault, once.

        Raises
        ------
        ScenarioError
            If there are too many already.
        """
        if problem in self._found:
            return
        if len(self._found) == MOST_TOLD:
            raise ScenarioError(self._found, more=True)
        self._found.append(problem)

    def gathered(self) -> _Gathered:
        """Return a block that notes the faults of a `ScenarioError` raised in it; what follows it goes on."""
        return _Gathered(self)

    def gather(self, error: ScenarioError) -> None:
        """Note the faults of an error; see `add`."""
        for problem in error.problems:
            self.add(problem)
        if error.more:
            raise ScenarioError(self._found, more=True)

    def tell(self) -> None:
        """Do nothing if there are none.

        Raises
        ------
        ScenarioError
            With every fault, file by file and from top to bottom.
        """
        if self._found:
            files = list(dict.fromkeys(problem.file for problem in self._found))
            raise ScenarioError(sorted(self._found, key=lambda it: (files.index(it.file), it.line or 0)))


class _Gathered:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> bool:
        if not isinstance(error, ScenarioError):
            return False
        self.faults.gather(error)
        return True
