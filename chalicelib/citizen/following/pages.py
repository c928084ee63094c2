"""The citizen's pages about reports that were filed: follow, and choose what to hear about."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from chalicelib.core.clock import day_of
from chalicelib.drafts.store import ANSWER, answer_id
from chalicelib.evidence.model import sent_with
from chalicelib.evidence.presenter import rows
from chalicelib.reports import actions, addition_form, presenter, request_answers
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.contact import WISH_WORDS
from chalicelib.reports.deadlines import WRITTEN_NOTICE
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import OBJECTIONABLE, WORDS, Status
from chalicelib.reports.store import Page, ReportLine
from chalicelib.web import html
from chalicelib.web.access import CITIZEN
from chalicelib.web.request import Call
from chalicelib.web.response import Reply, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)


@routes.page("/reports", access=CITIZEN)
def list_reports(call: Call) -> Reply:
    page = call.services.reports.of_reporter(call.citizen.pseudonym, cursor=call.argument("cursor"))
    call = _marked(call, page)
    drafts = () if call.argument("cursor") else call.services.drafts.of_owner(call.citizen.pseudonym)
    begun = {draft.id for draft in drafts if draft.kind == ANSWER}
    lines = [_line(call, line, begun) for line in page.lines]
    return html.page(
        call,
        "reports/list.html",
        lines=lines,
        asking=sorted((line for line in lines if line["answer_by"]), key=lambda line: line["answer_by"]),
        drafts=[(KINDS[draft.kind], draft) for draft in drafts if draft.kind in KINDS],
        visited_before=call.session.visited_before if call.session else None,
        next_cursor=page.next_cursor,
    )


@routes.page("/reports/{reference}", access=CITIZEN)
def show(call: Call, reference: str) -> Reply:
    report = _own(call, reference)
    return html.page(
        call,
        "reports/report.html",
        report=report,
        kind=KINDS[report.kind].name,
        words=WORDS[report.status],
        reason=presenter.reason(report),
        can_object=report.status in OBJECTIONABLE,
        events=presenter.timeline(report),
        open_question=report.open_question,
        is_last_day=bool(report.open_question and report.open_question.deadline_on == day_of(call.services.clock.now())),
        ended_questions=[
            request_answers.shown_of(question, call.language) for question in report.questions if not question.is_open
        ],
        question_ends=presenter.QUESTION_END_WORDS,
        blocks=presenter.blocks(report.kind, report.statement.answers, call.language),
        files=rows(sent_with(report), call.language),
        additions=addition_form.shown_of(report, call.language),
        written_by=day_of(report.decided_at + WRITTEN_NOTICE) if report.decided_at else None,
        wishes=WISH_WORDS,
        saved=call.argument("saved"),
    )


@routes.page("/reports/{reference}/receipt", access=CITIZEN)
def receipt(call: Call, reference: str) -> Reply:
    report = _own(call, reference)
    return html.page(call, "reports/receipt.html", report=report, words=WORDS[Status.RECEIVED])


@routes.page("/reports/{reference}/views", access=CITIZEN)
def views(call: Call, reference: str) -> Reply:
    """Who looked at the report: when, and in which role; never which person (police data act)."""
    report = _own(call, reference)
    looks = [(record.at, [presenter.STAFF_WORDS[role] for role in record.roles.split(",")]) for record in _looks(call, report)]
    return html.page(call, "reports/views.html", report=report, looks=looks)


@routes.page("/reports/{reference}/wishes", access=CITIZEN)
def wishes(call: Call, reference: str) -> Reply:
    """Whoever logged in again while choosing comes back here."""
    return redirect(f"{call.base}/reports/{_own(call, reference).reference}#wishes")


@routes.page("/reports/{reference}/wishes", access=CITIZEN, method="POST")
def change_wishes(call: Call, reference: str) -> Reply:
    from chalicelib.web.report_schemas import Wishes  # noqa: PLC0415 — pydantic only where a wish is read
    from chalicelib.web.schema import read  # noqa: PLC0415 — likewise

    posted = call.form()
    wanted = read(Wishes, {"information": posted.get("information"), "survey": posted.get("survey") == "true"})
    report = actions.change_wishes(
        reference,
        information=wanted.information,
        survey=wanted.survey,
        pseudonym=call.citizen.pseudonym,
        reports=call.services.reports,
        clock=call.services.clock,
    )
    return redirect(f"{call.base}/reports/{report.reference}?saved=wishes#wishes")


def _marked(call: Call, page: Page) -> Call:
    """Refresh what the session knows of mail that comes back: the list has just been read, and tells it for nothing."""
    found = any(line.unreachable for line in page.lines)
    is_whole = not page.next_cursor and not call.argument("cursor")
    if call.session is None or not (found or is_whole):
        return call
    return replace(call, session=call.services.sessions.mark(call.session, unreachable=found))


def _looks(call: Call, report: Report) -> list[Any]:
    """The looks of officers, the newest first."""
    return sorted(call.services.audit.of(report.reference), key=lambda record: record.at, reverse=True)


def _own(call: Call, reference: str) -> Report:
    return actions.own(reference, pseudonym=call.citizen.pseudonym, reports=call.services.reports)


def _line(call: Call, line: ReportLine, begun: AbstractSet[str]) -> dict[str, Any]:
    """News is what happened after the visit before this one; of a first visit, all that the police did."""
    before = call.session.visited_before if call.session else None
    return {
        "reference": line.reference,
        "name": KINDS[line.kind].name,
        "filed_at": line.filed_at,
        "status": WORDS[line.status].name,
        "is_new": line.news_at is not None and (before is None or line.news_at > before),
        "news_at": line.news_at,
        "answer_by": line.answer_by,
        "is_last_day": line.answer_by == day_of(call.services.clock.now()),
        "is_begun": answer_id(line.reference) in begun,
    }
