"""The citizen's page to be called about how they were kept informed: apart from the answers, and only when they ask."""

from chalicelib.citizen.own import own_reports
from chalicelib.core import ids
from chalicelib.core.errors import Conflict
from chalicelib.reports.actions import own
from chalicelib.reports.model import Report
from chalicelib.surveys import actions, calls
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.messages import conflict_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/reports/{reference}/call", access=CITIZEN)
def explain(request: Request, reference: str) -> Response:
    return _page(request, own(reference, mine=own_reports(request)))


@routes.page("/reports/{reference}/call", access=CITIZEN, method="POST")
def ask(request: Request, reference: str) -> Response:
    key, days = request.form_key(request.form()), request.services.settings.survey_open_days
    try:
        report = actions.ask_call(reference, open_days=days, key=key, mine=own_reports(request))
    except Conflict as conflict:
        return _page(request, own(reference, mine=own_reports(request)), conflict)
    return redirect(f"{request.base}/reports/{report.reference}?saved=call#saved")


def may_ask(request: Request, report: Report) -> bool:
    """True when this reporter can ask for a call now."""
    return _refusal(request, report) is None


def _refusal(request: Request, report: Report) -> Conflict | None:
    try:
        calls.call_asked(report, open_days=request.services.settings.survey_open_days, at=request.services.clock.now())
    except Conflict as conflict:
        return conflict
    return None


def _page(request: Request, report: Report, conflict: Conflict | None = None) -> Response:
    why_not = conflict or _refusal(request, report)
    return html.page(
        request,
        "surveys/call.html",
        status=409 if conflict else 200,
        report=report,
        refusal=conflict_sentence(why_not, request.language) if why_not else "",
        unwanted=why_not is not None and why_not.code == "call_unwanted",
        failed_now=conflict is not None,
        asked_on=calls.asked_on(report),
        last_day=calls.last_day_to_ask(report, request.services.settings.survey_open_days),
        answered=request.argument("saved") == "survey",
        key=ids.secret_id(),
    )
