"""Starting and stopping the local stage: what a contributor sees in the terminal."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from infra.local.stage import Stage

ROOT = Path(__file__).parents[2]


def test_two_stages_after_each_other_know_nothing_of_each_other(tmp_path):
    with Stage(port=0, keys_file=tmp_path / "keys.json") as first:
        first.advance(timedelta(days=14))
    with Stage(port=0, keys_file=tmp_path / "keys.json") as second:
        state = second.state()

    assert state["schedules"][0]["runs"] == 0
    assert state["now"] < first.state()["now"]


def _started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "infra.local", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PORT": ""}
    )


def test_it_says_where_to_look_and_stops_when_asked():
    process = _started("--port", "0")

    said = [process.stdout.readline() for _ in range(9)]
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)

    assert "/_local/mail" in "".join(said)
    assert process.returncode == 0
    assert rest.strip().endswith("Stopped.")


class Caller(threading.Thread):
    """Somebody who asks one thing after the other on one connection or on many, until nobody answers."""

    def __init__(self, url, ask, *, keeps):
        super().__init__(daemon=True)
        self._url, self._ask, self._keeps = url, ask, keeps
        self.statuses = []

    def run(self):
        with suppress(OSError, http.client.HTTPException):
            while True:
                with closing(http.client.HTTPConnection(urlsplit(self._url).netloc, timeout=60)) as connection:
                    self._call(connection)
                    while self._keeps:
                        self._call(connection)

    def _call(self, connection):
        connection.request(*self._ask)
        answer = connection.getresponse()
        answer.read()
        self.statuses.append(answer.status)


def _calls(url):
    """A page, a list, a report that is filed, and what the stage shows of itself."""
    person = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    with closing(person):
        person.request("POST", "/_local/tokens", json.dumps({"person": "janssen"}))
        token = json.loads(person.getresponse().read())["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    filed = json.dumps(example_of(KINDS["graffiti"]))
    return [
        ("GET", "/", None, {}),
        ("GET", "/v1/reports", None, headers),
        ("POST", "/v1/reports", filed, headers),
        ("GET", "/_local/state", None, {}),
    ]


def test_who_asks_while_it_is_stopped_is_answered_or_finds_nobody_there():
    process = _started("--port", "0")
    url = re.search(r"http://127\.0\.0\.1:\d+", "".join(process.stdout.readline() for _ in range(9)))[0]
    callers = [Caller(url, ask, keeps=keeps) for ask in _calls(url) for keeps in (True, False)]
    for caller in callers:
        caller.start()
    until = time.monotonic() + 60
    while min(len(caller.statuses) for caller in callers) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stopped_at = time.monotonic()
    _, said = process.communicate(timeout=60)
    took_s = time.monotonic() - stopped_at
    for caller in callers:
        caller.join(60)

    assert {status for caller in callers for status in caller.statuses} <= {200, 201, 409}
    assert min(len(caller.statuses) for caller in callers) >= 2
    assert process.returncode == 0
    assert "Traceback" not in said
    assert "ERROR" not in said
    assert took_s < 30


def test_a_busy_port_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = _started("--port", str(taken.getsockname()[1]))
        _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.startswith("Port ")
    assert said.count("\n") == 1
