"""Part e: memory a citizen, and the peak, each contestant in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

from benchmarks.citizens.contestants import OURS, installed
from benchmarks.citizens.setting import NEIGHBOURHOOD, Setting
from benchmarks.rows import Row
from benchmarks.sizes import Sizes

SCRIPT = """
import resource, sys
from benchmarks.citizens.contestants import installed
from benchmarks.citizens.setting import NEIGHBOURHOOD, Setting
name, citizens = sys.argv[1], int(sys.argv[2])
setting = Setting(1, citizens, NEIGHBOURHOOD)
contestant = {entry.name: found for entry, found in installed() if entry.name == name}[name](setting)
for month in range(3):
    contestant.month(setting.news(month))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run(sizes: Sizes, say: Callable[[str], None]) -> Iterator[Row]:
    """Measure the peak of a process with few and with many citizens; the slope is a citizen's."""
    say("memory")
    own = Setting(1, 1_000, NEIGHBOURHOOD).population().bytes_per_citizen
    yield Row("memory", "arrays of the model", "", OURS, float(own), "bytes a citizen", target="24 at most")
    many = 2 * sizes.citizens[-1]
    for entry, contestant in installed():
        if isinstance(contestant, ImportError):
            continue
        few, most = (many // 40, many // 20) if entry.objects else (many // 2, many)
        low, high = (_peak(entry.name, citizens) for citizens in (few, most))
        note = (
            f"peak resident {high / 2**20:,.0f} MB; slope from {few:,} to {most:,} citizens, with temporaries"
        )
        slope = (high - low) / (most - few)
        yield Row(
            "memory", "peak of the process", f"{most:,}", entry.name, slope, "bytes a citizen", note=note
        )


def _peak(name: str, citizens: int) -> int:
    command = [sys.executable, "-c", SCRIPT, name, str(citizens)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    kibibytes = int(done.stdout.split()[-1])
    return kibibytes * 1024 if sys.platform != "darwin" else kibibytes
