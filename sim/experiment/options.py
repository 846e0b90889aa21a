"""How scenarios are run, as the command line and Python ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from sim.experiment.until import Target


class Options(TypedDict, total=False):
    """How scenarios are run; every option may be left out.

    Parameters
    ----------
    runs, seed : int
        Of every scenario; without it, those of the first.
    changes : mapping of str to value, or sequence of str
        Parameters, start states (``initial.KGZ.alignment``) and other keys that are changed, by path or as
        ``path=value``. A changed scenario gets a name that says so. In a comparison the baseline stays as it
        is, but for start, years, mode and citizens, which are set in all.
    without, with_ : sequence of str
        Claims that are switched off and on, by id. In a comparison the baseline stays as it is.
    until : mapping of str to float
        Stop once the 95 % interval of each outcome's mean, or in a comparison of its difference from the
        baseline in every scenario, is narrower, from low to high, than its number. ``runs`` is then the most.
    workers : int
        Processes; one a core without it, fewer for few runs.
    cluster : str
        Address of a Dask scheduler, such as ``tcp://host:8786``, whose workers are used.
    out : str or Path
        A folder for the results: new, empty, or with some of the same runs, which are then not made again.
    force : bool
        Replace earlier results in ``out``.
    allow_large : bool
        Go on where a request is large: over two hours or 10 GB.
    adopt : bool
        Go on with runs of another version of the code, if some of them made again are the same, bit for bit.
    """

    runs: int | None
    seed: int | None
    changes: Mapping[str, Any] | Sequence[str]
    without: str | Sequence[str]
    with_: str | Sequence[str]
    until: Mapping[str, float] | Sequence[Target]
    workers: int | None
    cluster: str | None
    out: str | Path | None
    force: bool
    allow_large: bool
    adopt: bool
