"""Tokens of the simulated issuers: ID tokens, access tokens and logout tokens, signed, and for DigiD encrypted to the portal.

`Tampering` makes them wrong on purpose, for the portal's own tests.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import KeySet, RSAKey

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.identity.claims import ACR_OF
from chalicelib.people.model import Level
from infra.local.people import Person

ID_TOKEN_LIFE_S = 300
ACCESS_TOKEN_LIFE_S = 3_600
LOGOUT_TOKEN_LIFE_S = 120
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(slots=True)
class Tampering:
    """The mistakes that a test makes in every token: its claims, its header, or that it is left readable."""

    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    header: dict[str, Any] = field(default_factory=dict)
    encrypted: bool = True


class Mint:
    """One issuer's key, and what it signs. `reader` is the portal's public encryption key; None leaves tokens readable."""

    def __init__(self, issuer: str, client_id: str, clock: Clock, *, reader: RSAKey | None, key: RSAKey) -> None:
        self._issuer, self._client_id, self._clock, self._reader, self._key = issuer, client_id, clock, reader, key
        self.tamper = Tampering()

    def rotate(self) -> None:
        """Sign with a new key from now on, and publish only that one."""
        self._key = fresh_key()

    def published(self) -> Mapping[str, Any]:
        """Return the public JWK set."""
        return KeySet([self._key]).as_dict(private=False)

    def id_token(self, person: Person, level: Level, *, nonce: str, session_id: str, access_token: str) -> str:
        claims = self._standing(person, level) | {
            "aud": self._client_id,
            "nonce": nonce,
            "exp": self._now() + ID_TOKEN_LIFE_S,
            "sid": session_id,
            "at_hash": base64url(hashlib.sha256(access_token.encode()).digest()[:16]),
        }
        return self._encrypted(self._signed(claims, "JWT"))

    def access_token(self, person: Person, level: Level, *, audience: str) -> str:
        """Return an access token as RFC 9068 has it."""
        exp = self._now() + ACCESS_TOKEN_LIFE_S
        claims = self._standing(person, level) | {"aud": audience, "client_id": self._client_id, "exp": exp}
        return self._encrypted(self._signed(claims, "at+jwt"))

    def logout_token(self, subject: str, session_id: str) -> str:
        """Return a back-channel logout token; `session_id` may be empty."""
        now = self._now()
        claims: dict[str, Any] = {"iss": self._issuer, "aud": self._client_id, "sub": subject, "iat": now}
        claims |= {"exp": now + LOGOUT_TOKEN_LIFE_S, "jti": ids.secret_id(), "events": {_LOGOUT_EVENT: {}}}
        return self._signed(claims | ({"sid": session_id} if session_id else {}), "logout+jwt")

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _standing(self, person: Person, level: Level) -> dict[str, Any]:
        """Return what every token says of a person; the level is DigiD's to state."""
        now = self._now()
        claims = {"iss": self._issuer, "sub": person.subject, "iat": now, "nbf": now, "auth_time": now, "jti": ids.secret_id()}
        return {**claims, **person.claims, **({"acr": ACR_OF[level]} if self._reader else {})}

    def _signed(self, claims: dict[str, Any], kind: str) -> str:
        header = {"alg": "PS256", "kid": self._key.kid, "typ": kind, **self.tamper.header}
        return jwt.encode(header, self.tamper.claims(claims), self._key, algorithms=["PS256", "RS256"])

    def _encrypted(self, token: str) -> str:
        if self._reader is None or not self.tamper.encrypted:
            return token
        header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": self._reader.kid}
        return jwe.encrypt_compact(header, token, self._reader, algorithms=["RSA-OAEP-256", "A256GCM"])


def fresh_key() -> RSAKey:
    """Return a key to sign with. Making one takes longer than everything else that an issuer does at its start."""
    return RSAKey.generate_key(2048, {"kid": ids.secret_id()[:12], "use": "sig", "alg": "PS256"})


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
