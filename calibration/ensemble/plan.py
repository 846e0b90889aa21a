"""What an ensemble consists of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from calibration.ensemble.origins import RECORD_PERIOD, THESES, Origin
from calibration.ensemble.scenarios import model_fingerprint


@dataclass(frozen=True, slots=True)
class Plan:
    """Every run of an ensemble.

    Parameters
    ----------
    draws : int
        Parameter draws a thesis. Draw d has the same quantiles under every thesis and at every origin.
    theses : sequence of str
        Shipped names or files.
    origins : sequence of Origin
    repeats : int
        Runs a draw and origin, each with random numbers of its own.
    seed : int
        Of parameters and of what happens; never itself a parameter.
    citizens : int
        In each state.
    fingerprint : str
        Of the model that makes the runs.
    """

    draws: int
    theses: tuple[str, ...] = THESES
    origins: tuple[Origin, ...] = (RECORD_PERIOD,)
    repeats: int = 1
    seed: int = 19_911_226
    citizens: int = 1_000
    fingerprint: str = field(default_factory=model_fingerprint)

    def to_json(self) -> str:
        """Return the plan as text."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read what `to_json` wrote.

        Raises
        ------
        ValueError
            If the text is no plan.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            if "lucks" in data:  # its name in earlier versions
                data["repeats"] = data.pop("lucks")
            origins = tuple(Origin(**origin) for origin in data.pop("origins"))
            return cls(**{**data, "theses": tuple(data["theses"]), "origins": origins})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not the plan of an ensemble: {error}") from None

    @property
    def runs(self) -> int:
        """How many runs it has."""
        return self.draws * self.repeats * len(self.theses) * len(self.origins)

    def same_runs(self, other: Plan) -> bool:
        """Whether the runs of both that have the same thesis, origin, draw and repeat are the same runs."""
        decisive = ("repeats", "seed", "citizens", "fingerprint")
        return all(getattr(self, name) == getattr(other, name) for name in decisive)

    def joined(self, other: Plan) -> Plan:
        """Return the plan that holds the runs of both; for plans of the `same_runs`."""
        return replace(
            self,
            draws=max(self.draws, other.draws),
            theses=tuple(dict.fromkeys((*other.theses, *self.theses))),
            origins=tuple(dict.fromkeys((*other.origins, *self.origins))),
        )
