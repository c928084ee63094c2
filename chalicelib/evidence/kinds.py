"""Which files may be sent, and what a file is by its own content: one table, and no trust in names. Pure.

A file is taken when three things agree: what its content says, what its name ends in, and what the browser declared.
A file that could be read as two kinds at once (a picture that is also a program's archive or a web page) is refused.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser

from chalicelib.core.language import N_


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the media type it is kept under, what else browsers call it, and what its name may end in."""

    code: str
    name: str
    media_type: str
    extensions: tuple[str, ...]
    starts: Callable[[bytes], bool]
    also: tuple[str, ...] = ()


class Mismatch(ValueError):
    """The file is not taken; `reason` names the sentence (web/messages.py) that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_OWN_MAGIC = 5  # bytes of a PDF that say that it is one
_HEAD, _TAIL = 1_024, 65_557  # bytes: where a second kind would begin, and where a zip archive ends (22 + its longest comment)
_HEADERS_MOST = 64 * 1024  # bytes of an e-mail in which its headers end
_FIRST_HEADER = re.compile(rb"(?:From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]*:[ \t\r\n]")
_FOREIGN = re.compile(rb"%PDF-|<!doctype html|<html[\s>]|<script[\s>]|<svg[\s>]|<\?php", re.IGNORECASE)


def _starting(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(magic)


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _is_mail(content: bytes) -> bool:
    """True for an e-mail as mail programs save it (RFC 5322): headers first, with a sender and a date, and no binary bytes."""
    head = content[:_HEADERS_MOST]
    if b"\0" in head or not _FIRST_HEADER.match(head):
        return False
    headers = BytesHeaderParser().parsebytes(head)
    return "from" in headers and ("date" in headers or "received" in headers)


KINDS: Mapping[str, FileKind] = {
    kind.code: kind
    for kind in (
        FileKind(
            "jpeg",
            N_("photo (JPEG)"),
            "image/jpeg",
            (".jpg", ".jpeg"),
            _starting(b"\xff\xd8\xff"),
            ("image/jpg", "image/pjpeg"),
        ),
        FileKind("png", N_("picture (PNG)"), "image/png", (".png",), _starting(b"\x89PNG\r\n\x1a\n"), ("image/x-png",)),
        FileKind("webp", N_("picture (WebP)"), "image/webp", (".webp",), _is_webp),
        FileKind("gif", N_("picture (GIF)"), "image/gif", (".gif",), _starting(b"GIF87a", b"GIF89a")),
        FileKind("heic", N_("photo (HEIC)"), "image/heic", (".heic", ".heif"), _is_heic, ("image/heif",)),
        FileKind("pdf", N_("document (PDF)"), "application/pdf", (".pdf",), _starting(b"%PDF-")),
        FileKind("eml", N_("e-mail (EML)"), "message/rfc822", (".eml",), _is_mail, ("text/plain",)),
    )
}
ACCEPT = ",".join(sorted({end for kind in KINDS.values() for end in kind.extensions}))  # for the file chooser
_UNDECLARED = ("", "application/octet-stream")  # what browsers say of a file that they do not know


def kind_by_name(name: str) -> FileKind | None:
    """Return the kind that a file's name promises, None when none that is taken."""
    return next((kind for kind in KINDS.values() if name.lower().endswith(kind.extensions)), None)


def promised(name: str, declared: str) -> FileKind:
    """Return the kind that name and declaration agree on, before a byte was seen. Raises Mismatch."""
    kind = kind_by_name(name)
    if kind is None:
        raise Mismatch("file_kind")
    if declared.partition(";")[0].strip().lower() not in (kind.media_type, *kind.also, *_UNDECLARED):
        raise Mismatch("file_not_as_declared")
    return kind


def require_kind(kind: FileKind, content: bytes) -> None:
    """Raises Mismatch when the content is empty, of another kind than was promised, or of two kinds at once."""
    if not content:
        raise Mismatch("file_empty")
    if not kind.starts(content):
        raise Mismatch("file_not_as_named")
    if _is_archive(content) or (kind.code != "eml" and _FOREIGN.search(content, _OWN_MAGIC, _HEAD)):
        raise Mismatch("file_two_kinds")


def _is_archive(content: bytes) -> bool:
    """True when a zip (so a jar, an apk, an office file) ends where the content ends: its directory says how far that is."""
    tail = content[-_TAIL:]
    at = tail.rfind(b"PK\x05\x06")
    return at >= 0 and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail)
