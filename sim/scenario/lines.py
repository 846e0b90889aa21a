"""Values and remarks as lines of a YAML file that people read."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any

_WIDTH = 96
_PLAIN = re.compile(r"[^\W\d_][\w ,.'()?!-]*")
_PLAIN_IN_FLOW = re.compile(r"[^\W\d_][\w.-]*")
_NO_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
_MONTH = re.compile(r"\d{4}-\d\d")


def commands(*rows: tuple[str, str]) -> list[str]:
    """Return commands as remarks, with what each tells below one another."""
    width = max(len(command) for command, _ in rows)
    return [f"#   {command:{width}}   {told}" for command, told in rows]


def remark(text: str, mark: str = "# ") -> list[str]:
    """Return a text as a remark over as many lines as it takes."""
    return textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=mark, subsequent_indent=mark)


def text_of(text: str, *, flow: bool = False) -> str:
    """Return a text as YAML writes it on one line, in quotes where it needs them."""
    text = " ".join(text.split())
    plain = (_PLAIN_IN_FLOW if flow else _PLAIN).fullmatch(text) and text.casefold() not in _NO_TEXT
    return text if plain else json.dumps(text, ensure_ascii=False)


def value_of(value: Any) -> str:
    """Return a value as YAML writes it on one line."""
    match value:
        case Mapping():
            items = (f"{text_of(str(key), flow=True)}: {value_of(item)}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
        case list() | tuple():
            return f"[{', '.join(map(value_of, value))}]"
        case bool() | None:
            return json.dumps(value)
        case int() | float():
            return repr(value)
    text = str(value)
    return text if _MONTH.fullmatch(text) else text_of(text, flow=True)
