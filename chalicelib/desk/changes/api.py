"""/v1/desk/changes: which reports of a unit came to which status, for a program that asks again and again."""

import json
from urllib.parse import urlencode, urlsplit

from chalicelib.core.settings import Settings
from chalicelib.desk.actions import Desk
from chalicelib.desk.changes.schemas import BATCH, ChangeOut, ChangesQuery
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.web.access import officer
from chalicelib.web.operation import ROOT
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/desk/changes",
    access=officer(Permission.READ_CHANGES),
    summary="The changes of status of a unit's reports, each as a CloudEvent",
    description=(
        "A batch of CloudEvents in the order in which they are told, after the NL GOV profile for CloudEvents. Ask again with "
        "the `Next-Cursor` of the answer before: nothing is left out, and something may come twice with the same `id`. An empty "
        "batch says that there is nothing new yet. A change is told ten minutes after it was made: it may be undone until then. "
        "It is kept for thirty days: a cursor that is older is answered with 410; begin again without one."
    ),
    query=ChangesQuery,
    answer=ChangeOut,
    media=BATCH,
    is_list=True,
    tells=("Link", "Next-Cursor"),
)
def changes(request: Request, query: ChangesQuery) -> Response:
    desk, services = Desk.of(request), request.services
    require(desk.officer, Permission.READ_CHANGES, query.unit)
    told = services.feed.after(query.unit, query.cursor)
    if told.entries:  # whoever asks again and again, and is told nothing, has seen nothing
        desk.note(f"changes:{query.unit}", Permission.READ_CHANGES, LookReason.HANDLING)
    source = source_of(services.settings)
    batch = [ChangeOut.of(entry, source).content() for entry in told.entries]
    onward = f"{ROOT}/desk/changes?{urlencode({'unit': query.unit, 'cursor': told.next_cursor})}"
    headers = {"Next-Cursor": told.next_cursor, "Link": f'<{onward}>; rel="next"'}
    return Response(200, json.dumps(batch, ensure_ascii=False), BATCH, headers)


def source_of(settings: Settings) -> str:
    """Return the source of all events of this stage: as it is set, else by the portal's own host."""
    return settings.feed_source or f"urn:nld:{urlsplit(settings.portal_url).hostname}:systeem:mijn-politie"
