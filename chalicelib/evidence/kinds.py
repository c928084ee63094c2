"""Which files may be sent, and what a file is by its own content: one table, and no trust in names. Pure.

A file is taken when its content is what its name ends in and the browser declared; among pictures the content alone decides, as
it does in every viewer. A file that could be read as two kinds at once (a picture that is also a program's archive or a web page)
is refused (ADR-0041).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.core.language import N_


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the media type it is kept under, what else browsers call it, and what its name may end in.

    `begins` says where in a content a file of this kind begins: behind a few bytes that every viewer passes over, None nowhere.
    """

    code: str
    name: str
    media_type: str
    extensions: tuple[str, ...]
    begins: Callable[[bytes], int | None]
    also: tuple[str, ...] = ()
    is_picture: bool = True


class Mismatch(ValueError):
    """The file is not taken; `reason` names the sentence (web/messages.py) that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PDF, _PNG = b"%PDF-", b"\x89PNG\r\n\x1a\n"
_HEAD = 1_024  # bytes in which a second kind would begin, and a PDF begins
_TAIL = 2 * 65_557  # bytes in which the directory of a zip archive ends: what every reader looks through (22 + a comment), twice
_HEADERS_MOST = 64 * 1024  # bytes of an e-mail in which its headers end
_MARK = b"\xef\xbb\xbf"  # the byte order mark of UTF-8
_BLANK = re.compile(rb"[ \t\r\n]{0,64}")
_FIRST_HEADER = re.compile(rb"(?:>?From [^\n]{0,998}\n)?[!-9;-~]{1,200}[ \t]{0,8}:")
_HEADERS_END = re.compile(rb"\n\r?\n")
_SENDER = re.compile(rb"(?im)^from[ \t]{0,8}:")
_TIME = re.compile(rb"(?im)^(?:date|received)[ \t]{0,8}:")
_FOREIGN = re.compile(rb"%PDF-|<!doctype html|<html[\s>]|<script[\s>]|<svg[\s>]|<\?php", re.IGNORECASE)
_END_OF_ZIP, _ENTRY_OF_ZIP, _LARGE_ZIP = b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x07"
_OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")  # whose readers find them behind anything
_OTHERS = (  # may not stand before a PDF: programs, scripts, web pages, archives, pictures, sound, office files
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"<", b"{\\rtf", b"\xd0\xcf\x11\xe0",
    b"PK", b"Rar!", b"7z", b"\x1f\x8b", b"BZh", b"\xff\xd8", b"\x89PNG", b"GIF8", b"RIFF", b"II", b"MM", b"BM", b"ID3", b"OggS",
)  # fmt: skip


def _starting(*magic: bytes) -> Callable[[bytes], int | None]:
    return lambda content: 0 if content.startswith(magic) else None


def _heic(content: bytes) -> int | None:
    return 0 if content[4:8] == b"ftyp" and content[8:12] in _HEIC else None


def _webp(content: bytes) -> int | None:
    return 0 if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def _pdf(content: bytes) -> int | None:
    """Where `%PDF-` is: within the first kilobyte, as viewers look for it, and not behind the beginning of something else."""
    at = content.find(_PDF, 0, _HEAD + len(_PDF))
    before = content[: max(at, 0)].removeprefix(_MARK).lstrip()
    return None if at < 0 or before.startswith(_OTHERS) or before[4:8] == b"ftyp" else at


def _mail(content: bytes) -> int | None:
    """Where an e-mail begins as mail programs save it (RFC 5322): headers first, with a sender and a date, and no binary bytes.

    A byte order mark and blank lines before it are of whoever saved it.
    """
    found = _BLANK.match(content, len(_MARK) if content.startswith(_MARK) else 0)
    at = found.end() if found else 0
    head = content[at : at + _HEADERS_MOST]
    if b"\0" in head or not _FIRST_HEADER.match(head):
        return None
    end = _HEADERS_END.search(head)
    headers = head[: end.start() + 1] if end else head
    return at if _SENDER.search(headers) and _TIME.search(headers) else None


KINDS: Mapping[str, FileKind] = {
    kind.code: kind
    for kind in (
        FileKind(
            "jpeg",
            N_("photo (JPEG)"),
            "image/jpeg",
            (".jpg", ".jpeg", ".jfif", ".jpe", ".jif", ".jfi", ".pjpeg", ".pjp"),
            _starting(b"\xff\xd8\xff"),
            ("image/jpg", "image/pjpeg", "image/jfif", "image/pipeg"),
        ),
        FileKind("png", N_("picture (PNG)"), "image/png", (".png", ".apng"), _starting(_PNG), ("image/x-png", "image/apng")),
        FileKind("webp", N_("picture (WebP)"), "image/webp", (".webp",), _webp),
        FileKind("gif", N_("picture (GIF)"), "image/gif", (".gif",), _starting(b"GIF87a", b"GIF89a")),
        FileKind(
            "heic",
            N_("photo (HEIC)"),
            "image/heic",
            (".heic", ".heif", ".hif"),
            _heic,
            ("image/heif", "image/heic-sequence", "image/heif-sequence"),
        ),
        FileKind("pdf", N_("document (PDF)"), "application/pdf", (".pdf",), _pdf, ("application/x-pdf",), is_picture=False),
        FileKind(
            "eml",
            N_("e-mail (EML)"),
            "message/rfc822",
            (".eml",),
            _mail,
            ("text/plain", "message/rfc2822", "application/x-extension-eml"),
            is_picture=False,
        ),
    )
}
ACCEPT = ",".join(sorted({end for kind in KINDS.values() for end in kind.extensions}))  # for the file chooser
_UNDECLARED = ("", "application/octet-stream")  # what browsers say of a file that they do not know


def kind_by_name(name: str) -> FileKind | None:
    """Return the kind that a file's name promises, None when none that is taken."""
    return next((kind for kind in KINDS.values() if name.lower().rstrip(". ").endswith(kind.extensions)), None)


def promised(name: str, declared: str) -> FileKind:
    """Return the kind that name and declaration agree on, before a byte was seen. Raises Mismatch."""
    kind = kind_by_name(name)
    if kind is None:
        raise Mismatch("file_kind")
    said = declared.partition(";")[0].strip().lower()
    if said not in _UNDECLARED and not any(said in (one.media_type, *one.also) for one in _passing_for(kind)):
        raise Mismatch("file_not_as_declared")
    return kind


def require_kind(kind: FileKind, content: bytes) -> FileKind:
    """Return the kind that a content is of: the promised one, or among pictures another.

    Raises Mismatch when it is empty, of a kind that was not promised, or of two kinds at once.
    """
    if not content:
        raise Mismatch("file_empty")
    found = next((one for one in _passing_for(kind) if one.begins(content) is not None), None)
    if found is None:
        raise Mismatch("file_not_as_named")
    if _holds_archive(content) or (found.code != "eml" and _is_foreign(content, found.begins(content) or 0)):
        raise Mismatch("file_two_kinds")
    return found


def download_name(name: str, kind: FileKind) -> str:
    """Return the name under which a file is fetched: one that is not called as it is gets the ending of what it is."""
    return name if name.lower().endswith(kind.extensions) else name + kind.extensions[0]


def _passing_for(kind: FileKind) -> tuple[FileKind, ...]:
    """Return the kinds that may come under this one's name: itself, and for a picture, which viewers know by its content, all."""
    return (kind, *(one for one in KINDS.values() if kind.is_picture and one.is_picture and one is not kind))


def _is_foreign(content: bytes, at: int) -> bool:
    """True when a document of another kind begins near the beginning of a file that itself begins `at` there."""
    return any(_FOREIGN.search(content, *bounds) for bounds in ((0, at), (at + len(_PDF), _HEAD)))


def _holds_archive(content: bytes) -> bool:
    """True when a reader of archives (so of a jar, an apk, an office file) would find one in here, wherever that begins."""
    tail = content[-_TAIL:]
    at = tail.find(_END_OF_ZIP)
    while at >= 0:
        if _ends_archive(content, len(content) - len(tail) + at):
            return True
        at = tail.find(_END_OF_ZIP, at + 1)
    return any(one in content for one in _OTHER_ARCHIVES)


def _ends_archive(content: bytes, at: int) -> bool:
    """True when what looks like the end of a zip archive is one: the file ends there, or it leads to a list of what is in it."""
    size, start = (int.from_bytes(content[at + place : at + place + 4], "little") for place in (12, 16))
    ends = at + 22 + int.from_bytes(content[at + 20 : at + 22], "little") == len(content)
    lists = (content[place : place + 4] for place in (max(at - size, 0), start))
    return ends or _ENTRY_OF_ZIP in lists or content[max(at - 20, 0) : max(at - 16, 0)] == _LARGE_ZIP
