"""/v1/desk/reports/{reference}/updates: tell a reporter how it stands."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.promises import actions
from chalicelib.desk.promises.schemas import NewUpdate
from chalicelib.desk.schemas import DeskReportOut
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/updates",
    access=officer(Permission.GIVE_UPDATE),
    summary="Tell the reporter how it stands",
    description=(
        "News without a change of status: its reporter is mailed that there is some, and reads `explanation` after login. It "
        "answers who asked for an update, or for a second look at a decision."
    ),
    body=NewUpdate,
    answer=DeskReportOut,
    status=201,
)
def give_update(request: Request, reference: str, body: NewUpdate) -> Response:
    desk, key = Desk.of(request), request.idempotency_key
    report = actions.give_update(reference, body.explanation, text=body.text, version=body.version, key=key, desk=desk)
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)
