"""The command that goes on where one stopped."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.cli.console import remark
from sim.runs.errors import WorkersError
from sim.runs.interrupt import RunsInterrupted


@contextmanager
def telling_how_to_resume(out: Path | None, folder: Path) -> Iterator[None]:
    """Have what stops the runs in this block say which command goes on.

    Parameters
    ----------
    out : Path or None
        The folder that the user gave.
    folder : Path
        Where the runs are kept.

    Raises
    ------
    RunsInterrupted
        After Ctrl-C, with the command.
    OSError
        If the folder cannot be written to.
    WorkersError
        If workers cannot be reached any more.
    """
    words = [word for word in sys.argv[1:] if word != "--force"]
    again = shlex.join(["sim", *words, *(["--out", str(folder)] if out is None else [])])
    try:
        yield
    except RunsInterrupted as stop:
        raise RunsInterrupted(stop.finished, stop.asked, stop.folder, again) from None
    except OSError:
        remark(f"what is finished is kept in {folder}; once it can be written to: {again}")
        raise
    except WorkersError:
        remark(f"what is finished is kept in {folder}; to go on, once workers can be reached: {again}")
        raise
