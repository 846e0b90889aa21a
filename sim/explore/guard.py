"""Who may use the page: a browser on this machine, at the page's own address; no page of another site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Names by which this machine calls itself. Another name that leads here was made to deceive a browser."""

_HEADERS = {
    # Scripts and styles of the page alone; Vega writes the styles of its charts itself.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Refuses what does not come from the page itself, and has browsers load nothing from elsewhere.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request or connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = [(name.decode("latin-1"), text.decode("latin-1")) for name, text in scope["headers"]]
        if (reason := refusal(headers, live=scope["type"] == "websocket")) is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)
        else:  # before it is accepted, which is answered by 403, too
            await send({"type": "websocket.close", "code": 1008, "reason": reason})


def refusal(headers: list[tuple[str, str]], *, live: bool) -> str | None:
    """Return why a request is refused; None if it is not.

    Parameters
    ----------
    headers : list of (name, text)
        Names in small letters.
    live : bool
        Whether it opens a connection, for which browsers always name the page that asks.
    """
    hosts = [text for name, text in headers if name == "host"]
    origins = [text for name, text in headers if name == "origin"]
    if len(hosts) != 1 or _split(f"//{hosts[0]}")[0] not in LOCAL:
        return "this page is for the machine it runs on"
    if len(origins) > 1 or (live and not origins):
        return "another page asks"
    if origins and (not origins[0].startswith("http://") or _split(origins[0]) != _split(f"//{hosts[0]}")):
        return "another page asks"
    return None


def _split(address: str) -> tuple[str | None, int | None]:
    """Return the host and port of an address; no host if it is none."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port
    except ValueError:
        return None, None


def headers() -> dict[str, str]:
    """Return the headers of every answer."""
    return dict(_HEADERS)
