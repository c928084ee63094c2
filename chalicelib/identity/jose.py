"""The algorithms that a token may be signed and encrypted with, and the header parameters that count. Pure policy over joserfc.

A header parameter that is not known here is ignored, as the standards say (RFC 7515 and RFC 7516, section 4; RFC 7519, section
5.3 lets an issuer repeat claims in the header of an encrypted token). The exception is `crit`: it names what must be understood,
and nothing that could stand in it is understood here (RFC 7515, section 4.1.11; RFC 7797, section 7), so a token with it is
refused. `none` and HMAC are in no table: a public key is no secret.
"""

from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError, UnsupportedAlgorithmError, UnsupportedHeaderError
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

PublicKey = RSAKey | ECKey | OKPKey

_RSA = "RSA"
# The one kind of key that belongs to an algorithm: RSA, or a curve (RFC 7518, section 3.1; RFC 8037; RFC 9864).
SIGNATURES: Mapping[str, str] = {
    **dict.fromkeys(("PS256", "PS384", "PS512", "RS256", "RS384", "RS512"), _RSA),
    "ES256": "P-256",
    "ES384": "P-384",
    "ES512": "P-521",
    "EdDSA": "Ed25519",
    "Ed25519": "Ed25519",
}
# The hash of `at_hash` is that of the signature (OpenID Connect Core, section 3.1.3.6); Ed25519's own is SHA-512.
_HASHES: Mapping[str, str] = {"256": "sha256", "384": "sha384", "512": "sha512"}
KEY_ENCRYPTION = ("RSA-OAEP-256", "RSA-OAEP")
CONTENT_ENCRYPTION = ("A256GCM", "A192GCM", "A128GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512")

# The errors by which something that is no token gives itself away.
BROKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
SMALLEST_RSA = 2048  # bits
_LONGEST_HEADER = 8 * 1024  # characters: a chain of certificates fits, and nobody looks at it
_FIELDS: Mapping[str, tuple[type[PublicKey], tuple[str, ...]]] = {
    "RSA": (RSAKey, ("kty", "kid", "alg", "n", "e")),
    "EC": (ECKey, ("kty", "kid", "alg", "crv", "x", "y")),
    "OKP": (OKPKey, ("kty", "kid", "crv", "x")),  # without `alg`: EdDSA and Ed25519 are two names of one thing here
}


class SignatureRules(JWSRegistry):
    """joserfc's rules for a signed token, with our algorithms and our patience for headers."""

    max_header_length = _LONGEST_HEADER

    def __init__(self) -> None:
        super().__init__(algorithms=SIGNATURES, strict_check_header=False)

    def get_alg(self, name: str) -> Any:
        if name not in SIGNATURES:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]

    def check_header(self, header: dict[str, Any]) -> None:
        _require_no_crit(header)
        super().check_header(header)


class EncryptionRules(JWERegistry):
    """The same for an encrypted token. Nothing is unpacked (`zip`): a small token could become a large one."""

    max_protected_header_length = _LONGEST_HEADER

    def __init__(self) -> None:
        super().__init__(algorithms=(*KEY_ENCRYPTION, *CONTENT_ENCRYPTION), strict_check_header=False)

    def check_header(self, header: dict[str, Any], check_more: bool = False) -> None:
        _require_no_crit(header)
        super().check_header(header, check_more)


def published_reader(key: Any) -> RSAKey | None:
    """Return a published key that its owner wants to be encrypted to, None for any other; only RSA is used so."""
    if not isinstance(key, dict) or key.get("use") != "enc" or key.get("alg", KEY_ENCRYPTION[0]) not in KEY_ENCRYPTION:
        return None
    found = published_key({name: value for name, value in key.items() if name not in ("use", "alg")})
    return found if isinstance(found, RSAKey) else None


def published_key(key: Any) -> PublicKey | None:
    """Return a published key that can check signatures; others (encryption, other kinds, too short, broken) are passed over."""
    if not isinstance(key, dict) or key.get("use", "sig") != "sig":
        return None
    try:
        kind, fields = _FIELDS[key["kty"]]
        imported = kind.import_key({name: key[name] for name in fields if name in key})
        usable = kind_of(imported) in SIGNATURES.values() and _is_long_enough(imported)
    except BROKEN:
        return None
    return imported if usable else None


def kind_of(key: PublicKey) -> str:
    """Return which of the kinds in SIGNATURES a key is: RSA, or the name of its curve."""
    return _RSA if isinstance(key, RSAKey) else key.curve_name


def hash_of(algorithm: str) -> str:
    """Return the name of the hash that belongs to a signature algorithm."""
    return _HASHES.get(algorithm[-3:], "sha512")


def _is_long_enough(key: PublicKey) -> bool:
    return not isinstance(key, RSAKey) or key.public_key.key_size >= SMALLEST_RSA


def _require_no_crit(header: Mapping[str, Any]) -> None:
    if "crit" in header:
        raise UnsupportedHeaderError("crit")
