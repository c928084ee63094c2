"""The response of a view: a status, a body and headers, as plain data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `cookies` are whole Set-Cookie values; `headers` may override the defaults of `headers.py`."""

    status: int
    body: str = ""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


def as_json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer JSON; `content` holds JSON values only."""
    return Response(status, json.dumps(content, ensure_ascii=False), "application/json", headers or {})


_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9/_.,:?=&%+-]*")


def local_path(wanted: object) -> str:
    """Return an address on this very site as it was asked for, and the entry for what could lead to another one."""
    return wanted if isinstance(wanted, str) and _LOCAL.fullmatch(wanted) else "/"


def redirect(location: str, cookies: tuple[str, ...] = ()) -> Response:
    """Send the reader on to `location` with a GET: after a form, so that reloading repeats nothing.

    A character that may not stand in an address (a line break, a letter outside ASCII) is percent-encoded: a path can hold what
    a reader typed.
    """
    return Response(303, headers={"Location": quote(location, safe="%:/?#[]@!$&'()*+,;=~")}, cookies=cookies)
