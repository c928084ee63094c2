"""The roster of a police unit: its teams, who is in them, where its new reports go, and whose work is being set free. Pure.

One item a unit: whoever decides about a report knows all of it by one read. An officer belongs to a unit as their login says;
the roster says with whom they work there. A team without members takes no work.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.core.errors import Conflict, FieldError, Invalid
from chalicelib.forms.places import municipalities
from chalicelib.reports.crimes import CRIMES, KINDS
from chalicelib.teams.bands import Band

TEAM_ID = re.compile(r"T-[A-Z0-9]{5}-[A-Z0-9]{5}")
STAFF_ID = re.compile(r"(?!T-)[A-Za-z0-9._-]{2,64}")  # as the staff's login names somebody, and never a team
NAME_LENGTH = 60
MOST_TEAMS, MOST_MEMBERS, MOST_RULES, MOST_ABSENT = 40, 100, 60, 20  # what one item holds, and one page can show
_MOST_CLOSED = 40  # closed teams whose names are still known; of older ones a timeline shows the id


@dataclass(frozen=True, slots=True)
class Team:
    """A team of a unit. A closed one has no members, and keeps its name for the timelines in which it stands."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    is_closed: bool = False

    @property
    def takes_work(self) -> bool:
        return bool(self.members) and not self.is_closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where new reports go: those of a kind or crime, of a municipality, from an amount on. An empty condition is any.

    It leads to a team of the unit, or to another unit: one of the two.
    """

    id: str
    kind: str = ""
    municipality: str = ""
    band: Band = Band.ANY
    team: str = ""
    unit: str = ""

    @property
    def condition(self) -> tuple[str, str, Band]:
        return self.kind, self.municipality, self.band

    @property
    def precision(self) -> tuple[bool, int, int]:
        """How much a rule asks for: of two that hold, the one that asks for more is followed. A place comes before a kind."""
        return bool(self.municipality), (self.kind in KINDS) + bool(self.kind), self.band.euros


@dataclass(frozen=True, slots=True)
class Absence:
    """That the work of somebody is set free: what they had at `at`. `by` is the supervisor who ordered it."""

    officer: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The teams, rules and absences of one unit. Immutable: each method below returns the next version."""

    unit: str
    version: int = 0
    teams: tuple[Team, ...] = ()
    rules: tuple[Rule, ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def open_teams(self) -> tuple[Team, ...]:
        return tuple(sorted((team for team in self.teams if not team.is_closed), key=lambda team: team.name.casefold()))

    @property
    def staff(self) -> tuple[str, ...]:
        """Everybody who is in a team of the unit."""
        return tuple(sorted({member for team in self.open_teams for member in team.members}))

    def team(self, team_id: str) -> Team | None:
        return next((team for team in self.teams if team.id == team_id), None)

    def teams_of(self, officer: str) -> tuple[str, ...]:
        """Return the ids of the open teams that somebody is in."""
        return tuple(team.id for team in self.open_teams if officer in team.members)

    def name_of(self, assignee: str) -> str:
        """Return how an assignee is called: a team by its name, somebody by their staff id."""
        team = self.team(assignee)
        return team.name if team else assignee

    def with_team(self, team_id: str, name: str) -> "Roster":
        """Return the roster with a team more. Raises Conflict(`team_exists`, `teams_full`), Invalid for a name that is none."""
        if self.team(team_id):
            return self
        if len(self.open_teams) >= MOST_TEAMS:
            raise Conflict("teams_full", most=MOST_TEAMS)
        kept = [*[team for team in self.teams if team.is_closed][-_MOST_CLOSED:], *self.open_teams]
        return self._next(teams=(*kept, Team(team_id, self._name(name))))

    def renamed(self, team_id: str, name: str) -> "Roster":
        return self._with(replace(self._open(team_id), name=self._name(name, but=team_id)))

    def joined(self, team_id: str, member: str) -> "Roster":
        """Return the roster with somebody in a team; unchanged when they are. Raises Conflict(`members_full`), Invalid."""
        team = self._open(team_id)
        if not STAFF_ID.fullmatch(member):
            raise Invalid([FieldError("member", "staff_id")])
        if member in team.members:
            return self
        if len(team.members) >= MOST_MEMBERS:
            raise Conflict("members_full", most=MOST_MEMBERS)
        return self._with(replace(team, members=tuple(sorted((*team.members, member)))))

    def left(self, team_id: str, member: str, *, by: str, at: datetime) -> "Roster":
        """Return the roster without somebody in a team; who is in none then leaves the work of the unit: it is set free.

        Raises Conflict(`team_in_rules`) for the last member of a team to which a rule leads.
        """
        team = self._open(team_id)
        if member not in team.members:
            return self
        after = replace(team, members=tuple(each for each in team.members if each != member))
        self._require_unruled(after)
        fewer = self._with(after)
        return fewer if fewer.teams_of(member) else replace(fewer.absent(member, by=by, at=at), version=fewer.version)

    def closed(self, team_id: str, *, open_work: int) -> "Roster":
        """Return the roster with a team closed. Raises Conflict(`team_has_work`, `team_in_rules`) while it is needed."""
        team = self._open(team_id)
        if open_work:
            raise Conflict("team_has_work")
        after = replace(team, members=(), is_closed=True)
        self._require_unruled(after)
        return self._with(after)

    def absent(self, officer: str, *, by: str, at: datetime) -> "Roster":
        """Return the roster that has the work of somebody set free. Raises Conflict(`absences_full`), Invalid."""
        if not STAFF_ID.fullmatch(officer):
            raise Invalid([FieldError("officer", "staff_id")])
        others = tuple(each for each in self.absences if each.officer != officer)
        if len(others) >= MOST_ABSENT:
            raise Conflict("absences_full", most=MOST_ABSENT)
        return self._next(absences=(*others, Absence(officer, by, at)))

    def freed(self, absence: Absence) -> "Roster":
        """Return the roster after all of somebody's work was set free; unchanged when that is known, or was ordered anew."""
        if absence not in self.absences:
            return self
        return self._next(absences=tuple(each for each in self.absences if each != absence))

    def ruled(self, rule: Rule, units: Iterable[str]) -> "Roster":
        """Return the roster with a rule more. Raises Invalid for one that leads nowhere, Conflict(`rule_exists`)."""
        if any(each.id == rule.id for each in self.rules):
            return self
        if errors := [*self._wrong(rule, tuple(units))]:
            raise Invalid(errors)
        if any(each.condition == rule.condition for each in self.rules):
            raise Conflict("rule_exists")
        if len(self.rules) >= MOST_RULES:
            raise Conflict("rules_full", most=MOST_RULES)
        return self._next(rules=(*self.rules, rule))

    def unruled(self, rule_id: str) -> "Roster":
        """Return the roster without a rule; unchanged when it is not there."""
        rest = tuple(rule for rule in self.rules if rule.id != rule_id)
        return self if rest == self.rules else self._next(rules=rest)

    def _wrong(self, rule: Rule, units: tuple[str, ...]) -> Iterable[FieldError]:
        if rule.kind and rule.kind not in KINDS and rule.kind not in CRIMES:
            yield FieldError("kind", "not_a_choice")
        if rule.municipality and rule.municipality not in municipalities():
            yield FieldError("municipality", "not_a_choice")
        if bool(rule.team) == bool(rule.unit):
            yield FieldError("to", "team_or_unit")
        elif rule.unit and (rule.unit not in units or rule.unit == self.unit):
            yield FieldError("to", "unit_elsewhere")
        elif rule.team and not self._takes_work(rule.team):
            yield FieldError("to", "team_takes_no_work")

    def _takes_work(self, team_id: str) -> bool:
        team = self.team(team_id)
        return team is not None and team.takes_work

    def _require_unruled(self, team: Team) -> None:
        if not team.takes_work and any(rule.team == team.id for rule in self.rules):
            raise Conflict("team_in_rules")

    def _open(self, team_id: str) -> Team:
        team = self.team(team_id)
        if team is None or team.is_closed:
            raise Conflict("team_unknown")
        return team

    def _name(self, name: str, *, but: str = "") -> str:
        told = " ".join(name.split())
        if not told:
            raise Invalid([FieldError("name", "required")])
        if len(told) > NAME_LENGTH:
            raise Invalid([FieldError("name", "too_long", {"most": NAME_LENGTH})])
        if any(team.name.casefold() == told.casefold() and team.id != but for team in self.open_teams):
            raise Conflict("team_exists")
        return told

    def _with(self, team: Team) -> "Roster":
        if team == self.team(team.id):
            return self
        return self._next(teams=tuple(team if each.id == team.id else each for each in self.teams))

    def _next(self, **changes: object) -> "Roster":
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]
