"""``python -m docs.remake``: remake what the documents hold of runs."""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as `calibrate` does; before anything counts the cores

import sys
from pathlib import Path

import click

_INTERRUPTED = 130
_OUT = Path("results") / "remake"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Remake every table, figure and number of docs/ and scenarios/ that comes from runs.

    Benchmarks and published forecasts aside. What is current is left alone: a step is made anew only where
    the code, parameters, scenarios or tables that its numbers depend on have changed.
    """


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a page is not current.")
def pages(check: bool) -> None:
    """Write the pages from their templates (docs/templates) and the stored numbers (docs/numbers).

    In other pages it writes what stands after a mark `made: NAME`, from the program.
    """
    from docs.remake.pages import stale, write  # noqa: PLC0415
    from docs.remake.stored import ROOT, Tree  # noqa: PLC0415

    changed = stale(Tree(ROOT)) if check else write(Tree(ROOT))
    for page in changed:
        click.echo(f"{'not current' if check else 'written'}: {page}")
    sys.exit(int(check and bool(changed)))


@main.command()
@click.argument("names", nargs=-1)
def notebooks(names: tuple[str, ...]) -> None:
    """Run the notebooks of docs/notebooks anew and keep what they show; some of them by NAMES."""
    from docs.remake import notebooks as shown  # noqa: PLC0415
    from sim.errors import missing_extra  # noqa: PLC0415

    known = shown.names()
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"no notebook {unknown[0]!r}; there are: {', '.join(known)}")
    try:
        written = shown.write(list(names) or known)
    except ImportError as error:
        raise click.UsageError(missing_extra(error) or str(error)) from None
    for path in written:
        click.echo(f"written: {path}")


_workers = click.option(
    "--workers", "-j", type=click.IntRange(min=1), help="Processes.  [default: one a core]"
)
_steps = click.argument("steps", nargs=-1)


@main.command()
@_steps
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, file_okay=False), default=_OUT, show_default=True,
    help="Folder for runs and what is made of them; what is there is gone on with.",
)  # fmt: skip
@_workers
@click.option("--yes", "-y", is_flag=True, help="Begin, though it takes more than two hours.")
@click.option(
    "--status", is_flag=True, help="Only say which steps are current, what the others take, and why."
)
def full(steps: tuple[str, ...], out: Path, workers: int | None, yes: bool, status: bool) -> None:
    """Remake all, or some STEPS with what they need, and put it into docs/ and scenarios/ at the end.

    May be stopped at any time: the same command goes on where it was.
    """
    _remake("full", steps, out, workers, yes=yes, status=status)


@main.command()
@_steps
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="Folder for everything, pages too: nothing goes into docs/ or scenarios/.",
)  # fmt: skip
@_workers
def small(steps: tuple[str, ...], out: Path, workers: int | None) -> None:
    """Try the whole pipeline in a few minutes, in a folder of its own. Its numbers say nothing."""
    _remake("small", steps, out, workers, yes=True, status=False)


@main.command()
@click.argument("commit")
@_steps
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, file_okay=False), default=Path("results") / "adopted",
    show_default=True, help="Folder for what both codes make; it must not be there yet.",
)  # fmt: skip
@_workers
def adopt(commit: str, steps: tuple[str, ...], out: Path, workers: int | None) -> None:
    """Keep numbers that the code of COMMIT made, where today's makes the same ones small, byte for byte.

    For a change that moves no number: a faster loop, a function in another file. Exits with 1 if a step has
    to be made anew.
    """
    from docs.remake.adopting import NOT_OF_IT, AdoptError  # noqa: PLC0415
    from docs.remake.adopting import adopt as compare  # noqa: PLC0415
    from docs.remake.tasks import wanted  # noqa: PLC0415
    from sim.experiment.workers import usable_cores  # noqa: PLC0415

    _known(steps)
    if out.exists():
        raise click.UsageError(f"--out {out} is there already: remove it, or choose another")
    try:
        found = compare(commit, wanted(steps), out.resolve(), workers or usable_cores())
    except AdoptError as error:
        raise click.UsageError(str(error)) from None
    for verdict in found:
        click.echo(f"{verdict.step:16} {verdict.why_not or 'kept'}")
    if any(verdict.step == "audit" and not verdict.why_not for verdict in found):
        click.echo("`python tests/golden adopt` lets the labels of the audit hold as well")
    if any(verdict.why_not == NOT_OF_IT for verdict in found):
        click.echo("`git log -1 --format=%h -- docs/numbers` names the last commit that stored numbers")
    sys.exit(int(any(verdict.why_not for verdict in found)))


def _known(steps: tuple[str, ...]) -> None:
    """Refuse what is no step."""
    from docs.remake.running import STEPS  # noqa: PLC0415
    from sim.naming import nearest  # noqa: PLC0415

    for step in steps:
        if step not in STEPS:
            close = nearest(step, tuple(STEPS))
            hint = f"; did you mean {close}?" if close else ""
            raise click.UsageError(f"{step} is no step{hint} (allowed: {', '.join(STEPS)})")


def _remake(
    size: str, steps: tuple[str, ...], out: Path, workers: int | None, *, yes: bool, status: bool
) -> None:
    from docs.remake import sizes, tasks  # noqa: PLC0415
    from docs.remake.steps import Place  # noqa: PLC0415
    from docs.remake.stored import ROOT  # noqa: PLC0415
    from sim.experiment.limits import LONG, time_text  # noqa: PLC0415
    from sim.experiment.workers import usable_cores  # noqa: PLC0415

    _known(steps)
    inside = out.resolve().parts[len(ROOT.parts) :] if out.resolve().is_relative_to(ROOT) else ("results",)
    if not inside or inside[0] != "results":
        raise click.UsageError(f"--out {out}: choose a folder outside the repository, or in results/ there")
    place = Place(out.resolve(), sizes.FULL if size == "full" else sizes.SMALL, workers or usable_cores())
    names = tasks.wanted(steps)
    tasks.begin(place)
    found = tasks.status(place, names)
    waiting = [each for each in found if not each.current]
    seconds = sum(each.seconds for each in waiting)
    for each in found:
        told = "current" if each.current else f"about {time_text(each.seconds)}; {each.why_not}"
        click.echo(f"{each.name:16} {told}", err=True)
    if waiting:
        click.echo(f"In all at most about {time_text(seconds)} on {place.workers} workers.", err=True)
    else:
        click.echo("Every step is current: nothing has to be made.", err=True)
    if status:
        return
    if seconds > LONG and not yes:
        raise click.UsageError("that is more than two hours: go on with --yes; it may be stopped at any time")
    try:
        sys.exit(tasks.remake(place, names, install=size == "full"))
    except KeyboardInterrupt:
        click.echo("stopped; the same command goes on where it was", err=True)
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main(prog_name="python -m docs.remake")
