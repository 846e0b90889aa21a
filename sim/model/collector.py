"""When Python may look for what is no longer used."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the garbage collector from looking for cycles while a run is made.

    A model is one large cycle. Looked at while it is in use, it counts as old when it is done with, and stays
    until all that the process holds is looked through; otherwise the first look after the run frees it.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
