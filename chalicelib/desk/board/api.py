"""/v1/desk/figures: the figures of a unit."""

from chalicelib.core.errors import NotFound
from chalicelib.desk.actions import Desk
from chalicelib.desk.board import actions
from chalicelib.desk.board.schemas import FiguresOut, FiguresQuery
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/figures",
    access=officer(Permission.READ_BOARD),
    summary="The figures of one's own unit: what lies there, how long, and who has how much",
    description="Counts only, as of `countedAt`. Lead times are of reports that are open now; of fewer than ten none is given.",
    query=FiguresQuery,
    answer=FiguresOut,
)
def board(request: Request, query: FiguresQuery) -> Response:
    found = actions.of_unit(query.unit, boards=request.services.boards, desk=Desk.of(request))
    if found is None:
        raise NotFound("board")
    return as_json(FiguresOut.of(found).content())
