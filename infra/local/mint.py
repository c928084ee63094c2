"""Tokens of the simulated issuers: ID tokens, access tokens and logout tokens, signed, and for DigiD encrypted to the portal.

`Tampering` makes them wrong on purpose, for the portal's own tests.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.identity.claims import ACR_OF
from chalicelib.identity.jose import EncryptionRules, PublicKey, SignatureRules, hash_of
from chalicelib.people.model import Level
from infra.local.people import Person

ID_TOKEN_LIFE_S = 300
ACCESS_TOKEN_LIFE_S = 3_600
LOGOUT_TOKEN_LIFE_S = 120
_ALGORITHM = "PS256"
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class _AnySignature(SignatureRules):
    """Lets a test put anything into a header."""

    def check_header(self, header: dict[str, Any]) -> None:
        """Find nothing wrong."""


class _AnyEncryption(EncryptionRules):
    """The same for an envelope."""

    def check_header(self, header: dict[str, Any], check_more: bool = False) -> None:
        """Find nothing wrong."""


@dataclass(slots=True)
class Tampering:
    """The changes that a test makes in every token: its claims, its header, that of its envelope, or that it is left readable."""

    claims: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    header: dict[str, Any] = field(default_factory=dict)
    envelope: dict[str, Any] = field(default_factory=dict)
    encrypted: bool = True


class Mint:
    """One issuer's key, and what it signs. `reader` is the portal's public encryption key; None leaves tokens readable."""

    def __init__(self, issuer: str, client_id: str, clock: Clock, *, reader: RSAKey | None, key: PublicKey) -> None:
        self._issuer, self._client_id, self._clock, self._reader, self._key = issuer, client_id, clock, reader, key
        self.tamper = Tampering()

    def rotate(self, key: PublicKey | None = None) -> None:
        """Sign with a new key from now on, and publish only that one."""
        self._key = key or fresh_key()

    def published(self) -> Mapping[str, Any]:
        """Return the public JWK set."""
        keys: list[Any] = KeySet([self._key]).as_dict(private=False)["keys"]
        takes_hints = self._reader and isinstance(self._key, RSAKey)
        return {"keys": [*keys, self._own_reader().as_dict(private=False)] if takes_hints else keys}

    def session_of(self, hint: str) -> str | None:
        """Return the session that an ID token of ours names, None for anything else, and for one that should not be readable."""
        try:
            claims = jwt.decode(self._read(hint) if self._reader else hint, self._key, algorithms=["PS256"]).claims
        except (JoseError, ValueError):
            return None
        return str(claims.get("sid", "")) if claims.get("aud") == self._client_id else None

    def _read(self, hint: str) -> str:
        opened = jwe.decrypt_compact(hint, self._own_reader(), algorithms=["RSA-OAEP-256", "A256GCM"])
        return (opened.plaintext or b"").decode()

    def _own_reader(self) -> RSAKey:
        """The key that a portal encrypts hints to: the numbers of the other, because a laptop has no time for two."""
        return RSAKey.import_key(
            {**self._key.as_dict(private=True), "use": "enc", "alg": "RSA-OAEP-256", "kid": f"{self._key.kid}-enc"}
        )

    def id_token(self, person: Person, level: Level, *, nonce: str, session_id: str, access_token: str) -> str:
        claims = self._standing(person, level) | {
            "aud": self._client_id,
            "nonce": nonce,
            "exp": self._now() + ID_TOKEN_LIFE_S,
            "sid": session_id,
            "at_hash": _left_half(access_token, self.tamper.header.get("alg", _ALGORITHM)),
        }
        return self.encrypted(self._signed(claims, "JWT"))

    def access_token(self, person: Person, level: Level, *, audience: str) -> str:
        """Return an access token as RFC 9068 has it."""
        exp = self._now() + ACCESS_TOKEN_LIFE_S
        claims = self._standing(person, level) | {"aud": audience, "client_id": self._client_id, "exp": exp}
        return self.encrypted(self._signed(claims, "at+jwt"))

    def logout_token(self, subject: str, session_id: str) -> str:
        """Return a back-channel logout token; `session_id` may be empty."""
        now = self._now()
        claims: dict[str, Any] = {"iss": self._issuer, "aud": self._client_id, "sub": subject, "iat": now}
        claims |= {"exp": now + LOGOUT_TOKEN_LIFE_S, "jti": ids.secret_id(), "events": {_LOGOUT_EVENT: {}}}
        return self._signed(claims | ({"sid": session_id} if session_id else {}), "logout+jwt")

    def encrypted(self, token: str) -> str:
        """Return a token in an envelope that only the portal opens, where that is agreed."""
        if self._reader is None or not self.tamper.encrypted:
            return token
        given = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": self._reader.kid, **self.tamper.envelope}
        header = {name: value for name, value in given.items() if value is not None}
        return jwe.encrypt_compact(header, token, self._reader, registry=_AnyEncryption())

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _standing(self, person: Person, level: Level) -> dict[str, Any]:
        """Return what every token says of a person; the level is DigiD's to state."""
        now = self._now()
        claims = {"iss": self._issuer, "sub": person.subject, "iat": now, "nbf": now, "auth_time": now, "jti": ids.secret_id()}
        return {**claims, **person.claims, **({"acr": ACR_OF[level]} if self._reader else {})}

    def _signed(self, claims: dict[str, Any], kind: str) -> str:
        given = {"alg": _ALGORITHM, "kid": self._key.kid, "typ": kind, **self.tamper.header}
        header = {name: value for name, value in given.items() if value is not None}
        return jwt.encode(header, self.tamper.claims(claims), self._key, registry=_AnySignature(), default_type=None)


def fresh_key() -> RSAKey:
    """Return a key to sign with. Making one takes longer than everything else that an issuer does at its start."""
    return RSAKey.generate_key(2048, {"kid": ids.secret_id()[:12], "use": "sig", "alg": "PS256"})


def _left_half(access_token: str, algorithm: str) -> str:
    digest = hashlib.new(hash_of(algorithm), access_token.encode()).digest()
    return base64url(digest[: len(digest) // 2])


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
