"""The officers' page of a joint case: its reports, each to be opened and decided by itself."""

from urllib.parse import urlencode

from chalicelib.core import ids
from chalicelib.desk.joint import actions
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission, may
from chalicelib.reports.crimes import KINDS
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/cases/{case}", access=officer(Permission.READ_REPORT))
def show(request: Request, case: str) -> Response:
    """The usual reason of the officer's role stands on record with the look: the list shows no more than the queue."""
    desk = TeamDesk.of(request)
    page = actions.of_case(case, cursor=request.argument("cursor"), reason=desk.why(case), desk=desk)
    return html.page(
        request,
        "desk/case.html",
        case=page.case,
        lines=[(line, KINDS[line.kind].name, STATUS_WORDS[line.status]) for line in page.lines],
        has_others=page.has_others,
        may_bulk=may(request.officer, Permission.BULK),
        key=ids.secret_id(),
        next_query=urlencode({"cursor": page.next_cursor}) if page.next_cursor else "",
    )
