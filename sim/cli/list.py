"""``sim list``: the shipped scenarios."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Callable

import click

from sim.cli.console import Command
from sim.cli.options import given_options


@click.command(
    "list",
    cls=Command,
    short_help="List the shipped scenarios.",
    examples=(
        "sim list",
        "sim list --outcomes",
        "sim list --figures",
        "sim list --events",
        "sim list --instruments",
        "sim list --parameters",
        "sim list --series",
        "sim list --signposts",
        "sim list --claims",
        "sim list --names",
    ),
)
@click.option("--names", "only_names", is_flag=True, help="Names alone, one a line.")
@click.option("--outcomes", is_flag=True, help="What each outcome means, by its column in outcomes.parquet.")
@click.option("--figures", is_flag=True, help="Every figure: what it shows, and what makes it.")
@click.option("--events", is_flag=True, help="Every kind of event that a timeline may hold, with its keys.")
@click.option("--instruments", is_flag=True, help="Moscow's instruments: what each does, and what counts it.")
@click.option(
    "--parameters", is_flag=True, help="Every parameter with its range and the shared world's number."
)
@click.option("--series", is_flag=True, help="Every monthly series, which conditions and trajectories name.")
@click.option("--signposts", is_flag=True, help="Everything observable that signposts and --seen may name.")
@click.option("--claims", is_flag=True, help="Every claim of the shipped theses, by its id.")
def list_scenarios(only_names: bool, **lists: bool) -> None:
    """List the shipped scenarios and the question that each asks."""
    given = given_options("only_names", *lists)
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} are different lists: give one of them")
    for name, asked in lists.items():
        if asked:
            _LISTS[name]()
            return
    from sim.scenario import load, names

    if only_names:
        for name in names():
            click.echo(name)
        return

    from sim.cli.console import output, plain_table

    table = plain_table("", "name", "title", "question")
    for name in names():
        scenario = load(name)
        table.add_row(name, scenario.title, scenario.question)
    output().print(table)


def _list_events() -> None:
    from sim.cli.console import output, plain_table
    from sim.scenario.timeline import EVENTS, limits_of, own_keys, words_of
    from sim.world.state import STATES

    table = plain_table("", "event", "keys", "what happens")
    optional = plain_table("Keys that may be left out, and what holds then", "key", "of", "what it says")
    numbers = plain_table("Numbers that must be given", "key", "of", "least", "most", "what it says")
    allowed = plain_table("Words that a key takes", "key", "of", "words")
    for event, kind in EVENTS.items():
        own = own_keys(kind)
        keys = ", ".join(key if needed else f"{key} (optional)" for key, needed in own.items())
        table.add_row(event, keys, (kind.__doc__ or "").split("\n")[0])
        for key, needed in own.items():
            field = kind.model_fields[key]
            told = " ".join((field.description or "").split())
            if not needed:
                optional.add_row(key, event, told)
            elif limits := limits_of(field):
                numbers.add_row(key, event, *(f"{limit:g}" for limit in limits), told)
            elif (words := words_of(field)) and len(words) < len(STATES):
                allowed.add_row(key, event, ", ".join(words))
    output().print(table)
    output().print("Each also has `name`, and either `at` (a month) or `when` (a condition).")
    output().print()
    output().print(numbers)
    output().print()
    output().print(allowed)
    output().print(f"States are given by their codes: {', '.join(STATES)}.")
    output().print()
    output().print(optional)


def _list_figures() -> None:
    from sim.cli.console import output, plain_table
    from sim.figures.registry import find, names

    table = plain_table("", "name", "shows", "drawn from", "made by")
    for entry in map(find, names()):
        table.add_row(entry.name, entry.title, ", ".join(entry.needs), entry.command)
    output().print(table)


def _list_instruments() -> None:
    from sim.cli.console import output, plain_table
    from sim.explain.instruments import COLUMNS, instruments_in_words

    table = plain_table("", *COLUMNS)
    for row in instruments_in_words():
        table.add_row(*row)
    output().print(table)
    output().print("A timeline's `abstain` names them; outcomes count how often a run uses each.")


def _list_parameters() -> None:
    from sim.cli.console import output, plain_table
    from sim.parameters import catalogue, prior_text
    from sim.scenario import SHARED_WORLD, load

    table = plain_table("", "parameter", "shared world", "range", "unit", "meaning", "tag")
    world = load(SHARED_WORLD)
    for path, spec in catalogue().items():
        between, shared = f"{spec.low:g} to {spec.high:g}", world.shared(path)
        table.add_row(path, prior_text(shared.prior), between, spec.unit, spec.meaning, str(shared.tag))
    output().print(table)
    output().print("`--set PATH=VALUE` and a file's `parameters` set them; `sim show NAME` gives sources.")


def _list_series() -> None:
    from sim.cli.console import output, plain_table
    from sim.series import MOSCOW_SERIES, STATE_SERIES

    for title, series in (
        ("Of a state", STATE_SERIES),
        ("Of Moscow, in the rows of state RUS", MOSCOW_SERIES),
    ):
        table = plain_table(title, "series", "meaning")
        for name, meaning in series.items():
            table.add_row(name, meaning)
        output().print(table)
        output().print()
    output().print("Columns of trajectories.parquet; `variable` of a timeline's `when` names one.")


def _list_signposts() -> None:
    from sim.analysis.observables import observables
    from sim.analysis.signpost_words import told
    from sim.cli.console import output, plain_table
    from sim.world.state import STATES

    table = plain_table("", "name", "what is seen")
    for name in observables():
        if not name.endswith(STATES) and " and " not in name:
            table.add_row(name, told(name))
    output().print(table)
    output().print("Several occasions of a challenge are joined by `and`: `challenge:election and shock`.")
    output().print("With a state's code at its end a name is about that state alone, as `fall:street KGZ`.")
    output().print("A file for `sim signposts --seen` holds statements such as `fall:street KGZ >= 1`.")


def _list_claims() -> None:
    from sim.cli.console import output, plain_table
    from sim.scenario import shipped_claims

    table = plain_table("", "id", "thesis", "claim", "effect to be seen")
    for claim, thesis in shipped_claims().values():
        effect = f"{claim.effect.outcome} {claim.effect.sign}" if claim.effect else "none that runs show"
        table.add_row(claim.id, thesis.name, claim.claim, effect)
    output().print(table)
    output().print(
        "`--without ID` and `--with ID` switch them; `sim show NAME --claims` says who makes them."
    )


def _list_outcomes() -> None:
    from sim.cli.console import output, plain_table
    from sim.measures import OUTCOMES, STATE_OUTCOMES
    from sim.measures.end_state import rules_in_words

    console = output()
    for title, outcomes in (("", OUTCOMES), ("Of one state (sim compare --state)", STATE_OUTCOMES)):
        table = plain_table(title, "column", "label", "meaning", "unit")
        for column, outcome in outcomes.items():
            table.add_row(column, outcome.label, outcome.definition, outcome.unit)
        console.print(table)
        console.print('"The region" is the 11 states without the Baltic ones.\n' if not title else "")
    table = plain_table("End states: a run ends in the first class whose rule holds", "class", "rule")
    for name, rule in rules_in_words().items():
        table.add_row(name, rule)
    console.print(table)


_LISTS: dict[str, Callable[[], None]] = {
    "outcomes": _list_outcomes,
    "figures": _list_figures,
    "events": _list_events,
    "instruments": _list_instruments,
    "parameters": _list_parameters,
    "series": _list_series,
    "signposts": _list_signposts,
    "claims": _list_claims,
}
