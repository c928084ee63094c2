"""Errors → answers, once: problem+json for the API, a page in the reader's language for people."""

import json
import logging
import math
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
from chalicelib.core.language import mark, translate
from chalicelib.web import multipart
from chalicelib.web.messages import CONFLICT, FORBIDDEN, FORM_FILES, NOT_FOUND, PAGE_STATUS, STATUS, field_sentence
from chalicelib.web.request import FILES_LIMIT, Call
from chalicelib.web.response import Reply, redirect

PROBLEM = "application/problem+json"
FORM = "application/x-www-form-urlencoded"


class WrongMediaType(PortalError):
    """The body is not JSON, or on a page: not a form."""


class FormOfEarlierLogin(PortalError):
    """The reader logged in again since the form was opened; what was typed waits on the same page."""


class NotAcceptable(PortalError):
    """The caller does not accept JSON."""


STATUSES: dict[type[Exception], int] = {
    FormOfEarlierLogin: 303,
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


def require_json(call: Call, *, has_body: bool) -> None:
    """Raises NotAcceptable or WrongMediaType for a call of the API that cannot work in JSON."""
    accepted = call.headers.get("accept", "*/*").lower()
    if not any(part in accepted for part in ("*/*", "application/*", "application/json", "+json")):
        raise NotAcceptable
    if has_body and call.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongMediaType


def require_form(call: Call, *, files: bool = False) -> None:
    """Raises WrongMediaType for a posted page whose body says that it is no form, or one with files where none are asked."""
    forms = ("", FORM, multipart.TYPE) if files else ("", FORM)
    if call.headers.get("content-type", FORM).partition(";")[0].strip().lower() not in forms:
        raise WrongMediaType


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error; 500 for what nobody raised on purpose."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def reply(error: Exception, call: Call, *, is_api: bool) -> Reply:
    """Turn an error into an answer, and log it by name: never with what the reader typed."""
    status = status_of(error)
    if status == 500:  # noqa: PLR2004
        log.event("unexpected_error", level=logging.ERROR, error=type(error).__name__, at=_where(error))
    else:
        log.event("refused", status=status, error=type(error).__name__, method=call.method)
    if isinstance(error, FormOfEarlierLogin) and not is_api:
        return redirect(call.base + call.path)
    if isinstance(error, Unauthenticated) and not is_api:
        return _to_login(call)
    told = _problem(error, status, call) if is_api else _page(error, status, call)
    return replace(told, headers={**told.headers, **_waiting(error)})


def status_reply(status: int, call: Call, *, is_api: bool) -> Reply:
    """Answer with a bare status, in the form that the reader can use."""
    return _problem(None, status, call) if is_api else _page(None, status, call)


def _problem(error: Exception | None, status: int, call: Call) -> Reply:
    title, remedy = (translate(message, call.language, **_values(error)) for message in STATUS[status])
    content: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail(error, call) or remedy}
    if isinstance(error, Invalid):
        content["errors"] = [
            {"field": one.field, "code": one.code, "detail": field_sentence(one, call.language)} for one in error.errors
        ]
    if isinstance(error, Conflict | Gone):
        content["code"] = error.code if isinstance(error, Conflict) else f"{error.what}_{error.why}"
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}  # noqa: PLR2004
    return Reply(status, json.dumps(content, ensure_ascii=False), PROBLEM, headers)


def detail(error: Exception | None, call: Call) -> str:
    """Return the sentence that belongs to this very error, empty when its status says all."""
    if isinstance(error, Elsewhere):
        return " ".join(translate(message, call.language) for message in (error.reason, error.next_step))
    if isinstance(error, Conflict):
        return translate(CONFLICT[error.code], call.language, **error.values)
    if isinstance(error, Forbidden):
        return translate(FORBIDDEN.get(error.need, ""), call.language)
    if isinstance(error, NotFound):
        return translate(NOT_FOUND.get(error.what, ""), call.language)
    if isinstance(error, TooLarge) and error.limit == FILES_LIMIT:
        return translate(FORM_FILES, call.language)
    return ""


def _values(error: Exception | None) -> dict[str, object]:
    if isinstance(error, TooMany):
        return {"minutes": max(2, math.ceil(error.wait_s / 60))}  # a minute more at most, and never "1 minutes"
    return {"limit": error.limit} if isinstance(error, TooLarge) else {}


def _waiting(error: Exception) -> dict[str, str]:
    """Return the header that tells a program when to try again."""
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait_s)}
    return {"Retry-After": "120"} if isinstance(error, Unavailable) else {}


def _page(error: Exception | None, status: int, call: Call) -> Reply:
    from chalicelib.web import html  # noqa: PLC0415 — Jinja only where a page is shown

    title, remedy = (translate(message, call.language, **_values(error)) for message in PAGE_STATUS.get(status, STATUS[status]))
    if isinstance(error, Elsewhere):
        return html.page(call, "elsewhere.html", status=status, **_stop(error, call))
    errors = [_line(one, call) for one in error.errors] if isinstance(error, Invalid) else []
    elsewhere = {"onward": html.home(call)} if isinstance(error, NotFound) and error.what in _NO_REPORT else {}
    return html.page(
        call, "error.html", status=status, title=title, remedy=detail(error, call) or remedy, errors=errors, **elsewhere
    )


_NO_REPORT = ("report", "report_at_desk")  # the page of a report that is not there leads nowhere


# What a report is stopped for decides what is said first: in danger nobody reads on.
_STOPPED, _STOPPED_BY = mark("We cannot take this report online"), {"elsewhere_danger": mark("Call 112 now")}


def _stop(error: Elsewhere, call: Call) -> dict[str, str]:
    """What the page says on which a report is stopped, and the way back to the form where a tick or a date was wrong."""
    return {
        "title": _STOPPED_BY.get(error.code, _STOPPED),
        "reason": error.reason,
        "next_step": error.next_step,
        "change": call.path if call.method == "POST" else "",
    }


def _line(error: FieldError, call: Call) -> str:
    sentence = field_sentence(error, call.language)
    return f"{error.field}: {sentence}" if error.field else sentence


def _to_login(call: Call) -> Reply:
    """Send the reader to the right login, and back to the same page afterwards."""
    door = "/staff/login" if call.path.startswith("/desk") else "/login"
    return redirect(f"{call.base}{door}?next={quote(call.here, safe='/')}")


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}"
