"""``sim diff``: what differs between two scenarios."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli.console import Command
from sim.cli.options import scenario_argument, switch_options

if TYPE_CHECKING:
    from sim.scenario import Claim, Scenario


@click.command(
    cls=Command,
    short_help="Show what differs between two scenarios.",
    examples=(
        "sim diff baseline dubnov",
        "sim diff dubnov my-scenario.yaml",
        "sim diff piontkovsky --without P3",
    ),
)
@scenario_argument("first")
@scenario_argument("second", optional=True)
@switch_options
def diff(first: str, second: str | None, without: tuple[str, ...], with_: tuple[str, ...]) -> None:
    """Show every key that differs between two scenarios, both fully resolved.

    A number that a claim sets has the claim beside it; below stands what each claim says and sets.

    --without and --with change the second, which is the first again if only one is given.
    """
    from sim.cli.console import output, plain_table
    from sim.cli.tables import glossary
    from sim.scenario import difference
    from sim.scenario.describe import setters

    left, right = load_pair(first, second, without=without, with_=with_)
    rows = difference(left, right)
    if not rows:
        click.echo("The scenarios are the same.")
        return
    claims = {path: setters(path, left, right) for path, _, _ in rows}
    table = plain_table("", "", left.name, right.name, *(["claim"] if any(claims.values()) else []))
    for path, ours, theirs in rows:
        ids = ", ".join(dict.fromkeys(claim.id for claim, _ in claims[path]))
        table.add_row(
            path, setting_text(ours), setting_text(theirs), *([ids] if any(claims.values()) else [])
        )
    output().print(table)
    _print_claims(claims.values())
    if words := glossary(" ".join(f"{ours} {theirs}" for _, ours, theirs in rows)):
        output().print(f"\n{words}")


def _print_claims(setting: Iterable[Sequence[tuple[Claim, str]]]) -> None:
    """Print what each claim says and what the parameters mean that it sets, if there are any."""
    from sim.cli.console import output, plain_table
    from sim.parameters import catalogue

    sets: dict[tuple[str, str], dict[str, None]] = {}
    for claim, path in (pair for pairs in setting for pair in pairs):
        sets.setdefault((claim.id, claim.claim), {})[f"{path}: {catalogue()[path].meaning}"] = None
    if not sets:
        return
    table = plain_table("", "claim", "what it says", "what it sets")
    for identifier, said in sorted(sets, key=lambda claim: _in_order(claim[0])):
        table.add_row(identifier, said, "\n".join(sets[identifier, said]))
    output().print()
    output().print(table)


def _in_order(identifier: str) -> tuple[str, int]:
    """Return by what claims are sorted: K9 comes before K10."""
    letters = identifier.rstrip("0123456789")
    return letters, int(identifier[len(letters) :] or 0)


def setting_text(value: Any) -> str:
    """Return a value of a row of `sim.scenario.difference` for people."""
    from sim.parameters import Sample, prior_text

    if isinstance(value, Sample):
        return prior_text(value)
    return "–" if value is None else str(value)


def load_pair(
    first: str,
    second: str | None,
    settings: Sequence[str] = (),
    *,
    without: Sequence[str] = (),
    with_: Sequence[str] = (),
) -> tuple[Scenario, Scenario]:
    """Return two scenarios, claims switched in the second, which is the first again if it is not given.

    Raises
    ------
    RequestError
        If nothing tells the two apart.
    ScenarioError
        If one cannot be used.
    """
    from sim.errors import RequestError
    from sim.experiment.prepare import Changes

    if second is None and not (without or with_):
        raise RequestError("give a second SCENARIO, or claims to switch with --without and --with")
    changed = Changes.of(settings, without, with_).apply(second or first)
    return Changes.of(settings).apply(first), changed
