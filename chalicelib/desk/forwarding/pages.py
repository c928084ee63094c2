"""The page on which an officer chooses what an organisation gets of a report, and the sheet for paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_, Language
from chalicelib.desk import reasons
from chalicelib.desk.actions import Desk
from chalicelib.desk.forwarding import actions, sheet
from chalicelib.desk.forwarding.schemas import NewForward
from chalicelib.desk.forwarding.sheet import GROUND_WORDS, RECEIVER_WORDS
from chalicelib.desk.report.acting import looked_at, sent
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import Report
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.messages import conflict_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)
_ON_PAPER = Language.NL  # as the organisations read


@routes.page("/desk/reports/{reference}/forward", access=officer(Permission.FORWARD))
def compose(request: Request, reference: str) -> Response:
    if reasons.chosen(request, reference) is None:
        return reasons.ask(request, reference)
    report, recovered = looked_at(request, reference), form_recovery.recovered(request)
    return _form(request, report, recovered or {}, restored=recovered is not None)


@routes.page("/desk/reports/{reference}/forward", access=officer(Permission.FORWARD), method="POST")
def forward(request: Request, reference: str) -> Response:
    """Show the sheet. The same form once more shows it once more, and is one forwarding."""
    posted = request.form()
    typed = sent(posted)
    if request.wanted_language:
        return _form(request, looked_at(request, reference), typed)
    try:
        order = parse(NewForward, {**typed, "agreed": "agreed" in typed}).order()
        done = actions.forward(reference, order, _ON_PAPER, key=request.form_key(posted), desk=Desk.of(request))
    except Invalid as invalid:
        return _form(request, looked_at(request, reference), typed, invalid.errors)
    except Conflict as conflict:
        return _form(request, looked_at(request, reference), typed, conflict=conflict_sentence(conflict, request.language))
    return html.page(
        request,
        "desk/forwarding/sheet.html",
        report=done.report,
        sheet=done.sheet,
        sheet_language=_ON_PAPER,
        called=sheet.called(done.order, _ON_PAPER),
        is_open="forward" in done.report.open_tasks,
        key=ids.secret_id(),
    )


def _form(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: str = "",
    restored: bool = False,
) -> Response:
    fields = [form.field_of(question, typed, errors) for question in _questions(report, request.language)]
    return html.page(
        request,
        "desk/forwarding/form.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        kind=KINDS[report.kind].name,
        fields=fields,
        problems=form.problems(fields, errors),
        conflict=conflict,
        restored=restored,
        key=ids.secret_id(),
    )


def _questions(report: Report, language: Language) -> tuple[Question, ...]:
    receivers = tuple(Choice(one, words) for one, words in RECEIVER_WORDS.items())
    grounds = tuple(Choice(one, words) for one, words in GROUND_WORDS.items())
    parts = tuple(Choice(name, title) for name, title in sheet.offered(report, language).items())
    return (
        Question("receiver", N_("To whom?"), Input.CHOICE, Need.REQUIRED, choices=receivers),
        Question("receiverName", N_("Name of the organisation"), hint=N_("Which municipality, insurer or other one."), most=100),
        Question("ground", N_("By which ground of the law?"), Input.CHOICE, Need.REQUIRED, choices=grounds),
        Question(
            "parts",
            N_("Parts of the report that they need"),
            Input.CHOICES,
            hint=N_("The number, the kind and the day of the report always go. Tick no more than they need."),
            choices=parts,
        ),
        Question("agreed", N_("The reporter agreed that their own details, or those of their bank, go along"), Input.TICK),
    )
