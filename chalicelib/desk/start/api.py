"""/v1/desk/board: the counts of a unit."""

from chalicelib.desk.actions import Desk
from chalicelib.desk.start import actions
from chalicelib.desk.start.schemas import BoardOut, BoardQuery
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/board",
    access=officer(Permission.READ_REPORT),
    summary="The counts of a unit's work",
    description="Counted every quarter of an hour: each number is the length of a list, at `countedAt`.",
    query=BoardQuery,
    answer=BoardOut,
)
def counts(request: Request, query: BoardQuery) -> Response:
    found = actions.board(query.unit, desk=Desk.of(request), boards=request.services.boards)
    return as_json(BoardOut.of(query.unit, found).content())
