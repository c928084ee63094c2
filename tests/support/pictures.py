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


def profile() -> bytes:
    return _segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")


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
