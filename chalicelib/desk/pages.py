"""The officers' worklist, and the way to a report by its number."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from chalicelib.core import ids
from chalicelib.core.errors import FieldError
from chalicelib.core.language import N_
from chalicelib.desk import actions
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import STATUS_WORDS
from chalicelib.forms import fields
from chalicelib.forms.questions import Need, Question
from chalicelib.people.permissions import REASON_WORDS, LookReason, Permission, may, reasons_of
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import Page
from chalicelib.web import cookies, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

_SOUGHT = Question(
    "number",
    N_("Number of a report"),
    need=Need.REQUIRED,
    hint=N_("A report that was decided, and that is older than a year, opens by its number only."),
    most=20,
    autocomplete="off",  # a browser would offer to the next officer what was typed here
)


@routes.page("/desk", access=officer(Permission.READ_REPORT))
def worklist(request: Request) -> Response:
    return _worklist(request)


@routes.page("/desk", access=officer(Permission.READ_REPORT), method="POST")
def seek(request: Request) -> Response:
    """Lead to a report by its number. A typed text may be a name or a BSN: it comes into no address and on no page."""
    typed = request.form().get(_SOUGHT.name)
    known = ids.parse_reference(typed) if isinstance(typed, str) else None
    if request.wanted_language:
        return _worklist(request)
    if known is None:
        return _worklist(request, [FieldError(_SOUGHT.name, "reference_unknown" if typed else "required")])
    return redirect(f"{request.base}/desk/reports/{known}")  # which asks for the reason first


def _worklist(request: Request, errors: Sequence[FieldError] = ()) -> Response:
    field = fields.field_of(_SOUGHT, {}, errors)
    units = sorted(request.officer.units)
    unit = request.argument("unit") or (units[0] if len(units) == 1 else "")  # a look is on record: nobody looks by default
    status = _chosen(Status, request.argument("status"), Status.RECEIVED)
    reasons = reasons_of(request.officer)
    reason = _chosen(LookReason, request.argument("reason"), reasons[0])
    page = _page(request, unit, status, reason) if unit else Page((), "")
    query = {"unit": unit, "status": status, "reason": reason, "cursor": page.next_cursor}
    return html.page(
        request,
        "desk/worklist.html",
        status=400 if errors else 200,
        cookies=_remembered(request) if unit else (),
        sought=field,
        problems=fields.problems([field], errors),
        may_file=may(request.officer, Permission.FILE_REPORT),
        may_tell=may(request.officer, Permission.TELL_REPORTER),
        units=units,
        unit=unit,
        statuses=STATUS_WORDS,
        chosen=status,
        reasons={one: REASON_WORDS[one] for one in reasons},
        reason=reason,
        lines=[(line, KINDS[line.kind].name) for line in page.lines],
        next_query=urlencode(query) if page.next_cursor else "",
    )


def _remembered(request: Request) -> tuple[str, ...]:
    """The menu leads back to the list that was opened last."""
    if request.session is None or not request.query:
        return ()
    return (cookies.put_list(request.services.settings, request.session, request.here),)


def _page(request: Request, unit: str, status: Status, reason: LookReason) -> Page:
    return actions.worklist(
        unit,
        status,
        reason=reason,
        cursor=request.argument("cursor"),
        desk=Desk.of(request),
    )


_C = TypeVar("_C", bound=StrEnum)


def _chosen(choices: type[_C], given: str, default: _C) -> _C:
    return choices(given) if given in list(choices) else default
