"""An act of an officer on the page of a report: done, or told why not, with the report as it is and all that was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.core.errors import Conflict, Invalid
from chalicelib.desk import actions
from chalicelib.desk.actions import Desk
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.report import view
from chalicelib.people.permissions import LookReason
from chalicelib.reports.model import Report
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.schema import B, parse

DONE = "#done"  # where it is said what was done, with the button that takes it back: the next that Tab comes to


def acted(
    request: Request,
    reference: str,
    model: type[B],
    act: Callable[[B, str], Report],
    *,
    usual: LookReason = LookReason.HANDLING,
    ends: str = "",
) -> Response:
    """Do what an officer's form asks. A change that cannot be done comes back with the present report and all that was typed.

    `ends` is where on the page of the report one goes on.
    """

    def do() -> Response:
        posted = request.form()
        report = act(parse(model, sent(posted)), request.form_key(posted))
        return redirect(request.keeping(f"/desk/reports/{report.reference}") + ends)

    return tried(request, reference, do, usual=usual)


def tried(
    request: Request,
    reference: str,
    act: Callable[[], Response],
    *,
    typed: Mapping[str, Any] | None = None,
    usual: LookReason = LookReason.HANDLING,
) -> Response:
    """Do something with a report; if it cannot be done, show the present report, why, and all that was `typed` (the form)."""
    typed = typed_in(request.form()) if typed is None else typed
    try:
        return act()
    except Invalid as invalid:
        return view.page(request, looked_at(request, reference, usual), typed, invalid.errors)
    except Conflict as conflict:
        return view.page(request, looked_at(request, reference, usual), typed, conflict=conflict_sentence(conflict, request))


def typed_in(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed into a form, without what belongs to the page."""
    return {name: value for name, value in posted.items() if not name.startswith("_")}


def sent(posted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form as it is read: what was left empty was not sent."""
    return {name: value for name, value in typed_in(posted).items() if value != ""}


def looked_at(request: Request, reference: str, usual: LookReason = LookReason.HANDLING) -> Report:
    """Return a report to show it to the officer who acts; the look is on record first, with the reason of their session."""
    desk = Desk.of(request)
    return actions.load_report(reference, reason=desk.why(reference, usual), desk=desk)
