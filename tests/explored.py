"""The page of ``sim explore`` as a reader works it in a browser, and as a program talks to its server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

from websockets.sync.client import connect

PATIENCE = 60.0  # seconds


@contextmanager
def serving(place, title):
    """Serve the page of a folder within, where a scenario has this title and a file outside is broken.

    The block is given the port, and where the server keeps what it makes, of which it leaves nothing.
    """
    kept = place / "kept"
    kept.mkdir()
    (place / "mine").mkdir()
    (place / "secret.yaml").write_text("thesis: [secret\n")
    told = json.dumps({"title": title, "question": title, "thesis": "kuzio"})
    (place / "mine" / "hostile.yaml").write_text(told)
    words = [sys.executable, "-m", "sim.cli", "explore", "--no-open", "--folder", str(place / "mine")]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(kept)}
    ) as server:
        try:
            address = server.stdout.readline().strip()
            yield int(address.rstrip("/").rpartition(":")[2]), kept
        finally:
            server.terminate()
            server.stdout.close()
            server.wait(30)
    assert list(kept.glob("sim-explore-*")) == []


def opened(driver, port):
    driver.get(f"http://127.0.0.1:{port}/")
    ready = "return document.documentElement.dataset.page === 'ready' && !!document.querySelector('.number')"
    eventually(lambda: driver.execute_script(ready))


def eventually(happened):
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def fill(driver, name, value):
    field = driver.find_element("name", name)
    field.clear()
    field.send_keys(value)


def text(driver, name):
    return driver.find_element("id", name).text


def choose(driver, *keys):
    for box in driver.find_elements("name", "scenario"):
        if box.is_selected() != (box.get_attribute("value") in keys):
            driver.execute_script("arguments[0].click()", box)
    script = "return document.querySelectorAll('#numbers .scenario').length"
    eventually(lambda: driver.execute_script(script) == len(keys))


def run(driver, all_of="3 of 3"):
    """Press the button, and wait for the results."""
    driver.execute_script("delete document.getElementById('results').dataset.runs")
    driver.find_element("id", "run").click()
    script = "return document.getElementById('results').dataset.runs"
    eventually(lambda: driver.execute_script(script) == all_of)


def table(driver, key):
    """Return the data beneath a chart."""
    script = (
        "return [...document.querySelectorAll(`#${arguments[0]} tr`)]"
        ".map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    first, *rows = driver.execute_script(script, key)
    return {row[0]: dict(zip(first[1:], row[1:], strict=True)) for row in rows}


def saved(driver, button):
    """Press a button, and return the name and text of the file that is saved."""
    driver.execute_script(
        "window.made = []; window.old ??= URL.createObjectURL; URL.createObjectURL = (blob) => "
        "{ window.made.push(blob); return window.old(blob); };"
    )
    driver.find_element("id", button).click()
    name = eventually(lambda: text(driver, "status").startswith("Saved: ") and text(driver, "status")[7:-1])
    return name, driver.execute_script("return window.made[0].text()")


def severe(driver):
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


@contextmanager
def talking(port, **options):
    address = f"127.0.0.1:{port}"
    with connect(
        f"ws://{address}/live", origin=f"http://{address}", max_size=None, proxy=None, **options
    ) as live:
        yield live


def answered(live, key, **message):
    """Send a message, and return the first answer that has a key."""
    live.send(json.dumps(message))
    while True:
        answer = json.loads(live.recv(timeout=PATIENCE))
        if key in answer:
            return answer[key]
