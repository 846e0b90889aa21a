"""Print constraints that hold every direct dependency to the oldest version that pyproject.toml permits."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_LOWEST = re.compile(r"^([A-Za-z0-9._-]+)>=([0-9][0-9.]*)")


def oldest(extras: tuple[str, ...]) -> list[str]:
    """Return one line a dependency of the package and of some extras, as ``pip install -c`` reads it."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    given = [
        *project["dependencies"],
        *(line for extra in extras for line in project["optional-dependencies"][extra]),
    ]
    found: dict[str, str] = {}
    for line in given:
        if match := _LOWEST.match(line):  # where several permit different ones, the newest of them holds
            found[match[1]] = max(match[2], found.get(match[1], "0"), key=_numbers)
    return [f"{name}=={version}" for name, version in found.items()]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    sys.stdout.write("\n".join(oldest(tuple(sys.argv[1:]))) + "\n")
