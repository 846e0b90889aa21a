"""What goes wrong, in words for the user. Everything the package raises on purpose is a `SimError`.

The command line prints the message and exits with 2. In Python each class can be caught by itself, by the
base class, or as the built-in exception that it also is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.series import Words


class SimError(Exception):
    """Base of every error that the user can mend; its text says how."""


class RequestError(SimError, ValueError):
    """What is asked for makes no sense: no such outcome, no worker, a list given as one text."""


class FolderError(SimError, ValueError):
    """The results cannot be written there."""


class ResultsError(SimError, ValueError):
    """A folder holds no results, or lacks what is asked of it."""


class TooLargeError(SimError, ValueError):
    """A request that would take too much time, disk or memory.

    Parameters
    ----------
    message : str
    hopeless : bool
        Whether it is refused in any case, not merely asked about.
    """

    def __init__(self, message: str, hopeless: bool = False) -> None:
        super().__init__(message)
        self.hopeless = hopeless


class NotUtf8Warning(UserWarning):
    """A file was read that is in another encoding than UTF-8; commands write it as a note."""


class WorkersError(SimError, RuntimeError):
    """Workers cannot be started or reached, or are not fit to be used."""


EXTRAS = {
    "altair": "report",
    "distributed": "dask",
    "ema_workbench": "discovery",
    "ipykernel": "notebooks",
    "jinja2": "report",
    "nbclient": "notebooks",
    "nbformat": "notebooks",
    "openpyxl": "report",
    "scipy": "calibration",
    "scoringrules": "calibration",
    "sklearn": "calibration",
    "starlette": "explore",
    "uvicorn": "explore",
    "vl_convert": "report",
    "websockets": "explore",
}
"""The extra of this package that brings a package which only a part of it needs."""


def missing_extra(error: ImportError) -> Words:
    """Say which extra brings what could not be imported; empty if none does."""
    extra = EXTRAS.get((error.name or "").partition(".")[0])
    return f"{error}: pip install 'post-soviet-scenarios[{extra}]' brings it" if extra else ""
