"""Whom no mail reaches: the list of reporters to tell by telephone or letter, and noting that it was done."""

from urllib.parse import urlencode

from chalicelib.desk import actions
from chalicelib.desk.actions import Desk
from chalicelib.desk.instructions import WAITS
from chalicelib.desk.report.acting import acted
from chalicelib.desk.schemas import ToldOtherwise
from chalicelib.people.permissions import LookReason, Permission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report, urgency
from chalicelib.reports.store import Page
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/desk/to-tell", access=officer(Permission.TELL_REPORTER))
def to_contact_offline(request: Request) -> Response:
    units = sorted(request.officer.units)
    unit = request.argument("unit") or (units[0] if len(units) == 1 else "")  # a look is on record: nobody looks by default
    page, now = _page(request, unit) if unit else Page((), ""), request.services.clock.now()
    lines = [(line, KINDS[line.kind].name, WAITS[urgency(line.tell_since or now, now)]) for line in page.lines]
    more = urlencode({"unit": unit, "cursor": page.next_cursor}) if page.next_cursor else ""
    return html.page(request, "desk/to_tell.html", units=units, unit=unit, lines=lines, next_query=more)


@routes.page("/desk/reports/{reference}/told", access=officer(Permission.TELL_REPORTER), method="POST")
def told(request: Request, reference: str) -> Response:
    def tell(body: ToldOtherwise, key: str) -> Report:
        return actions.note_contacted_offline(
            reference,
            body.how,
            version=body.version,
            key=key,
            desk=Desk.of(request),
        )

    return acted(request, reference, ToldOtherwise, tell, usual=LookReason.REPORTER_CONTACT)


@routes.page("/desk/reports/{reference}/told", access=officer(Permission.TELL_REPORTER))
def back_to_report(request: Request, reference: str) -> Response:
    """Whoever logged in again while filling in a form comes back here."""
    return redirect(request.keeping(f"/desk/reports/{reference}"))


def _page(request: Request, unit: str) -> Page:
    return actions.to_contact_offline(unit, cursor=request.argument("cursor"), desk=Desk.of(request))
