"""/v1/desk/reports/{reference}/forwards: pass a report on to an organisation outside."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.forwarding import actions
from chalicelib.desk.forwarding.schemas import ForwardedOut, NewForward
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/forwards",
    access=officer(Permission.FORWARD),
    summary="Make the sheet with which a report is passed on to an organisation outside the police",
    description=(
        "Nothing is sent: the sheet is for paper. On record are the sort of organisation and the parts; the task `forward` "
        "lies open until it is noted as done. The reporter's own details go only with their agreement."
    ),
    body=NewForward,
    reasoned=True,
    answer=ForwardedOut,
    status=201,
)
def forward(request: Request, reference: str, body: NewForward) -> Response:
    done = actions.forward(reference, body.order(), request.language, key=request.idempotency_key, desk=Desk.of(request))
    return as_json(ForwardedOut.of(done).content(), 201)
