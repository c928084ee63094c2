"""The first page: report a crime, follow one, or go on with what is not finished."""

from chalicelib.drafts.store import Draft
from chalicelib.identity.model import Citizen
from chalicelib.reports.crimes import KINDS, Kind
from chalicelib.web import html
from chalicelib.web.access import PUBLIC
from chalicelib.web.request import Call
from chalicelib.web.response import Reply
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/", access=PUBLIC)
def entry(call: Call) -> Reply:
    return html.page(call, "home.html", drafts=unfinished(call) if isinstance(call.principal, Citizen) else [])


def unfinished(call: Call) -> list[tuple[Kind, Draft]]:
    """Return the reports that the citizen began and did not send, the newest saved first."""
    drafts = call.services.drafts.of_owner(call.citizen.pseudonym)
    return [(KINDS[draft.kind], draft) for draft in drafts if draft.kind in KINDS]
