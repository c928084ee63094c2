"""A browser without JavaScript, as a citizen's or an officer's: cookies, redirects, forms with their hidden fields."""

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

Fields = Sequence[tuple[str, str]]


class Lost(Exception):
    """The portal did not show what the scene needs; holds the page's address and status."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that came back."""

    url: str
    status: int
    text: str

    @property
    def path(self) -> str:
        return urllib.parse.urlsplit(self.url).path

    @property
    def main(self) -> str:
        return self.text.partition("<main")[2].partition("</main>")[0]


class _Counting(urllib.request.HTTPRedirectHandler):
    """Follows redirects, and counts each as a request of its own: API Gateway does too."""

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser

    def redirect_request(self, *given: Any) -> urllib.request.Request | None:
        followed = super().redirect_request(*given)
        if followed is not None:
            self._browser.note(followed.full_url)
        return followed


class Browser:
    """One person's browser. `requests` counts what went to the portal, without the simulators."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.requests = 0
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()), _Counting(self))

    def open(self, path: str) -> Page:
        return self._asked(urllib.request.Request(urllib.parse.urljoin(self._url, path)))  # noqa: S310 — the stage that we started

    def send(self, page: Page, fields: Fields, *, to: str = "") -> Page:
        """Send the form of a page that goes to `to` (default: the first of its main part). Raises Lost when there is none."""
        searched = page.text if to else page.main or page.text
        for attributes, inside in re.findall(r"<form([^>]*)>(.*?)</form>", searched, re.DOTALL):
            action = re.search(r'action="([^"]*)"', attributes)
            target = html.unescape(action[1]) if action else page.url
            if to and target.partition("?")[0] != to:
                continue
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside)
            body = urllib.parse.urlencode([*((name, html.unescape(value)) for name, value in hidden), *fields]).encode()
            address = urllib.parse.urljoin(page.url, target)
            return self._asked(urllib.request.Request(address, body, {"Origin": self._url}))  # noqa: S310
        raise Lost(f"{page.path}: no form {to}")

    def note(self, address: str) -> None:
        if "/_local/" not in address:
            self.requests += 1

    def _asked(self, request: urllib.request.Request) -> Page:
        self.note(request.full_url)
        try:
            with self._opener.open(request, timeout=60) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                raise Lost(f"{urllib.parse.urlsplit(error.url).path}: {error.code}") from None
