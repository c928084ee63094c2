"""Those who come to the portal over the provider: browsers without JavaScript, and a program that asks for an access token."""

import base64
import hashlib
import html
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from chalicelib.core import ids
from tests.e2e.actors import Browser, Page
from tests.interop.configurations import AUDIENCE

_APP, _BACK = "interop-app", "https://app.example/back"


class _Arrived(Exception):
    """The provider sent the browser back to the program."""


class _Ways(urllib.request.HTTPRedirectHandler):
    """Remembers where a browser was sent, and catches what comes back to a program that has no web server."""

    def __init__(self) -> None:
        self.sent_to: list[str] = []

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: str) -> Any:
        if newurl.startswith(_BACK):
            raise _Arrived(newurl)
        self.sent_to.append(urllib.parse.urlsplit(newurl).path)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Somebody(Browser):
    """A citizen or an officer in a browser of their own; `start` is where their login begins."""

    def __init__(self, portal: str, start: str, person: str) -> None:
        self._ways = _Ways()
        super().__init__(portal, self._ways)
        self._start, self._person = start, person

    def log_in(self) -> Page:
        return self.send(self.open(self._start), {"person": self._person})

    def log_out(self) -> Page:
        return self.send(self.open("/"), {}, to="/logout")

    def is_in(self) -> bool:
        """Say whether the portal still knows this browser, and does not send it to the login."""
        self._ways.sent_to.clear()
        self.open(self.home)
        return self._start not in self._ways.sent_to

    @property
    def home(self) -> str:
        return "/desk" if self._start.startswith("/staff") else "/reports"

    def leave_the_provider(self, issuer: str, client: str) -> Page:
        """Log out there, as from another site that uses the same login, and say yes to its question."""
        asked = self.open(f"{issuer.rstrip('/')}/session/end?{urllib.parse.urlencode({'client_id': client})}")
        return self.send(asked, {"logout": "yes"}, to=f"{issuer.rstrip('/')}/session/end/confirm")

    def end_at_the_provider(self, farewell: Page, issuer: str) -> Page:
        """Go on from the portal's last page, by itself or by its link, and say yes to what the provider asks."""
        onward = re.search(f'href="({re.escape(issuer.rstrip("/"))}/session/end[^"]*)"', farewell.text)
        assert onward, farewell.words
        asked = self.open(html.unescape(onward[1]))
        return self.send(asked, {"logout": "yes"}, to=f"{issuer.rstrip('/')}/session/end/confirm")

    def access_token(self, issuer: str) -> str:
        """Return an access token for the API, by code and PKCE, as an app on somebody's phone gets one."""
        verifier, base = ids.secret_id(), issuer.rstrip("/")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": _APP,
            "response_type": "code",
            "redirect_uri": _BACK,
            "scope": "openid reports",
            "resource": AUDIENCE,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "state": ids.secret_id(),
        }
        pushed = _posted(f"{base}/request", asked)
        try:
            page = self.open(f"{base}/auth?{urllib.parse.urlencode({'client_id': _APP, 'request_uri': pushed['request_uri']})}")
            page = self.send(page, {"person": self._person})
            raise AssertionError(f"the provider stopped at {page.url}: {page.words}")
        except _Arrived as arrived:
            answer = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(str(arrived)).query))
        assert answer["state"] == asked["state"]
        redeemed = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": _BACK,
            "client_id": _APP,
            "code_verifier": verifier,
            "resource": AUDIENCE,
        }
        token: str = _posted(f"{base}/token", redeemed)["access_token"]
        return token


def _posted(url: str, form: dict[str, str]) -> dict[str, Any]:
    with urllib.request.urlopen(url, urllib.parse.urlencode(form).encode(), timeout=60) as answer:
        found: dict[str, Any] = json.loads(answer.read())
    return found


def call(portal: str, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
    """Call the API as its bearer; return status and content."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(portal + path, content, headers, method=method), timeout=60) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or "null")
