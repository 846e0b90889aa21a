"""How a parameter is declared: its number, its range, and where the number comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Any

from sim.parameters.priors import Fixed, LogNormal, Normal, Prior


class Tag(StrEnum):
    """Standing of a number: how much it should be believed."""

    CITED = "cited"  # a source states it
    CALIBRATED = "calibrated"  # set so that the model meets a named pattern of the record
    ASSUMED = "assumed"  # a judgement: no empirical basis
    USER = "user"  # set by the user's scenario or command line


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """All that is public about one parameter.

    Parameters
    ----------
    path : str
        Dotted path, ``section.name``.
    default : float
    prior : Prior
        What is drawn for each replicate unless a thesis or scenario says otherwise.
    low, high : float
        Allowed range.
    unit, meaning, source : str
    tag : Tag
    """

    path: str
    default: float
    prior: Prior
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    tag: Tag

    def __repr__(self) -> str:
        return f"Parameter({self.path} = {self.prior}, {self.low:g} to {self.high:g}, {self.tag})"

    def _repr_html_(self) -> str:
        between = f"{self.low:g} to {self.high:g}"
        told = {
            "meaning": self.meaning, "in the shared world": self.prior, "range": between,
            "unit": self.unit, "standing": self.tag, "source": self.source,
        }  # fmt: skip
        rows = (f"<tr><td>{name}</td><td>{escape(str(value))}</td></tr>" for name, value in told.items())
        return f"<p><b>{escape(self.path)}</b></p><table><tbody>{''.join(rows)}</tbody></table>"


def parameter(
    default: float,
    *,
    low: float,
    high: float,
    unit: str,
    meaning: str,
    source: str,
    tag: Tag = Tag.ASSUMED,
    spread: float | None = None,
) -> Any:
    """Declare one parameter as a dataclass field.

    Parameters
    ----------
    default : float
        Centre of the shared prior.
    low, high : float
        Allowed range; anything outside is refused.
    unit, meaning, source : str
        Shown to the user wherever the number is.
    tag : Tag
        Cited numbers are fixed unless ``spread`` is given; all others are uncertain.
    spread : float, optional
        Relative uncertainty: sigma of a lognormal prior where the default is positive, the standard
        deviation of a normal one otherwise. 0 fixes the number. Default 0.15, or 0 if cited.

    Returns
    -------
    dataclasses.Field
    """
    if not low <= default <= high:
        raise ValueError(f"default {default} is outside [{low}, {high}]")
    if spread is None:
        spread = 0.0 if tag is Tag.CITED else 0.15
    prior: Prior = Fixed(default)
    if spread > 0:
        prior = LogNormal(default, spread) if default > 0 else Normal(default, spread)
    details = {
        "prior": prior, "low": low, "high": high, "unit": unit,
        "meaning": meaning, "source": source, "tag": tag,
    }  # fmt: skip
    return field(default=default, metadata=details)
