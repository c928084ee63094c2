"""A document (PDF) without what it tells about its maker, as far as that stands there plainly. Nothing is moved. Pure.

Its table says at which byte each object begins, so all that goes becomes blank and keeps its length: author and program
(`/Info`), the description in XML, the remarks of photos, and bytes before the document. Packed objects stay, and `hides` says so.
"""

import re
import zlib

from chalicelib.evidence.strip import jpeg
from chalicelib.evidence.strip.meter import Copy, Damaged, Meter

_BLANK = rb"[\0\t\n\x0c\r ]"
_REFERENCE = rb"([0-9]{1,10})" + _BLANK + rb"{1,8}([0-9]{1,5})" + _BLANK + rb"{1,8}"
_INFO = re.compile(rb"/Info" + _BLANK + rb"{0,8}" + _REFERENCE + rb"R")
_INFO_AT_ONCE = re.compile(rb"/Info" + _BLANK + rb"{0,8}(?=<<)")
_OBJECT = re.compile(rb"(?<![0-9])" + _REFERENCE + rb"obj" + _BLANK + rb"{0,8}")
_ELSEWHERE = re.compile(_REFERENCE + rb"R")
_DESCRIPTION = re.compile(rb"/Type" + _BLANK + rb"{0,8}/Metadata|/Subtype" + _BLANK + rb"{0,8}/XML")
_DESCRIBED = re.compile(rb"/Metadata" + _BLANK + rb"{0,8}" + _REFERENCE + rb"R")
_STREAM = re.compile(rb"stream\r?\n")
_PHOTO = re.compile(rb"stream\r?\n(?=\xff\xd8\xff)")
_TOKEN = re.compile(rb"<<|>>|[()\\]")
_LONGEST = 64 * 1024  # bytes of a dictionary that tells who made the document
_BETWEEN = 1_024  # bytes in which a stream begins behind the name of its kind
_TELLING = (b"/JPXDecode", b"/EmbeddedFile", b"/PieceInfo")  # what may tell more, and is not looked into
_END, _END_OF_STREAM = b"%%EOF", b"endstream"


def copied(content: bytes, meter: Meter) -> Copy | None:
    """Return the copy; None for a document that is all parts: it is given as it was sent."""
    copy = bytearray(content)
    begin = max(content.find(b"%PDF-"), 0)
    copy[:begin] = b"\n" * begin
    try:
        is_told = [
            _blank_info(content, copy, meter),
            _blank_descriptions(content, copy, meter),
            _blank_photos(content, copy, meter),
            _has_older_versions(content),
            *(name in content for name in _TELLING),
        ]
    except Damaged:
        return None
    return Copy(bytes(copy[: _end(content)]), hides=any(is_told))


def _end(content: bytes) -> int:
    """Return where the document ends: with the line of its last end."""
    at = content.rfind(_END)
    if at < 0:
        return len(content)
    at += len(_END)
    return at + len(content[at : at + 2]) - len(content[at : at + 2].lstrip(b"\r\n"))


def _has_older_versions(content: bytes) -> bool:
    """True when it was changed by adding to it, so that its older text is still there. One made for the web has two tables."""
    return content.count(b"startxref") > 1 + (b"/Linearized" in content[:_BETWEEN])


def _blank_info(content: bytes, copy: bytearray, meter: Meter) -> bool:
    """Blank who made it, with what and when, in every version of the document. True when some of it may be left."""
    wanted = {found.groups() for found in _INFO.finditer(content)}
    missing, left = set(wanted), False
    for pattern in (_OBJECT, _INFO_AT_ONCE) if wanted else (_INFO_AT_ONCE,):
        at = 0
        while found := pattern.search(content, at):
            at = found.end()
            if content[at : at + 2] == b"<<" and (pattern is _INFO_AT_ONCE or found.groups() in wanted):
                missing.discard(found.groups())
                length = _dictionary(content[at : at + _LONGEST], meter)
                left = left or not length or bool(_ELSEWHERE.search(content, at, at + length))
                copy[at + 2 : at + length - 2] = b" " * max(length - 4, 0)
                at += length or _LONGEST
    return left or bool(missing)


def _dictionary(text: bytes, meter: Meter) -> int:
    """Return the length of the dictionary with which a text begins, 0 when it does not end; brackets in strings are none."""
    depth, strings, skip = 0, 0, -1
    for found in _TOKEN.finditer(text):
        meter.part()
        token = found[0]
        if found.start() == skip:
            continue
        if token == b"\\":
            skip = found.end()
        elif token in b"()":
            strings = max(strings + (1 if token == b"(" else -1), 0)
        elif not strings:
            depth += 1 if token == b"<<" else -1
            if not depth:
                return found.end()
    return 0


def _blank_descriptions(content: bytes, copy: bytearray, meter: Meter) -> bool:
    """Blank every description in XML. True when there is one that was not found."""
    at, blanked = 0, 0
    while found := _DESCRIPTION.search(content, at):
        meter.part()
        at, stream = found.end(), _STREAM.search(content, found.end(), found.end() + _BETWEEN)
        if stream is None:
            continue
        end = content.find(_END_OF_STREAM, stream.end())
        if end < 0:  # nor does any behind it end
            return True
        is_packed = b"/FlateDecode" in content[max(found.start() - _BETWEEN, 0) : stream.start()]
        nothing = zlib.compress(b" ") if is_packed else b""
        length = end - stream.end()
        copy[stream.end() : end] = nothing[:length].ljust(length, b" ")
        at, blanked = end, blanked + 1
    return len(set(_DESCRIBED.findall(content))) > blanked


def _blank_photos(content: bytes, copy: bytearray, meter: Meter) -> bool:
    """Blank the remarks of every photo in it. True when there are more photos than were found."""
    at, blanked = 0, 0
    while found := _PHOTO.search(content, at):
        meter.part()
        end = content.find(_END_OF_STREAM, found.end())
        at = end if end >= 0 else len(content)
        photo = bytearray(content[found.end() : at])
        try:
            jpeg.blank(photo, 0, meter)
        except Damaged:
            continue
        copy[found.end() : at] = photo
        blanked += 1
    return content.count(b"/DCTDecode") > blanked
