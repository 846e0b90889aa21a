"""The same stage in C (kernel.c), built with the system compiler."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.citizens.setting import News, Setting

PLAIN = ("-O3", "-march=native")
FAST_MATH = ("-O3", "-march=native", "-ffast-math")


@cache
def library(flags: tuple[str, ...]) -> ctypes.CDLL:
    """Compile and load the kernel.

    Linked without the flags: with `-ffast-math` the linker adds code that makes the whole thread flush the
    smallest numbers to zero, for all that runs there afterwards.

    Raises
    ------
    ImportError
        If there is no C compiler.
    """
    compiler = shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc")
    if compiler is None:
        raise ImportError("no C compiler (cc or gcc)")
    source = Path(__file__).with_name("kernel.c")
    folder = Path(tempfile.mkdtemp(prefix="citizens-"))
    compiled, linked = folder / "kernel.o", folder / "kernel.so"
    subprocess.run([compiler, *flags, "-fPIC", "-c", "-o", compiled, source], check=True)
    subprocess.run([compiler, "-shared", "-o", linked, compiled, "-lm"], check=True)
    return ctypes.CDLL(str(linked))


class Compiled:
    """One thread of C, with the flags given."""

    flags: tuple[str, ...] = PLAIN

    def __init__(self, setting: Setting) -> None:
        self.people = setting.population()
        self.rule = setting.rule
        self.library = library(self.flags)

    def month(self, news: News) -> list[float]:
        """Live one month; return participation by state."""
        p, rule, real = self.people, self.rule, ctypes.c_double
        states = news.drift.size
        self.library.live(
            states, p.citizens, _at(p.attitude), _at(p.succession), _at(p.jail), _at(news.drift),
            _at(news.jolt), _at(news.replacement), real(rule.cohort_gap), _at(p.replaced),
            _at(p.mean_attitude), _at(p.young_share),
        )  # fmt: skip
        self.library.watch(
            states, p.citizens, _at(p.hardship), _at(p.risk_aversion), _at(p.attitude), _at(p.jail),
            _at(p.act), _at(p.motive), _at(news.legitimacy), _at(news.salience), _at(news.alignment),
            _at(news.deterrence), _at(news.force), real(rule.congruence_relief), real(rule.threshold),
            real(rule.conformity), real(rule.arrest_constant), real(rule.national_exposure), p.localities,
            _at(p.participation), _at(p.falsification),
        )  # fmt: skip
        return p.participation.tolist()


class CompiledFastMath(Compiled):
    """The same with ``-ffast-math``: sums in any order, which bytes that must repeat cannot afford."""

    flags = FAST_MATH


def _at(array: np.ndarray[Any, Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)
