"""A real browser without a window, for tests of pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

REQUIRED = "SIM_BROWSER_REQUIRED"
"""Where this is set, as in CI, a missing browser fails a test; elsewhere it is skipped."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--window-size=1100,1400",
)  # fmt: skip


@contextmanager
def browser(profile: Path) -> Iterator[Any]:
    """Start Chromium, and end it with the block.

    Parameters
    ----------
    profile : Path
        A new folder for what it keeps.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    driver = shutil.which("chromedriver")
    if found is None or driver is None:
        missing = "chromium and chromedriver are not installed"
        if os.environ.get(REQUIRED):
            pytest.fail(missing)
        pytest.skip(missing)
    from selenium import webdriver  # noqa: PLC0415 - slow to load
    from selenium.webdriver.chrome.options import Options  # noqa: PLC0415
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415

    options = Options()
    options.binary_location = found
    for option in (*_OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield opened
    finally:
        opened.quit()
