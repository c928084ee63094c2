"""/v1/desk: reading a report with a reason, changing its status, asking its reporter."""

from typing import Any

from chalicelib.desk import actions, stated
from chalicelib.desk.actions import Desk
from chalicelib.desk.masks import ContactView
from chalicelib.desk.schemas import DeskReportOut, NewQuestion, ReasonQuery, StatusChange
from chalicelib.letters.undoing import undoable
from chalicelib.people.permissions import Permission
from chalicelib.reports.model import Report
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


def shown(request: Request, report: Report, *, is_open: bool = False) -> Any:
    """Return a report as its officer sees it, with what can be undone now."""
    found = undoable(report, request.services.undoing)
    return DeskReportOut.of_desk(report, request.language, is_open=is_open, undoable=found).content()


@routes.api(
    "GET",
    "/v1/desk/reports/{reference}",
    access=officer(Permission.READ_REPORT),
    summary="Read a report of one's own unit, the look is recorded with its reason; another unit's is 404, like none",
    description="With remarks, and with the statuses to which it can go. `contact=shown` uncovers how to reach its reporter.",
    query=ReasonQuery,
    reasoned=True,
    answer=DeskReportOut,
)
def read_report(request: Request, reference: str, query: ReasonQuery) -> Response:
    is_open = query.contact is ContactView.SHOWN
    report = actions.load_report(
        reference, reason=stated.of_program(request, query.reason), uncover=is_open, desk=Desk.of(request)
    )
    return as_json(shown(request, report, is_open=is_open))


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/status-changes",
    access=officer(Permission.CHANGE_STATUS),
    summary="Take a report to another status",
    description=(
        "`version` is that of the report when you read it: if somebody changed it since, nothing is done, and the 409 says so. "
        "Its reporter hears of the change, and reads `explanation`."
    ),
    body=StatusChange,
    reasoned=True,
    answer=DeskReportOut,
    status=201,
)
def change_status(request: Request, reference: str, body: StatusChange) -> Response:
    desk = Desk.of(request)
    report = actions.change_status(reference, body.change(request.idempotency_key), version=body.version, desk=desk)
    return as_json(shown(request, report), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/questions",
    access=officer(Permission.ASK_REPORTER),
    summary="Ask the reporter something",
    description="One to five questions with one last day. It waits for the reporter; a newer request replaces an open one.",
    body=NewQuestion,
    reasoned=True,
    answer=DeskReportOut,
    status=201,
)
def ask(request: Request, reference: str, body: NewQuestion) -> Response:
    report = actions.ask(
        reference,
        body.text,
        body.parts,
        version=body.version,
        deadline_on=body.deadline_on,
        deadlines=request.services.deadlines,
        key=request.idempotency_key,
        mark=body.standard_text,
        desk=Desk.of(request),
    )
    return as_json(shown(request, report), 201)
