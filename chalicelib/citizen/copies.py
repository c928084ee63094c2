"""The copy of one's own report, made for print, and the public page that tells whether a copy is genuine."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.citizen.codes import Elsewhere, known_elsewhere
from chalicelib.citizen.own import note_read, own_reports
from chalicelib.copies import actions, presenter
from chalicelib.copies.objection import letter_of
from chalicelib.core.codes import CodeKind
from chalicelib.core.errors import FieldError, NotFound
from chalicelib.core.language import N_, Language
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Need, Question
from chalicelib.reports import actions as reports
from chalicelib.reports.statuses import OBJECTIONABLE
from chalicelib.web import html, limits
from chalicelib.web.access import CITIZEN, PUBLIC
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)

NUMBER = Question(
    "reference",
    N_("Number of the report"),
    need=Need.REQUIRED,
    hint=N_("It stands at the top of the copy, for example K7MD-PR3W-9XCV."),
)
CODE = Question(
    "code",
    N_("Verification code"),
    need=Need.REQUIRED,
    hint=N_("It stands next to the number, for example K-K7MDP-R3W9X. Capitals, spaces and dashes do not matter."),
)
_ASKED = (NUMBER, CODE)
_PROSECUTOR_READS = Language.NL


@routes.page("/reports/{reference}/copy", access=CITIZEN)
def show_copy(request: Request, reference: str) -> Response:
    report = reports.own(reference, mine=own_reports(request))
    note_read(request, report)
    services, read = request.services, request.in_asked_language()
    copy = presenter.copy_of(report, read.language, proof_keys=services.proof_keys, at=services.clock.now())
    return html.page(
        read,
        "copies/copy.html",
        here=request.path,
        report=report,
        copy=copy,
        at=f"/reports/{report.reference}",
        verify_at=request.public_address("/verify"),
    )


@routes.page("/reports/{reference}/objection", access=CITIZEN)
def show_objection(request: Request, reference: str) -> Response:
    """A letter to the public prosecutor, ready to print and sign. It is in Dutch: that is what the prosecutor reads."""
    report = reports.own(reference, mine=own_reports(request))
    if report.status not in OBJECTIONABLE:
        raise NotFound("objection")
    letter = letter_of(report, _PROSECUTOR_READS)
    return html.page(request, "copies/objection.html", report=report, letter=letter, letter_language=_PROSECUTOR_READS)


@routes.page("/verify", access=PUBLIC)
def ask(request: Request) -> Response:
    return _ask(request, {})


@routes.page("/verify", access=PUBLIC, method="POST")
def verify(request: Request) -> Response:
    """The answer is this page itself: nothing that opens something stands in an address."""
    typed = {name: value for name, value in request.form().items() if isinstance(value, str)}
    if request.wanted_language:
        return _ask(request, typed)
    errors = [FieldError(each.name, "required") for each in _ASKED if not typed.get(each.name, "").strip()]
    if errors:
        return _ask(request, typed, errors)
    try:
        with limits.counted(request, actions.PURPOSE):
            genuine = actions.verify(
                typed[NUMBER.name],
                typed[CODE.name],
                reports=request.services.reports,
                proof_keys=request.services.proof_keys,
            )
    except NotFound:
        return _not_verified(request, typed)
    return html.page(request, "copies/genuine.html", genuine=genuine, checked_at=request.services.clock.now())


def _not_verified(request: Request, typed: Mapping[str, Any]) -> Response:
    """Say that number and code do not belong together; or that the code is another one of ours, and where that belongs."""
    other = known_elsewhere(request, typed[CODE.name], CodeKind.COPY)
    return _ask(request, typed, other.errors, elsewhere=other) if other else _ask(request, typed, is_unknown=True)


def _ask(
    request: Request,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    is_unknown: bool = False,
    elsewhere: Elsewhere | None = None,
) -> Response:
    fields = [form.field_of(question, typed, errors) for question in _ASKED]
    return html.page(
        request,
        "copies/verify.html",
        status=400 if errors else 200,
        fields=fields,
        problems=form.problems(fields, errors),
        is_unknown=is_unknown,
        elsewhere=elsewhere,
        typed=typed,
    )
