"""A WebP without what it tells about its maker, chunk by chunk, those within its frames too. Pure."""

from collections.abc import Iterator

from chalicelib.evidence.strip import icc
from chalicelib.evidence.strip.meter import Copy, Damaged, Meter
from chalicelib.evidence.strip.tiff import turned

_PIXELS = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
_ONCE = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ICCP", b"EXIF"})
_FEATURES, _ANIM, _FRAME = 10, 6, 16  # bytes of VP8X, of ANIM, and of ANMF before its own chunks
_HAS_PROFILE, _HAS_EXIF, _HAS_XMP = 0x20, 0x08, 0x04


def copied(content: bytes, meter: Meter) -> Copy:
    """Return the copy. Raises Damaged for a picture that counts wrong."""
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise Damaged("webp")
    chunks, seen = list[tuple[bytes, bytes]](), set[bytes]()
    for name, body in _chunks(content, 12, end, meter):
        if name not in seen or name not in _ONCE:
            chunks.append((name, _kept(name, body, meter)))
        seen.add(name)
    promised = {name for name, body in chunks if body}
    whole = b"".join(_chunk(name, _honest(body, promised) if name == b"VP8X" else body) for name, body in chunks if body)
    return Copy(b"RIFF" + (len(whole) + 4).to_bytes(4, "little") + b"WEBP" + whole)


def _kept(name: bytes, body: bytes, meter: Meter) -> bytes:
    """Return what is kept of a chunk; nothing of one that shows nothing."""
    match name:
        case b"VP8X":
            return body[:_FEATURES]
        case b"ANIM":
            return body[:_ANIM]
        case b"ICCP":
            return icc.plain(body, meter)
        case b"EXIF":
            return turned(body.removeprefix(b"Exif\0\0"))
        case b"ANMF":
            within = _chunks(body, _FRAME, len(body), meter)
            return body[:_FRAME] + b"".join(_chunk(one, pixels) for one, pixels in within if one in _PIXELS)
    return body if name in _PIXELS else b""


def _honest(features: bytes, promised: set[bytes]) -> bytes:
    """Return the features without the promise of what was left out."""
    kept = _HAS_PROFILE * (b"ICCP" in promised) | _HAS_EXIF * (b"EXIF" in promised)
    return bytes([features[0] & ~(_HAS_PROFILE | _HAS_EXIF | _HAS_XMP) | kept]) + features[1:]


def _chunks(content: bytes, at: int, end: int, meter: Meter) -> Iterator[tuple[bytes, bytes]]:
    while at < end:
        meter.part()
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise Damaged("webp")
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
