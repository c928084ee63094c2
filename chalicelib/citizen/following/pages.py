"""The citizen's pages about reports that were filed: follow, and choose what to hear about."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from chalicelib.citizen.own import note_read, own_reports
from chalicelib.citizen.surveys.call_pages import may_ask
from chalicelib.clues.actions import looked_for
from chalicelib.core.clock import day_of
from chalicelib.drafts.store import ANSWER, answer_id
from chalicelib.evidence.model import sent_with
from chalicelib.evidence.presenter import rows
from chalicelib.reports import actions, addition_form, presenter, promises, request_answers
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.contact import WISH_WORDS
from chalicelib.reports.hand_over import unit_at
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import OBJECTIONABLE, WORDS, Status
from chalicelib.reports.store import Page, ReportLine
from chalicelib.surveys import calls
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/reports", access=CITIZEN)
def list_reports(request: Request) -> Response:
    page = request.services.reports.of_reporter(request.citizen.pseudonym, cursor=request.argument("cursor"))
    request = _marked(request, page)
    drafts = () if request.argument("cursor") else request.services.drafts.of_owner(request.citizen.pseudonym)
    begun = {draft.id for draft in drafts if draft.kind == ANSWER}
    lines = [_line(request, line, begun) for line in page.lines]
    return html.page(
        request,
        "reports/list.html",
        lines=lines,
        asking=sorted((line for line in lines if line["answer_by"]), key=lambda line: line["answer_by"]),
        drafts=[(KINDS[draft.kind], draft) for draft in drafts if draft.kind in KINDS],
        visited_before=request.session.visited_before if request.session else None,
        next_cursor=page.next_cursor,
    )


@routes.page("/reports/{reference}", access=CITIZEN)
def show(request: Request, reference: str) -> Response:
    report, today = _own(request, reference), day_of(request.services.clock.now())
    note_read(request, report)
    return html.page(
        request,
        "reports/report.html",
        report=report,
        kind=KINDS[report.kind].name,
        words=WORDS[report.status],
        reason=presenter.reason(report),
        can_object=report.status in OBJECTIONABLE,
        events=presenter.timeline(report),
        open_question=report.open_question,
        is_last_day=bool(report.open_question and report.open_question.deadline_on == today),
        ended_questions=[
            request_answers.view_of(question, request.language) for question in report.told_questions if not question.is_open
        ],
        question_ends=presenter.QUESTION_END_WORDS,
        blocks=presenter.blocks(report.kind, report.statement.answers, request.language),
        files=rows(sent_with(report), request.language),
        additions=addition_form.views_of(report, request.language),
        written_by=promises.notice_by(report),
        ask_from=promises.ask_from(report),
        today=today,
        update_by=promises.update_due_on(report),
        looks_again_on=promises.looks_again_on(report),
        may_contest=promises.may_contest(report),
        contest_by=promises.contest_due_on(report),
        call_asked_on=calls.asked_on(report),
        may_ask_call=may_ask(request, report),
        wishes=WISH_WORDS,
        saved=request.argument("saved"),
    )


@routes.page("/reports/{reference}/receipt", access=CITIZEN)
def receipt(request: Request, reference: str) -> Response:
    report = _own(request, reference)
    return html.page(request, "reports/receipt.html", report=report, words=WORDS[Status.RECEIVED])


@routes.page("/reports/{reference}/views", access=CITIZEN)
def views(request: Request, reference: str) -> Response:
    """The looks at the report: when, and in which role; never which person (police data act)."""
    report = _own(request, reference)
    looks = [
        (record.at, [presenter.STAFF_WORDS[role] for role in record.roles.split(",")], unit_at(report, record.at))
        for record in _looks(request, report)
    ]
    looked = looked_for(report, request.services.clues)
    return html.page(request, "reports/views.html", report=report, looks=looks, looked=looked)


@routes.page("/reports/{reference}/wishes", access=CITIZEN)
def wishes(request: Request, reference: str) -> Response:
    """Whoever logged in again while choosing comes back here."""
    return redirect(f"{request.base}/reports/{_own(request, reference).reference}#wishes")


@routes.page("/reports/{reference}/wishes", access=CITIZEN, method="POST")
def change_wishes(request: Request, reference: str) -> Response:
    from chalicelib.citizen.following.schemas import Wishes  # noqa: PLC0415 — pydantic only where a wish is read
    from chalicelib.web.schema import parse  # noqa: PLC0415 — likewise

    posted = request.form()
    wanted = parse(Wishes, {"information": posted.get("information"), "survey": posted.get("survey") == "true"})
    report = actions.change_wishes(reference, information=wanted.information, survey=wanted.survey, mine=own_reports(request))
    return redirect(f"{request.base}/reports/{report.reference}?saved=wishes#wishes")


def _marked(request: Request, page: Page) -> Request:
    """Refresh what the session knows of mail that comes back: the list has just been read, and tells it for nothing."""
    found = any(line.unreachable for line in page.lines)
    is_whole = not page.next_cursor and not request.argument("cursor")
    if request.session is None or not (found or is_whole):
        return request
    return replace(request, session=request.services.sessions.mark(request.session, unreachable=found))


def _looks(request: Request, report: Report) -> list[Any]:
    """The looks of officers, the newest first."""
    return sorted(request.services.audit.of(report.reference), key=lambda record: record.at, reverse=True)


def _own(request: Request, reference: str) -> Report:
    return actions.own(reference, mine=own_reports(request))


def _line(request: Request, line: ReportLine, begun: AbstractSet[str]) -> dict[str, Any]:
    """News is what happened after the visit before this one; of a first visit, all that the police did."""
    before = request.session.visited_before if request.session else None
    return {
        "reference": line.reference,
        "name": KINDS[line.kind].name,
        "filed_at": line.filed_at,
        "status": WORDS[line.status].name,
        "is_new": line.news_at is not None and (before is None or line.news_at > before),
        "news_at": line.news_at,
        "answer_by": line.answer_by,
        "is_last_day": line.answer_by == day_of(request.services.clock.now()),
        "is_begun": answer_id(line.reference) in begun,
    }
