"""E-mail addresses, telephone numbers and web addresses: one's own must work, a stranger's are evidence. Pure.

One's own are kept as a mail server and a telephone exchange take them. A stranger's are kept in one spelling as far as they are
understood, so that equal ones are equal; what cannot be true is no reason to stop a report (`inputs.read`).
"""

import re
import unicodedata
from typing import Any

from chalicelib.forms.text import BadInput, clean, code

_LOCAL_PART, _LONGEST_ADDRESS = 64, 254  # characters, RFC 5321
_LABEL_LENGTH = 63  # characters, RFC 1035
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_NOWHERE = frozenset(
    {"example", "internal", "invalid", "local", "localhost", "onion", "test"}
)  # RFC 2606, 6761, 6762, 7686; ICANN
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")  # Sanne <sanne@example.org>


def own_email(value: Any, most: int = _LONGEST_ADDRESS) -> str:
    """Read one's own address, with its domain as the name servers know it. Raises BadInput when no mail can come there."""
    text = _bare_address(code(value, min(most, _LONGEST_ADDRESS)))
    local, at, domain = text.rpartition("@")
    labels = [_ascii_label(label) for label in domain.lower().split(".")]
    if not (at and len(local) <= _LOCAL_PART and _LOCAL.fullmatch(local) and _can_exist(labels)):
        raise BadInput("email")
    found = f"{local}@{'.'.join(labels)}"
    if len(found) > _LONGEST_ADDRESS:
        raise BadInput("email")
    return found


def their_email(value: Any, most: int) -> str:
    """Read a stranger's address: its domain in lower case, the rest as typed. Raises BadInput for what is no address."""
    text = _bare_address(clean(value, most))
    local, at, domain = text.rpartition("@")
    if not at or not re.fullmatch(r"[^\s<>@]+", local) or not re.fullmatch(r"[^\s<>@.,;/]+(?:\.[^\s<>@.,;/]+)+", domain):
        raise BadInput("email")
    return f"{local}@{_lower(domain)}"


def _lower(host: str) -> str:
    return unicodedata.normalize("NFC", host.lower())


def _bare_address(text: str) -> str:
    named = _NAMED.fullmatch(text)
    return re.sub(r"^mailto:", "", named[1].strip() if named else text, flags=re.IGNORECASE)


def _ascii_label(label: str) -> str:
    """Return a label as the name servers know it (RFC 5891, of letters, digits and marks only); empty for what can be none."""
    if label.isascii():
        return label if _LABEL.fullmatch(label) else ""
    if not all(unicodedata.category(letter)[0] in "LMN" or letter == "-" for letter in label) or "-" in (label[0], label[-1]):
        return ""
    found = f"xn--{label.encode('punycode').decode()}"
    return found if len(found) <= _LABEL_LENGTH else ""


def _can_exist(labels: list[str]) -> bool:
    return len(labels) > 1 and all(labels) and bool(_TOP_LEVEL.fullmatch(labels[-1])) and labels[-1] not in _NOWHERE


_ASIDE = re.compile(r"(?:tel(?:efoon|ephone)?|mob(?:iel|ile)?)?[.:]? ?", re.IGNORECASE)
_TRUNK = re.compile(r"((?:\+|00)\s*(?!39|378)[\d\s]*)\(0\)")  # Italy and San Marino dial their zero from abroad too
_OF_SERVICE = re.compile(r"0(?:800|90[069])(?:\d{4}|\d{7})")
_SHORT = re.compile(r"[1-9]\d{2,5}")  # 112, 1234, 14020, 140317, a number that sends messages


def own_phone(value: Any) -> str:
    """Read a number that can be dialled from anywhere, as E.164; Dutch without its country, others with it. Raises BadInput."""
    text = _digits(value)
    if re.fullmatch(r"316\d{8}", text):
        text = f"+{text}"  # as chat programs show it
    elif text.startswith("00"):
        text = f"+{text[2:]}"
    elif text.startswith("0"):
        text = f"+31{text[1:]}"
    text = re.sub(r"^\+310", "+31", text)
    if not re.fullmatch(r"\+31(?!800|90)[1-9]\d{8}|\+(?!31)[1-9]\d{7,14}", text):
        raise BadInput("phone")
    return text


def their_phone(value: Any) -> str:
    """Read a stranger's number: one that can be dialled as E.164, a number of a service or a short one by its digits."""
    try:
        return own_phone(value)
    except BadInput:
        text = re.sub(r"^(?:\+|00)31(?=800|90[069])", "0", _digits(value))
        text = re.sub(r"^(?:\+|00)31(?=14\d)", "", text)
        if not (_OF_SERVICE.fullmatch(text) or _SHORT.fullmatch(text)):
            raise
        return text


def _digits(value: Any) -> str:
    """Return the digits of a number, a plus in front of it; any other text is left in, and refused by who reads it."""
    text = _ASIDE.sub("", code(value, _LONGEST_NUMBER), count=1)
    return re.sub(r"[\s()./-]", "", _TRUNK.sub(r"\1", text))


_LONGEST_NUMBER = 100  # characters, with all that people put between the digits

_WEB = re.compile(
    r"(?:(?P<scheme>https?|ftps?)://(?P<user>[^\s/?#@\\]*@)?)?(?P<host>[^\s/?#@:\\]+)(?P<port>:\d{1,5})?(?P<rest>[/?#]\S*)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^\s.]+\.)+[^\s.]{2,}\.?|\d{1,3}(?:\.\d{1,3}){3}")


def web_address(value: Any, most: int) -> str:
    """Read the address of a website: its scheme and host in lower case, the rest as typed. Raises BadInput."""
    match = _WEB.fullmatch(clean(value, most))
    if not match or not _HOST.fullmatch(match["host"]):
        raise BadInput("url")
    scheme = f"{match['scheme'].lower()}://" if match["scheme"] else ""
    return "".join((scheme, match["user"] or "", _lower(match["host"]), match["port"] or "", match["rest"] or ""))
