"""Callers of the API while other things go on."""

import json
import threading
import urllib.error
import urllib.request

from chalicelib.citizen.following.schemas import example_of
from chalicelib.reports.crimes import KINDS
from tests.deployed.cast import Way
from tests.deployed.cloud import PORTAL


def called(cloud, token, method, path, body=None, **headers):
    """Call the API over the portal's address; return status and content."""
    opener = urllib.request.build_opener(Way(cloud.url))
    given = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    raw = json.dumps(body).encode() if body is not None else None
    try:
        with opener.open(urllib.request.Request(f"{PORTAL}{path}", raw, given, method=method), timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class Traffic(threading.Thread):
    """Somebody who files one report after the other, until told to stop."""

    def __init__(self, cloud, token, number):
        super().__init__(daemon=True)
        self._cloud, self._token, self._number = cloud, token, number
        self.ended, self.statuses, self.addresses = threading.Event(), [], []

    def run(self):
        body = example_of(KINDS["graffiti"])
        while not self.ended.is_set():
            address = f"traffic{self._number}.{len(self.statuses)}@example.org"
            given = {**body, "answers": {**body["answers"], "email": address}}
            status, _ = called(self._cloud, self._token, "POST", "/v1/reports", given, **{"Idempotency-Key": address})
            self.statuses.append(status)
            self.addresses.append(address)
