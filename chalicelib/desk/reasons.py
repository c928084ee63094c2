"""Why an officer looks at a report: chosen with a press, once per report and session, among what goes with their role.

It stands in the session and in no address: a link chooses nothing, and nothing is chosen beforehand (ADR-0050). Each look is on
record with it. A program says it in the header `Look-Reason`.
"""

from chalicelib.core import ids
from chalicelib.core.errors import NotFound
from chalicelib.desk.actions import NOT_AT_DESK
from chalicelib.people.permissions import REASON_WORDS, LookReason, Permission, reasons_of
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


def chosen(request: Request, reference: str) -> LookReason | None:
    """Return why the officer looks at a report, None while they were not asked in this session."""
    known = ids.parse_reference(reference) or ""
    reason = request.session.reasons.get(known) if request.session else None
    return LookReason(reason) if reason in reasons_of(request.officer) else None


def ask(request: Request, reference: str) -> Response:
    """Ask why the officer looks, before anything is read. Raises NotFound for what can be no number of a report."""
    known = ids.parse_reference(reference)
    if known is None:
        raise NotFound(NOT_AT_DESK)
    reasons = {reason: REASON_WORDS[reason] for reason in reasons_of(request.officer)}
    return html.page(request, "desk/reason.html", reference=known, reasons=reasons)


@routes.page("/desk/reports/{reference}/reason", access=officer(Permission.READ_REPORT), method="POST")
def choose(request: Request, reference: str) -> Response:
    """Keep the reason, and lead to the page on which it was asked: that one looks, and is on record."""
    known, given = ids.parse_reference(reference), request.form().get("reason")
    if known is None:
        raise NotFound(NOT_AT_DESK)
    if request.session is None or given not in reasons_of(request.officer):
        return redirect(f"{request.base}/desk/reports/{known}")
    request.services.sessions.note_reason(request.session, known, LookReason(given))
    return redirect(request.base + _asked_at(request, known))


@routes.page("/desk/reports/{reference}/reason", access=officer(Permission.READ_REPORT))
def back_to_report(request: Request, reference: str) -> Response:
    """Whoever logged in again while choosing comes back here."""
    return redirect(f"{request.base}/desk/reports/{reference}")


def _asked_at(request: Request, reference: str) -> str:
    """Return the page of this report on which the reason was asked; an address of anything else is not followed."""
    report, given = f"/desk/reports/{reference}", request.form().get("next")
    if isinstance(given, str) and given.isascii() and given.isprintable() and given.startswith((f"{report}/", f"{report}?")):
        return given
    return report
