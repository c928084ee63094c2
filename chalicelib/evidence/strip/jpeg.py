"""A photo without what it tells about its maker: segment by segment, and not one pixel is touched. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.evidence.strip import icc
from chalicelib.evidence.strip.meter import Copy, Damaged, Meter
from chalicelib.evidence.strip.tiff import turned

_SOS, _EOI, _APP0, _APP1, _APP2, _ADOBE = 0xDA, 0xD9, 0xE0, 0xE1, 0xE2, 0xEE
_TABLES = frozenset(range(0xC0, 0xE0)) - {0xC8, *range(0xD0, 0xDA)}  # sizes, tables, scans: what a decoder needs
_STAND_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JFIF, _ADOBE_NAME, _EXIF, _PROFILE = b"JFIF\0", b"Adobe", b"Exif\0\0", b"ICC_PROFILE\0"
_WRAPPING = 12  # bytes of JFIF before its thumbnail, and of Adobe's word on colours
_END = b"\xff\xd9"

# No pattern runs on and can fail after that: it would begin anew at every byte of a run (test_evidence_time.py).
_FILL = re.compile(rb"\xff+")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # behind the pixels of a scan: stuffed zeros and restarts belong to it


@dataclass(slots=True)
class _Photo:
    """The parts of a photo, as they are met."""

    wrapping: bytes = b""
    colours: bytes = b""
    sideways: bytes = b""
    profile: dict[int, bytes] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=list)
    is_whole: bool = False


def copied(content: bytes, meter: Meter) -> Copy:
    """Return the copy. Raises Damaged for a photo of which not even the first pixels are there.

    A photo that breaks off behind those, or has something else in the place of its end, is shown as far as it goes. Where it
    ends nobody can say without decoding it: what stands behind the pixels may be in the copy.
    """
    photo = _Photo()
    for part in _segments(content, meter):
        _take(photo, part, content)
    profile = icc.plain(b"".join(piece for _, piece in sorted(photo.profile.items())), meter)
    parts = [
        content[:2],
        photo.wrapping and _segment(_APP0, photo.wrapping + bytes(2)),
        photo.sideways and _segment(_APP1, _EXIF + photo.sideways),
        profile and _segment(_APP2, _PROFILE + b"\x01\x01" + profile),
        photo.colours and _segment(_ADOBE, photo.colours),
        *photo.kept,
        _END,
    ]
    return Copy(b"".join(parts), hides=not photo.is_whole)


def blank(content: bytearray, begin: int, meter: Meter) -> None:
    """Empty the remarks of a photo that begins there within a document, and move nothing. Raises Damaged."""
    for part in _segments(content, meter, begin):
        body = content[part.start + 4 : part.start + 20]
        if part.marker not in _TABLES and not body.startswith((_JFIF, _ADOBE_NAME, _PROFILE)):
            content[part.start + 4 : part.end] = bytes(max(0, part.end - part.start - 4))


def _take(photo: _Photo, part: "_Part", content: bytes) -> None:
    body = content[part.start + 4 : part.header]
    if part.marker in _TABLES:
        photo.kept.append(content[part.start : part.header] + content[part.header : part.end].rstrip(b"\xff"))
    elif part.marker == _EOI:
        photo.is_whole = True
    elif part.marker == _APP1 and body.startswith(_EXIF):
        photo.sideways = turned(body[len(_EXIF) :]) or photo.sideways
    elif part.marker == _APP2 and body.startswith(_PROFILE):
        photo.profile[body[len(_PROFILE)] if len(body) > len(_PROFILE) else 0] = body[len(_PROFILE) + 2 :]
    elif part.marker == _APP0 and body.startswith(_JFIF) and len(body) >= _WRAPPING:
        photo.wrapping = photo.wrapping or body[:_WRAPPING]
    elif part.marker == _ADOBE and body.startswith(_ADOBE_NAME) and len(body) >= _WRAPPING:
        photo.colours = photo.colours or body[:_WRAPPING]


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


class _Part(NamedTuple):
    """The place of one segment: `header` is where the pixels of a scan begin, and `end` for any other."""

    marker: int
    start: int
    header: int
    end: int


def _segments(content: bytes | bytearray, meter: Meter, begin: int = 0) -> Iterator[_Part]:
    """Yield every segment up to the end of the photo. Raises Damaged when it breaks off before there are pixels."""
    at, has_pixels = begin + 2, False
    while True:
        meter.part()
        part = _next(content, at)
        if part is None:
            if has_pixels:
                return
            raise Damaged("jpeg")
        yield part
        if part.marker == _EOI:
            return
        at, has_pixels = part.end, has_pixels or part.marker == _SOS


def _next(content: bytes | bytearray, at: int) -> _Part | None:
    """Return the segment that begins here, behind what fills up; None when none does, or it does not end."""
    found = _FILL.match(content, at)
    if found is None or found.end() >= len(content):
        return None
    start, marker = found.end() - 1, content[found.end()]
    if marker in _STAND_ALONE or marker == _EOI:
        return _Part(marker, start, start + 2, start + 2)
    length = int.from_bytes(content[start + 2 : start + 4])
    end = start + 2 + length
    if length < 2 or end > len(content):  # noqa: PLR2004
        return None
    following = _NEXT_MARKER.search(content, end) if marker == _SOS else None
    return _Part(marker, start, end, end if marker != _SOS else following.start() if following else len(content))
