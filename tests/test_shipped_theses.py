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


CREDITED = re.compile(r"([^;()]+) \((?:claims? )?([A-Z]\d+(?:(?:, | to )[A-Z]\d+)*)\)")
"""In ``asked_by``: who, and which claims, such as ``Dubnov (claims D1, D9)``."""


def _claims(text, known):
    """Return the claims that a list of ids, or a range of them, names."""
    first, to, last = text.partition(" to ")
    ids = list(known)
    return ids[ids.index(first) : ids.index(last) + 1] if to else text.split(", ")


def test_whoever_raises_a_scenario_by_a_claim_is_the_one_who_makes_it():
    speakers = {
        claim.id: claim.speaker.name.split()
        for name in THESES
        for claim in load_thesis(FOLDER / "theses" / f"{name}.yaml").claims
    }
    checked = 0
    for path in sorted(FOLDER.rglob("*.yaml")):
        asked = re.search(r"^asked_by: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        for who, listed in CREDITED.findall(asked[1] if asked else ""):
            said = [speakers[claim] for claim in _claims(listed, speakers)]
            words = set(re.findall(r"\w+", who))
            for name in filter(str.istitle, words):
                assert any(name in speaker for speaker in said), f"{path.name}: {name} makes none of {listed}"
            for speaker in said:
                whose = {word for word in speaker if word.istitle()} or {speaker[-1]}
                assert words & whose, f"{path.name}: {' '.join(speaker)} is not named at {listed}"
            checked += 1
    assert checked > 15
