"""The little HTTP that the local-only pages need: a request and a response, as plain data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class LocalRequest:
    """A request under /_local. `path` is without the query; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """Return the posted form; the last value of a repeated name wins."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}

    def argument(self, name: str) -> str:
        """Return a query parameter's first value, empty when it is not there."""
        return self.query.get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class LocalResponse:
    """A response of a local-only page."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(content: Any, status: int = 200) -> LocalResponse:
    return LocalResponse(status, json.dumps(content, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


def as_html(content: str, status: int = 200) -> LocalResponse:
    return LocalResponse(status, content.encode(), {"Content-Type": "text/html; charset=utf-8"})


def redirect(location: str) -> LocalResponse:
    return LocalResponse(303, headers={"Location": location})
