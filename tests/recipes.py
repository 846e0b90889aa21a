"""Blocks of a page that a reader follows: files to be written or changed, and commands."""

import re

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEAD = re.compile(r"# file: (\S+) \(([^\n]+)\)\n(.*)", re.DOTALL)


def follow(block, folder):
    """Do what a block says: write a file, append to one, or put lines into one."""
    path, how, text = _HEAD.match(block).groups()
    file = folder / path
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if how == "new":
        assert not before, f"{path} is there already"
        after = text
    elif how == "append":
        after = before.rstrip("\n") + "\n" + text
    elif how == "every line":
        head, cell = text.splitlines()
        first, *rest = before.splitlines()
        after = "\n".join([first + head, *(line + cell for line in rest)]) + "\n"
    else:
        place, mark = re.fullmatch(r"(before|in place of|from) `(.+)`(?: on)?", how).groups()
        if place == "from":  # a whole line
            mark = f"\n{mark}\n"
        assert before.count(mark) == 1, f"{path}: {mark!r} stands {before.count(mark)} times, not once"
        line = before[: before.index(mark)].rfind("\n") + 1
        if place == "in place of":
            after = before.replace(mark, text.rstrip("\n"))
        elif place == "from":
            after = before[: before.index(mark) + 1] + text
        else:
            after = before[:line] + text + before[line:]
    file.write_text(after, encoding="utf-8")
