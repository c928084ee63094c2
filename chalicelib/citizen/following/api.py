"""/v1/reports: file, list and read one's own reports, answer a question, change one's wishes."""

from chalicelib.core.language import translate
from chalicelib.reports import actions, request_answers, submission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Reporter
from chalicelib.web.access import CITIZEN, PUBLIC
from chalicelib.web.report_schemas import AnswerToQuestion, CursorQuery, KindOut, KindsOut, NewReport, PageOut, ReportOut, Wishes
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.api("GET", "/v1/kinds", access=PUBLIC, summary="Kinds of crime that can be reported online", answer=KindsOut)
def list_kinds(call: Call) -> Reply:
    switched_off = call.services.settings.switched_off_kinds
    kinds = tuple(
        KindOut(code=kind.code, crime=kind.crime, name=translate(kind.name, call.language))
        for kind in KINDS.values()
        if kind.code not in switched_off
    )
    return as_json(KindsOut(kinds=kinds).content())


@routes.api("POST", "/v1/reports", access=CITIZEN, summary="File a report", body=NewReport, answer=ReportOut, status=201)
def file_report(call: Call, body: NewReport) -> Reply:
    kind = submission.kind_of(body.kind, call.services.settings.switched_off_kinds)
    told = submission.parse_confirmed(kind, body.answers, body.truth, now=call.services.clock.now())
    citizen = call.citizen
    report = actions.file(
        told,
        reporter=Reporter(citizen.pseudonym, citizen.sealed_bsn),
        contact=call.services.details.contact(told.contact, pseudonym=citizen.pseudonym),
        key=call.idempotency_key,
        reports=call.services.reports,
        derivation_key=call.services.derivation_key,
        clock=call.services.clock,
    )
    content = ReportOut.of(report, call.language).content()
    return as_json(content, 201, {"Location": f"{call.base}/v1/reports/{report.reference}"})


@routes.api(
    "GET", "/v1/reports", access=CITIZEN, summary="List one's own reports, newest first", query=CursorQuery, answer=PageOut
)
def list_reports(call: Call, query: CursorQuery) -> Reply:
    page = call.services.reports.of_reporter(call.citizen.pseudonym, cursor=query.cursor)
    return as_json(PageOut.of(page).content())


@routes.api("GET", "/v1/reports/{reference}", access=CITIZEN, summary="Read one of one's own reports", answer=ReportOut)
def read_report(call: Call, reference: str) -> Reply:
    report = actions.own(reference, pseudonym=call.citizen.pseudonym, reports=call.services.reports)
    return as_json(ReportOut.of(report, call.language).content())


@routes.api(
    "POST",
    "/v1/reports/{reference}/answers",
    access=CITIZEN,
    summary="Answer the questions of the police",
    body=AnswerToQuestion,
    answer=ReportOut,
    status=201,
)
def answer_question(call: Call, reference: str, body: AnswerToQuestion) -> Reply:
    report = actions.answer(
        reference,
        body.question,
        lambda asked: request_answers.read(asked, body.answers, now=call.services.clock.now()),
        pseudonym=call.citizen.pseudonym,
        key=call.idempotency_key,
        reports=call.services.reports,
        clock=call.services.clock,
    )
    return as_json(ReportOut.of(report, call.language).content(), 201)


@routes.api(
    "POST",
    "/v1/reports/{reference}/wishes",
    access=CITIZEN,
    summary="Change what one wants to hear about a report",
    body=Wishes,
    answer=ReportOut,
)
def change_wishes(call: Call, reference: str, body: Wishes) -> Reply:
    report = actions.change_wishes(
        reference,
        information=body.information,
        survey=body.survey,
        pseudonym=call.citizen.pseudonym,
        key=call.idempotency_key,
        reports=call.services.reports,
        clock=call.services.clock,
    )
    return as_json(ReportOut.of(report, call.language).content())
