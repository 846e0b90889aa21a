"""Write a posterior as a file that a scenario can use: ``parameters: posterior/FILE.yaml``."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd
from ruamel.yaml import YAML

from sim.experiment.files import write_text

_DIGITS = 6


def write_posterior(
    path: Path, name: str, source: str, provenance: dict[str, Any], rows: pd.DataFrame
) -> Path:
    """Write a joint sample, whole or not at all.

    Parameters
    ----------
    path : Path
        Ends in .yaml; its folder is made if need be.
    name : str
        Of the posterior; parameters of one name are drawn together.
    source : str
        How and from what it was made, for the reader of a scenario.
    provenance : dict
        Sizes, versions, the model's fingerprint.
    rows : DataFrame
        Equally weighted draws, one column a parameter.
    """
    head = {"posterior": name, "source": source, "provenance": provenance, "parameters": list(rows.columns)}
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100
    stream = io.StringIO()
    yaml.dump(head, stream)
    lines = [
        "  - [" + ", ".join(f"{value:.{_DIGITS}g}" for value in row) + "]" for row in rows.to_numpy().tolist()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, stream.getvalue() + "rows:\n" + "\n".join(lines) + "\n")
    return path
