"""The officers' page on which a request to a reporter is put together: one to five questions, each of its own sort."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk import actions, reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.check_step import DO, EDIT, check_page, seen_in, since, step_of
from chalicelib.desk.labels import ROLE_WORDS
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.report.acting import DONE, looked_at
from chalicelib.desk.schemas import NewQuestion
from chalicelib.desk.texts import choosing
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports.actions import last_day, require_version
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.information_request import MOST_CHOICES, MOST_PARTS, QUESTION_LENGTH, AnswerSort
from chalicelib.reports.model import Report
from chalicelib.texts.model import QUESTION
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

SORT_WORDS: Mapping[AnswerSort, str] = {
    AnswerSort.TEXT: N_("In their own words"),
    AnswerSort.CHOICE: N_("By choosing one of your answers"),
    AnswerSort.DATE: N_("With a date"),
    AnswerSort.FILES: N_("With files, such as a photo or a bill"),
}
_SORT = Question(
    "sort",
    N_("How must it be answered?"),
    Input.CHOICE,
    Need.REQUIRED,
    choices=tuple(Choice(sort, words) for sort, words in SORT_WORDS.items()),
)
_PART = Question(
    "text",
    N_("Your question"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_("Ask one thing, in plain words."),
    most=QUESTION_LENGTH,
)
_CHOICES = Question(
    "choices",
    N_("Answers to choose from"),
    Input.LONG_TEXT,
    hint=N_("Only if the reporter chooses: one answer on each line, 2 to 10 of them."),
    most=MOST_CHOICES * 100,
)
_QUESTIONS = Question(
    "questions",
    N_("Your questions"),
    Input.ROWS,
    Need.REQUIRED,
    rows=(_PART, _SORT, _CHOICES),
    row=N_("Question"),
    most=MOST_PARTS,
)
_TEXT = Question(
    "text",
    N_("Explanation above your questions"),
    Input.LONG_TEXT,
    hint=N_("Say why you ask this."),
    most=QUESTION_LENGTH,
)
_DEADLINE = Question(
    "deadlineOn",
    N_("Last day to answer"),
    Input.DATE,
    hint=N_("Day-month-year, for example 12-7-2016. Empty is the usual term."),
)
_STANDARD = "standardText"
_EMPTY_ROW = {"sort": AnswerSort.TEXT.value}


@routes.page("/desk/reports/{reference}/question", access=officer(Permission.ASK_REPORTER))
def compose(request: Request, reference: str) -> Response:
    if reasons.chosen(request, reference) is None:
        return reasons.ask(request, reference)
    report, recovered = looked_at(request, reference), form_recovery.recovered(request)
    return _page(request, report, recovered or {}, restored=recovered is not None)


@routes.page("/desk/reports/{reference}/question", access=officer(Permission.ASK_REPORTER), method="POST")
def ask(request: Request, reference: str) -> Response:
    """Ask what the form says, once it was checked; its other buttons add a question or take one away, and ask nothing.

    Enter in the form is no press of a button: it shows what happens, as the first button does.
    """
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    button, _, place = str(posted.get("_go", "")).partition(".questions")
    if button in ("more", "less"):
        typed["questions"] = _changed(_rows(typed), button, place.lstrip("."))
        return _page(request, looked_at(request, reference), typed)
    if step_of(posted) == EDIT:
        return _page(request, looked_at(request, reference), typed)
    typed["questions"] = [row for row in _rows(typed) if not _is_blank(row)]
    seen = None if step_of(posted) == DO else looked_at(request, reference)
    if seen:
        typed = _with_text(request, seen, typed)
    if not typed["questions"] and not typed.get("text"):
        typed["questions"] = [_EMPTY_ROW]  # so that it is said at the question that it must be there
    try:
        if seen:
            return _checked(request, seen, typed)
        report = _asked(request, reference, _sent(typed), request.form_key(posted))
    except Invalid as invalid:
        return _page(request, seen or looked_at(request, reference), typed, invalid.errors)
    except Conflict as conflict:
        return _page(request, seen or looked_at(request, reference), typed, conflict=conflict_sentence(conflict, request))
    return redirect(request.keeping(f"/desk/reports/{report.reference}") + DONE)


def _checked(request: Request, before: Report, typed: Mapping[str, Any]) -> Response:
    """Show what the reporter will be asked, and how they hear of it; nothing is asked."""
    body, services = parse(NewQuestion, _sent(typed)), request.services
    now = services.clock.now()
    require_version(before, body.version)
    deadline_on = body.deadline_on or last_day(now, services.deadlines)
    after = before.asked(body.text, body.parts, deadline_on=deadline_on, by=Desk.of(request).by, at=now, mark=body.standard_text)
    return check_page(request, before, after, _sent(typed), seen=seen_in(request))


def _with_text(request: Request, report: Report, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form with the standard text that was chosen above the questions, where nothing was typed there."""
    return choosing.filled(typed, report, request.services.texts, occasion=QUESTION, field=_STANDARD, into=_TEXT.name)


def _asked(request: Request, reference: str, typed: Mapping[str, Any], key: str) -> Report:
    body = parse(NewQuestion, typed)
    return actions.ask(
        reference,
        body.text,
        body.parts,
        version=body.version,
        deadline_on=body.deadline_on,
        deadlines=request.services.deadlines,
        key=key,
        mark=body.standard_text,
        desk=Desk.of(request),
    )


def _sent(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form as it is read: what was left empty was not sent."""
    return {name: value for name, value in typed.items() if value not in ("", [])}


def _rows(typed: Mapping[str, Any]) -> list[Any]:
    rows = typed.get("questions")
    return list(rows) if isinstance(rows, list) else []


def _is_blank(row: Any) -> bool:
    return isinstance(row, Mapping) and not any(
        value.strip() if isinstance(value, str) else value for name, value in row.items() if name != _SORT.name
    )


def _changed(rows: list[Any], button: str, place: str) -> list[Any]:
    """Return the rows with one more, or without the one at `place` (from 1)."""
    if button == "more":
        return [*rows, _EMPTY_ROW][:MOST_PARTS]
    return [row for number, row in enumerate(rows, start=1) if str(number) != place]


def _page(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: str = "",
    restored: bool = False,
) -> Response:
    filled = {**typed, "questions": _rows(typed) or [_EMPTY_ROW]}
    texts = choosing.questions(choosing.offered(report, (QUESTION,), request.services.texts), _STANDARD)
    fields = [form.field_of(question, filled, errors) for question in (*texts, _TEXT, _QUESTIONS, _DEADLINE)]
    return html.page(
        request,
        "desk/question.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        kind=KINDS[report.kind].name,
        fields=fields,
        problems=form.problems(fields, errors),
        conflict=conflict,
        since=since(request, report),
        roles=ROLE_WORDS,
        restored=restored,
        key=ids.secret_id(),
    )
