"""The notebooks of ``docs/notebooks``, run anew: what they show comes from running them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from docs.remake.stored import ROOT
from sim.experiment.files import write_text

NOTEBOOKS = ROOT / "docs" / "notebooks"

_RUNS = re.compile(r"^RUNS = \d+$", re.MULTILINE)
_LONGEST_CELL = 1800  # seconds


def names() -> list[str]:
    """Return the notebooks' names."""
    return sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))


def executed(name: str, folder: Path, runs: int | None = None) -> Any:
    """Run a notebook in a folder, and return it with what its cells show.

    Parameters
    ----------
    name : str
        Of `names`.
    folder : Path
        Where it leaves its results.
    runs : int, optional
        In place of its own ``RUNS``.

    Raises
    ------
    ImportError
        If the extra ``notebooks`` is not installed.
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    import ipykernel  # noqa: F401, PLC0415 - what runs them; in the extra `notebooks`
    import nbformat  # noqa: PLC0415
    from nbclient import NotebookClient  # noqa: PLC0415

    notebook: Any = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    if runs is not None:
        for cell in notebook.cells:
            cell.source = _RUNS.sub(f"RUNS = {runs}", cell.source)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, (str(ROOT), before))
    )  # this code, not an installed one
    try:
        NotebookClient(
            notebook, timeout=_LONGEST_CELL, kernel_name="python3", record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        ).execute()  # fmt: skip
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_gone(output)]
    notebook.metadata["language_info"] = {"name": "python"}  # without the version that ran it
    return notebook


def write(chosen: list[str]) -> list[str]:
    """Run notebooks anew and write them in their place; return their paths from the checkout."""
    import nbformat  # noqa: PLC0415

    written = []
    for name in chosen:
        with TemporaryDirectory() as folder:
            notebook = executed(name, Path(folder))
        path = NOTEBOOKS / f"{name}.ipynb"
        write_text(path, str(nbformat.writes(notebook)) + "\n")  # type: ignore[no-untyped-call]
        written.append(path.relative_to(ROOT).as_posix())
    return written


def _is_gone(output: Any) -> bool:
    """Return whether an output is the empty place of a bar."""
    is_shown: bool = output["output_type"] == "display_data" and output["data"].get("text/html") == ""
    return is_shown
