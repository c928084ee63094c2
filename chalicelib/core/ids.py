"""References, codes and secret ids.

People read references and survey codes aloud and copy them from paper: no look-alikes (0 O Q 1 I L 5 S 2 Z 8 B 6 U), no
vowels (so no words), one check character. Everything printed uses `[A-Z0-9-]` only, because API Gateway does not promise to
decode a path parameter. Whatever a letter, a phone or a word processor makes of it is read: see `folded`.
"""

import hashlib
import hmac
import secrets
import unicodedata

ALPHABET = "3479CDFGHJKMNPRTVWX"  # 19 symbols: a prime, so that the weighted check below finds every swap
REFERENCE_LENGTH = 11  # + 1 check character = three groups of four; 19**11 is about 1.2e14
CODE_LENGTH = 9  # + 1 check character = two groups of five; 19**9 is about 3.2e11
SHORT_CODE_LENGTH = 7  # + 1 check character = two groups of four; 19**7 is about 9e8: for codes with few tries and a short life
_GROUPS = {REFERENCE_LENGTH + 1: 4, CODE_LENGTH + 1: 5, SHORT_CODE_LENGTH + 1: 4}


def derive(key: bytes, purpose: str, *parts: str) -> bytes:
    """Return 32 bytes that only the holder of `key` can compute; `purpose` and the parts cannot run into each other."""
    message = "\x1f".join((purpose, *(f"{len(part)}:{part}" for part in parts)))
    return hmac.new(key, message.encode(), hashlib.sha256).digest()


def secret_id() -> str:
    """Return a fresh random id of 256 bits, for cookies and tokens."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> str:
    """Return the SHA-256 of a high-entropy secret in hex: what a table may hold of a cookie, a state or a code."""
    return hashlib.sha256(value.encode()).hexdigest()


def reference(material: bytes | None = None) -> str:
    """Return a report's reference such as `K7MD-PR3W-9XCV`, from `material` (≥ 16 bytes) or fresh randomness."""
    return _printed(_symbols(material or secrets.token_bytes(32), REFERENCE_LENGTH))


def code(material: bytes) -> str:
    """Return a long code, such as `K7MDP-R3W9X`, from `material` (≥ 16 bytes); people see a letter before it (codes.py)."""
    return _printed(_symbols(material, CODE_LENGTH))


def short_code(material: bytes) -> str:
    """Return a short code to type, such as `K7MD-PR3W`, from `material` (≥ 16 bytes)."""
    return _printed(_symbols(material, SHORT_CODE_LENGTH))


def parse_reference(text: str) -> str | None:
    """Return the reference that `text` spells, as people write it (`folded`), or None when it cannot be one."""
    return _parsed(text, REFERENCE_LENGTH)


def parse_code(text: str) -> str | None:
    """Return the code that `text` spells, or None when it cannot be one (wrong length, character or check)."""
    return _parsed(text, CODE_LENGTH)


def parse_short_code(text: str) -> str | None:
    """Return the short code that `text` spells, or None when it cannot be one."""
    return _parsed(text, SHORT_CODE_LENGTH)


def check_character(symbols: str) -> str:
    """Return the check character: a sum weighted modulo 19, which finds any one wrong character and any swap of neighbours."""
    total = sum(weight * ALPHABET.index(symbol) for weight, symbol in enumerate(symbols, start=2))
    return ALPHABET[total % len(ALPHABET)]


def folded(text: str) -> str:
    """Return the symbols that somebody typed or pasted: in capitals, and without spaces, dashes, full stops, quotes and the like.

    A symbol of another script that looks like one of ours becomes that one; so does one that is easily mistaken for ours. The
    check character tells when that was wrong. Our own symbols stay as they are.
    """
    spelled = unicodedata.normalize("NFKC", text).upper()
    kept = (symbol for symbol in spelled if unicodedata.category(symbol)[0] not in "ZCPM" and symbol not in _SIGNS)
    return "".join(_LOOKS_LIKE.get(symbol) or _digit(symbol) for symbol in kept)


_SIGNS = frozenset("−+=<>|~^`´¨")
_LOOKS_LIKE = dict(zip("СКМНРТХЗЧЈΚΜΝΗΡΤΧϹϜ60OUB8A1IZ2", "CKMHPTX34JKMNHPTXCFGDDV3347777", strict=True))


def _digit(symbol: str) -> str:
    """Return a digit of any script as ours."""
    found = unicodedata.decimal(symbol, None)
    return symbol if found is None else str(found)


def _symbols(material: bytes, count: int) -> str:
    number = int.from_bytes(hashlib.sha256(material).digest())
    picked = []
    for _ in range(count):
        number, index = divmod(number, len(ALPHABET))
        picked.append(ALPHABET[index])
    return "".join(picked)


def _printed(symbols: str) -> str:
    full = symbols + check_character(symbols)
    group = _GROUPS[len(full)]
    return "-".join(full[start : start + group] for start in range(0, len(full), group))


def _parsed(text: str, length: int) -> str | None:
    if len(text) > 4 * length:  # a pasted page is not a reference; do not walk through it
        return None
    symbols = folded(text)
    if len(symbols) != length + 1 or any(symbol not in ALPHABET for symbol in symbols):
        return None
    return _printed(symbols[:-1]) if check_character(symbols[:-1]) == symbols[-1] else None
