"""What goes wrong with folders and workers, in words for the user."""

from __future__ import annotations


class ResultsError(ValueError):
    """A folder holds no results, or lacks one of their files."""


class FolderError(ValueError):
    """The results cannot be written there."""


class WorkersError(RuntimeError):
    """Workers cannot be started or reached, or are not fit to be used."""
