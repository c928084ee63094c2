"""The citizen's pages: choose, tell, check, send; then follow, answer, and choose what to hear about."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.core.language import mark
from chalicelib.reports import actions, form, shown, submission
from chalicelib.reports.crimes import CRIMES, KINDS, Kind, kinds_of
from chalicelib.reports.crimes.common import TRUTH
from chalicelib.reports.crimes.triage import RULES
from chalicelib.reports.drafts import Draft
from chalicelib.reports.model import ANSWER_LENGTH, Report, Reporter
from chalicelib.reports.places import municipalities
from chalicelib.reports.questions import Input, Need, Question
from chalicelib.reports.schemas import AnswerToQuestion, Wishes
from chalicelib.reports.statuses import WORDS, Status
from chalicelib.reports.store import ReportLine
from chalicelib.reports.submission import Submission
from chalicelib.web import html, parking
from chalicelib.web.access import CITIZEN, PUBLIC
from chalicelib.web.call import Call
from chalicelib.web.reply import Reply, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import read

routes = Routes(__name__)

CRIME_WORDS: Mapping[str, str] = {
    "theft": mark("Something was stolen"),
    "vandalism": mark("Something was damaged"),
    "fraud": mark("I was cheated on the internet"),
}
OBJECTIONABLE = frozenset({Status.NOT_INVESTIGATED, Status.CLOSED})
ANSWER = Question("answer", mark("Your answer"), Input.LONG_TEXT, Need.REQUIRED, most=ANSWER_LENGTH)


@routes.page("/report", access=PUBLIC)
def choose(call: Call) -> Reply:
    off = call.services.settings.switched_off_kinds
    crimes = [(CRIME_WORDS[crime], [kind for kind in kinds_of(crime) if kind.code not in off]) for crime in CRIMES]
    steps = {rule.next_step: [other for other in RULES if other.next_step == rule.next_step] for rule in RULES}
    return html.page(call, "reports/choose.html", crimes=[row for row in crimes if row[1]], elsewhere=list(steps.items()))


@routes.page("/report/{kind}", access=CITIZEN)
def tell(call: Call, kind: str) -> Reply:
    asked = _kind(call, kind)
    draft = _draft(call, asked, call.argument("draft"))
    if draft:
        return _form(call, asked, draft.content, draft_id=draft.id)
    parked = parking.unpark(call)
    return _form(call, asked, parked or {"language": str(call.language)}, restored=parked is not None)


@routes.page("/report/{kind}", access=CITIZEN, method="POST")
def told(call: Call, kind: str) -> Reply:
    asked = _kind(call, kind)
    posted = call.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    draft = _draft(call, asked, posted.get("_draft"))
    draft_id = draft.id if draft else ids.reference()
    if "_more" in posted:
        return _form(call, asked, typed, draft_id=draft.id if draft else "")
    try:
        submission.parse(asked, typed, now=call.services.clock.now())
    except Invalid as invalid:
        return _form(call, asked, typed, invalid.errors, draft_id=draft.id if draft else "")
    call.services.drafts.put(call.citizen.pseudonym, draft_id, asked.code, typed)
    return redirect(f"{call.base}/report/{asked.code}/check/{draft_id}")


@routes.page("/report/{kind}/check/{draft}", access=CITIZEN)
def check(call: Call, kind: str, draft: str) -> Reply:
    asked = _kind(call, kind)
    found = _draft(call, asked, draft)
    if found is None:
        return _already_filed(call, draft)
    try:
        return _check(call, found, submission.parse(asked, found.content, now=call.services.clock.now()))
    except Invalid:  # the questions changed since it was typed
        return redirect(f"{call.base}/report/{asked.code}?draft={found.id}")


@routes.page("/report/{kind}/check/{draft}", access=CITIZEN, method="POST")
def confirm(call: Call, kind: str, draft: str) -> Reply:
    """File what was shown, and nothing else: the page sends back the fingerprint of what the reporter read on it."""
    asked = _kind(call, kind)
    found = _draft(call, asked, draft)
    if found is None:
        return _already_filed(call, draft)
    sound = submission.parse(asked, found.content, now=call.services.clock.now())
    posted = call.form()
    if posted.get("statement") != sound.statement.sha256:
        raise Conflict("draft_changed")
    try:
        submission.confirmed(posted.get("truth"))
    except Invalid as invalid:
        return _check(call, found, sound, invalid.errors)
    report = _file(call, found, sound)
    call.services.drafts.remove(found.owner, found.id)
    return redirect(f"{call.base}/reports/{report.reference}/receipt")


@routes.page("/reports", access=CITIZEN)
def list_reports(call: Call) -> Reply:
    page = call.services.reports.of_reporter(call.citizen.pseudonym, cursor=call.argument("cursor"))
    return html.page(call, "reports/list.html", lines=[_line(line) for line in page.lines], next_cursor=page.next_cursor)


@routes.page("/reports/{reference}", access=CITIZEN)
def show(call: Call, reference: str) -> Reply:
    report = _own(call, reference)
    events = [{"words": shown.event_words(e), "at": e.at, "explanation": e.explanation} for e in report.timeline]
    return html.page(
        call,
        "reports/report.html",
        report=report,
        kind=KINDS[report.kind].name,
        words=WORDS[report.status],
        reason=shown.reason(report),
        can_object=report.status in OBJECTIONABLE,
        events=events,
        open_question=report.open_question,
        ended_questions=[question for question in report.questions if not question.is_open],
        question_ends=shown.QUESTION_END_WORDS,
        blocks=shown.blocks(report.kind, report.statement.answers, call.language),
        wishes=shown.WISH_WORDS,
        saved=call.argument("saved") == "wishes",
    )


@routes.page("/reports/{reference}/receipt", access=CITIZEN)
def receipt(call: Call, reference: str) -> Reply:
    report = _own(call, reference)
    return html.page(call, "reports/receipt.html", report=report, words=WORDS[Status.RECEIVED])


@routes.page("/reports/{reference}/question", access=CITIZEN)
def question(call: Call, reference: str) -> Reply:
    parked = parking.unpark(call)
    return _question(call, _own(call, reference), parked or {}, restored=parked is not None)


@routes.page("/reports/{reference}/question", access=CITIZEN, method="POST")
def answer_question(call: Call, reference: str) -> Reply:
    posted = call.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    report = _own(call, reference)
    try:
        answer = read(AnswerToQuestion, typed)
    except Invalid as invalid:
        return _question(call, report, typed, invalid.errors)
    actions.answer(
        report.reference,
        answer.question,
        answer.answer,
        pseudonym=call.citizen.pseudonym,
        key=call.form_key(posted),
        reports=call.services.reports,
        clock=call.services.clock,
    )
    return redirect(f"{call.base}/reports/{report.reference}")


@routes.page("/reports/{reference}/wishes", access=CITIZEN)
def wishes(call: Call, reference: str) -> Reply:
    """Whoever logged in again while choosing comes back here."""
    return redirect(f"{call.base}/reports/{_own(call, reference).reference}#wishes")


@routes.page("/reports/{reference}/wishes", access=CITIZEN, method="POST")
def change_wishes(call: Call, reference: str) -> Reply:
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


def _kind(call: Call, code: str) -> Kind:
    if code not in KINDS:
        raise NotFound("kind")
    return submission.kind_of(code, call.services.settings.switched_off_kinds)


def _draft(call: Call, kind: Kind, draft_id: object) -> Draft | None:
    """Return the citizen's own draft of this kind; an id that the portal cannot have given finds nothing."""
    known = ids.parse_reference(draft_id) if isinstance(draft_id, str) else None
    draft = call.services.drafts.get(call.citizen.pseudonym, known) if known else None
    return draft if draft and draft.kind == kind.code else None


def _form(
    call: Call,
    kind: Kind,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    draft_id: str = "",
    restored: bool = False,
) -> Reply:
    parts = form.fill(kind, typed, errors)
    return html.page(
        call,
        "reports/form.html",
        status=400 if errors else 200,
        kind=kind,
        parts=parts,
        problems=form.problems(parts, errors),
        draft=draft_id,
        restored=restored,
        municipalities=[place.name for place in municipalities().values()],
    )


def _check(call: Call, draft: Draft, sound: Submission, errors: Sequence[FieldError] = ()) -> Reply:
    labels = {question.name: question.label for question in sound.kind.questions}
    return html.page(
        call,
        "reports/check.html",
        status=400 if errors else 200,
        kind=sound.kind,
        statement=sound.statement,
        blocks=shown.blocks(sound.kind.code, sound.answers, call.language),
        warnings=[(labels[warned.field], warned) for warned in sound.warnings],
        change=f"{call.base}/report/{sound.kind.code}?draft={draft.id}",
        truth=form.field_of(TRUTH, {}, errors),
        problems=[form.Problem(error, TRUTH.label) for error in errors],
    )


def _file(call: Call, draft: Draft, sound: Submission) -> Report:
    return actions.file(
        sound,
        reporter=Reporter(call.citizen.pseudonym, call.citizen.sealed_bsn),
        key=_filing_key(draft.id),
        reports=call.services.reports,
        derivation_key=call.services.derivation_key,
        clock=call.services.clock,
    )


def _already_filed(call: Call, draft_id: str) -> Reply:
    """A second click, or the back button: the draft is gone, and the report that came of it is found by the same key."""
    known = ids.parse_reference(draft_id)
    if known is None:
        raise NotFound("draft")
    reference = actions.reference_for(call.citizen.pseudonym, _filing_key(known), call.services.derivation_key)
    return redirect(f"{call.base}/reports/{_own(call, reference).reference}/receipt")


def _filing_key(draft_id: str) -> str:
    """The draft decides the report: however often it is confirmed, and from whichever page, one report comes of it."""
    return ids.digest(f"draft {draft_id}")


def _own(call: Call, reference: str) -> Report:
    return actions.own(reference, pseudonym=call.citizen.pseudonym, reports=call.services.reports)


def _line(line: ReportLine) -> dict[str, Any]:
    return {
        "reference": line.reference,
        "name": KINDS[line.kind].name,
        "filed_at": line.filed_at,
        "status": WORDS[line.status].name,
        "asks": line.status is Status.AWAITING_REPORTER,
    }


def _question(
    call: Call, report: Report, typed: Mapping[str, Any], errors: Sequence[FieldError] = (), *, restored: bool = False
) -> Reply:
    answer = form.field_of(ANSWER, typed, errors)
    return html.page(
        call,
        "reports/question.html",
        status=400 if errors else 200,
        report=report,
        question=report.open_question,
        answer=answer,
        key=ids.secret_id(),
        problems=[form.Problem(error, ANSWER.label if error.field == ANSWER.name else "") for error in errors],
        restored=restored,
    )
