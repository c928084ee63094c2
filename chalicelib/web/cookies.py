"""Cookies: `__Host-` names over https, so that no other host and no plain http can set or read them."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from chalicelib.core.language import Language
from chalicelib.core.settings import Settings
from chalicelib.people.model import Session

_YEAR_S = 31_536_000
_VALUE = re.compile(r"[A-Za-z0-9_-]*")


def name(settings: Settings, plain: str) -> str:
    """Return the cookie's name on this stage; browsers refuse `__Host-` without https, which only a laptop lacks."""
    return f"__Host-{plain}" if settings.secure else plain


def put(settings: Settings, plain: str, value: str, *, max_age_s: int | None = None) -> str:
    """Return a Set-Cookie value; without `max_age_s` the cookie ends with the browser. Raises ValueError for odd values."""
    if not _VALUE.fullmatch(value):  # Chalice does not check the values of repeated headers for line breaks
        raise ValueError("a cookie holds ids only")
    parts = [f"{name(settings, plain)}={value}", "Path=/", "HttpOnly", "SameSite=Lax"]
    if settings.secure:
        parts.append("Secure")
    if max_age_s is not None:
        parts.append(f"Max-Age={max_age_s}")
    return "; ".join(parts)


def put_language(settings: Settings, language: Language) -> str:
    """Return the Set-Cookie value that remembers the reader's language for a year."""
    return put(settings, "language", str(language), max_age_s=_YEAR_S)


def put_list(settings: Settings, session: Session, address: str) -> str:
    """Return the Set-Cookie value that remembers which list an officer opened last, until the browser closes.

    Another officer at the same browser, or the same one after logging in again, is led to no list of before.
    """
    packed = urlsafe_b64encode(address.encode()).decode().rstrip("=")
    return put(settings, "list", session.id[:_MARK] + packed if len(packed) <= _LONGEST_LIST else "")


def list_of(value: str, session: Session) -> str:
    """Return the address of the list that the cookie remembers for this session, empty when it is none of ours."""
    mark, packed = value[:_MARK], value[_MARK:]
    if mark != session.id[:_MARK] or not _VALUE.fullmatch(packed):
        return ""
    try:
        address = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("ascii")
    except ValueError:
        return ""
    return address if _LIST.fullmatch(address) else ""


_MARK, _LONGEST_LIST = 8, 800
_LIST = re.compile(r"/desk[a-z/-]*\?[A-Za-z0-9_.,:=&%+-]*")


def clear(settings: Settings, plain: str) -> str:
    """Return the Set-Cookie value that makes the browser forget a cookie."""
    return put(settings, plain, "", max_age_s=0)
