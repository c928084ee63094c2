"""A file without what it tells about its maker: place, camera, author, remarks. Not one pixel is touched or decoded. Pure.

The copy that is shown keeps what the picture needs to look right: colours and which side is up. Whatever follows the end of
the picture is left out. The original stays as it was sent, because it is evidence (ADR-0015, ADR-0041).
"""

from collections.abc import Callable, Mapping

from chalicelib.evidence.strip import gif, heic, jpeg, pdf, png, webp
from chalicelib.evidence.strip.meter import Copy, Damaged, Meter

__all__ = ["Copy", "Damaged", "copied", "stripped"]


def copied(kind: str, content: bytes) -> Copy | None:
    """Return the copy of a file without metadata; None for a kind of which no copy is made. Raises Damaged."""
    make = _MAKERS.get(kind)
    if make is None:
        return None
    try:
        return make(content, Meter())
    except IndexError:
        raise Damaged(kind) from None


def stripped(kind: str, content: bytes) -> bytes | None:
    """Return the bytes of that copy. Raises Damaged."""
    copy = copied(kind, content)
    return copy.content if copy else None


_MAKERS: Mapping[str, Callable[[bytes, Meter], Copy | None]] = {
    "jpeg": jpeg.copied,
    "png": png.copied,
    "webp": webp.copied,
    "gif": gif.copied,
    "heic": heic.copied,
    "pdf": pdf.copied,
}
