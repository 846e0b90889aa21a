"""``python -m calibration.end_states``: whether readers see the end states that the rules give."""
# ruff: noqa: PLC0415 - what is heavy is imported when it is needed, so that help stays fast

from __future__ import annotations

import json
from pathlib import Path

import click

from sim.cli.console import Command, Commands

CODEBOOK = "CODEBOOK.md"
FORM = "form.csv"


@click.group(
    "python -m calibration.end_states",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Hold the rule of end states against readers who see told histories without labels."""


@main.command(
    cls=Command,
    examples=(
        "sim compare scenarios/*.yaml --out results/all",
        "python -m calibration.end_states tell results/all --out results/blind",
    ),
)
@click.argument("results", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--number", "-n", type=click.IntRange(min=1), default=40, show_default=True, help="Of histories."
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of the draw.")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="A new folder, for the readers.",
)  # fmt: skip
@click.option(
    "--key", type=click.Path(path_type=Path, dir_okay=False),
    help="File that says which run each history is; not for the readers.  [default: OUT.key.csv]",
)  # fmt: skip
def tell(results: Path, number: int, seed: int, out: Path, key: Path | None) -> None:
    """Tell histories of RESULTS without scenario, thesis and end state, with a form and a codebook.

    Runs are drawn evenly over the scenarios of RESULTS, and told in a random order.
    """
    from importlib.resources import files

    from calibration.end_states.agreement import FORM_COLUMNS
    from calibration.end_states.told import draw_runs, told_runs
    from sim.errors import FolderError
    from sim.experiment.files import write_text
    from sim.experiment.folder import choose_folder, make_folder
    from sim.experiment.results import open_results

    opened = open_results(results)
    drawn = draw_runs(opened.outcomes, number, seed)
    folder = choose_folder(out, "blind")
    where = key or folder.with_name(f"{folder.name}.key.csv")
    if where.exists():
        raise FolderError(f"{where} is there already: choose another file with --key")
    make_folder(folder)
    names = [f"{place:0{len(str(number))}d}" for place in drawn["history"]]
    for name, lines in zip(names, told_runs(opened, drawn), strict=True):
        write_text(folder / f"history-{name}.txt", "\n".join([f"History {name}", "", *lines, ""]))
    heads, blanks = ",".join(FORM_COLUMNS), "".join(f"{name},\n" for name in names)
    write_text(folder / FORM, f"{heads}\n{blanks}")
    codebook = (files("calibration.end_states") / CODEBOOK).read_text(encoding="utf-8")
    write_text(folder / CODEBOOK, codebook)
    write_text(where, drawn.assign(history=names).to_csv(index=False, lineterminator="\n"))
    click.echo(f"{number} histories, {FORM} and {CODEBOOK}: {folder}")
    click.echo(f"Which runs they are: {where}")


@main.command(
    cls=Command,
    examples=(
        "python -m calibration.end_states score results/blind.key.csv first.csv second.csv",
        "python -m calibration.end_states score results/blind.key.csv a.csv b.csv --who 'two students'",
    ),
)
@click.argument("key", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument(
    "forms", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True
)
@click.option("--who", default="", metavar="TEXT", help="Who the readers were; say if they were programs.")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, file_okay=False),
    help="Also write agreement.csv, confusion.csv and about.json to this folder.",
)  # fmt: skip
def score(key: Path, forms: tuple[Path, ...], who: str, out: Path | None) -> None:
    """Hold filled-in FORMS against the rule, and against one another.

    Of each pair: how many histories both coded, the share that they agree on with its exact 95 % interval,
    and Cohen's kappa with a 95 % bootstrap interval over histories.
    """
    from calibration.end_states.agreement import RULE, agreement, confusion, read_form, read_key
    from sim.cli.console import output, plain_table
    from sim.experiment.files import PACKAGE, installed_version, write_text

    table = read_key(key)
    rule = table.set_index("history")["end_state"]
    names = [form.stem for form in forms]
    if len({RULE, *names}) <= len(names):
        raise click.UsageError(f"forms need names of their own, and not {RULE}: {', '.join(names)}")
    answers = {name: read_form(form, list(rule.index)) for name, form in zip(names, forms, strict=True)}
    pairs = agreement({RULE: rule, **answers})
    shown = plain_table("Agreement", "", "histories", "agree", "share", "kappa", numbers=True)
    for row in pairs.to_dict("records"):
        shown.add_row(
            f"{row['first']} and {row['second']}", str(row["histories"]), str(row["agree"]),
            f"{row['share']:.2f} ({row['low']:.2f}, {row['high']:.2f})",
            f"{row['kappa']:.2f} ({row['kappa_low']:.2f}, {row['kappa_high']:.2f})",
        )  # fmt: skip
    output().print(shown)
    wide = confusion(rule, answers)
    for name in answers:
        own = wide[wide["reader"] == name].drop(columns="reader")
        of_reader = plain_table(f"Rule (rows) and {name} (columns)", "", *own.columns[1:], numbers=True)
        for row in own.to_dict("records"):
            of_reader.add_row(*map(str, row.values()))
        output().print()
        output().print(of_reader)
    if out is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, found in (("agreement", pairs), ("confusion", wide)):
        write_text(out / f"{name}.csv", found.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
    about = {
        "made": f"made with version {installed_version(PACKAGE)}",
        "readers": names, "who": who, "histories": len(rule),
    }  # fmt: skip
    write_text(out / "about.json", json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main(prog_name="python -m calibration.end_states")
