"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from sim.results.target import Target

Command = TypeVar("Command", bound=Callable[..., Any])


class ScenarioName(click.types.StringParamType):
    """A shipped scenario's name, or a scenario file; the shell completes both."""

    name = "scenario"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer shipped names, then let the shell offer files."""
        from sim.scenario import names  # noqa: PLC0415 - only when the shell asks

        known = [CompletionItem(name) for name in names() if name.startswith(incomplete)]
        return [*known, CompletionItem(incomplete, type="file")]


class ThesisName(click.types.StringParamType):
    """A shipped thesis's name, or a thesis file; the shell completes both."""

    name = "thesis"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer shipped names, then let the shell offer files."""
        from sim.scenario import thesis_names  # noqa: PLC0415 - only when the shell asks

        known = [CompletionItem(name) for name in thesis_names() if name.startswith(incomplete)]
        return [*known, CompletionItem(incomplete, type="file")]


class OutcomeWidth(click.types.StringParamType):
    """``OUTCOME=WIDTH``; the shell completes the outcome."""

    name = "target"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer outcomes, with the sign that their width follows."""
        from sim.outcomes import OUTCOMES  # noqa: PLC0415 - only when the shell asks

        return [
            CompletionItem(f"{name}=", help=outcome.label)
            for name, outcome in OUTCOMES.items()
            if name.startswith(incomplete)
        ]


def scenario_argument(
    name: str, *, many: bool = False, optional: bool = False
) -> Callable[[Command], Command]:
    """Add an argument that takes one scenario, or at least one where there may be many."""
    return click.argument(
        name,
        metavar="SCENARIO..." if many else "[SCENARIO]" if optional else "SCENARIO",
        type=ScenarioName(),
        nargs=-1 if many else 1,
        required=not optional,
    )


def _targets(ctx: click.Context, option: click.Parameter, texts: Sequence[str]) -> tuple[Target, ...]:
    """Read targets, or fail with what is wrong and the nearest outcome."""
    if not texts:
        return ()
    from sim.results.target import Target  # noqa: PLC0415 - only where one is given

    try:
        return tuple(Target.parse(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, option) from None


set_option = click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a parameter, a start state (initial.KGZ.alignment=0.5) or another key; repeatable.",
)

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


yes_option = click.option("--yes", "-y", is_flag=True, help="Go on where a request is large.")

quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print the results' folder and nothing else.")


def run_options(command: Command) -> Command:
    """Add the options of commands that run scenarios."""
    options = (
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
        click.option(
            "--seed", type=click.IntRange(min=0), help="Seed of all luck.  [default: the scenario's]"
        ),
        click.option(
            "--workers",
            "-j",
            type=click.IntRange(min=1),
            help="Processes.  [default: one a core, fewer for few runs]",
        ),
        click.option(
            "--out",
            "-o",
            type=click.Path(path_type=Path),
            help="Folder for the results; the same runs in it are gone on with.  [default: under results/]",
        ),
        click.option("--force", is_flag=True, help="Replace earlier results in --out."),
        click.option("--cluster", metavar="ADDRESS", help="Run on a Dask cluster, such as tcp://host:8786."),
        yes_option,
        set_option,
        switch_options,
        click.option("--no-figures", is_flag=True, help="Draw no figures."),
        quiet_option,
    )
    for option in reversed(options):
        command = option(command)
    return command
