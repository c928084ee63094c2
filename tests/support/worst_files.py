"""Files that cost their reader the most: for each kind the shapes that a reader could run over again and again.

Each is a function of its size, about as many bytes as asked. `tests/unit/test_evidence_time.py` counts what they cost at two
sizes, `tests/bench/files.py` measures it.
"""

import zlib
from collections.abc import Callable, Mapping

from tests.support import pictures
from tests.support.pictures import _chunk, _segment, box

Shape = Callable[[int], bytes]

SOI, SCAN = b"\xff\xd8", _segment(0xDA, b"\x01\x01\0\0\x3f\0")
GREEDY_EXIF = _segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08\xff\xff")
PIECE_OF_PROFILE = _segment(0xE2, b"ICC_PROFILE\0\x01\x01" + bytes(8))


def repeated(part: bytes, head: bytes = b"", tail: bytes = b"") -> Shape:
    return lambda size: head + part * max(1, (size - len(head) - len(tail)) // len(part)) + tail


def one_chunk(name: bytes, content: Callable[[int], bytes]) -> Shape:
    return lambda size: pictures.png((name, content(size)))


def riff(part: bytes, head: bytes = b"") -> Shape:
    def made(size: int) -> bytes:
        body = b"WEBP" + head + part * ((size - 20 - len(head)) // len(part))
        return b"RIFF" + len(body).to_bytes(4, "little") + body

    return made


PNG, END = b"\x89PNG\r\n\x1a\n", _chunk(b"IEND", b"")
GIF = b"GIF89a\x01\0\x01\0\0\0\0"
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic")
PLACE = b"\0\2" + bytes(4) + b"\0\1" + bytes(4) + b"\0\0\0\1"
NESTED = b"ANMF" + (16 + 800).to_bytes(4, "little") + bytes(16) + b"ALPH\0\0\0\0" * 100

SHAPES: Mapping[str, tuple[str, Shape]] = {
    "a scan of bytes that begin a marker": ("jpeg", repeated(b"\xff", SOI + SCAN)),
    "such a scan that ends": ("jpeg", repeated(b"\xff", SOI + SCAN, b"\x00" + b"\xff\xd9")),
    "a scan of stuffed zeros": ("jpeg", repeated(b"\xff\0", SOI + SCAN, b"\xff\xd9")),
    "bytes that fill up before a segment": ("jpeg", repeated(b"\xff", SOI, b"\xdb\0\x02" + SCAN + b"\xff\xd9")),
    "the smallest segments": ("jpeg", repeated(b"\xff\xc4\0\x02", SOI, SCAN + b"\xff\xd9")),
    "the smallest scans": ("jpeg", repeated(b"\xff\xda\0\x02", SOI, b"\xff\xd9")),
    "Exif that promises more than it has": ("jpeg", repeated(GREEDY_EXIF, SOI, SCAN + b"\xff\xd9")),
    "a profile in the smallest pieces": ("jpeg", repeated(PIECE_OF_PROFILE, SOI, SCAN + b"\xff\xd9")),
    "the smallest chunks": ("png", repeated(_chunk(b"tEXt", b""), PNG, END)),
    "chunks of pixels without pixels": ("png", repeated(_chunk(b"IDAT", b""), PNG, END)),
    "a chunk of Exif that promises more": ("png", repeated(_chunk(b"eXIf", b"MM\0\x2a\0\0\0\x08\xff\xff"), PNG, END)),
    "a profile that swells": ("png", one_chunk(b"iCCP", lambda size: b"x\0\0" + zlib.compress(bytes(size * 500)))),
    "profiles that swell": ("png", repeated(_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000))), PNG, END)),
    "a profile of tags that are each all of it": (
        "png",
        one_chunk(b"iCCP", lambda size: b"x\0\0" + zlib.compress(greedy_profile(size))),
    ),
    "the smallest parts": ("webp", riff(b"JUNK\0\0\0\0")),
    "frames of the smallest parts": ("webp", riff(NESTED)),
    "blocks of one byte": ("gif", repeated(b"\x01\x01", GIF + b"\x2c" + bytes(8) + b"\0\x02", b"\0\x3b")),
    "remarks without a word": ("gif", repeated(b"\x21\xfe\0", GIF, b"\x3b")),
    "the smallest boxes": ("heic", lambda size: HEIC + box(b"meta", bytes(4), box(b"free") * (size // 8))),
    "places without end": (
        "heic",
        lambda size: HEIC + box(b"meta", bytes(4), box(b"iloc", b"\1\0\0\0\x44\0\xff\xff", PLACE * (size // 16))) + bytes(600),
    ),
    "properties without end": (
        "heic",
        lambda size: HEIC + box(b"meta", bytes(4), box(b"iprp", box(b"ipco", box(b"colr", b"prof") * (size // 12)))),
    ),
    "dictionaries that never end": ("pdf", repeated(b"7 0 obj<<", b"%PDF-1.7/Info 7 0 R ")),
    "strings in strings": ("pdf", repeated(b"(", b"%PDF-1.7/Info 7 0 R 7 0 obj<<")),
    "objects that are named and not there": ("pdf", repeated(b"/Info 7 0 R ", b"%PDF-1.7 ")),
    "dictionaries in the place of a name": ("pdf", repeated(b"/Info<<", b"%PDF-1.7 ")),
    "descriptions without a stream": ("pdf", repeated(b"/Subtype/XML", b"%PDF-1.7 ")),
    "streams without an end": ("pdf", repeated(b"/Subtype/XML stream\n", b"%PDF-1.7 ")),
    "photos without an end": ("pdf", repeated(b"stream\n\xff\xd8\xff\xda\0\2", b"%PDF-1.7 ")),
    "photos that end at once": ("pdf", repeated(b"stream\n\xff\xd8\xff\xd9endstream", b"%PDF-1.7 ")),
    "numbers": ("pdf", repeated(b"7", b"%PDF-1.7/Info 7 0 R ")),
    "blanks": ("pdf", repeated(b" ", b"%PDF-1.7/Info")),
    "ends of archives": ("jpeg", repeated(b"PK\x05\x06", pictures.jpeg())),
    "ends of archives that lead somewhere else": ("jpeg", repeated(b"PK\x05\x06" + b"\x0c\0\0\0" * 5, pictures.jpeg())),
    "headers without a word": ("eml", repeated(b"a:\n", b"From: a\nDate: b\n")),
    "a header that never ends": ("eml", repeated(b"a", b"From: a\nDate: b\n")),
}


def greedy_profile(size: int) -> bytes:
    """A profile whose every tag says that it is the whole profile."""
    count = min(size // 24, 60_000)
    tags = b"".join(number.to_bytes(4) + bytes(4) + b"\xff\xff\xff\xff" for number in range(count))
    head = bytes(8) + b"\x04\0\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(88)
    return head + count.to_bytes(4) + tags
