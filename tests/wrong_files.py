"""Scenario and thesis files with faults in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, load

CHALLENGE = "  - {name: a, at: 2027-01, event: challenge, states: [KGZ], spark: 0.5}\n"
THESIS = """\
thesis: t
title: T
claims:
  - id: T1
    claim: c
    parameters:
      moscow.keep_weight: {prior: 1, tag: assumed, source: s}
"""


def error_of(tmp_path: Path, text: str | bytes) -> ScenarioError:
    """Return the error of a file with this text."""
    file = tmp_path / "bad.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ScenarioError) as caught:
        load(file)
    assert str(file) in str(caught.value)
    return caught.value
