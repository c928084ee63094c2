"""The supervisors' pages about teams: all of a unit, one of them, and setting free the work of somebody who is absent."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from chalicelib.core import ids
from chalicelib.core.errors import Conflict, FieldError, Forbidden, Invalid
from chalicelib.core.language import N_
from chalicelib.desk.refusals import conflict_sentence
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.desk.teams import actions
from chalicelib.desk.teams.schemas import Member, NewTeam, SetFree
from chalicelib.forms import fields
from chalicelib.forms.questions import Need, Question
from chalicelib.people.permissions import Permission
from chalicelib.teams.model import NAME_LENGTH
from chalicelib.web import html
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, redirect
from chalicelib.web.routes import Routes
from chalicelib.web.schema import parse

routes = Routes(__name__)

_NAME = Question("name", N_("Name of the team"), need=Need.REQUIRED, most=NAME_LENGTH, autocomplete="off")
_MEMBER = Question(
    "member",
    N_("Staff number"),
    need=Need.REQUIRED,
    hint=N_("As in the login of your colleague, for example NN1002."),
    most=64,
    autocomplete="off",
)
_OFFICER = Question("officer", N_("Staff number of your colleague"), need=Need.REQUIRED, most=64, autocomplete="off")
TOLD: Mapping[str, str] = {
    "made": N_("The team is there. Now add the people who are in it: a team without members takes no work."),
    "added": N_("Your colleague is in the team."),
    "removed": N_(
        "Your colleague is no longer in the team. Are they in no team any more? Then their work in this unit is set free."
    ),
    "renamed": N_("The team has its new name."),
    "closed": N_("The team is closed."),
    "free": N_("The work is being set free. Each report keeps its place in the queue. With much work this takes some minutes."),
}


@routes.page("/desk/teams", access=officer(Permission.RUN_TEAMS))
def show_teams(request: Request) -> Response:
    return _teams(request, chosen_unit(request), {})


@routes.page("/desk/teams", access=officer(Permission.RUN_TEAMS), method="POST")
def change_teams(request: Request) -> Response:
    """Make a team, or set somebody's work free: each form says which."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_") and value != ""}
    unit = of_form(request, typed)
    act = typed.pop("act", "")
    try:
        if act == "free":
            actions.set_free(unit, parse(SetFree, typed).officer, desk=TeamDesk.of(request))
            return _back("/desk/teams", unit, "free", request)
        name = parse(NewTeam, typed).name
        actions.make_team(unit, name, key=request.form_key(posted), desk=TeamDesk.of(request))
    except (Invalid, Conflict) as refused:
        return _teams(request, unit, typed, refused)
    return _back("/desk/teams", unit, "made", request)


@routes.page("/desk/teams/{team}", access=officer(Permission.RUN_TEAMS))
def show_team(request: Request, team: str) -> Response:
    return _team(request, team, chosen_unit(request), {})


@routes.page("/desk/teams/{team}", access=officer(Permission.RUN_TEAMS), method="POST")
def change_team(request: Request, team: str) -> Response:
    """Add or remove a member, give the team another name, or close it: the button says which."""
    posted = request.form()
    typed = {name: value for name, value in posted.items() if not name.startswith("_") and value != ""}
    unit = of_form(request, typed)
    act, desk = str(typed.pop("act", "")), TeamDesk.of(request)
    acts: Mapping[str, Callable[[], object]] = {
        "added": lambda: actions.add_member(unit, team, parse(Member, typed).member, desk=desk),
        "removed": lambda: actions.remove_member(unit, team, parse(Member, typed).member, desk=desk),
        "renamed": lambda: actions.rename_team(unit, team, parse(NewTeam, typed).name, desk=desk),
        "closed": lambda: actions.close_team(unit, team, desk=desk),
    }
    try:
        acts.get(act, _unknown)()
    except (Invalid, Conflict) as refused:
        return _team(request, team, unit, typed, refused)
    return _back("/desk/teams" if act == "closed" else f"/desk/teams/{team}", unit, act, request)


def _unknown() -> None:
    raise Invalid([FieldError("act", "not_a_choice")])


def chosen_unit(request: Request) -> str:
    """Return the unit that the address names, or the only one that the officer has; empty when they have to choose."""
    own = sorted(request.officer.units)
    return request.argument("unit") or (own[0] if len(own) == 1 else "")


def of_form(request: Request, typed: Mapping[str, Any]) -> str:
    """Return the unit of a form. Raises Forbidden for one that is not the officer's own."""
    unit = typed.get("unit")
    if not isinstance(unit, str) or unit not in request.officer.units:
        raise Forbidden(Permission.RUN_TEAMS)
    return unit


def errors_of(refused: Invalid | Conflict | None) -> tuple[FieldError, ...]:
    return refused.errors if isinstance(refused, Invalid) else ()


def conflict_of(refused: Invalid | Conflict | None, request: Request) -> str:
    return conflict_sentence(refused, request) if isinstance(refused, Conflict) else ""


def status_of(refused: Invalid | Conflict | None) -> int:
    return 200 if refused is None else 409 if isinstance(refused, Conflict) else 400


def _teams(request: Request, unit: str, typed: Mapping[str, Any], refused: Invalid | Conflict | None = None) -> Response:
    roster = actions.load_roster(unit, desk=TeamDesk.of(request)) if unit else None
    name, colleague = (fields.field_of(question, typed, errors_of(refused)) for question in (_NAME, _OFFICER))
    return html.page(
        request,
        "desk/teams.html",
        status=status_of(refused),
        units=sorted(request.officer.units),
        unit=unit,
        roster=roster,
        name=name,
        officer=colleague,
        problems=fields.problems([name, colleague], errors_of(refused)),
        conflict=conflict_of(refused, request),
        done=TOLD.get(request.argument("done"), ""),
        key=ids.secret_id(),
    )


def _team(
    request: Request, team_id: str, unit: str, typed: Mapping[str, Any], refused: Invalid | Conflict | None = None
) -> Response:
    if not unit:
        return redirect(f"{request.base}/desk/teams")
    roster = actions.load_roster(unit, desk=TeamDesk.of(request))
    team = actions.team_of(roster, team_id)
    member, name = (fields.field_of(question, {"name": team.name, **typed}, errors_of(refused)) for question in (_MEMBER, _NAME))
    return html.page(
        request,
        "desk/team.html",
        status=status_of(refused),
        unit=unit,
        team=team,
        elsewhere={one: [roster.name_of(each) for each in roster.teams_of(one) if each != team.id] for one in team.members},
        member=member,
        name=name,
        problems=fields.problems([member, name], errors_of(refused)),
        conflict=conflict_of(refused, request),
        done=TOLD.get(request.argument("done"), ""),
        key=ids.secret_id(),
    )


def _back(path: str, unit: str, done: str, request: Request) -> Response:
    return redirect(f"{request.base}{path}?{urlencode({'unit': unit, 'done': done})}")
