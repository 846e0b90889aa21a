"""The process from which workers are forked on Linux, with the model loaded.

It has one thread, so no worker inherits a lock that another thread holds. It is Python's own
(`multiprocessing.forkserver`), lasts as long as the process that started it, and serves all its pools.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver

LOADED = "sim.runs.loaded"
"""The module that loads what every worker needs."""


def start() -> bool:
    """Start the server unless it runs, and return at once, while it loads the model.

    Returns
    -------
    bool
        Whether there is one: not on other systems than Linux, nor without a folder for its socket.
    """
    if not sys.platform.startswith("linux"):
        return False
    forkserver.set_forkserver_preload([LOADED])
    try:
        with _same_path():
            forkserver.ensure_running()
    except OSError:
        return False
    return True


@contextmanager
def _same_path() -> Iterator[None]:
    """Have a process that starts in this block import from where this one does.

    Before Python 3.12.8 and 3.13.1 a fork server does not see to it itself.
    """
    path = {"PYTHONPATH": os.pathsep.join(map(str, sys.path)), "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in path}
    os.environ.update(path)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
