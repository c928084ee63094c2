"""Small files of every kind that is taken, made here byte by byte; with and without what they tell about their maker."""

import zlib

SECRET = b"Jansen was here: 52.0907 N"
TIFF = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0" + SECRET  # orientation 6: on its side


def jpeg(*extra: bytes, tail: bytes = b"") -> bytes:
    start = b"\xff\xd8" + _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + b"".join(extra)
    frame = _segment(0xDB, bytes(65)) + _segment(0xC0, b"\x08\0\x01\0\x01\x01\x01\x11\0")
    return start + frame + _segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56" + b"\xff\xd9" + tail


def exif() -> bytes:
    return _segment(0xE1, b"Exif\0\0" + TIFF)


def remark() -> bytes:
    return _segment(0xFE, SECRET)


def profile(*, of: bytes | None = None) -> bytes:
    return _segment(0xE2, b"ICC_PROFILE\0\x01\x01" + (icc() if of is None else of))


def icc(told: bytes = SECRET, *, space: bytes = b"RGB ", version: int = 4, **instead: bytes) -> bytes:
    """A profile of a screen, with a name, a remark and a tag of its maker's own, and something between two tags."""
    curve = instead.get("curve", b"para" + bytes(8) + (0x23333).to_bytes(4))
    colour = b"XYZ " + bytes(4) + (0xF6D6).to_bytes(4) + (0x10000).to_bytes(4) + (0xD32D).to_bytes(4)
    coloured = {b"rXYZ": colour, b"gXYZ": colour, b"bXYZ": colour, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    text = b"mluc" + bytes(4) + (1).to_bytes(4) + (12).to_bytes(4) + b"enUS" + len(told).to_bytes(4) + (28).to_bytes(4) + told
    tags = {b"desc": text, b"cprt": text, b"priv": b"data" + bytes(4) + told, b"wtpt": colour}
    tags |= {b"kTRC": curve} if space == b"GRAY" else coloured
    tags |= {name.encode(): value for name, value in instead.items() if name != "curve"}
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, value in tags.items():
        table += name + (at + len(body)).to_bytes(4) + len(value).to_bytes(4)
        body += value + bytes(-len(value) % 4) + told + bytes(-len(told) % 4)
    head = b"appl" + bytes([version]) + bytes(3) + b"mntr" + space + b"XYZ " + bytes(12) + b"acsp" + told.ljust(88, b"\0")[:88]
    return (at + len(body)).to_bytes(4) + head + len(tags).to_bytes(4) + table + body


def png(*extra: tuple[bytes, bytes], tail: bytes = b"") -> bytes:
    header = (1).to_bytes(4) + (1).to_bytes(4) + b"\x08\0\0\0\0"
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks) + tail


def webp(*extra: tuple[bytes, bytes]) -> bytes:
    chunks = [(b"VP8X", bytes([0x0C]) + bytes(9)), (b"VP8L", b"\x2f\0\0\0\0"), *extra]
    body = b"WEBP" + b"".join(name + len(data).to_bytes(4, "little") + data + bytes(len(data) % 2) for name, data in chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def gif(*extra: bytes) -> bytes:
    screen = b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(6)
    return screen + b"".join(extra) + b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0" + b"\x3b"


def gif_remark() -> bytes:
    return b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def heic() -> bytes:
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40)


def mail() -> bytes:
    return b"From: a@example.org\r\nDate: Fri, 1 Jul 2016 10:00:00 +0200\r\nSubject: Koop\r\n\r\nGeachte heer,\r\n"


def zipped() -> bytes:
    """The smallest zip archive: an empty one."""
    return b"PK\x05\x06" + bytes(18)


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


EXAMPLES = {"jpeg": jpeg(), "png": png(), "webp": webp(), "gif": gif(), "heic": heic(), "pdf": pdf(), "eml": mail()}
