"""One stage, one world and one browser for the whole run; and at its end, what was counted, as one line of JSON."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from chalicelib import wiring
from chalicelib.core.clock import MovableClock
from infra.local.stage import Stage
from tests.browser.chromium import launched
from tests.browser.eyes import Window
from tests.browser.tally import TALLY, Tally
from tests.browser.world import StandingClock, World, furnished

HEIGHT = 900
PATIENCE_MS = 120_000  # beside a deploy onto the emulator the machine may be away for half a minute

Open = Callable[..., AbstractContextManager[Page]]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # one of several workers: it tells what it counted
        session.config.workeroutput["tally"] = TALLY.packed()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    TALLY.add(getattr(node, "workeroutput", {}).get("tally") or Tally().packed())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TALLY.has_counted:
        terminalreporter.write_line(json.dumps(TALLY.summary()))


@pytest.fixture(scope="session")
def stage(tmp_path_factory) -> Iterator[Stage]:
    keys_file = tmp_path_factory.mktemp("keys") / "keys.json"
    stage = Stage(port=0, keys_file=keys_file, clock=MovableClock(StandingClock()))
    stage.environ.update(REPORTS_MOST="1000", DRAFTS_MOST="1000")  # one person does in a day what many do in a year
    with stage:
        yield stage


@pytest.fixture(scope="session")
def world(stage) -> World:
    world = furnished(stage.url, wiring.services())
    stage.drain()  # the mails are in the tray before anybody looks
    return world


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def browse(chromium, world) -> Open:
    """Open a fresh browser in which somebody is logged in (or nobody): `with browse("janssen", width=320) as tab`."""

    @contextmanager
    def browse(who: str = "", *, width: int = 320, script: bool = True, language: str = "nl", path: str = "") -> Iterator[Page]:
        with chromium.new_context(
            java_script_enabled=script, viewport={"width": width, "height": HEIGHT}, has_touch=True
        ) as context:
            context.set_default_timeout(PATIENCE_MS)
            world.admit(context, who, language, path)
            yield context.new_page()

    return browse


@pytest.fixture(scope="session")
def windows(browse) -> Iterator[Callable[..., Window]]:
    """Return a window that stays open for the whole run, one for each language with and without scripts: opening takes time."""
    with ExitStack() as opened:

        @cache
        def window(language: str, *, script: bool) -> Window:
            return Window(opened.enter_context(browse(language=language, script=script)), language, TALLY)

        yield window
