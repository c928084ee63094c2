"""/v1/reports/{reference}/additions: add to one's own report, and read what was added."""

from typing import Any

from chalicelib.citizen.additions.schemas import AdditionOut, AdditionsOut, NewAddition
from chalicelib.citizen.own import own_reports
from chalicelib.forms import json_types
from chalicelib.reports import actions, addition_form
from chalicelib.reports.model import Report
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_PATH = "/v1/reports/{reference}/additions"


@routes.api(
    "GET",
    _PATH,
    access=CITIZEN,
    summary="Read what was added to one's own report",
    description="All additions, the oldest first. They never change, and neither does the report.",
    answer=AdditionsOut,
)
def list_additions(request: Request, reference: str) -> Response:
    return _told(actions.own(reference, mine=own_reports(request)), 200)


@routes.api(
    "POST",
    _PATH,
    access=CITIZEN,
    summary="Add to one's own report",
    description="Something more, something that was wrong, or something found again. What was confirmed stays as it is.",
    body=NewAddition,
    answer=AdditionsOut,
    status=201,
)
def add(request: Request, reference: str, body: NewAddition) -> Response:
    def read(before: Report) -> dict[str, Any]:
        with json_types.required_in(addition_form.section_of(body.sort, before).questions, body.answers):
            return addition_form.parse(body.sort, before, body.answers, now=request.services.clock.now())

    report = actions.add(reference, body.sort, read, key=request.idempotency_key, mine=own_reports(request))
    return _told(report, 201)


def _told(report: Report, status: int) -> Response:
    return as_json(AdditionsOut(additions=tuple(map(AdditionOut.of, report.additions))).content(), status)
