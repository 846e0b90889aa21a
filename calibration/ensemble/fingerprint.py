"""A fingerprint of the model, so that runs of two models are never mixed."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from calibration.ensemble.scenarios import fingerprinted

_FOLDERS = ("model", "parameters", "world")
_OBSERVER = ("history.py", "simulated.py")


@cache
def model_fingerprint() -> str:
    """Return a hash of all that decides a stored run.

    That is the model's code, its parameters, the record, the scenarios, and what is kept of a run.

    Comments and docstrings count too: a fingerprint that changes too often costs time, one that changes
    too seldom mixes two models.
    """
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for name, content in sorted(_contents(files("sim") / folder, folder)):
            digest.update(name.encode() + b"\0" + content + b"\0")
    for name in _OBSERVER:
        digest.update((files("calibration") / name).read_bytes())
    for text in fingerprinted():
        digest.update(text.encode())
    return digest.hexdigest()[:16]


def _contents(root: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in root.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _contents(entry, name)
        elif entry.name.endswith((".py", ".csv")):
            found.append((name, entry.read_bytes()))
    return found
