"""Changing a status: choose, check, done; undo while it can be; corrections later. The panel itself is on the report's page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.desk import actions, correcting
from chalicelib.desk.actions import Desk
from chalicelib.desk.check_step import CHECK, EDIT, check_page, seen_in, since, step_of
from chalicelib.desk.labels import ROLE_WORDS, STATUS_WORDS
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.report import status_form, view
from chalicelib.desk.report.acting import DONE, acted, looked_at, sent, tried, typed_in
from chalicelib.desk.schemas import Correction, NumberCorrection, StatusChange, Undo
from chalicelib.desk.texts import choosing
from chalicelib.forms import fields
from chalicelib.forms.questions import Question
from chalicelib.people.permissions import Permission
from chalicelib.reports import corrections
from chalicelib.reports.actions import require_version
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

_CORRECTION, _NUMBER = "correction", "number"
_Questions = Callable[[Report], Sequence[Question]]
_QUESTIONS: Mapping[str, _Questions] = {
    _CORRECTION: status_form.correction_questions,
    _NUMBER: status_form.number_questions,
}


@routes.page("/desk/reports/{reference}/status", access=officer(Permission.CHANGE_STATUS), method="POST")
def change_status(request: Request, reference: str) -> Response:
    posted = request.form()
    if step_of(posted) == EDIT:
        return view.page(request, looked_at(request, reference), typed_in(posted))
    if step_of(posted) == CHECK:
        before = looked_at(request, reference)
        told = choosing.filled(posted, before, request.services.texts)
        return tried(request, reference, lambda: _checked_change(request, before, told), typed=typed_in(told))

    def change(body: StatusChange, key: str) -> Report:
        return actions.change_status(reference, body.change(key), version=body.version, desk=Desk.of(request))

    return acted(request, reference, StatusChange, change, ends=DONE)


@routes.page("/desk/reports/{reference}/undo", access=officer(Permission.CHANGE_STATUS), method="POST")
def undo(request: Request, reference: str) -> Response:
    def take_back(body: Undo, key: str) -> Report:
        room = request.services.undoing
        return correcting.undo(reference, body.number, version=body.version, key=key, room=room, desk=Desk.of(request))

    return acted(request, reference, Undo, take_back)


@routes.page("/desk/reports/{reference}/status", access=officer(Permission.READ_REPORT))
def back_to_status(request: Request, reference: str) -> Response:
    """Whoever logged in again while filling in a form comes back here."""
    return redirect(request.keeping(f"/desk/reports/{reference}"))


@routes.page("/desk/reports/{reference}/undo", access=officer(Permission.READ_REPORT))
def back_to_undo(request: Request, reference: str) -> Response:
    """Likewise."""
    return redirect(request.keeping(f"/desk/reports/{reference}"))


@routes.page("/desk/reports/{reference}/correction", access=officer(Permission.CORRECT))
def show_correction(request: Request, reference: str) -> Response:
    return _recovered(request, reference, _CORRECTION)


@routes.page("/desk/reports/{reference}/correction", access=officer(Permission.CORRECT), method="POST")
def correct_status(request: Request, reference: str) -> Response:
    posted = request.form()
    if step_of(posted) == EDIT:
        return _form(request, looked_at(request, reference), _CORRECTION, typed_in(posted))

    def correct() -> Response:
        body = parse(Correction, sent(posted))
        if step_of(posted) == CHECK:
            before, at = _loaded(request, reference, body.version), request.services.clock.now()
            after = corrections.corrected(before, body.change(""), by=Desk.of(request).by, at=at)
            return check_page(request, before, after, typed_in(posted), seen=seen_in(request))
        change = body.change(request.form_key(posted))
        return _to(request, correcting.correct_status(reference, change, version=body.version, desk=Desk.of(request)))

    return _tried(request, reference, _CORRECTION, correct)


@routes.page("/desk/reports/{reference}/number", access=officer(Permission.CORRECT))
def show_number(request: Request, reference: str) -> Response:
    return _recovered(request, reference, _NUMBER)


@routes.page("/desk/reports/{reference}/number", access=officer(Permission.CORRECT), method="POST")
def correct_number(request: Request, reference: str) -> Response:
    def correct() -> Response:
        posted = request.form()
        body, key = parse(NumberCorrection, sent(posted)), request.form_key(posted)
        desk = Desk.of(request)
        report = correcting.correct_number(
            reference, body.registration_number, body.reason, version=body.version, key=key, desk=desk
        )
        return _to(request, report)

    return _tried(request, reference, _NUMBER, correct)


def _checked_change(request: Request, before: Report, posted: Mapping[str, Any]) -> Response:
    body = parse(StatusChange, sent(posted))
    after = actions.tried(before, body.change(""), version=body.version, desk=Desk.of(request))
    return check_page(request, before, after, typed_in(posted), seen=seen_in(request))


def _loaded(request: Request, reference: str, version: int) -> Report:
    """Return the report as it is, if it still is as the officer saw it."""
    report = looked_at(request, reference)
    require_version(report, version)
    return report


def _to(request: Request, report: Report) -> Response:
    return redirect(request.keeping(f"/desk/reports/{report.reference}"))


def _recovered(request: Request, reference: str, which: str) -> Response:
    report, recovered = looked_at(request, reference), form_recovery.recovered(request)
    return _form(request, report, which, recovered or {}, restored=recovered is not None)


def _tried(request: Request, reference: str, which: str, act: Callable[[], Response]) -> Response:
    try:
        return act()
    except Invalid as invalid:
        errors, conflict = invalid.errors, ""
    except Conflict as refused:
        errors, conflict = (), conflict_sentence(refused, request)
    report = looked_at(request, reference)
    return _form(request, report, which, typed_in(request.form()), errors, conflict=conflict)


def _form(
    request: Request,
    report: Report,
    which: str,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: str = "",
    restored: bool = False,
) -> Response:
    asked = [fields.field_of(question, typed, errors) for question in _QUESTIONS[which](report)]
    is_possible = bool(corrections.corrections(report)) if which == _CORRECTION else bool(report.registration_number)
    return html.page(
        request,
        f"desk/report/{which}.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        kind=KINDS[report.kind].name,
        status_words=STATUS_WORDS[report.status],
        is_possible=is_possible,
        fields=asked,
        problems=fields.problems(asked, errors),
        conflict=conflict,
        since=since(request, report),
        roles=ROLE_WORDS,
        restored=restored,
        key=ids.secret_id(),
    )
