"""The acts of who runs the teams of a unit. Each is on record, and a second press of the same form does nothing more."""

from collections.abc import Callable

from chalicelib.core import ids
from chalicelib.core.errors import NotFound
from chalicelib.desk.team_desk import TeamDesk
from chalicelib.forms.places import units
from chalicelib.people.permissions import LookReason, Permission, require
from chalicelib.teams import actions as teams
from chalicelib.teams.bands import Band
from chalicelib.teams.model import Roster, Rule, Team


def load_roster(unit: str, *, desk: TeamDesk, permission: Permission = Permission.RUN_TEAMS) -> Roster:
    """Return the roster of a unit of the officer's own; the look is on record."""
    require(desk.officer, permission, unit)
    _note(unit, "read_teams", desk)
    return desk.rosters.get(unit)


def team_of(roster: Roster, team_id: str) -> Team:
    """Return an open team. Raises NotFound."""
    team = roster.team(team_id)
    if team is None or team.is_closed:
        raise NotFound("team")
    return team


def make_team(unit: str, name: str, *, key: str, desk: TeamDesk) -> Roster:
    team_id = f"T-{_made('team', unit, key, desk)}"
    return _changed(unit, f"team_made:{team_id}", lambda roster: roster.with_team(team_id, name), desk)


def rename_team(unit: str, team_id: str, name: str, *, desk: TeamDesk) -> Roster:
    return _changed(unit, f"team_renamed:{team_id}", lambda roster: roster.renamed(team_id, name), desk)


def add_member(unit: str, team_id: str, member: str, *, desk: TeamDesk) -> Roster:
    return _changed(unit, f"member_added:{team_id}", lambda roster: roster.joined(team_id, member), desk)


def remove_member(unit: str, team_id: str, member: str, *, desk: TeamDesk) -> Roster:
    """Take somebody out of a team; who is in none then has their work in this unit set free."""

    def left(roster: Roster) -> Roster:
        return roster.left(team_id, member, by=desk.officer.id, at=desk.clock.now())

    return _freeing(_changed(unit, f"member_removed:{team_id}", left, desk), desk)


def close_team(unit: str, team_id: str, *, desk: TeamDesk) -> Roster:
    """Close a team that has no work left. Raises Conflict(`team_has_work`, `team_in_rules`)."""

    def closed(roster: Roster) -> Roster:
        return roster.closed(team_id, open_work=int(teams.has_work(team_id, desk.reports)))

    return _changed(unit, f"team_closed:{team_id}", closed, desk)


def set_free(unit: str, officer: str, *, desk: TeamDesk) -> Roster:
    """Set free what somebody has in this unit: a first step at once, the rest minute by minute, all by this one act."""

    def absent(roster: Roster) -> Roster:
        return roster.absent(officer, by=desk.officer.id, at=desk.clock.now())

    return _freeing(_changed(unit, "work_set_free", absent, desk), desk)


def add_rule(unit: str, *, kind: str, municipality: str, band: Band, to: str, key: str, desk: TeamDesk) -> Roster:
    """Add a rule that leads to a team (its id) or to another unit (its name)."""
    place = {"unit": to} if to in units() else {"team": to}
    rule = Rule(id=f"R-{_made('rule', unit, key, desk)}", kind=kind, municipality=municipality, band=band, **place)
    return _changed(unit, f"rule_added:{rule.id}", lambda roster: roster.ruled(rule, units()), desk)


def remove_rule(unit: str, rule_id: str, *, desk: TeamDesk) -> Roster:
    return _changed(unit, f"rule_removed:{rule_id}", lambda roster: roster.unruled(rule_id), desk)


def _changed(unit: str, what: str, change: Callable[[Roster], Roster], desk: TeamDesk) -> Roster:
    """A change of somebody else meanwhile stays: each act is its own, and rests on no version that anybody saw."""
    require(desk.officer, Permission.RUN_TEAMS, unit)
    _note(unit, what, desk)
    return teams.edit(unit, change, desk.rosters)


def _freeing(roster: Roster, desk: TeamDesk) -> Roster:
    return teams.free_absent(roster, rosters=desk.rosters, reports=desk.reports, clock=desk.clock, most=teams.AT_ONCE)


def _note(unit: str, what: str, desk: TeamDesk) -> None:
    desk.note(f"teams:{unit}", what, LookReason.SUPERVISION)


def _made(purpose: str, unit: str, key: str, desk: TeamDesk) -> str:
    """Return the code of what a request makes: the same for the same request once more, a fresh one where it has no key."""
    return ids.code(ids.derive(desk.derivation_key, purpose, unit, key or ids.secret_id()))
