"""Claims that begin later: what is refused, with its file, line and key."""

from __future__ import annotations

import pytest

from sim.scenario import ScenarioError, load_thesis

KEEP = "moscow.keep_weight"

HEAD = 'thesis: t\ntitle: "T"\n'
ONE = f"""{HEAD}claims:
  - id: A1
    claim: "c"
    {{}}
    parameters:
      {{}}: {{{{prior: 0.5, tag: assumed, source: x}}}}
"""


def one(key: str, path: str = KEEP) -> str:
    return ONE.format(key, path)


BAD = {
    "month": (one("from: 2022"), 6, "claims[0].from", "2022 is not a month", "YYYY-MM"),
    "years": (one("from: {years: 0, since: 1991-08}"), 6, "claims[0].from.years", "out of range", "1"),
    "no since": (one("from: {years: 25}"), 6, "claims[0].from.since", "this key is needed", ""),
    "kind": (one("when: {event: chalenge}"), 6, "claims[0].when.event", "did you mean challenge?", ""),
    "key": (one("when: {event: war, state: UKR}"), 6, "claims[0].when.state", "unknown key", "target"),
    "detail": (
        one("when: {event: war, detail: begun}"), 6, "claims[0].when.detail",
        "'begun' is not a valid name", "started, ended, setback",
    ),
    "fact": (
        one("when: {event: war, facts: {scal: full}}"), 6, "claims[0].when.facts.scal",
        "did you mean scale?", "cause, scale",
    ),
    "target": (
        one("when: {event: war, target: KZA}"), 6, "claims[0].when.target", "'KZA' is not a valid", "UKR",
    ),
    "variable": (
        one("when: {variable: alignment, above: 0}"), 6, "claims[0].when",
        "alignment belongs to a state: give `state`", "",
    ),
    "nothing": (one("when: 2022-03"), 6, "claims[0].when", "is not a mapping", ""),
    "only at the start": (
        one("from: 2022-03", "citizens.attitude_spread"), 8,
        "claims[0].parameters.citizens.attitude_spread", "acts at the start of a run alone", "",
    ),
    "only at the start, by the thesis": (
        one("note: n", "moscow.starting_doubt").replace("title", "from: 2022-03\ntitle"), 9,
        "claims[0].parameters.moscow.starting_doubt", "acts at the start of a run alone", "",
    ),
    "speaker": (one("speaker: {role: editor}"), 6, "claims[0].speaker.role", "'editor'", "reporter"),
    "quoted": (one("speaker: {role: quoted}"), 6, "claims[0].speaker", "give the `name`", ""),
    "place": (one("places: [KGZ, Caucasia]"), 6, "claims[0].places[1]", "did you mean Caucasus?", ""),
    "paragraph": (one("paragraphs: [0]"), 6, "claims[0].paragraphs[0]", "out of range", "1"),
    "strength": (one("strength: sure"), 6, "claims[0].strength", "'sure'", "fact, certain, likely"),
    "left out": (HEAD + 'left_out:\n  - claim: "c"\n', 4, "left_out[0].why", "this key is needed", ""),
}  # fmt: skip


@pytest.mark.parametrize("text, line, path, message, allowed", BAD.values(), ids=BAD.keys())
def test_a_wrong_thesis_says_what_and_where(tmp_path, text, line, path, message, allowed):
    file = tmp_path / "t.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_thesis(file)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (line, path)
    assert message in str(problem)
    assert allowed in problem.allowed
