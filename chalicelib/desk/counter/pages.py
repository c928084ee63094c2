"""The officer's pages at the counter: choose the kind, one form with everything, read it back, file, print the copy.

Nothing is kept before it is filed: what was typed travels in the form itself, so no half report of a citizen lies about under
an officer's name. The BSN is asked last, and shown by no page.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.copies import presenter as copies_presenter
from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.desk.actions import Desk
from chalicelib.desk.counter import actions
from chalicelib.desk.counter.model import BSN, IDENTITY, at_counter, flat
from chalicelib.desk.labels import DOUBT_WORDS
from chalicelib.forms import fields as form
from chalicelib.forms.places import municipalities
from chalicelib.people.permissions import Permission
from chalicelib.reports import presenter, submission, wizard
from chalicelib.reports.crimes import CRIME_WORDS, CRIMES, KINDS, CrimeKind, kinds_of
from chalicelib.reports.crimes.common import TRUTH
from chalicelib.reports.submission import Submission
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_LAST = (BSN, IDENTITY, TRUTH)  # asked when everything was read back


@routes.page("/desk/new", access=officer(Permission.FILE_REPORT))
def choose(request: Request) -> Response:
    return html.page(request, "counter/choose.html", crimes=[(CRIME_WORDS[crime], kinds_of(crime)) for crime in CRIMES])


@routes.page("/desk/new/{kind}", access=officer(Permission.FILE_REPORT))
def begin(request: Request, kind: str) -> Response:
    return _form(request, _kind(kind), {}, key=ids.secret_id())


@routes.page("/desk/new/{kind}", access=officer(Permission.FILE_REPORT), method="POST")
def tell(request: Request, kind: str) -> Response:
    """Do what the button says: another row, read back, change, or send."""
    asked, posted = _kind(kind), request.form()
    typed = wizard.told_on(asked.questions, posted)
    key, (button, _, row) = _key(posted), str(posted.get("_go", "")).partition(".")
    if request.wanted_language or button == "change":
        return _form(request, asked, typed, key=key)
    if row:
        return _form(request, asked, _rows_changed(asked, typed, button, row), key=key)
    try:
        told = submission.parse(asked, typed, now=request.services.clock.now(), at_counter=True)
    except Invalid as invalid:
        return _form(request, asked, typed, invalid.errors, key=key)
    return _filed(request, told, typed, posted, key) if button == "send" else _check(request, told, typed, key=key)


@routes.page("/desk/reports/{reference}/copy", access=officer(Permission.FILE_REPORT))
def show_copy(request: Request, reference: str) -> Response:
    report = actions.copy(reference, desk=Desk.of(request))
    services, read = request.services, request.in_asked_language()
    copy = copies_presenter.copy_of(report, read.language, proof_keys=services.proof_keys, at=services.clock.now())
    return html.page(
        read,
        "copies/copy.html",
        here=request.path,
        report=report,
        copy=copy,
        at=f"/desk/reports/{report.reference}",
        verify_at=request.public_address("/verify"),
    )


def _filed(request: Request, told: Submission, typed: Mapping[str, Any], posted: Mapping[str, Any], key: str) -> Response:
    """File what was read back, and nothing else."""
    if posted.get("statement") != told.statement.sha256:
        raise Conflict("draft_changed")
    services = request.services
    try:
        bsn = _confirmed(posted)
    except Invalid as invalid:
        return _check(request, told, typed, invalid.errors, key=key)
    report = actions.file(
        told,
        bsn=bsn,
        officer=request.officer,
        key=wizard.filing_key(key),
        reach_of=lambda told, pseudonym: services.details.reach(told, pseudonym=pseudonym),
        placed=services.placed,
        reports=services.reports,
        audit=services.audit,
        vault=services.vault,
        derivation_key=services.derivation_key,
        clock=services.clock,
    )
    return redirect(f"{request.base}/desk/reports/{report.reference}/copy")


def _confirmed(posted: Mapping[str, Any]) -> str:
    """Return the number. Raises Invalid with all that is wrong with what is asked last."""
    errors: list[FieldError] = []
    bsn = ""
    try:
        bsn = actions.number_of(posted.get(BSN.name))
    except Invalid as invalid:
        errors.extend(invalid.errors)
    errors.extend(FieldError(one.name, "must_tick") for one in (IDENTITY, TRUTH) if posted.get(one.name) != "yes")
    if errors:
        raise Invalid(errors)
    return bsn


def _key(posted: Mapping[str, Any]) -> str:
    """Return the key that makes a double click one report; a form without its own gets a new one."""
    given = posted.get("_key")
    return given if isinstance(given, str) and _KEY.fullmatch(given) else ids.secret_id()


_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


def _kind(code: str) -> CrimeKind:
    if code not in KINDS:
        raise NotFound("kind")
    return at_counter(code)


def _rows_changed(kind: CrimeKind, typed: Mapping[str, Any], button: str, row: str) -> dict[str, Any]:
    part = next((part for part in kind.sections if wizard.has_rows(part, row.partition(".")[0])), None)
    return wizard.rows_changed(dict(typed), part, button, row) if part else dict(typed)


def _form(
    request: Request, kind: CrimeKind, typed: Mapping[str, Any], errors: Sequence[FieldError] = (), *, key: str
) -> Response:
    parts = [(part, wizard.fill(part, kind, typed, errors)) for part in kind.sections]
    fields = [field for _, inner in parts for field in inner]
    return html.page(
        request,
        "counter/form.html",
        status=400 if errors else 200,
        kind=kind,
        parts=[(part, inner) for part, inner in parts if inner],
        problems=form.problems(fields, errors),
        municipalities=[place.name for place in municipalities().values()],
        key=key,
    )


def _check(
    request: Request, told: Submission, typed: Mapping[str, Any], errors: Sequence[FieldError] = (), *, key: str
) -> Response:
    fields = [form.field_of(question, {}, errors) for question in _LAST]
    return html.page(
        request,
        "counter/check.html",
        status=400 if errors else 200,
        kind=told.kind,
        statement=told.statement,
        blocks=presenter.blocks(told.kind.code, told.answers, request.language),
        doubts=DOUBT_WORDS,
        sent_along=list(flat(typed)),
        fields=fields,
        problems=form.problems(fields, errors),
        key=key,
    )
