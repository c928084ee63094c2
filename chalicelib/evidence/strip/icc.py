"""A colour profile that says which colours a picture means, and nothing else. Pure.

A profile has room for anything: names, remarks, tags of a maker's own, a file between two tags. A copy gets one that is written
anew from the numbers alone: white, three colours, three curves. A picture with other numbers (tables for ink, of a scanner) loses
its profile in the copy, and is shown in the usual colours.
"""

import struct
import zlib
from collections.abc import Mapping

from chalicelib.evidence.strip.meter import Meter

_HEADER, _ENTRY = 128, 12
_MOST_TAGS, _MOST_CURVE = 100, 4_096
_MOST_BYTES = 64 * 1024 - 64  # what one segment of a JPEG holds
_WANTED: Mapping[bytes, tuple[bytes, ...]] = {  # by colour space
    b"RGB ": (b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"),
    b"GRAY": (b"wtpt", b"kTRC"),
}
_PARAMETERS = (1, 3, 4, 5, 7)  # numbers of a curve that is a formula, by its kind
_D50 = bytes.fromhex("0000f6d6000100000000d32d")
_MADE = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
_NEWER = 4  # from this version on, texts are in several languages


def plain(profile: bytes, meter: Meter) -> bytes:
    """Return the profile of the same colours, written anew; empty when it is none, or is more than numbers can say."""
    space = profile[16:20]
    wanted = _WANTED.get(space, ())
    if profile[36:40] != b"acsp" or profile[20:24] != b"XYZ " or not wanted:
        return b""
    found = _tags(profile, meter)
    values = {name: _number(found.get(name, b"")) for name in wanted}
    if not all(values.values()):
        return b""
    if adapted := _number(found.get(b"chad", b"")):
        values[b"chad"] = adapted
    made = _written(space, profile[8:10], values)
    return made if len(made) <= _MOST_BYTES else b""


def unpacked(packed: bytes) -> bytes:
    """Return what was deflated, as far as a profile may go; empty when it is not, or goes on beyond that."""
    try:
        reader = zlib.decompressobj()
        found = reader.decompress(packed, 4 * _MOST_BYTES)
    except zlib.error:
        return b""
    return found if reader.eof else b""


def _tags(profile: bytes, meter: Meter) -> dict[bytes, bytes]:
    count = min(int.from_bytes(profile[_HEADER : _HEADER + 4]), _MOST_TAGS)
    found: dict[bytes, bytes] = {}
    for at in range(_HEADER + 4, _HEADER + 4 + count * _ENTRY, _ENTRY):
        meter.part()
        start, size = int.from_bytes(profile[at + 4 : at + 8]), int.from_bytes(profile[at + 8 : at + 12])
        found.setdefault(profile[at : at + 4], profile[start : start + min(size, _MOST_BYTES)])
    return found


def _number(tag: bytes) -> bytes:
    """Return a tag that is a colour, a curve or a matrix without what may stand behind it; empty for any other."""
    size = _size(tag)
    return tag[:4] + bytes(4) + tag[8:size] if 0 < size <= len(tag) else b""


def _size(tag: bytes) -> int:
    kind = tag[:4]
    if kind in (b"XYZ ", b"sf32"):
        return 20 if kind == b"XYZ " else 44
    if kind == b"curv" and _rises(tag, count := int.from_bytes(tag[8:12])):
        return 12 + 2 * count
    if kind == b"para" and (function := int.from_bytes(tag[8:10])) < len(_PARAMETERS) and tag[10:12] == b"\0\0":
        return 12 + 4 * _PARAMETERS[function]
    return 0


def _rises(curve: bytes, count: int) -> bool:
    """True for a table of tones: no darker tone is shown lighter. Text is no such table."""
    if count > _MOST_CURVE or len(curve) < 12 + 2 * count:
        return False
    tones = struct.unpack_from(f">{count}H", curve, 12)
    return count == 1 or list(tones) == sorted(tones)


def _written(space: bytes, version: bytes, values: Mapping[bytes, bytes]) -> bytes:
    texts = _texts(version[:1] >= bytes([_NEWER]))
    body, entries, places = b"", b"", dict[bytes, int]()
    tags = {**texts, **values}
    begin = _HEADER + 4 + _ENTRY * len(tags)
    for name, value in tags.items():
        if value not in places:
            places[value] = begin + len(body)
            body += value + bytes(-len(value) % 4)
        entries += name + struct.pack(">2I", places[value], len(value))
    head = bytes(4) + version + bytes(2) + b"mntr" + space + b"XYZ " + _MADE + b"acsp" + bytes(28) + _D50 + bytes(48)
    return (begin + len(body)).to_bytes(4) + head + len(tags).to_bytes(4) + entries + body


def _texts(is_newer: bool) -> dict[bytes, bytes]:
    """Return the two texts that a profile must have."""
    if is_newer:
        text = b"mluc" + bytes(4) + struct.pack(">2I", 1, 12) + b"enUS" + struct.pack(">2I", 2, 28) + "-".encode("utf-16-be")
        return {b"desc": text, b"cprt": text}
    return {b"desc": b"desc" + bytes(4) + (2).to_bytes(4) + b"-\0" + bytes(78), b"cprt": b"text" + bytes(4) + b"-\0"}
