"""/v1/reports/{reference}/requests: ask for an update, for a second look at a decision, or for a call after the survey."""

from chalicelib.citizen.own import own_reports
from chalicelib.citizen.promises.schemas import NewRequest, RequestSort
from chalicelib.reports import actions
from chalicelib.reports.model import Report
from chalicelib.surveys import actions as surveys
from chalicelib.web.access import CITIZEN
from chalicelib.web.report_schemas import ReportOut
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "POST",
    "/v1/reports/{reference}/requests",
    access=CITIZEN,
    summary="Ask for an update, for a second look at a decision, or for a call after the survey",
    description=(
        "An `update`: once in 28 days, and not within 14 days of news; a 409 says from which day on. A `second_look`: once for "
        "each decision not to investigate, or to close, with a `reason`; it reopens nothing by itself, and is no objection at "
        "the public prosecutor. A `call`, about how the reporter was kept informed: once, from the invitation to the survey "
        "until its last day; the police hear that a call is wanted, and nothing of the answers. `updateBy` and `contestBy` of "
        "the report are the last days on which the police answer."
    ),
    body=NewRequest,
    answer=ReportOut,
    status=201,
)
def ask(request: Request, reference: str, body: NewRequest) -> Response:
    report = _asked(request, reference, body)
    return as_json(ReportOut.of(report, request.language).content(), 201)


def _asked(request: Request, reference: str, body: NewRequest) -> Report:
    mine, key = own_reports(request), request.idempotency_key
    if body.sort is RequestSort.SECOND_LOOK:
        return actions.contest(reference, body.reason, key=key, mine=mine)
    body.require_no_reason()
    if body.sort is RequestSort.CALL:
        return surveys.ask_call(reference, open_days=request.services.settings.survey_open_days, key=key, mine=mine)
    return actions.ask_update(reference, key=key, mine=mine)
