"""One request as data: what a view gets instead of Chalice's request. Nothing of it goes further in than a view."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from chalicelib.core import ids
from chalicelib.core.errors import FieldError, Invalid, Unauthenticated
from chalicelib.core.language import Language
from chalicelib.people.model import Citizen, Officer, Principal, Session, owner_of
from chalicelib.web import cookies, multipart
from chalicelib.wiring import Services

BODY_LIMIT = 256 * 1024  # bytes; a report of the largest kind with every answer full takes a third of this
FILES_LIMIT = 4 * 1024 * 1024 + 64 * 1024  # bytes of a form with a file; Lambda takes 6 MB with what base64 adds
_KEY_LENGTH = 200
_MOST_FIELDS = 5_000
_WAY = ("list", "at")  # as the address of a report carries the list that it was opened from (desk/way.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
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

    def cookie(self, plain: str) -> str:
        """Return what the browser holds in one of our cookies, by its plain name; empty when it holds none."""
        return self.cookies.get(cookies.name(self.services.settings, plain), "")

    @property
    def here(self) -> str:
        """The address of this page below the stage, with its query."""
        pairs = [(name, value) for name, values in self.query.items() for value in values]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def keeping(self, path: str) -> str:
        """Return the address of a page of the desk that keeps the list from which a report was opened, and the place in it."""
        kept = urlencode([(name, self.query[name][0]) for name in _WAY if self.query.get(name)])
        return self.base + (f"{path}{'&' if '?' in path else '?'}{kept}" if kept else path)

    @property
    def idempotency_key(self) -> str:
        """The caller's Idempotency-Key as a digest, a dot, and a digest of the body; empty when none was sent. Raises Invalid.

        The key is the caller's own on this route: what somebody else sent with the same key is another request. With the
        body in it, the same key with other content is told apart from the same request once more (`Report.handled`).
        """
        given = self.headers.get("idempotency-key", "")
        return f"{self._key(given)}.{_digest_of(self.json())[:32]}" if given else ""

    def form_key(self, form: Mapping[str, Any]) -> str:
        """Return the digest of a posted form with its hidden `_key`: sent twice, it does its work once. Empty without a key.

        The same page sent again with something else in it (the back button) is another request, and is judged as one.
        """
        given = form.get("_key")
        if not isinstance(given, str) or not given:
            return ""
        content = {name: value for name, value in form.items() if name != "_token"}
        return ids.digest(f"{self._key(given)} {_digest_of(content)}")

    def _key(self, given: str) -> str:
        if len(given) > _KEY_LENGTH or not given.isascii() or not given.isprintable():
            raise Invalid([FieldError("Idempotency-Key", "idempotency_key", {"most": _KEY_LENGTH})])
        who = owner_of(self.principal) if self.principal else ""
        return ids.digest(f"{self.method} {self.path} {who} {given}")

    def argument(self, name: str) -> str:
        """Return a query parameter's value, empty when it is not there. Raises Invalid when it was sent twice."""
        values = self.query.get(name, [""])
        if len(values) > 1:
            raise Invalid([FieldError(name, "sent_twice")])
        return values[0]

    def json(self) -> Any:
        """Return the JSON body. Raises Invalid for broken JSON, broken UTF-8, NaN, duplicate keys or nesting without end.

        A byte order mark before it is no part of it (RFC 8259, section 8.1: a reader may ignore it).
        """
        text = self._text().removeprefix("\ufeff")
        try:
            content = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
            if "\\u" in text:  # an escape can spell half of a character, which no text in UTF-8 can hold
                json.dumps(content, ensure_ascii=False).encode()
        except _Duplicate:
            raise Invalid([FieldError("", "duplicate_key")]) from None
        except UnicodeEncodeError:
            raise Invalid([FieldError("", "not_utf8")]) from None
        except (ValueError, RecursionError):
            raise Invalid([FieldError("", "not_json")]) from None
        return content

    def form(self) -> dict[str, Any]:
        """Return the posted form; `goods.0.brand` becomes {"goods": [{"brand": …}]}, a repeated name a list. Raises Invalid.

        Files are not in it: see `files`.
        """
        form: dict[str, Any] = {}
        sent: dict[str, list[str]] = {}
        for name, value in self._pairs():
            sent.setdefault(name, []).append(value)
        for name, values in sent.items():
            _put(form, name.split("."), values[0] if len(values) == 1 else values)
        return {name: _lists(value) for name, value in form.items()}

    @property
    def wanted_language(self) -> Language | None:
        """The language that the reader chose with the form of this page half filled in; None for a form that was sent."""
        if self.method != "POST":
            return None
        wanted = self.form().get("_language")
        return Language(wanted) if wanted in list(Language) else None

    def in_asked_language(self) -> "Request":
        """Return the request in the language that its address asks for (`?language=en`): for this page alone.

        An insurer abroad reads English, and the reporter need not.
        """
        asked = self.argument("language")
        return replace(self, language=Language(asked)) if asked in list(Language) else self

    def public_address(self, path: str) -> str:
        """Return the address of a page of the portal as somebody types it who reads it on paper."""
        return f"{self.services.settings.portal_url}{self.base}{path}"

    @property
    def is_multipart(self) -> bool:
        """True for a form in which there may be files."""
        return self.headers.get("content-type", "").lower().startswith(multipart.TYPE)

    def files(self) -> tuple[multipart.FormPart, ...]:
        """Return the files that were chosen in the posted form. Raises Invalid."""
        if not self.is_multipart:
            return ()
        return tuple(part for part in multipart.parse(self.headers["content-type"], self.body) if part.filename)

    def _pairs(self) -> list[tuple[str, str]]:
        if self.is_multipart:
            parts = multipart.parse(self.headers["content-type"], self.body)
            return [(part.name, _utf8(part.content)) for part in parts if part.filename is None]
        try:
            return parse_qsl(self._text(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
        except UnicodeDecodeError:
            raise Invalid([FieldError("", "not_utf8")]) from None
        except ValueError:
            raise Invalid([FieldError("", "too_many_fields", {"most": _MOST_FIELDS})]) from None

    def _text(self) -> str:
        """Return the body as text. API Gateway puts U+FFFD in the place of bytes that are no UTF-8: nobody types that."""
        return _utf8(self.body)


class _Duplicate(ValueError):
    """The same key twice in one JSON object: two readers could each believe another value."""


def _utf8(content: bytes) -> str:
    text = content.decode(errors="replace")
    if "\ufffd" in text:
        raise Invalid([FieldError("", "not_utf8")])
    return text


def _digest_of(content: Any) -> str:
    return ids.digest(json.dumps(content, sort_keys=True))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise _Duplicate
    return content


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


_DEPTH = 4
_ROW = re.compile(r"[0-9]{1,4}")


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
    if children and all(_ROW.fullmatch(key) for key in children):
        return [children[key] for key in sorted(children, key=int)]
    return children
