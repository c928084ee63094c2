"""A photo of a phone (HEIC) without what it tells about its maker. Nothing is moved: what is not picture becomes empty. Pure.

The file is a box of boxes (ISO 14496-12), whose `meta` says which bytes belong to which item (ISO 23008-12): pictures, and what
is said about them. The copy begins as zeros; into it go the boxes that a picture needs and the bytes of its pictures. Which side
is up is said by a box, not by Exif.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.evidence.strip import icc
from chalicelib.evidence.strip.meter import Copy, Meter

_PICTURES = frozenset(b"hvc1 hev1 lhv1 hvt1 av01 jpeg j2k1 avc1 vvc1 unci grid iovl iden tmap".split())
_PROPERTIES = frozenset(
    b"hvcC lhvC av1C avcC vvcC jpgC ispe pixi irot imir clap pasp rloc lsel clli mdcv cclv amve a1op a1lx".split()
)
_AS_IT_IS = frozenset({b"pitm", b"iref", b"iloc", b"grpl"})  # numbers, and nothing else
_FULL = 4  # bytes of version and flags
_HANDLER, _NCLX, _MOST_TEXT = 24, 11, 128  # bytes of a handler before its name, of colours by number, of the name of a kind
_NO_EXIF = b"\0\0\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0"
_NO_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


class _Unknown(ValueError):
    """The file is put together in a way that we cannot take apart."""


class _Box(NamedTuple):
    kind: bytes
    start: int
    body: int
    end: int


@dataclass(slots=True)
class _Photo:
    """A photo that is being copied."""

    content: bytes
    meter: Meter
    copy: bytearray
    idat: _Box | None = None
    kinds: dict[int, bytes] = field(default_factory=dict)
    places: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def boxes(self, start: int, end: int) -> Iterator[_Box]:
        return _boxes(self.content, start, end, self.meter)

    def keep(self, start: int, end: int) -> None:
        self.copy[start:end] = self.content[start:end]

    def number(self, start: int, size: int) -> int:
        return int.from_bytes(self.content[start : start + size])

    def free(self, box: _Box) -> None:
        """Let a box be there, and be nothing."""
        self.keep(box.start, box.body)
        self.copy[box.start + 4 : box.start + 8] = b"free"


def copied(content: bytes, meter: Meter) -> Copy | None:
    """Return the copy; None for a photo that is put together as we do not know it: it is given as it was sent."""
    photo = _Photo(content, meter, bytearray(len(content)))
    try:
        end = _top(photo)
        _items(photo)
    except (_Unknown, IndexError):
        return None
    return Copy(bytes(photo.copy[:end]))


def _boxes(content: bytes, at: int, end: int, meter: Meter) -> Iterator[_Box]:
    while at < end:
        meter.part()
        size, kind, body = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(content[at + 8 : at + 16]), at + 16
        elif size == 0:
            size = end - at
        if size < body - at or at + size > end or len(kind) < 4:  # noqa: PLR2004
            raise _Unknown
        yield _Box(kind, at, body, at + size)
        at += size


def _top(photo: _Photo) -> int:
    """Copy what stands at the top, and return where the file ends: what stands behind its last box is no part of it."""
    end, seen = 0, set[bytes]()
    try:
        for box in photo.boxes(0, len(photo.content)):
            if box.kind == b"ftyp" and not seen:
                photo.keep(box.start, box.end)
            elif box.kind == b"meta" and b"meta" not in seen:
                _meta(photo, box)
            elif box.kind == b"mdat":
                photo.keep(box.start, box.body)
            else:
                photo.free(box)
            seen.add(box.kind)
            end = box.end
    except _Unknown:
        if not {b"ftyp", b"meta", b"mdat"} <= seen:
            raise
    if b"meta" not in seen or not photo.places:
        raise _Unknown
    return end


def _meta(photo: _Photo, meta: _Box) -> None:
    photo.keep(meta.start, meta.body + _FULL)
    for box in photo.boxes(meta.body + _FULL, meta.end):
        match box.kind:
            case b"hdlr":
                photo.keep(box.start, min(box.body + _HANDLER, box.end))
            case b"iinf":
                _information(photo, box)
            case b"iprp":
                photo.keep(box.start, box.body)
                _properties(photo, box)
            case b"idat":
                photo.keep(box.start, box.body)
                photo.idat = box
            case _ if box.kind in _AS_IT_IS or (box.kind == b"dinf" and box.end - box.start <= _MOST_TEXT):
                photo.keep(box.start, box.end)
            case _:
                photo.free(box)
    for box in photo.boxes(meta.body + _FULL, meta.end):
        if box.kind == b"iloc":  # when it is known where the box with small items is
            _locations(photo, box)


def _information(photo: _Photo, box: _Box) -> None:
    """Note the kind of each item, and copy that without the item's name."""
    begin = box.body + _FULL + (2 if photo.content[box.body] == 0 else 4)
    photo.keep(box.start, begin)
    for item in photo.boxes(begin, box.end):
        version = photo.content[item.body]
        if item.kind != b"infe" or version not in (2, 3):
            raise _Unknown
        size = 2 if version == 2 else 4  # noqa: PLR2004
        kind = item.body + _FULL + size + 2
        photo.keep(item.start, min(kind + 4, item.end))
        photo.kinds[photo.number(item.body + _FULL, size)] = photo.content[kind : kind + 4]


def _properties(photo: _Photo, iprp: _Box) -> None:
    """Copy what is said of how a picture looks, each in its place: pictures name them by number."""
    for box in photo.boxes(iprp.body, iprp.end):
        if box.kind != b"ipco":
            photo.keep(box.start, box.end) if box.kind == b"ipma" else photo.free(box)
            continue
        photo.keep(box.start, box.body)
        for one in photo.boxes(box.body, box.end):
            _property(photo, one)


def _property(photo: _Photo, box: _Box) -> None:
    if box.kind in _PROPERTIES or (box.kind == b"auxC" and box.end - box.start <= _MOST_TEXT):
        photo.keep(box.start, box.end)
    elif box.kind == b"colr" and photo.content[box.body : box.body + 4] == b"nclx":
        photo.keep(box.start, min(box.body + _NCLX, box.end))
    elif box.kind == b"colr" and (profile := _profile(photo.content[box.body + 4 : box.end], photo.meter)):
        photo.keep(box.start, box.body + 4)
        photo.copy[box.body + 4 : box.end] = profile
    else:
        photo.free(box)


def _profile(found: bytes, meter: Meter) -> bytes:
    """Return a colour profile written anew that is as long as it was; empty when there is none."""
    plain = icc.plain(found, meter)
    return len(found).to_bytes(4) + plain[4:].ljust(len(found) - 4, b"\0") if 0 < len(plain) <= len(found) else b""


def _locations(photo: _Photo, box: _Box) -> None:
    """Note where the bytes of each item are."""
    version, at = photo.content[box.body], box.body + _FULL
    sizes, more = photo.content[at], photo.content[at + 1]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size, id_size = (more & 15 if version else 0), (4 if version == 2 else 2)  # noqa: PLR2004
    count, at = photo.number(at + 2, id_size), at + 2 + id_size
    for _ in range(count):
        if at > box.end:
            raise _Unknown
        item, way = photo.number(at, id_size), photo.number(at + id_size, 2) & 15 if version else 0
        at += id_size + (2 if version else 0) + 2  # behind where else the bytes could be: in another file, which we do not take
        base, extents, at = photo.number(at, base_size), photo.number(at + base_size, 2), at + base_size + 2
        for _ in range(extents):
            photo.meter.part()
            start = base + photo.number(at + index_size, offset_size) + _origin(photo, way)
            length = photo.number(at + index_size + offset_size, length_size)
            at += index_size + offset_size + length_size
            if at > box.end or not length or start + length > len(photo.content):
                raise _Unknown
            photo.places.setdefault(item, []).append((start, start + length))


def _origin(photo: _Photo, way: int) -> int:
    if way > 1 or (way and photo.idat is None):
        raise _Unknown
    return photo.idat.body if way and photo.idat else 0


def _items(photo: _Photo) -> None:
    """Copy the bytes of pictures; of all else leave what says nothing, as long as it was."""
    whole = sum(end - start for places in photo.places.values() for start, end in places)
    if whole > 2 * len(photo.content):  # the same bytes many times: nobody's camera does that
        raise _Unknown
    silent: Mapping[bytes, bytes] = {b"Exif": _NO_EXIF, b"mime": _NO_XMP}
    for item, places in photo.places.items():
        nothing = silent.get(photo.kinds.get(item, b""), b"")
        start, end = places[0]
        if len(places) == 1 and 0 < len(nothing) <= end - start:
            photo.copy[start:end] = nothing.ljust(end - start, b" " if nothing == _NO_XMP else b"\0")
    for item, places in photo.places.items():
        for start, end in places if photo.kinds.get(item) in _PICTURES else ():
            photo.keep(start, end)
