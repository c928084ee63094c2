"""The citizen's pages for asking: how does it stand, and will you look at the decision again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chalicelib.citizen.own import own_reports
from chalicelib.core import ids
from chalicelib.core.clock import day_of
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.core.working_days import add_working_days
from chalicelib.forms import fields as form
from chalicelib.forms.questions import Input, Need, Question
from chalicelib.reports import actions, promises
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.web import form_recovery, html
from chalicelib.web.access import CITIZEN
from chalicelib.web.messages import conflict_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes

routes = Routes(__name__)

_REASON = Question(
    "reason",
    N_("Why should we look again?"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_("For example: there is a witness or a camera that we do not know of, or something in the decision is not right."),
    most=EXPLANATION_LENGTH,
)


@routes.page("/reports/{reference}/update", access=CITIZEN)
def explain_update(request: Request, reference: str) -> Response:
    return _update(request, _own(request, reference))


@routes.page("/reports/{reference}/update", access=CITIZEN, method="POST")
def ask_update(request: Request, reference: str) -> Response:
    try:
        report = actions.ask_update(reference, key=request.form_key(request.form()), mine=own_reports(request))
    except Conflict as conflict:
        return _update(request, _own(request, reference), conflict)
    return redirect(f"{request.base}/reports/{report.reference}?saved=update#saved")


@routes.page("/reports/{reference}/contest", access=CITIZEN)
def explain_contest(request: Request, reference: str) -> Response:
    recovered = form_recovery.recovered(request)
    return _contest(request, _own(request, reference), recovered or {}, restored=recovered is not None)


@routes.page("/reports/{reference}/contest", access=CITIZEN, method="POST")
def contest(request: Request, reference: str) -> Response:
    from chalicelib.citizen.promises.schemas import NewContest  # noqa: PLC0415 — pydantic only where a reason is read
    from chalicelib.web.schema import parse  # noqa: PLC0415 — likewise

    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    try:
        body = parse(NewContest, typed)
        report = actions.contest(reference, body.reason, key=request.form_key(posted), mine=own_reports(request))
    except Invalid as invalid:
        return _contest(request, _own(request, reference), typed, invalid.errors)
    except Conflict as conflict:
        return _contest(request, _own(request, reference), typed, conflict=conflict)
    return redirect(f"{request.base}/reports/{report.reference}?saved=contest#saved")


def _own(request: Request, reference: str) -> Report:
    return actions.own(reference, mine=own_reports(request))


def _update(request: Request, report: Report, conflict: Conflict | None = None) -> Response:
    now = request.services.clock.now()
    why_not = conflict or _refusal(lambda: promises.update_asked(report, at=now))
    return html.page(
        request,
        "promises/update.html",
        status=409 if conflict else 200,
        report=report,
        refusal=conflict_sentence(why_not, request.language) if why_not else "",
        failed_now=conflict is not None,
        asked_by=promises.update_due_on(report),
        answer_by=add_working_days(day_of(now), promises.ANSWER_WORKING_DAYS),
        key=ids.secret_id(),
    )


def _contest(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
) -> Response:
    now, fields = request.services.clock.now(), [form.field_of(_REASON, typed, errors)]
    why_not = conflict or _refusal(lambda: promises.contested(report, _REASON.name, at=now))
    return html.page(
        request,
        "promises/contest.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        refusal=conflict_sentence(why_not, request.language) if why_not else "",
        failed_now=conflict is not None,
        contest_by=promises.contest_due_on(report),
        answer_by=add_working_days(day_of(now), promises.ANSWER_WORKING_DAYS),
        fields=fields,
        problems=form.problems(fields, errors),
        key=ids.secret_id(),
        restored=restored,
    )


def _refusal(attempt: Callable[[], object]) -> Conflict | None:
    """Return why something cannot be done now; the page says it before anybody tries."""
    try:
        attempt()
    except Conflict as conflict:
        return conflict
    return None
