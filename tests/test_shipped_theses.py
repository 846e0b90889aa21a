"""The shipped theses say who claims what since when, and are seen from where all of them hold."""

import re
from pathlib import Path

import pytest

from sim.scenario import load, load_thesis, thesis_names

FOLDER = Path(__file__).parent.parent / "scenarios"
THESES = [name for name in thesis_names() if name != "baseline"]


@pytest.mark.parametrize("name", THESES)
def test_each_thesis_starts_in_january_2025(name):
    scenario = load(FOLDER / f"{name}.yaml")
    assert (str(scenario.start), scenario.years) == ("2025-01", 15)
    assert scenario.thesis_name == name


@pytest.mark.parametrize("name", THESES)
def test_the_article_of_each_thesis_can_be_found(name):
    source = load_thesis(FOLDER / "theses" / f"{name}.yaml").source
    assert re.search(r", [^,]*\b20\d\d[,;] .*https://\S+[^.\s]$", source), source
    page = (FOLDER.parent / "docs" / "THESES.md").read_text(encoding="utf-8")
    assert f"<{source.split()[-1]}>." in page


@pytest.mark.parametrize("name", THESES)
def test_every_claim_has_a_speaker_and_a_strength(name):
    thesis = load_thesis(FOLDER / "theses" / f"{name}.yaml")
    assert len(thesis.claims) > 2
    for claim in thesis.claims:
        assert claim.speaker is not None, claim.id
        assert claim.strength, claim.id
