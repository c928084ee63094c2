"""/v1/reports: file, list and read one's own reports, answer a question, change one's wishes."""

from functools import partial

from chalicelib.citizen.following.schemas import AnswerToQuestion, CursorQuery, KindOut, KindsOut, NewReport, Wishes
from chalicelib.citizen.own import filed_today, note_read, own_reports
from chalicelib.core.language import translate
from chalicelib.forms import json_types
from chalicelib.reports import actions, request_answers, submission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.facts import Reporter
from chalicelib.web.access import CITIZEN, PUBLIC
from chalicelib.web.report_schemas import PageOut, ReportOut
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api(
    "GET",
    "/v1/kinds",
    access=PUBLIC,
    summary="Kinds of crime that can be reported online",
    description="The kinds that are taken now. One that is switched off for a while is not among them, and is a 409 when filed.",
    answer=KindsOut,
)
def list_kinds(request: Request) -> Response:
    switched_off = request.services.settings.switched_off_kinds
    kinds = tuple(
        KindOut(code=kind.code, crime=kind.crime, name=translate(kind.name, request.language))
        for kind in KINDS.values()
        if kind.code not in switched_off
    )
    return as_json(KindsOut(kinds=kinds).content())


@routes.api(
    "POST",
    "/v1/reports",
    access=CITIZEN,
    summary="File a report",
    description=(
        "File a report of one of the kinds, told and confirmed in one call; its reporter is who the token names. Whoever must "
        "call or come instead gets a 409 with the reason and whom to call. A valid body of each kind stands in this document "
        "under `components.examples`."
    ),
    body=NewReport,
    answer=ReportOut,
    status=201,
    limited=True,
    locates=True,
)
def file_report(request: Request, body: NewReport) -> Response:
    kind = submission.kind_of(body.kind, request.services.settings.switched_off_kinds)
    with json_types.required_in(kind.questions, body.answers):
        told = submission.parse_confirmed(kind, body.answers, body.truth, now=request.services.clock.now())
    citizen = request.citizen
    file = partial(
        actions.file,
        told,
        reporter=Reporter.of(citizen),
        reach=request.services.details.reach(told.contact, pseudonym=citizen.pseudonym),
        key=request.idempotency_key,
        placed=request.services.placed,
        reports=request.services.reports,
        derivation_key=request.services.derivation_key,
        clock=request.services.clock,
    )
    report = filed_today(request, request.idempotency_key, file)
    content = ReportOut.of(report, request.language).content()
    return as_json(content, 201, {"Location": f"{request.base}/v1/reports/{report.reference}"})


@routes.api(
    "GET",
    "/v1/reports",
    access=CITIZEN,
    summary="List one's own reports, newest first",
    description="A page of one's own reports. `nextCursor` is the `cursor` of the next page, and null on the last.",
    query=CursorQuery,
    answer=PageOut,
)
def list_reports(request: Request, query: CursorQuery) -> Response:
    page = request.services.reports.of_reporter(request.citizen.pseudonym, cursor=query.cursor)
    return as_json(PageOut.of(page).content())


@routes.api(
    "GET",
    "/v1/reports/{reference}",
    access=CITIZEN,
    summary="Read one of one's own reports",
    description="The whole report: its answers as confirmed, its status in words, its timeline, and what the police asked.",
    answer=ReportOut,
)
def read_report(request: Request, reference: str) -> Response:
    report = actions.own(reference, mine=own_reports(request))
    note_read(request, report)
    return as_json(ReportOut.of(report, request.language).content())


@routes.api(
    "POST",
    "/v1/reports/{reference}/answers",
    access=CITIZEN,
    summary="Answer the questions of the police",
    description="Answer an open request, once. One that was answered, replaced or whose time is over is a 409 that says which.",
    body=AnswerToQuestion,
    answer=ReportOut,
    status=201,
)
def answer_question(request: Request, reference: str, body: AnswerToQuestion) -> Response:
    report = actions.answer(
        reference,
        body.question,
        lambda asked: request_answers.parse(asked, body.answers, now=request.services.clock.now()),
        key=request.idempotency_key,
        mine=own_reports(request),
    )
    return as_json(ReportOut.of(report, request.language).content(), 201)


@routes.api(
    "POST",
    "/v1/reports/{reference}/wishes",
    access=CITIZEN,
    summary="Change what one wants to hear about a report",
    description="Which news comes by mail, and whether a questionnaire does. A question of the police always comes.",
    body=Wishes,
    answer=ReportOut,
)
def change_wishes(request: Request, reference: str, body: Wishes) -> Response:
    report = actions.change_wishes(
        reference, information=body.information, survey=body.survey, key=request.idempotency_key, mine=own_reports(request)
    )
    return as_json(ReportOut.of(report, request.language).content())
