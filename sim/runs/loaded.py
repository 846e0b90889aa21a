"""What every worker needs, loaded. The fork server imports this; nobody else should.

A short run is made, so that modules, the record and the compiled kernels are there before workers are
forked. What goes wrong here goes wrong in the worker again, and is reported there.
"""

from __future__ import annotations

import gc
import os
import signal
from contextlib import suppress


def _load() -> None:
    from sim.results.recipe import STANDARD  # noqa: PLC0415 - once threads are forbidden
    from sim.runs.chunk import Chunk, run_chunk  # noqa: PLC0415
    from sim.runs.identity import code_key  # noqa: PLC0415
    from sim.runs.packed import pack  # noqa: PLC0415
    from sim.scenario import Scenario  # noqa: PLC0415

    run_chunk(STANDARD, pack, Chunk(Scenario.build("short", years=1, citizens=50), (0,), code_key(STANDARD)))


signal.signal(signal.SIGINT, signal.SIG_IGN)  # until workers take Ctrl-C as a request to stop
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded: a process that forks has one thread
os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # before Arrow is loaded
with suppress(Exception):
    _load()
gc.freeze()  # collections in workers leave these objects alone, so that their memory stays shared
