"""``python -m docs.site.links FOLDER``: check that links inside a built site lead somewhere, offline too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src"}
_ASKED_FOR = {"stylesheet", "preload", "icon", "search", "index"}


@dataclass
class Page(HTMLParser):
    """What a page links to, what it loads, and what in it can be linked to.

    Parameters
    ----------
    text : str
        Of the page.
    """

    text: str
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag links to, loads or names."""
        known = {name: value for name, value in attrs if value is not None}
        self.places |= {known[name] for name in ("id", "name") if name in known}
        if tag == "a" and "href" in known:
            self.links.append(known["href"])
        elif tag == "link" and set(known.get("rel", "").split()) & _ASKED_FOR and "href" in known:
            self.loaded.append(known["href"])
        elif tag in _LOADED and _LOADED[tag] in known:
            self.loaded.append(known[_LOADED[tag]])


def faults(folder: Path) -> Iterator[str]:
    """Yield each link that leads nowhere, and each thing that is loaded from elsewhere.

    Parameters
    ----------
    folder : Path
        Of a built site.
    """
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(folder)
        for address in page.loaded:
            if urlsplit(address).scheme not in {"", "data"} or address.startswith("//"):
                yield f"{name}: loads {address}, which needs a network"
        for address in [*page.links, *page.loaded]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                yield f"{name}: no file {address}"
            elif target in pages and parts.fragment and unquote(parts.fragment) not in pages[target].places:
                yield f"{name}: no place {address}"


def main(folder: str) -> int:
    """Print the faults of a site; return 1 if there are any."""
    root = Path(folder).resolve()
    pages = len(list(root.rglob("*.html")))
    found = list(faults(root))
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"{pages} pages, {len(found)} faults\n")
    return int(bool(found) or not pages)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
