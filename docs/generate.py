"""Write the generated tables of the documents: ``python docs/generate.py``, or ``--check`` to compare only.

A table stands between two marks, ``<!-- generated: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

from calibration.record import page as record_page
from calibration.skill import page as skill_page
from sim.analysis.audit import ASSUMED, EMERGENT, NO_EFFECT, resolved
from sim.analysis.shipped_audit import shipped_cells
from sim.measures import OUTCOMES, key_outcomes
from sim.model.month import MONTH
from sim.parameters import catalogue
from sim.scenario import load_thesis, thesis_names
from sim.series import MOSCOW_SERIES, STATE_SERIES

DOCUMENTS = tuple(
    Path(__file__).parent / name for name in ("ODD.md", "FINDINGS.md", "MODEL.md", "RECORD.md", "SKILL.md")
)
LABELS = (ASSUMED, EMERGENT, NO_EFFECT)
_BLOCK = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def series() -> Iterator[str]:
    """Yield the table of what is recorded each month."""
    yield from _head("of", "name", "what it is")
    for owner, names in (("a state", STATE_SERIES), ("Moscow", MOSCOW_SERIES)):
        for name, meaning in names.items():
            yield _row(owner, f"`{name}`", meaning)


def outcomes() -> Iterator[str]:
    """Yield the table of the outcomes of a run."""
    yield from _head("outcome", "definition", "unit")
    for name, outcome in OUTCOMES.items():
        yield _row(f"`{name}`", outcome.definition, outcome.unit)


def parameters() -> Iterator[str]:
    """Yield a table of the shared parameters for each section, and how many bear each tag."""
    specs = catalogue()
    tags = Counter(str(spec.tag) for spec in specs.values())
    yield f"{len(specs)} parameters: " + ", ".join(f"{tags[tag]} {tag}" for tag in sorted(tags)) + "."
    section = ""
    for path, spec in specs.items():
        if path.split(".")[0] != section:
            section = path.split(".")[0]
            yield ""
            yield f"**{section}**"
            yield ""
            yield from _head("name", "prior", "range", "unit", "meaning", "tag", "source")
        span = f"{spec.low:g} to {spec.high:g}"
        name = path.removeprefix(f"{section}.")
        yield _row(f"`{name}`", str(spec.prior), span, spec.unit, spec.meaning, str(spec.tag), spec.source)


def claims() -> Iterator[str]:
    """Yield the table of what each claim of each thesis sets."""
    yield from _head("claim", "parameter", "prior", "tag", "source")
    for name in thesis_names():
        for claim in load_thesis(name).claims:
            for path, setting in claim.parameters.items():
                yield _row(claim.id, f"`{path}`", str(setting.prior), str(setting.tag), setting.source)
            if not claim.parameters:
                yield _row(claim.id, "none", "", "", claim.note)


def findings() -> Iterator[str]:
    """Yield the table of the claims whose effect the model does not show, and why."""
    yield from _head("claim", "says", "effect", "finding")
    for name in thesis_names():
        for claim in load_thesis(name).claims:
            if claim.finding and claim.effect is not None:
                effect = f"{OUTCOMES[claim.effect.outcome].label}, {claim.effect.sign}"
                yield _row(claim.id, claim.claim, effect, claim.finding)


def audit_counts() -> Iterator[str]:
    """Yield how many effects of each thesis are assumed, emergent and absent, by the shipped audit."""
    yield from _head("thesis", *LABELS)
    for thesis, cells in shipped_cells().groupby("thesis"):
        yield _row(str(thesis), *(str((cells["label"] == label).sum()) for label in LABELS))


def audited_effects() -> Iterator[str]:
    """Yield the key outcomes on which a thesis has an effect, and what carries it, by the shipped audit."""
    yield from _head("thesis", "outcome", "effect", "label", "carried by")
    cells = shipped_cells()
    kept = cells[(cells["label"] != NO_EFFECT) & cells["outcome"].isin(key_outcomes())]
    for cell in kept.to_dict("records"):
        label = f"**{ASSUMED}**" if cell["label"] == ASSUMED else str(cell["label"])
        effect = f"{cell['difference']:+.2f} [{cell['low']:.2f}, {cell['high']:.2f}]"
        yield _row(
            str(cell["thesis"]), OUTCOMES[str(cell["outcome"])].label, effect, label, _carried_by(cell)
        )


def _carried_by(cell: Mapping[Hashable, Any]) -> str:
    if not cell["carrier"]:
        return "several"
    share = f"{cell['share']:.0%}" if resolved(cell["share_low"], cell["share_high"]) else "not resolved"
    return ", ".join(f"`{path}`" for path in str(cell["carrier"]).split(" + ")) + f" ({share})"


def month() -> Iterator[str]:
    """Yield the table of the month's stages."""
    yield from _head("", "stage", "what it does", "where")
    for place, stage in enumerate(MONTH, 1):
        yield _row(str(place), stage.name, stage.what, f"`{stage.where}`")


BLOCKS = {
    "series": series, "outcomes": outcomes, "parameters": parameters, "claims": claims, "findings": findings,
    "audit counts": audit_counts, "audited effects": audited_effects, "month": month,
}  # fmt: skip
"""Every generated table by the name in its mark."""


_PAGES = record_page.BLOCKS | skill_page.BLOCKS


def _told(lines: Iterator[tuple[str, ...] | str]) -> Iterator[str]:
    """Yield lines of a page of `calibration`: cells as a row, with the rule under the first of a table."""
    inside = False
    for line in lines:
        if isinstance(line, str):
            inside = False
            yield line
        else:
            yield from [_row(*line)] if inside else _head(*line)
            inside = True


def generate(text: str) -> str:
    """Return a document with its generated tables renewed.

    Raises
    ------
    KeyError
        If a mark names no table.
    """

    def renewed(match: re.Match[str]) -> str:
        lines = BLOCKS[match[2]]() if match[2] in BLOCKS else _told(_PAGES[match[2]]())
        return match[1] + "\n" + "\n".join(lines) + "\n\n" + match[3]

    return _BLOCK.sub(renewed, text)


def main(arguments: list[str]) -> int:
    """Renew the documents; with ``--check`` return 1 if that would change one."""
    texts = {document: document.read_text(encoding="utf-8") for document in DOCUMENTS}
    renewed = {document: generate(text) for document, text in texts.items()}
    if "--check" in arguments:
        return int(texts != renewed)
    for document, text in renewed.items():
        document.write_text(text, encoding="utf-8")
    return 0


def _head(*columns: str) -> Iterator[str]:
    yield _row(*columns)
    yield "|" + "---|" * len(columns)


def _row(*cells: str) -> str:
    escaped = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return "| " + " | ".join(escaped) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
