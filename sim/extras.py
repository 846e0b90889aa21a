"""Packages that only a part of this one needs: where one is missing, the error names the extra to install."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sim.errors import SimError, missing_extra


class MissingExtraError(SimError, ImportError):
    """A package is not installed that an extra of this one brings."""


@contextmanager
def extras_named() -> Iterator[None]:
    """Have a package that is missing in this block, or in the function so decorated, name its extra.

    Raises
    ------
    MissingExtraError
        In the place of Python's own error, where an extra brings the package.
    """
    try:
        yield
    except ImportError as error:
        if told := missing_extra(error):
            raise MissingExtraError(told, name=error.name) from error
        raise
