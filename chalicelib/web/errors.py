"""Errors → answers, once: problem+json for the API, a page in the reader's language for people."""

import json
import logging
import math
import re
import traceback
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from chalicelib.core import log
from chalicelib.core.errors import (
    Conflict,
    Elsewhere,
    FieldError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    PortalError,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from chalicelib.core.language import N_, translate
from chalicelib.web import multipart
from chalicelib.web.messages import (
    FORBIDDEN,
    FORM_FILES,
    NOT_FOUND,
    PAGE_STATUS,
    STATUS,
    TOO_MANY,
    TOO_MANY_TITLE,
    conflict_sentence,
    field_sentence,
)
from chalicelib.web.request import FILES_LIMIT, Request
from chalicelib.web.response import Response, redirect

_NOT_A_WORD = re.compile(r"[^A-Za-z0-9_.:-]+")
PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"
ANONYMOUS = "no_token"  # the reason of an Unauthenticated who sent none


class WrongMediaType(PortalError):
    """The body is not JSON, or on a page: not a form."""


class FormOfEarlierLogin(PortalError):
    """The reader logged in again since the form was opened; what was typed waits on the same page."""


class LoginTooOld(PortalError):
    """The reader has to log in once more for this; what was typed waits on the same page."""


class NotAcceptable(PortalError):
    """The caller does not accept JSON."""


STATUSES: dict[type[Exception], int] = {
    FormOfEarlierLogin: 303,
    LoginTooOld: 303,
    Invalid: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    NotAcceptable: 406,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    WrongMediaType: 415,
    TooMany: 429,
    Unavailable: 503,
}


def require_json(request: Request, *, has_body: bool) -> None:
    """Raises NotAcceptable or WrongMediaType for a call of the API that cannot work in JSON."""
    if not _takes_json(request.headers.get("accept", "")):
        raise NotAcceptable
    if has_body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongMediaType


def _takes_json(accept: str) -> bool:
    """True when JSON is among the media types that a caller accepts; who names none accepts all. `q=0` names what it does not."""
    named = [re.sub(r"\s", "", part).lower().partition(";") for part in accept.split(",") if part.strip()]
    wanted = [kind for kind, _, rest in named if not _REFUSED.search(f";{rest};")]
    return not named or any(kind in _JSON or kind.endswith("+json") for kind in wanted)


_JSON = ("*/*", "application/*", "application/json")
_REFUSED = re.compile(r";q=0(?:\.0{0,3})?;")


def require_form(request: Request, *, files: bool) -> None:
    """Raises WrongMediaType for a posted page whose body says that it is no form, or one with files where none are asked."""
    forms = ("", FORM, multipart.TYPE) if files else ("", FORM)
    if request.headers.get("content-type", FORM).partition(";")[0].strip().lower() not in forms:
        raise WrongMediaType


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error; 500 for what nobody raised on purpose."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def response(error: Exception, request: Request, *, is_api: bool) -> Response:
    """Turn an error into an answer, and log it by name: never with what the reader typed."""
    status = status_of(error)
    if status == 500:  # noqa: PLR2004
        log.event("unexpected_error", level=logging.ERROR, error=type(error).__name__, at=_where(error))
    else:
        log.event("refused", status=status, error=type(error).__name__, method=request.method)
    if isinstance(error, FormOfEarlierLogin) and not is_api:
        return redirect(request.base + request.path)
    if isinstance(error, LoginTooOld):
        return redirect(f"{request.base}/session/again?next={quote(request.path, safe='/')}")
    if isinstance(error, Unauthenticated) and not is_api:
        return _to_login(request)
    told = _problem(error, status, request) if is_api else _page(error, status, request)
    return replace(told, headers={**told.headers, **_waiting(error)})


def status_response(status: int, request: Request, *, is_api: bool) -> Response:
    """Answer with a bare status, in the form that the reader can use."""
    return _problem(None, status, request) if is_api else _page(None, status, request)


def _problem(error: Exception | None, status: int, request: Request) -> Response:
    title, remedy = (translate(message, request.language, **_values(error)) for message in _words(error, STATUS[status]))
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail(error, request) or remedy,
    }
    if isinstance(error, Invalid):
        content["errors"] = [
            {"field": one.field, "code": one.code, "detail": field_sentence(one, request.language)} for one in error.errors
        ]
    if isinstance(error, Conflict | Gone):
        content["code"] = error.code if isinstance(error, Conflict) else f"{error.what}_{error.why}"
    return Response(status, json.dumps(content, ensure_ascii=False), PROBLEM, _challenge(error))


def _challenge(error: Exception | None) -> dict[str, str]:
    """Return what a program is asked for: a token, or another one than it sent (RFC 6750, section 3.1)."""
    if not isinstance(error, Unauthenticated):
        return {}
    return {"WWW-Authenticate": "Bearer" if error.reason == ANONYMOUS else 'Bearer error="invalid_token"'}


def detail(error: Exception | None, request: Request) -> str:
    """Return the sentence that belongs to this very error, empty when its status says all."""
    if isinstance(error, Elsewhere):
        return " ".join(translate(message, request.language) for message in (error.reason, error.next_step))
    if isinstance(error, Conflict):
        return conflict_sentence(error, request.language)
    if isinstance(error, Forbidden):
        return translate(FORBIDDEN.get(error.need, ""), request.language)
    if isinstance(error, NotFound):
        return translate(NOT_FOUND.get(error.what, ""), request.language)
    if isinstance(error, TooLarge) and error.limit == FILES_LIMIT:
        return translate(FORM_FILES, request.language)
    return ""


def _words(error: Exception | None, words: tuple[str, str]) -> tuple[str, str]:
    """Return the title and the remedy of an error: those of its status, or of what was counted, where that is of a day."""
    found = TOO_MANY.get(error.what) if isinstance(error, TooMany) else None
    return (TOO_MANY_TITLE, found) if found else words


def _values(error: Exception | None) -> dict[str, object]:
    if isinstance(error, TooMany):
        return {"minutes": max(2, math.ceil(error.wait_s / 60))}  # a minute more at most, and never "1 minutes"
    return {"limit": error.limit} if isinstance(error, TooLarge) else {}


def _waiting(error: Exception) -> dict[str, str]:
    """Return the header that tells a program when to try again."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait_s)}
    return {"Retry-After": "120"} if isinstance(error, Unavailable) else {}


def _page(error: Exception | None, status: int, request: Request) -> Response:
    from chalicelib.web import html  # noqa: PLC0415 — Jinja only where a page is shown

    words = _words(error, PAGE_STATUS.get(status, STATUS[status]))
    title, remedy = (translate(message, request.language, **_values(error)) for message in words)
    if isinstance(error, Elsewhere):
        return html.page(request, "elsewhere.html", status=status, **_stop(error, request))
    errors = [_line(one, request) for one in error.errors] if isinstance(error, Invalid) else []
    elsewhere = {"onward": html.home(request)} if isinstance(error, NotFound) and error.what in _NO_REPORT else {}
    return html.page(
        request, "error.html", status=status, title=title, remedy=detail(error, request) or remedy, errors=errors, **elsewhere
    )


_NO_REPORT = ("report", "report_at_desk")  # the page of a report that is not there leads nowhere


# The reason for which a report is stopped decides what is said first: in danger nobody reads on.
_STOPPED, _STOPPED_BY = N_("We cannot take this report online"), {"elsewhere_danger": N_("Call 112 now")}


def _stop(error: Elsewhere, request: Request) -> dict[str, str]:
    """The words of the page on which a report is stopped, and the way back to the form where a tick or a date was wrong."""
    return {
        "title": _STOPPED_BY.get(error.code, _STOPPED),
        "reason": error.reason,
        "next_step": error.next_step,
        "change": request.path if request.method == "POST" else "",
    }


def _line(error: FieldError, request: Request) -> str:
    sentence = field_sentence(error, request.language)
    return f"{error.field}: {sentence}" if error.field else sentence


def _to_login(request: Request) -> Response:
    """Send the reader to the right login, and back to the same page afterwards."""
    login = "/staff/login" if request.path.startswith("/desk") else "/login"
    return redirect(f"{request.base}{login}?next={quote(request.here, safe='/')}")


def _where(error: Exception) -> str:
    """Return where an error was raised, as a word: Python names a place `<lambda>`, and a template `block 'main'`."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return _NOT_A_WORD.sub("_", f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}")
