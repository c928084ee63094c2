"""The files that pages load: which there are, what is in them, and the fingerprint that lets a browser keep them.

A page loads one style and at most one script, so one that needs another is served with it, as one file: on a slow
connection each request costs more than its bytes. A reporter does not load the rules of pages that only officers see.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_STYLE, _SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: the parts that it is made of, in their order."""

    media_type: str
    parts: tuple[str, ...]


ASSETS: Mapping[str, Asset] = {
    "site.css": Asset(_STYLE, ("site.css",)),
    "desk.css": Asset(_STYLE, ("site.css", "desk.css")),
    "site.js": Asset(_SCRIPT, ("site.js",)),
    "files.js": Asset(_SCRIPT, ("site.js", "upload.js")),
}


@cache
def text(name: str) -> str:
    return "".join((STATIC / part).read_text("utf-8") for part in ASSETS[name].parts)


@cache
def version(name: str) -> str:
    """Return a fingerprint of a file: a changed file has a new address, so the old one may be kept for a year."""
    return hashlib.sha256(text(name).encode()).hexdigest()[:12]
