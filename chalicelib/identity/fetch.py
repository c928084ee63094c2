"""HTTP to the issuers: short patience, no redirects, small answers only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import urllib3

from chalicelib.identity.model import IdentityProviderDown

PATIENCE_S = 3.0
LIMIT = 64 * 1024  # bytes; the largest answer, a JWK set with a dozen keys, takes a tenth of this


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of an issuer."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the JSON object in the body. Raises IdentityProviderDown when it is none: a gateway's page, not the issuer."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            raise IdentityProviderDown("answer_not_json") from None
        if not isinstance(content, dict):
            raise IdentityProviderDown("answer_not_an_object")
        return content


class Fetch(Protocol):
    """The part of HTTP that we need. Both raise IdentityProviderDown when there is no whole answer."""

    def get(self, url: str) -> Answer:
        """Fetch a document."""
        ...

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        """Post a form, once: an authorization code works one time, so nothing is repeated."""
        ...


class WebFetch:
    """HTTP over urllib3, which botocore brings along; connections are kept between calls."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=PATIENCE_S, read=PATIENCE_S), retries=False)

    def get(self, url: str) -> Answer:
        return self._answer("GET", url)

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        return self._answer("POST", url, fields=dict(form), encode_multipart=False)

    def close(self) -> None:
        """Let go of the connections that were kept."""
        self._pool.clear()

    def _answer(self, method: str, url: str, **request: Any) -> Answer:
        headers = {"Accept": "application/json"}
        try:
            found = self._pool.request(method, url, redirect=False, preload_content=False, headers=headers, **request)
            with found:
                body = found.read(LIMIT + 1, decode_content=True)
        except urllib3.exceptions.HTTPError as error:
            raise IdentityProviderDown(type(error).__name__) from error
        if len(body) > LIMIT:
            raise IdentityProviderDown("answer_too_large")
        return Answer(found.status, body)
