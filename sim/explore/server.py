"""The server of the page: a few fixed addresses, and one connection an open page."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.errors import RequestError
from sim.experiment.workers import start_fork_server
from sim.explore import shown
from sim.explore.guard import LOCAL, Guard, headers
from sim.explore.offered import offered
from sim.explore.session import Session
from sim.report.map import prepare
from sim.report.pages import asset, libraries

HOST = LOCAL[0]
"""The page is for this machine: anybody who reaches it can have it compute."""

LONGEST = 200_000
"""Bytes of a message of a page."""

MOST_PAGES = 20
"""Open at a time; each may hold results on disk."""


def application(folder: Path) -> Starlette:
    """Return the application.

    Parameters
    ----------
    folder : Path
        Whose scenario files are offered; no other file can be asked for.
    """
    turn = asyncio.Lock()
    sessions: set[Session] = set()

    def opening(name: str) -> Callable[[Any], Awaitable[Response]]:
        async def answer(_: Any) -> Response:
            html = await asyncio.to_thread(lambda: shown.page(offered(folder), name))
            return HTMLResponse(html, headers=headers())

        return answer

    async def live(socket: WebSocket) -> None:
        if len(sessions) >= MOST_PAGES:
            await socket.close(1013, "too many pages are open")
            return
        await socket.accept()

        async def send(message: dict[str, Any]) -> None:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it is closed
                await socket.send_json(message)

        session = Session(folder, send, turn)
        sessions.add(session)
        try:
            while True:
                await session.answer(await socket.receive_text())
        except (WebSocketDisconnect, KeyError, RuntimeError):  # it is closed, or sends what is no text
            pass
        finally:
            sessions.discard(session)
            await session.close()

    texts: dict[str, tuple[Callable[[], str], str]] = {
        "/report.css": (lambda: asset("page.css"), "text/css"),
        "/explore.css": (lambda: asset("explore.css", "sim.explore"), "text/css"),
        "/charts.js": (lambda: asset("charts.js"), "text/javascript"),
        "/live.js": (lambda: asset("live.js", "sim.explore"), "text/javascript"),
        "/play.js": (lambda: asset("play.js", "sim.explore"), "text/javascript"),
        "/explore.js": (lambda: asset("explore.js", "sim.explore"), "text/javascript"),
        "/vega.js": (libraries, "text/javascript"),
    }

    def route(path: str, text: Callable[[], str], kind: str) -> Route:
        async def answer(_: Any) -> Response:
            return Response(await asyncio.to_thread(text), media_type=kind, headers=headers())

        return Route(path, answer)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        start_fork_server()  # it loads the model while the page opens
        warm = [asyncio.create_task(asyncio.to_thread(make)) for make in (libraries, prepare)]
        yield
        await asyncio.gather(*warm)
        for session in list(sessions):
            await session.close()

    routes = [Route("/", opening("explore")), Route("/play", opening("play")), WebSocketRoute("/live", live)]
    routes += [route(path, text, kind) for path, (text, kind) in texts.items()]
    app = Starlette(routes=routes, lifespan=lifespan)
    app.add_middleware(Guard)
    return app


def serve(folder: Path, *, port: int = 0, opens: bool = True, tell: Callable[[str], None] = print) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    folder : Path
    port : int
        0 for a free one.
    opens : bool
        Open it in the user's browser.
    tell : callable
        Told the address once it can be opened.

    Raises
    ------
    RequestError
        If the folder is none, or the port cannot be had.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder} is no folder")
    listening = _listening(port)
    address = f"http://{HOST}:{listening.getsockname()[1]}/"

    async def told() -> None:
        while not server.started:
            await asyncio.sleep(0.02)
        tell(address)
        if opens:
            await asyncio.to_thread(webbrowser.open, address)

    async def run() -> None:
        telling = asyncio.create_task(told())
        try:
            await server.serve(sockets=[listening])
        finally:
            telling.cancel()

    server = uvicorn.Server(
        uvicorn.Config(
            application(folder),
            ws="websockets-sansio",
            ws_max_size=LONGEST,
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
    )
    with contextlib.suppress(KeyboardInterrupt):  # the usual way to end it
        asyncio.run(run())


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    if os.name == "posix":  # on Windows it would share a port that is in use
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        reason = (error.strerror or str(error)).lower()
        raise RequestError(f"port {port} cannot be had ({reason}): give another with --port") from None
    return listening
