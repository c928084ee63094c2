"""/v1/desk: the lists of the queue; taking the next report of one."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.queue import actions
from chalicelib.desk.queue.schemas import QueueFilters, QueuePageOut, QueueQuery
from chalicelib.desk.schemas import DeskReportOut
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission, require_reason
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/reports",
    access=officer(Permission.READ_REPORT),
    summary="A list of a unit's reports: by status, crime, place, age, assignee or mark",
    description=(
        "The longest waiting come first: since when a report waits for the police, which no addition of its reporter moves. "
        "`nextCursor` is the `cursor` of the next page with the same filters, and null on the last."
    ),
    query=QueueQuery,
    answer=QueuePageOut,
)
def queue(request: Request, query: QueueQuery) -> Response:
    asked, desk = query.query(), Desk.of(request)
    if query.reason:
        require_reason(desk.officer, query.reason)
    return as_json(QueuePageOut.of(actions.look(asked, cursor=query.cursor, desk=desk), asked).content())


@routes.api(
    "POST",
    "/v1/desk/takes",
    access=officer(Permission.TAKE_REPORT),
    summary="Take the next report: the one of a list that waits longest, with your team or with nobody",
    description=(
        "What waits with a team of yours comes first, then what nobody has. However many officers ask at once, each gets another "
        "one. With the same `Idempotency-Key` it is the same one. "
        "409 `nothing_free` when somebody has each of them."
    ),
    body=QueueFilters,
    answer=DeskReportOut,
    status=201,
)
def take_next(request: Request, body: QueueFilters) -> Response:
    desk, officers = TeamDesk.of(request), request.services.officers
    report = actions.take_next(body.query(), key=request.idempotency_key, desk=desk, officers=officers)
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)
