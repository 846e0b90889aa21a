"""Whether compiled kernels are kept for the next process, and where, if the usual places cannot be written.

Numba keeps them in the package's folder, or else in the user's cache. In a system-wide installation, in a
container or on a cluster, neither may be writable, and Numba then refuses a kernel that asks to be kept. So
a folder of the user's own among the system's temporary files comes next. Where there is none either,
nothing is kept, and every process compiles.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import multiprocessing
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.extending import register_jitable

from sim.series import Words

_log = logging.getLogger(__name__)

_VARIABLE = "NUMBA_CACHE_DIR"
_NAME_OF_NOTE = "README.txt"
_NOTE: Words = "Compiled code of post-soviet-scenarios. It may be removed; it is then compiled again.\n"
_IS_KEPT_ELSEWHERE: Words = (
    "compiled code is kept in %s, since neither the package's folder nor the user's cache can be written; "
    "the environment variable %s may name another folder"
)
_IS_NOT_KEPT: Words = (
    "compiled code is not kept, since no folder for it can be written: every command compiles anew, which "
    "takes some seconds; the environment variable %s may name a folder"
)


def _decide() -> bool:
    """Return whether there is a place for compiled code, and say so once if it is not one of Numba's own."""
    if _is_kept():
        return True
    folder = _own_folder()
    if folder is not None:
        asked = os.environ.get(_VARIABLE, "")
        _ask_for(str(folder))
        if _is_kept():
            _tell_of(folder)
            return True
        _ask_for(asked)
    if not _is_silent():
        _log.warning(_IS_NOT_KEPT, _VARIABLE)
    return False


def _ask_for(folder: str) -> None:
    """Have Numba keep compiled code in a folder, in this process and in those that it starts."""
    os.environ[_VARIABLE] = folder
    numba.config.reload_config()  # type: ignore[no-untyped-call]


def _is_kept() -> bool:
    """Whether Numba finds a folder that it can write to."""
    try:
        numba.njit(cache=True)(_nothing)
    except RuntimeError:
        return False
    return True


def _nothing() -> None:
    """Stand in for a kernel; never compiled."""


def _own_folder() -> Path | None:
    """Return a folder for temporary files into which nobody else can put code; None where there is none."""
    try:
        folder = Path(tempfile.gettempdir()) / f"sim-compiled-{_user()}"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    if hasattr(os, "getuid"):  # on Windows a user's temporary files are his own
        mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if not mine or stat.S_IMODE(found.st_mode) & 0o022:
            return None
    return folder


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def _tell_of(folder: Path) -> None:
    """Say where compiled code is kept, unless an earlier command has: it has left a note there."""
    if _is_silent():
        return
    try:
        with (folder / _NAME_OF_NOTE).open("x", encoding="utf-8") as note:
            note.write(_NOTE)
    except OSError:
        return
    _log.warning(_IS_KEPT_ELSEWHERE, folder, _VARIABLE)


def _is_silent() -> bool:
    """Whether this is a worker, or the server that forks workers: the process that started it says it all."""
    return _log.disabled or multiprocessing.parent_process() is not None


KEPT = _decide()
"""What every kernel gives as ``cache``."""


# -- rules that are written once, for agents and for compiled loops --------------------------------

BEYOND_COMPILED = 1 + 1e-6  # far more than rounding adds
"""Factor on a chance in a compiled loop that says whom to ask: where it may round as Python would not."""

_Rule = TypeVar("_Rule", bound=Callable[..., Any])
_rules: list[Callable[..., Any]] = []


def rule(function: _Rule) -> _Rule:
    """Let compiled loops call a function, which stays what it is: called with agents, it is not compiled."""
    _rules.append(function)
    called: _Rule = register_jitable(function)
    return called


def stamp() -> str:
    """Return what changes with any `rule`, its code and what it names, and with any constant of its file.

    Numba compiles a loop anew if its own file has changed, but not if another has whose rules it calls or
    whose constants it reads.
    """
    told = sorted(
        (
            each.__module__, each.__qualname__, each.__code__.co_code.hex(), repr(each.__code__.co_consts),
            each.__code__.co_names, repr(each.__defaults__),
        )
        for each in _rules
    )  # fmt: skip
    files = {each.__module__: each.__globals__ for each in _rules} | {__name__: globals()}
    constants = sorted(
        (file, name, repr(value))
        for file, names in files.items()
        for name, value in names.items()
        if name.isupper() and isinstance(value, (int, float))
    )
    return hashlib.sha256(repr((told, constants)).encode()).hexdigest()[:16]
