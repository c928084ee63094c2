"""The portal as its callers see it: the real app behind the local gateway, on tables in memory, without a socket."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib import wiring
from chalicelib.core import ids
from chalicelib.core.errors import Unauthenticated
from chalicelib.identity.keys import OwnKeys
from chalicelib.people.model import Principal
from infra.local.aws_tap import AwsTap
from infra.local.gateway import Gateway, Incoming
from tests.app import world
from tests.support.calls import Calls
from tests.support.logins import LoginWorld, own_keys
from tests.support.samples import AUDITOR, CITIZEN, DERIVATION, HANDLER, NEIGHBOUR, READER, STRANGER, SUPERVISOR

PEOPLE: dict[str, Principal] = {
    "sanne": CITIZEN,
    "neighbour": NEIGHBOUR,
    "handler": HANDLER,
    "reader": READER,
    "supervisor": SUPERVISOR,
    "auditor": AUDITOR,
    "stranger": STRANGER,
}


class FakeTokens:
    """Knows a token per sample person; tests/unit/test_tokens.py has the real tokens."""

    def principal(self, bearer: str) -> Principal:
        if bearer not in PEOPLE:
            raise Unauthenticated("unknown_token")
        return PEOPLE[bearer]


_ASKED_WHY = re.compile(r'<form method="post" action="(/desk/reports/[^"/]+/reason)"')


@dataclass
class Answer:
    """The answer that came back. Header names are lower case; `cookies` are whole Set-Cookie values."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def location(self) -> str:
        return self.headers["location"]

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's own forms, without those of the header and of the dialog (language, log out, stay)."""
        return _hidden(self.main)

    @property
    def main(self) -> str:
        return self.text.rpartition("<main")[2].partition("</main>")[0]

    def hidden_for(self, address: str) -> dict[str, str]:
        """The hidden fields of the form that is sent to an address; of all of the page's own, if none names it."""
        forms = re.findall(rf'<form[^>]* action="{re.escape(html.escape(address))}".*?</form>', self.main, re.DOTALL)
        return _hidden(forms[0] if forms else self.main)


def _hidden(markup: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', markup)
    return {name: html.unescape(value) for name, value in found}


@dataclass
class Portal:
    """Sends requests to the app."""

    gateway: Gateway
    services: wiring.Services
    source_ip: str = "127.0.0.1"

    def request(self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        incoming = Incoming(method, path, tuple((headers or {}).items()), body, self.source_ip)
        outgoing = self.gateway.answer(incoming)
        single = {name.lower(): value for name, value in outgoing.headers}
        cookies = [value for name, value in outgoing.headers if name.lower() == "set-cookie"]
        return Answer(outgoing.status, single, cookies, outgoing.body.decode())

    def api(self, method: str, path: str, body: Any = None, *, person: str = "", **headers: str) -> Answer:
        """Call the API as a sample person; header names are written with underscores."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if person:
            given["Authorization"] = f"Bearer {person}"
        raw = b""
        if body is not None:
            raw = json.dumps(body).encode()
            given.setdefault("Content-Type", "application/json")
        return self.request(method, path, body=raw, headers=given)

    def browser(self, person: str = "", *, why: str | None = None) -> "Browser":
        """Open a browser in which a sample person is logged in (or nobody); an officer looks at reports for `why`."""
        browser = Browser(self, why={"auditor": "audit"}.get(person, "handling") if why is None else why)
        if person:
            secret = self.services.sessions.open(PEOPLE[person], issuer="issuer", subject=person, session_id=ids.secret_id())
            browser.cookies["__Host-session"] = secret
        return browser


@dataclass
class Browser:
    """Keeps cookies, sends forms with their hidden fields, follows redirects when asked.

    An officer who is asked why they look says `why`, once for each report; without it the question stands.
    """

    portal: Portal
    cookies: dict[str, str] = field(default_factory=dict)
    why: str = ""

    def get(self, path: str, *, follow: bool = False, **headers: str) -> Answer:
        answer = self._send("GET", path.partition("#")[0], headers=headers)
        if self.why and (asked := _ASKED_WHY.search(answer.text)):
            return self._send("GET", self.post(asked[1], {**answer.hidden, "reason": self.why}).location, headers=headers)
        return self.get(answer.location, follow=True) if follow and answer.status == 303 else answer

    def post(self, path: str, form: Any = (), *, follow: bool = False, **headers: str) -> Answer:
        """Post a form: a mapping (values may be lists) or pairs."""
        body = urlencode(dict(form) if not isinstance(form, list) else form, doseq=True).encode()
        given = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "https://portal.example"} | headers
        answer = self._send("POST", path, body, given)
        return self.get(answer.location, follow=True) if follow and answer.status == 303 else answer

    def submit(self, page: str, form: dict[str, Any], *, to: str = "", follow: bool = False) -> Answer:
        """Open a page and send its form, with the hidden fields that the page put there."""
        return self.post(to or page, self.get(page).hidden_for(to or page) | form, follow=follow)

    def _send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        given = dict(headers or {})
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.portal.request(method, path, body=body, headers=given)
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer


class Services(wiring.Services):
    """Both issuers are simulated, and made when somebody comes to log in or out."""

    @cached_property
    def issuers(self) -> LoginWorld:
        return LoginWorld(self.settings, self.clock)

    @cached_property
    def digid(self) -> Any:
        return self.issuers.digid

    @cached_property
    def staff(self) -> Any:
        return self.issuers.staff

    @cached_property
    def own_keys(self) -> OwnKeys:
        return own_keys()


@pytest.fixture
def services(aws, settings, clock) -> Iterator[wiring.Services]:
    made = Services(settings, clock, access_tokens=FakeTokens(), derivation=DERIVATION)
    wiring.install(made)
    yield made
    wiring.install(None)


@pytest.fixture(scope="session")
def _worlds() -> list[tuple[dict[str, world.Form], bytes]]:
    """The world of `forms` and what stood in its tables, once built: that takes thirty times as long as putting it back."""
    return []


@pytest.fixture
def forms(services, aws, _worlds) -> dict[str, world.Form]:
    """A world in which every form of the site can be sent, and those forms by their paths."""
    if not _worlds:
        _worlds.append((world.built(services), aws.kept()))
    [(forms, kept)] = _worlds
    aws.put_back(kept)
    return forms


@pytest.fixture
def portal(services, clock) -> Portal:
    from app import app

    return Portal(Gateway(app, clock, lambda request: None), services)


@pytest.fixture
def calls() -> Iterator[Calls]:
    """Whatever the test asks of DynamoDB, counted."""
    tap, calls = AwsTap(), Calls()
    tap.listen(calls)
    tap.connect()
    yield calls
    tap.disconnect()
