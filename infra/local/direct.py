"""The way from the portal to issuers in the same process: no socket, no port, no waiting."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

from chalicelib.identity.fetch import Answer
from chalicelib.identity.model import IdentityProviderDown
from infra.local.http import LocalRequest
from infra.local.issuer import Issuer


class DirectFetch:
    """A `Fetch` (identity/fetch.py) whose web is a few issuers. `calls` lists what was asked, for tests."""

    def __init__(self, *issuers: Issuer) -> None:
        self._issuers = issuers
        self.calls: list[str] = []

    def get(self, url: str) -> Answer:
        return self._asked("GET", url, b"")

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        return self._asked("POST", url, urlencode(form).encode())

    def _asked(self, method: str, url: str, body: bytes) -> Answer:
        self.calls.append(f"{method} {url}")
        issuer = next((one for one in self._issuers if url.startswith(one.url + "/")), None)
        if issuer is None:
            raise IdentityProviderDown("no_such_host")
        split = urlsplit(url)
        answer = issuer.handle(LocalRequest(method, split.path, parse_qs(split.query), {}, body))
        return Answer(answer.status, answer.body)
