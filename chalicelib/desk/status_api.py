"""/v1/desk: what comes of a change before it is done, undo, and corrections."""

from chalicelib.desk import actions, correcting
from chalicelib.desk.actions import Desk, load_report
from chalicelib.desk.api import shown
from chalicelib.desk.foresight import foreseen
from chalicelib.desk.schemas import CheckOut, Correction, DeskReportOut, NumberCorrection, StatusChange, Undo
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/checks",
    access=officer(Permission.CHANGE_STATUS),
    summary="Ask what comes of a change of status, and do nothing",
    description=(
        "What its reporter will read, which mail goes out and when, or why none, and until when it can be undone. "
        "It is refused for the same reasons as the change itself."
    ),
    reasoned=True,
    body=StatusChange,
    answer=CheckOut,
)
def check(request: Request, reference: str, body: StatusChange) -> Response:
    desk = Desk.of(request)
    before = load_report(reference, reason=desk.why(reference), desk=desk)
    after = actions.tried(before, body.change(""), version=body.version, desk=desk)
    return as_json(CheckOut.of(after.status, foreseen(before, after, request.services), request.language).content())


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/undo",
    access=officer(Permission.CHANGE_STATUS),
    summary="Undo the newest change, question or update, while its letter waits and its reporter has not read it",
    description=(
        "`number` is that of its event, as `undoable` tells it. Status, question and police number go back as they were; no mail "
        "tells of it, and its reporter never sees it. Later only a correction is possible: the 409 says so."
    ),
    reasoned=True,
    body=Undo,
    answer=DeskReportOut,
    status=201,
)
def undo(request: Request, reference: str, body: Undo) -> Response:
    room, key = request.services.undoing, request.idempotency_key
    report = correcting.undo(reference, body.number, version=body.version, key=key, room=room, desk=Desk.of(request))
    return as_json(shown(request, report), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/corrections",
    access=officer(Permission.CORRECT),
    summary="Take a report back to an earlier status, with an explanation that its reporter reads",
    description="Only to one of `corrections`. Back to before it was registered, the report has no police number any more.",
    reasoned=True,
    body=Correction,
    answer=DeskReportOut,
    status=201,
)
def correct(request: Request, reference: str, body: Correction) -> Response:
    change = body.change(request.idempotency_key)
    report = correcting.correct_status(reference, change, version=body.version, desk=Desk.of(request))
    return as_json(shown(request, report), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/number-corrections",
    access=officer(Permission.CORRECT),
    summary="Give a report the right police number",
    description="The wrong one is free again. A number that another report has is refused. No mail tells of it.",
    reasoned=True,
    body=NumberCorrection,
    answer=DeskReportOut,
    status=201,
)
def correct_number(request: Request, reference: str, body: NumberCorrection) -> Response:
    key, desk = request.idempotency_key, Desk.of(request)
    report = correcting.correct_number(reference, body.registration_number, body.reason, version=body.version, key=key, desk=desk)
    return as_json(shown(request, report), 201)
