"""From Chalice's request to an answer: read it, let the caller in, call the view, turn errors into answers, add headers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import unquote

from chalicelib.core.errors import FieldError, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from chalicelib.core.language import Language
from chalicelib.identity.model import Citizen, Officer, Session, is_of_same_person
from chalicelib.people.permissions import require
from chalicelib.web import cookies, errors, form_recovery, headers
from chalicelib.web.access import Access, Who
from chalicelib.web.operation import Operation
from chalicelib.web.request import BODY_LIMIT, FILES_LIMIT, Call
from chalicelib.web.response import Reply, redirect
from chalicelib.wiring import Services

_PARAMETER = re.compile(r"(?!\.+\Z)[A-Za-z0-9_.-]{1,64}")  # never `.` or `..`: they climb in an address
_CHANGES = frozenset({"POST"})

Answer = tuple[Reply, dict[str, str]]


def answer(
    operation: Operation, view: Callable[..., Reply], request: Any, parameters: Mapping[str, str], services: Services
) -> Answer:
    """Answer one request. Never raises: what goes wrong becomes an answer that says what to do."""
    call = _call(request, services, is_api=operation.is_api)
    try:
        _require_sound(call, request, FILES_LIMIT if operation.files and call.is_multipart else BODY_LIMIT)
        call, session = (_with_token(call, operation.access), None) if operation.is_api else _with_session(call, operation)
        _admit(call, session, operation)  # after the session is known: who is refused still sees who they are, and can log out
        reply = _seen(call, operation, partial(view, **_arguments(call, operation, parameters)))
    except Exception as error:  # noqa: BLE001 — the last resort: a reader always gets an answer
        reply = errors.reply(error, call, is_api=operation.is_api)
    return reply, headers.of(reply, services.settings, is_api=operation.is_api)


def not_allowed(allowed: tuple[str, ...], request: Any, services: Services) -> Answer:
    """Answer 405 with the methods that the path does have."""
    is_api = request.path.startswith("/v1/")
    reply = errors.status_reply(405, _call(request, services, is_api=is_api), is_api=is_api)
    reply = replace(reply, headers={**reply.headers, "Allow": ", ".join(allowed)})
    return reply, headers.of(reply, services.settings, is_api=is_api)


def _call(request: Any, services: Services, *, is_api: bool) -> Call:
    given = {str(name).lower(): str(value) for name, value in dict(request.headers).items()}
    query = {name: request.query_params.getlist(name) for name in request.query_params or ()}
    whole = request.context.get("path") or request.path
    path = _filled(request.path, request.uri_params or {})
    call = Call(
        services=services,
        method=request.method,
        path=path,
        base=whole.removesuffix(path) if whole.endswith(path) and path != "/" else "",
        query=query,
        headers=given,
        body=request.raw_body or b"",
        language=Language.NL,
        source_ip=(request.context.get("identity") or {}).get("sourceIp") or "",
    )
    return replace(call, language=_api_language(given) if is_api else _page_language(call))


def _filled(path: str, parameters: Mapping[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda match: parameters.get(match[1], ""), path)


def _api_language(given: Mapping[str, str]) -> Language:
    return Language.EN if given.get("accept-language", "").lower().startswith("en") else Language.NL


def _page_language(call: Call) -> Language:
    return Language.EN if call.cookies.get(cookies.name(call.services.settings, "language")) == Language.EN else Language.NL


def _require_sound(call: Call, request: Any, limit: int) -> None:
    if len(call.body) > limit:
        raise TooLarge(limit)
    whole = request.context.get("path") or "/"
    if whole.endswith("/") and request.path != "/":  # API Gateway drops a trailing slash; the design rules want a 404
        raise NotFound("page")


def _seen(call: Call, operation: Operation, view: Callable[[Call], Reply]) -> Reply:
    """Call the view; unless the reader chose another language on a half-filled form: then nothing is carried out.

    What was typed waits for its writer (ADR 9), and the same page shows it in the other language. Where nobody need log in,
    and at the counter, nothing can wait: there the view shows its form again (`Call.wanted_language`).
    """
    language = None if operation.is_api else call.wanted_language
    if language is None:
        return view(call)
    if operation.access.who is Who.ANYONE or call.principal is None or not form_recovery.may_wait(call.path):
        reply = view(replace(call, language=language))
    else:
        form_recovery.park(call, call.principal)
        reply = redirect(call.base + call.here)
    return replace(reply, cookies=(*reply.cookies, cookies.put_language(call.services.settings, language)))


def _arguments(call: Call, operation: Operation, parameters: Mapping[str, str]) -> dict[str, Any]:
    arguments: dict[str, Any] = {name: unquote(value) for name, value in parameters.items()}
    if not all(_PARAMETER.fullmatch(value) for value in arguments.values()):
        raise NotFound("page")
    if operation.is_api:
        arguments.update(_read(call, operation))
    return arguments


def _read(call: Call, operation: Operation) -> dict[str, Any]:
    """Read the query and the body of a call of the API. Raises Invalid."""
    from chalicelib.web.schema import JSON, read  # noqa: PLC0415 — pages have no models, and do without pydantic

    errors.require_json(call, has_body=operation.body is not None)
    arguments: dict[str, Any] = {}
    if operation.query is not None:
        arguments["query"] = read(operation.query, {name: call.argument(name) for name in call.query})
    elif call.query:  # a typing error in a parameter must not silently list everything
        raise Invalid([FieldError(name[:60], "unknown_field") for name in call.query])
    if operation.body is not None:
        arguments["body"] = read(operation.body, call.json(), JSON)
    return arguments


def _admit(call: Call, session: Session | None, operation: Operation) -> None:
    if not operation.is_api and operation.access.who is not Who.ANYONE:
        _require_session(call, session, operation.access)
    if operation.access.permission:
        require(call.officer, operation.access.permission)


_KINDS: Mapping[Who, type[Citizen | Officer]] = {Who.CITIZEN: Citizen, Who.OFFICER: Officer}


def _with_token(call: Call, access: Access) -> Call:
    if access.who is Who.ANYONE:
        return call
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("no_token")
    principal = call.services.access_tokens.principal(token.strip())
    if not isinstance(principal, _KINDS[access.who]):
        raise Forbidden(access.who)
    return replace(call, principal=principal)


def _with_session(call: Call, operation: Operation) -> tuple[Call, Session | None]:
    """Return the call with its session, and the session also when it ran out: then the call is nobody's."""
    if call.method in _CHANGES:
        _refuse_other_sites(call)
        errors.require_form(call, files=operation.files)
    elif operation.access.who is Who.OFFICER and _is_from_elsewhere(call):
        call = replace(call, query={})  # a link on another site chooses no report's reason for an officer: they are asked
    session = _session(call)
    if session and not session.expired:
        session = call.services.sessions.touch(session) if operation.access.prolongs else session
        call = replace(call, session=session, principal=session.principal)
    return call, session


def _require_session(call: Call, session: Session | None, access: Access) -> None:
    if session is None or session.expired:
        _keep_typed(call, session)
        raise Unauthenticated("no_session", expired=session is not None)
    if not isinstance(session.principal, _KINDS[access.who]):
        raise Forbidden(access.who)
    if call.method in _CHANGES:
        _require_token(call, session)


def _session(call: Call) -> Session | None:
    secret = call.cookies.get(cookies.name(call.services.settings, "session"), "")
    return call.services.sessions.find(secret) if secret else None


def _keep_typed(call: Call, session: Session | None) -> bool:
    """What was typed before a session ran out waits for the same person; nobody else's form is kept."""
    if session is None or call.method not in _CHANGES or not form_recovery.may_wait(call.path):
        return False
    if not is_of_same_person(call.form().get("_token"), session):
        return False
    form_recovery.park(call, session.principal)
    return True


def _require_token(call: Call, session: Session) -> None:
    """Raises Forbidden for a form that is not of this session; FormOfEarlierLogin when it is of an earlier one of this person."""
    form = call.form()
    if form.get("_token") == session.form_token:
        if form_recovery.RESTORED in form:
            form_recovery.forget(call, session.principal)
    elif _keep_typed(call, session):
        raise errors.FormOfEarlierLogin
    else:
        raise Forbidden("form_token")


def _is_from_elsewhere(call: Call) -> bool:
    return call.headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _refuse_other_sites(call: Call) -> None:
    """A form that another site sends is refused, with and without a session (login and survey forms have no token)."""
    origin = call.headers.get("origin")
    if _is_from_elsewhere(call) or (origin and origin != call.services.settings.portal_url):
        raise Forbidden("same_origin")
