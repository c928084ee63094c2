"""One request as data: what a view gets instead of Chalice's request. Nothing of it goes further in than a view."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from chalicelib.core import ids
from chalicelib.core.errors import FieldError, Invalid, TooLarge, Unauthenticated
from chalicelib.core.language import Language
from chalicelib.identity.model import Citizen, Officer, Principal
from chalicelib.identity.sessions import Session
from chalicelib.wiring import Services

BODY_LIMIT = 256 * 1024  # bytes; a report of the largest kind with every answer full takes a third of this
_KEY_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in.

    `path` is the path below the stage, `base` what stands before it (`/api` on a bare API Gateway address, else empty).
    Header names are lower case. `source_ip` is the address that API Gateway saw, and not what a header says.
    `principal` is who the route's access asked for, or None on a public route.
    """

    services: Services
    method: str
    path: str
    base: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    language: Language
    source_ip: str = ""
    principal: Principal | None = None
    session: Session | None = None

    @property
    def citizen(self) -> Citizen:
        """The citizen who is logged in; the route's access guarantees that there is one."""
        if not isinstance(self.principal, Citizen):
            raise Unauthenticated("no_citizen")
        return self.principal

    @property
    def officer(self) -> Officer:
        """The officer who is logged in; the route's access guarantees that there is one."""
        if not isinstance(self.principal, Officer):
            raise Unauthenticated("no_officer")
        return self.principal

    @property
    def cookies(self) -> dict[str, str]:
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs if name}

    @property
    def idempotency_key(self) -> str:
        """The digest of the caller's Idempotency-Key, bound to the route; empty when none was sent. Raises Invalid."""
        given = self.headers.get("idempotency-key", "")
        return self.key_of(given) if given else ""

    def key_of(self, given: str) -> str:
        """Return the digest of a key that came with this request (a header, or a form's hidden field)."""
        if len(given) > _KEY_LENGTH or not given.isascii() or not given.isprintable():
            raise Invalid([FieldError("Idempotency-Key", "idempotency_key", {"most": _KEY_LENGTH})])
        return ids.digest(f"{self.method} {self.path} {given}")

    def form_key(self, form: Mapping[str, Any]) -> str:
        """Return the digest of a posted form's hidden `_key`: a form that is sent twice does its work once. Empty without one."""
        given = form.get("_key")
        return self.key_of(given) if isinstance(given, str) and given else ""

    def argument(self, name: str) -> str:
        """Return a query parameter's value, empty when it is not there. Raises Invalid when it was sent twice."""
        values = self.query.get(name, [""])
        if len(values) > 1:
            raise Invalid([FieldError(name, "sent_twice")])
        return values[0]

    def json(self) -> Any:
        """Return the JSON body. Raises Invalid for broken JSON, broken UTF-8, NaN, duplicate keys or nesting without end."""
        try:
            return json.loads(self._text(), parse_constant=_refuse_constant, object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            code = "duplicate_key" if isinstance(error, _Duplicate) else "not_json"
            raise Invalid([FieldError("", code)]) from None

    def form(self) -> dict[str, Any]:
        """Return the posted form; `goods.0.brand` becomes {"goods": [{"brand": …}]}, a repeated name a list."""
        try:
            pairs = parse_qs(self._text(), keep_blank_values=True, max_num_fields=5_000)
        except ValueError:
            raise TooLarge(BODY_LIMIT) from None
        form: dict[str, Any] = {}
        for name, values in pairs.items():
            _put(form, name.split("."), values[0] if len(values) == 1 else values)
        return {name: _lists(value) for name, value in form.items()}

    def _text(self) -> str:
        """Return the body as text. API Gateway puts U+FFFD in the place of bytes that are no UTF-8: nobody types that."""
        text = self.body.decode(errors="replace")
        if "\ufffd" in text:
            raise Invalid([FieldError("", "not_utf8")])
        return text


class _Duplicate(ValueError):
    """The same key twice in one JSON object: two readers could each believe another value."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise _Duplicate
    return content


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


_DEPTH = 4


def _put(form: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value at a dotted path; a path that runs through a value already there is ignored (nobody's form sends it)."""
    for part in path[: min(len(path), _DEPTH) - 1]:
        child = form.setdefault(part, {})
        if not isinstance(child, dict):
            return
        form = child
    form[path[min(len(path), _DEPTH) - 1]] = value


def _lists(value: Any) -> Any:
    """Turn {"0": …, "2": …} into a list in that order: rows that a reader left out leave no hole."""
    if not isinstance(value, dict):
        return value
    children = {key: _lists(child) for key, child in value.items()}
    if children and all(key.isascii() and key.isdigit() for key in children):
        return [children[key] for key in sorted(children, key=int)]
    return children
