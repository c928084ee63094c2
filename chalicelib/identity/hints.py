"""The hint that an issuer wants when somebody logs out: the ID token of their session, kept so that only they bring it back.

The table of sessions has the digest of a session's secret, and the secret is in the browser. A hint is locked with a key made
of the secret: a copy of the table opens none, and neither does the portal without the browser (ADR-0038).
"""

import base64
import hashlib
import secrets

_NONCE = 12


def locked(hint: str, secret: str) -> str:
    """Return the hint as it is stored."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 — as in bsn.py

    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + AESGCM(_key(secret)).encrypt(nonce, hint.encode(), None)).decode()


def unlocked(stored: str, secret: str) -> str:
    """Return the hint that was stored; empty for one that another secret locked."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 — as in bsn.py
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 — as in bsn.py

    content = base64.b64decode(stored)
    try:
        return AESGCM(_key(secret)).decrypt(content[:_NONCE], content[_NONCE:], None).decode()
    except InvalidTag:
        return ""


def _key(secret: str) -> bytes:
    """Return a key that the session's digest, which is stored, does not tell."""
    return hashlib.sha256(f"hint {secret}".encode()).digest()
