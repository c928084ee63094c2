"""The officers' pages: the worklist, a report (with the reason for looking at it), changing its status."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.core.language import N_, translate
from chalicelib.desk import actions, masks
from chalicelib.desk.actions import Desk
from chalicelib.desk.labels import DOUBT_WORDS, QUESTION_END_WORDS, ROLE_WORDS, STATUS_WORDS, event_words
from chalicelib.desk.schemas import StatusChange
from chalicelib.evidence import actions as evidence
from chalicelib.evidence import looking
from chalicelib.evidence.model import folder_id, sent_with
from chalicelib.evidence.presenter import rows
from chalicelib.forms import fields
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import REASON_WORDS, LookReason, Permission, may, reasons_of
from chalicelib.reports import addition_form, presenter, request_answers
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.crimes.contact import WISH_WORDS
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.reports.statuses import WORDS, Status
from chalicelib.reports.store import Page
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import B, parse

routes = Routes(__name__)

_STATUS = Question(
    "status", N_("New status"), Input.CHOICE, Need.REQUIRED, hint=N_("Below each status stands what the reporter will read.")
)
_EXPLANATION = Question(
    "explanation",
    N_("Explanation for the reporter"),
    Input.LONG_TEXT,
    hint=N_("The reporter reads this. Write in plain words why. It must be there when you stop, close or reopen."),
    most=EXPLANATION_LENGTH,
)
_REMARK = Question("remark", N_("Internal remark"), Input.LONG_TEXT, hint=N_("Only officers read this."), most=EXPLANATION_LENGTH)
_NUMBER = Question(
    "registrationNumber",
    N_("Police number"),
    hint=N_("For example PL0100-2016123456. A registered report must have one."),
    most=20,
)

_SOUGHT = Question(
    "number",
    N_("Number of a report"),
    need=Need.REQUIRED,
    hint=N_("A report that was decided, and that is older than a year, opens by its number only."),
    most=20,
    autocomplete="off",  # a browser would offer to the next officer what was typed here
)


@routes.page("/desk", access=officer(Permission.READ_REPORT))
def worklist(request: Request) -> Response:
    return _worklist(request)


@routes.page("/desk", access=officer(Permission.READ_REPORT), method="POST")
def seek(request: Request) -> Response:
    """Lead to a report by its number. A typed text may be a name or a BSN: it comes into no address and on no page."""
    typed = request.form().get(_SOUGHT.name)
    known = ids.parse_reference(typed) if isinstance(typed, str) else None
    if request.wanted_language:
        return _worklist(request)
    if known is None:
        return _worklist(request, [FieldError(_SOUGHT.name, "reference_unknown" if typed else "required")])
    return redirect(f"{request.base}/desk/reports/{known}")  # which asks for the reason first


def _worklist(request: Request, errors: Sequence[FieldError] = ()) -> Response:
    field = fields.field_of(_SOUGHT, {}, errors)
    units = sorted(request.officer.units)
    unit = request.argument("unit") or (units[0] if len(units) == 1 else "")  # a look is on record: nobody looks by default
    status = _chosen(Status, request.argument("status"), Status.RECEIVED)
    reasons = reasons_of(request.officer)
    reason = _chosen(LookReason, request.argument("reason"), reasons[0])
    page = _page(request, unit, status, reason) if unit else Page((), "")
    query = {"unit": unit, "status": status, "reason": reason, "cursor": page.next_cursor}
    return html.page(
        request,
        "desk/worklist.html",
        status=400 if errors else 200,
        sought=field,
        problems=fields.problems([field], errors),
        may_file=may(request.officer, Permission.FILE_REPORT),
        may_tell=may(request.officer, Permission.TELL_REPORTER),
        units=units,
        unit=unit,
        statuses=STATUS_WORDS,
        chosen=status,
        reasons={one: REASON_WORDS[one] for one in reasons},
        reason=reason,
        lines=[(line, KINDS[line.kind].name) for line in page.lines],
        next_query=urlencode(query) if page.next_cursor else "",
    )


@routes.page("/desk/reports/{reference}", access=officer(Permission.READ_REPORT))
def show(request: Request, reference: str) -> Response:
    reason, is_open = request.argument("reason"), request.argument("contact") == masks.ContactView.SHOWN
    if reason not in reasons_of(request.officer):
        return ask_reason(request, reference)
    report = actions.load_report(reference, reason=LookReason(reason), uncover=is_open, desk=Desk.of(request))
    recovered = form_recovery.recovered(request, f"{request.path}/status")
    return _report(request, report, recovered or {}, restored=recovered is not None, is_open=is_open)


@routes.page("/desk/reports/{reference}/status", access=officer(Permission.CHANGE_STATUS), method="POST")
def change_status(request: Request, reference: str) -> Response:
    def change(body: StatusChange, key: str) -> Report:
        desk = Desk.of(request)
        return actions.change_status(reference, body.change(key), version=body.version, desk=desk)

    return acted(request, reference, StatusChange, change)


@routes.page("/desk/reports/{reference}/status", access=officer(Permission.READ_REPORT))
def back_to_status(request: Request, reference: str) -> Response:
    """Whoever logged in again while filling in a form comes back here."""
    return redirect(f"{request.base}/desk/reports/{reference}")


@routes.page("/desk/reports/{reference}/files/{file}", access=officer(Permission.READ_REPORT))
def download(request: Request, reference: str, file: str) -> Response:
    """Lead to a file for a minute: first the reason, then on record which of the two was opened, the copy or the original."""
    reason, what = request.argument("reason"), "original" if request.argument("what") == "original" else "copy"
    if reason not in reasons_of(request.officer):
        return ask_reason(request, reference)
    desk = Desk.of(request)
    report, found = actions.read_file(reference, file, what, reason=LookReason(reason), desk=desk)
    folder = folder_id(request.services.derivation_key, report.reporter.pseudonym, report.reference, found.part)
    return redirect(
        evidence.link(
            looking.look(folder, request.services.evidence_storage), found.id, what, storage=request.services.evidence_storage
        )
    )


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


def ask_reason(request: Request, reference: str) -> Response:
    """Ask why the officer looks, before anything is read. Raises NotFound for what can be no number of a report."""
    known = ids.parse_reference(reference)
    if known is None:
        raise NotFound(actions.NOT_AT_DESK)
    return html.page(
        request,
        "desk/reason.html",
        reference=known,
        reasons={reason: REASON_WORDS[reason] for reason in reasons_of(request.officer)},
    )


def acted(
    request: Request,
    reference: str,
    model: type[B],
    act: Callable[[B, str], Report],
    *,
    reason: LookReason = LookReason.HANDLING,
) -> Response:
    """Do what an officer's form asks. A change that cannot be done comes back with the present report and all that was typed."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    try:
        report = act(parse(model, {name: value for name, value in typed.items() if value != ""}), request.form_key(posted))
    except Invalid as invalid:
        return _report(request, looked_at(request, reference, reason), typed, invalid.errors)
    except Conflict as conflict:
        return _report(request, looked_at(request, reference, reason), typed, conflict=conflict_sentence(conflict, request))
    return redirect(f"{request.base}/desk/reports/{report.reference}?reason={reason}")


def _tell_since(request: Request, report: Report) -> datetime | None:
    """Return since when this officer should tell the reporter something, None when there is nothing, or it is not theirs."""
    if not may(request.officer, Permission.TELL_REPORTER, report.unit):
        return None
    return report.to_contact_since or actions.mail_given_up_since(report, Desk.of(request))


def _report(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: str = "",
    restored: bool = False,
    is_open: bool = False,
) -> Response:
    change = [fields.field_of(question, typed, errors) for question in _change(report, typed)]
    labels = {field.name: field.question.label for field in change}
    return html.page(
        request,
        "desk/report.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        reason=request.argument("reason") or reasons_of(request.officer)[0],
        kind=KINDS[report.kind].name,
        status_words=STATUS_WORDS[report.status],
        reads=WORDS[report.status].name,
        wishes=WISH_WORDS,
        hours=presenter.HOUR_WORDS,
        email=masks.email_of(report, is_open=is_open),
        may_uncover=not is_open and may(request.officer, Permission.SEE_CONTACT, report.unit),
        tell_since=_tell_since(request, report),
        may_change=may(request.officer, Permission.CHANGE_STATUS, report.unit),
        may_ask=may(request.officer, Permission.ASK_REPORTER, report.unit),
        change_fields=change,
        problems=[fields.Problem(error, labels.get(error.field, "")) for error in errors],
        conflict=conflict,
        restored=restored,
        key=ids.secret_id(),
        events=[(event_words(event), event) for event in report.timeline],
        roles=ROLE_WORDS,
        question_ends=QUESTION_END_WORDS,
        questions=[request_answers.view_of(question, request.language) for question in report.questions],
        files=rows(sent_with(report), request.language),
        may_hide=_may_hide(request, report),
        additions=addition_form.views_of(report, request.language),
        doubts=DOUBT_WORDS,
        blocks=masks.blocks_of(presenter.blocks(report.kind, report.statement.answers, request.language), is_open=is_open),
    )


def _page(request: Request, unit: str, status: Status, reason: LookReason) -> Page:
    return actions.worklist(
        unit,
        status,
        reason=reason,
        cursor=request.argument("cursor"),
        desk=Desk.of(request),
    )


def looked_at(request: Request, reference: str, reason: LookReason) -> Report:
    """Return a report to show it to the officer who asks; the look is on record first."""
    return actions.load_report(reference, reason=reason, desk=Desk.of(request))


def _change(report: Report, typed: Mapping[str, Any]) -> tuple[Question, ...]:
    """Return what is asked to change the status: the number only where the report may come to have one, or one was typed."""
    following = report.next_statuses()
    numbered = Status.REGISTERED in following or typed.get(_NUMBER.name)
    status = replace(_STATUS, choices=tuple(Choice(each, STATUS_WORDS[each], WORDS[each].name) for each in following))
    return (status, _EXPLANATION, *([_NUMBER] if numbered else []), _REMARK)


def conflict_sentence(conflict: Conflict, request: Request) -> str:
    """Return why something was not done. Statuses stand in it by their names; a code is for machines."""
    values = {
        name: translate(STATUS_WORDS[value], request.language) if isinstance(value, Status) else value
        for name, value in conflict.values.items()
    }
    return translate(CONFLICT[conflict.code], request.language, **values)


_C = TypeVar("_C", bound=StrEnum)


def _chosen(choices: type[_C], given: str, default: _C) -> _C:
    return choices(given) if given in list(choices) else default
