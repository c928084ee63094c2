"""The portal's own two keys: one signs what it sends to an issuer, the other opens what an issuer sends to it.

Both are private RSA keys in one JWK set. Of each use the first is the one that works; further `enc` keys open tokens that an
issuer still encrypts to a key on its way out.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import UnsupportedAlgorithmError, UnsupportedHeaderError
from joserfc.jwk import RSAKey

from chalicelib.identity.jose import BROKEN, EncryptionRules
from chalicelib.identity.model import LoginRefused

SIGNING = "PS256"  # what we sign; NL GOV profile: PS256 preferred
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

    @cached_property
    def _misused(self) -> list[RSAKey]:
        """The signing keys as if they could open something: who took one of them is told from who took a strange key."""
        return [RSAKey.import_key({**key, "use": "enc"}) for key in self._keys if key["use"] == "sig"]

    def public(self) -> dict[str, Any]:
        """Return the public JWK set: what an issuer has to know, also of keys that come into use later or go out.

        Each says by `use` what it is for, and by no `alg` with which algorithm: an issuer may choose among those of jose.py.
        """
        return {"keys": [RSAKey.import_key(key).as_dict(private=False) for key in self._keys]}

    def signed(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a JWT, signed PS256."""
        return jwt.encode({"alg": SIGNING, "kid": self._signing.kid}, dict(claims), self._signing, algorithms=[SIGNING])

    def opened(self, token: str) -> str:
        """Return the signed token inside an encrypted one.

        Raises LoginRefused: `encrypted_alg` (an algorithm that is not ours), `encrypted_crit`, `encrypted_to_sig` (with the key
        that is for signing: the issuer overlooks `use` in our key set), `encryption` for all else that is not for us.
        """
        for key in self._opening:
            if (opened := _opened(token, key)) is not None:
                return opened
        wrong = any(_opened(token, key) is not None for key in self._misused)
        raise LoginRefused("encrypted_to_sig" if wrong else "encryption")


def _opened(token: str, key: RSAKey) -> str | None:
    """Return what `key` opens; None when the token names another key, or is for nobody whom we know."""

    def only(recipient: Any) -> RSAKey:
        if recipient.headers().get("kid", key.kid) != key.kid:
            raise KeyError("kid")
        return key

    try:
        return (jwe.decrypt_compact(token, only, registry=EncryptionRules()).plaintext or b"").decode("ascii")
    except UnsupportedAlgorithmError as error:
        raise LoginRefused("encrypted_alg") from error
    except UnsupportedHeaderError as error:
        raise LoginRefused("encrypted_crit") from error
    except BROKEN:
        return None


def is_encrypted(token: str) -> bool:
    """True when a token has the five parts of an encrypted one."""
    return token.count(".") == _JWE_DOTS
