"""A part of a golden case: a hash of its numbers, and a few numbers that sum it up."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

Part = list[Any]
"""The hash, then the numbers; None in place of a number that is undefined."""

TOLERANCE = 1e-4
"""How far a summary may be off, relatively or absolutely, where this is not the reference.

Series are single precision and summaries are stored with seven digits, so what is left for rounding is ample.
A difference that changes an event changes counts, and is no rounding.
"""

_HASHED = 5  # bytes: of some thousand parts, one in a hundred million changes would go unseen
_DIGITS = 7
_NEW = ": new, not stored yet"
_RENEW = '  python tests/golden renew --reason "{}"'
_ADOPT = "  python tests/golden adopt    # then the shipped audit goes on to hold"
_NEW_OUTCOME = "  python -m docs.remake full audit    # in its place where an outcome is new"
_AUDIT = 'and make the audit again (CONTRIBUTING.md, "Before a change to the model").'


def part(content: Iterable[str | Any], numbers: Sequence[float]) -> Part:
    """Return a part.

    Parameters
    ----------
    content : iterable of str or contiguous ndarray
        What is hashed, in order; arrays as bytes of a stated type.
    numbers : sequence of float
        What sums it up, for a message and for a comparison within the tolerance.
    """
    digest = hashlib.blake2b(digest_size=_HASHED)
    for item in content:
        digest.update(item.encode() + b"\n" if isinstance(item, str) else item.tobytes())
    return [digest.hexdigest(), *(_rounded(float(number)) for number in numbers)]


def _rounded(number: float) -> float | int | None:
    if math.isnan(number):
        return None
    short = float(f"{number:.{_DIGITS}g}")
    return int(short) if short == int(short) else short


def differences(stored: dict[str, Part], found: dict[str, Part], *, exact: bool) -> list[str]:
    """Return one line for every part that is not as stored, is gone, or is not stored yet.

    Parameters
    ----------
    stored, found : dict of str to Part
    exact : bool
        Whether hashes must be equal, or summaries within the tolerance.
    """
    lines = [f"{name}: gone" for name in stored if name not in found]
    lines += [f"{name}{_NEW}" for name in found if name not in stored]
    for name in stored.keys() & found.keys():
        then, now = stored[name], found[name]
        if (then[0] != now[0]) if exact else not _close(then[1:], now[1:]):
            lines.append(f"{name}: {then[1:]} became {now[1:]}" + (" (hash)" if then[1:] == now[1:] else ""))
    return sorted(lines)


def summary(lines: Sequence[str], found: Iterable[str]) -> str:
    """Return in one line how many parts of each group differ, of how many that were found.

    Parameters
    ----------
    lines : sequence of str
        From `differences`.
    found : iterable of str
        Names of the parts that there are now.
    """
    there, differ = Counter(map(_group, found)), Counter(map(_group, lines))
    told = ", ".join(f"{group} {number} of {there[group]}" for group, number in sorted(differ.items()))
    new = sum(line.endswith(_NEW) for line in lines)
    gone = sum(line.endswith(": gone") for line in lines)
    extra = [f"{number} {word}" for number, word in ((new, "new"), (gone, "gone")) if number]
    return told + (f" ({', '.join(extra)})" if extra else "")


def advice(lines: Iterable[str]) -> str:
    """Return what differences mean and what to do next, in a few lines.

    Parameters
    ----------
    lines : iterable of str
        From `differences`, of all cases together; at least one.
    """
    groups = {_group(line) for line in lines if not line.endswith(_NEW)}
    if not groups:
        told = "All that was stored is the same; some parts are new. Store them:"
        return "\n".join((told, _RENEW.format("what is new"), _ADOPT, _NEW_OUTCOME))
    if groups == {"draws"}:
        told = (
            "Only draws differ, the list of each run's parameters and their values: no history changed.\n"
            "That is expected where a parameter was added, even a fixed one, or was removed or renamed. So:"
        )
        reason = "parameter SECTION.NAME is added, fixed at VALUE"
    elif groups <= {"draws", "outcomes"}:
        told = (
            "Outcomes differ, and nothing that they are computed from: no history has changed.\n"
            "If a definition was meant to change:"
        )
        return "\n".join((told, _RENEW.format("which definition changed, and why"), _AUDIT))
    else:
        told = "Histories have changed. If that is not meant, the change to the code has a fault. If it is:"
        return "\n".join((told, _RENEW.format("what changed, and why"), _AUDIT))
    return "\n".join((told, _RENEW.format(reason), _ADOPT))


def _group(name: str) -> str:
    """Return the group of a part (``series``), of its name or of a line that begins with it."""
    return name.partition(":")[0].partition("/")[0]


def _close(then: list[float | None], now: list[float | None]) -> bool:
    return len(then) == len(now) and all(
        a is b if a is None or b is None else math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        for a, b in zip(then, now, strict=True)
    )
