"""The pages: templates of ``docs/templates``, rendered with the stored numbers, and pages with made parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from docs.remake import bounds, crowds, made, questions, record, skill, skill_sets, tails, what_ifs, words
from docs.remake.findings import audit, claims, support, variance
from docs.remake.forecasts import backtest, foresight, published
from docs.remake.history import changes, codings, fit, lengths, odds, order, places
from docs.remake.of_code import of_code
from docs.remake.of_old import notes
from docs.remake.overview import answer, costs, measured, patterns
from docs.remake.placebo import ahead, placebo
from docs.remake.scores import where
from docs.remake.stored import ROOT, Tree
from docs.remake.targets import missed
from docs.remake.theses import spoken, who_says_what
from sim.analysis.odds import ERROR
from sim.experiment.files import PACKAGE, write_text
from sim.scenario import SHARED_WORLD

TEMPLATES = ROOT / "docs" / "templates"
PAGES = (
    "README.md", "docs/MODEL.md", "docs/ODD.md", "docs/FINDINGS.md", "docs/RECORD.md", "docs/HISTORY.md",
    "docs/SKILL.md", "docs/CALIBRATION.md", "docs/THESES.md", "docs/PARAMETERS.md", "docs/OUTCOMES.md",
    "docs/LIMITS.md", "docs/explanation/assumed-or-emergent.md",
)  # fmt: skip
"""Pages with a template of the same name; a table or number of runs stands in no other page."""

_STEPS = (
    "gallery", "support", "claims", "audit", "variance", "patterns", "ensemble", "fit", "odds", "places",
    "codings", "lengths", "backtest", "foresight", "changes", "questions", "end_states",
)  # fmt: skip


def render(tree: Tree, templates: Path = TEMPLATES, pages: Sequence[str] = PAGES) -> dict[str, str]:
    """Return the text of every page, or of some, by its path from the tree's root.

    Parameters
    ----------
    tree : Tree
        With the numbers of every step.
    templates : Path
        Folder of the templates.
    pages : sequence of str
        Which of `PAGES`.

    Raises
    ------
    FileNotFoundError
        If a step has no numbers yet.
    jinja2.UndefinedError
        If a template names what there is not.
    """
    environment = _environment(templates)
    values = _values(tree)
    return {page: environment.get_template(f"{Path(page).name}.j2").render(values) for page in pages}


@cache
def _environment(templates: Path) -> Environment:
    """Return what reads templates of a folder, each once as long as its file does not change."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {
        "count": words.count, "short": words.short, "percent": words.percent, "listed": words.listed,
        "whose": words.whose, "codes": lambda paths: ", ".join(f"`{path}`" for path in paths),
        "theses_of": lambda theses: words.theses_of(order(theses)), "sentence": _sentence,
        "thousands": "{:,}".format,
    }  # fmt: skip
    return environment


def _current(tree: Tree) -> dict[str, str]:
    """Return every page as it must be; those with made parts are of the checkout alone."""
    return render(tree) | (dict(made.pages()) if tree.root == ROOT else {})


def write(tree: Tree) -> list[str]:
    """Write the pages that are not current, and return them."""
    changed = []
    for page, text in _current(tree).items():
        path = tree.root / page
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text(path, text)
            changed.append(page)
    return changed


def stale(tree: Tree) -> list[str]:
    """Return the pages that are not what their template, the program and the stored numbers give."""
    return [
        page
        for page, text in _current(tree).items()
        if not (tree.root / page).is_file() or (tree.root / page).read_text(encoding="utf-8") != text
    ]


def _values(tree: Tree) -> dict[str, Any]:
    """Return all that a template may name."""
    about = {step: tree.about(step) for step in _STEPS}
    theses, found = odds(tree), audit(tree)
    about["audit"]["made"] = f"made with version {about['audit']['versions'][PACKAGE]}"
    return {
        "about": about,
        "gallery": about["gallery"],
        "code": of_code(),
        "who_says_what": who_says_what(),
        "spoken": spoken,
        "measured": measured(),
        "answer": answer(tree),
        "patterns": patterns(tree),
        "support": support(tree),
        "claims": claims(tree),
        "audit": found,
        "gain": found["of"]["dubnov"]["integrated"],
        "variance": variance(tree),
        "changes": changes(tree),
        "stated_error": ERROR,
        "theses": words.count(len(words.WRITTEN_AS)),
        "shipped": words.count(questions.SHIPPED),
        "most_bits": questions.most_bits(),
        "fit": fit(tree),
        "odds": theses,
        "five_year_change": theses["statistic"]["five_year_change", SHARED_WORLD],
        "places": places(tree),
        "placebo": placebo(tree),
        "by_lot": lambda: ahead(tree),
        "codings": codings(tree),
        "lengths": lengths(tree),
        "backtest": backtest(tree),
        "foresight": foresight(tree),
        "published": published(tree),
        "costs": costs(tree),
        "where": where(tree),
        "missed": lambda: missed(tree),
        "block": lambda name: _block(tree, name),
        "verdict": lambda: _verdict(theses),
        "made": lambda *steps: _made(about, steps),
    }


def _block(tree: Tree, name: str) -> str:
    """Return a table that is told line by line."""
    if name in (of_record := record.BLOCKS | tails.BLOCKS):
        return words.told(of_record[name]())
    of_numbers = (
        skill.BLOCKS | skill_sets.BLOCKS | bounds.BLOCKS | what_ifs.BLOCKS | questions.BLOCKS | crowds.BLOCKS
    )
    return words.told(of_numbers[name](tree))


def _verdict(theses: Mapping[str, Any]) -> str:
    """Say in a sentence what the record tells of the theses, by the odds."""
    out, left = theses["out"], theses["left"]
    if not theses["informative"]:
        return "a record of this length does not tell the theses apart"
    plural = "theses" if len(out) > 1 else "thesis"
    told = f"the record rules out {words.count(len(out))} {plural} as encoded here"
    if len(left) == 1:
        return f"{told}, and speaks for {words.whose(left[0])}"
    others = [thesis for thesis in left if thesis != SHARED_WORLD]
    world = " or from the shared world" if SHARED_WORLD in left else ""
    which = "other " if out else ""
    return f"{told}. It cannot separate the {which}{words.count(len(others))} from one another{world}"


def _made(about: Mapping[str, Mapping[str, Any]], steps: tuple[str, ...]) -> str:
    """Say from what the numbers of a page were made, in one line."""
    by_origin: dict[str, list[str]] = {}
    for step in steps:
        by_origin.setdefault(str(about[step]["made"]), []).append(step)
    told = "; ".join(f"{', '.join(names)}: {origin}" for origin, names in by_origin.items())
    how = "`docs/numbers` holds them; [how they are made](explanation/reproducibility.md)"
    return "\n\n".join([f"*Where the numbers come from ({how}): {told}.*", *notes(by_origin.items())])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
