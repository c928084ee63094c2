"""The portal's own two keys: one signs what it sends to an issuer, the other opens what an issuer sends to it.

Both are private RSA keys in one JWK set. Of each use the first is the one that works; further `enc` keys open tokens that an
issuer still encrypts to a key on its way out.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from chalicelib.identity.model import LoginRefused

SIGNING = ("PS256", "RS256")  # NL GOV profile: PS256 preferred, RS256 allowed
ENCRYPTION = ("RSA-OAEP-256", "A256GCM")
_JWE_DOTS = 4


class OwnKeys:
    """The portal's keys, of its secret, for both logins: reading one takes 50 ms, so each is read once, when used."""

    def __init__(self, keys_json: str) -> None:
        self._keys: list[dict[str, Any]] = json.loads(keys_json)["keys"]

    @cached_property
    def _signing(self) -> RSAKey:
        return next(RSAKey.import_key(key) for key in self._keys if key["use"] == "sig")

    @cached_property
    def _opening(self) -> list[RSAKey]:
        return [RSAKey.import_key(key) for key in self._keys if key["use"] == "enc"]

    def public(self) -> dict[str, Any]:
        """Return the public JWK set: what an issuer has to know, also of keys that come into use later or go out."""
        return {"keys": [RSAKey.import_key(key).as_dict(private=False) for key in self._keys]}

    def signed(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a JWT, signed PS256."""
        return jwt.encode({"alg": SIGNING[0], "kid": self._signing.kid}, dict(claims), self._signing, algorithms=[SIGNING[0]])

    def opened(self, token: str) -> str:
        """Return the signed token inside an encrypted one. Raises LoginRefused(`encryption`) when it is not for us."""
        try:
            opened = jwe.decrypt_compact(token, self._key_for, algorithms=ENCRYPTION).plaintext or b""
            return opened.decode("ascii")
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise LoginRefused("encryption") from error

    def _key_for(self, recipient: Any) -> RSAKey:
        """Return the key that the header names; without a name, the first."""
        kid = recipient.headers().get("kid")
        for key in self._opening:
            if kid in (None, key.kid):
                return key
        raise KeyError("kid")


def is_encrypted(token: str) -> bool:
    """True when a token has the five parts of an encrypted one."""
    return token.count(".") == _JWE_DOTS
