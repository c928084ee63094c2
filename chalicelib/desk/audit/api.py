"""/v1/desk/audit: what is on record of officers, for who checks them."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.audit import actions
from chalicelib.desk.audit.schemas import (
    LooksAtReportOut,
    LooksQuery,
    OfficerQuery,
    RecordPageOut,
    RegisterOut,
    RegisterQuery,
)
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_ON_RECORD = "Reading this is on record too. No word of a report is in it."


@routes.api(
    "GET",
    "/v1/desk/audit/reports/{reference}",
    access=officer(Permission.READ_AUDIT),
    summary="What is on record about a report: who looked at it and did something to it, newest first",
    description=f"Also of a report that was destroyed. {_ON_RECORD}",
    query=LooksQuery,
    answer=LooksAtReportOut,
)
def of_report(request: Request, reference: str, query: LooksQuery) -> Response:
    found = actions.of_report(reference, cursor=query.cursor, desk=Desk.of(request))
    return as_json(LooksAtReportOut.of(found).content())


@routes.api(
    "GET",
    "/v1/desk/audit/officers",
    access=officer(Permission.READ_AUDIT),
    summary="What an officer saw and did in a month, newest first",
    description=_ON_RECORD,
    query=OfficerQuery,
    answer=RecordPageOut,
)
def of_officer(request: Request, query: OfficerQuery) -> Response:
    page = actions.of_officer(query.officer, query.month, cursor=query.cursor, desk=Desk.of(request))
    return as_json(RecordPageOut.of(page).content())


@routes.api(
    "GET",
    "/v1/desk/audit/registers",
    access=officer(Permission.READ_AUDIT),
    summary="A register of a week: what was refused, what was looked at out of hours, or a sample of the rest",
    description=f"The sample comes in an order of chance that stays the same. {_ON_RECORD}",
    query=RegisterQuery,
    answer=RegisterOut,
)
def of_week(request: Request, query: RegisterQuery) -> Response:
    page = actions.of_week(query.week, query.register_, cursor=query.cursor, desk=Desk.of(request))
    return as_json(RegisterOut.of(page).content())
