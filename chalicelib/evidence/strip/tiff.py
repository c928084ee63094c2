"""Which side of a picture is up: the one thing that Exif says which a copy keeps. Pure."""

from typing import Literal

_ORIENTATION, _VALUE = 0x0112, b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
_ENTRY = 12  # bytes of one
_MOST_ENTRIES = 500


def turned(tiff: bytes) -> bytes:
    """Return a TIFF that says which side is up and nothing else; empty when that is the usual one, or nobody knows.

    It may say that it has more entries than it has bytes for: no more are read than there are.
    """
    order = _order(tiff)
    if order is None:
        return b""
    first = int.from_bytes(tiff[4:8], order)
    entries = min(int.from_bytes(tiff[first : first + 2], order), (len(tiff) - first - 2) // _ENTRY, _MOST_ENTRIES)
    for at in range(first + 2, first + 2 + _ENTRY * entries, _ENTRY):
        if int.from_bytes(tiff[at : at + 2], order) == _ORIENTATION:
            value = int.from_bytes(tiff[at + 8 : at + 10], order)
            return _VALUE + value.to_bytes(2) + bytes(6) if 1 < value <= 8 else b""  # noqa: PLR2004
    return b""


def _order(tiff: bytes) -> Literal["little", "big"] | None:
    return "little" if tiff[:2] == b"II" else "big" if tiff[:2] == b"MM" else None
