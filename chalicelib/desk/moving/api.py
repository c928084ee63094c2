"""/v1/desk: handing a report over to another unit."""

from chalicelib.desk.moving import actions
from chalicelib.desk.moving.schemas import HandOver, MovedOut, RouteAgain
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission
from chalicelib.reports.model import Report
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_MOVES = officer(Permission.MOVE_REPORT)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/hand-overs",
    access=_MOVES,
    summary="Hand a report over to another unit",
    description=(
        "The report is nobody's there, with the same place and term. You cannot see it any more, unless the other unit is yours "
        "too. The reporter gets no mail; their page names the new unit."
    ),
    body=HandOver,
    answer=MovedOut,
    status=201,
)
def move(request: Request, reference: str, body: HandOver) -> Response:
    desk, key = TeamDesk.of(request), request.idempotency_key
    return _told(actions.move(reference, body.unit, body.remark, version=body.version, key=key, desk=desk))


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/routings",
    access=_MOVES,
    summary="Send a report where the rules of now say",
    description="To another unit, to a team, or both; 409 when it is there already.",
    body=RouteAgain,
    answer=MovedOut,
    status=201,
)
def route_again(request: Request, reference: str, body: RouteAgain) -> Response:
    desk = TeamDesk.of(request)
    return _told(actions.route_again(reference, version=body.version, key=request.idempotency_key, desk=desk))


def _told(report: Report) -> Response:
    return as_json(MovedOut(reference=report.reference, unit=report.unit, version=report.version).content(), 201)
