"""``python -m benchmarks``: measure, then write a table and a figure."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from benchmarks.rows import earlier, to_markdown, write
from benchmarks.sizes import FULL, QUICK

PARTS = {
    "stage": "the citizen stage alone, against C and other frameworks",
    "run": "a whole run against the same model with a Mesa agent per citizen",
    "ensemble": "an ensemble on 1 and 2 workers against Mesa's batch_run",
    "growth": "time against citizens, states, months and runs, with exponents",
    "memory": "bytes a citizen and peak",
    "mesa": "what Mesa's agent sets and data collector would cost",
    "answer": "how long the page takes to answer, in a process that has answered before",
    "command": "the first command with its figures, and the same again",
    "scale": "100,000 short runs through store, tables and figures: memory and disk; asked for by name alone",
    "startup": "`sim --help` and `import sim` against an empty Python",
    "against": "a whole run against that of an earlier commit; with --against",
}
MODULES = {"run": "whole_run", "mesa": "mesa_parts"}
EPILOG = """\b
Examples:
  python -m benchmarks
  python -m benchmarks --only stage --only startup
  python -m benchmarks --only run --only against --against HEAD~20
  python -m benchmarks --only scale --into docs/CLUSTERS.md
  python -m benchmarks --quick --out results/quick-benchmarks

\b
Parts: """ + "\n       ".join(f"{name}: {what}" for name, what in PARTS.items())


FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.option(
    "--out",
    type=FOLDER,
    default=Path("benchmarks/results"),
    show_default=True,
    help="Folder for benchmarks.md, benchmarks.csv and benchmarks.png.",
)
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="A part; may be repeated.")
@click.option("--against", metavar="COMMIT", help="An earlier commit, for the part of that name.")
@click.option(
    "--into",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A page whose table of many runs is written anew, from the part scale.",
)
@click.option("--quick", is_flag=True, help="Tiny sizes, to see that everything runs; not for figures.")
def main(out: Path, only: tuple[str, ...], against: str | None, into: Path | None, quick: bool) -> None:
    """Run the model and its peers side by side, interleaved, and report ratios of medians.

    Peers that are not installed are skipped and named. Leave the machine alone while it runs. Parts that are
    measured again replace what the folder has of them; the others stay.
    """
    if "against" in only and against is None:
        raise click.UsageError("the part against needs a commit: --against COMMIT")
    out.mkdir(parents=True, exist_ok=True)
    usual = [part for part in PARTS if part != "scale" and (against or part != "against")]
    parts = [part for part in PARTS if part in (only or usual)]
    rows = [row for row in earlier(out) if row.part not in parts]
    for part in parts:
        module = importlib.import_module(f"benchmarks.{MODULES.get(part, part)}")
        more = (against,) if part == "against" else ()
        rows += module.run(QUICK if quick else FULL, lambda text: click.echo(text, err=True), *more)
        write(rows, out)  # what is measured is kept, whatever comes later
    from benchmarks.figure import draw  # noqa: PLC0415 - matplotlib is slow to load

    draw(rows, out / "benchmarks.png")
    if into is not None:
        from benchmarks.scale import fill  # noqa: PLC0415 - as the other parts

        into.write_text(fill(into.read_text(encoding="utf-8"), rows), encoding="utf-8")
    click.echo(to_markdown(rows))


if __name__ == "__main__":
    main()
