"""Options and arguments that several commands share."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from sim.cli.kinds import ClaimId, MonthName, Names, OutcomeWidth, PathValue, ShippedName, StateNames
from sim.figures.formats import FORMATS

if TYPE_CHECKING:
    from sim.experiment.until import Target

Command = TypeVar("Command", bound=Callable[..., Any])


def _listed(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the names in some lists, each once."""
    del ctx, option
    return tuple(dict.fromkeys(name.strip() for text in texts for name in text.split(",") if name.strip()))


def _outcomes(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[str, ...]:
    """Return names of outcomes, or fail with the nearest."""
    names = _listed(ctx, option, texts)
    if names:
        from sim.measures import OutcomeError, chosen_outcomes  # noqa: PLC0415

        try:
            return chosen_outcomes(names)
        except OutcomeError as error:
            raise click.BadParameter(str(error), ctx, option) from None
    return ()


def _figures(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[str, ...]:
    """Return names of figures that results alone can draw, or fail with the nearest."""
    names = _listed(ctx, option, texts)
    if names:
        from sim.figures.draw import chosen  # noqa: PLC0415

        try:
            chosen(names)
        except ValueError as error:
            raise click.BadParameter(str(error), ctx, option) from None
    return names


def _states(ctx: click.Context, option: click.Parameter, given: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the codes of all states, each once."""
    del ctx, option
    return tuple(dict.fromkeys(code for codes in given for code in codes))


def names_option(*spelt: str, what: str, help_text: str) -> Callable[[Command], Command]:
    """Add an option that takes names between commas, and may be repeated.

    Parameters
    ----------
    *spelt : str
        The option, and its parameter's name if that is another.
    what : str
        As for `Names`.
    help_text : str
    """
    return click.option(
        *spelt,
        type=Names(what),
        callback={"outcome": _outcomes, "figure": _figures}.get(what, _listed),
        metavar="NAMES",
        multiple=True,
        help=help_text,
    )


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


PLAIN_KEYS = ("start", "years", "mode", "citizens", "runs", "seed", "thesis", "shared_priors")
"""Keys of a scenario that one line sets; a test compares them with what a scenario has."""

set_option = click.option(
    "--set",
    "changes",
    type=PathValue(PLAIN_KEYS),
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a parameter, a start state (initial.KGZ.alignment=0.5) or another key; repeatable. The "
    "changed scenario gets a new name.",
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
    help="Number of the run, counted from 0.",
)


def switch_options(command: Command) -> Command:
    """Add the options that switch claims off and on."""
    without = click.option(
        "--without",
        type=ClaimId(added=False),
        metavar="ID",
        multiple=True,
        help="Switch off a claim of the thesis, such as P3; repeatable.",
    )
    added = click.option(
        "--with",
        "with_",
        type=ClaimId(added=True),
        metavar="ID",
        multiple=True,
        help="Switch on a claim of any thesis; repeatable.",
    )
    return without(added(command))


force_option = click.option("--force", is_flag=True, help="Replace earlier results in --out.")

yes_option = click.option(
    "--yes",
    "-y",
    "allow_large",
    is_flag=True,
    help="Allow a large request: over two hours or 10 GB.",
)

adopt_option = click.option(
    "--adopt",
    is_flag=True,
    help="Keep stored runs of another version of the code, if a sample made again is the same, bit for bit.",
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
        "--workers", "-j", type=click.IntRange(min=1), help=f"Worker processes.  [default: {default}]"
    )


def out_option(help_text: str) -> Callable[[Command], Command]:
    """Add the option of a folder for results."""
    return click.option("--out", "-o", type=click.Path(path_type=Path), help=help_text)


def month_options(command: Command) -> Command:
    """Add the options that say over which months outcomes are measured."""
    return _month_options(command, "the first", "the last")


def _month_options(command: Command, first: str, last: str) -> Command:
    return _with_options(
        command,
        click.option(
            "--from", "since", type=MonthName(), metavar="MONTH",
            help=f"Measure from this month on, such as 2014-03.  [default: {first}]",
        ),
        click.option(
            "--by", type=MonthName(), metavar="MONTH",
            help=f"Measure to the end of this month.  [default: {last}]",
        ),
    )  # fmt: skip


def _outcomes_option(default: str) -> Callable[[Command], Command]:
    return names_option(
        "--outcomes",
        what="outcome",
        help_text="Show these outcomes, with commas between (`sim list --outcomes` names them).  "
        f"[default: {default}]",
    )


def window_options(command: Command) -> Command:
    """Add the options that say which outcomes are shown, and over which months they are measured."""
    return _outcomes_option("the key outcomes")(month_options(command))


AS_COMPARED = "as in the comparison"
"""What later commands show of a results folder without options, as their help says it."""


def stored_month_options(command: Command) -> Command:
    """Add the options of `month_options` to a command that goes by what a comparison was made with."""
    return _month_options(command, AS_COMPARED, AS_COMPARED)


def stored_window_options(command: Command) -> Command:
    """Add the options of `window_options` to such a command."""
    return _outcomes_option(AS_COMPARED)(stored_month_options(command))


def states_option(
    default: str = "", shows: str = "Also show what happens to these states"
) -> Callable[[Command], Command]:
    """Add the option that names single states.

    Parameters
    ----------
    default : str
        What is shown without it, as the help says it; nothing if empty.
    shows : str
        What it does, as the help says it.
    """
    ending = f"  [default: {default}]" if default else ""
    return click.option(
        "--state",
        "states",
        type=StateNames(),
        callback=_states,
        metavar="CODES",
        multiple=True,
        help=f"{shows}, by code, name or region, with commas between: KGZ,Moldova or 'Central Asia'.{ending}",
    )


def no_states_option(instead: str) -> Callable[[Command], Command]:
    """Refuse ``--state`` where nothing is of single states, and say which command shows one.

    Parameters
    ----------
    instead : str
        What is told; ``{code}`` in it stands for what was asked for, as a shell takes it.
    """

    def refuse(ctx: click.Context, option: click.Parameter, state: str | None) -> None:
        if state is not None:
            raise click.UsageError(instead.format(code=shlex.quote(state)), ctx)

    return click.option("--state", "--states", hidden=True, expose_value=False, callback=refuse)


different_option = click.option(
    "--only-different",
    is_flag=True,
    help="Show only outcomes, of the region and of each --state, with a star: of which some scenario's "
    "difference is visible. It holds for this command alone: a later one shows every row again.",
)

caption_option = click.option(
    "--no-caption", is_flag=True, help="Leave title, note and source out of the figures."
)

figures_option = names_option(
    "--figures",
    "--figure",
    "only",
    what="figure",
    help_text="Draw these figures, with commas between (`sim list --figures` names them).  [default: all]",
)


def run_options(command: Command) -> Command:
    """Add the options of commands that run scenarios; `sim.cli.execute.Display.split` takes them."""
    return _with_options(
        command,
        click.option(
            "--runs", "-n", type=click.IntRange(min=1), help="Runs of each scenario.  [default: its own]"
        ),
        click.option(
            "--until",
            type=OutcomeWidth(),
            callback=_targets,
            metavar="OUTCOME=WIDTH",
            multiple=True,
            help="Stop before --runs once the 95 % interval of this outcome's mean is narrower than WIDTH, "
            "from low to high. In `compare` that is the interval of the difference from the baseline, in "
            "every scenario. Repeatable.",
        ),
        seed_option("the scenario's"),
        workers_option("one a core, fewer for few runs"),
        out_option("Folder for the results. Runs that it holds already are kept.  [default: under results/]"),
        force_option,
        adopt_option,
        click.option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://host:8786."),
        yes_option,
        set_option,
        switch_options,
        click.option("--no-figures", is_flag=True, help="Draw no figures."),
        figures_option,
        caption_option,
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
                f"Folder for {tables}. Runs that it holds already are kept.  [default: under results/]"
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
