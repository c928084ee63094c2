"""The officers' page to hand a report over: choose, check what will happen, do it. After that it is the other unit's."""

from collections.abc import Mapping
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.moving import actions
from chalicelib.desk.moving.schemas import HandOver, RouteAgain
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.report.acting import looked_at
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.forms import fields
from chalicelib.forms.places import units
from chalicelib.forms.questions import Choice, Input, Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.reports.crimes import KINDS
from chalicelib.reports.model import EXPLANATION_LENGTH, Report
from chalicelib.web import form_recovery, html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

_REMARK = Question(
    "remark",
    N_("Remark for the other unit"),
    Input.LONG_TEXT,
    Need.REQUIRED,
    hint=N_("Why do you hand it over, and what did you do? Only officers read this."),
    most=EXPLANATION_LENGTH,
)


@routes.page("/desk/reports/{reference}/move", access=officer(Permission.MOVE_REPORT))
def choose(request: Request, reference: str) -> Response:
    recovered = form_recovery.recovered(request)
    report = looked_at(request, reference)
    return _page(request, report, recovered or {}, restored=recovered is not None)


@routes.page("/desk/reports/{reference}/move", access=officer(Permission.MOVE_REPORT), method="POST")
def move(request: Request, reference: str) -> Response:
    """Show what will happen, or do it, or send the report where the rules say: the button says which."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_")}
    step, key, desk = str(typed.pop("step", "check")), request.form_key(posted), TeamDesk.of(request)
    sent = {name: value for name, value in typed.items() if value != ""}
    try:
        if step == "done":
            told = parse(HandOver, sent)
            report = actions.move(reference, told.unit, told.remark, version=told.version, key=key, desk=desk)
            return _moved(request, report)
        if step == "route":
            version = parse(RouteAgain, {"version": sent.get("version", "")}).version
            return _moved(request, actions.route_again(reference, version=version, key=key, desk=desk))
    except Invalid as invalid:
        return _page(request, looked_at(request, reference), typed, invalid.errors)
    except Conflict as conflict:
        return _page(request, looked_at(request, reference), typed, conflict=conflict)
    return _check(request, looked_at(request, reference), typed, sent, change=step == "change")


def _check(request: Request, report: Report, typed: Mapping[str, Any], sent: Mapping[str, Any], *, change: bool) -> Response:
    try:
        told = parse(HandOver, sent)
        actions.require_sound(report, told.unit, told.remark)
    except Invalid as invalid:
        return _page(request, report, typed, () if change else invalid.errors)
    if change:
        return _page(request, report, typed)
    return html.page(
        request,
        "desk/move_check.html",
        report=report,
        kind=KINDS[report.kind].name,
        check=actions.check(report, told.unit),
        had_it=request.services.rosters.get(report.unit).name_of(report.assignee),
        stays_visible=told.unit in request.officer.units,
        remark=told.remark,
        key=ids.secret_id(),
    )


def _moved(request: Request, report: Report) -> Response:
    """Whoever may still see the report goes on with it. An officer who may not reads where it is, also when it is sent twice."""
    if report.unit in request.officer.units:
        return redirect(request.keeping(f"/desk/reports/{report.reference}/work?done=moved"))
    return html.page(request, "desk/moved.html", reference=report.reference, unit=report.unit)


def _page(
    request: Request,
    report: Report,
    typed: Mapping[str, Any],
    errors: tuple[FieldError, ...] = (),
    *,
    conflict: Conflict | None = None,
    restored: bool = False,
) -> Response:
    others = tuple(Choice(unit, unit) for unit in units() if unit != report.unit)
    unit = Question("unit", N_("To which police unit?"), Input.CHOICE, Need.REQUIRED, choices=others)
    asked = [fields.field_of(question, typed, errors) for question in (unit, _REMARK)]
    desk = TeamDesk.of(request)
    way = actions.suggested(report, desk=desk)
    return html.page(
        request,
        "desk/move.html",
        status=409 if conflict else 400 if errors else 200,
        report=report,
        kind=KINDS[report.kind].name,
        fields=asked,
        problems=fields.problems(asked, errors),
        conflict=conflict_sentence(conflict, request) if conflict else "",
        restored=restored,
        way=way,
        team=desk.rosters.get(way.unit).name_of(way.team) if way and way.team else "",
        key=ids.secret_id(),
    )
