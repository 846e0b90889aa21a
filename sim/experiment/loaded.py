"""What every worker needs, loaded. The fork server imports this; nobody else should.

A short run is made, so that modules, the record and the compiled kernels are there before workers are
forked. What goes wrong here goes wrong in the worker again, and is reported there.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import signal
from contextlib import suppress
from functools import partial
from multiprocessing import forkserver
from pathlib import Path


def _load() -> None:
    from sim.experiment.chunk import Chunk, run_chunk  # noqa: PLC0415
    from sim.experiment.compiling import compile_together  # noqa: PLC0415
    from sim.experiment.identity import code_key  # noqa: PLC0415
    from sim.experiment.run import STANDARD  # noqa: PLC0415
    from sim.experiment.store import pack  # noqa: PLC0415
    from sim.scenario import Scenario  # noqa: PLC0415

    short = Chunk(Scenario.build("short", years=1, citizens=50), (0,), code_key(STANDARD))
    run = partial(run_chunk, STANDARD, pack, short)
    compile_together(run)
    run()


def _remove_socket() -> None:
    """Remove the server's socket, which a parent that was killed left behind."""
    address = Path(forkserver._forkserver._forkserver_address)  # type: ignore[attr-defined]
    with suppress(OSError):  # the parent was first
        address.unlink(missing_ok=True)
        address.parent.rmdir()


signal.signal(signal.SIGINT, signal.SIG_IGN)  # until workers take Ctrl-C as a request to stop
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded: a process that forks has one thread
os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"  # before Arrow is loaded
logging.getLogger("sim.model.compiled").disabled = True  # its parent says where compiled code is kept
with suppress(Exception):
    _load()
atexit.register(_remove_socket)
gc.freeze()  # collections in workers leave these objects alone, so that their memory stays shared
