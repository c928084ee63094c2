"""The pages on which a report is made: what happened and whether it belongs here, one page per part, check, send.

A draft is saved at every step, before anything is said about it: nothing typed is ever lost. Its id decides the reference
of the report, so that a double click, the back button and two windows make one report.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from chalicelib.citizen.evidence.panel import folder_of
from chalicelib.citizen.filing.evidence_step import reference_of
from chalicelib.citizen.home import unfinished
from chalicelib.citizen.own import DRAFTS, filed_today
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.drafts.store import Draft
from chalicelib.evidence import actions as evidence
from chalicelib.evidence.model import Folder
from chalicelib.evidence.presenter import rows
from chalicelib.forms import fields as form
from chalicelib.forms.places import municipalities
from chalicelib.reports import actions, presenter, submission, wizard
from chalicelib.reports.crimes import CRIME_WORDS, CRIMES, KINDS, CrimeKind, kinds_of
from chalicelib.reports.crimes.common import BEFORE, TRUTH
from chalicelib.reports.crimes.triage import CIRCUMSTANCES, NONE, RULES
from chalicelib.reports.facts import Reporter
from chalicelib.reports.model import Report
from chalicelib.reports.store import ReportLine
from chalicelib.reports.submission import Submission
from chalicelib.reports.wizard import CHECK, Step
from chalicelib.web import form_recovery, html
from chalicelib.web.access import CITIZEN, PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

ALIKE_WITHIN = timedelta(days=30)


@routes.page("/report", access=PUBLIC)
def choose(request: Request) -> Response:
    off = request.services.settings.switched_off_kinds
    crimes = [(CRIME_WORDS[crime], [kind for kind in kinds_of(crime) if kind.code not in off]) for crime in CRIMES]
    ways = {rule.next_step: [other for other in RULES if other.next_step == rule.next_step] for rule in RULES}
    return html.page(request, "filing/choose.html", crimes=[row for row in crimes if row[1]], elsewhere=list(ways.items()))


@routes.page("/report/{kind}/circumstances", access=PUBLIC)
def circumstances(request: Request, kind: str) -> Response:
    return _circumstances(request, _kind(request, kind), {})


@routes.page("/report/{kind}/circumstances", access=PUBLIC, method="POST")
def aid(request: Request, kind: str) -> Response:
    """Say who should not report here, before anybody logs in. Only that nothing applies travels on, in the address."""
    asked, typed = _kind(request, kind), request.form()
    if request.wanted_language:
        return _circumstances(request, asked, typed)
    errors = submission.problems_of(BEFORE, asked, typed, now=request.services.clock.now())
    if errors:
        return _circumstances(request, asked, typed, errors)
    return redirect(f"{request.base}/report/{asked.code}?{CIRCUMSTANCES.name}={NONE}")


@routes.page("/report/{kind}", access=CITIZEN)
def begin(request: Request, kind: str) -> Response:
    """Begin a new draft: only an address is made up here, nothing is written before something is typed."""
    asked, cleared = _kind(request, kind), request.argument(CIRCUMSTANCES.name) == NONE
    query = f"?{CIRCUMSTANCES.name}={NONE}" if cleared else ""
    return redirect(f"{_address(request, asked, ids.reference())}/{wizard.first(asked, cleared=cleared)}{query}")


@routes.page("/report/{kind}/{draft}/{step}", access=CITIZEN)
def ask(request: Request, kind: str, draft: str, step: str) -> Response:
    asked, draft_id = _kind(request, kind), _draft_id(draft)
    found = _draft(request, asked, draft_id)
    if found is None and (report := _filed(request, draft_id)):
        return _to_receipt(request, report)
    typed = found.content if found else {"language": str(request.language)}
    recovered = form_recovery.recovered(request, after=found.saved_at if found else None)
    return _step(
        request, asked, draft_id, _known_step(asked, typed, step), typed | (recovered or {}), restored=recovered is not None
    )


@routes.page("/report/{kind}/{draft}/{step}", access=CITIZEN, method="POST")
def tell(request: Request, kind: str, draft: str, step: str) -> Response:
    """Save what was typed; then do what the button says."""
    asked, draft_id = _kind(request, kind), _draft_id(draft)
    found = _draft(request, asked, draft_id)
    if found is None and (report := _filed(request, draft_id)):
        return _to_receipt(request, report)
    if found is None:
        request.services.daily.count_try(DRAFTS, request.citizen.pseudonym, most=request.services.settings.drafts_most)
    posted = request.form()
    button, _, row = str(posted.get("_go", "")).partition(".")

    def told(present: dict[str, Any] | None) -> dict[str, Any]:
        if present is None and found:  # sent from another window since it was read
            raise Conflict("draft_changed")
        before = present or _defaults(request)
        here = _known_step(asked, before, step)
        typed = wizard.filled(before, here.part, posted)
        return wizard.rows_changed(typed, here.part, button, row) if row else typed

    typed = request.services.drafts.change(request.citizen.pseudonym, draft_id, asked.code, told).content
    here = _known_step(asked, typed, step)
    if row:
        return _step(request, asked, draft_id, here, typed)
    if button == "stop":
        return redirect(f"{request.base}/report/saved")
    if button == "back" and here.before:
        return redirect(f"{_address(request, asked, draft_id)}/{here.before}")
    errors = submission.problems_of(here.part, asked, typed, now=request.services.clock.now())
    if errors:
        return _step(request, asked, draft_id, here, typed, errors)
    return redirect(f"{_address(request, asked, draft_id)}/{CHECK if posted.get('_to') == CHECK else here.after}")


@routes.page("/report/saved", access=CITIZEN)
def saved(request: Request) -> Response:
    """The citizen's unfinished reports, to go on with."""
    return html.page(request, "filing/saved.html", drafts=unfinished(request))


@routes.page("/report/{kind}/{draft}/check", access=CITIZEN)
def check(request: Request, kind: str, draft: str) -> Response:
    return _sound(request, kind, draft, _check)


@routes.page("/report/{kind}/{draft}/check", access=CITIZEN, method="POST")
def confirm(request: Request, kind: str, draft: str) -> Response:
    """File what was shown, and nothing else: the page sends back the fingerprint of what the reporter read on it."""
    return _sound(request, kind, draft, _confirmed)


def _sound(request: Request, kind: str, draft: str, answer: Callable[[Request, Draft, Submission, Folder], Response]) -> Response:
    """Answer about a draft that is whole; lead on to its receipt who has sent it already, and to what is wrong who cannot yet."""
    asked, draft_id = _kind(request, kind), _draft_id(draft)
    found = _draft(request, asked, draft_id)
    if found is None:
        report = _filed(request, draft_id)
        if report is None:
            raise NotFound("draft")
        return _to_receipt(request, report)
    try:
        sound = submission.parse(asked, found.content, now=request.services.clock.now())
    except Invalid as invalid:  # a part was skipped, or the questions changed since it was typed
        return redirect(f"{_address(request, asked, found.id)}/{_part_of(asked, invalid.errors)}")
    files = _files(request, found.id)
    return answer(request, found, replace(sound, evidence=files.attachments()), files)


def _confirmed(request: Request, draft: Draft, sound: Submission, files: Folder) -> Response:
    posted = request.form()
    if posted.get("statement") != sound.statement.sha256:
        raise Conflict("draft_changed")
    try:
        submission.confirmed(posted.get("truth"))
    except Invalid as invalid:
        return _check(request, draft, sound, files, invalid.errors)
    files = _files(request, draft.id)  # again: another window may have added one meanwhile
    if files.attachments() != sound.evidence:
        raise Conflict("draft_changed")
    if not (files.sealed and _filed(request, draft.id)):  # an earlier request can have died after it saved the report
        # before the report: what it names does not change any more
        evidence.seal(files, storage=request.services.evidence_storage)
    report = _file(request, draft, sound)
    evidence.keep(files.id, storage=request.services.evidence_storage)
    request.services.drafts.remove(draft.owner, draft.id)
    return _to_receipt(request, report)


def _defaults(request: Request) -> dict[str, Any]:
    """The first content of a new draft: read once, when the first page is sent; its writer sees it on the page that asks."""
    known = request.services.details.defaults(request.citizen.pseudonym, request.language)
    return {**known, **wizard.of_company(request.citizen.company)}


def _files(request: Request, draft_id: str) -> Folder:
    return folder_of(request, reference_of(request, draft_id))


def _kind(request: Request, code: str) -> CrimeKind:
    if code not in KINDS:
        raise NotFound("kind")
    return submission.kind_of(code, request.services.settings.switched_off_kinds)


def _draft_id(text: str) -> str:
    known = ids.parse_reference(text)
    if known is None:
        raise NotFound("draft")
    return known


def _draft(request: Request, kind: CrimeKind, draft_id: str) -> Draft | None:
    """Return the citizen's own draft of this kind; drafts are found under the pseudonym, so another's does not exist."""
    draft = request.services.drafts.get(request.citizen.pseudonym, draft_id)
    if draft and draft.kind != kind.code:  # answering would write this kind over the other
        raise NotFound("draft")
    return draft


def _known_step(kind: CrimeKind, typed: Mapping[str, Any], name: str) -> Step:
    found = wizard.step(kind, typed, name)
    if found is None:
        raise NotFound("step")
    return found


def _address(request: Request, kind: CrimeKind, draft_id: str) -> str:
    return f"{request.base}/report/{kind.code}/{draft_id}"


def _part_of(kind: CrimeKind, errors: Sequence[FieldError]) -> str:
    """Return the first part in which something is wrong."""
    wrong = {error.field.split(".")[0] for error in errors}
    return next((part.name for part in kind.sections if wrong & {q.name for q in part.questions}), kind.sections[0].name)


def _circumstances(request: Request, kind: CrimeKind, typed: Mapping[str, Any], errors: Sequence[FieldError] = ()) -> Response:
    fields = wizard.fill(BEFORE, kind, typed, errors)
    status, problems = (400 if errors else 200), form.problems(fields, errors)
    return html.page(
        request,
        "filing/circumstances.html",
        status=status,
        kind=kind,
        total=len(wizard.parts(kind, {})) + 1,
        fields=fields,
        problems=problems,
    )


def _step(
    request: Request,
    kind: CrimeKind,
    draft_id: str,
    here: Step,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    restored: bool = False,
) -> Response:
    fields = wizard.fill(here.part, kind, typed, errors)
    return html.page(
        request,
        "filing/step.html",
        status=400 if errors else 200,
        kind=kind,
        step=here,
        action=f"{_address(request, kind, draft_id)}/{here.part.name}",
        fields=fields,
        problems=form.problems(fields, errors),
        cleared=request.argument(CIRCUMSTANCES.name) == NONE if request.method == "GET" else False,
        to_check=request.argument("to") == CHECK or (request.method == "POST" and request.form().get("_to") == CHECK),
        restored=restored,
        municipalities=[place.name for place in municipalities().values()] if here.part.name == "place" else [],
    )


def _check(request: Request, draft: Draft, sound: Submission, files: Folder, errors: Sequence[FieldError] = ()) -> Response:
    asked = {question.name: (question.label, part.name) for part in sound.kind.sections for question in part.questions}
    return html.page(
        request,
        "filing/check.html",
        status=400 if errors else 200,
        kind=sound.kind,
        statement=sound.statement,
        blocks=presenter.blocks(sound.kind.code, sound.answers, request.language),
        files=rows(sound.evidence, request.language),
        is_settled=files.is_settled,
        warnings=[(*asked[warned.field], warned) for warned in sound.warnings],
        address=_address(request, sound.kind, draft.id),
        alike=_alike(request, sound),
        truth=form.field_of(TRUTH, {}, errors),
        problems=[form.Problem(error, TRUTH.label) for error in errors],
    )


def _alike(request: Request, sound: Submission) -> ReportLine | None:
    """The reporter's latest report of the same kind of the past weeks: perhaps told twice. Asked, never refused."""
    since = request.services.clock.now() - ALIKE_WITHIN
    lines = request.services.reports.of_reporter(request.citizen.pseudonym).lines
    return next((line for line in lines if line.kind == sound.kind.code and line.filed_at > since), None)


def _file(request: Request, draft: Draft, sound: Submission) -> Report:
    key = wizard.filing_key(draft.id)
    file = partial(
        actions.file,
        sound,
        reporter=Reporter.of(request.citizen),
        reach=request.services.details.reach(sound.contact, pseudonym=request.citizen.pseudonym),
        key=key,
        placed=request.services.placed,
        reports=request.services.reports,
        derivation_key=request.services.derivation_key,
        clock=request.services.clock,
    )
    return filed_today(request, key, file)


def _filed(request: Request, draft_id: str) -> Report | None:
    """A second click, or the back button: the draft is gone, and the report that came of it is found by the same key."""
    reference = actions.reference_for(request.citizen.pseudonym, wizard.filing_key(draft_id), request.services.derivation_key)
    return request.services.reports.get(reference)


def _to_receipt(request: Request, report: Report) -> Response:
    return redirect(f"{request.base}/reports/{report.reference}/receipt")
