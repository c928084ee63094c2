"""A picture without what it tells about its maker: place, camera, time, remarks. Lossless: not one pixel is touched. Pure.

The copy that is shown keeps what the picture needs to look right: colours and which side is up. Whatever follows the end of
the picture is left out. The original stays as it was sent, because it is evidence.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping


class Damaged(ValueError):
    """The picture does not follow its own format, so nobody can say what is in it."""


def stripped(kind: str, content: bytes) -> bytes | None:
    """Return the copy of a picture without metadata; None for a kind of which no copy is made. Raises Damaged."""
    make = _MAKERS.get(kind)
    if make is None:
        return None
    try:
        return make(content)
    except (IndexError, StopIteration):
        raise Damaged(kind) from None


_ICC, _SOS, _EOI, _APP0, _APP2, _ADOBE, _COMMENT = b"ICC_PROFILE\0", 0xDA, 0xD9, 0xE0, 0xE2, 0xEE, 0xFE
_JPEG_METADATA = frozenset({_COMMENT, *range(0xE0, 0xF0)}) - {_APP0, _ADOBE}  # which two say how the colours are coded
_STAND_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")  # after the pixels of a scan: stuffed zeros and restarts belong to it


def _jpeg(content: bytes) -> bytes:
    kept, sideways = [content[:2]], b""
    for marker, segment in _segments(content):
        body = segment[4:]
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):  # noqa: PLR2004
            sideways = _turned(body[6:]) or sideways
        elif marker not in _JPEG_METADATA or (marker == _APP2 and body.startswith(_ICC)):
            kept.append(segment)
    if sideways:
        exif = b"Exif\0\0" + sideways
        kept.insert(2 if kept[1][1] == _APP0 else 1, b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif)
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield every segment up to the end of the picture; that of a scan with its pixels."""
    at = 2
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004
            raise Damaged("jpeg")
        while content[at + 1] == 0xFF:  # noqa: PLR2004 — fill bytes
            at += 1
        marker = content[at + 1]
        end = at + 2 if marker in _STAND_ALONE or marker == _EOI else at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if end > len(content) or (end < at + 4 and end != at + 2):
            raise Damaged("jpeg")
        if marker == _SOS:
            following = _NEXT_MARKER.search(content, end)
            if following is None:
                raise Damaged("jpeg")
            end = following.start()
        yield marker, content[at:end]
        if marker == _EOI:
            return
        at = end


_PNG_KEPT = frozenset(b"tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD hIST acTL fcTL fdAT cICP mDCV cLLI".split())


def _png(content: bytes) -> bytes:
    kept, at, name = [content[:8]], 8, b""
    while name != b"IEND":
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        chunk = content[at : at + 12 + length]
        if len(chunk) < 12 + length or not name.isalpha():
            raise Damaged("png")
        if name == b"eXIf" and (sideways := _turned(chunk[8:-4])):
            chunk = _png_chunk(name, sideways)
        elif name[:1].islower() and name not in _PNG_KEPT:
            chunk = b""
        kept.append(chunk)
        at += 12 + length
    return b"".join(kept)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_METADATA = 0x0C  # the bits of VP8X that promise Exif and XMP


def _webp(content: bytes) -> bytes:
    kept, at, end = [], 12, 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise Damaged("webp")
    while at < end:
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        chunk = content[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length or at + 8 + length > end:
            raise Damaged("webp")
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_METADATA]) + chunk[9:]
        kept.append(chunk if name in _WEBP_KEPT else b"")
        at += len(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def _gif(content: bytes) -> bytes:
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while content[at] != 0x3B:  # noqa: PLR2004 — the trailer
        start = at
        if content[at] == 0x2C:  # noqa: PLR2004 — a picture
            at = _after_blocks(content, at + 11 + _colours(content[at + 9]))
        elif content[at] == 0x21:  # noqa: PLR2004 — an extension
            at = _after_blocks(content, at + 2)
        else:
            raise Damaged("gif")
        is_remark = content[start : start + 2] == b"\x21\xfe"
        is_application = content[start : start + 2] == b"\x21\xff" and content[start + 3 : start + 14] not in _GIF_LOOPS
        kept.append(b"" if is_remark or is_application else content[start:at])
    return b"".join((*kept, b"\x3b"))


def _colours(flags: int) -> int:
    """Return the bytes of a colour table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


def _turned(tiff: bytes) -> bytes:
    """Return a TIFF that says which side is up and nothing else; empty when that is the usual one, or nobody knows."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return b""
    first = int.from_bytes(tiff[4:8], order)  # type: ignore[arg-type]
    for entry in range(min(int.from_bytes(tiff[first : first + 2], order), 500)):  # type: ignore[arg-type]
        at = first + 2 + 12 * entry
        if int.from_bytes(tiff[at : at + 2], order) == 0x0112:  # type: ignore[arg-type]  # noqa: PLR2004 — Orientation
            value = int.from_bytes(tiff[at + 8 : at + 10], order)  # type: ignore[arg-type]
            return _ORIENTATION + value.to_bytes(2) + bytes(6) if 1 < value <= 8 else b""  # noqa: PLR2004
    return b""


_ORIENTATION = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
_MAKERS: Mapping[str, Callable[[bytes], bytes]] = {"jpeg": _jpeg, "png": _png, "webp": _webp, "gif": _gif}
