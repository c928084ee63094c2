"""The browser of this machine, as quiet as it can be."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
)


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """Start Chromium, and end it; without one, say what to install."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.exit("These tests need Chromium. Install it (Debian, Ubuntu: apt-get install chromium), and run them again.", 1)
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # Chromium's sandbox refuses to run for root
    browser = playwright.chromium.launch(executable_path=path, args=[*_QUIET, *root])
    yield browser
    browser.close()
