"""The rules by which a report is given to somebody. Pure.

A handler takes what is free or waits with a team of theirs, for themselves or for that team, and gives it back. An officer
who runs the teams of a unit gives anything to anybody who is in one. An assignee is a staff id, a team's id, or empty: nobody.
"""

from chalicelib.core.errors import Conflict
from chalicelib.people.model import Officer
from chalicelib.people.permissions import Permission, may
from chalicelib.teams.model import TEAM_ID, Roster


def require_may_give(officer: Officer, roster: Roster, *, has_it: str, to: str) -> None:
    """Raises Conflict where this officer may not give a report of the roster's unit, which `has_it` has, to `to`."""
    if not may(officer, Permission.RUN_TEAMS, roster.unit):
        own = {"", officer.id, *roster.teams_of(officer.id)}
        if has_it not in own:
            raise Conflict("assigned_to_other", who=roster.name_of(has_it))
        if to not in own:
            raise Conflict("assigns_own_only")
    _require_takes_work(officer, roster, to)


def choices(officer: Officer, roster: Roster, *, has_it: str) -> tuple[str, ...]:
    """Return to whom this officer may give a report now, themselves first; nothing where it is not theirs to give."""
    runs = may(officer, Permission.RUN_TEAMS, roster.unit)
    own = roster.teams_of(officer.id)
    if not runs and has_it not in ("", officer.id, *own):
        return ()
    teams = [team.id for team in roster.open_teams if team.takes_work and (runs or team.id in own)]
    people = roster.staff if runs else ()
    return tuple(one for one in dict.fromkeys((officer.id, *teams, *people, "")) if one != has_it)


def _require_takes_work(officer: Officer, roster: Roster, to: str) -> None:
    if to in ("", officer.id):
        return
    if not TEAM_ID.fullmatch(to):
        if to not in roster.staff:
            raise Conflict("assignee_not_of_unit")
        return
    team = roster.team(to)
    if team is None or team.is_closed:
        raise Conflict("team_unknown")
    if not team.takes_work:
        raise Conflict("team_takes_no_work", team=team.name)
