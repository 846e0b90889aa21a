"""``sim show``: a scenario with every number's source, or one run's story."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.console import Command
from sim.cli.kinds import Pattern, StateNames
from sim.cli.options import (
    MADE_ALREADY,
    given_options,
    replicate_option,
    scenario_argument,
    set_option,
    switch_options,
)
from sim.naming import nearest

if TYPE_CHECKING:
    from sim.parameters import Prior
    from sim.scenario import Scenario, Setting

_WORD = re.compile(r"[^\W\d_]{4,}")  # of what is searched: shorter ones are like too many others


@click.command(
    cls=Command,
    short_help="Show a scenario's numbers and their sources, or a run's story.",
    examples=(
        "sim show dubnov",
        "sim show dubnov --claims",
        "sim show dubnov --initial",
        "sim show dubnov --grep 'weight|territor'",
        "sim show --month",
        "sim show baseline --with K4",
        "sim show dubnov --story --replicate 3",
        "sim show results/compare --story --of kuzio",
        "sim show results/compare --story --state Kyrgyzstan",
    ),
)
@scenario_argument("scenario", optional=True)
@click.option(
    "--claims",
    is_flag=True,
    help="Who says each claim, where and how firmly, and when it holds; the default.",
)
@click.option("--parameters", is_flag=True, help="Every parameter with its source; the default, too.")
@click.option("--initial", is_flag=True, help="The start state with its sources.")
@click.option("--month", is_flag=True, help="What happens in a month, stage by stage; needs no scenario.")
@click.option("--story", is_flag=True, help="One run's history in dated sentences, closed by its end state.")
@click.option("--full", is_flag=True, help="With --story: every event, minor ones too.")
@click.option(
    "--state",
    "states",
    type=StateNames(),
    metavar="CODES",
    help="With --story: what concerns these states alone; codes, names or regions between commas.",
)
@click.option(
    "--grep",
    "pattern",
    type=Pattern(),
    metavar="PATTERN",
    help="Only rows in which these words stand, of claims, parameters and start state alike; those whose "
    "name has them come first. Moldova finds what the start state has of MDA. A regular "
    "expression, in which capitals do not count.",
)
@replicate_option
@click.option(
    "--of",
    "which",
    metavar="NAME",
    help="With --story of a results folder: the scenario.  [default: the first]",
)
@set_option
@switch_options
def show(
    scenario: str | None,
    *,
    claims: bool,
    parameters: bool,
    initial: bool,
    month: bool,
    story: bool,
    full: bool,
    states: tuple[str, ...] | None,
    pattern: re.Pattern[str] | None,
    replicate: int,
    which: str | None,
    changes: tuple[str, ...],
    without: tuple[str, ...],
    with_: tuple[str, ...],
) -> None:
    """Show a scenario, resolved: what it asks, and every number with its tag and source.

    SCENARIO is a shipped name or a file; with --story it may be a results folder.
    """
    _refuse_what_excludes(month=month, story=story)
    if month:
        _print_month()
        return
    if scenario is None:
        raise click.UsageError("Missing argument 'SCENARIO'.")

    from sim.experiment.files import ABOUT
    from sim.experiment.prepare import Changes
    from sim.experiment.results import is_results

    wanted = Wanted(pattern)
    changed = Changes(changes, without, with_)
    if story and is_results(scenario):
        if changed != Changes():
            raise click.UsageError(MADE_ALREADY)
        _tell_stored(Path(scenario), which, replicate, full=full, states=states or (), wanted=wanted)
        return
    if which is not None:
        raise click.UsageError(f"--of chooses from a results folder, and {scenario} is none")
    if not story and (Path(scenario) / ABOUT).is_file():
        raise click.UsageError(f"{scenario} is a results folder: add --story to show one of its runs")
    resolved = changed.apply(scenario)
    if story:
        _tell_new(resolved, replicate, full=full, states=states or (), wanted=wanted)
        return
    if pattern is None:
        click.echo(resolved.debug())
    every = not (claims or parameters or initial)
    if claims or every:
        _print_claims(resolved, wanted)
    if parameters or every:
        _print_parameters(resolved, wanted)
    if initial or (every and pattern is not None):
        _print_initial(resolved, wanted)
    wanted.tell()


class Wanted:
    """Which rows are printed: all of them, or those in which a pattern is found.

    Parameters
    ----------
    pattern : re.Pattern or None
    """

    def __init__(self, pattern: re.Pattern[str] | None) -> None:
        self.pattern = pattern
        self._found = False
        self._passed: set[str] = set()

    def __call__(self, *cells: str) -> bool:
        """Return whether a row of these cells is printed."""
        found = self.pattern is None or any(map(self.pattern.search, cells))
        self._found |= found
        if not found:
            self._passed.update(cells)
        return found

    def place(self, name: str, *others: str) -> int:
        """Return where a row of these cells belongs: names before texts, whole words before parts."""
        if self.pattern is None:
            return 0
        found = self.pattern.search
        ranks = (self._whole(name), found(name), any(map(self._whole, others)), True)
        return next(place for place, there in enumerate(ranks) if there)

    def _whole(self, cell: str) -> bool:
        """Return whether the pattern is found in a cell as whole words, where ``_`` joins two."""
        if self.pattern is None:
            return False
        spans = (match.span() for match in self.pattern.finditer(cell))
        return any(not cell[:start][-1:].isalnum() and not cell[end:][:1].isalnum() for start, end in spans)

    def tell(self) -> None:
        """Say so if nothing was found, with the words that are most like those asked for."""
        from sim.cli.console import remark
        from sim.explain.words import listed

        if self.pattern is not None and not self._found:
            close = listed(self._nearest(self.pattern.pattern))
            remark(f"nothing matches {self.pattern.pattern!r}{f'; did you mean {close}?' if close else ''}")

    def _nearest(self, asked: str) -> list[str]:
        """Return the nearest word of the rows to each word asked for that is in none of them."""
        there = {word.casefold() for cell in self._passed for word in _WORD.findall(cell)}
        wrong = [word for word in _WORD.findall(asked) if word.casefold() not in there]
        found = (nearest(word, sorted(there)) for word in dict.fromkeys(wrong))
        return list(dict.fromkeys(filter(None, found)))


def _print_rows(
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    wanted: Wanted,
    also: Callable[[str], str] = str,
) -> bool:
    """Print the rows that are wanted, those whose name is first; return whether there are any.

    What ``also`` makes of a row's name is searched like it, and is not printed.
    """
    from sim.cli.console import output, plain_table

    def place(row: Sequence[str]) -> int:
        return min(wanted.place(*row), wanted.place(also(row[0])))

    kept = sorted((row for row in rows if wanted(*row, also(row[0]))), key=place)
    if kept:
        table = plain_table(title, *headings)
        for row in kept:
            table.add_row(*row)
        output().print(table)
    return bool(kept)


def _print_claims(scenario: Scenario, wanted: Wanted) -> None:
    from sim.cli.console import output
    from sim.scenario.describe import PLACES_MEAN, holding, saying

    claims = [
        (claim.id, claim.claim, saying(claim) or "not noted", holding(scenario, claim) or "always")
        for claim in scenario.claims
    ]
    printed = _print_rows("Claims", ("", "claim", "who says it", "when it holds"), claims, wanted)
    left_out = scenario.thesis.left_out if scenario.thesis else ()
    rows = [(statement.claim, saying(statement), statement.why) for statement in left_out]
    headings = ("what the article says", "who says it", "why no claim expresses it")
    if _print_rows("Left out", headings, rows, wanted) or printed:
        output().print(f"{PLACES_MEAN}\n" if any(one.places for one in (*scenario.claims, *left_out)) else "")


def _refuse_what_excludes(*, month: bool, story: bool) -> None:
    """Refuse options that say nothing of what is shown, so that none is ignored."""
    others = (name for name in click.get_current_context().params if name != "month")
    if month and (given := given_options(*others)):
        raise click.UsageError(
            f"--month shows the months of every run and takes nothing else: leave out {given[0]}"
        )
    if story and (given := given_options("claims", "parameters", "initial")):
        raise click.UsageError(f"--story and {given[0]} show different things: give one of them")
    if not story and (given := given_options("replicate", "full", "states", "which")):
        raise click.UsageError(f"{given[0]} needs --story: add it")


_TAGS = (
    "Tags: cited, a number of the source; calibrated, set so that runs resemble the record; assumed, a "
    "judgement; user, from your file."
)


def _print_parameters(scenario: Scenario, wanted: Wanted) -> None:
    from sim.cli.console import output
    from sim.cli.tables import glossary
    from sim.parameters import Sample, catalogue, joint_text, prior_text

    console, rows = output(), []
    joint: dict[str, list[Setting]] = {}
    for path, spec in catalogue().items():
        shared = scenario.shared(path)
        setting = scenario.parameters.get(path, shared)
        prior, tag = setting.prior, setting.tag
        source = setting.source if setting is shared else _source(setting, shared.prior)
        if isinstance(prior, Sample):
            joint.setdefault(prior.of, []).append(setting)
            source = f"posterior {list(joint).index(prior.of) + 1}, below"
        rows.append((path, prior_text(prior), spec.unit, spec.meaning, str(tag), source))
    title = "Every parameter" if wanted.pattern is None else "Parameters"
    if not _print_rows(
        title, ("parameter", "value or prior", "unit", "meaning", "tag", "source"), rows, wanted
    ):
        return
    console.print()
    for place, settings in enumerate(joint.values(), 1):
        first = settings[0]
        if isinstance(first.prior, Sample):
            console.print(f"Posterior {place}: {joint_text(first.prior, len(settings))}; {first.source}.")
    words = " ".join(" ".join(row[1:4]) for row in rows if wanted(*row))
    console.print(f"{glossary(words)} {_TAGS}")


def _source(setting: Setting, shared: Prior) -> str:
    """Return whose number it is, and what holds before it does."""
    from sim.parameters import prior_text

    told = f"{setting.claim}: {setting.source}" if setting.claim else setting.source
    if setting.start is None:
        return told
    before = prior_text(setting.before.prior if setting.before else shared)
    return f"{told}; before {setting.claim} holds, {before}"


def _print_month() -> None:
    from sim.cli.console import output, plain_table
    from sim.model.month import MONTH

    table = plain_table(
        "The month", "", "stage", "what it does", "file in sim/model", "series it moves", "events it may note"
    )
    table.columns[3].no_wrap = True  # the name of a file is copied
    for place, stage in enumerate(MONTH, 1):
        moves, notes = ", ".join(stage.moves), ", ".join(stage.notes)
        table.add_row(str(place), stage.name, stage.what, stage.where, moves, notes)
    output().print(table)


_LEGITIMACY = (
    "Runs move legitimacy before their first month, also where you set it: by what citizens believe of these "
    "proxies, and until a state that was quiet on record is quiet (docs/MODEL.md, where and when people "
    "rise). The first month of trajectories.parquet has what each run began with."
)
"""What is said under the start state."""


def _print_initial(scenario: Scenario, wanted: Wanted) -> None:
    from sim.cli.console import output
    from sim.parameters import prior_text
    from sim.scenario.ranges import initial_ranges
    from sim.scenario.timeline import STATUSES
    from sim.world import build_world, describe

    rows: list[tuple[str, ...]] = []
    world = build_world(scenario.start)
    for row in describe(world).itertuples():
        path = f"{row.state}.{row.quantity}"
        setting = scenario.initial.get(path)
        allowed = initial_ranges()[path]
        unit = allowed.unit or str(allowed)
        if setting is None:
            rows.append((path, f"{row.mean:.3g}", f"{row.sd:.2g}", unit, str(row.tag), str(row.source)))
        else:
            rows.append((path, prior_text(setting.prior), "", unit, str(setting.tag), setting.source))
    headings = ("quantity", "mean", "error (sd)", "unit", "tag", "source")
    if _print_rows(f"Start state, {scenario.start}", headings, rows, wanted, _named_state):
        output().print("Set one with --set initial.RUS.money=VALUE, vary one with sim sweep --vary.")
        if any(row[0].endswith(".legitimacy") and wanted(*row, _named_state(row[0])) for row in rows):
            output().print(_LEGITIMACY)
        output().print()
    hosts = {each.name: each.host for each in world.territories}
    places = [(each.name, each.host, STATUSES[each.status], each.patron) for each in world.territories]
    columns = ("territory", "host", "status", "patron")
    title = f"Territories, {scenario.start}, as recorded"
    _print_rows(title, columns, places, wanted, lambda name: _named_state(hosts[name]))
    troops = [(each.code, f"{each.garrison:g}") for each in world.states if each.garrison]
    _print_rows("Russian garrisons then", ("state", "thousand troops"), troops, wanted, _named_state)


def _named_state(path: str) -> str:
    """Return the name of the state whose code begins a path, such as Moldova; a path of none as it is."""
    from sim.scenario.states import STATE_NAMES

    return STATE_NAMES.get(path.partition(".")[0], path)


def _tell_stored(
    folder: Path,
    which: str | None,
    replicate: int,
    *,
    full: bool,
    states: Sequence[str],
    wanted: Wanted,
) -> None:
    from sim.experiment.results import open_results
    from sim.explain.one_run import from_results
    from sim.explain.story import story

    run = from_results(open_results(folder), which, replicate)
    _print_story(story(run, full=full, states=states), wanted, states)


def _tell_new(
    scenario: Scenario, replicate: int, *, full: bool, states: Sequence[str], wanted: Wanted
) -> None:
    from sim.explain.one_run import run_replicate
    from sim.explain.story import story

    _print_story(story(run_replicate(scenario, replicate), full=full, states=states), wanted, states)


def _print_story(lines: Sequence[str], wanted: Wanted, states: Sequence[str]) -> None:
    from sim.cli.console import remark
    from sim.cli.tables import glossary
    from sim.explain.words import listed, name

    if states and not lines:
        remark(f"nothing that is told of this run concerns {listed([name(code) for code in states])}")
        return
    lines = [line for line in lines if wanted(line)]
    wanted.tell()
    for line in lines:
        click.echo(line)
    if words := glossary("\n".join(lines)):
        click.echo(f"\n{words}")
