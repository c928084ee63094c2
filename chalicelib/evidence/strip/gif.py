"""A GIF without what it tells about its maker, block by block. Pure."""

from chalicelib.evidence.strip.meter import Copy, Damaged, Meter

_SCREEN, _PICTURE = 13, 11  # bytes of the screen, and of a picture before its blocks (with its least code size)
_TRAILER, _SEPARATOR, _EXTENSION, _CONTROL = 0x3B, 0x2C, 0x21, 0xF9
_CONTROLS = 8  # bytes of the extension that says how long a frame stays
_LOOPS = (b"\xff\x0bNETSCAPE2.0\x03\x01", b"\xff\x0bANIMEXTS1.0\x03\x01")  # how often it is shown: two bytes, and an end


def copied(content: bytes, meter: Meter) -> Copy:
    """Return the copy. Raises Damaged or IndexError for a picture that breaks off."""
    at = _SCREEN + _colours(content[10])
    kept = [content[:at]]
    while content[at] != _TRAILER:
        meter.part()
        start = at
        if content[at] == _SEPARATOR:
            at = _after_blocks(content, at + _PICTURE + _colours(content[at + 9]), meter)
            kept.append(content[start:at])
        elif content[at] == _EXTENSION:
            at = _after_blocks(content, at + 2, meter)
            kept.append(_kept(content[start : min(at, start + 32)]))
        else:
            raise Damaged("gif")
    return Copy(b"".join((*kept, b"\x3b")))


def _kept(extension: bytes) -> bytes:
    """Return what is kept of an extension (its first bytes): how long a frame stays, how often all is shown."""
    if extension[1:3] == bytes([_CONTROL, 4]):
        return extension[: _CONTROLS - 1] + b"\0"
    if extension[1:].startswith(_LOOPS):
        return extension[:18] + b"\0"
    return b""


def _colours(flags: int) -> int:
    """Return the bytes of a colour table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int, meter: Meter) -> int:
    while content[at]:
        meter.part()
        at += content[at] + 1
    return at + 1
