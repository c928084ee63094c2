"""The portal's HTTP to issuers, with a real server at the other end of a loopback socket."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.identity.fetch import LIMIT, WebFetch
from chalicelib.identity.model import IdentityProviderDown


class _Issuer(BaseHTTPRequestHandler):
    """Answers by path; `seen` keeps what was asked."""

    seen: list[tuple[str, bytes]]

    def do_GET(self):
        answers = {
            "/document": (200, b'{"issuer": "me"}'),
            "/moved": (302, b""),
            "/large": (200, b"x" * (LIMIT + 1)),
            "/list": (200, b"[]"),
            "/broken": (503, b"<html>"),
        }
        self._answer(*answers[self.path])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.headers["Content-Type"], body))
        self._answer(200, b"{}")

    def _answer(self, status, body):
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/document")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Issuer) as listening:
        listening.daemon_threads, listening.seen = True, []
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield listening
        listening.shutdown()


@pytest.fixture
def fetch():
    made = WebFetch()
    yield made
    made.close()


def at(server, path):
    return f"http://127.0.0.1:{server.server_address[1]}{path}"


def test_a_document_is_fetched(server, fetch):
    assert fetch.get(at(server, "/document")).json() == {"issuer": "me"}


def test_a_form_is_posted_as_a_form(server, fetch):
    fetch.post(at(server, "/token"), {"code": "a b"})

    assert server.seen == [("application/x-www-form-urlencoded", b"code=a+b")]


def test_a_redirect_is_not_followed(server, fetch):
    assert fetch.get(at(server, "/moved")).status == 302


def test_an_answer_without_end_is_not_read_to_its_end(server, fetch):
    with pytest.raises(IdentityProviderDown, match="too_large"):
        fetch.get(at(server, "/large"))


def test_an_answer_that_is_no_object_is_none(server, fetch):
    with pytest.raises(IdentityProviderDown):
        fetch.get(at(server, "/list")).json()
    with pytest.raises(IdentityProviderDown):
        fetch.get(at(server, "/broken")).json()


def test_nobody_at_the_other_end_is_an_outage(fetch):
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))

        with pytest.raises(IdentityProviderDown):
            fetch.get(f"http://127.0.0.1:{taken.getsockname()[1]}/document")


def test_an_address_that_is_none_is_an_outage(fetch):
    with pytest.raises(IdentityProviderDown):
        fetch.get("https://[broken/")
