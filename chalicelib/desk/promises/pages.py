"""The officers' pages that keep promises: an update for a reporter, and the news on paper for who gets no mail."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.copies.notice import notice_of
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk import reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.check_step import DO, EDIT, check_page, seen_in, since, step_of
from chalicelib.desk.labels import ROLE_WORDS
from chalicelib.desk.promises import actions
from chalicelib.desk.promises.schemas import NewUpdate
from chalicelib.desk.report.acting import DONE, looked_at, sent, typed_in
from chalicelib.desk.texts import choosing
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports import promises
from chalicelib.reports.actions import require_version
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.texts.model import UPDATE
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.messages import conflict_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

_EXPLANATION = Question(
    "explanation",
    N_("Your answer to the reporter"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_("The reporter reads this. Say what was done, what comes next, and when. Use plain words."),
    most=EXPLANATION_LENGTH,
)


@routes.page("/desk/reports/{reference}/update", access=officer(Permission.GIVE_UPDATE))
def compose(request: Request, reference: str) -> Response:
    if reasons.chosen(request, reference) is None:
        return reasons.ask(request, reference)
    report, recovered = looked_at(request, reference), form_recovery.recovered(request)
    return _update(request, report, recovered or {}, restored=recovered is not None)


@routes.page("/desk/reports/{reference}/update", access=officer(Permission.GIVE_UPDATE), method="POST")
def give_update(request: Request, reference: str) -> Response:
    """Show what the reporter will read, or give the update: the button says which."""
    posted = request.form()
    typed = typed_in(posted)
    if step_of(posted) == EDIT:
        return _update(request, looked_at(request, reference), typed)
    seen = None if step_of(posted) == DO else looked_at(request, reference)
    if seen:  # Enter in the form is no press of a button: nothing goes out unread
        typed = choosing.filled(typed, seen, request.services.texts, occasion=UPDATE)
    try:
        if seen:
            return _checked(request, seen, typed)
        body = parse(NewUpdate, sent(typed))
        key, desk = request.form_key(posted), Desk.of(request)
        report = actions.give_update(reference, body.explanation, text=body.text, version=body.version, key=key, desk=desk)
    except Invalid as invalid:
        return _update(request, seen or looked_at(request, reference), typed, invalid.errors)
    except Conflict as conflict:
        return _update(request, seen or looked_at(request, reference), typed, conflict=conflict)
    return redirect(request.keeping(f"/desk/reports/{report.reference}") + DONE)


def _checked(request: Request, before: Report, typed: Mapping[str, Any]) -> Response:
    body, at = parse(NewUpdate, sent(typed)), request.services.clock.now()
    require_version(before, body.version)
    after = promises.update_given(before, body.explanation, by=Desk.of(request).by, at=at, text=body.text)
    return check_page(request, before, after, typed, seen=seen_in(request))


@routes.page("/desk/reports/{reference}/notice", access=officer(Permission.TELL_REPORTER))
def print_notice(request: Request, reference: str) -> Response:
    """The news as a letter by post, in the reporter's language or the one that the officer asks for."""
    if reasons.chosen(request, reference) is None:
        return reasons.ask(request, reference)
    report = actions.notice(reference, desk=Desk.of(request))
    asked = request.argument("language")
    language = request.in_asked_language().language if asked else report.contact.language
    return html.page(
        request,
        "desk/promises/notice.html",
        report=report,
        kind=KINDS[report.kind].name,
        letter=notice_of(report, language, portal=request.public_address(""), at=request.services.clock.now()),
        letter_language=language,
        tells=report.to_contact_since is not None,
        key=ids.secret_id(),
    )


def _update(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
) -> Response:
    texts = choosing.questions(choosing.offered(report, (UPDATE,), request.services.texts))
    fields = [form.field_of(question, typed, errors) for question in (*texts, _EXPLANATION)]
    return html.page(
        request,
        "desk/promises/update.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        kind=KINDS[report.kind].name,
        update_by=promises.update_due_on(report),
        contest=promises.open_contest(report),
        contest_by=promises.contest_due_on(report),
        fields=fields,
        problems=form.problems(fields, errors),
        conflict=conflict_sentence(conflict, request.language) if conflict else "",
        since=since(request, report),
        roles=ROLE_WORDS,
        restored=restored,
        key=ids.secret_id(),
    )
