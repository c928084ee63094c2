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


def pdf(*objects: bytes, trailer: bytes = b"", tail: bytes = b"") -> bytes:
    """A document of one empty page; `trailer` says more in its last dictionary."""
    page = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page += b"3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
    body = b"%PDF-1.7\n" + page + b"".join(one + b"\n" for one in objects)
    return body + b"trailer<</Root 1 0 R/Size 9" + trailer + b">>\nstartxref\n0\n%%EOF\n" + tail


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of HEIC."""
    body = b"".join(content)
    return (len(body) + 8).to_bytes(4) + kind + body


def heic(*, secret: bytes = b"", version: int = 1, more: bytes = b"", tail: bytes = b"") -> bytes:
    """A photo of one small picture that lies on its side; with a secret, that stands wherever one can stand."""
    exif, xmp, pixels, small = b"\0\0\0\0" + TIFF + secret, b"<x:xmpmeta>" + secret.ljust(40), b"pixels" * 4, b"\0\0\0\1\0\1"
    kinds = {1: b"grid", 2: b"hvc1", 3: b"Exif", 4: b"mime", 5: b"uri "}
    items = [box(b"infe", b"\2\0\0\0" + bytes([0, item]) + b"\0\0", kind, secret + b"\0", secret) for item, kind in kinds.items()]
    seen = [
        box(b"ispe", bytes(12)),
        box(b"irot", b"\1"),
        box(b"colr", b"prof" + icc(secret)),
        box(b"colr", b"nclx" + bytes(7) + secret),
    ]
    seen += [box(b"auxC", bytes(4) + b"urn:x\0"), box(b"udes", secret + bytes(4)), box(b"colr", b"prof" + secret)]
    properties = box(b"iprp", box(b"ipco", *seen), box(b"ipma", bytes(8)), box(b"more", secret))

    def places(begin: int) -> bytes:
        where, found = {2: (0, pixels), 3: (0, exif), 4: (0, xmp), 5: (0, secret or b"u"), 1: (1, small)}, b""
        for item, (way, content) in where.items():
            inside = (way.to_bytes(2) if version else b"") + bytes(2)
            found += item.to_bytes(4 if version == 2 else 2) + inside + b"\0\1"
            found += (0 if way else begin).to_bytes(4) + len(content).to_bytes(4)
            begin += 0 if way else len(content)
        count = (5 if version else 4).to_bytes(4 if version == 2 else 2)
        found = found if version else found[: 4 * 14]
        return box(b"iloc", bytes([version]) + b"\0\0\0\x44\0", count, found)

    def made(begin: int) -> bytes:
        named = box(b"hdlr", bytes(8) + b"pict" + bytes(12) + secret + b"\0"), box(b"pitm", bytes(5) + b"\1")
        listed = box(b"iinf", bytes(4) + b"\0\5", *items)
        boxes = (
            *named,
            listed,
            box(b"iref", bytes(4)),
            properties,
            places(begin),
            box(b"idat", small + secret),
            box(b"xml ", secret),
        )
        head = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(4), *boxes) + box(b"uuid", secret) + more
        return head + box(b"mdat", pixels, exif, xmp, secret or b"u", secret)

    whole = made(0)
    return made(whole.rindex(pixels)) + tail


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
