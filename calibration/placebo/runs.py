"""The runs of placebos, kept beside the ensemble whose draws and random numbers they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from calibration.ensemble.origins import Origin
from calibration.ensemble.plan import Plan
from calibration.ensemble.store import EnsembleStore
from calibration.placebo.theses import Placebo
from sim.experiment.identity import key_of

_BESIDE = "-placebos"


def plan_of(ensemble: Plan, placebos: Sequence[Placebo], origins: Sequence[Origin], draws: int) -> Plan:
    """Return what placebos are run for: the same model, seed, draws and citizens as an ensemble's theses.

    So draw d has the same quantiles and the same random numbers under a placebo as under a thesis.

    Parameters
    ----------
    ensemble : Plan
    placebos : sequence of Placebo
    origins : sequence of Origin
    draws : int
        Of each.
    """
    return replace(
        ensemble, draws=draws, theses=tuple(placebo.name for placebo in placebos), origins=tuple(origins)
    )


def store_beside(store: EnsembleStore) -> EnsembleStore:
    """Return where the placebos of an ensemble are kept: a folder beside its own, by what decides its runs.

    Another model or seed has another one, so runs of two models never meet, and the ensemble itself holds
    shipped theses only.
    """
    plan = store.plan()
    key = key_of([plan.repeats, plan.seed, plan.citizens, plan.fingerprint])
    return EnsembleStore(store.folder.with_name(f"{store.folder.name}{_BESIDE}") / key)
