"""From Chalice's request to a response: read it, let the caller in, call the view, turn errors into responses, add headers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import unquote

from chalicelib.core.errors import FieldError, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from chalicelib.core.language import DEFAULT_LANGUAGE, accepted_language, language_of
from chalicelib.people.model import Citizen, Officer, Session, is_of_same_person, is_of_session
from chalicelib.people.permissions import require
from chalicelib.web import cookies, errors, form_recovery, headers, trace
from chalicelib.web.access import FRESH_FOR, Access, Who
from chalicelib.web.operation import CHANGES, Operation
from chalicelib.web.request import BODY_LIMIT, FILES_LIMIT, Request
from chalicelib.web.response import Response, redirect
from chalicelib.wiring import Services

_PARAMETER = re.compile(r"(?!\.+\Z)[A-Za-z0-9_.-]{1,64}")  # never `.` or `..`: they climb in an address

ResponseWithHeaders = tuple[Response, dict[str, str]]


def respond(
    operation: Operation, view: Callable[..., Response], raw: Any, parameters: Mapping[str, str], services: Services
) -> ResponseWithHeaders:
    """Respond to one request. Never raises: what goes wrong becomes a response that says what to do."""
    request = _request_of(raw, services, is_api=operation.is_api)
    try:
        _require_sound(request, raw, FILES_LIMIT if operation.files and request.is_multipart else BODY_LIMIT)
        request, session = (
            (_with_token(request, operation.access), None) if operation.is_api else _with_session(request, operation)
        )
        _admit(request, session, operation)  # after the session is known: who is refused still sees who they are, and can log out
        response = _seen(request, operation, partial(view, **_arguments(request, operation, parameters)))
    except Exception as error:  # noqa: BLE001 — the last resort: a reader always gets an answer
        response = errors.response(error, request, is_api=operation.is_api)
    trace.note(request, operation, response.status)
    return response, _headers(response, request, is_api=operation.is_api)


def not_allowed(allowed: tuple[str, ...], raw: Any, services: Services) -> ResponseWithHeaders:
    """Answer 405 with the methods that the path does have; who asks just for these (OPTIONS) gets them."""
    is_api = raw.path.startswith("/v1/")
    request = _request_of(raw, services, is_api=is_api)
    response = Response(204) if raw.method == "OPTIONS" else errors.status_response(405, request, is_api=is_api)
    response = replace(response, headers={**response.headers, "Allow": ", ".join(allowed)})
    return response, _headers(response, request, is_api=is_api)


def _headers(response: Response, request: Request, *, is_api: bool) -> dict[str, str]:
    return headers.of(response, request.services.settings, api_language=request.language if is_api else None)


def _request_of(raw: Any, services: Services, *, is_api: bool) -> Request:
    given = {str(name).lower(): str(value) for name, value in dict(raw.headers).items()}
    query = {name: raw.query_params.getlist(name) for name in raw.query_params or ()}
    whole = raw.context.get("path") or raw.path
    path = _filled(raw.path, raw.uri_params or {})
    request = Request(
        services=services,
        method=raw.method,
        path=path,
        base=whole.removesuffix(path) if whole.endswith(path) and path != "/" else "",
        query=query,
        headers=given,
        body=raw.raw_body or b"",
        language=DEFAULT_LANGUAGE,
        source_ip=(raw.context.get("identity") or {}).get("sourceIp") or "",
    )
    chosen = request.cookies.get(cookies.name(services.settings, "language"))
    return replace(request, language=accepted_language(given.get("accept-language", "")) if is_api else language_of(chosen))


def _filled(path: str, parameters: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda match: parameters.get(match[1], ""), path)


def _require_sound(request: Request, raw: Any, limit: int) -> None:
    if len(request.body) > limit:
        raise TooLarge(limit)
    whole = raw.context.get("path") or "/"
    if whole.endswith("/") and raw.path != "/":  # API Gateway drops a trailing slash; the design rules want a 404
        raise NotFound("page")


def _seen(request: Request, operation: Operation, view: Callable[[Request], Response]) -> Response:
    """Call the view; unless the reader chose another language on a half-filled form: then nothing is carried out.

    A typed text waits for its writer (ADR-0009), and the same page shows it in the other language. Where nobody need log in,
    and at the counter, nothing can wait: there the view shows its form again (`Request.wanted_language`).
    """
    language = None if operation.is_api else request.wanted_language
    if language is None:
        return view(request)
    if operation.access.who is Who.ANYONE or request.principal is None or not form_recovery.may_wait(request.path):
        response = view(replace(request, language=language))
    else:
        form_recovery.keep_form(request, request.principal)
        response = redirect(request.base + request.here)
    return replace(response, cookies=(*response.cookies, cookies.put_language(request.services.settings, language)))


def _arguments(request: Request, operation: Operation, parameters: Mapping[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = {name: unquote(value) for name, value in parameters.items()}
    if not all(_PARAMETER.fullmatch(value) for value in arguments.values()):
        raise NotFound("page")
    if operation.is_api:
        arguments.update(_parsed(request, operation))
    return arguments


def _parsed(request: Request, operation: Operation) -> dict[str, Any]:
    """Read the query and the body of a call of the API. Raises Invalid."""
    from chalicelib.web.schema import JSON, parse  # noqa: PLC0415 — pages have no models, and do without pydantic

    errors.require_json(request, has_body=operation.body is not None)
    arguments: dict[str, Any] = {}
    if operation.query is not None:
        arguments["query"] = parse(operation.query, {name: request.argument(name) for name in request.query})
    elif request.query:  # a typing error in a parameter must not silently list everything
        raise Invalid([FieldError(name[:60], "unknown_field") for name in request.query])
    if operation.body is not None:
        arguments["body"] = parse(operation.body, request.json(), JSON)
    return arguments


def _admit(request: Request, session: Session | None, operation: Operation) -> None:
    if not operation.is_api and operation.access.who is not Who.ANYONE:
        _require_session(request, session, operation.access)
    if operation.access.permission:
        require(request.officer, operation.access.permission)


_KINDS: Mapping[Who, type[Citizen | Officer]] = {Who.CITIZEN: Citizen, Who.OFFICER: Officer}


def _with_token(request: Request, access: Access) -> Request:
    if access.who is Who.ANYONE:
        return request
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated(errors.ANONYMOUS)
    principal = request.services.access_tokens.principal(token.strip())
    if not isinstance(principal, _KINDS[access.who]):
        raise Forbidden(access.who)
    return replace(request, principal=principal)


def _with_session(request: Request, operation: Operation) -> tuple[Request, Session | None]:
    """Return the call with its session, and the session also when it ran out: then the call is nobody's."""
    if request.method in CHANGES:
        _refuse_other_sites(request)
        errors.require_form(request, files=operation.files)
    elif operation.access.who is Who.OFFICER and _is_from_elsewhere(request):
        request = replace(request, query={})  # a link on another site chooses no list and uncovers nothing
    session = _session(request)
    if session and _is_from_elsewhere(request):
        session = replace(session, reasons={})  # a link on another site looks at no report: its officer is asked why
    if session and not session.expired:
        session = request.services.sessions.touch(session) if operation.access.prolongs else session
        request = replace(request, session=session, principal=session.principal)
    return request, session


def _require_session(request: Request, session: Session | None, access: Access) -> None:
    if session is None or session.expired:
        _keep_typed(request, session)
        raise Unauthenticated("no_session", expired=session is not None)
    if not isinstance(session.principal, _KINDS[access.who]):
        raise Forbidden(access.who)
    if request.method in CHANGES:
        _require_token(request, session)
    if access.fresh and request.services.clock.now() - session.opened_at >= FRESH_FOR:
        if request.method in CHANGES:
            form_recovery.keep_form(request, session.principal)
        raise errors.LoginTooOld


def _session(request: Request) -> Session | None:
    secret = request.cookies.get(cookies.name(request.services.settings, "session"), "")
    return request.services.sessions.find(secret) if secret else None


def _keep_typed(request: Request, session: Session | None) -> bool:
    """A text that was typed before a session ran out waits for the same person; nobody else's form is kept."""
    if session is None or request.method not in CHANGES or not form_recovery.may_wait(request.path):
        return False
    if not is_of_same_person(request.form().get("_token"), session):
        return False
    form_recovery.keep_form(request, session.principal)
    return True


def _require_token(request: Request, session: Session) -> None:
    """Raises Forbidden for a form that is not of this session; FormOfEarlierLogin when it is of an earlier one of this person."""
    form = request.form()
    if is_of_session(form.get("_token"), session):
        if form_recovery.RESTORED in form:
            form_recovery.forget(request, session.principal)
    elif _keep_typed(request, session):
        raise errors.FormOfEarlierLogin
    else:
        raise Forbidden("form_token")


def _is_from_elsewhere(request: Request) -> bool:
    return request.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _refuse_other_sites(request: Request) -> None:
    """A form that another site sends is refused, with and without a session (login and survey forms have no token)."""
    origin = request.headers.get("origin")
    if _is_from_elsewhere(request) or (origin and origin != request.services.settings.portal_url):
        raise Forbidden("same_origin")
