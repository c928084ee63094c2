"""HTTP as the replay's actors speak it: JSON over one connection that is kept open."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The portal did not answer as the replay needs; holds the whole answer."""


class Client:
    """One keep-alive connection to the stage."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._tokens: dict[str, str] = {}

    def call(self, method: str, path: str, body: Any = None, *, person: str = "", key: str = "", reason: str = "") -> Any:
        """Send one request and return the JSON that comes back. Raises Refused unless the status is 2xx."""
        headers = {"Accept": "application/json"}
        if person:
            headers["Authorization"] = f"Bearer {self._token(person)}"
        if key:
            headers["Idempotency-Key"] = key
        if reason:
            headers["Look-Reason"] = reason
        if body is not None:
            headers["Content-Type"] = "application/json"
        self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if not 200 <= answer.status < 300:  # noqa: PLR2004
            raise Refused(f"{method} {path}: {answer.status} {text[:500]}")
        return json.loads(text) if text else None

    def forget_tokens(self) -> None:
        """Ask for new tokens from now on: the clock moved, and theirs ran out."""
        self._tokens.clear()

    def close(self) -> None:
        self._connection.close()

    def _token(self, person: str) -> str:
        if person not in self._tokens:
            self._tokens[person] = self.call("POST", "/_local/tokens", {"person": person})["access_token"]
        return self._tokens[person]
