"""Requests per second of the local stage: a stage in a process of its own, callers here, on connections that stay open."""

import http.client
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent.parent
SECONDS, CALLERS = 4.0, 4
_SERVER = """
import logging, sys
from infra.local.stage import Stage
logging.getLogger("mijn_politie").setLevel(logging.WARNING)
with Stage(port=0) as stage:
    print(stage.url, flush=True)
    sys.stdin.read()
"""


def measure() -> dict[str, float]:
    """Return requests per second for the entry page (no session) and for an API call that reads the table."""
    stage = subprocess.Popen([sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert stage.stdout
    assert stage.stdin
    try:
        netloc = urlsplit(stage.stdout.readline().strip()).netloc
        token = _token(netloc)
        return {
            "entry_page_rps": _rate(netloc, "/", {}),
            "own_reports_api_rps": _rate(netloc, "/v1/reports", {"Authorization": f"Bearer {token}"}),
        }
    finally:
        stage.stdin.close()
        stage.wait(timeout=20)


def _token(netloc: str) -> str:
    connection = http.client.HTTPConnection(netloc)
    connection.request("POST", "/_local/tokens", json.dumps({"person": "janssen"}))
    token: str = json.loads(connection.getresponse().read())["access_token"]
    connection.close()
    return token


def _rate(netloc: str, path: str, headers: dict[str, str]) -> float:
    done = [0] * CALLERS
    until = time.monotonic() + SECONDS

    def call(number: int) -> None:
        connection = http.client.HTTPConnection(netloc)
        while time.monotonic() < until:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            done[number] += 1

    callers = [threading.Thread(target=call, args=(number,)) for number in range(CALLERS)]
    began = time.monotonic()
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return round(sum(done) / (time.monotonic() - began))
