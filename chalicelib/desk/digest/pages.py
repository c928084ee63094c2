"""An officer's digest by mail: the address, the code that proves it, and no more of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_, translate
from chalicelib.digests import actions
from chalicelib.forms import fields, reading
from chalicelib.forms.questions import Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports.crimes.contact import EMAIL
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

ADDRESS = replace(
    EMAIL,
    label=N_("Your e-mail address at work"),
    hint=N_("We mail a code to this address. Type it here: then we know that the address is yours."),
)
CODE = Question(
    "code",
    N_("The code from the e-mail"),
    Input.TEXT,
    Need.REQUIRED,
    hint=N_("8 letters and digits, such as K7MD-PR3W. Capitals and dashes do not matter."),
    most=60,
    autocomplete="one-time-code",
)
DONE: Mapping[str, str] = {
    "begun": N_("From the next working day on you get the digest."),
    "ended": N_("You get no digest any more. We have forgotten your address."),
}
_LONGEST = 16  # digits of a number that a form of ours could hold


@routes.page("/desk/digest", access=officer(Permission.READ_REPORT))
def show(request: Request) -> Response:
    return _page(request)


@routes.page("/desk/digest", access=officer(Permission.READ_REPORT), method="POST")
def ask_code(request: Request) -> Response:
    """Mail a code to the address; nothing changes before it is typed."""
    given, room = _given(request), request.services.digest_room
    if request.wanted_language:
        return _page(request, given)
    try:
        email = reading.parse_answers((ADDRESS,), {"email": given.get("email")}, now=request.services.clock.now())["email"]
    except Invalid as invalid:
        return _page(request, given, invalid.errors)
    actions.ask_code(email, officer=request.officer, language=request.language, room=room)
    return redirect(f"{request.base}/desk/digest")


@routes.page("/desk/digest/code", access=officer(Permission.READ_REPORT))
def back_to_code(request: Request) -> Response:
    return redirect(f"{request.base}/desk/digest")


@routes.page("/desk/digest/code", access=officer(Permission.READ_REPORT), method="POST")
def type_code(request: Request) -> Response:
    given = _given(request)
    typed, number = str(given.get("code", ""))[: CODE.most], str(given.get("challenge", ""))
    if request.wanted_language:
        return _page(request, {"code": typed})
    try:
        reading.parse_answers((CODE,), {"code": typed}, now=request.services.clock.now())
        known = int(number) if number.isascii() and number.isdigit() and len(number) < _LONGEST else 0
        actions.confirm(typed, known, officer=request.officer, room=request.services.digest_room)
    except Invalid as invalid:
        return _page(request, {"code": typed}, invalid.errors)
    except Conflict as conflict:
        return _page(request, {}, conflict=conflict)
    return redirect(f"{request.base}/desk/digest?done=begun")


@routes.page("/desk/digest/stop", access=officer(Permission.READ_REPORT))
def back_to_stop(request: Request) -> Response:
    return redirect(f"{request.base}/desk/digest")


@routes.page("/desk/digest/stop", access=officer(Permission.READ_REPORT), method="POST")
def stop(request: Request) -> Response:
    actions.stop(request.officer, request.services.digest_room)
    return redirect(f"{request.base}/desk/digest?done=ended")


def _given(request: Request) -> dict[str, Any]:
    return {name: value for name, value in request.form().items() if not name.startswith("_")}


def _page(
    request: Request,
    given: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
) -> Response:
    room, typed = request.services.digest_room, given or {}
    wish = actions.of_officer(request.officer, room)
    waits = wish.challenge is not None and wish.challenge.is_open(request.services.clock.now())
    address, code = fields.field_of(ADDRESS, typed, errors), fields.field_of(CODE, typed, errors)
    return html.page(
        request,
        "desk/digest/digest.html",
        status=409 if conflict else 400 if errors else 200,
        wish=wish,
        waits=waits,
        is_dead=actions.is_dead(wish, room),
        address=address,
        code=code,
        problems=fields.problems((address, code), errors),
        conflict=translate(CONFLICT[conflict.code], request.language) if conflict else "",
        done=DONE.get(request.argument("done"), ""),
    )
