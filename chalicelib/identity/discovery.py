"""The documents that an issuer publishes: its addresses and its keys; and whether a token is signed by one of those keys.

Both are kept for an hour. A token that names an unknown key causes one refetch, since issuers roll their keys; and at most one
a minute, so that nobody can make us hammer an issuer by sending nonsense.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from chalicelib.core.clock import Clock
from chalicelib.identity.fetch import Fetch
from chalicelib.identity.keys import SIGNING
from chalicelib.identity.model import IdentityProviderDown, LoginRefused

KEPT = timedelta(hours=1)
BETWEEN_REFETCHES = timedelta(minutes=1)
SMALLEST_KEY = 2048  # bits
LONGEST_TOKEN = 32 * 1024  # characters
_OK = 200


@dataclass(frozen=True, slots=True)
class Endpoints:
    """An issuer's addresses. `end_session` is empty when it has no logout; `names_itself`: its answers carry `iss` (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    end_session: str
    names_itself: bool


@dataclass(frozen=True, slots=True)
class SignedToken:
    """The header and claims of a token whose signature was checked, and nothing else of it."""

    header: Mapping[str, Any]
    claims: dict[str, Any]


class _UnknownKey(Exception):
    """The token names a key that the issuer did not publish when we last looked."""


class Discovery:
    """One issuer's published facts, fetched when they are needed."""

    def __init__(self, issuer: str, fetch: Fetch, clock: Clock) -> None:
        self._issuer, self._fetch, self._clock = issuer, fetch, clock
        self._endpoints: tuple[datetime, Endpoints] | None = None
        self._keys: tuple[datetime, dict[str, RSAKey]] | None = None
        self._refetched_at: datetime | None = None

    def endpoints(self) -> Endpoints:
        """Return the issuer's addresses. Raises IdentityProviderDown."""
        now = self._clock.now()
        if self._endpoints is None or now - self._endpoints[0] > KEPT:
            self._endpoints = now, self._fetched_endpoints()
        return self._endpoints[1]

    def verified(self, token: str) -> SignedToken:
        """Return what a token says once the issuer's signature under it is checked; its claims still have to be.

        Raises LoginRefused (`malformed`, `signature` or `kid`), IdentityProviderDown.
        """
        if len(token) > LONGEST_TOKEN:
            raise LoginRefused("malformed")
        try:
            return _checked(token, self._known_keys())
        except _UnknownKey:
            if not self._may_refetch():
                raise LoginRefused("kid") from None
        try:
            return _checked(token, self._refetched_keys())
        except _UnknownKey:
            raise LoginRefused("kid") from None

    def _fetched_endpoints(self) -> Endpoints:
        document = self._document(self._issuer + "/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:
            raise IdentityProviderDown("discovery_issuer")
        return Endpoints(
            authorization=self._address(document, "authorization_endpoint"),
            token=self._address(document, "token_endpoint"),
            keys=self._address(document, "jwks_uri"),
            end_session=self._address(document, "end_session_endpoint") if "end_session_endpoint" in document else "",
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, document: Mapping[str, Any], name: str) -> str:
        """Return an address of the document; one with less protection than the issuer's own is refused."""
        address = document.get(name)
        if not isinstance(address, str) or not address.startswith(self._issuer.partition("//")[0] + "//"):
            raise IdentityProviderDown("discovery_address")
        return address

    def _known_keys(self) -> dict[str, RSAKey]:
        if self._keys is None or self._clock.now() - self._keys[0] > KEPT:
            return self._fetched_keys()
        return self._keys[1]

    def _may_refetch(self) -> bool:
        return self._refetched_at is None or self._clock.now() - self._refetched_at >= BETWEEN_REFETCHES

    def _refetched_keys(self) -> dict[str, RSAKey]:
        self._refetched_at = self._clock.now()
        return self._fetched_keys()

    def _fetched_keys(self) -> dict[str, RSAKey]:
        published = self._document(self.endpoints().keys).get("keys")
        if not isinstance(published, list):
            raise IdentityProviderDown("keys_missing")
        keys = {key["kid"]: imported for key in published if (imported := _imported(key))}
        self._keys = self._clock.now(), keys
        return keys

    def _document(self, url: str) -> dict[str, Any]:
        answer = self._fetch.get(url)
        if answer.status != _OK:
            raise IdentityProviderDown(f"status_{answer.status}")
        return answer.json()


def _imported(key: Any) -> RSAKey | None:
    """Return a published key that can check signatures; others (encryption, other kinds, too short, broken) are passed over."""
    if (
        not isinstance(key, dict)
        or key.get("kty") != "RSA"
        or key.get("use", "sig") != "sig"
        or not isinstance(key.get("kid"), str)
    ):
        return None
    try:
        imported = RSAKey.import_key({name: key[name] for name in ("kty", "n", "e", "kid", "use", "alg") if name in key})
        size = imported.public_key.key_size
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return imported if size >= SMALLEST_KEY else None


def _checked(token: str, keys: Mapping[str, RSAKey]) -> SignedToken:
    def named(signature: Any) -> RSAKey:
        kid = signature.headers().get("kid")
        if not isinstance(kid, str) or kid not in keys:
            raise _UnknownKey
        return keys[kid]

    try:
        found = jwt.decode(token, named, algorithms=SIGNING)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LoginRefused("signature") from error
    return SignedToken(found.header, found.claims)
