"""How a run of the shipped model is made, and how those that a folder lacks are made and kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import FolderError
from sim.experiment.chunk import Recipe, chunks
from sim.experiment.ensemble import ExecutorFactory, chunk_size, run_chunks
from sim.experiment.files import remove_partial_files
from sim.experiment.folder import locked, logged_to, misfit
from sim.experiment.identity import code_key
from sim.experiment.interrupt import interruptible
from sim.experiment.record import FailedRun, Tally
from sim.experiment.store import RunStore
from sim.model.simulate import simulate
from sim.world.build import build_world

if TYPE_CHECKING:
    from sim.scenario import Scenario

_log = logging.getLogger(__name__)

STANDARD = Recipe(simulate, build_world)
"""How a run of the shipped model is made."""


# -- a results folder opened for work: nobody else's for the time, its log on, its run store ready ---


@contextmanager
def opened(
    folder: Path,
    scenarios: Sequence[Scenario],
    recipe: Recipe,
    needs: Mapping[str, str] | None = None,
    *,
    command: str = "",
) -> Iterator[RunStore]:
    """Open a folder for the runs of some scenarios while the block lasts.

    Ctrl-C becomes a request to stop, see `sim.experiment.interrupt`.

    Parameters
    ----------
    folder : Path
        New, empty, or with some of the same runs.
    scenarios : sequence of Scenario
    recipe : Recipe
    needs : mapping of str to str, optional
        As for `RunStore`.
    command : str
        For the log.

    Raises
    ------
    FolderError
        If the folder holds anything else, or another process writes to it.
    OSError
        If it cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder), logged_to(folder), interruptible():
        reason = misfit(folder, scenarios, recipe, whole=needs is None)
        if reason:
            raise FolderError(f"{folder} {reason}")
        _log.info("started: %s", command or "called from Python")
        try:
            remove_partial_files(folder)
            store = RunStore(folder, recipe, needs)
            store.open(scenarios)
            yield store
        except GeneratorExit:
            _log.info("stopped before all was made; what was made is kept")
            raise
        except BaseException as error:
            _log.error("ended by %s: %s", type(error).__name__, error)
            raise
        _log.info("finished")


# -- the runs that a store lacks, made and kept as they come ---------------------------------------


def make_missing(
    store: RunStore,
    scenarios: Sequence[Scenario],
    *,
    workers: int = 1,
    replicates_a_chunk: int | None = None,
    progress: Callable[[Tally], None] | None = None,
    executor: ExecutorFactory | None = None,
    behind: bool = False,
) -> Generator[list[FailedRun]]:
    """Run every replicate of some scenarios that a store does not hold, and keep them as they come.

    Workers go on for a while with what they have in hand while the caller looks at what is there.

    Parameters
    ----------
    store : RunStore
        Opened for them.
    scenarios : sequence of Scenario
    workers : int
    replicates_a_chunk : int, optional
        How many runs travel together.
    progress : callable, optional
        Called before the first run and after some each time.
    executor : callable, optional
    behind : bool
        As for `run_chunks`.

    Yields
    ------
    list of FailedRun
        So far: before the first run, and each time that some were kept. After an interrupt no more follow.

    Raises
    ------
    OSError
        If runs cannot be written; what was kept before stays.
    WorkersError
        If workers cannot be started or reached.
    """
    asked = sum(scenario.runs for scenario in scenarios)
    complete = {scenario.name: store.complete(scenario) for scenario in scenarios}
    kept = finished = sum(map(len, complete.values()))
    failed: list[FailedRun] = []

    def tell(scenario: str) -> None:
        if progress is not None:
            progress(Tally(scenario, asked, kept, finished, len(failed)))

    work = list(
        chunks(
            scenarios,
            replicates_a_chunk or chunk_size(asked - kept, workers),
            workers=None if replicates_a_chunk else workers,
            complete=complete,
            code=code_key(store.recipe),
        )
    )
    _log.info("%d runs asked for, %d of them there already", asked, kept)
    tell("")
    yield failed
    made = run_chunks(store.recipe, work, store.pack, workers=workers, executor=executor, behind=behind)
    with closing(made) as batches:
        for batch in batches:
            good = []
            for done in batch.runs:
                if isinstance(done, FailedRun):
                    failed.append(done)
                    _log.warning("%s %d failed: %s", done.scenario, done.replicate, done.error)
                else:
                    good.append((done.replicate, done.payload))
            if good:
                store.add(batch.scenario, good)
            finished += len(batch.runs)
            tell(batch.scenario.name)
            yield failed


def kept_outcomes(store: RunStore, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """Return the outcomes that a store needs, of the complete runs of some scenarios.

    Returns
    -------
    DataFrame
        One row a run, in the index ``scenario`` and ``replicate``; a column an outcome.
    """
    rows = {
        (run.scenario, run.replicate): [run.outcomes[name][1] for name in store.needs]
        for scenario in sorted(scenarios, key=lambda scenario: scenario.name)
        for run in store.load(scenario, sorted(store.complete(scenario)))
    }
    index = pd.MultiIndex.from_tuples(list(rows), names=["scenario", "replicate"])
    return pd.DataFrame(list(rows.values()), index=index, columns=list(store.needs))
