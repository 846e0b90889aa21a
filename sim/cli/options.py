"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from sim.figures.formats import FORMATS

if TYPE_CHECKING:
    from sim.experiment.until import Target

Command = TypeVar("Command", bound=Callable[..., Any])


class ShippedName(click.types.StringParamType):
    """The name of a shipped scenario or thesis, or a file of one; the shell completes both.

    Parameters
    ----------
    what : str
        ``scenario`` or ``thesis``.
    """

    def __init__(self, what: str) -> None:
        self.name = what

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer shipped names, then let the shell offer files."""
        from sim.scenario import names, thesis_names  # noqa: PLC0415 - only when the shell asks

        shipped = {"scenario": names, "thesis": thesis_names}[self.name]()
        known = [CompletionItem(name) for name in shipped if name.startswith(incomplete)]
        return [*known, CompletionItem(incomplete, type="file")]


class OutcomeWidth(click.types.StringParamType):
    """``OUTCOME=WIDTH``; the shell completes the outcome."""

    name = "target"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer outcomes, with the sign that their width follows."""
        from sim.measures import OUTCOMES  # noqa: PLC0415

        return [
            CompletionItem(f"{name}=", help=outcome.label)
            for name, outcome in OUTCOMES.items()
            if name.startswith(incomplete)
        ]


class OutcomeName(click.types.StringParamType):
    """An outcome of the package, or an end state; the shell completes both."""

    name = "outcome"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer outcomes and end states."""
        from sim.measures import package_outcomes  # noqa: PLC0415
        from sim.measures.end_state import END_STATES  # noqa: PLC0415

        known = {name: outcome.label for name, outcome in package_outcomes().items()}
        known |= dict.fromkeys(END_STATES, "share of runs that end so")
        return [
            CompletionItem(name, help=told) for name, told in known.items() if name.startswith(incomplete)
        ]


class PathValue(click.types.StringParamType):
    """``PATH=VALUE``; the shell completes the path of a parameter or of a quantity of the start."""

    name = "path"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer sections first, then the paths in them, with what they mean."""
        from sim.analysis.design import allowed_ranges  # noqa: PLC0415

        sections = "." not in incomplete
        found: dict[str, str] = {}
        for path, allowed in allowed_ranges().items():
            if path.startswith(incomplete):
                section = f"{path.partition('.')[0]}."
                found.setdefault(section if sections else f"{path}=", "" if sections else allowed.meaning)
        return [CompletionItem(text, help=told) for text, told in found.items()]


class StateName(click.types.StringParamType):
    """A state's code or name; the shell completes the code."""

    name = "state"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code, or fail with the nearest and all that there are."""
        from sim.explain.words import find_state  # noqa: PLC0415

        try:
            return find_state(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the codes, with the names that they stand for."""
        from sim.explain.words import STATE_NAMES  # noqa: PLC0415
        from sim.world.state import STATES  # noqa: PLC0415

        return [
            CompletionItem(code, help=STATE_NAMES[code])
            for code in STATES
            if code.startswith(incomplete.upper())
        ]


def scenario_argument(
    name: str, *, many: bool = False, optional: bool = False
) -> Callable[[Command], Command]:
    """Add an argument that takes one scenario, or at least one where there may be many."""
    return click.argument(
        name,
        metavar="SCENARIO..." if many else "[SCENARIO]" if optional else "SCENARIO",
        type=ShippedName("scenario"),
        nargs=-1 if many else 1,
        required=not optional,
    )


def _targets(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[Target, ...]:
    """Read targets, or fail with what is wrong and the nearest outcome."""
    if not texts:
        return ()
    from sim.experiment.until import Target  # noqa: PLC0415

    try:
        return tuple(Target.parse(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, option) from None


set_option = click.option(
    "--set",
    "changes",
    type=PathValue(),
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a parameter, a start state (initial.KGZ.alignment=0.5) or another key; repeatable. The "
    "changed scenario gets a name that says so.",
)

MADE_ALREADY = "--set, --without and --with change a scenario before it runs; these results are there already"


def given_options(*names: str) -> list[str]:
    """Return those options of the present command that were typed, as they are typed."""
    context = click.get_current_context()
    spelt = {str(option.name): option.opts[0] for option in context.command.params}
    typed = (name for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE)
    return [spelt[name] for name in typed]


replicate_option = click.option(
    "--replicate",
    type=click.IntRange(min=0, max=2**31 - 1),
    default=0,
    show_default=True,
    help="Which run, from 0.",
)


def switch_options(command: Command) -> Command:
    """Add the options that switch claims off and on."""
    without = click.option(
        "--without",
        metavar="ID",
        multiple=True,
        help="Switch off a claim of the thesis, such as P3; repeatable.",
    )
    added = click.option(
        "--with", "with_", metavar="ID", multiple=True, help="Switch on a claim of any thesis; repeatable."
    )
    return without(added(command))


force_option = click.option("--force", is_flag=True, help="Replace earlier results in --out.")

yes_option = click.option(
    "--yes",
    "-y",
    "allow_large",
    is_flag=True,
    help="Go on where a request is large: over two hours or 10 GB.",
)

adopt_option = click.option(
    "--adopt",
    is_flag=True,
    help="Go on with runs of another version of the code, if some made again are the same, bit for bit.",
)

quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print the results' folder and nothing else.")


format_option = click.option(
    "--format",
    "formats",
    type=click.Choice(FORMATS),
    multiple=True,
    default=("png",),
    help="Format of the figures; repeatable.  [default: png]",
)


def seed_option(default: str) -> Callable[[Command], Command]:
    """Add the option of a seed, with what it is by default."""
    return click.option(
        "--seed", type=click.IntRange(min=0), help=f"Seed of all random numbers.  [default: {default}]"
    )


def workers_option(default: str) -> Callable[[Command], Command]:
    """Add the option of a number of processes, with what it is by default."""
    return click.option(
        "--workers", "-j", type=click.IntRange(min=1), help=f"Processes.  [default: {default}]"
    )


def out_option(help_text: str) -> Callable[[Command], Command]:
    """Add the option of a folder for results."""
    return click.option("--out", "-o", type=click.Path(path_type=Path), help=help_text)


def run_options(command: Command) -> Command:
    """Add the options of commands that run scenarios; `sim.cli.execute.Display.split` takes them."""
    return _with_options(
        command,
        click.option(
            "--runs", "-n", type=click.IntRange(min=1), help="Runs a scenario.  [default: the scenario's]"
        ),
        click.option(
            "--until",
            type=OutcomeWidth(),
            callback=_targets,
            metavar="OUTCOME=WIDTH",
            multiple=True,
            help="Stop before --runs once the 95 % interval of this outcome's mean, or in `compare` of its "
            "difference from the baseline in every scenario, is narrower, from low to high; repeatable.",
        ),
        seed_option("the scenario's"),
        workers_option("one a core, fewer for few runs"),
        out_option(
            "Folder for the results; the same runs in it are gone on with.  [default: under results/]"
        ),
        force_option,
        adopt_option,
        click.option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://host:8786."),
        yes_option,
        set_option,
        switch_options,
        click.option("--no-figures", is_flag=True, help="Draw no figures."),
        format_option,
        quiet_option,
    )


def analysis_options(
    *, runs: str, seed: int | None, tables: str, figure: str
) -> Callable[[Command], Command]:
    """Add the options of commands that keep outcomes alone; `sim.cli.analysis.AnalysisOptions` takes them.

    Parameters
    ----------
    runs, figure : str
        Help of ``--runs`` and of ``--figure``.
    seed : int or None
        The seed by default; None where it is the scenario's.
    tables : str
        Names of the files, as the help tells them.
    """

    def add(command: Command) -> Command:
        return _with_options(
            command,
            click.option("--runs", "-n", type=click.IntRange(min=2), help=runs),
            seed_option("the scenario's" if seed is None else f"one of its own, {seed}"),
            workers_option("one a core"),
            out_option(
                f"Folder for {tables}; the same runs in it are gone on with.  [default: under results/]"
            ),
            force_option,
            adopt_option,
            yes_option,
            click.option("--figure", is_flag=True, help=figure),
            format_option,
            set_option,
            quiet_option,
        )

    return add


def _with_options(command: Command, *options: Callable[[Command], Command]) -> Command:
    """Add options, in the order in which the help shows them."""
    for option in reversed(options):
        command = option(command)
    return command
