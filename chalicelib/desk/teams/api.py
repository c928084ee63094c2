"""/v1/desk/teams: the teams of a unit and who is in them, setting somebody's work free, where new reports go."""

from chalicelib.desk.team_desk import TeamDesk
from chalicelib.desk.teams import actions
from chalicelib.desk.teams.schemas import Closing, Member, NewRule, NewTeam, OfUnit, Removal, RosterOut, SetFree
from chalicelib.people.permissions import Permission
from chalicelib.teams.model import Roster
from chalicelib.web.access import officer
from chalicelib.web.request import Request
from chalicelib.web.response import Response, as_json
from chalicelib.web.routes import Routes

routes = Routes(__name__)
_RUNS = officer(Permission.RUN_TEAMS)


@routes.api(
    "GET",
    "/v1/desk/teams",
    access=officer(Permission.ASSIGN),
    summary="The teams of a unit, who is in them, and its rules",
    description="By their ids reports are given to a team. The look is on record.",
    query=OfUnit,
    answer=RosterOut,
)
def read(request: Request, query: OfUnit) -> Response:
    roster = actions.load_roster(query.unit, permission=Permission.ASSIGN, desk=TeamDesk.of(request))
    return as_json(RosterOut.of(roster).content())


@routes.api(
    "POST",
    "/v1/desk/teams",
    access=_RUNS,
    summary="Make a team",
    description="A team takes work as soon as somebody is in it.",
    body=NewTeam,
    answer=RosterOut,
    status=201,
)
def make(request: Request, body: NewTeam) -> Response:
    return _told(actions.make_team(body.unit, body.name, key=request.idempotency_key, desk=TeamDesk.of(request)))


@routes.api(
    "POST",
    "/v1/desk/teams/{team}/members",
    access=_RUNS,
    summary="Put somebody into a team",
    description="By their staff id, as the staff login knows them. Put in twice, they are in it once.",
    body=Member,
    answer=RosterOut,
    status=201,
)
def join(request: Request, team: str, body: Member) -> Response:
    return _told(actions.add_member(body.unit, team, body.member, desk=TeamDesk.of(request)))


@routes.api(
    "POST",
    "/v1/desk/teams/{team}/departures",
    access=_RUNS,
    summary="Take somebody out of a team",
    description="Who is in no team of the unit then has their work there set free; each report keeps its place.",
    body=Member,
    answer=RosterOut,
    status=201,
)
def leave(request: Request, team: str, body: Member) -> Response:
    return _told(actions.remove_member(body.unit, team, body.member, desk=TeamDesk.of(request)))


@routes.api(
    "POST",
    "/v1/desk/teams/{team}/closings",
    access=_RUNS,
    summary="Close a team that has no work left",
    description="A team with open reports is a 409: give those to somebody else first.",
    body=Closing,
    answer=RosterOut,
    status=201,
)
def close(request: Request, team: str, body: Closing) -> Response:
    return _told(actions.close_team(body.unit, team, desk=TeamDesk.of(request)))


@routes.api(
    "POST",
    "/v1/desk/absences",
    access=_RUNS,
    summary="Set free what an absent colleague has in a unit",
    description="A part at once, the rest within minutes; `absences` names who still has work. Each report keeps its place.",
    body=SetFree,
    answer=RosterOut,
    status=201,
)
def set_free(request: Request, body: SetFree) -> Response:
    return _told(actions.set_free(body.unit, body.officer, desk=TeamDesk.of(request)))


@routes.api(
    "POST",
    "/v1/desk/routing-rules",
    access=_RUNS,
    summary="Add a rule by which new reports go to a team or another unit",
    description="Of the rules that hold for a report, the most precise one is followed.",
    body=NewRule,
    answer=RosterOut,
    status=201,
)
def add_rule(request: Request, body: NewRule) -> Response:
    return _told(
        actions.add_rule(
            body.unit,
            kind=body.kind,
            municipality=body.municipality,
            band=body.band,
            to=body.to,
            key=request.idempotency_key,
            desk=TeamDesk.of(request),
        )
    )


@routes.api(
    "POST",
    "/v1/desk/routing-rules/{rule}/removals",
    access=_RUNS,
    summary="Take a rule away",
    description="Reports that it sent somewhere stay there.",
    body=Removal,
    answer=RosterOut,
    status=201,
)
def remove_rule(request: Request, rule: str, body: Removal) -> Response:
    return _told(actions.remove_rule(body.unit, rule, desk=TeamDesk.of(request)))


def _told(roster: Roster) -> Response:
    return as_json(RosterOut.of(roster).content(), 201)
