"""``sim show``: a scenario with every number's source, or one run's story."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.console import Command
from sim.cli.options import (
    MADE_ALREADY,
    given_options,
    replicate_option,
    scenario_argument,
    set_option,
    switch_options,
)

if TYPE_CHECKING:
    from sim.parameters import Prior
    from sim.scenario import Scenario, Setting


@click.command(
    cls=Command,
    short_help="Show a scenario's numbers and their sources, or a run's story.",
    examples=(
        "sim show dubnov",
        "sim show dubnov --claims",
        "sim show dubnov --initial",
        "sim show --month",
        "sim show baseline --with K4",
        "sim show dubnov --story --replicate 3",
        "sim show results/compare --story --of kuzio",
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
@click.option("--story", is_flag=True, help="One run's history in dated sentences.")
@click.option("--full", is_flag=True, help="With --story: every event, everyday ones too.")
@replicate_option
@click.option(
    "--of", "which", metavar="NAME", help="With --story of results: which scenario.  [default: the first]"
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

    changed = Changes(changes, without, with_)
    if story and is_results(scenario):
        if changed != Changes():
            raise click.UsageError(MADE_ALREADY)
        _tell_stored(Path(scenario), which, replicate, full=full)
        return
    if which is not None:
        raise click.UsageError(f"--of chooses from a results folder, and {scenario} is none")
    if not story and (Path(scenario) / ABOUT).is_file():
        raise click.UsageError(f"{scenario} is a results folder, of which --story shows a run")
    resolved = changed.apply(scenario)
    if story:
        _tell_new(resolved, replicate, full=full)
        return
    click.echo(resolved.debug())
    if claims or not (parameters or initial):
        _print_claims(resolved)
    if parameters or not (claims or initial):
        _print_parameters(resolved)
    if initial:
        _print_initial(resolved)


def _print_claims(scenario: Scenario) -> None:
    from sim.cli.console import output, plain_table
    from sim.scenario.describe import holding, saying

    if not scenario.claims:
        return
    table = plain_table("Claims", "", "claim", "who says it", "when it holds")
    for claim in scenario.claims:
        table.add_row(
            claim.id, claim.claim, saying(claim) or "not noted", holding(scenario, claim) or "always"
        )
    output().print(table)
    if scenario.thesis is not None and scenario.thesis.left_out:
        table = plain_table("Left out", "what the article says", "who says it", "why no claim expresses it")
        for statement in scenario.thesis.left_out:
            table.add_row(statement.claim, saying(statement), statement.why)
        output().print(table)
    output().print()


def _refuse_what_excludes(*, month: bool, story: bool) -> None:
    """Refuse options that say nothing of what is shown, so that none is ignored."""
    others = (name for name in click.get_current_context().params if name != "month")
    if month and (given := given_options(*others)):
        raise click.UsageError(f"--month tells of every run's months alone: leave out {given[0]}")
    if story and (given := given_options("claims", "parameters", "initial")):
        raise click.UsageError(f"--story and {given[0]} show different things: give one of them")
    if not story and (given := given_options("replicate", "full", "which")):
        raise click.UsageError(f"{given[0]} chooses what --story tells: add --story")


_TAGS = (
    "Tags: cited, a number of the source; calibrated, set so that runs resemble the record; assumed, a "
    "judgement; user, from your file."
)


def _print_parameters(scenario: Scenario) -> None:
    from sim.cli.console import output, plain_table
    from sim.cli.tables import glossary
    from sim.parameters import Sample, catalogue, joint_text, prior_text

    console, words = output(), []
    joint: dict[str, list[Setting]] = {}
    table = plain_table("Every parameter", "parameter", "value or prior", "unit", "meaning", "tag", "source")
    for path, spec in catalogue().items():
        setting = scenario.parameters.get(path)
        prior, tag, source = (
            (spec.prior, spec.tag, spec.source)
            if setting is None
            else (setting.prior, setting.tag, _source(setting, spec.prior))
        )
        if setting is not None and isinstance(prior, Sample):
            joint.setdefault(prior.of, []).append(setting)
            source = f"posterior {list(joint).index(prior.of) + 1}, below"
        table.add_row(path, prior_text(prior), spec.unit, spec.meaning, str(tag), source)
        words.append(f"{prior} {spec.unit} {spec.meaning}")
    console.print(table)
    console.print()
    for place, settings in enumerate(joint.values(), 1):
        first = settings[0]
        if isinstance(first.prior, Sample):
            console.print(f"Posterior {place}: {joint_text(first.prior, len(settings))}; {first.source}.")
    console.print(f"{glossary(' '.join(words))} {_TAGS}")


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

    table = plain_table("The month", "", "stage", "what it does", "file in sim/model", "events it notes")
    for place, stage in enumerate(MONTH, 1):
        table.add_row(str(place), stage.name, stage.what, stage.where, ", ".join(stage.notes))
    output().print(table)


def _print_initial(scenario: Scenario) -> None:
    from sim.cli.console import output, plain_table
    from sim.parameters import prior_text
    from sim.world import build_world, describe

    table = plain_table(f"Start state, {scenario.start}", "quantity", "mean", "error (sd)", "tag", "source")
    for row in describe(build_world(scenario.start)).itertuples():
        path = f"{row.state}.{row.quantity}"
        setting = scenario.initial.get(path)
        if setting is None:
            table.add_row(path, f"{row.mean:.3g}", f"{row.sd:.2g}", str(row.tag), str(row.source))
        else:
            table.add_row(path, prior_text(setting.prior), "", str(setting.tag), setting.source)
    output().print(table)


def _tell_stored(folder: Path, which: str | None, replicate: int, *, full: bool) -> None:
    from sim.experiment.results import open_results
    from sim.explain.one_run import from_results
    from sim.explain.story import story

    _print_story(story(from_results(open_results(folder), which, replicate), full=full))


def _tell_new(scenario: Scenario, replicate: int, *, full: bool) -> None:
    from sim.explain.one_run import run_replicate
    from sim.explain.story import story

    _print_story(story(run_replicate(scenario, replicate), full=full))


def _print_story(lines: Sequence[str]) -> None:
    from sim.cli.tables import glossary

    for line in lines:
        click.echo(line)
    if words := glossary("\n".join(lines)):
        click.echo(f"\n{words}")
