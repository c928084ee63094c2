"""/v1/desk: giving reports to somebody, and ranking them."""

from chalicelib.desk.assigning import actions
from chalicelib.desk.assigning.schemas import Assignment, Assignments, OutcomeOut, OutcomesOut, Ranking
from chalicelib.desk.schemas import DeskReportOut
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.people.permissions import Permission
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_ASSIGNS = officer(Permission.ASSIGN)


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/assignments",
    access=_ASSIGNS,
    summary="Give a report to somebody, to a team, or back",
    description=(
        "A handler gives to themselves, to a team of theirs or to nobody, and takes nothing from a colleague; a supervisor gives "
        "to anybody in a team of the unit. An assignee locks nothing. The reporter hears nothing of it."
    ),
    body=Assignment,
    answer=DeskReportOut,
    status=201,
)
def assign(request: Request, reference: str, body: Assignment) -> Response:
    report = actions.assign(reference, body.to, seen=body.seen, key=request.idempotency_key, desk=TeamDesk.of(request))
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)


@routes.api(
    "POST",
    "/v1/desk/assignments",
    access=_ASSIGNS,
    summary="Give up to 50 reports to one, each with its own outcome",
    description="A report that is refused stops no other. Sent again with the same `Idempotency-Key`, nothing is done twice.",
    body=Assignments,
    answer=OutcomesOut,
)
def assign_many(request: Request, body: Assignments) -> Response:
    outcomes = actions.assign_many(body.references, body.to, key=request.idempotency_key, desk=TeamDesk.of(request))
    return as_json(OutcomesOut(outcomes=tuple(OutcomeOut.of(each, request.language) for each in outcomes)).content())


@routes.api(
    "POST",
    "/v1/desk/reports/{reference}/ranks",
    access=_ASSIGNS,
    summary="Say how soon a report must be done, and why",
    description="Urgent ones come before all others in the queue, `later` after them. The reporter hears nothing of it.",
    body=Ranking,
    answer=DeskReportOut,
    status=201,
)
def rank(request: Request, reference: str, body: Ranking) -> Response:
    desk = TeamDesk.of(request)
    report = actions.rank(reference, body.rank, body.reason, version=body.version, key=request.idempotency_key, desk=desk)
    return as_json(DeskReportOut.of_desk(report, request.language).content(), 201)
