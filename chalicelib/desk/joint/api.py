"""/v1/desk: joint cases."""

from chalicelib.desk import stated
from chalicelib.desk.joint import actions
from chalicelib.desk.joint.schemas import CaseOut, CaseQuery, Joining, Leaving
from chalicelib.desk.schemas import DeskReportOut
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_JOINS = officer(Permission.JOIN)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/joinings",
    access=_JOINS,
    summary="Put a report into one case with another report of your units",
    description="Joined, never merged: nothing that is done to one is done to the other. The reporters hear nothing of it.",
    body=Joining,
    answer=DeskReportOut,
    status=201,
)
def join(request: Request, reference: str, body: Joining) -> Response:
    report = actions.join(reference, body.other, key=request.idempotency_key, desk=TeamDesk.of(request))
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/leavings",
    access=_JOINS,
    summary="Take a report out of its joint case",
    description="The report stays what it is. A report that is in no case is left alone.",
    body=Leaving,
    answer=DeskReportOut,
    status=201,
)
def leave(request: Request, reference: str, body: Leaving) -> Response:
    report = actions.leave(reference, case=body.case, key=request.idempotency_key, desk=TeamDesk.of(request))
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)


@routes.api(
    "GET",
    "/v1/desk/cases/{case}",
    access=officer(Permission.READ_REPORT),
    summary="The reports of a joint case that are of your own units",
    description="A page; `nextCursor` is the `cursor` of the next one. The look is on record with its reason.",
    query=CaseQuery,
    reasoned=True,
    answer=CaseOut,
)
def read(request: Request, case: str, query: CaseQuery) -> Response:
    page = actions.of_case(case, cursor=query.cursor, reason=stated.of_program(request, None), desk=TeamDesk.of(request))
    return as_json(CaseOut.of(page).content())
