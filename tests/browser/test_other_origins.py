"""A form of the portal leads to an issuer, and that over origins that nobody here knows: a real browser goes all the way."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.core import ids
from tests.browser.world import NEWCOMER

ARRIVED = b"<!doctype html><title>elsewhere</title><h1>Elsewhere</h1>"


class Origin(ThreadingHTTPServer):
    """A website: leads on to `onward`, or is where the way ends."""

    daemon_threads = True

    def __init__(self, onward=""):
        super().__init__(("127.0.0.1", 0), Answers)
        self.onward = onward
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302 if self.server.onward else 200)
        if self.server.onward:
            self.send_header("Location", self.server.onward)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"" if self.server.onward else ARRIVED)

    def log_message(self, *_):
        """Say nothing: the test says what became of it."""


class Elsewhere:
    """A login whose issuer has its pages at another origin."""

    def __init__(self, provider, url):
        self._provider, self._url = provider, url

    def start(self, **asked):
        return replace(self._provider.start(**asked), url=self._url)

    def logout_url(self, *_):
        return self._url


@pytest.fixture
def elsewhere(world):
    """Have DigiD's pages at another origin, which leads on to a third. Return where the way ends."""
    third = Origin()
    second = Origin(onward=third.url)
    services = world.services
    providers = services.providers
    services.__dict__["providers"] = {**providers, "digid": Elsewhere(providers["digid"], second.url)}
    yield third.url
    services.__dict__["providers"] = providers
    for origin in (second, third):
        origin.shutdown()
        origin.server_close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_who_logs_out_is_led_all_the_way_to_where_the_issuer_ends_its_session(browse, world, elsewhere, script):
    with browse(script=script) as tab:
        principal = world.principal(NEWCOMER)
        facts = {"issuer": "browser", "subject": NEWCOMER, "session_id": ids.secret_id()}
        secret = world.services.sessions.open(principal, means="digid", hint="a token", **facts)
        tab.context.add_cookies([{"name": "session", "value": secret, "url": world.url}])
        tab.goto(world.address("/reports"))
        tab.locator('form[action="/logout"] button').first.click()
        tab.wait_for_url(elsewhere)

        assert tab.inner_text("h1") == "Elsewhere"
        assert world.services.sessions.find(secret).ended


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_who_went_through_the_choice_aid_is_led_all_the_way_to_the_login(browse, world, elsewhere, script):
    with browse(script=script) as tab:
        old = world.services.settings
        tab.goto(world.address("/report/bicycle-theft/circumstances"))
        world.services.settings = replace(old, more_logins="")  # a stage with one login: nobody chooses, and all are redirects
        try:
            tab.locator("input[value=none]").check()
            tab.locator("main form .button:not(.second)").first.click()
            tab.wait_for_url(elsewhere)
        finally:
            world.services.settings = old

        assert tab.inner_text("h1") == "Elsewhere"
