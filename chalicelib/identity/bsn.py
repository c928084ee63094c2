"""The BSN: checked, turned into a pseudonym, sealed. The only module that handles one. Whoever has none gets a pseudonym too.

People are found by pseudonym: a keyed MAC made inside KMS, because a plain hash of one of ~90 million numbers is undone in
seconds. The number itself is kept only sealed (envelope encryption, bound to its pseudonym), for the official report alone:
the role of every other function lacks `kms:Decrypt` on that key. Source: docs/domain.md, "Identity"; law on the BSN.

A company and somebody from another country of the EU are found the same way, by a MAC of what they are known by, with a word
in front that no other kind has (ADR-0037); there is nothing to seal of them.
"""

import base64
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.core.logins import IdentityKind, LoginMeans
from chalicelib.core.settings import Settings
from chalicelib.identity.claims import claim_at
from chalicelib.identity.model import LoginRefused
from chalicelib.people.model import Citizen, Level

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_FORMAT = 1  # first byte of what is sealed; a new way of sealing takes the next number
_NONCE = 12
_KVK = re.compile(r"[0-9]{8}")
_IDENTIFIER = re.compile(r"[!-~]{1,256}")  # eIDAS: the two countries and what the first calls somebody, such as ES/NL/0263X


def is_bsn(text: str) -> bool:
    """True for nine digits that pass the 11-test; the number of all zeroes passes it and is none."""
    if len(text) != len(_WEIGHTS) or not text.isascii() or not text.isdigit() or text == "0" * len(_WEIGHTS):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0


def has_bsn(claims: Mapping[str, Any], settings: Settings) -> bool:
    """True when the claims hold a value where a citizen's number stands."""
    paths = (means.identifier for means in settings.citizen_logins if means.identity is IdentityKind.BSN)
    return any(claim_at(claims, path) is not None for path in paths)


def is_rsin(text: str) -> bool:
    """True for the number of a legal person: nine digits that pass the 11-test, as a BSN does."""
    return is_bsn(text)


class Kms(Protocol):
    """The part of the KMS client that we need."""

    def generate_mac(self, **request: Any) -> dict[str, Any]: ...
    def generate_data_key(self, **request: Any) -> dict[str, Any]: ...
    def decrypt(self, **request: Any) -> dict[str, Any]: ...


class Vault:
    """Pseudonyms and seals, under the stage's two KMS keys."""

    def __init__(self, kms_client: Kms, settings: Settings, is_known: Callable[[str], bool] = lambda _: False) -> None:
        """`is_known` says whether anything is kept under a pseudonym; asked for older keys only (ADR-0028)."""
        self._kms, self._settings, self._is_known = kms_client, settings, is_known

    def citizen_of(self, claims: Mapping[str, Any], level: Level, means: LoginMeans | None = None) -> Citizen:
        """Return the citizen whom the claims of a login name; without `means` that of DigiD.

        Raises LoginRefused (`bsn`, `company`, `eidas`) when what this login knows people by is missing, or is no such thing.
        """
        means = means or self._settings.citizen_logins[0]
        found = claim_at(claims, means.identifier)
        if means.identity is IdentityKind.COMPANY:
            return self._company(found, level)
        if means.identity is IdentityKind.EIDAS:
            return self._european(means.issuer, found, level)
        if not isinstance(found, str) or not is_bsn(found):
            raise LoginRefused("bsn")
        return self.citizen(found, level)

    def _company(self, found: object, level: Level) -> Citizen:
        """Return who acts for a company: its number is the identity, whoever it lets log in."""
        if not isinstance(found, str) or not (_KVK.fullmatch(found) or is_rsin(found)):
            raise LoginRefused("company")
        return Citizen(self._known_name(f"company:{found}"), "", level, IdentityKind.COMPANY, found)

    def _european(self, issuer: str, found: object, level: Level) -> Citizen:
        """Return who is known by what another country calls them, at one issuer."""
        if not isinstance(found, str) or not _IDENTIFIER.fullmatch(found):
            raise LoginRefused("eidas")
        return Citizen(self._known_name(f"eidas:{issuer} {found}"), "", level, IdentityKind.EIDAS)

    def citizen(self, bsn: str, level: Level) -> Citizen:
        pseudonym = self.pseudonym(bsn)
        return Citizen(pseudonym, self.seal(bsn, pseudonym), level)

    def pseudonym(self, bsn: str) -> str:
        """Return the name under which this person's reports are kept: the MAC key's version, a dash, 64 hex digits.

        Everybody has one name: who was known before the key was replaced keeps the one of then.
        """
        if not is_bsn(bsn):
            raise ValueError("not a BSN")
        return self._known_name(f"bsn:{bsn}")

    def _known_name(self, person: str) -> str:
        older = (self._name(person, version, key) for version, key in self._settings.bsn_older_keys)
        known = next((name for name in older if self._is_known(name)), "")
        return known or self._name(person, self._settings.bsn_hmac_key_version, self._settings.bsn_hmac_key_id)

    def _name(self, person: str, version: str, key: str) -> str:
        mac: bytes = self._kms.generate_mac(KeyId=key, MacAlgorithm="HMAC_SHA_256", Message=person.encode())["Mac"]
        return f"{version}-{mac.hex()}"

    def seal(self, bsn: str, pseudonym: str) -> str:
        """Return the number encrypted under a fresh data key, with that key, itself encrypted by KMS, in front of it."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 — half of what importing it costs is OpenSSL

        key = self._kms.generate_data_key(
            KeyId=self._settings.bsn_key_id, KeySpec="AES_256", EncryptionContext=_context(pseudonym)
        )
        nonce = secrets.token_bytes(_NONCE)
        encrypted = AESGCM(key["Plaintext"]).encrypt(nonce, bsn.encode(), pseudonym.encode())
        wrapped: bytes = key["CiphertextBlob"]
        return base64.b64encode(bytes([_FORMAT]) + len(wrapped).to_bytes(2) + wrapped + nonce + encrypted).decode()

    def open(self, sealed: str, pseudonym: str) -> str:
        """Return the number that was sealed for `pseudonym`: for the function that makes the official report, and no other.

        Another person's pseudonym, or a changed seal, raises KMS's InvalidCiphertextException or cryptography's InvalidTag.
        """
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 — as in seal

        content = base64.b64decode(sealed, validate=True)
        if content[0] != _FORMAT:
            raise ValueError("sealed in a format that is not known here")
        end = 3 + int.from_bytes(content[1:3])
        key = self._kms.decrypt(
            CiphertextBlob=content[3:end], KeyId=self._settings.bsn_key_id, EncryptionContext=_context(pseudonym)
        )["Plaintext"]
        nonce, encrypted = content[end : end + _NONCE], content[end + _NONCE :]
        return AESGCM(key).decrypt(nonce, encrypted, pseudonym.encode()).decode()


def _context(pseudonym: str) -> dict[str, str]:
    return {"purpose": "bsn", "pseudonym": pseudonym}
