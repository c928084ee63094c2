"""The page of a report: its parts, each with the facts that its template shows.

A part of the page is a function that returns what its template needs; the panel of acts is made of forms, each in a template of
its own (`desk/report/panel/`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.core.errors import FieldError
from chalicelib.desk import actions, masks
from chalicelib.desk.actions import Desk
from chalicelib.desk.instructions import MEANS_WORDS, instructions
from chalicelib.desk.labels import DOUBT_WORDS, QUESTION_END_WORDS, ROLE_WORDS, STATUS_WORDS, TASK_WORDS
from chalicelib.desk.queue.rows import due_words, place_of, tags_of, term_of
from chalicelib.desk.report import changing, side_forms, status_form, timeline
from chalicelib.desk.search.linked_pages import links_shown
from chalicelib.desk.texts import choosing
from chalicelib.desk.way import way_of
from chalicelib.desk.work import work_of
from chalicelib.evidence import looking
from chalicelib.evidence.model import folder_id, sent_with
from chalicelib.evidence.presenter import rows
from chalicelib.forms import fields
from chalicelib.people.permissions import Permission, may
from chalicelib.reports import addition_form, presenter, promises, request_answers
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.contact import WISH_WORDS
from chalicelib.reports.events import INTERNAL
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import WORDS
from chalicelib.reports.store import line_of
from chalicelib.teams.model import Roster
from chalicelib.web import html
from chalicelib.web.request import Request
from chalicelib.web.response import Response

FORMS = ("status", "notes", "tasks", "tasks/done")  # a text that was typed in one of these waits for its writer


def page(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: str = "",
    restored: str = "",
    is_open: bool = False,
) -> Response:
    """Show a report that was looked at; `typed` fills the form that was sent, `errors` or `conflict` say why it was not done.

    `restored` is the form of the page whose text had waited for its writer.
    """
    rosters = request.services.rosters.of_units(timeline.units_of(report))
    return html.page(
        request,
        "desk/report.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        conflict=conflict,
        restored=restored,
        key=ids.secret_id(),
        way=way_of(request, report.reference),
        **_top(request, report, is_open=is_open),
        **_statement(request, report, is_open=is_open),
        **_timeline(request, report, rosters),
        links=links_shown(request, report),
        **_panel(request, report, typed, errors),
        work=work_of(report, request.officer, rosters[0]),
    )


def _top(request: Request, report: Report, *, is_open: bool) -> dict[str, Any]:
    line, today = line_of(report), day_of(request.services.clock.now())
    return {
        "kind": KINDS[report.kind].name,
        "place": place_of(report.municipality),
        "reporter": presenter.reporter_name(report),
        "term": term_of(line, today),
        "due": due_words(line, today, request.language),
        "due_on": line.due_on,
        "tags": tags_of(line, request.language),
        "status_words": STATUS_WORDS[report.status],
        "reads": WORDS[report.status].name,
        "wishes": WISH_WORDS,
        "hours": presenter.HOUR_WORDS,
        "how": instructions(report),
        "number": report.statement.answers.get("phone", "") if is_open else "",
        "email": masks.email_of(report, is_open=is_open),
        "may_uncover": not is_open and may(request.officer, Permission.SEE_CONTACT, report.unit),
    }


def _statement(request: Request, report: Report, *, is_open: bool) -> dict[str, Any]:
    return {
        "questions": [request_answers.view_of(question, request.language) for question in report.questions],
        "question_ends": QUESTION_END_WORDS,
        "files": rows(sent_with(report), request.language),
        "may_hide": _may_hide(request, report),
        "additions": addition_form.views_of(report, request.language),
        "doubts": DOUBT_WORDS,
        "blocks": masks.blocks_of(presenter.blocks(report.kind, report.statement.answers, request.language), is_open=is_open),
    }


def _timeline(request: Request, report: Report, rosters: Sequence[Roster]) -> dict[str, Any]:
    return {
        "events": timeline.lines(report, rosters, request.language),
        "roles": ROLE_WORDS,
        "internal": INTERNAL,
        "retracted": report.retracted,
        "means": MEANS_WORDS,
        "task_words": TASK_WORDS,
    }


def _panel(request: Request, report: Report, typed: Mapping[str, Any], errors: Sequence[FieldError]) -> dict[str, Any]:
    texts = choosing.offered(report, report.next_statuses(), request.services.texts)
    asked = status_form.questions(report, typed, request.language, texts=choosing.questions(texts))
    change = [fields.field_of(question, typed, errors) for question in asked]
    if not report.open_tasks and typed.get("doneRemark"):  # somebody else did it meanwhile: the text is a note now
        typed = {**typed, "note": typed["doneRemark"]}
    note, done, new = (
        [fields.field_of(question, typed, errors) for question in questions]
        for questions in ((side_forms.NOTE,), side_forms.done(report), side_forms.raised(report))
    )
    labels = {field.name: field.question.label for field in (*change, *note, *done, *new)}
    return {
        "note_field": note[0],
        "done_fields": done,
        "done_open": _is_used(done),
        "new_fields": new,
        "new_open": _is_used(new),
        "may_note": may(request.officer, Permission.WRITE_NOTE, report.unit),
        "may_do_tasks": may(request.officer, Permission.DO_TASKS, report.unit),
        "may_forward": may(request.officer, Permission.FORWARD, report.unit),
        "may_file": may(request.officer, Permission.FILE_REPORT),
        "change_fields": change,
        "problems": [fields.Problem(error, labels.get(error.field, "")) for error in errors],
        "may_change": may(request.officer, Permission.CHANGE_STATUS, report.unit),
        "may_ask": may(request.officer, Permission.ASK_REPORTER, report.unit),
        "may_update": may(request.officer, Permission.GIVE_UPDATE, report.unit),
        "update_by": promises.update_due_on(report),
        "contest_by": promises.contest_due_on(report),
        "tell_since": _tell_since(request, report),
        **changing.shown(request, report),
    }


def _is_used(form: Sequence[fields.Field]) -> bool:
    return any(field.errors or field.value or field.chosen for field in form)


def _tell_since(request: Request, report: Report) -> datetime | None:
    """Return since when this officer should tell the reporter something, None when there is nothing, or it is not theirs."""
    if not may(request.officer, Permission.TELL_REPORTER, report.unit):
        return None
    return report.to_contact_since or actions.mail_given_up_since(report, Desk.of(request))


def _may_hide(request: Request, report: Report) -> frozenset[str]:
    """Return the files of a report that may hold more than is seen: an officer who sends one on should know."""
    folders = (
        looking.look(
            folder_id(request.services.derivation_key, report.reporter.pseudonym, report.reference, part),
            request.services.evidence_storage,
        )
        for part in {file.part for file in sent_with(report)}
    )
    return frozenset(file.id for folder in folders for file in folder.files if file.may_hide)
