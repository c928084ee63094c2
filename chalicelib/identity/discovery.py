"""The documents that an issuer publishes: its addresses and its keys; and whether a token is signed by one of those keys.

Both are kept for an hour. A token that names an unknown key, or that the key of its name did not sign, causes one refetch, since
issuers roll their keys, some under the old name; and at most one a minute, so that nobody can make us hammer an issuer by sending
nonsense. Once the keys are here, a token of one of them is checked without any refetch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import BadSignatureError, UnsupportedAlgorithmError, UnsupportedHeaderError
from joserfc.jwk import RSAKey

from chalicelib.core.clock import Clock
from chalicelib.identity.fetch import Fetch
from chalicelib.identity.jose import (
    BROKEN,
    CONTENT_ENCRYPTION,
    KEY_ENCRYPTION,
    SIGNATURES,
    EncryptionRules,
    PublicKey,
    SignatureRules,
    kind_of,
    published_key,
    published_reader,
)
from chalicelib.identity.model import IdentityProviderDown, LoginRefused

KEPT = timedelta(hours=1)
BETWEEN_REFETCHES = timedelta(minutes=1)
LONGEST_TOKEN = 32 * 1024  # characters
_OK = 200


@dataclass(frozen=True, slots=True)
class Endpoints:
    """An issuer's addresses. `end_session` is empty when it has no logout, `push` unless it wants requests pushed (RFC 9126);
    `names_itself`: its answers carry `iss` (RFC 9207).
    """

    authorization: str
    token: str
    keys: str
    end_session: str
    push: str
    names_itself: bool


@dataclass(frozen=True, slots=True)
class SignedToken:
    """The header and claims of a token whose signature was checked, and nothing else of it."""

    header: Mapping[str, Any]
    claims: dict[str, Any]


class _OfAnotherKey(LoginRefused):
    """The token may be signed by a key that the issuer published since we last looked."""


class Discovery:
    """One issuer's published facts, fetched when they are needed."""

    def __init__(self, issuer: str, fetch: Fetch, clock: Clock) -> None:
        self._issuer, self._fetch, self._clock = issuer, fetch, clock
        self._endpoints: tuple[datetime, Endpoints] | None = None
        self._keys: tuple[datetime, list[PublicKey]] | None = None
        self._reader: RSAKey | None = None
        self._refetched_at: datetime | None = None

    @property
    def address(self) -> str:
        """Where the issuer describes itself: a slash at the issuer's end is taken off (OpenID Connect Discovery, section 4.1)."""
        return self._issuer.rstrip("/") + "/.well-known/openid-configuration"

    def document(self) -> dict[str, Any]:
        """Return all that the issuer says of itself, fetched now. Raises IdentityProviderDown."""
        document = self._document(self.address)
        if document.get("issuer") != self._issuer:
            raise IdentityProviderDown("discovery_issuer")
        return document

    def endpoints(self) -> Endpoints:
        """Return the issuer's addresses. Raises IdentityProviderDown."""
        now = self._clock.now()
        if self._endpoints is None or now - self._endpoints[0] > KEPT:
            self._endpoints = now, self._fetched_endpoints()
        return self._endpoints[1]

    def signing_keys(self) -> list[PublicKey]:
        """Return the keys with which its tokens are checked, fetched now. Raises IdentityProviderDown."""
        return self._fetched_keys()

    def verified(self, token: str) -> SignedToken:
        """Return what a token says once the issuer's signature under it is checked; its claims still have to be.

        Raises LoginRefused (`malformed`, `alg`, `crit`, `kid`, `signature`), IdentityProviderDown.
        """
        if len(token) > LONGEST_TOKEN:
            raise LoginRefused("malformed")
        try:
            return _checked(token, self._known_keys())
        except _OfAnotherKey:
            if not self._may_refetch():
                raise
        return _checked(token, self._refetched_keys())

    def encrypted(self, token: str) -> str:
        """Return a token encrypted to the key that the issuer publishes for that, empty when it publishes none."""
        self._known_keys()
        if self._reader is None:
            return ""
        header = {"alg": KEY_ENCRYPTION[0], "enc": CONTENT_ENCRYPTION[0], "cty": "JWT"}
        named = {"kid": self._reader.kid} if self._reader.kid else {}
        return jwe.encrypt_compact({**header, **named}, token, self._reader, registry=EncryptionRules())

    def _fetched_endpoints(self) -> Endpoints:
        document = self.document()
        must_push = document.get("require_pushed_authorization_requests") is True
        return Endpoints(
            authorization=self._address(document, "authorization_endpoint"),
            token=self._address(document, "token_endpoint"),
            keys=self._address(document, "jwks_uri"),
            end_session=self._address(document, "end_session_endpoint") if "end_session_endpoint" in document else "",
            push=self._address(document, "pushed_authorization_request_endpoint") if must_push else "",
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, document: Mapping[str, Any], name: str) -> str:
        """Return an address of the document; one with less protection than the issuer's own is refused."""
        address = document.get(name)
        if not isinstance(address, str) or not address.startswith(self._issuer.partition("//")[0] + "//"):
            raise IdentityProviderDown("discovery_address")
        return address

    def _known_keys(self) -> list[PublicKey]:
        if self._keys is None or self._clock.now() - self._keys[0] > KEPT:
            return self._fetched_keys()
        return self._keys[1]

    def _may_refetch(self) -> bool:
        return self._refetched_at is None or self._clock.now() - self._refetched_at >= BETWEEN_REFETCHES

    def _refetched_keys(self) -> list[PublicKey]:
        self._refetched_at = self._clock.now()
        return self._fetched_keys()

    def _fetched_keys(self) -> list[PublicKey]:
        published = self._document(self.endpoints().keys).get("keys")
        if not isinstance(published, list):
            raise IdentityProviderDown("keys_missing")
        keys = [key for key in map(published_key, published) if key]
        self._keys = self._clock.now(), keys
        self._reader = next(filter(None, map(published_reader, published)), None)
        return keys

    def _document(self, url: str) -> dict[str, Any]:
        answer = self._fetch.get(url)
        if answer.status != _OK:
            raise IdentityProviderDown(f"status_{answer.status}")
        return answer.json()


def _checked(token: str, keys: Sequence[PublicKey]) -> SignedToken:
    try:
        found = jwt.decode(token, lambda signature: _signer(signature.headers(), keys), registry=SignatureRules())
    except LoginRefused:
        raise
    except BadSignatureError as error:
        raise _OfAnotherKey("signature") from error
    except UnsupportedAlgorithmError as error:
        raise LoginRefused("alg") from error
    except UnsupportedHeaderError as error:
        raise LoginRefused("crit") from error
    except BROKEN as error:
        raise LoginRefused("malformed") from error
    return SignedToken(found.header, found.claims)


def _signer(header: Mapping[str, Any], keys: Sequence[PublicKey]) -> PublicKey:
    """Return the key that the header names and that fits its algorithm; an issuer with one such key need not name it.

    OpenID Connect Core, section 10.1: among several keys a token must say which. Raises _OfAnotherKey(`kid`).
    """
    algorithm = header["alg"]
    fitting = [
        key
        for key in keys
        if kind_of(key) == SIGNATURES[algorithm] and key.alg in (None, algorithm) and header.get("kid", key.kid) == key.kid
    ]
    if not fitting or ("kid" not in header and len(fitting) > 1):
        raise _OfAnotherKey("kid")
    return fitting[0]
