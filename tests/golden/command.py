"""The commands of the golden histories."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import click

from . import store

FEWEST_LINES = 95.0  # per cent of the lines of `sim.model` that the golden cases run
FIRST = ("made/", "what-if/hindcast", "what-if/revised")  # cases that run lines that few others do
A_LOOK = 3  # cases, after which it is seen whether that many have been run


@click.group()
def main() -> None:
    """Golden histories: hashes of the numbers of a set of runs."""


@main.command()
@click.option("--reason", required=True, help="Why the numbers change; it stands in the file.")
@click.option(
    "--new-reference", is_flag=True, help="Take this Python and these dependencies as the reference."
)
def renew(reason: str, new_reference: bool) -> None:
    """Run every case and write its numbers anew."""
    from .model import CASES, golden  # noqa: PLC0415  the model is loaded only where it is run

    before = store.read()
    elsewhere = store.not_the_reference(before["reference"]) if before["reference"] else ""
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why the numbers change")
    if elsewhere and not new_reference:
        raise click.UsageError(f"this is not the reference: {elsewhere}; give --new-reference to make it so")
    now = {
        "reference": store.here(),
        "renewals": before["renewals"],
        "cases": {name: golden(name) for name in CASES},
    }
    altered = store.changed(before, now)
    added = sorted(set(now["cases"]) - set(before["cases"]))
    if store.text(now) == store.text(before):
        click.echo("nothing changed")
        return
    entry = {"date": time.strftime("%Y-%m-%d"), "reason": reason.strip(), "changed": altered}
    now["renewals"] = [*before["renewals"], entry]
    store.FILE.write_text(store.text(now), encoding="utf-8")
    for case, groups in altered.items():
        click.echo(f"{case}: {', '.join(groups)} changed")
    gained = sum(
        bool(set(parts) - set(before["cases"].get(name, parts))) for name, parts in now["cases"].items()
    )
    click.echo(
        f"{len(altered)} cases changed, {gained} with new parts, {len(added)} new, {len(now['cases'])} in all"
    )


@main.command()
@click.option("--verbose", "-v", is_flag=True, help="Name every part that differs, with its numbers.")
def check(verbose: bool) -> None:
    """Say in which parts this checkout's histories are not those of the file; exit with 1 if in any.

    A line a case: of each group how many parts differ, of how many. The last lines say what to do next.
    """
    from .model import CASES, golden  # noqa: PLC0415
    from .parts import advice, differences, summary  # noqa: PLC0415

    stored = store.read()
    elsewhere = store.not_the_reference(stored["reference"])
    click.echo(f"within the tolerance, as this is {elsewhere}" if elsewhere else "bit for bit")
    wrong, every = 0, list[str]()
    for name in CASES:
        found = golden(name)
        lines = differences(stored["cases"].get(name, {}), found, exact=not elsewhere)
        wrong += bool(lines)
        every += lines
        for line in lines if verbose or not lines else [summary(lines, found)]:
            click.echo(f"{name}  {line}")
    hint = " (--verbose names each part)" if wrong and not verbose else ""
    click.echo(f"{wrong} of {len(CASES)} cases differ{hint}")
    if wrong:
        click.echo(advice(every))
    sys.exit(min(wrong, 1))


@main.command()
def adopt() -> None:
    """Let the shipped audit hold for a model that gives the same numbers, bit for bit.

    Parameters may have been added that change no run, and outcomes be defined otherwise with the same values.
    """
    import json  # noqa: PLC0415

    from sim.analysis.audit import plan_audit  # noqa: PLC0415
    from sim.analysis.shipped_audit import (  # noqa: PLC0415
        ABOUT,
        audit_folder,
        definitions,
        fingerprints,
        shipped_cells,
    )
    from sim.scenario import load_thesis, thesis_names  # noqa: PLC0415

    from .model import CASES, golden  # noqa: PLC0415
    from .parts import differences  # noqa: PLC0415

    stored = store.read()
    exact = not store.not_the_reference(stored["reference"])
    for name in CASES:
        lines = differences(stored["cases"].get(name, {}), golden(name), exact=exact)
        if changed := [line for line in lines if not line.startswith("draws/")]:
            raise click.ClickException(f"{name}: {changed[0]}: make the audit again")
    path = audit_folder() / ABOUT
    about = json.loads(path.read_text(encoding="utf-8"))
    theses = [load_thesis(name) for name in thesis_names() if name in about["fingerprints"]]
    plan = plan_audit(theses, runs=about["runs_a_scenario"], seed=about["seed"])
    labelled = set(shipped_cells()["outcome"])
    known = {name: key for name, key in definitions().items() if name in labelled}
    about |= {"fingerprints": fingerprints(plan), "definitions": known}
    path.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{path}: of the scenarios and outcomes as they are now")
    if new := sorted(definitions().keys() - labelled):
        click.echo(f"not audited yet: {', '.join(new)}; `python -m docs.remake full audit` does it")


@main.command()
def reference() -> None:
    """Print the reference's dependencies as pip takes them."""
    stored = store.read()["reference"]
    click.echo("\n".join(f"{name}=={stored[name]}" for name in store.NUMERICAL))


@main.command()
@click.option("--missing", is_flag=True, help="List the lines that are not run.")
def lines(missing: bool) -> None:
    """Measure how many lines of the model the cases run; exit with 1 if too few.

    Lines that numba compiles cannot be seen while they are compiled, so some short runs are made without it.
    Unless the lines that are not run are asked for, it stops where the cases so far have run enough of them,
    since more cases run no fewer.
    """
    with tempfile.TemporaryDirectory() as folder:
        for compiled in (False, True):
            environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if compiled else "1"}
            place = [sys.executable, str(Path(__file__).parent), "measured", folder]
            subprocess.run([*place, "--all"] if missing else place, env=environment, check=True)
        share = _share(Path(folder), missing=missing)
    click.echo(f"{share:.1f} % of the lines of sim.model are run; at least {FEWEST_LINES:g} % should be")
    sys.exit(int(share < FEWEST_LINES))


def _share(folder: Path, *, missing: bool = False) -> float:
    """Return the per cent of the model's lines that were run, by all that was measured into a folder."""
    import coverage  # noqa: PLC0415

    together = coverage.Coverage(data_file=str(folder / "together"))
    together.combine([str(file) for file in folder.glob("measured.*")], keep=True)
    together.config.exclude_list.append("if TYPE_CHECKING:")
    with (folder / "report").open("w") as file:
        share = together.report(show_missing=True, file=file)
    if missing:
        click.echo((folder / "report").read_text())
    return share


@main.command(hidden=True)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--all", "every", is_flag=True, help="Go on where enough lines have been run.")
def measured(folder: Path, every: bool) -> None:
    """Run the cases, short ones if numba is off, and write which lines of the model were run."""
    import coverage  # noqa: PLC0415

    compiled = os.environ.get("NUMBA_DISABLE_JIT") != "1"
    measure = coverage.Coverage(source_pkgs=["sim.model"], data_file=str(folder / f"measured.{compiled}"))
    measure.start()
    from .model import CASES, golden, golden_without_numba  # noqa: PLC0415  after the start: imports count

    if not compiled:
        warnings.simplefilter("ignore", RuntimeWarning)  # whole numbers wrap around, as they should
        golden_without_numba()
        measure.stop()
        measure.save()
        return
    names = sorted(CASES, key=lambda name: not name.startswith(FIRST))
    for first in range(0, len(names), A_LOOK):
        for name in names[first : first + A_LOOK]:
            golden(name)
        measure.stop()
        measure.save()
        if not every and _share(folder) >= FEWEST_LINES:
            break
        measure.start()
