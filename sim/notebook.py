"""What a notebook shows of scenarios, results and comparisons; every text in it is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.experiment.results import Results
    from sim.scenario import Scenario

_MOST = 12  # rows of a table; `show` and `table` give all

_Rows = Iterable[Sequence[object]]


def of_scenario(scenario: Scenario) -> str:
    """Return what a scenario asks, when it runs, and what differs from the shared world."""
    from sim.parameters import prior_text  # noqa: PLC0415 - shown only when asked for

    thesis = scenario.thesis
    about = [
        ("question", scenario.question),
        ("asked by", scenario.asked_by),
        ("thesis", f"{thesis.title}, {len(scenario.claims)} claims on" if thesis and thesis.claims else ""),
        ("months", f"{scenario.start} to {scenario.last}, {scenario.mode}"),
        ("runs", f"{scenario.runs:,} from seed {scenario.seed}; {scenario.citizens:,} citizens a state"),
    ]
    numbers = [
        (path, prior_text(item.prior), prior_text(scenario.shared(path).prior), item.claim or str(item.tag))
        for path, item in sorted(scenario.parameters.items(), key=lambda each: each[1].claim is not None)
    ]
    initial = [
        (path, prior_text(item.prior), "as recorded", item.tag) for path, item in scenario.initial.items()
    ]
    events = [(entry.at or f"once {entry.when}", entry.in_words()) for entry in scenario.timeline]
    return "".join(
        [
            _heading(f"{scenario.name}: {scenario.title}" if scenario.title else scenario.name),
            _table((), [row for row in about if row[1]]),
            _table(("differs", "here", "in the shared world", "by"), [*initial, *numbers]),
            _table(("when", "what happens"), events),
        ]
    )


def of_results(results: Results) -> str:
    """Return which scenarios were run how often, and what the folder holds."""
    counts = results.read("outcomes", ["scenario"])["scenario"].value_counts()
    titles = results.titles
    rows = [(name, titles[name], int(counts.get(name, 0))) for name in results.scenarios]
    notes = [
        f"in {results.path}",
        f"seed {results.about.get('seed')}",
        f"compared with {results.baseline}" if results.baseline else "",
    ]
    table = _table(("scenario", "title", "runs"), rows)
    return f"{_heading('Results')}{table}{_note('; '.join(filter(None, notes)))}"


def of_comparison(comparison: Comparison) -> str:
    """Return a comparison in words, and the outcomes that it shows."""
    from sim.analysis.export import difference_cell  # noqa: PLC0415 - shown only when asked for
    from sim.analysis.marked import HOW_MARKED  # noqa: PLC0415
    from sim.analysis.written import ASSUMED_MEANS, DAGGER, number  # noqa: PLC0415
    from sim.measures import OUTCOMES  # noqa: PLC0415

    rows, marked = [], False
    for name, scenario in comparison.table().index:
        found = comparison.outcome(scenario, name)
        assumed = (scenario, name) in comparison.assumed
        marked |= assumed
        most = comparison.pairs(scenario)
        less = difference_cell(found, most, assumed=assumed) if found["pairs"] else "–"
        rows.append(
            (
                OUTCOMES[name].label,
                scenario,
                number(found["mean"]),
                f"{number(found['q05'])} to {number(found['q95'])}",
                "" if scenario == comparison.baseline else less,
            )
        )
    from sim.analysis.frames import framed  # noqa: PLC0415 - it reads scenarios

    cautions = [f"Caution: {comparison.caution}."] * bool(comparison.caution)
    words = [*cautions, *comparison.in_words(), *filter(None, [framed(comparison)])]
    against = f"less {comparison.baseline} (95 %)"
    return "".join(
        [
            f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in words)}</ul>",
            _table(("outcome", "scenario", "mean", "90 % of runs", against), rows, most=len(rows)),
            _note(HOW_MARKED) if len(comparison.scenarios) > 1 else "",
            _note(f"{DAGGER} {ASSUMED_MEANS}") if marked else "",
        ]
    )


def _heading(text: str) -> str:
    return f"<p><b>{escape(text)}</b></p>"


def _note(text: str) -> str:
    return f"<p><small>{escape(text)}</small></p>"


def _table(headings: Sequence[str], rows: _Rows, most: int = _MOST) -> str:
    """Return a table of the first rows, with how many others there are; nothing where there is none."""
    kept = list(rows)
    if not kept:
        return ""
    head = f"<thead><tr>{_cells(headings, 'th')}</tr></thead>" if headings else ""
    body = "".join(f"<tr>{_cells(row, 'td')}</tr>" for row in kept[:most])
    more = _note(f"and {len(kept) - most} more") if len(kept) > most else ""
    return f"<table>{head}<tbody>{body}</tbody></table>{more}"


def _cells(values: Iterable[object], tag: str) -> str:
    return "".join(f'<{tag} style="text-align: left">{escape(str(value))}</{tag}>' for value in values)
