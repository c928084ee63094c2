"""Forms with files in them (RFC 7578), as browsers send them. Pure, in memory: what comes is at most a few megabytes.

Stricter than the standard where a second reading could differ: one boundary, no nested parts, no transfer encodings.
"""

import re
from dataclasses import dataclass

from chalicelib.core.errors import FieldError, Invalid

TYPE = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_PARAMETER = re.compile(r'[;\s](name|filename)="([^"\r\n]*)"', re.IGNORECASE)
_ESCAPED = (("%22", '"'), ("%0D", "\r"), ("%0A", "\n"))  # all that browsers escape in a name
_MOST_PARTS, _MOST_HEADERS = 100, 4_096


@dataclass(frozen=True, slots=True)
class FormPart:
    """One field of a form. `filename` is None for a field that is no file, empty for a file that was not chosen."""

    name: str
    content: bytes
    filename: str | None = None
    media_type: str = ""


def parse(content_type: str, body: bytes) -> tuple[FormPart, ...]:
    """Return the fields of a form in their order. Raises Invalid(`not_a_form`): half of one is not read."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise _not_a_form()
    line = b"\r\n--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    first, *pieces = (b"\r\n" + body).split(line)
    if first.strip() or not 1 <= len(pieces) <= _MOST_PARTS or not pieces.pop().startswith(b"--"):
        raise _not_a_form()
    return tuple(map(_part, pieces))


def _part(piece: bytes) -> FormPart:
    head, found, content = piece.partition(b"\r\n\r\n")
    if not found or not head.startswith(b"\r\n") or len(head) > _MOST_HEADERS:
        raise _not_a_form()
    try:
        lines = head.decode().split("\r\n")[1:]
    except UnicodeDecodeError:
        raise Invalid([FieldError("", "not_utf8")]) from None
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    told = {name.lower(): _plain(value) for name, value in _PARAMETER.findall(headers.get("content-disposition", ""))}
    if "name" not in told:
        raise _not_a_form()
    return FormPart(told["name"], content, told.get("filename"), headers.get("content-type", ""))


def _plain(value: str) -> str:
    for escaped, meant in _ESCAPED:
        value = value.replace(escaped, meant)
    return value


def _not_a_form() -> Invalid:
    return Invalid([FieldError("", "not_a_form")])
