"""How a page is looked at: what it loaded and complained of, the facts of its DOM, axe-core, and the way of the focus.

Each look returns sentences, one per fault; no faults, an empty list.
"""

import gzip
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.browser.tally import Tally

HEAVIEST = 30_000
MOST_REQUESTS = 3
_REDIRECTS = range(300, 400)
_HERE = Path(__file__).parent
_FACTS, _FOCUS, _RUN_AXE, _LISTEN = ((_HERE / f"{name}.js").read_text("utf-8") for name in ("facts", "focus", "axe", "policy"))
_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


class Window:
    """A tab, and what it loaded and complained of since the address that it opened last."""

    def __init__(self, tab: Page, language: str, tally: Tally) -> None:
        self.tab, self.language, self._tally = tab, language, tally
        self._complaints: list[str] = []
        self._requests: list[Request] = []
        self._responses: list[Response] = []
        self._weights: dict[str, int] = {}
        tab.add_init_script(_LISTEN)
        tab.add_init_script(_AXE)
        tab.on("request", self._asked)
        tab.on("response", self._answered)
        tab.on("console", self._said)
        tab.on("pageerror", lambda error: self._complaints.append(str(error)))
        tab.on("requestfailed", lambda request: self._complaints.append(f"not loaded: {request.url} {request.failure}"))

    def hears(self, page: str, status: int) -> Iterator[str]:
        """Yield what is wrong with how the page that is now shown was loaded."""
        document = next(answer for answer in reversed(self._responses) if answer.request.is_navigation_request())
        if document.status != status:
            yield f"status {document.status} instead of {status}"
        self._tally.complaints += len(self._complaints)
        yield from self._complaints
        size, requests = sum(map(self._weight, self._responses)), [request.url for request in self._requests]
        self._tally.loaded(page, size, len(requests))
        if len(requests) > MOST_REQUESTS:
            yield f"{len(requests)} requests: {requests}"
        if size > HEAVIEST:
            yield f"{size} bytes"

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request():  # a page of its own: what came before belongs to the page before
            if request.redirected_from is None:
                self._complaints.clear()
            self._requests.clear()
            self._responses.clear()
        self._requests.append(request)

    def _answered(self, answer: Response) -> None:
        self._responses.append(answer)

    def _said(self, message: ConsoleMessage) -> None:
        is_status = message.text.startswith("Failed to load resource") and self._is_document(message.location["url"])
        if message.type in ("error", "warning") and not is_status:  # the page's own status is no error: a 404 is meant to be one
            self._complaints.append(f"console: {message.text}")

    def _is_document(self, url: str) -> bool:
        return any(request.is_navigation_request() and request.url == url for request in self._requests)

    def _weight(self, answer: Response) -> int:
        """Return how many bytes something loaded is, packed as API Gateway packs it."""
        if answer.status in _REDIRECTS:
            return 0
        if answer.request.is_navigation_request():
            return len(gzip.compress(answer.body()))
        if answer.url not in self._weights:  # a file with its fingerprint in its address stays as it is
            self._weights[answer.url] = len(gzip.compress(answer.body()))
        return self._weights[answer.url]


def facts(tab: Page, language: str, *, failed: bool) -> list[str]:
    found: list[str] = tab.evaluate(_FACTS, {"language": language, "failed": failed})
    return found


def begin_axe(tab: Page) -> None:
    """Let axe-core begin, and do not wait: another tab can begin meanwhile.

    The page is looked at from its top: scrolled, the way to leave quickly covers what passes under it, and axe cannot tell.
    """
    tab.evaluate("scrollTo(0, 0)")
    if not tab.evaluate(_RUN_AXE):
        tab.evaluate(_AXE)
        tab.evaluate(_RUN_AXE)


def axe(tab: Page, tally: Tally) -> list[str]:
    """Return what axe-core found, and what it could not decide: all its rules, best practices too."""
    violations, incomplete = tab.evaluate("() => window.found")
    tally.axe_runs += 1
    tally.axe_violations += len(violations)
    tally.axe_incomplete += len(incomplete)
    return [*(f"axe: {one}" for one in violations), *(f"axe cannot tell: {one}" for one in incomplete)]


def focus(tab: Page, tally: Tally) -> Iterator[str]:
    """Press Tab through the whole page: every stop, in the order of reading, and the eye sees where it is."""
    order = tab.evaluate(_FOCUS)
    tally.focus_walks += 1
    for _ in range(order["count"] + 1):
        tab.keyboard.press("Tab")
    stops = tab.evaluate("() => window.stops")
    first = stops[0]["place"] if stops and order["begun"] else 0  # who was put somewhere in the page goes on from there
    places = range(first, order["count"])
    yield from (f"Tab comes to {there} at stop {place + 1}" for place, there in _astray(stops, places))
    for stop in stops[: len(places)]:
        if not stop["shown"]:
            yield f"the focus does not show on {stop['element']}"
        if not stop["inSight"]:
            yield f"out of sight: {stop['element']}"
    for before, after in pairwise(stops[: len(places)]):
        if after["bottom"] <= before["top"] and after["column"] <= before["column"]:  # a second column begins at the top
            yield f"the focus jumps up to {after['element']}"


def _astray(stops: list[dict[str, Any]], places: range) -> list[tuple[int, str]]:
    """Return the first place where the focus was somewhere else than it should, if there is one."""
    wrong = [(place, stop["element"]) for place, stop in zip(places, stops, strict=False) if stop["place"] != place]
    if len(stops) < len(places):
        wrong.append((places[len(stops)], "nothing"))
    return wrong[:1]
