"""One open page: what it asks, and what it is told. Its runs end with it, and no other page sees them."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Generator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sim.errors import RequestError, SimError
from sim.explain.words import counted
from sim.explore import asked, shown
from sim.explore.offered import Offered, offered
from sim.explore.played import Played
from sim.explore.running import Running, Stopped
from sim.report.report import write_report

if TYPE_CHECKING:
    from sim.experiment.record import Tally
    from sim.experiment.results import Results

_log = logging.getLogger(__name__)

PAUSE = 0.3
"""Seconds between two messages on how far runs have come."""

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]


class Session:
    """What one open page asks for.

    Parameters
    ----------
    folder : Path
        Whose scenario files are offered.
    send : callable
        Tells the page something; does nothing once it is closed.
    turn : asyncio.Lock
        Of all pages: they run in turns, since each run uses all cores.
    """

    def __init__(self, folder: Path, send: Send, turn: asyncio.Lock) -> None:
        self._folder, self._send, self._turn = folder, send, turn
        self._keep = TemporaryDirectory(prefix="sim-explore-")
        self._running: Running | None = None  # in hand
        self._done: Running | None = None  # the latest that has something to show
        self._making: asyncio.Task[None] | None = None
        self._reporting: asyncio.Task[None] | None = None
        self._played: Played | None = None
        self._count = 0
        self._answers = {
            "numbers": self._numbers,
            "run": self._run,
            "stop": self._stop,
            "save": self._save,
            "report": self._report,
            "play": self._play,
            "why": self._why,
        }

    async def answer(self, text: str) -> None:
        """Answer a message of the page; what is wrong with it is told, and ends nothing."""
        try:
            message = json.loads(text)
            ask = message.get("ask") if isinstance(message, dict) else None
            if not isinstance(ask, str) or ask not in self._answers:
                raise RequestError(f"a page may ask for {', '.join(self._answers)}, not {ask!r:.40}")
            await self._answers[ask](message)
        except (SimError, ValueError, RecursionError) as error:
            await self._send({"error": str(error) or type(error).__name__})
        except Exception as error:
            _log.exception("a page's message could not be answered")
            await self._send({"error": f"unexpected: {type(error).__name__}: {error}"})

    async def close(self) -> None:
        """Stop its runs, and remove what they left."""
        await self._stop({})
        if self._reporting is not None:
            await self._reporting
        await asyncio.to_thread(self._keep.cleanup)

    # -- the form --------------------------------------------------------------------------------

    def _offered(self) -> Offered:
        return offered(self._folder)

    async def _numbers(self, message: dict[str, Any]) -> None:
        """Tell the numbers that can be moved of the scenarios that are chosen."""
        plain = asked.read({key: message.get(key) for key in ("scenarios", "baseline")}, self._offered())
        against = next(item for item in plain.scenarios if item.name == plain.baseline)
        await self._send({"numbers": shown.sliders(plain.chosen, against)})

    async def _save(self, message: dict[str, Any]) -> None:
        """Tell a scenario as the page has it, as a file."""
        wanted = asked.read(message, self._offered())
        scenario = wanted.whole(message.get("key"))
        await self._send(
            {
                "file": {
                    "name": f"{scenario.name}.yaml",
                    "text": scenario.to_yaml(),
                    "type": "application/yaml",
                }
            }
        )

    # -- one run --------------------------------------------------------------------------------------

    async def _play(self, message: dict[str, Any]) -> None:
        """Make one run, and tell it whole."""
        wanted, replicate = asked.read(message, self._offered()), asked.replicate(message)
        scenario = wanted.whole(message.get("key"))
        self._played = await asyncio.to_thread(Played.make, scenario, replicate)
        await self._send({"played": await asyncio.to_thread(self._played.told)})

    async def _why(self, message: dict[str, Any]) -> None:
        """Tell what happened in a state of the run that is played, and why its regime fell, or survived."""
        if self._played is None:
            raise RequestError("no run is played yet")
        await self._send({"why": self._played.why(message.get("state"), message.get("fall"))})

    # -- runs ---------------------------------------------------------------------------------------

    async def _run(self, message: dict[str, Any]) -> None:
        wanted = asked.read(message, self._offered())
        self._count += 1
        folder = Path(self._keep.name) / str(self._count)
        running = await asyncio.to_thread(Running, wanted, folder, self._done)
        await self._stop({})
        self._running = running
        self._making = asyncio.create_task(self._make(running))

    async def _stop(self, message: dict[str, Any]) -> None:
        del message
        if self._running is not None:
            self._running.stop()
        if self._making is not None:
            await self._making

    async def _make(self, running: Running) -> None:
        """Make the runs, and show what is there while more are made; then other pages have their turn."""
        await self._send({"begun": {"notes": [str(note) for note in running.notes]}})
        ended = "Not finished."
        try:
            if self._turn.locked():
                await self._send({"progress": {"text": "Waits for another page."}})
            async with self._turn:
                made = running.stages(self._teller(running, asyncio.get_running_loop()))
                with closing(made):
                    while said := await asyncio.to_thread(self._next, running, made):
                        await self._send(said)
            ended = f"Done: {counted(running.runs, 'run')} per scenario."
        except Stopped:
            ended = "Stopped."
        except (SimError, OSError) as error:
            await self._send({"error": str(error)})
        except Exception as error:
            _log.exception("runs of a page failed")
            await self._send({"error": f"unexpected: {type(error).__name__}: {error}"})
        finally:
            self._running = None
            if self._done is not running:
                await asyncio.to_thread(running.remove)
        await self._send({"ended": ended})

    def _teller(self, running: Running, loop: asyncio.AbstractEventLoop) -> Callable[[Tally], None]:
        """Return what tells the page, from a thread and now and then, how many runs are made."""
        told = loop.time()

        def tell(tally: Tally) -> None:
            nonlocal told
            if loop.time() - told < PAUSE:
                return
            told = loop.time()
            total = running.runs * len(running.scenarios)
            text = f"{tally.finished} of {total} runs made."
            progress = {"progress": {"text": text, "done": tally.finished, "total": total}}
            asyncio.run_coroutine_threadsafe(self._send(progress), loop)

        return tell

    def _next(self, running: Running, made: Generator[tuple[int, Results]]) -> dict[str, Any]:
        """Return what is shown next, made in a thread; nothing once all is shown."""
        for runs, results in made:
            if self._done is not None and self._done is not running:
                self._done.remove()
            self._done = running
            title = f"After {runs} of {counted(running.runs, 'run')} per scenario"
            return {"shown": shown.shown(results, title), "runs": runs, "of": running.runs}
        return {}

    async def _report(self, message: dict[str, Any]) -> None:
        """Tell the report of the latest results, one HTML file, once it is written."""
        del message
        if self._done is None:
            raise RequestError("there are no runs yet to report")
        if self._reporting is None or self._reporting.done():
            self._reporting = asyncio.create_task(self._write())

    async def _write(self) -> None:
        async with self._turn:
            done, target = self._done, Path(self._keep.name) / "report.html"
            if done is None or done.results is None:
                return
            try:
                await asyncio.to_thread(write_report, done.results, target)
            except (SimError, OSError) as error:
                await self._send({"error": str(error)})
                return
            text = target.read_text(encoding="utf-8")
        name = "-".join(done.results.scenarios)[:100]
        await self._send({"file": {"name": f"{name}.html", "text": text, "type": "text/html"}})
