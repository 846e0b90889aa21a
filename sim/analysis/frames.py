"""Where a scenario was run otherwise than the shipped one of its name: from another month, longer, smaller.

A name tells what is changed of a scenario, but not of how it is run (`sim.experiment.prepare.FRAME`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sim.scenario import load, names

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.scenario import Scenario


def changed_frames(about: Mapping[str, Any]) -> dict[str, str]:
    """Return what differs from the shipped scenarios in how results were run.

    Parameters
    ----------
    about : mapping
        As ``about.json`` holds it.

    Returns
    -------
    dict of str to str
        By scenario, such as ``start 2010-01, 200 citizens a state``; none of those that are run as shipped,
        and of a user's own.
    """
    told = {item["name"]: _changed(item) for item in about.get("scenarios", ()) if isinstance(item, Mapping)}
    return {name: text for name, text in told.items() if text}


def frames_in_words(frames: Mapping[str, str], shown: Iterable[str]) -> str:
    """Return the frames of the scenarios that are shown, once where all have the same; empty without any."""
    names = list(shown)
    texts = {name: frames[name] for name in names if name in frames}
    if len(texts) == len(names) and len(set(texts.values())) == 1:
        return f"run with {texts[names[0]]}"
    return f"run with {'; '.join(f'{text} ({name})' for name, text in texts.items())}" if texts else ""


def framed(comparison: Comparison) -> str:
    """Return a sentence on scenarios that were not run as they are shipped; empty without any."""
    told = frames_in_words(changed_frames(comparison.results.about), comparison.scenarios)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _changed(item: Mapping[str, Any]) -> str:
    shipped = _shipped_as(str(item["name"]))
    if shipped is None:
        return ""
    own = {
        "start {}": (item.get("start"), str(shipped.start)),
        "{} year" if item.get("years") == 1 else "{} years": (item.get("years"), shipped.years),
        "{:,} citizens a state": (item.get("citizens"), shipped.citizens),  # not in older results
    }
    return ", ".join(form.format(now) for form, (now, was) in own.items() if now not in (None, was))


@cache
def _shipped_as(name: str) -> Scenario | None:
    """Return the shipped scenario that a scenario is, or is a changed one of, by its name."""
    short = {known.rpartition("/")[2]: known for known in names()}
    of = [known for known in short if name == known or name.startswith(f"{known}-")]
    return load(short[max(of, key=len)]) if of else None
