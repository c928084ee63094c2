"""/v1/survey, /v1/survey-answers, /v1/survey-results: read and answer with a code, and count the answers."""

from typing import Any

from chalicelib.citizen.surveys.schemas import AnsweredOut, NewSurveyAnswer, ResultsOut, ResultsQuery, SurveyOut
from chalicelib.people.permissions import Permission
from chalicelib.surveys import actions
from chalicelib.surveys.model import PURPOSE
from chalicelib.web import limits
from chalicelib.web.access import PUBLIC, officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/survey",
    access=PUBLIC,
    summary="Read the survey that belongs to the code in the header Survey-Code",
    description="What is asked, in the reader's language, and until when. Nobody is logged in: the code opens it.",
    header="Survey-Code",
    answer=SurveyOut,
    limited=True,
)
def read_survey(request: Request) -> Response:
    """The code comes in a header, because nothing that opens something may stand in an address."""
    code = request.headers.get("survey-code", "")
    with limits.counted(request, PURPOSE):
        invitation = actions.load_invitation(code, **_parts(request))
    return as_json(SurveyOut.of(invitation, request.language).content())


@routes.api(
    "POST",
    "/v1/survey-answers",
    access=PUBLIC,
    summary="Answer the survey, once",
    description="Give the answers with the code of the invitation. A second answer, or one after the last day, is a 410.",
    body=NewSurveyAnswer,
    answer=AnsweredOut,
    status=201,
    limited=True,
)
def answer_survey(request: Request, body: NewSurveyAnswer) -> Response:
    with limits.counted(request, PURPOSE):
        given = actions.answer(body.code, body.scores, body.why, key=request.idempotency_key, **_parts(request))
    return as_json(AnsweredOut.of(given).content(), 201)


@routes.api(
    "GET",
    "/v1/survey-results",
    access=officer(Permission.READ_RESULTS),
    summary="What the reporters of a closed month answered, by crime and unit: no group under 10, also not by subtracting",
    description="For officers who may read results. `state` says whether they are there: a month still open has none yet.",
    query=ResultsQuery,
    answer=ResultsOut,
)
def survey_results(request: Request, query: ResultsQuery) -> Response:
    results = actions.results(query.month, surveys=request.services.surveys, clock=request.services.clock)
    return as_json(ResultsOut.of(results).content())


def _parts(request: Request) -> dict[str, Any]:
    services = request.services
    return {"surveys": services.surveys, "names_key": services.derivation_key, "clock": services.clock}
