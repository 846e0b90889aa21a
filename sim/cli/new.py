"""``sim new``: a new scenario or thesis file, to be changed."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from sim.cli.console import Command, CommandGroup
from sim.cli.kinds import MonthName, PathValue, ShippedName, SignedOutcome
from sim.cli.options import PLAIN_KEYS

if TYPE_CHECKING:
    from sim.scenario.template import Wanted

_LONGEST_RUN = 50  # years, as in a scenario file


def _shared(command: Any) -> Any:
    """Add what both kinds of file may be given."""
    options = (
        click.argument("name", metavar="NAME"),
        click.option("--title", default="", help="A short title.  [default: the name in words]"),
        click.option("--question", default="", help="What you want to know, in one sentence."),
        click.option(
            "--start", type=MonthName(), metavar="MONTH", help="First month.  [default: as in --extends]"
        ),
        click.option(
            "--years", type=click.IntRange(1, _LONGEST_RUN), help="Length.  [default: as in --extends]"
        ),
        click.option(
            "--set", "changes", type=PathValue(PLAIN_KEYS), metavar="PATH=VALUE", multiple=True,
            help="A number to begin with (`sim list --parameters`); repeatable.",
        ),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group(
    "new",
    cls=CommandGroup,
    short_help="Write a new scenario or thesis file for you to change.",
    examples=(
        "sim new scenario a-weaker-moscow --set moscow.keep_weight=0.5",
        "sim new thesis an-own-thesis --author 'An Author'",
    ),
)
def new() -> None:
    """Write a new file with remarks and examples, valid as it stands.

    Without options it asks a few questions on a terminal. It overwrites nothing. The file's first line
    names the schema by which editors complete and check it, which is written beside it.
    """


@new.command(
    "scenario",
    cls=Command,
    short_help="A scenario file.",
    examples=(
        "sim new scenario asked-of-dubnov --thesis dubnov --question 'What if Moscow cared less?'",
        "sim new scenario a-short-run --start 2014-03 --years 5 --set initial.KGZ.alignment=0.6",
    ),
)
@_shared
@click.option("--asked-by", default="", help="Who raises the question.")
@click.option(
    "--extends", type=ShippedName("scenario"), help="The scenario that it changes.  [default: baseline]"
)
@click.option("--thesis", type=ShippedName("thesis"), help="A thesis under which it is asked.")
def new_scenario(**given: Any) -> None:
    """Write a scenario file NAME.yaml.

    Lines for all that it may hold stand in it as examples, with the ranges of what is set.
    """
    from sim.scenario.template import new_scenario as write

    questions = (
        ("question", "What do you want to know, in one sentence?", str),
        ("asked_by", "Who raises it?", str),
        ("thesis", "Under which thesis (empty: none, the shared world)?", _thesis),
        ("start", "First month (empty: the baseline's)?", _month),
        ("changes", "A number to change, as PATH=VALUE (empty: none)?", _changes),
    )
    _tell(write(_wanted(given, questions)))


@new.command(
    "thesis",
    cls=Command,
    short_help="A thesis file, and a scenario with this thesis.",
    examples=(
        "sim new thesis the-power-next-door --author 'An Author' --source 'An Author, An article, 2025'",
        "sim new thesis two-powers --claim 'Others fill the vacuum' --effect realignments_away=up "
        "--set rivals.vacuum=0.8",
    ),
)
@_shared
@click.option("--author", default="", help="Who holds it.")
@click.option("--source", default="", help="Where it is stated: author, title, outlet, date.")
@click.option("--claim", default="", help="Its first claim, in your own words.")
@click.option(
    "--effect",
    type=SignedOutcome(),
    metavar="OUTCOME=up|down",
    help="What the first claim does to an outcome.",
)
def new_thesis(**given: Any) -> None:
    """Write a thesis file theses/NAME.yaml, and beside that folder NAME.yaml, in which it is seen."""
    from sim.scenario.template import new_thesis as write

    questions = (
        ("author", "Who holds it?", str),
        ("source", "Where is it stated (author, title, outlet, date)?", str),
        ("claim", "Its first claim, in your own words?", str),
        ("changes", "A parameter that this claim moves, as PATH=VALUE (empty: none yet)?", _changes),
    )
    _tell(write(_wanted(given, questions)))


# -- questions on a terminal -----------------------------------------------------------------------

_Question = tuple[str, str, Callable[[str], Any]]


def _wanted(given: dict[str, Any], questions: Sequence[_Question]) -> Wanted:
    """Return what options and answers say; questions are asked on a terminal where no option answers."""
    from sim.scenario.template import Wanted

    context = click.get_current_context()
    typed = (name for name in given if context.get_parameter_source(name) is ParameterSource.COMMANDLINE)
    name_alone = set(typed) == {"name"}
    if name_alone and _on_a_terminal():
        for key, text, read in questions:
            given[key] = _ask(text, read)
    given["start"] = str(given["start"] or "")
    given["changes"] = tuple(given["changes"] or ())
    return Wanted(**{key: value for key, value in given.items() if value is not None})


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(text: str, read: Callable[[str], Any]) -> Any:
    """Ask until the answer can be read; numbers are asked for until there is no further one."""
    answers: list[str] = []
    while True:
        answer = click.prompt(
            text,
            default="",
            show_default=False,
            prompt_suffix=" ",
            value_proc=lambda said: read(said.strip()),
        )
        if read is not _changes:
            return answer
        if not answer:
            return answers
        answers.append(answer)
        text = "Another (empty: none)?"


def _thesis(name: str) -> str:
    from sim.scenario import ScenarioError, load_thesis

    try:
        if name:
            load_thesis(name)
        return name
    except ScenarioError as error:
        raise click.BadParameter(str(error)) from None


def _month(text: str) -> Any:
    return MonthName().convert(text, None, None) if text else ""


def _changes(text: str) -> str:
    from sim.scenario import ScenarioError
    from sim.scenario.layers import override_layer

    try:
        if text:
            override_layer(text)
        return text
    except ScenarioError as error:
        raise click.BadParameter(str(error)) from None


def _tell(files: Sequence[Path]) -> None:
    """Say what was written, and how to go on."""
    for file in files:
        click.echo(f"{file} written")
    scenario = next(file for file in reversed(files) if file.suffix != ".json")
    click.echo(f"Go on with: sim check {shlex.quote(str(scenario))}")
