"""The citizen's pages for a request of the police: answer (a draft, with files), check, send, and what happens next.

A request is answered once, from however many windows: the event in the timeline carries a key that follows from the request, with
the fingerprint of what was read on the check page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.citizen.evidence.panel import folder_of, panel, taken
from chalicelib.citizen.own import own_reports
from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_, translate
from chalicelib.drafts.store import ANSWER, Draft, answer_id
from chalicelib.evidence import actions as evidence
from chalicelib.evidence.model import Folder
from chalicelib.evidence.presenter import rows
from chalicelib.forms import fields as form
from chalicelib.reports import actions, presenter, request_answers
from chalicelib.reports.information_request import NAMES, SupplementaryQuestion
from chalicelib.reports.model import Report
from chalicelib.reports.statuses import WORDS
from chalicelib.web import form_recovery, html
from chalicelib.web.access import CITIZEN
from chalicelib.web.messages import CONFLICT
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_PAGE = "/reports/{reference}/question"
_NUMBER = "question"  # the hidden field that says which request a form answers
FILES_LABEL = N_("Choose files")


@dataclass(frozen=True, slots=True)
class Desk:
    """The things that somebody who answers has before them: their report as it is at this hour, and what they typed so far."""

    report: Report
    draft: Draft | None

    @property
    def asked(self) -> SupplementaryQuestion | None:
        return self.report.open_question

    @property
    def typed(self) -> Mapping[str, Any]:
        return self.draft.content if self.draft else {}


@routes.page(_PAGE, access=CITIZEN)
def ask(request: Request, reference: str) -> Response:
    desk = _desk(request, reference)
    recovered = form_recovery.recovered(request, after=desk.draft.saved_at if desk.draft else None)
    typed = recovered or desk.typed
    why = _why(desk.report, typed)
    if request.argument("new") == "yes" or why == "question_answered":  # an old draft is no answer to what is asked now
        typed = {}
    if desk.asked is None or (typed and typed.get(_NUMBER) != str(desk.asked.number)):
        return _ended(request, desk.report, typed)
    return _form(request, desk.report, desk.asked, typed, restored=recovered is not None)


@routes.page(_PAGE, access=CITIZEN, method="POST", files=True)
def answer(request: Request, reference: str) -> Response:
    """Keep what was typed; then do what the button says. Nothing is sent from here."""
    desk, posted = _desk(request, reference), request.form()
    typed = {name: value for name, value in posted.items() if name in (_NUMBER, *NAMES)}
    report, asked = desk.report, desk.asked
    if asked is None or typed.get(_NUMBER) != str(asked.number):
        return _ended(request, report, typed, conflict=_why(report, typed))
    request.services.drafts.put(request.citizen.pseudonym, answer_id(report.reference), ANSWER, typed)
    stays, problems = taken(request, report.reference, asked.folder) if asked.wants_files else (False, [])
    if problems:
        return _form(request, report, asked, typed, problems)
    if posted.get("_go") == "stop":
        return redirect(f"{request.base}/reports/{report.reference}?saved=answer#saved")
    if stays:
        return redirect(f"{request.base}/reports/{report.reference}/question")
    try:
        _read(request, asked, typed, _folder(request, report, asked))
    except Invalid as invalid:
        return _form(request, report, asked, typed, invalid.errors)
    return redirect(f"{request.base}/reports/{report.reference}/question/check")


@routes.page(f"{_PAGE}/check", access=CITIZEN)
def check(request: Request, reference: str) -> Response:
    desk = _desk(request, reference)
    if desk.asked is None or desk.typed.get(_NUMBER) != str(desk.asked.number):
        return redirect(f"{request.base}/reports/{desk.report.reference}/question")
    return _check(request, desk.report, desk.asked, desk.typed)


@routes.page(f"{_PAGE}/check", access=CITIZEN, method="POST")
def send(request: Request, reference: str) -> Response:
    """Send what was shown, and nothing else: the page sends back the fingerprint of what the reporter read on it."""
    desk, posted = _desk(request, reference), request.form()
    report, number = desk.report, _number(posted.get(_NUMBER))
    key = f"{ids.digest(f'answer {report.reference} {number}')}.{str(posted.get('answers'))[:64]}"
    try:
        if not report.handled(key):
            _sent(request, desk, number, str(posted.get("answers")), key)
    except Conflict as conflict:
        return _refused(request, reference, desk, number, conflict)
    return redirect(f"{request.base}/reports/{report.reference}/question/thanks")


@routes.page(f"{_PAGE}/thanks", access=CITIZEN)
def thanks(request: Request, reference: str) -> Response:
    """The next step; a reporter who has answered nothing is led to what there is to answer."""
    report = _own(request, reference)
    answered = next((one for one in reversed(report.questions) if one.end == "answered"), None)
    if answered is None or report.open_question:
        return redirect(f"{request.base}/reports/{report.reference}/question")
    return html.page(request, "answers/thanks.html", report=report, answered=answered, words=WORDS[report.status])


def _sent(request: Request, desk: Desk, number: int, shown_as: str, key: str) -> None:
    """Raises Conflict: it was answered otherwise, is over, or was changed since it was shown; a file is still on its way."""
    report, asked = desk.report, desk.asked
    if asked is None or asked.number != number:
        raise Conflict(_why(report, {_NUMBER: str(number)}))
    folder = _folder(request, report, asked)
    try:
        answers = _read(request, asked, desk.typed, folder)
    except Invalid:
        raise Conflict("answer_changed") from None
    if request_answers.fingerprint(answers) != shown_as:
        raise Conflict("answer_changed")
    if folder is not None:
        # before the answer: it does not change any more
        evidence.seal(folder, asked.folder, storage=request.services.evidence_storage)
    actions.answer(report.reference, number, lambda _: answers, key=key, mine=own_reports(request))
    if folder is not None:
        evidence.keep(folder.id, storage=request.services.evidence_storage)
    request.services.drafts.remove(request.citizen.pseudonym, answer_id(report.reference))


def _refused(request: Request, reference: str, desk: Desk, number: int, conflict: Conflict) -> Response:
    report = _desk(request, reference).report
    asked = report.open_question
    if asked is not None and asked.number == number:
        return _check(request, report, asked, desk.typed, conflict=conflict.code)
    code = "question_answered" if conflict.code == "idempotency_key_reused" else conflict.code
    return _ended(request, report, desk.typed, conflict=code)


def _desk(request: Request, reference: str) -> Desk:
    """Return the reporter's own report, in which what is over by now has ended, and the draft of an answer."""
    report = _own(request, reference)
    return Desk(report, request.services.drafts.get(request.citizen.pseudonym, answer_id(report.reference)))


def _own(request: Request, reference: str) -> Report:
    report = actions.own(reference, mine=own_reports(request))
    return report.question_expired(at=request.services.clock.now())


def _folder(request: Request, report: Report, asked: SupplementaryQuestion) -> Folder | None:
    return folder_of(request, report.reference, asked.folder) if asked.wants_files else None


def _read(request: Request, asked: SupplementaryQuestion, typed: Mapping[str, Any], folder: Folder | None) -> dict[str, Any]:
    told = {one.name: typed[one.name] for one in request_answers.questions_of(asked) if one.name in typed}
    files = folder.attachments(asked.folder) if folder else ()
    return request_answers.parse(asked, told, files, now=request.services.clock.now())


def _number(value: Any) -> int:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 5 else 0  # noqa: PLR2004


def _why(report: Report, typed: Mapping[str, Any]) -> str:
    """Return why a form cannot be answered any more, as the code of a sentence."""
    number = _number(typed.get(_NUMBER))
    ended = next((one for one in report.questions if one.number == number), None)
    return f"question_{ended.end}" if ended and ended.end else "question_unknown"


def _form(
    request: Request,
    report: Report,
    asked: SupplementaryQuestion,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    restored: bool = False,
) -> Response:
    fields = [form.field_of(question, typed, errors) for question in request_answers.questions_of(asked)]
    files = [error for error in errors if error.field == request_answers.FILE_FIELD]
    problems = form.problems(fields, [error for error in errors if error not in files])
    return html.page(
        request,
        "answers/question.html",
        status=400 if errors else 200,
        report=report,
        asked=asked,
        is_last_day=asked.deadline_on == day_of(request.services.clock.now()),
        fields=_in_order(asked, fields),
        panel=panel(request, report.reference, asked.folder, files) if asked.wants_files else None,
        problems=[*problems, *(form.Problem(error, FILES_LABEL) for error in files)],
        restored=restored,
    )


def _in_order(asked: SupplementaryQuestion, fields: Sequence[form.Field]) -> list[tuple[str, form.Field | None]]:
    """Return the questions as they were put together; in the place of the field for files there is none."""
    known = {field.name: field for field in fields}
    return [(part.text, known.get(name)) for part, name in zip(asked.parts, NAMES, strict=False)]


def _check(
    request: Request, report: Report, asked: SupplementaryQuestion, typed: Mapping[str, Any], *, conflict: str = ""
) -> Response:
    folder = _folder(request, report, asked)
    try:
        answers = _read(request, asked, typed, folder)
    except Invalid:
        return redirect(f"{request.base}/reports/{report.reference}/question")
    return html.page(
        request,
        "answers/check.html",
        status=409 if conflict else 200,
        report=report,
        asked=asked,
        is_last_day=asked.deadline_on == day_of(request.services.clock.now()),
        lines=request_answers.lines_of(asked, answers, request.language),
        files=rows(folder.attachments(asked.folder), request.language) if folder else (),
        is_settled=folder is None or folder.is_settled,
        fingerprint=request_answers.fingerprint(answers),
        conflict=translate(CONFLICT[conflict], request.language) if conflict else "",
    )


def _ended(request: Request, report: Report, typed: Mapping[str, Any], *, conflict: str = "") -> Response:
    """Nothing is open, or something else is: say why, show what was typed, and how it can still be told."""
    latest = report.told_questions[-1] if report.told_questions else None
    why = conflict or (_why(report, typed) if typed else "")
    return html.page(
        request,
        "answers/ended.html",
        status=409 if conflict else 200,
        report=report,
        latest=request_answers.view_of(latest, request.language) if latest else None,
        ends=presenter.QUESTION_END_WORDS,
        conflict=translate(CONFLICT[why], request.language) if why else "",
        typed=_as_text(report, typed),
        key=ids.secret_id(),
    )


def _as_text(report: Report, typed: Mapping[str, Any]) -> str:
    """Return what was typed as one text, each answer under its question: so it can be added to the report all the same."""
    number = _number(typed.get(_NUMBER))
    asked = next((one for one in report.questions if one.number == number), None)
    texts = {name: value for name, value in typed.items() if name in NAMES and isinstance(value, str) and value.strip()}
    parts = dict(zip(NAMES, asked.parts, strict=False)) if asked else {}
    lines = []
    for name, value in texts.items():
        part = parts.get(name)
        chosen = _number(value) if part and part.choices else 0
        told = part.choices[chosen - 1] if part and 0 < chosen <= len(part.choices) else value
        lines.append(f"{part.text}\n{told}" if part and len(parts) > 1 else told)
    return "\n\n".join(lines)
