"""A drawn picture (PNG) without what it tells about its maker, chunk by chunk. Pure."""

import zlib
from collections.abc import Mapping

from chalicelib.evidence.strip import icc
from chalicelib.evidence.strip.meter import Copy, Damaged, Meter
from chalicelib.evidence.strip.tiff import turned

_BEGIN, _FRAME = 8, 12  # bytes before the first chunk, and around the content of each
_ANY = 1 << 31
_LONGEST: Mapping[bytes, int] = {  # what a picture needs to look right, and how long each can be; all else is left out
    b"IHDR": 13, b"PLTE": 768, b"IDAT": _ANY, b"IEND": 0, b"tRNS": 256, b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"sBIT": 4,
    b"pHYs": 9, b"bKGD": 6, b"hIST": 512, b"acTL": 8, b"fcTL": 26, b"fdAT": _ANY, b"cICP": 4, b"mDCV": 24, b"cLLI": 8,
}  # fmt: skip
_MANY = frozenset({b"IDAT", b"fcTL", b"fdAT"})  # all others stand there once


def copied(content: bytes, meter: Meter) -> Copy:
    """Return the copy. Raises Damaged for a picture that breaks off."""
    kept, at, name, seen = [content[:_BEGIN]], _BEGIN, b"", set[bytes]()
    while name != b"IEND":
        meter.part()
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if at + _FRAME + length > len(content) or not name.isalpha():
            raise Damaged("png")
        body = content[at + 8 : at + 8 + length]
        if name in _MANY or name not in seen:
            kept.append(_kept(name, body, content[at : at + _FRAME + length], meter))
        seen.add(name)
        at += _FRAME + length
    return Copy(b"".join(kept))


def _kept(name: bytes, body: bytes, chunk: bytes, meter: Meter) -> bytes:
    if name == b"eXIf":
        return _chunk(name, turned(body))
    if name == b"iCCP":
        profile = icc.plain(icc.unpacked(body.partition(b"\0")[2][1:]), meter)
        return _chunk(name, profile and b"icc\0\0" + zlib.compress(profile))
    return chunk if len(body) <= _LONGEST.get(name, -1) else b""


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4) if body else b""
