"""The page of the list for Victim Support: make it, download it, note that it was handed over."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.actions import Desk
from chalicelib.desk.victim_support import actions
from chalicelib.desk.victim_support.actions import VictimList
from chalicelib.desk.victim_support.listing import LEFT_OUT_WORDS, as_csv
from chalicelib.forms import fields
from chalicelib.forms.questions import Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.messages import conflict_sentence
from chalicelib.web.request import Request
from chalicelib.web.response import Response
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_LIST = Question(
    "list", N_("Number of the list"), need=Need.REQUIRED, hint=N_("For example S-K7MD-PR3W."), most=20, autocomplete="off"
)


@routes.page("/desk/victim-support", access=officer(Permission.VICTIM_LIST))
def show(request: Request) -> Response:
    return _page(request, {"unit": request.argument("unit")})


@routes.page("/desk/victim-support", access=officer(Permission.VICTIM_LIST), method="POST")
def act(request: Request) -> Response:
    """Make a list, download it, or note that it was handed over, as the pressed button says."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_") and isinstance(value, str)}
    unit, number, desk = _unit(request, typed), typed.get("list", "").strip().upper(), Desk.of(request)
    if request.wanted_language or not unit:
        return _page(request, typed, errors=[] if request.wanted_language else [FieldError("unit", "choose_one")])
    try:
        if typed.get("act") == "download":
            return _file(actions.of(unit, number, desk=desk))
        if typed.get("act") == "done":
            return _page(request, {"unit": unit}, done=actions.hand_over(unit, number, desk=desk))
        return _page(request, {"unit": unit}, made=actions.make(unit, actions.list_id(request.form_key(posted)), desk=desk))
    except Invalid as invalid:
        return _page(request, typed, errors=invalid.errors)
    except Conflict as conflict:
        return _page(request, typed, conflict=conflict_sentence(conflict, request.language))


def _file(made: VictimList) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="slachtofferhulp-{made.id}.csv"'}
    return Response(200, as_csv(made.id, made.rows), "text/csv; charset=utf-8", headers)


def _unit(request: Request, typed: Mapping[str, str]) -> str:
    units = sorted(request.officer.units)
    return typed.get("unit") or (units[0] if len(units) == 1 else "")


def _page(
    request: Request,
    typed: Mapping[str, str],
    *,
    made: VictimList | None = None,
    done: int | None = None,
    errors: Sequence[FieldError] = (),
    conflict: str = "",
) -> Response:
    number: Any = fields.field_of(_LIST, typed, errors)
    return html.page(
        request,
        "desk/victim_support.html",
        status=409 if conflict else 400 if errors else 200,
        units=sorted(request.officer.units),
        unit=_unit(request, typed),
        number=number,
        problems=fields.problems([number], errors),
        made=made,
        done=done,
        left_out=[(reference, LEFT_OUT_WORDS[why]) for reference, why in made.left_out] if made else [],
        conflict=conflict,
        key=ids.secret_id(),
    )
