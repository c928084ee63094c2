"""The first page: report a crime, follow one, or go on with what is not finished."""

from chalicelib.drafts.store import Draft
from chalicelib.people.model import Citizen
from chalicelib.reports.crimes import KINDS, CrimeKind
from chalicelib.web import html
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/", access=PUBLIC)
def entry(request: Request) -> Response:
    return html.page(request, "home.html", drafts=unfinished(request) if isinstance(request.principal, Citizen) else [])


def unfinished(request: Request) -> list[tuple[CrimeKind, Draft]]:
    """Return the reports that the citizen began and did not send, the newest saved first."""
    drafts = request.services.drafts.of_owner(request.citizen.pseudonym)
    return [(KINDS[draft.kind], draft) for draft in drafts if draft.kind in KINDS]
