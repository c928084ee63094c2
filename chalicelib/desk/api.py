"""/v1/desk: the worklist, reading a report with a reason, changing its status, asking its reporter."""

from chalicelib.desk import actions
from chalicelib.desk.schemas import DeskReportOut, NewQuestion, ReasonQuery, StatusChange, WorklistQuery
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.report_schemas import PageOut
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/reports",
    access=officer(Permission.READ_REPORT),
    summary="The worklist of a unit: reports in a status, the longest unchanged first",
    query=WorklistQuery,
    answer=PageOut,
)
def worklist(call: Call, query: WorklistQuery) -> Reply:
    page = actions.worklist(
        query.unit,
        query.status,
        reason=query.reason,
        cursor=query.cursor,
        desk=call.services.desk(call.officer),
    )
    return as_json(PageOut.of(page).content())


@routes.api(
    "GET",
    "/v1/desk/reports/{reference}",
    access=officer(Permission.READ_REPORT),
    summary="Read a report of one's own unit, the look is recorded with its reason; another unit's is 404, like none",
    query=ReasonQuery,
    answer=DeskReportOut,
)
def read_report(call: Call, reference: str, query: ReasonQuery) -> Reply:
    report = actions.read(reference, reason=query.reason, desk=call.services.desk(call.officer))
    return as_json(DeskReportOut.seen_by(call.officer, report, call.language).content())


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/status-changes",
    access=officer(Permission.CHANGE_STATUS),
    summary="Take a report to another status",
    body=StatusChange,
    answer=DeskReportOut,
    status=201,
)
def change_status(call: Call, reference: str, body: StatusChange) -> Reply:
    report = actions.change_status(
        reference,
        body.status,
        version=body.version,
        explanation=body.explanation,
        remark=body.remark,
        registration_number=body.registration_number,
        key=call.idempotency_key,
        desk=call.services.desk(call.officer),
    )
    return as_json(DeskReportOut.seen_by(call.officer, report, call.language).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/questions",
    access=officer(Permission.ASK_REPORTER),
    summary="Ask the reporter something",
    body=NewQuestion,
    answer=DeskReportOut,
    status=201,
)
def ask(call: Call, reference: str, body: NewQuestion) -> Reply:
    report = actions.ask(
        reference,
        body.text,
        body.parts,
        version=body.version,
        deadline_on=body.deadline_on,
        terms=call.services.terms,
        key=call.idempotency_key,
        desk=call.services.desk(call.officer),
    )
    return as_json(DeskReportOut.seen_by(call.officer, report, call.language).content(), 201)
