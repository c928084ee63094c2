"""/v1/desk/victim-support-lists: who asked for Victim Support, for a program that hands it over."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.victim_support import actions
from chalicelib.desk.victim_support.schemas import HandedOver, HandedOverOut, NewVictimList, VictimListOut
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "POST",
    "/v1/desk/victim-support-lists",
    access=officer(Permission.VICTIM_LIST),
    summary="Make the list of who asked for Victim Support in their report, and was not handed over yet",
    description=(
        "At most a hundred people. They stay on the next list until `victim-support-hand-overs` says that this one was "
        "handed over. "
        "Each person is on record as looked at."
    ),
    body=NewVictimList,
    answer=VictimListOut,
    status=201,
)
def make(request: Request, body: NewVictimList) -> Response:
    made = actions.make(body.unit, actions.list_id(request.idempotency_key), desk=Desk.of(request))
    return as_json(VictimListOut.of(made).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/victim-support-hand-overs",
    access=officer(Permission.VICTIM_LIST),
    summary="Note that a list was handed over to Victim Support",
    description="Its tasks are done. 409 `victim_list_over` when nobody waits on it any more.",
    body=HandedOver,
    answer=HandedOverOut,
    status=201,
)
def hand_over(request: Request, body: HandedOver) -> Response:
    return as_json(HandedOverOut(done=actions.hand_over(body.unit, body.list, desk=Desk.of(request))).content(), 201)
