"""/v1/reports/{reference}/additions: add to one's own report, and read what was added."""

from chalicelib.citizen.additions.schemas import AdditionOut, AdditionsOut, NewAddition
from chalicelib.reports import actions, addition_form
from chalicelib.reports.model import Report
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_PATH = "/v1/reports/{reference}/additions"


@routes.api("GET", _PATH, access=CITIZEN, summary="Read what was added to one's own report", answer=AdditionsOut)
def list_additions(call: Call, reference: str) -> Reply:
    return _told(actions.own(reference, pseudonym=call.citizen.pseudonym, reports=call.services.reports), 200)


@routes.api("POST", _PATH, access=CITIZEN, summary="Add to one's own report", body=NewAddition, answer=AdditionsOut, status=201)
def add(call: Call, reference: str, body: NewAddition) -> Reply:
    report = actions.add(
        reference,
        body.sort,
        lambda before: addition_form.read(body.sort, before, body.answers, now=call.services.clock.now()),
        pseudonym=call.citizen.pseudonym,
        key=call.idempotency_key,
        reports=call.services.reports,
        clock=call.services.clock,
    )
    return _told(report, 201)


def _told(report: Report, status: int) -> Reply:
    return as_json(AdditionsOut(additions=tuple(map(AdditionOut.of, report.additions))).content(), status)
