"""Every command with plausible and hostile words: an answer or one message, never a traceback."""

# ruff: noqa: E501, SIM905  lists of odd values are easier to read in whole lines

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from fuzzing import fuzzed
from hypothesis import given
from hypothesis import strategies as st

from sim.cli.main import main

SMALL = ("--set", "years=1", "--set", "citizens=50", "--runs", "1")
TAILS = {
    "run": (*SMALL, "--no-figures", "--workers", "1"),
    "compare": (*SMALL, "--no-figures", "--workers", "1"),
    "claims": ("--set", "years=1", "--set", "citizens=50", "--workers", "1"),
    "variance": ("--set", "years=1", "--set", "citizens=50", "--workers", "1"),
    "explain": ("--set", "years=1", "--set", "citizens=50"),
}
"""Appended so that a case is small, whatever comes before; the last of an option given twice counts."""

ENDLESS = {"explore"}
"""Commands that serve until Ctrl-C; tests/test_explore.py gives them wrong words."""

FIXED = {"--runs", "-n", "--workers", "-j", "--cluster", "--figure", "--audit", "--story"}
"""Options that cost time or reach the network; their values are tried in `test_hostile_sizes`."""

WORDS = st.one_of(
    st.sampled_from(
        "baseline null dubnov kuzio csto-stays-home what-if/china-steps-in s.yaml bad.yaml none.yaml folder results r1 /dev/null / "
        ". .. ../../etc/passwd /etc/passwd ~ C:\\x KGZ Kyrgyzstan P1 P3 K4 D2 0 1 2 7 -1 1e9 1.5 nan inf 9999999999999999999999 "
        "moscow.keep_weight=1 moscow.keep_weight=9 moscow.kep_weight=1 runs=x seed=-1 years=2 start=2012-05 start=1950-01 "
        "initial.KGZ.alignment=0.5 initial.XXX.y=1 timeline=[] thesis=null thesis=nobody name=a/b name=[red] title=$x^ "
        "moscow.keep_weight={normal:{mean:1}} extends=dubnov =1 x= = citizens=1e99 influence_change falls_street=0.5 "
        "x.png x.pdf x.exe --help -q -- --nope [red]x[/red] $\\frac \x1b[31mred \u202eabc \u4e2d\u6587 \xa0".split(
            " "
        )
    ),
    st.just(""),
    st.text(max_size=10),
    st.just("x" * 5_000),
)
FOLDERS = st.sampled_from(
    ["o1", "o2", "r1", "folder", "s.yaml", "", "x" * 300, "[red]", "$x", "a\nb", "\u202e"]
)
"""Where results may go: in the test's own folder, whatever the command does."""


def options_of(command: click.Command) -> list[tuple[str, bool]]:
    """Return a command's options and whether each takes a value."""
    return [
        (name, not option.is_flag)
        for option in command.params
        if isinstance(option, click.Option)
        for name in option.opts
        if name not in FIXED
    ]


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Return the words of a command line."""
    name = draw(st.sampled_from(sorted({*main.commands} - ENDLESS)))
    words = draw(st.lists(WORDS, max_size=3))
    for option, takes_value in draw(
        st.lists(st.sampled_from([*options_of(main.commands[name]), ("--nope", True)]), max_size=3)
    ):
        values = FOLDERS if option in ("--out", "-o") else WORDS
        words += [option, draw(values)] if takes_value else [option]
    tail = list(TAILS.get(name, ()))
    if name in ("claims", "variance"):
        words = words or ["nobody"]  # all theses would take minutes
        tail += ["--runs", "2"]
    return [name, *words, *tail]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a good file, a bad one, and the results of two runs."""
    folder = tmp_path_factory.mktemp("lines")
    (folder / "s.yaml").write_text("title: fine\nyears: 1\n")
    (folder / "bad.yaml").write_text("title: [\n")
    (folder / "folder").mkdir()
    os.chdir(folder)
    done = CliRunner().invoke(main, ["run", "baseline", *TAILS["run"], "--out", "r1"])
    assert done.exit_code == 0, done.output
    return folder


def check(words: list[str]) -> None:
    """Run a command line and check what is promised of every one."""
    result = CliRunner().invoke(main, words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (words, result.exception)
    assert result.exit_code in (0, 1, 2), (words, result.exit_code)
    assert "Traceback" not in result.output, words
    assert "Unexpected error" not in result.output, (words, result.output)
    if result.exit_code:
        assert result.stderr.strip(), words
        assert result.stderr.count("Error: ") <= words.count("Error: ") + max(1, len(words)), result.stderr
        assert len(result.stderr) < 60_000, words


@fuzzed(ordinarily=60)
@given(words=command_lines())
def test_any_command_line(words: list[str], place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        check(words)


SIZES = ["0", "-1", "1e3", "1.0", "x", "", "9" * 30, "1000000000000", "0x10", "\u0661", " 1 ", "True", "NaN"]


@pytest.mark.parametrize("command", ["run", "compare", "claims", "variance"])
@pytest.mark.parametrize("value", [size for size in SIZES if size not in ("\u0661", " 1 ")])
def test_hostile_sizes(command: str, value: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    for option in ("--runs", "--seed"):
        words = [command, "dubnov", option, value]
        result = CliRunner().invoke(main, [*words, *(() if option == "--runs" else ("--runs", "x"))])
        assert result.exit_code == 2, (words, result.output)
        assert "Error: " in result.output
